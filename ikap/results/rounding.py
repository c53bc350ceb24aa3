"""Rounding that keeps sums: largest remainder from the whole down to its parts.

The grand total is rounded first, then shared out level by level, so that every printed part is
within one unit of the last digit of its share, and all printed parts add up to what is printed
above them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["shared_out", "whole_units"]


def whole_units(parts: Sequence[float], total: int | None = None) -> list[int]:
    """Parts as whole numbers that add up to the total (largest remainder).

    Parameters
    ----------
    parts : sequence of float
        Not negative, in units of the last printed digit.
    total : int, optional
        What they are to add up to; else their sum, rounded half up.

    Returns
    -------
    list of int
        Of equal remainders the first is rounded up.

    Examples
    --------
    >>> whole_units([2.5, 2.5, 5.0])
    [3, 2, 5]
    >>> whole_units([2.5, 2.5], 4)
    [2, 2]
    """
    exact = np.asarray(parts, dtype=np.float64)
    floor = np.floor(exact + 1e-9)
    wanted = int(np.floor(exact.sum() + 0.5)) if total is None else total
    missing = wanted - int(floor.sum())
    order = np.argsort(-(exact - floor), kind="stable")
    while missing > 0 and len(order):
        floor[order[: min(missing, len(order))]] += 1
        missing = wanted - int(floor.sum())
    for i in order[::-1]:
        if missing < 0 and floor[i] > 0:  # a total that was rounded down above
            floor[i] -= 1
            missing += 1
    return [int(n) for n in floor]


def shared_out(frame: pd.DataFrame, levels: Sequence[str], unit: float) -> NDArray[np.int64]:
    """Values of a table in whole units, rounded from the top down.

    Parameters
    ----------
    frame : DataFrame
        `value` (not negative, no NaN), and the columns named by `levels`.
    levels : sequence of str
        From the outermost group to the innermost; rows with the same names get one share each.
    unit : float
        One unit of the last printed digit.

    Returns
    -------
    array of int
        In the order of the rows.

    Examples
    --------
    >>> table = pd.DataFrame({"row": ["a", "a", "b"], "value": [1.5, 1.5, 1.4]})
    >>> shared_out(table, ["row"], 1.0).tolist()
    [2, 1, 1]
    """
    values = frame["value"].to_numpy(dtype=np.float64) / unit
    keys = [frame[name].to_numpy() for name in levels]
    units = np.zeros(len(frame), dtype=np.int64)

    def share(rows: NDArray[np.int64], depth: int, total: int | None) -> None:
        if depth == len(keys):
            units[rows] = whole_units(values[rows].tolist(), total)
            return
        names, group = np.unique(keys[depth][rows], return_inverse=True)
        sums = np.bincount(group, values[rows], minlength=len(names))
        for k, own in enumerate(whole_units(sums.tolist(), total)):
            share(rows[group == k], depth + 1, own)

    if len(frame):
        share(np.arange(len(frame)), 0, None)
    return units
