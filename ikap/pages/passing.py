"""What may be passed on as coordinates: asked of `run.json` for every layer that is drawn.

In: `Results`. Out: one layer's rows, without those whose source may not be passed on. Results hold
no such coordinates in the first place; this is the second lock on the same door.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from ikap.results import Results

__all__ = ["may_pass_on", "passable", "withheld"]

KINDS = {"municipalities": "municipality", "context": "context"}
"""Layers of the results whose rows do not all say which declared layer they came from."""


def may_pass_on(run: Mapping[str, Any]) -> frozenset[str]:
    """Names of the layers whose coordinates may be published."""
    rows = run.get("layers") or []
    kept = frozenset(str(row["name"]) for row in rows if row.get("redistribute") is True)
    plan = run.get("plan") or {}
    made_of = frozenset(plan.get("made_of") or ())
    together = made_of | {str(plan.get("layer"))} if made_of else made_of
    return kept if together <= kept else kept - together  # a piece has the lines of all its plans


def withheld(run: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of layers that were used, and that may not be passed on."""
    kept = may_pass_on(run)
    rows = run.get("layers") or []
    return tuple(str(r["name"]) for r in rows if r.get("present") and r["name"] not in kept)


def passable(results: Results, name: str) -> gpd.GeoDataFrame | None:
    """Rows of one layer of the results that may be drawn, in the region's CRS; None if none may."""
    frame = results.geodata(name)
    if frame is None or frame.empty:
        return None
    run = results.run
    kept = may_pass_on(run)
    if "source_layer" in frame:
        frame = frame[frame["source_layer"].isin(kept)]
    else:
        own = [r for r in run.get("layers") or [] if r.get("kind") == KINDS.get(name)]
        if not own or not all(r.get("redistribute") is True for r in own):
            return None  # cannot tell whose lines these are
    if name == "pieces":
        frame = frame[frame["redistribute"].astype(bool)]
        frame = frame if passable(results, "zones") is not None else frame.iloc[:0]
    return None if frame.empty else frame
