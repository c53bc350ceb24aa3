"""What map pages carry as coordinates: only layers that may be passed on, within a byte budget.

In: a `Plan` and which parts its page shows. Out: plain lists for a script of shapes, which all maps
of the plan share in all languages. A layer that is not marked `redistribute = true` in `run.json`
is never drawn, nor any piece cut from it; a layer too big for the budget loses detail first and is
then left out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ikap.pages.passing import withheld
from ikap.pages.plan import Plan
from ikap.pages.shapes import Packed, pack

__all__ = ["BESIDE", "BUDGET", "FARMLAND_PARTS", "PARTS", "Drawing", "draw", "member_bounds"]

BUDGET = 300_000
"""Most bytes of all shapes in one page, gzipped."""
LIMITS = {
    "zones": 110_000,
    "pieces": 50_000,
    "municipalities": 40_000,
    "context": 120_000,
    "marks": 40_000,
    "plan_zones": 25_000,
    "plan_lines": 25_000,
}
PARTS = (
    *("zones", "municipalities", "plan_zones", "plan_lines"),
    *("context", "marks", "pieces", "farmland"),
)
BESIDE = ("plan_zones", "plan_lines")
"""What the plan has besides its areas; it is shown, and decides nothing."""
FARMLAND_PARTS = ("pieces", "farmland")
NORWAY = (5.0, 58.0, 31.0, 71.0)
FINE = (2.0, 5.0, 10.0, 20.0)
COARSE = (10.0, 20.0, 40.0, 80.0, 160.0)


@dataclass(frozen=True)
class Drawing:
    """Layers ready for a script, and what was left out and why."""

    layers: Mapping[str, Mapping[str, Any]]
    tolerances: Mapping[str, float]
    moved: float  # largest share of area that simplification changed in areas and farmland
    withheld: tuple[str, ...]  # layer names that may not be passed on
    too_big: tuple[str, ...]
    size: int


def member_bounds(plan: Plan) -> tuple[float, float, float, float]:
    """West, south, east, north of the region in degrees (EPSG:4326)."""
    for name in ("municipalities", "zones"):
        frame = plan.layer(name)
        if frame is not None:
            own = frame[frame["role"] == "member"] if "role" in frame else frame
            west, south, east, north = own.to_crs(4326).total_bounds
            return (float(west), float(south), float(east), float(north))
    return NORWAY


def draw(plan: Plan, parts: tuple[str, ...]) -> Drawing:
    """Shapes of the given parts, packed; made once for each plan and set of parts.

    Parameters
    ----------
    plan : Plan
        Layers in the region's projected CRS, metres.
    parts : tuple of str
        Some of `PARTS`.

    Returns
    -------
    Drawing
        Shapes as lon/lat (EPSG:4326) with 5 decimals; planned areas with their keys.
    """
    return plan.once(("drawing", parts), lambda: _draw(plan, parts))


def _draw(plan: Plan, parts: tuple[str, ...]) -> Drawing:
    packed: dict[str, Packed] = {}
    layers: dict[str, dict[str, Any]] = {}
    too_big: list[str] = []
    for name in (p for p in PARTS if p in parts):
        frame = _frame(plan, name)
        if frame is None:
            continue
        left = BUDGET - sum(p.size for p in packed.values())
        limit = min(LIMITS.get(name, left), left)
        made = plan.once(("packed", name, limit), partial(_pack, name, frame, limit, plan.packed))
        if made is None:
            too_big.append(name)
            continue
        found, drawn = made
        packed[name] = found
        layers[name] = {"shapes": found.shapes, **_columns(name, drawn)}
    return Drawing(
        layers=layers,
        tolerances={name: p.tolerance_m for name, p in packed.items()},
        moved=max((packed[n].moved for n in ("zones", "farmland") if n in packed), default=0.0),
        withheld=withheld(plan.run),
        too_big=tuple(too_big),
        size=sum(p.size for p in packed.values()),
    )


def _pack(
    name: str, frame: gpd.GeoDataFrame, limit: int, known: dict[Hashable, Packed]
) -> tuple[Packed, gpd.GeoDataFrame] | None:
    """Shapes and the rows that they belong to; None if no detail is coarse enough."""
    ladder = FINE if name in ("zones", "pieces") else COARSE
    found = pack(frame, limit=limit, ladder=ladder, known=known)
    if found is None and name == "farmland":
        frame = frame[["class", "geometry"]].dissolve("class").reset_index()
        found = pack(frame, limit=limit, ladder=COARSE, known=known)
    return None if found is None else (found, frame)


def _frame(plan: Plan, name: str) -> gpd.GeoDataFrame | None:
    """Rows to draw: areas that some check has met, and pieces of those that it applies to."""
    frame = plan.layer(name)
    if frame is not None and "zone_key" in frame:
        findings = plan.results.findings
        if name == "pieces":  # the rest is on the farmland layer
            findings = findings[findings["status"] != "not_applicable"]
        frame = frame[frame["zone_key"].isin(set(findings["zone_key"]))]
        frame = frame.sort_values("zone_key", kind="stable")
    return frame if frame is not None and len(frame) else None


def _columns(name: str, frame: gpd.GeoDataFrame) -> dict[str, Any]:
    if name == "zones":
        return {"key": _texts(frame["zone_key"])}
    if name == "pieces":
        return {"key": _texts(frame["zone_key"]), "class": _texts(frame["class"])}
    if name == "farmland":
        return {"class": _texts(frame["class"])}
    if name in BESIDE:
        return {"theme": _texts(frame["theme"])}
    if name in ("context", "marks"):
        return {"theme": _texts(frame["theme"]), "label": _texts(frame["label"])}
    points = gpd.GeoSeries(frame.representative_point(), crs=frame.crs).to_crs(4326)
    return {
        "number": _texts(frame["kommunenummer"]),
        "name": _texts(frame["navn"]),
        "member": [int(v == "member") for v in frame["role"]],
        "centre": np.round(np.column_stack([points.x, points.y]), 5).tolist(),
    }


def _texts(column: pd.Series) -> list[str]:
    return [str(value) for value in column.fillna("")]
