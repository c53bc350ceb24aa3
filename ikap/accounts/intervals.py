"""Intervals of sums over zones, from the accuracy of the map that the zones were measured on.

Borders that several zones share, or that run on from one zone into the next, err together. The
shared variances of `measure.uncertainty` allow for that: their sum is no less than the variance of
the sum, and no more than a few times it, where adding deviations would be far too much.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.variance_table import WHOLE, named
from ikap.model import Z_95

__all__ = ["sum_intervals"]

REGION = "region"


def sum_intervals(
    variances: pd.DataFrame,
    values: Sequence[tuple[str, float]],
    classes: Sequence[str],
    zones: NDArray[np.bool_],
) -> list[tuple[float, float]]:
    """95 % interval of each municipality's sum, and of the region's.

    Parameters
    ----------
    variances : DataFrame
        Long table of `variance_table.COLUMNS`.
    values : sequence of (str, float)
        Municipality (or `region`) and the known sum in m².
    classes : sequence of str
        Classes that were summed: one, or some that were measured together.
    zones : array of bool
        Zones that were summed.

    Returns
    -------
    list of (float, float)
        Lower and upper end in m², within 0 and the zones' area; NaN where the sum is nothing or
        not known, or where an accuracy is not stated.
    """
    mine = variances[zones[variances["zone"].to_numpy(np.int64)]]
    of_class = mine[mine["class"] == named(classes)]
    ground = mine[mine["class"] == WHOLE]
    cases = of_class.groupby("municipality")[["shared_single", "shared_shift"]].sum()
    area = ground.groupby("municipality")["area_m2"].sum()
    found = []
    for place, value in values:
        here = cases.sum() if place == REGION else cases.reindex([place]).iloc[0]
        most = area.sum() if place == REGION else area.get(place, np.nan)
        variance = float(np.max(here.to_numpy(np.float64)))
        if not value > 0 or not np.isfinite(variance):
            found.append((np.nan, np.nan))
            continue
        half = Z_95 * np.sqrt(variance)
        found.append((max(value - half, 0.0), min(value + half, float(most))))
    return found
