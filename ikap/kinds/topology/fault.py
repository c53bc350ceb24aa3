"""A fault of a plan as a map, and a table of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.kinds.zone_keys import shape_hashes
from ikap.measure.coverage import mean_width

__all__ = ["MEND", "UNKNOWN", "WARNING", "Limits", "PlanFault", "Rounding", "fault_table"]

MEND, WARNING, UNKNOWN = "mend", "warning", "unknown"
"""Must be mended; should be looked at; cannot be told from the data."""

Shapes = NDArray[np.object_]

DIGITS = 12


@dataclass(frozen=True)
class Limits:
    """What is too narrow, too small or too old; values are the region's (`topology.*`)."""

    precision_m: float  # narrower is rounding of coordinates: counted, not listed
    sliver_width_m: float
    sliver_area_m2: float
    between_plans_m: float  # a wider gap between two plans is ground that neither is about
    private_years: float


@dataclass(frozen=True)
class PlanFault:
    """One fault: which rule, how serious, about which areas, where, and facts for its sentence."""

    rule: str
    status: str
    plan: str = ""
    ids: tuple[str, ...] = ()
    shape: shapely.Geometry | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Rounding:
    """How many gaps and overlaps were too narrow to be told of one by one."""

    count: int = 0


def fault_table(faults: Iterable[PlanFault], crs: str) -> gpd.GeoDataFrame:
    """Faults as a table with a stable order and stable ids.

    Parameters
    ----------
    faults : iterable of PlanFault
        In any order.
    crs : str
        Of their shapes.

    Returns
    -------
    GeoDataFrame
        `fault_id`, `rule`, `status` (mend, warning, unknown), `plan`, `municipality` (empty: the
        caller knows where municipalities are), `ids` (of the areas in the file), `area_m2`,
        `width_m` (of a rectangle of that area and perimeter), `east`, `north` (a point inside),
        `facts_json` and the shape; the numbers are NaN for what has no place.
    """
    found = list(faults)
    shapes = np.array([fault.shape or shapely.Polygon() for fault in found], dtype=object)
    flat = _areas(shapes)
    points = shapely.get_coordinates(_points(shapes)) if len(shapes) else np.zeros((0, 2))
    somewhere = ~shapely.is_empty(shapes)
    east, north = np.full(len(found), np.nan), np.full(len(found), np.nan)
    east[somewhere], north[somewhere] = points.T if len(points) else (0.0, 0.0)
    there = shapely.area(flat) > 0
    table = gpd.GeoDataFrame(
        {
            "fault_id": _ids(found, shapes),
            "rule": [fault.rule for fault in found],
            "status": [fault.status for fault in found],
            "plan": [fault.plan for fault in found],
            "municipality": [""] * len(found),
            "ids": [", ".join(fault.ids) for fault in found],
            "area_m2": np.where(there, shapely.area(flat), np.nan),
            "width_m": np.where(there, mean_width(flat), np.nan),
            "east": east,
            "north": north,
            "facts_json": [_json(fault.facts) for fault in found],
        },
        geometry=shapes,
        crs=crs,
    )
    ordered = table.sort_values(["rule", "plan", "east", "north", "fault_id"], kind="stable")
    return gpd.GeoDataFrame(ordered.reset_index(drop=True))


def _areas(shapes: Shapes) -> Shapes:
    """Shapes that are areas; others empty."""
    flat = shapes.copy()
    flat[~np.isin(shapely.get_type_id(shapes), [3, 6])] = shapely.Polygon()
    return flat


def _points(shapes: Shapes) -> Shapes:
    return np.asarray(shapely.point_on_surface(shapes[~shapely.is_empty(shapes)]), dtype=object)


def _ids(faults: list[PlanFault], shapes: Shapes) -> list[str]:
    """The same id for the same fault in every run; its double gets an ordinal."""
    hashes = list(shape_hashes(shapes))
    texts = [
        f"{f.rule}|{f.plan}|{','.join(f.ids)}|{h}" for f, h in zip(faults, hashes, strict=True)
    ]
    digests = pd.Series(
        [hashlib.sha1(t.encode(), usedforsecurity=False).hexdigest()[:DIGITS] for t in texts],
        dtype=object,
    )
    ordinal = digests.groupby(digests).cumcount()
    return [
        f"{fault.rule}-{digest}" + (f"~{n + 1}" if n else "")
        for fault, digest, n in zip(faults, digests, ordinal, strict=True)
    ]


def _json(facts: Mapping[str, Any]) -> str:
    return json.dumps(dict(facts), ensure_ascii=False, sort_keys=True, default=str)
