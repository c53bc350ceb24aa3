"""Faults of a plan as a map: found in its own file, placed in municipalities, ready to write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.checks import national_parameters, parameters_on
from ikap.facts import CertifiedLayer
from ikap.flow.reading import Reader
from ikap.kinds.topology import Limits, PlanFile, fault_table, plan_faults, plan_file
from ikap.model import LayerDeclaration
from ikap.workspace import Workspace, parameter_history

__all__ = ["limits_on", "plan_topology", "topology_layer", "topology_table"]

LIMITS = {
    "precision_m": "topology.precision",
    "sliver_width_m": "topology.sliver_width",
    "sliver_area_m2": "topology.sliver_area",
    "between_plans_m": "topology.between_plans",
    "private_years": "topology.private_plan_years",
}
LATEST = date.max


def plan_topology(
    reader: Reader, plan: LayerDeclaration, places: CertifiedLayer, as_of: date | None
) -> gpd.GeoDataFrame:
    """Faults of one plan as a table with shapes, each in the municipality that has most of it.

    Parameters
    ----------
    reader : Reader
        Gives the plan's layer, and adopted plans to hold the age of a reguleringsplan against.
    plan : LayerDeclaration
        The plan.
    places : CertifiedLayer
        Municipal areas.
    as_of : date or None
        The date of judgement.

    Returns
    -------
    GeoDataFrame
        See `fault_table`; without rows where the plan's file is not there.
    """
    workspace = reader.workspace
    crs = workspace.region.crs
    file = _file(reader, plan)
    if file is None:
        return fault_table([], crs)
    detail = any(one.level == "rp" for one in file.plans)
    adopted = tuple(_adopted(reader, plan)) if detail else ()
    limits = limits_on(workspace, as_of)
    table = fault_table(plan_faults(file, limits, crs=crs, as_of=as_of, adopted=adopted), crs)
    return table.assign(municipality=_municipality(table.geometry.to_numpy(), places))


def topology_table(faults: gpd.GeoDataFrame) -> pd.DataFrame:
    """Faults without their shapes, as the result table has them."""
    return pd.DataFrame(faults.drop(columns="geometry"))


def topology_layer(faults: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Layer of `results.gpkg` with the faults that have a place; empty where there are none."""
    placed = faults[~faults.geometry.is_empty]
    return {"topology": placed.reset_index(drop=True)} if len(placed) else {}


def limits_on(workspace: Workspace, day: date | None) -> Limits:
    """The region's limits on a day; without a day the latest ones. NaN where there is none."""
    history = parameter_history(workspace.parameters, national_parameters())
    values = parameters_on(day or LATEST, history)
    found = {
        field: values[name].value if name in values else float("nan")
        for field, name in LIMITS.items()
    }
    return Limits(**found)


def _file(reader: Reader, plan: LayerDeclaration) -> PlanFile | None:
    loaded = reader.layer(plan)
    if loaded is None or loaded.raw is None:
        return None
    return plan_file(loaded.raw, loaded.canonical, plan, reader.workspace.region)


def _adopted(reader: Reader, plan: LayerDeclaration) -> Iterator[PlanFile]:
    """Other adopted plans of the workspace whose file is there."""
    for other in reader.workspace.plans():
        if other.plan is not None and other.plan.role == "adopted" and other.name != plan.name:
            file = _file(reader, other)
            if file is not None:
                yield file


def _municipality(shapes: NDArray[np.object_], places: CertifiedLayer) -> list[str]:
    """Number of the municipality with most of each shape, "" where none has any of it."""
    tree = shapely.STRtree(places.polygons)
    row, near = tree.query(shapes, predicate="intersects")
    size = shapely.area(shapely.intersection(shapes[row], places.polygons[near]))
    found = [""] * len(shapes)
    order = np.lexsort((near, size))  # the largest last; of equal ones the highest place
    for k in order:
        found[row[k]] = str(places.classes[near[k]])
    return found
