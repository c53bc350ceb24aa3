"""The long table of a distance fact, and its form as aligned arrays.

One row is one sample point of a zone part and one class of target. Its `area_m2` is the ground
that the point stands for, so that shares per municipality are sums of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ikap.facts.spec import FactSpec
from ikap.facts.table import REASON_ORDER
from ikap.model import Distances

__all__ = ["COLUMNS", "merge_samples", "sample_rows", "to_distances"]

COLUMNS = (
    "zone",
    "municipality",
    "layer",
    "class",
    "area_m2",
    "distance_m",
    "certain",
    "reason",
    "east",
    "north",
)
"""`distance_m` is NaN where none is known; where it is not `certain`, it may be shorter."""


def sample_rows(
    zone: ArrayLike,
    xy: NDArray[np.float64],
    area: ArrayLike,
    *,
    municipality: str,
    layer: str,
    classes: str,
    distance: ArrayLike = np.nan,
    certain: ArrayLike = False,
    reason: ArrayLike = "",
) -> pd.DataFrame:
    """Rows of the long table, distances in m; scalars are repeated."""
    zones = np.asarray(zone, dtype=np.int64)
    metres, sure = np.empty(len(zones)), np.empty(len(zones), dtype=bool)
    metres[:], sure[:] = distance, certain
    return pd.DataFrame(
        {
            "zone": zones,
            "municipality": municipality,
            "layer": layer,
            "class": classes,
            "area_m2": np.asarray(area, dtype=np.float64),
            "distance_m": metres,
            "certain": sure,
            "reason": reason,
            "east": xy[:, 0],
            "north": xy[:, 1],
        },
        columns=list(COLUMNS),
    )


def merge_samples(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One long table in stable order: zone, municipality, point from south-west, class."""
    given = [t for t in tables if len(t)]
    if not given:
        nowhere = np.zeros((0, 2))
        return sample_rows([], nowhere, [], municipality="", layer="", classes="")
    joined = pd.concat(given, ignore_index=True)
    keys = ["zone", "municipality", "north", "east", "class", "layer"]
    order = np.lexsort([_ranks(joined[key]) for key in reversed(keys)])
    return joined.take(order).reset_index(drop=True)


def _ranks(column: pd.Series) -> NDArray[Any]:
    """Numbers in the order of the column's values."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy()
    return np.asarray(pd.factorize(column, sort=True)[0])


def to_distances(spec: FactSpec, table: pd.DataFrame, count: int) -> Distances:
    """Aligned arrays for `count` zones.

    Parameters
    ----------
    spec : FactSpec
        Name and classes of the fact.
    table : DataFrame
        Long table of `COLUMNS`, every sample with a row for each class.
    count : int
        Number of zones.

    Returns
    -------
    Distances
        Samples in the order of the table.
    """
    keys = ["zone", "municipality", "north", "east"]
    sample = table.groupby(keys, sort=True).ngroup().to_numpy()
    size = int(sample.max()) + 1 if len(sample) else 0
    zone, area = np.zeros(size, dtype=np.int64), np.zeros(size)
    zone[sample], area[sample] = table["zone"].to_numpy(), table["area_m2"].to_numpy()
    metres = np.full((size, len(spec.classes)), np.nan)
    certain = np.zeros((size, len(spec.classes)), dtype=bool)
    reasons = np.full((count, len(spec.classes)), "", dtype=object)
    for column, name in enumerate(spec.classes):
        rows = (table["class"] == name).to_numpy()
        metres[sample[rows], column] = table["distance_m"].to_numpy()[rows]
        certain[sample[rows], column] = table["certain"].to_numpy()[rows]
        for code in reversed(REASON_ORDER):
            hit = rows & (table["reason"] == code).to_numpy()
            reasons[table["zone"].to_numpy()[hit], column] = str(code)
    layer = np.full(count, "", dtype=object)
    named = table.loc[table["layer"] != "", ["zone", "layer"]].drop_duplicates()
    for z, name in sorted(zip(named["zone"], named["layer"], strict=True)):
        layer[z] = f"{layer[z]}, {name}" if layer[z] else name
    told = (zone, area, metres, certain, layer, reasons)
    return Distances(spec.name, spec.classes, *told, parameters=spec.parameters)
