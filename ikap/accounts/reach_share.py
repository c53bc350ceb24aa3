"""Share of the land planned for building that lies within walking distance, along the network.

Two shares: to a stop or station, of land where people will live or work; and to a centre of its own
municipality, of land where people may live. What the network does not reach is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.accounts.sums import REGION, AccountInputs, AccountSpec
from ikap.model import Development, Indicator

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("reach_share", goal=1, needs=("walk_distance", "centre_distance"))
BUS, RAIL, CENTRE = "distance.stop_walk_bus", "distance.stop_walk_rail", "distance.centre_walk"
MODES = dict.fromkeys(("bus", "tram", "ferry", "other"), BUS)
MODES |= dict.fromkeys(("train", "metrobuss"), RAIL)
LIVE = ("1000", "1001", "111", "113", "1800", "1801", "1802", "1803", "1804")
WORK = ("114", "115", "116", "13", "18")
SHARES: tuple[tuple[str, int, str, Mapping[str, str], tuple[str, ...]], ...] = (
    ("reach_share", 1, "walk_distance", MODES, LIVE + WORK),
    ("reach_share_centre", 3, "centre_distance", {"own": CENTRE}, LIVE),
)
"""Indicator, goal, fact, limit of each class, and the beginning of the purposes (as the checks)."""
SAMPLE = ["zone", "municipality", "north", "east"]


def account(inputs: AccountInputs) -> list[Indicator]:
    """Shares by municipality and for the region; `unknown` is a share too."""
    found: list[Indicator] = []
    for name, goal, fact, limits, purposes in SHARES:
        if any(limit not in inputs.parameters for limit in limits.values()):
            continue
        samples = _samples(inputs, inputs.tables[fact], limits, purposes)
        status = str(inputs.parameters[next(iter(limits.values()))].status)
        for number in (*inputs.municipalities, REGION):
            value, unknown = _share(inputs, samples, number)
            found.append(
                Indicator(
                    name, goal, inputs.plan, number, value, unknown, "share", "higher", status
                )
            )
    return found


def _samples(
    inputs: AccountInputs, table: pd.DataFrame, limits: Mapping[str, str], purposes: tuple[str, ...]
) -> pd.DataFrame:
    """One row a sample of planned land: its area in m2, and whether it is within and is known."""
    zones = inputs.zones
    stated = [str(Development.FUTURE), str(Development.FURTHER)]
    wanted = np.array([str(p).startswith(purposes) for p in zones.purpose], dtype=bool)
    unclear = wanted & (zones.development == Development.UNCLEAR)
    kept = (wanted & np.isin(zones.development, stated)) | unclear
    rows = table[kept[table["zone"].to_numpy()] & table["class"].isin(list(limits)).to_numpy()]
    limit = rows["class"].map({c: inputs.parameters[n].value for c, n in limits.items()})
    short = (rows["distance_m"] <= limit.astype(float)).to_numpy()  # inclusive; NaN is not near
    settled = rows["certain"].to_numpy(dtype=bool)
    frame = rows.assign(near=short, settled=settled).groupby(SAMPLE, sort=True)
    made = frame.agg(m2=("area_m2", "first"), near=("near", "any"), settled=("settled", "all"))
    made = made.reset_index()
    doubt: NDArray[np.bool_] = unclear[made["zone"].to_numpy(dtype=np.int64)]
    known = (made["near"] | made["settled"]).to_numpy(dtype=bool) & ~doubt
    near = made["near"].to_numpy(dtype=bool) & ~doubt
    inside = made["municipality"].isin(inputs.municipalities)
    return pd.DataFrame(made.assign(near=near, known=known)[inside])


def _share(inputs: AccountInputs, samples: pd.DataFrame, number: str) -> tuple[float, float]:
    """Share within walking distance and share unknown; NaN where there is no planned land."""
    here = samples if number == REGION else samples[samples["municipality"] == number]
    whole = float(here["m2"].sum())
    spoken = set(inputs.municipalities) if number == REGION else {number}
    if whole <= 0:
        return float("nan"), 0.0 if spoken <= inputs.planned else float("nan")
    near = float(here.loc[here["near"], "m2"].sum()) / whole
    unknown = float(here.loc[~here["known"], "m2"].sum()) / whole
    if not here["known"].any():
        near = float("nan")
    return near, unknown if spoken <= inputs.planned else float("nan")
