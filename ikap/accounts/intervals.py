"""Intervals of sums over zones, from the accuracy of the map that the zones were measured on.

Borders that several zones share, or that run on from one zone into the next, err together. The
shared variances of `measure.uncertainty` allow for that: their sum is no less than the variance of
the sum, and no more than a few times it, where adding deviations would be far too much.

They are worked out in one municipality at a time. A border may run on into the next one, so the
variance of a sum over municipalities is taken as twice the sum of theirs (for two vectors,
|a + b|² ≤ 2|a|² + 2|b|²), or as what added deviations give where that is less. A stretch that runs
through planned areas of three municipalities at once is not allowed for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.variance_table import WHOLE, named
from ikap.model import Z_95

__all__ = ["half_width", "sum_intervals"]

REGION = "region"


def half_width(single: Iterable[float], shift: Iterable[float]) -> float:
    """Half the 95 % interval of a sum, from the variances of its municipalities.

    Parameters
    ----------
    single, shift : iterable of float
        Variances in m⁴ of the sums in m municipalities, in the two cases.

    Returns
    -------
    float
        In m², of the larger case; NaN where an accuracy is not stated, or without municipalities.

    Examples
    --------
    >>> round(half_width([100.0], [0.0]), 2)  # deviation 10 m²
    19.6
    >>> round(half_width([100.0] * 3, [0.0] * 3), 2)  # √(2 · 300)
    48.01
    """
    cases = [[float(v) for v in case] for case in (single, shift)]
    if not cases[0] or not all(math.isfinite(v) for case in cases for v in case):
        return float("nan")
    most = [sum(math.sqrt(v) for v in case) for case in cases]
    return Z_95 * max(min(m, math.sqrt(2 * sum(c))) for m, c in zip(most, cases, strict=True))


def sum_intervals(
    variances: pd.DataFrame,
    values: Sequence[tuple[str, float]],
    classes: Sequence[str],
    zones: NDArray[np.bool_],
    *,
    of_part: bool = False,
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
    of_part : bool
        Whether the sums are of a part of each zone, which the table does not know.

    Returns
    -------
    list of (float, float)
        Lower and upper end in m², within 0 and the zones' area; NaN where the sum is nothing or
        not known, or where an accuracy is not stated.
    """
    mine = variances[zones[variances["zone"].to_numpy(np.int64)]]
    of_class = mine[mine["class"] == named(classes)]
    ground = mine[mine["class"] == WHOLE]
    kind = "part" if of_part else "shared"
    cases = of_class.groupby("municipality")[[f"{kind}_single", f"{kind}_shift"]].sum()
    area = ground.groupby("municipality")["area_m2"].sum()
    found = []
    for place, value in values:
        here = cases if place == REGION else cases[cases.index == place]
        most = area.sum() if place == REGION else area.get(place, np.nan)
        half = half_width(*here.to_numpy(np.float64).T.tolist())
        if not value > 0 or np.isnan(half):
            found.append((np.nan, np.nan))
            continue
        found.append((max(value - half, 0.0), min(value + half, float(most))))
    return found
