"""The long table of a fact, and its form as aligned arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ikap.facts.spec import FactSpec
from ikap.model import Fact, Reason

__all__ = [
    "COLUMNS",
    "NOT_COVERED",
    "OTHER",
    "OVERVIEW",
    "REASON_ORDER",
    "UNMAPPED",
    "merge",
    "rows",
    "to_fact",
]

COLUMNS = ("zone", "municipality", "layer", "class", "area_m2", "reason")
NOT_COVERED = "not_covered"
"""Ground that no layer answers for: unknown, never none."""
OTHER = "other"
"""Ground inside a farmland layer's coverage without farmland on it."""
OVERVIEW = "overview"
"""Ground that an overview map alone says is no farmland; weaker than `OTHER`, and told apart."""
UNMAPPED = "99"
"""AR5's own code for ground that is not mapped; as unknown as no layer."""

REASON_ORDER = (
    Reason.NO_PARAMETER,
    Reason.NO_LAYER,
    Reason.NO_COVERAGE,
    Reason.NO_NETWORK,
    Reason.NO_PATH,
)
"""Of several reasons the one that must be settled first."""


def rows(
    zone: ArrayLike,
    area: ArrayLike,
    *,
    municipality: str,
    layer: str,
    classes: ArrayLike,
    reason: str = "",
) -> pd.DataFrame:
    """Rows of the long table, areas in m²; scalars are repeated."""
    return pd.DataFrame(
        {
            "zone": np.asarray(zone, dtype=np.int64),
            "municipality": municipality,
            "layer": layer,
            "class": classes,
            "area_m2": np.asarray(area, dtype=np.float64),
            "reason": reason,
        },
        columns=list(COLUMNS),
    )


def merge(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One long table in stable order: zone, municipality, class, layer; equal rows summed."""
    given = [t for t in tables if len(t)]
    if not given:
        return rows([], [], municipality="", layer="", classes=[])
    keys = ["zone", "municipality", "class", "layer", "reason"]
    joined = pd.concat(given, ignore_index=True)
    summed = joined.groupby(keys, sort=True)["area_m2"].sum().reset_index()
    return summed[list(COLUMNS)]


def to_fact(spec: FactSpec, table: pd.DataFrame, count: int) -> Fact:
    """Aligned arrays for `count` zones.

    Parameters
    ----------
    spec : FactSpec
        Name, unit and classes of the fact.
    table : DataFrame
        Long table of `COLUMNS`, areas in m².
    count : int
        Number of zones.

    Returns
    -------
    Fact
        Values by class; the unknown part is what is not covered or not mapped, with its reason
        and the layers that answered, joined by "+".
    """
    values = np.zeros((count, len(spec.classes)))
    for column, name in enumerate(spec.classes):
        part = table[table["class"] == name]
        np.add.at(values[:, column], part["zone"].to_numpy(), part["area_m2"].to_numpy())
    unknown = np.zeros(count)
    missing = table[table["class"] == NOT_COVERED]
    np.add.at(unknown, missing["zone"].to_numpy(), missing["area_m2"].to_numpy())
    reason = np.full(count, "", dtype=object)
    for code in reversed(REASON_ORDER):
        hit = missing.loc[(missing["reason"] == code) & (missing["area_m2"] > 0), "zone"]
        reason[hit.to_numpy()] = str(code)
    layer = np.full(count, "", dtype=object)
    answered = table[(table["layer"] != "") & (table["area_m2"] > 0)]
    for zone, name in sorted(set(zip(answered["zone"], answered["layer"], strict=True))):
        layer[zone] = f"{layer[zone]}+{name}" if layer[zone] else name
    told = (values, unknown, layer, reason)
    return Fact(spec.name, spec.unit, spec.classes, *told, parameters=spec.parameters)
