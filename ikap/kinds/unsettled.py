"""What a planner must settle in a plan before an area can be judged: one word for each lack."""

from __future__ import annotations

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.development import DEFERRED, purpose_codes
from ikap.model import Development

__all__ = ["UNSETTLED", "unsettled"]

UNSETTLED = (
    "purpose",
    "purpose_unknown",
    "use_status",
    "plan_status",
    "deferred",
    "byggesone",
)
"""Text keys under `[unsettled]`, in the order they are told."""
BY_ZONE = ("1000", "1001")
"""Purposes that say *bebyggelse og anlegg* and no more: the byggesone tells for what."""


def unsettled(frame: GeoDataFrame) -> pd.Series:
    """What each planned area lacks.

    Parameters
    ----------
    frame : GeoDataFrame
        Canonical planned areas with `development`.

    Returns
    -------
    Series of str
        Words of `UNSETTLED` with commas between; empty where nothing is lacking.
    """
    codes = purpose_codes(frame)
    written = frame["arealformål"].notna() | frame["arealbruk"].notna()
    written |= frame["reguleringsformål"].notna()
    known = codes.map(lambda row: row is not None and not row.unclear).astype(bool)
    building = codes.map(lambda row: row is not None and row.development).astype(bool)
    unclear = frame["development"] == Development.UNCLEAR
    kp = frame["plan_level"] == "kp"
    deferred = (frame["planstatus"] == DEFERRED).fillna(value=False).astype(bool)
    lacks = {
        "purpose": ~written,
        "purpose_unknown": written & ~known,
        "use_status": building & unclear & kp,
        "plan_status": building & unclear & ~kp,
        "deferred": building & deferred,
        "byggesone": known & kp & frame["arealformål"].isin(BY_ZONE) & frame["byggesone"].isna(),
    }
    table = pd.DataFrame(lacks)[list(UNSETTLED)]
    said = [
        ",".join(name for name, lack in zip(UNSETTLED, row, strict=True) if lack)
        for row in table.itertuples(index=False, name=None)
    ]
    return pd.Series(said, index=frame.index, dtype=object)
