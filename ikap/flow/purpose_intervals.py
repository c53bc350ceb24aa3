"""Intervals of the statement by purpose, from the variances of its areas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.cells import SPREAD
from ikap.accounts.intervals import half_width
from ikap.facts.farmland_accuracy import FARMLAND
from ikap.facts.table import NOT_COVERED

__all__ = ["REST", "half_widths", "with_ends"]

REST = "rest"
"""All land that is not farmland, taken as one."""


def half_widths(joined: pd.DataFrame, rows: list[str]) -> pd.DataFrame:
    """Half the 95 % interval of each class, in m².

    Parameters
    ----------
    joined : DataFrame
        Table `statement`, what counts of each area as `area_m2`, with the columns `rows` and
        `municipality` of each area.
    rows : list of str
        What the areas are summed by.

    Returns
    -------
    DataFrame
        Indexed by `rows`, one column a class and `rest`: NaN where a map states no accuracy, or
        where there is no such ground. What is not farmland errs as the sum of the farmland, for
        the edge of the map is taken as decided; its variance is taken as the sum of those of the
        classes times their number, which is no less than that of the sum.
    """
    known = joined[(joined["area_m2"] > 0) & (joined["class"] != NOT_COVERED)]
    known = known.assign(**{name: known[name].fillna(np.inf) for name in SPREAD})
    summed = known.groupby([*rows, "municipality", "class"])[[*SPREAD]].sum().reset_index()
    farmland = summed[summed["class"].isin(FARMLAND)]
    fields = farmland.groupby([*rows, "municipality"])[[*SPREAD]]
    together = fields.sum().mul(fields.size(), axis=0).reset_index().assign(**{"class": REST})
    halves = {
        key: half_width(*own[[*SPREAD]].to_numpy(np.float64).T.tolist())
        for key, own in pd.concat([summed, together]).groupby([*rows, "class"])
    }
    if not halves:
        return pd.DataFrame(columns=[REST])
    index = pd.MultiIndex.from_tuples(halves, names=[*rows, "class"])
    wide = pd.Series(list(halves.values()), index=index).unstack("class")
    without = ~wide.index.isin(pd.MultiIndex.from_frame(together[rows]))
    wide.loc[without, REST] = 0.0  # no line between farmland and what is not
    return wide


def with_ends(table: pd.DataFrame, halves: pd.DataFrame) -> pd.DataFrame:
    """Table purpose × class with `CLASS_low` and `CLASS_high`, within 0 and the row's sum."""
    told, halves = table.copy(), halves.reindex(table.index)
    for name in [c for c in table.columns if c in halves and c != REST]:
        half = np.where(table[name] > 0, halves[name], np.nan)
        told[f"{name}_low"] = np.maximum(table[name] - half, 0.0)
        told[f"{name}_high"] = np.minimum(table[name] + half, table["sum"])
    return told
