"""Sums per municipality with their unknown part, as every account needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.accounts.intervals import sum_intervals
from ikap.model import Indicator, Parameters, Place, Zones

__all__ = ["REGION", "WHOLE", "AccountInputs", "AccountSpec", "by_municipality"]

REGION = "region"
NOT_COVERED = "not_covered"
WHOLE = "whole"
"""Class of all ground of a zone, where the land under it does not matter."""
NOTHING_M2 = 0.5
"""Less known ground than this in a whole municipality is rounding along its border."""


@dataclass(frozen=True)
class AccountSpec:
    """An account's name, goal and the facts it needs: of the zones, and of the ground itself."""

    name: str
    goal: int
    needs: tuple[str, ...] = ()
    ground: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountInputs:
    """What an account gets.

    `tables` are long tables over the plan's zones with overlapping ground counted once;
    `ground` are the same facts over the municipalities themselves. `planned` names the
    municipalities that the plan speaks for; elsewhere its figures are unknown. `statistics` are
    tables without geometry by their name under `[use]`; empty where the file is not there.
    `covered` names the municipalities where such a table says that it is complete. `places` is
    the region's hierarchy of places.
    """

    plan: str
    zones: Zones
    tables: Mapping[str, pd.DataFrame]
    ground: Mapping[str, pd.DataFrame]
    municipalities: tuple[str, ...]
    planned: frozenset[str]
    parameters: Parameters
    statistics: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    covered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()


def by_municipality(
    inputs: AccountInputs,
    table: pd.DataFrame,
    *,
    indicator: str,
    goal: int,
    classes: Sequence[str],
    zones: NDArray[np.bool_],
    unclear: NDArray[np.bool_] | None = None,
    direction: str = "lower",
    parameter_status: str = "",
    of_plan: bool = True,
    variances: pd.DataFrame | None = None,
) -> list[Indicator]:
    """Sum of classes per municipality and for the region, in m².

    Parameters
    ----------
    inputs : AccountInputs
        Zones, municipalities and the plan's reach.
    table : DataFrame
        Long table of one fact.
    indicator, goal, direction, parameter_status : str, int, str, str
        Written on each row.
    classes : sequence of str
        Classes that are summed.
    zones : array of bool, shape (n,)
        Zones that are summed.
    unclear : array of bool, shape (n,), optional
        Zones that may belong to the sum (purpose or status missing): their share is unknown.
    of_plan : bool
        Whether `zones` are those of the plan; False where they are the municipalities.
    variances : DataFrame, optional
        How sure the areas are (`facts.variance_table`); without it intervals are unknown.

    Returns
    -------
    list of Indicator
        `value` NaN where nothing is known; `unknown` in m², NaN where it cannot be sized.
    """
    maybe = np.zeros(len(zones), dtype=bool) if unclear is None else unclear
    zone = table["zone"].to_numpy()
    of_class = table["class"].isin(list(classes)).to_numpy()
    gap = (table["class"] == NOT_COVERED).to_numpy()
    known = zones[zone] & of_class
    unknown = (zones[zone] & gap) | (maybe[zone] & (of_class | gap))
    measured = zones[zone] & ~gap
    unsized = of_plan and bool(((zones | maybe) & ~inputs.zones.measurable).any())
    rows = []
    for number in inputs.municipalities:
        here = (table["municipality"] == number).to_numpy()
        sums = [
            float(table.loc[here & mask, "area_m2"].sum()) for mask in (known, unknown, measured)
        ]
        value, missing, ground = sums
        if number not in inputs.planned:
            missing = float("nan")  # the plan does not speak for all of it: at least this much
            value = value if ground > 0 else float("nan")
        elif missing > NOTHING_M2 and ground < NOTHING_M2:
            value = float("nan")
        if unsized:
            missing = float("nan")  # nobody knows how large it is, or where: at least this much
        rows.append((number, value, missing))
    values = [value for _, value, _ in rows]
    total = float(np.nansum(values)) if not np.isnan(values).all() else float("nan")
    gaps = [missing for _, _, missing in rows]
    rows.append((REGION, total, float(np.sum(gaps))))
    ends = [(float("nan"), float("nan"))] * len(rows)
    if variances is not None:
        sums_of = [(number, value) for number, value, _ in rows]
        ends = sum_intervals(variances, sums_of, classes, zones)
    told = (indicator, goal, inputs.plan)
    kind = ("m2", direction, parameter_status)
    return [
        Indicator(*told, number, value, missing, *kind, low=low, high=high)
        for (number, value, missing), (low, high) in zip(rows, ends, strict=True)
    ]
