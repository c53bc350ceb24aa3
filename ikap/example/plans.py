"""Three plans of the region: the adopted one, a proposal, and an alternative to the proposal.

In: candidate areas. Out: `Plan` frames with the official column names; nothing overlaps within
a plan. The rest of each municipality is LNFR.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.example.geography import MUNICIPALITIES
from ikap.example.ground import FARM
from ikap.example.landcover import CRS, Landcover
from ikap.example.terrain import Terrain
from ikap.example.zones import Candidate

__all__ = ["Plan", "PlannedArea", "make_plans"]

NAMESPACE = uuid.UUID("7c0f6d7e-6b0e-5d43-9d0c-9901990299ff")
PREFIX = {
    1001: "BA",
    1110: "B",
    1120: "F",
    1130: "S",
    1160: "T",
    1300: "N",
    1500: "A",
    1800: "K",
    2010: "V",
    3040: "G",
    5100: "L",
    5200: "LS",
}
BUILT_RING = {"city": 0.68, "town": 0.62, "village": 0.6, "apart": 2.0, "road": 0.0}
"""Settlements are built out to this share of their reach."""
DATES = {"9901": "2018-03-22", "9902": "2018-06-14", "9903": "2018-09-20", "9904": "2018-11-29"}


@dataclass(frozen=True)
class PlannedArea:
    """One area of a plan, before it is written."""

    shape: shapely.Polygon
    purpose: int
    status: int | None
    municipality: str
    name: str
    candidate: Candidate | None = None


@dataclass(frozen=True)
class Plan:
    """Areas and road lines of one plan (EPSG:25832)."""

    areas: gpd.GeoDataFrame
    lines: gpd.GeoDataFrame
    planned: tuple[PlannedArea, ...]


def make_plans(terrain: Terrain, cover: Landcover, found: list[Candidate]) -> dict[str, Plan]:
    """Plans by id: `gjeldende`, `forslag`, `alternativ`."""
    owner = _municipality(cover, found)
    taken = _farmland_share(cover, found)
    first, spare = _chosen(found, terrain.size.zones)
    adopted = _named([_adopted(found[k], owner[k], taken[k]) for k in first])
    proposal = _named(_proposal(adopted, found, owner, taken, spare))
    alternative = _named(_alternative(proposal, cover, found, owner, taken, spare))
    lines = _road_lines(terrain)
    return {
        plan: _finished(plan, areas, cover, lines)
        for plan, areas in (
            ("gjeldende", adopted),
            ("forslag", proposal),
            ("alternativ", alternative),
        )
    }


def _municipality(cover: Landcover, found: list[Candidate]) -> list[str]:
    points = shapely.point_on_surface([c.shape for c in found])
    point, polygon = shapely.STRtree(cover.polygons).query(points, predicate="intersects")
    owner = np.zeros(len(found), dtype=np.int64)
    owner[point] = cover.municipality[polygon]
    return [str(number) for number in owner]


def _farmland(cover: Landcover, shapes: list[shapely.Polygon]) -> NDArray[np.float64]:
    """Square metres of fields inside each shape."""
    fields = cover.polygons[cover.code == FARM]
    zone, field = shapely.STRtree(fields).query(shapes, predicate="intersects")
    pieces = shapely.intersection(np.array(shapes, dtype=object)[zone], fields[field])
    return np.bincount(zone, shapely.area(pieces), minlength=len(shapes))


def _farmland_share(cover: Landcover, found: list[Candidate]) -> NDArray[np.float64]:
    shapes = [c.shape for c in found]
    return np.asarray(_farmland(cover, shapes) / shapely.area(shapes))


def _chosen(found: list[Candidate], count: int) -> tuple[list[int], list[int]]:
    """Numbers of the areas in the adopted plan, and of the ones that are left, in order."""
    weight = {"city": -0.35, "town": -0.25, "village": 0.1, "apart": -0.6, "road": -2.0}
    score = [weight[c.level] + 0.9 * c.ring + 0.55 * c.chance for c in found]
    order = np.argsort(np.array(score), kind="stable")
    return sorted(order[:count].tolist()), order[count:].tolist()


def _adopted(area: Candidate, owner: str, farmland: float) -> PlannedArea:
    status: int | None = 1 if area.ring < BUILT_RING[area.level] else 2
    if area.purpose in (1120, 1500):
        status = 1 if area.chance < 0.45 else 2
    elif area.purpose == 2010:
        status = 2
    elif status == 1 and 0.55 < area.chance < 0.68:
        status = 3
    elif status == 2 and farmland > 0.6 and area.chance < 0.16:
        status = 1  # adopted long ago and never built
    if area.purpose == 5200:
        status = 2 if area.chance < 0.5 else 1
    return PlannedArea(area.shape, area.purpose, status, owner, "", area)


def _proposal(
    adopted: list[PlannedArea],
    found: list[Candidate],
    owner: list[str],
    farmland: NDArray[np.float64],
    spare: list[int],
) -> list[PlannedArea]:
    """Most areas kept, some dropped, some altered, new ones added, many of them on fields."""
    kept = []
    for number, area in enumerate(adopted):
        turn = number % 11
        if area.status == 2 and turn == 3:
            continue
        if area.status == 2 and turn == 7:
            area = replace(area, shape=_cut(area))  # noqa: PLW2901 (the altered area takes its place)
        elif area.status == 2 and turn == 5 and area.purpose in (1110, 1300):
            area = replace(area, purpose=1800)  # noqa: PLW2901 (as above)
        kept.append(area)
    added = sorted(spare, key=lambda k: (-round(min(farmland[k], 0.7), 1), found[k].chance))
    wanted = max(len(adopted) // 9, 4)
    status = (2, 2, 2, 2, 3)
    kept += [
        PlannedArea(found[k].shape, found[k].purpose, status[n % 5], owner[k], "", found[k])
        for n, k in enumerate(k for k in added[: wanted * 2] if found[k].purpose != 3040)
        if n < wanted
    ]
    return kept


def _cut(area: PlannedArea) -> shapely.Polygon:
    """Larger part of an area cut by a straight line across its main road's direction."""
    assert area.candidate is not None
    middle = np.array(area.shape.centroid.coords[0])
    ax, ay = area.candidate.along
    far = 5_000.0
    corner = middle + 30.0 * np.array([ax, ay])
    half = shapely.Polygon(
        [
            corner + far * np.array([-ay, ax]),
            corner + far * np.array([ay, -ax]),
            corner + far * np.array([ay - ax, -ax - ay]),
            corner + far * np.array([-ay - ax, ax - ay]),
        ]
    )
    parts = shapely.get_parts(shapely.intersection(area.shape, half, grid_size=0.01))
    parts = parts[shapely.get_type_id(parts) == 3]
    return parts[shapely.area(parts).argmax()]


def _alternative(
    proposal: list[PlannedArea],
    cover: Landcover,
    found: list[Candidate],
    owner: list[str],
    farmland: NDArray[np.float64],
    spare: list[int],
) -> list[PlannedArea]:
    """Proposal without the three areas that take most farmland; one of them is moved instead."""
    taken = _farmland(cover, [a.shape for a in proposal])
    planned = np.array([a.status in (2, 3) and a.purpose < 3000 for a in proposal])
    worst = np.argsort(-taken * planned, kind="stable")[:3].tolist()
    kept = [area for number, area in enumerate(proposal) if number not in worst]
    used = {id(area.candidate) for area in proposal}
    free = [k for k in spare if id(found[k]) not in used and farmland[k] < 0.02]
    if free:
        moved = min(free, key=lambda k: abs(found[k].shape.area - proposal[worst[0]].shape.area))
        there = PlannedArea(
            found[moved].shape, proposal[worst[0]].purpose, 2, owner[moved], "", found[moved]
        )
        kept.append(there)
    return kept


def _named(areas: list[PlannedArea]) -> list[PlannedArea]:
    """Areas named by purpose, number and place; an area that has a name keeps it."""
    count = Counter(a.name.split(" ")[0] + a.municipality for a in areas if a.name)
    number: Counter[str] = Counter()
    named = []
    for area in areas:
        prefix = PREFIX[area.purpose]
        name = area.name
        if not name.startswith(prefix) or not name[len(prefix) : len(prefix) + 1].isdigit():
            while True:
                number[prefix + area.municipality] += 1
                label = f"{prefix}{number[prefix + area.municipality]}"
                if not count[label + area.municipality]:
                    break
            place = area.candidate.place if area.candidate else ""
            name = f"{label} {place}".strip()
        named.append(replace(area, name=name))
    return named


def _finished(
    plan: str,
    areas: list[PlannedArea],
    cover: Landcover,
    lines: list[tuple[shapely.LineString, str, str]],
) -> Plan:
    everything = tuple([*areas, *_rest(areas, cover)])
    frame = gpd.GeoDataFrame(
        _columns(plan, [(a.municipality, a.name) for a in everything])
        | {
            "arealformål": [str(a.purpose) for a in everything],
            "arealbruksstatus": pd.array([a.status for a in everything], dtype="Int32"),
        },
        geometry=[shapely.normalize(a.shape) for a in everything],
        crs=CRS,
    )
    roads = gpd.GeoDataFrame(
        _columns(plan, [(municipality, name) for _, municipality, name in lines])
        | {"arealformål": "2010", "arealbruksstatus": pd.array([2] * len(lines), dtype="Int32")},
        geometry=[line for line, _, _ in lines],
        crs=CRS,
    )
    return Plan(_ordered(frame), _ordered(roads), everything)


def _columns(plan: str, names: list[tuple[str, str]]) -> dict[str, object]:
    adopted = plan == "gjeldende"
    number = {"gjeldende": "201801", "forslag": "202601", "alternativ": "202602"}[plan]
    ids = [str(uuid.uuid5(NAMESPACE, f"{plan}/{m}/{name}")) for m, name in names]
    return {
        "lokalid": ids,
        "kommunenummer": [m for m, _ in names],
        "planidentifikasjon": [f"{m}-{number}" for m, _ in names],
        "planstatus": np.full(len(names), 3 if adopted else 2, dtype=np.int32),
        "plantype": np.full(len(names), 20, dtype=np.int32),
        "områdenavn": [name for _, name in names],
        "ikrafttredelsesdato": [DATES[m] if adopted else None for m, _ in names],
    }


def _ordered(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = [
        "lokalid",
        "kommunenummer",
        "planidentifikasjon",
        "planstatus",
        "plantype",
        "arealformål",
        "arealbruksstatus",
        "områdenavn",
        "ikrafttredelsesdato",
        "geometry",
    ]
    return frame[columns]


def _rest(areas: list[PlannedArea], cover: Landcover) -> list[PlannedArea]:
    """LNFR: the land of each municipality that no other area has, streets left open."""
    found = []
    for number in sorted(MUNICIPALITIES):
        mine = (cover.municipality == int(number)) & (cover.code // 10_000 != 82)
        land = shapely.coverage_union_all(cover.polygons[mine])
        others = shapely.union_all([a.shape for a in areas if a.municipality == number])
        wide = shapely.buffer(others, 10.0, join_style="mitre")
        others = shapely.union(others, shapely.buffer(wide, -10.0, join_style="mitre"))
        parts = shapely.get_parts(shapely.difference(land, others))
        parts = parts[shapely.area(parts) > 2_000]
        order = np.argsort(-shapely.area(parts), kind="stable")
        found += [
            PlannedArea(parts[k], 5100, None, number, f"L{n} {MUNICIPALITIES[number]}")
            for n, k in enumerate(order, 1)
        ]
    return found


def _road_lines(terrain: Terrain) -> list[tuple[shapely.LineString, str, str]]:
    """Planned roads that are drawn as lines only: new stretches beside the present ones."""
    found = []
    for number, (name, curve) in enumerate(terrain.roads.items()):
        if number % 2 or curve.s[-1] < 3_000 * terrain.size.scale:
            continue
        places = np.linspace(0.3, 0.45, 14) * curve.s[-1]
        xy, normal = curve.at(places)
        away = 110.0 * np.sin(np.linspace(0, np.pi, 14))
        line = shapely.set_precision(shapely.LineString(xy + normal * away[:, None]), 0.01)
        middle = np.array([line.centroid.x]), np.array([line.centroid.y])
        owner = str(int(terrain.grid.at(terrain.municipality, *middle)[0]))
        if owner in MUNICIPALITIES:
            found.append((line, owner, f"Ny {name}"))
    return found
