"""Planned areas as a planner draws them: quarters round the settlements, cabins, business, parks.

In: settlements, terrain and land cover. Out: candidate areas in order of importance, none
overlapping another; `plans` chooses from them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.landcover import Landcover
from ikap.example.noise import hash_unit
from ikap.example.places import Settlement
from ikap.example.terrain import Terrain

__all__ = ["Candidate", "candidates", "streets"]

Floats = NDArray[np.float64]
AREA = {"city": (290.0, 250.0), "town": (270.0, 220.0), "village": (215.0, 165.0)}
GAP = 7.0  # half the street between two quarters, metres


@dataclass(frozen=True)
class Candidate:
    """One area that a plan may hold; `ring` is 0 in the middle of its settlement, 1 at its edge."""

    shape: shapely.Polygon
    purpose: int
    ring: float
    place: str
    level: str
    chance: float
    along: tuple[float, float]


def candidates(
    terrain: Terrain, cover: Landcover, settlements: list[Settlement]
) -> list[Candidate]:
    """Areas without overlaps, within land and one municipality, 5 daa or more."""
    blocked = _blocked(cover)
    raw = _bypasses(settlements)
    bands = _trimmed(np.array([c.shape for c in raw], dtype=object), blocked)
    blocked = np.concatenate([blocked, shapely.buffer(bands, 5.0, quad_segs=1)])
    raw = [replace(c, shape=band) for c, band in zip(raw, bands, strict=True)]
    count = len(raw)
    for number, place in enumerate(settlements):
        raw += _quarters(place, number)
    raw += _elsewhere(terrain, settlements)
    shapes = _trimmed(np.array([c.shape for c in raw[count:]], dtype=object), blocked)
    return _free(raw, np.concatenate([bands, shapes]), count)


def _bypasses(settlements: list[Settlement]) -> list[Candidate]:
    """Planned roads as bands past the city and the towns (purpose 2010)."""
    found = []
    for number, place in enumerate(s for s in settlements if s.level != "village"):
        side = 1 if number % 2 else -1
        along = np.linspace(-1.5, 1.5, 40) * place.radius
        across = side * place.radius * (0.95 - 0.25 * (along / place.radius / 1.5) ** 2)
        line = shapely.LineString(place.world(np.column_stack([along, across])))
        band = shapely.buffer(line, 15.0, cap_style="flat")
        found.append(Candidate(band, 2010, 0.9, place.name, "road", 0.1 * number, place.along))
    return found


def _blocked(cover: Landcover) -> NDArray[np.object_]:
    """Water, roads and municipal borders, widened: no planned area is drawn over them."""
    kind = cover.code // 10_000
    water = shapely.simplify(cover.polygons[(kind == 82) | (kind == 81)], 6.0)
    roads = shapely.simplify(cover.polygons[kind == 12], 3.0)
    limits = [
        shapely.boundary(shapely.coverage_union_all(cover.polygons[cover.municipality == m]))
        for m in np.unique(cover.municipality)
    ]
    lines = shapely.simplify(np.array(limits, dtype=object), 10.0)
    wide = shapely.buffer(np.concatenate([water, roads]), 8.0, quad_segs=1, join_style="mitre")
    limit = shapely.buffer(shapely.get_parts(lines), 12.0, quad_segs=1)
    return np.concatenate([wide, limit])


def _quarters(place: Settlement, number: int) -> list[Candidate]:
    """Quarters of one settlement on a bent net along its main road."""
    long, deep = AREA[place.level]
    reach = place.radius * (1.3 if place.level == "city" else 1.45) + 60
    columns = np.arange(-int(reach * 1.3 / long) - 1, int(reach * 1.3 / long) + 2)
    rows = np.arange(-int(reach * 0.85 / deep) - 1, int(reach * 0.85 / deep) + 1)
    found = []
    for row in rows:
        shift = 0.5 * hash_unit(row, number, seed=701)
        for column in columns:
            corners = np.array(
                [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
            )
            local = _net(corners, number, long, deep, float(shift))
            middle = local.mean(axis=0)
            ring = float(np.hypot(middle[0] / 1.3, middle[1] / 0.8) / reach)
            chance = float(hash_unit(row, column, number, seed=702))
            if ring > 1 or (ring > 0.8 and chance < 0.35):
                continue
            shape = shapely.buffer(shapely.Polygon(place.world(local)), -GAP, join_style="mitre")
            purpose = _purpose(place, ring, middle, float(hash_unit(row, column, number, seed=703)))
            found.append(
                Candidate(shape, purpose, ring, place.name, place.level, chance, place.along)
            )
    return found


def streets(place: Settlement, number: int) -> list[shapely.LineString]:
    """Streets of a settlement, between its quarters (EPSG:25832)."""
    long, deep = AREA[place.level]
    reach = place.radius * 0.95
    columns = np.arange(-int(reach * 1.3 / long), int(reach * 1.3 / long) + 1)
    found = []
    for row in np.arange(-int(reach * 0.8 / deep), int(reach * 0.8 / deep) + 1):
        shift = 0.5 * float(hash_unit(row, number, seed=701))
        corners = np.array([(c, r) for r in (row, row + 1) for c in columns])
        local = _net(corners, number, long, deep, shift).reshape(2, len(columns), 2)
        near = np.hypot(local[..., 0] / 1.3, local[..., 1] / 0.8) < reach
        if near[0].sum() > 1:
            found.append(shapely.LineString(place.world(local[0][near[0]])))
        found += [
            shapely.LineString(place.world(local[:, k])) for k in np.nonzero(near.all(axis=0))[0]
        ]
    return found


def _net(corners: NDArray[np.int64], number: int, long: float, deep: float, shift: float) -> Floats:
    """Corners of a quarter: a net of rows, corners moved a little, each row shifted."""
    c, r = corners[:, 0], corners[:, 1]
    row = corners[0, 1]
    dx = 0.42 * (hash_unit(c, row, number, seed=711) - 0.5)
    dy = 0.16 * (hash_unit(r, number, seed=712) - 0.5)
    lean = 0.12 * (hash_unit(c, row, number, 5, seed=713) - 0.5) * (r - row - 0.5)
    bend = 0.00006 * ((c + 0.5) * long) ** 2 * (hash_unit(number, seed=714) - 0.5)
    return np.column_stack([(c + shift + dx + lean) * long, (r + dy) * deep + bend * 0.5])


def _purpose(place: Settlement, ring: float, middle: Floats, draw: float) -> int:
    if ring < 0.22 and place.level != "village":
        return 1130
    if ring < 0.3 and place.level == "village":
        return (1130, 1160, 1110)[int(draw * 3)]
    near_road = abs(middle[1]) < 260
    steps = (
        (0.10, 1160),
        (0.17, 3040),
        (0.26, 1800),
        (0.44 if near_road else 0.30, 1300),
        (0.50 if near_road else 0.38, 1001),
    )
    for limit, purpose in steps:
        if draw < limit:
            return purpose
    return 1110


def _elsewhere(terrain: Terrain, settlements: list[Settlement]) -> list[Candidate]:
    """Areas apart from the settlements: cabins, business by the road, plants, spread housing."""
    found: list[Candidate] = []
    step = 2600.0 * terrain.size.scale**0.4 * (390 / terrain.size.zones) ** 0.2
    grid = terrain.grid
    columns = np.arange(int(grid.x0 / step), int((grid.x0 + grid.nx * grid.cell) / step))
    rows = np.arange(int(grid.y0 / step), int((grid.y0 + grid.ny * grid.cell) / step))
    for c, r in ((c, r) for r in rows for c in columns):
        x = (c + float(hash_unit(c, r, seed=721))) * step
        y = (r + float(hash_unit(c, r, seed=722))) * step
        at = np.array([x]), np.array([y])
        height = float(grid.smooth_at(terrain.height, *at)[0])
        shore = float(grid.smooth_at(terrain.sea, *at)[0])
        floor = float(grid.smooth_at(terrain.floor, *at)[0])
        if shore < 60 or not int(grid.at(terrain.municipality, *at)[0]):
            continue
        draw = float(hash_unit(c, r, seed=723))
        if floor > 500 and (height > 160 or shore < 900):
            purpose, side = ((1120, 290.0), (1120, 240.0), (1500, 190.0))[int(draw * 3)]
        elif floor < 600 and draw < 0.45:
            purpose, side = (5200, 230.0)
        elif draw < 0.6:
            purpose, side = (1500, 150.0)
        else:
            continue
        place = min(settlements, key=lambda s, x=x, y=y: np.hypot(s.x - x, s.y - y))  # type: ignore[misc]
        found.append(
            Candidate(
                _free_form(x, y, side, (int(c), int(r))),
                purpose,
                1.0,
                place.name,
                "apart",
                float(hash_unit(c, r, seed=724)),
                place.along,
            )
        )
    return found


def _free_form(x: float, y: float, side: float, at: tuple[int, int]) -> shapely.Polygon:
    """A hand-drawn area: six to eight straight edges."""
    c, r = at
    corners = 6 + int(3 * float(hash_unit(c, r, seed=731)))
    number = np.arange(corners)
    turn = 2 * np.pi * (number + 0.7 * hash_unit(number, c, r, seed=732)) / corners
    away = side * (0.45 + 0.35 * hash_unit(number, c, r, seed=733))
    lean = float(hash_unit(c, r, seed=734)) * np.pi
    px, py = away * np.cos(turn) * 1.35, away * np.sin(turn) * 0.85
    return shapely.Polygon(
        np.column_stack(
            [x + px * np.cos(lean) - py * np.sin(lean), y + px * np.sin(lean) + py * np.cos(lean)]
        )
    )


def _trimmed(shapes: NDArray[np.object_], blocked: NDArray[np.object_]) -> NDArray[np.object_]:
    """Largest part of each shape outside the blocked ground."""
    shape, block = shapely.STRtree(blocked).query(shapes, predicate="intersects")[[0, 1]]
    out = shapes.copy()
    for number in np.unique(shape):
        hole = shapely.union_all(blocked[block[shape == number]])
        parts = shapely.get_parts(shapely.difference(shapes[number], hole))
        parts = parts[shapely.get_type_id(parts) == 3] if len(parts) else parts
        out[number] = parts[shapely.area(parts).argmax()] if len(parts) else shapely.Polygon()
    return np.asarray(shapely.set_precision(out, 0.01))


def _free(raw: list[Candidate], shapes: NDArray[np.object_], kept: int) -> list[Candidate]:
    """Candidates of at least 5 daa that touch no earlier one, compact enough to be drawn."""
    area = shapely.area(shapes)
    slim = 4 * np.pi * area / np.maximum(shapely.length(shapes), 1) ** 2
    good = (area >= 5_000) & (area <= 150_000) & (slim > 0.28)
    good[:kept] = area[:kept] > 1_000
    good &= (shapely.get_type_id(shapes) == 3) & (shapely.get_num_interior_rings(shapes) == 0)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    taken = np.zeros(len(raw), dtype=bool)
    first = {int(k): pairs[1][pairs[0] == k] for k in np.nonzero(good)[0]}
    for number in np.nonzero(good)[0]:
        others = first[int(number)]
        taken[number] = not taken[others[others != number]].any()
    return [replace(c, shape=shapes[k]) for k, c in enumerate(raw) if taken[k]]
