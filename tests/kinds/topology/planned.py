"""Small plans written to a file and read back, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikap.checks import national_parameters
from ikap.kinds import zoning
from ikap.kinds.topology import Limits, PlanFault, plan_faults, plan_file
from ikap.model import LayerDeclaration, Municipality, PlanDeclaration, Region
from ikap.sources import Raw, read

__all__ = [
    "CRS",
    "EAST",
    "LIMITS",
    "NORTH",
    "REGION",
    "declared_at",
    "faults_at_once",
    "faults_of",
    "shape_of",
]

CRS = "EPSG:25832"
EAST, NORTH = 569_000.0, 7_034_000.0
DAY = date(2018, 1, 1)
REGION = Region(
    "prøve",
    {"nb": "Prøveregionen"},
    CRS,
    (Municipality("5001", "Trondheim", DAY), Municipality("5031", "Malvik", DAY)),
)
LIMITS = Limits(
    *(
        national_parameters()[f"topology.{name}"][-1].value
        for name in (
            "precision",
            "sliver_width",
            "sliver_area",
            "between_plans",
            "private_plan_years",
        )
    )
)
AREA = {
    "id": None,
    "objtype": "KpArealformålOmråde",
    "kommunenummer": "5001",
    "planidentifikasjon": "KPA",
    "planstatus": 3,
    "plantype": 20,
    "arealformål": "1110",
    "arealbruksstatus": 1,
    "vertikalnivå": None,
    "ikrafttredelsesdato": None,
    "forslagsstillertype": None,
    "igangsatt": None,
}


def shape_of(given: Mapping[str, Any]) -> shapely.Geometry:
    """Box or WKT in metres from the corner (569000, 7034000); `plain` is a shape as it is."""
    if "plain" in given:
        return given["plain"]
    own = shapely.box(*given["box"]) if "box" in given else shapely.from_wkt(given["shape"])
    return shapely.transform(own, lambda xy: xy + np.array([EAST, NORTH]))


def faults_of(
    folder: Path,
    areas: Sequence[Mapping[str, Any]],
    boundaries: Sequence[Mapping[str, Any]] = (),
    as_of: date | None = None,
) -> list[PlanFault]:
    """Faults of a plan, by way of a file with a layer an object type."""
    path = folder / "plan.gpkg"
    _frame(areas).to_file(path, layer="Arealformål", engine="pyogrio")
    for name in ("KpOmråde", "RpOmråde"):
        mine = [b for b in boundaries if b.get("type", "KpOmråde") == name]
        if mine:
            _outlines(mine).to_file(path, layer=name, engine="pyogrio")
    declared = declared_at(path)
    return _found(read(declared, prefer=zoning.LAYERS), declared, as_of)


def faults_at_once(
    areas: Sequence[Mapping[str, Any]], boundaries: Sequence[Mapping[str, Any]] = ()
) -> list[PlanFault]:
    """The same without a file: object types stand in one table."""
    frame = pd.concat([_frame(areas), _outlines(boundaries)], ignore_index=True)
    frame.index = pd.Index([f"fid:{n}" for n in range(1, len(frame) + 1)])
    path = Path("plan.gpkg")
    raw = Raw(gpd.GeoDataFrame(frame, crs=CRS), path, "plan", "file", "", 0, name="plan")
    return _found(raw, declared_at(path), None)


def _frame(areas: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    rows = [
        {**AREA, **{k: v for k, v in a.items() if k not in ("box", "shape", "plain")}}
        for a in areas
    ]
    table = pd.DataFrame(rows).rename(columns={"id": "lokalid"})
    return gpd.GeoDataFrame(table, geometry=[shape_of(a) for a in areas], crs=CRS)


def _outlines(boundaries: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    made = pd.DataFrame(
        {
            "objtype": [b.get("type", "KpOmråde") for b in boundaries],
            "kommunenummer": [b.get("kommunenummer", "5001") for b in boundaries],
            "planidentifikasjon": [b.get("planidentifikasjon", "KPA") for b in boundaries],
        }
    )
    return gpd.GeoDataFrame(made, geometry=[shape_of(b) for b in boundaries], crs=CRS)


def declared_at(path: Path) -> LayerDeclaration:
    source = {"from": "files", "path": str(path), "layer": "Arealformål"}
    plan = PlanDeclaration("plan", "adopted")
    return LayerDeclaration("plan", "zoning", {}, "", "", source, path.parent, plan=plan)


def _found(raw: Raw, declared: LayerDeclaration, as_of: date | None) -> list[PlanFault]:
    layer = zoning.canonical(raw, declared, REGION)
    file = plan_file(raw, layer, declared, REGION)
    return plan_faults(file, LIMITS, crs=CRS, as_of=as_of)
