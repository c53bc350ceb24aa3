"""Plans as tables with the official column names, and what every plan has: LNFR and road lines."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikap.example.geography import MUNICIPALITIES
from ikap.example.landcover import CRS, Landcover
from ikap.example.terrain import Terrain
from ikap.example.zones import Candidate

__all__ = ["NAMESPACE", "Plan", "PlannedArea", "RoadLine", "finished_plan", "road_lines"]

RoadLine = tuple[shapely.LineString, str, str]  # line, municipality, name
NAMESPACE = uuid.UUID("7c0f6d7e-6b0e-5d43-9d0c-9901990299ff")
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


def finished_plan(
    plan: str,
    areas: list[PlannedArea],
    cover: Landcover,
    lines: list[RoadLine],
) -> Plan:
    """Plan of these areas and lines; the rest of the land is LNFR."""
    everything = (*areas, *_rest(areas, cover))
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
        streets = shapely.buffer(wide, -9.9, join_style="mitre")
        clear = shapely.buffer(others, 0.1, join_style="mitre")  # 10 cm clear of every area
        parts = shapely.get_parts(shapely.difference(land, shapely.union(streets, clear)))
        parts = parts[shapely.area(parts) > 2_000]
        order = np.argsort(-shapely.area(parts), kind="stable")
        found += [
            PlannedArea(parts[k], 5100, None, number, f"L{n} {MUNICIPALITIES[number]}")
            for n, k in enumerate(order, 1)
        ]
    return found


def road_lines(terrain: Terrain) -> list[RoadLine]:
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
