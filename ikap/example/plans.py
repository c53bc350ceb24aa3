"""Three plans of the region: the adopted one, a proposal, and an alternative to the proposal.

In: candidate areas. Out: `Plan` frames with the official column names; nothing overlaps within
a plan. The rest of each municipality is LNFR.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.ground import FARM
from ikap.example.landcover import Landcover
from ikap.example.plan_tables import Plan, PlannedArea, finished_plan, road_lines
from ikap.example.terrain import Terrain
from ikap.example.walks import Ways
from ikap.example.zones import Candidate

__all__ = ["BUILT_RING", "make_plans"]

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
HOUSING = (1110, 1001, 1800)
WALK = 500.0  # metres along streets and roads from all of an area to a stop
NO_FIELD = 0.01  # share of farmland
BUILT_SHARE = 0.66  # of the adopted areas; the others lie outside the built ones


def make_plans(
    terrain: Terrain, cover: Landcover, found: list[Candidate], ways: Ways
) -> dict[str, Plan]:
    """Plans by id: `gjeldende`, `forslag`, `alternativ`; the last builds near stops."""
    supply = _supply(cover, found)
    first, spare = _chosen(supply.found, terrain.size.zones)
    adopted = _named([_adopted(supply, k) for k in first])
    proposal = _named(_proposal(adopted, supply, spare))
    near = _near(supply.found, spare, ways)
    alternative = _named(_alternative(proposal, cover, supply, near))
    lines = road_lines(terrain)
    return {
        plan: finished_plan(plan, areas, cover, lines)
        for plan, areas in (
            ("gjeldende", adopted),
            ("forslag", proposal),
            ("alternativ", alternative),
        )
    }


@dataclass(frozen=True)
class _Supply:
    """All areas that a plan may hold, with municipality and share of farmland."""

    found: list[Candidate]
    owner: list[str]
    farmland: NDArray[np.float64]


def _supply(cover: Landcover, found: list[Candidate]) -> _Supply:
    points = shapely.point_on_surface([c.shape for c in found])
    point, polygon = shapely.STRtree(cover.polygons).query(points, predicate="intersects")
    owner = np.zeros(len(found), dtype=np.int64)
    owner[point] = cover.municipality[polygon]
    within = [area for area, number in zip(found, owner, strict=True) if number]
    shapes = [area.shape for area in within]
    share = _farmland(cover, shapes) / shapely.area(shapes)
    return _Supply(within, [str(number) for number in owner if number], np.asarray(share))


def _farmland(cover: Landcover, shapes: list[shapely.Polygon]) -> NDArray[np.float64]:
    """Square metres of fields inside each shape."""
    fields = cover.polygons[cover.code == FARM]
    zone, field = shapely.STRtree(fields).query(shapes, predicate="intersects")
    pieces = shapely.intersection(np.array(shapes, dtype=object)[zone], fields[field])
    return np.bincount(zone, shapely.area(pieces), minlength=len(shapes)).astype(np.float64)


def _chosen(found: list[Candidate], count: int) -> tuple[list[int], list[int]]:
    """Numbers of the areas in the adopted plan, and of the ones that are left, in order."""
    weight = {"city": -0.35, "town": -0.25, "village": 0.1, "apart": -0.6, "road": -2.0}
    score = [weight[c.level] + 0.9 * c.ring + 0.55 * c.chance for c in found]
    for purpose in sorted({c.purpose for c in found}):  # each purpose has one area at least
        one = min((k for k, c in enumerate(found) if c.purpose == purpose), key=score.__getitem__)
        score[one] -= 9.0
    order = np.argsort(np.array(score), kind="stable").tolist()
    built = [k for k in order if found[k].ring < BUILT_RING[found[k].level]]
    inner, taken = set(built), set(built[: round(count * BUILT_SHARE)])
    taken.update([k for k in order if k not in inner][: count - len(taken)])
    taken.update([k for k in order if k not in taken][: count - len(taken)])
    first = sorted(taken)
    return first, [k for k in order if k not in taken]


def _adopted(supply: _Supply, number: int) -> PlannedArea:
    area, owner, farmland = supply.found[number], supply.owner[number], supply.farmland[number]
    status: int | None = 1 if area.ring < BUILT_RING[area.level] else 2
    if area.purpose in (1120, 1500):
        status = 1 if area.chance < 0.45 else 2
    elif area.purpose == 2010:
        status = 2
    elif status == 1 and (area.chance * 7) % 1 < 0.13:  # built, and to be built more densely
        status = 3
    elif status == 2 and farmland > 0.6 and area.chance < 0.16:
        status = 1  # adopted long ago and never built
    if area.purpose == 5200:
        status = 2 if area.chance < 0.5 else 1
    return PlannedArea(area.shape, area.purpose, status, owner, "", area)


def _proposal(adopted: list[PlannedArea], supply: _Supply, spare: list[int]) -> list[PlannedArea]:
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
    found, farmland = supply.found, supply.farmland
    order = sorted(spare, key=lambda k: (-round(min(float(farmland[k]), 0.7), 1), found[k].chance))
    added = [k for k in order if found[k].purpose != 3040][: max(len(adopted) // 9, 4)]
    status = (2, 2, 2, 2, 3)
    kept += [
        PlannedArea(found[k].shape, found[k].purpose, status[n % 5], supply.owner[k], "", found[k])
        for n, k in enumerate(added)
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
    largest: shapely.Polygon = parts[shapely.area(parts).argmax()]
    return largest


def _alternative(
    proposal: list[PlannedArea], cover: Landcover, supply: _Supply, near: list[int]
) -> list[PlannedArea]:
    """Proposal without the three areas that take most farmland.

    As much housing land as they had is put where no field is taken, within a walk of a stop.
    """
    taken = _farmland(cover, [a.shape for a in proposal])
    planned = np.array([a.status in (2, 3) and a.purpose < 3000 for a in proposal])
    worst = np.argsort(-taken * planned, kind="stable")[:3].tolist()
    kept = [area for number, area in enumerate(proposal) if number not in worst]
    homes = [proposal[k] for k in worst if proposal[k].purpose in HOUSING]
    missing = sum(area.shape.area for area in homes)
    lost = {proposal[k].municipality for k in worst}
    used = {id(area.candidate) for area in proposal}
    found, owner = supply.found, supply.owner
    free = [k for k in near if id(found[k]) not in used and supply.farmland[k] < NO_FIELD]
    for k in sorted(free, key=lambda k: owner[k] not in lost):  # nearest to a stop first
        if missing > 0:
            missing -= found[k].shape.area
            kept.append(PlannedArea(found[k].shape, HOUSING[0], 2, owner[k], "", found[k]))
    return kept


def _near(found: list[Candidate], spare: list[int], ways: Ways) -> list[int]:
    """Spare areas within a walk of a stop, the nearest first."""
    away = ways.to_stop(np.array([found[k].shape for k in spare], dtype=object))
    return [spare[k] for k in np.argsort(away, kind="stable") if away[k] < WALK]


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
