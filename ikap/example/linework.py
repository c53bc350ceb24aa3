"""Lines that people and rivers draw: field edges, roads, railway, rivers, farmyards, copses.

Out: `Linework`, all lines that split the ground, and the areas that say what lies within.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.curves import Curve
from ikap.example.geography import AXES
from ikap.example.ground import FARM, Ground
from ikap.example.noise import hash_unit, noise_along, noise_at
from ikap.example.terrain import Terrain

__all__ = ["Linework", "draw_lines"]

Lines = NDArray[np.object_]
Floats = NDArray[np.float64]
HALF_WIDTH = {"E": 8.0, "F": 5.0, "rail": 6.0}


@dataclass(frozen=True)
class Linework:
    """Lines and the areas they bound (EPSG:25832)."""

    fields: Lines  # edges of fields
    roads: Lines  # polygons of road and railway ground
    rivers: Lines  # polygons of running water
    yards: Lines  # polygons of farmyards
    copses: Lines  # polygons of trees and rock in the fields
    river_lines: Lines


def draw_lines(terrain: Terrain, ground: Ground) -> Linework:
    """All lines of one region, in metres (EPSG:25832)."""
    fields = []
    for number, axis in enumerate(AXES):
        curve = terrain.curves[axis.key]
        reach = 900.0 if axis.water else 700.0
        fields += _strips(curve, terrain, number, reach, left=True, water=axis.water)
        fields += _strips(curve, terrain, number, reach, left=False, water=axis.water)
    rivers, river_lines = _rivers(terrain)
    blobs = _blobs(terrain, ground)
    return Linework(
        np.array([line for line in fields if line is not None], dtype=object),
        _roads(terrain),
        rivers,
        blobs[0],
        blobs[1],
        river_lines,
    )


def _strips(
    curve: Curve, terrain: Terrain, number: int, reach: float, *, left: bool, water: bool
) -> list[shapely.Geometry]:
    """Field edges on one side of an axis: lines along it, and cuts between them like bricks."""
    strip = terrain.size.strip
    seed = 1000 + 20 * number + left
    sign = 1.0 if left else -1.0
    base = curve.width if water else np.zeros(len(curve.s))
    widest = (reach if water else float(curve.width.max()) + reach) * 1.05
    rows = np.cumsum(strip * (0.6 + 0.8 * hash_unit(np.arange(99), seed=seed)))
    rows = np.concatenate([[0.0], rows[rows < widest]])
    found: list[shapely.Geometry] = []
    for k, t in enumerate(rows):
        wave = 0.16 * strip * noise_along(curve.s, 2.6 * strip, seed + 7 * k)
        inner = base + np.maximum(t + wave, 0)
        if t > 0:
            found += _owned(terrain, number, curve.xy + sign * curve.normal * inner[:, None])
        upper = rows[k + 1] if k + 1 < len(rows) else widest
        found += _cuts(curve, terrain, number, base, t, upper, sign, seed + 300 + k)
    return found


def _cuts(
    curve: Curve,
    terrain: Terrain,
    number: int,
    base: Floats,
    t0: float,
    t1: float,
    sign: float,
    seed: int,
) -> list[shapely.Geometry]:
    """Short edges across one strip, a little longer than the strip so that they meet its edges."""
    strip = terrain.size.strip
    gaps = strip * (
        0.45 + 1.9 * hash_unit(np.arange(int(curve.s[-1] / strip * 1.4) + 2), seed=seed) ** 1.4
    )
    places = np.cumsum(gaps)
    places = places[places < curve.s[-1]]
    slant = strip * 0.35 * (hash_unit(np.arange(len(places)), seed=seed + 1) - 0.5)
    ts = np.linspace(t0 - 0.18 * strip, t1 + 0.18 * strip, 9)
    found: list[shapely.Geometry] = []
    for s, lean in zip(places, slant, strict=True):
        share = np.linspace(-0.5, 0.5, 9)
        xy, normal = curve.at(np.clip(s + lean * share, 0, curve.s[-1]))
        width = np.interp(s, curve.s, base)
        found += _owned(terrain, number, xy + sign * normal * (width + np.maximum(ts, 0))[:, None])
    return found


def _owned(terrain: Terrain, number: int, xy: Floats) -> list[shapely.Geometry]:
    """Runs of the points that lie nearest to their own axis, as lines."""
    mine = terrain.grid.at(terrain.axis, xy[:, 0], xy[:, 1]) == number
    mine &= terrain.grid.at(terrain.sea, xy[:, 0], xy[:, 1]) > 0
    cut = np.nonzero(np.diff(mine.astype(np.int8)))[0] + 1
    runs = np.split(np.arange(len(xy)), cut)
    return [shapely.LineString(xy[r]) for r in runs if len(r) > 1 and mine[r[0]]]


def _roads(terrain: Terrain) -> Lines:
    bands = []
    for name, curve in (*terrain.roads.items(), ("rail", terrain.railway)):
        half = HALF_WIDTH["rail" if name == "rail" else name[0]]
        line = shapely.simplify(shapely.LineString(curve.xy), 1.5)
        bands.append(shapely.buffer(line, half, cap_style="flat", quad_segs=2))
    return np.array(bands, dtype=object)


def _rivers(terrain: Terrain) -> tuple[Lines, Lines]:
    """Bands of water along the valleys, wider downstream, winding on the valley floor."""
    bands, lines = [], []
    wide = terrain.size.scale**0.5
    for number, axis in enumerate(AXES):
        if not axis.river[0]:
            continue
        curve = terrain.curves[axis.key]
        fine = np.linspace(0, curve.s[-1], int(curve.s[-1] / 18))
        xy, normal = curve.at(fine)
        swing = np.minimum(np.interp(fine, curve.s, curve.width) * 0.2, 130 * wide)
        xy = xy + normal * (swing * noise_along(fine, 620.0, 500 + number, 3))[:, None]
        half = np.interp(fine, [0, fine[-1]], axis.river) * (
            1 + 0.15 * noise_along(fine, 300, 540 + number)
        )
        half = np.maximum(half, 1.5)
        side = np.gradient(xy, axis=0)
        side = np.column_stack([-side[:, 1], side[:, 0]]) / np.hypot(*side.T)[:, None]
        ring = np.vstack([xy + side * half[:, None], (xy - side * half[:, None])[::-1]])
        bands.append(shapely.buffer(shapely.make_valid(shapely.Polygon(ring)), 0.3))
        lines.append(shapely.LineString(xy))
    return np.array(bands, dtype=object), np.array(lines, dtype=object)


def _blobs(terrain: Terrain, ground: Ground) -> tuple[Lines, Lines]:
    """Farmyards and copses on farmed ground: small rounded shapes on a jittered lattice."""
    step = terrain.size.strip * 1.75
    grid = ground.grid
    columns = np.arange(int(grid.x0 / step), int((grid.x0 + grid.nx * grid.cell) / step))
    rows = np.arange(int(grid.y0 / step), int((grid.y0 + grid.ny * grid.cell) / step))
    c, r = (a.ravel() for a in np.meshgrid(columns, rows))
    x = (c + hash_unit(c, r, seed=601)) * step
    y = (r + hash_unit(c, r, seed=602)) * step
    kept = np.ones(len(x), dtype=bool)
    for dx, dy in ((0, 0), (95, 0), (-95, 0), (0, 95), (0, -95)):
        kept &= grid.at(ground.code, x + dx, y + dy) == FARM
    x, y, kind = x[kept], y[kept], hash_unit(c[kept], r[kept], seed=603)
    size = 15 + 18 * hash_unit(c[kept], r[kept], seed=604)
    size = np.where(kind < 0.55, size, size * 1.25)
    angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    turn = 2 * np.pi * hash_unit(c[kept], r[kept], seed=605)
    px = x[:, None] + 400 * np.arange(len(x))[:, None]
    bulge = 1 + 0.2 * noise_at(px + 60 * np.cos(angle), y[:, None] + 60 * np.sin(angle), 60, 606, 1)
    long, short = size[:, None] * bulge * 1.35, size[:, None] * bulge
    dx, dy = long * np.cos(angle), short * np.sin(angle)
    rings = np.stack(
        [
            x[:, None] + dx * np.cos(turn)[:, None] - dy * np.sin(turn)[:, None],
            y[:, None] + dx * np.sin(turn)[:, None] + dy * np.cos(turn)[:, None],
        ],
        axis=-1,
    )
    polygons = shapely.polygons(rings) if len(x) else np.array([], dtype=object)
    return polygons[kind < 0.55], polygons[kind >= 0.55]
