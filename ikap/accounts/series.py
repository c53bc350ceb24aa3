"""Series of figures by municipality and year as indicators, the region last and never guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.sums import REGION, AccountInputs
from ikap.model import Indicator, ParameterStatus

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
    status = _statuses(first)
    found = []
    for year in sorted({int(y) for y in first["år"]}):
        values = [float(cells.get((n, year), np.nan)) * factor for n in inputs.municipalities]
        rows = [*zip(inputs.municipalities, values, strict=True), (REGION, float(np.sum(values)))]
        for number, value in rows:
            unknown = float("nan") if np.isnan(value) else 0.0
            mine = status.get((number, year), "") if unknown == 0 else ""
            found.append(
                Indicator(
                    indicator,
                    goal,
                    inputs.plan,
                    number,
                    value,
                    unknown,
                    unit,
                    direction,
                    mine,
                    year,
                )
            )
    return found


def _statuses(table: pd.DataFrame) -> dict[tuple[str, int], str]:
    """Status of the shares that a split municipality's figures were given by, where any were.

    The region's is the least binding one of its municipalities.
    """
    if "fordeling" not in table:
        return {}
    order = {str(status): i for i, status in enumerate(ParameterStatus)}
    found: dict[tuple[str, int], str] = {}
    for number, year, status in zip(
        table["kommunenummer"], table["år"], table["fordeling"], strict=True
    ):
        if isinstance(status, str) and status in order:
            found[str(number), int(year)] = status
            known = found.get((REGION, int(year)), status)
            found[REGION, int(year)] = max(known, status, key=order.__getitem__)
    return found
