"""What the statement's tables leave out, or count once: told under them, never silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from ikap.flow.accounting import Compared
from ikap.flow.measuring import Measured

__all__ = ["left_out", "left_out_of_compared"]

NOISE_M2 = 1.0
"""Less than this is rounding at the region's boundary, and is not told."""


def left_out(measured: Measured, once: pd.DataFrame) -> dict[str, object]:
    """Entry of `run.json` on one plan.

    Parameters
    ----------
    measured : Measured
        The plan.
    once : DataFrame
        Long table of its land, ground that areas share counted once.

    Returns
    -------
    dict
        `outside_m2` (ground outside the region's municipalities), `shared_m2` (ground that is not
        counted again), `without_geometry` (number of areas without usable geometry, by purpose).
    """
    zones = measured.zones
    outside = float(once.loc[once["municipality"] == "", "area_m2"].sum())
    shared = float(zones.area_m2.sum() - once["area_m2"].sum())
    return _told(outside, shared, zones.purpose[~zones.measurable])


def left_out_of_compared(compared: Compared, ground: pd.DataFrame) -> dict[str, object]:
    """The same on the plan that it is compared with, from what it has of the municipalities."""
    whole, counted = compared.full_m2, float(compared.layer.shapes.areas.sum())
    inside = float(ground.loc[ground["layer"] != "", "area_m2"].sum())
    return _told(counted - inside, whole - counted, compared.without_geometry)


def _told(outside: float, shared: float, lost: Iterable[str]) -> dict[str, object]:
    return {
        "outside_m2": outside if outside >= NOISE_M2 else 0.0,
        "shared_m2": shared if shared >= NOISE_M2 else 0.0,
        "without_geometry": dict(sorted(Counter(str(p) for p in lost).items())),
    }
