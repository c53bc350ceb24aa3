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

Floats = NDArray[np.float64]
VARIANCES = (
    *("single", "shift", "shared_single", "shared_shift"),
    *("part_single", "part_shift"),
)
ABOUT = ("assumed", "oldest", "newest")
COLUMNS = ("zone", "municipality", "layer", "class", "area_m2", *ABOUT, *VARIANCES)
"""`class` is a class, or several joined by "+"; variances in m⁴ of the area in `area_m2` (see
`measure.uncertainty`), infinite where the accuracy of a border is not stated. `assumed` says
whether any rests on an assumption; `oldest` and `newest` are when the land was registered, in days
since 1970-01-01. One row of class `WHOLE` for each zone part holds all of its ground."""
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
        types = {"zone": np.int64, "municipality": object, "layer": object, "class": object}
        return pd.DataFrame({name: [] for name in COLUMNS}).astype(types)
    joined = pd.concat(given, ignore_index=True)
    keys = ["zone", "municipality", "class", "layer"]
    ways = dict.fromkeys(("area_m2", *VARIANCES), "sum")
    ways |= {"assumed": "max", "oldest": "min", "newest": "max"}
    return joined.groupby(keys, sort=True).agg(ways).reset_index()[[*COLUMNS]]


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
    zone, area = table["zone"].to_numpy(np.int64), table["area_m2"].to_numpy(np.float64)
    classes = table["class"].to_numpy(dtype=object)
    single, shift = (_by_classes(table, name, count) for name in ("single", "shift"))
    whole = np.zeros(count)
    np.add.at(whole, zone[classes == WHOLE], area[classes == WHOLE])
    silent = np.ones(count, dtype=bool)  # not measured: NaN, as where no accuracy is stated
    silent[zone] = False
    for value in (*single.values(), *shift.values()):
        value[silent] = np.nan
    assumed = np.zeros(count, dtype=bool)
    assumed[zone[table["assumed"].to_numpy(bool)]] = True
    oldest, newest = np.full((2, count), np.nan)
    np.fmin.at(oldest, zone, table["oldest"].to_numpy(np.float64))
    np.fmax.at(newest, zone, table["newest"].to_numpy(np.float64))
    return Deviations(single, shift, whole, assumed, oldest, newest)


def _by_classes(table: pd.DataFrame, case: str, count: int) -> dict[frozenset[str], Floats]:
    deviation = np.sqrt(table[case].to_numpy(np.float64))
    deviation = np.where(np.isinf(deviation), np.nan, deviation)
    zone, classes = table["zone"].to_numpy(np.int64), table["class"].to_numpy(dtype=object)
    found = {}
    for name in sorted(set(classes) - {WHOLE}):
        here = classes == name
        value = np.zeros(count)
        np.add.at(value, zone[here], deviation[here])
        found[frozenset(str(name).split("+"))] = value
    return found
