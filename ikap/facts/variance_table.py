"""The long table of variances, and its form as aligned arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.measure.uncertainty import Spread
from ikap.model import Deviations

__all__ = [
    "COLUMNS",
    "VARIANCES",
    "WHOLE",
    "merge_variances",
    "named",
    "of_spread",
    "to_deviations",
]

VARIANCES = ("single", "shift", "shared_single", "shared_shift")
COLUMNS = ("zone", "municipality", "layer", "class", "area_m2", *VARIANCES)
"""`class` is a class, or several joined by "+"; variances in m⁴ of the area in `area_m2` (see
`measure.uncertainty`), infinite where the accuracy of a border is not stated. One row of class
`WHOLE` for each zone part holds all of its ground."""
WHOLE = "whole"


def named(classes: Iterable[str]) -> str:
    """Name of several classes taken together."""
    return "+".join(sorted(classes))


def of_spread(rows: pd.DataFrame, found: Spread) -> pd.DataFrame:
    """Rows (the first columns of `COLUMNS`) with their variances."""
    values = {name: getattr(found, name) for name in VARIANCES}
    told = {name: np.where(np.isnan(value), np.inf, value) for name, value in values.items()}
    return rows.assign(**told)[[*COLUMNS]]


def merge_variances(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One long table in stable order: zone, municipality, class, layer; equal rows summed."""
    given = [table for table in tables if len(table)]
    if not given:
        return pd.DataFrame({name: [] for name in COLUMNS}).astype({"zone": np.int64})
    joined = pd.concat(given, ignore_index=True)
    keys = ["zone", "municipality", "class", "layer"]
    summed = joined.groupby(keys, sort=True)[["area_m2", *VARIANCES]].sum().reset_index()
    return summed[[*COLUMNS]]


def to_deviations(table: pd.DataFrame, count: int) -> Deviations:
    """Standard deviations aligned with `count` zones.

    Parameters
    ----------
    table : DataFrame
        Long table of `COLUMNS`.
    count : int
        Number of zones.

    Returns
    -------
    Deviations
        The larger of the two cases. Where a zone lies in two municipalities, or two layers answer
        in it, the deviations of its parts are added: the most that they can be together.
    """
    of: dict[frozenset[str], NDArray[np.float64]] = {}
    single, shift = (table[name].to_numpy(np.float64) for name in ("single", "shift"))
    largest = np.sqrt(np.maximum(single, shift))
    largest = np.where(np.isinf(largest), np.nan, largest)
    zone, area = table["zone"].to_numpy(np.int64), table["area_m2"].to_numpy(np.float64)
    classes = table["class"].to_numpy(dtype=object)
    for name in sorted(set(classes) - {WHOLE}):
        here = classes == name
        value = np.zeros(count)
        np.add.at(value, zone[here], largest[here])
        of[frozenset(str(name).split("+"))] = value
    whole = np.zeros(count)
    np.add.at(whole, zone[classes == WHOLE], area[classes == WHOLE])
    return Deviations(of, whole)
