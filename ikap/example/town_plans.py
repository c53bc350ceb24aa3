"""A kommunedelplan for one town, and reguleringsplaner on top of it: plans that lie on one another.

In: the adopted plan. Out: two tables with the official column names. Between them they show every
outcome of a tolket plansituasjon: newer and older plans, compatible purposes, a missing date,
unclear compatibility, two reguleringsplaner on one another, and plans that decide nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from ikap.example.landcover import CRS
from ikap.example.plan_tables import NAMESPACE, PlannedArea

__all__ = ["RULED", "town_plans"]

RULED = "2016-09"
"""Last part of the id of the reguleringsplan that the example has a ruling for."""
MOST = 24
BUILDING = (1001, 1110, 1130, 1300, 1800)
DETAIL = {1001: "1111", 1110: "1113", 1130: "1130", 1300: "1340", 1800: "1310"}
ADOPTED, DEFERRED, PROPOSAL, OVERRIDDEN = 3, 6, 2, 8


@dataclass(frozen=True)
class _Detail:
    """What one reguleringsplan says: date, status, purpose of its other part ("" for the same)."""

    day: str | None
    status: int = ADOPTED
    other: str = ""
    number: str = ""


OUTCOMES = (
    _Detail("2022-04-28"),  # compatible and newer: gives the detail
    _Detail("2009-11-19", other="3040"),  # motstrid and older: gives way
    _Detail("2023-02-16", other="3040"),  # motstrid and newer: goes before
    _Detail(None, other="3040"),  # motstrid without a date: must be settled
    _Detail("2014-06-12", other="1161"),  # compatibility is unclear, and it is older
    _Detail("2012-03-15"),  # another one on top of it, below
    _Detail("2024-05-30", status=DEFERRED, other="3040"),
    _Detail(None, status=PROPOSAL, other="1310"),
    _Detail("2011-10-20", status=OVERRIDDEN, other="3040"),
    _Detail(None, other="3040", number=RULED),  # as above, and ruled on by the planner
)
STACKED = 5
ON_TOP = _Detail("2019-08-29", other="2011")


def town_plans(adopted: Sequence[PlannedArea]) -> dict[str, gpd.GeoDataFrame]:
    """Tables `kommunedelplan` and `reguleringsplaner` of one town (EPSG:25832).

    Parameters
    ----------
    adopted : sequence of PlannedArea
        Areas of the adopted plan.

    Returns
    -------
    dict of str to GeoDataFrame
        The kommunedelplan has the outlines of the adopted plan.
    """
    place, number = _town(adopted)
    own = [a for a in adopted if _at(a) == (place, number)][:MOST]
    built = [a for a in own if a.purpose in BUILDING]
    rows = []
    for k, (area, outcome) in enumerate(zip(built, OUTCOMES, strict=False)):
        rows += _detail_rows(area, outcome, f"{number}-{outcome.number or f'2{k:03d}'}")
        if k == STACKED:
            rows += _detail_rows(area, ON_TOP, f"{number}-3{k:03d}")
    whole = [
        _row(a.shape, (f"{number}-202103", "2021-06-17", ADOPTED, 21), a.purpose, a.status, a.name)
        for a in own
    ]
    tables = {"kommunedelplan": whole, "reguleringsplaner": rows}
    return {name: _table(name, found, number) for name, found in tables.items()}


def _at(area: PlannedArea) -> tuple[str, str]:
    return (area.candidate.place if area.candidate else "", area.municipality)


def _town(adopted: Sequence[PlannedArea]) -> tuple[str, str]:
    """Name and municipality of the town with most areas, the city apart; ties by name."""
    level = ("town", "village")
    count = Counter(_at(a) for a in adopted if a.candidate and a.candidate.level in level)
    return min(count, key=lambda key: (-count[key], key))


def _detail_rows(area: PlannedArea, outcome: _Detail, plan: str) -> list[dict[str, object]]:
    """Two parts of an area, side by side: its own purpose in detail, and the other one.

    Outlines are those of the area to the last bit, so that no slivers lie between the plans.
    """
    facts = (plan, outcome.day, outcome.status, 35)
    detail = DETAIL[area.purpose]
    x1, y1, x2, y2 = area.shape.bounds
    middle = round((x1 + x2) / 2, 2)
    halves = (shapely.box(x1, y1, middle, y2), shapely.box(middle, y1, x2, y2))
    whole = shapely.set_precision(area.shape, 0)  # no grid: a cut is not rounded
    rows = []
    for half, purpose in zip(halves, (detail, outcome.other or detail), strict=True):
        parts = shapely.get_parts(shapely.intersection(whole, half))
        rows += [_row(p, facts, purpose, None, "") for p in parts if p.geom_type == "Polygon"]
    return rows


def _row(
    shape: shapely.Polygon,
    plan: tuple[str, str | None, int, int],
    purpose: object,
    status: int | None,
    name: str,
) -> dict[str, object]:
    number, day, standing, sort = plan
    return {
        "planidentifikasjon": number,
        "planstatus": standing,
        "plantype": sort,
        "arealformål": str(purpose),
        "arealbruksstatus": status,
        "områdenavn": name,
        "ikrafttredelsesdato": day,
        "geometry": shapely.normalize(shape),
    }


def _table(name: str, rows: list[dict[str, object]], number: str) -> gpd.GeoDataFrame:
    ids = [str(uuid.uuid5(NAMESPACE, f"{name}/{number}/{k}")) for k in range(len(rows))]
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    frame.insert(0, "lokalid", ids)
    frame.insert(1, "kommunenummer", number)
    used = pd.array(frame["arealbruksstatus"].tolist(), dtype="Int32")
    return frame.assign(arealbruksstatus=used)
