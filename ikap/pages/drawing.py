"""What a map page carries as coordinates: only layers that may be passed on, within a byte budget.

In: `Results` and the areas in table order. Out: plain lists for the page's JSON. A layer that is
not marked `redistribute = true` in `run.json` is never drawn, nor any piece cut from it; a layer
too big for the budget loses detail first and is then left out, and the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from ikap.pages.passing import passable, withheld
from ikap.pages.shapes import Packed, pack
from ikap.pages.tables import Area
from ikap.results import Results

__all__ = ["BUDGET", "Drawing", "draw", "member_bounds"]

BUDGET = 300_000
"""Most bytes of all shapes in one page, gzipped."""
LIMITS = {"zones": 110_000, "pieces": 50_000, "municipalities": 40_000, "context": 120_000}
NORWAY = (5.0, 58.0, 31.0, 71.0)
FINE = (2.0, 5.0, 10.0, 20.0)
COARSE = (10.0, 20.0, 40.0, 80.0, 160.0)


@dataclass(frozen=True)
class Drawing:
    """Layers ready for JSON, and what was left out and why."""

    layers: Mapping[str, Mapping[str, Any]]
    tolerances: Mapping[str, float]
    moved: float  # largest share of area that simplification changed in areas and farmland
    withheld: tuple[str, ...]  # layer names that may not be passed on
    too_big: tuple[str, ...]
    size: int


def member_bounds(results: Results) -> tuple[float, float, float, float]:
    """West, south, east, north of the region in degrees (EPSG:4326)."""
    for name in ("municipalities", "zones"):
        frame = passable(results, name)
        if frame is not None:
            own = frame[frame["role"] == "member"] if "role" in frame else frame
            west, south, east, north = own.to_crs(4326).total_bounds
            return (float(west), float(south), float(east), float(north))
    return NORWAY


def draw(results: Results, areas: Sequence[Area]) -> Drawing:
    """All layers of one map page, packed.

    Parameters
    ----------
    results : Results
        Layers in the region's projected CRS, metres.
    areas : sequence of Area
        In the order of the page's table; shapes of the layer `zones` follow it.

    Returns
    -------
    Drawing
        Shapes as lon/lat (EPSG:4326) with 5 decimals.
    """
    layers: dict[str, dict[str, Any]] = {}
    packed: dict[str, Packed] = {}
    too_big: list[str] = []
    frames = _frames(results, areas)
    for name, frame in frames.items():
        left = BUDGET - sum(p.size for p in packed.values())
        drawn = frame
        ladder = FINE if name in ("zones", "pieces") else COARSE
        found = pack(frame, limit=min(LIMITS.get(name, left), left), ladder=ladder)
        if found is None and name == "farmland":
            drawn = frame[["class", "geometry"]].dissolve("class").reset_index()
            found = pack(drawn, limit=left, ladder=COARSE)
        if found is None:
            too_big.append(name)
            continue
        packed[name] = found
        layers[name] = {"shapes": found.shapes, **_columns(name, drawn)}
    return Drawing(
        layers=layers,
        tolerances={name: p.tolerance_m for name, p in packed.items()},
        moved=max((packed[n].moved for n in ("zones", "farmland") if n in packed), default=0.0),
        withheld=withheld(results.run),
        too_big=tuple(too_big),
        size=sum(p.size for p in packed.values()),
    )


def _frames(results: Results, areas: Sequence[Area]) -> dict[str, gpd.GeoDataFrame]:
    order = {area.key: i for i, area in enumerate(areas)}
    judged = {a.key: i for i, a in enumerate(areas) if a.status != "not_applicable"}
    frames = {}
    for name in ("zones", "municipalities", "context", "pieces", "farmland"):
        frame = passable(results, name)
        if frame is not None and "zone_key" in frame:
            wanted = judged if name == "pieces" else order  # the rest is on the farmland layer
            frame = frame.assign(row=frame["zone_key"].map(wanted)).dropna(subset=["row"])
            frame = frame.sort_values("row", kind="stable")
        if frame is not None and len(frame):
            frames[name] = frame
    return frames


def _columns(name: str, frame: gpd.GeoDataFrame) -> dict[str, Any]:
    if name == "zones":
        return {"row": [int(i) for i in frame["row"]]}
    if name == "pieces":
        return {"row": [int(i) for i in frame["row"]], "class": _texts(frame["class"])}
    if name == "farmland":
        return {"class": _texts(frame["class"])}
    if name == "context":
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
