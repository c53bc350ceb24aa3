"""Series of figures by municipality and year as indicators, the region last and never guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.sums import REGION, AccountInputs
from ikap.model import Indicator

__all__ = ["yearly"]


def yearly(
    inputs: AccountInputs,
    table: pd.DataFrame,
    column: str,
    *,
    indicator: str,
    goal: int,
    unit: str,
    factor: float = 1.0,
    direction: str = "none",
) -> list[Indicator]:
    """Indicator rows of one series.

    Parameters
    ----------
    inputs : AccountInputs
        Plan and municipalities.
    table : DataFrame
        `kommunenummer`, `år` and the figures; NaN is unknown. Of two layers the one that is named
        first under `[use]` answers for a year.
    column : str
        Which figures; they can be added up.
    indicator, goal, unit, direction : str, int, str, str
        Written on each row.
    factor : float
        From the column's unit to `unit`.

    Returns
    -------
    list of Indicator
        One row a municipality and year, and one for the region. Where a municipality is unknown
        the region is unknown too, because a sum of the rest would look like growth later.
    """
    if table.empty:
        return []
    first = table.drop_duplicates(["kommunenummer", "år"], keep="first")
    cells = dict(
        zip(zip(first["kommunenummer"], first["år"], strict=True), first[column], strict=True)
    )
    found = []
    for year in sorted({int(y) for y in first["år"]}):
        values = [float(cells.get((n, year), np.nan)) * factor for n in inputs.municipalities]
        rows = [*zip(inputs.municipalities, values, strict=True), (REGION, float(np.sum(values)))]
        for number, value in rows:
            unknown = float("nan") if np.isnan(value) else 0.0
            found.append(
                Indicator(
                    indicator, goal, inputs.plan, number, value, unknown, unit, direction, year=year
                )
            )
    return found
