"""Area statement (*arealregnskap*): zones × land classes, each row adding up to the zone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.accounts.cells import SPREAD
from ikap.model import Deviations, Zones

__all__ = ["statement"]

Floats = NDArray[np.float64]
TOLERANCE_M2 = 0.01
"""A row adds up to the zone's area within this (design.md, Statements)."""


def statement(
    zones: Zones,
    table: pd.DataFrame,
    deviations: Deviations | None = None,
    variances: pd.DataFrame | None = None,
    *,
    once: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Long statement of one plan.

    Parameters
    ----------
    zones : Zones
        All zones of the plan.
    table : DataFrame
        Long table of the land fact, zone × municipality × layer × class in m².
    deviations : Deviations, optional
        How sure the areas are.
    variances : DataFrame, optional
        The same as `facts.variance_table`, of `once`, for sums over zones.
    once : DataFrame, optional
        The same table with ground that zones share counted in one of them; `table` if not given.

    Returns
    -------
    DataFrame
        `plan, zone_key, class, area_m2, once_m2, zone_area_m2, low, high` and `SPREAD`; the
        classes of a zone, `not_covered` among them, add up to its area within 0.01 m². `once_m2`
        may be summed over zones: ground in several of them counts in one. `low` and `high` are each
        class's own 95 % interval, NaN where it is not known; classes that border on each other
        err together, so that intervals must not be added. The variances (m⁴) are of `once_m2`;
        those of one class may be added over zones that may be built on, or over the others, and
        are no less than that of the sum; not over both, whose common lines count on each side.
    """
    summed = table.groupby(["zone", "class"], sort=True)["area_m2"].sum().reset_index()
    total = summed.groupby("zone")["area_m2"].sum()
    gap = (total - pd.Series(zones.area_m2[total.index], index=total.index)).abs()
    assert (gap <= TOLERANCE_M2).all(), f"statement does not add up: {gap.max()} m²"
    index = summed["zone"].to_numpy()
    found = pd.DataFrame(
        {
            "plan": zones.plan,
            "zone_key": zones.keys[index],
            "class": summed["class"],
            "area_m2": summed["area_m2"],
            "once_m2": _once(summed, table if once is None else once),
            "zone_area_m2": zones.area_m2[index],
        }
    )
    spread = _spread(summed, variances)
    return found.assign(**_intervals(summed, deviations), **spread)


def _once(summed: pd.DataFrame, once: pd.DataFrame) -> Floats:
    """Of each area what counts in sums."""
    keys = ["zone", "class"]
    counted = once.groupby(keys)["area_m2"].sum()
    mine = counted.reindex(pd.MultiIndex.from_frame(summed[keys]), fill_value=0.0)
    return mine.to_numpy(np.float64)


def _spread(summed: pd.DataFrame, variances: pd.DataFrame | None) -> dict[str, Floats]:
    """Variances that may be added; where a zone is in several parts, of deviations added up."""
    if variances is None:
        return dict.fromkeys(SPREAD, np.full(len(summed), np.nan))
    roots = variances[["zone", "class"]].assign(
        **{name: np.sqrt(variances[f"shared_{name.removeprefix('variance_')}"]) for name in SPREAD}
    )
    each = roots.groupby(["zone", "class"])[[*SPREAD]].sum() ** 2
    mine = each.replace(np.inf, np.nan).reindex(pd.MultiIndex.from_frame(summed[["zone", "class"]]))
    return {name: mine[name].to_numpy(np.float64) for name in SPREAD}


def _intervals(summed: pd.DataFrame, deviations: Deviations | None) -> dict[str, Floats]:
    low, high = np.full((2, len(summed)), np.nan)
    zone, area = summed["zone"].to_numpy(np.int64), summed["area_m2"].to_numpy(np.float64)
    for name in sorted(set(summed["class"])):
        if deviations is None or frozenset({name}) not in deviations.single:
            continue
        here = (summed["class"] == name).to_numpy()
        value = np.zeros(len(deviations.whole))
        value[zone[here]] = area[here]
        ends = deviations.interval(frozenset({name}), value)
        low[here], high[here] = (end[zone[here]] for end in ends)
    return {"low": low, "high": high}
