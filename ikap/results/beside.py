"""Figures beside the columns of T1 and T3: change and shares, the same on screen and in CSV."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ikap.results.account_tables import PrintedRow, PrintedTable

__all__ = ["NO_SHARE", "Beside", "beside", "compares"]

NO_SHARE = "–"
"""Where there is nothing to take a percentage of."""
BOTH = ("before", "after")
WITHOUT_PLAN = ("not_in_plan", "unknown_plan")


@dataclass(frozen=True)
class Beside:
    """A figure as it is printed, NaN where it is unknown, None where there is no percentage."""

    value: float | None
    exact: float
    percent: bool = False


def compares(table: PrintedTable) -> bool:
    """Whether the table has a plan now and a proposal side by side."""
    return table.name == "T1" and set(BOTH) <= set(table.columns)


def beside(row: PrintedRow, table: PrintedTable) -> list[Beside]:
    """Change in daa and percent (T1), reserve in percent of what is set aside (T3), or nothing.

    Parameters
    ----------
    row : PrintedRow
        Row of the table.
    table : PrintedTable
        Table of the row's own place.

    Returns
    -------
    list of Beside
        The change of ground outside a plan is unknown where the plan of one side is not known.
    """
    if compares(table):
        return _change(row, table)
    if table.name == "T3":
        part, whole = (row.exact_m2.get(c, 0.0) for c in ("reserve", "set_aside"))
        return [_percent(part, whole)]
    return []


def _change(row: PrintedRow, table: PrintedTable) -> list[Beside]:
    before, after = (row.values.get(c, 0.0) for c in BOTH)
    was, becomes = (row.exact_m2.get(c, 0.0) for c in BOTH)
    if row.row in WITHOUT_PLAN and _plan_unknown(table):
        return [Beside(math.nan, math.nan), _percent(math.nan, was)]
    change = round(after - before, 1) + 0.0
    return [Beside(change, becomes - was), _percent(becomes - was, was)]


def _plan_unknown(table: PrintedTable) -> bool:
    """Whether some ground of the table has no known plan on one side."""
    own = [row for row in table.rows if row.row == "unknown_plan"]
    return any(row.exact_m2.get(c, 0.0) > 0 for row in own for c in BOTH)


def _percent(part: float, whole: float) -> Beside:
    known = whole > 0 and not math.isnan(part)
    share = 100 * part / whole if known else math.nan
    return Beside(round(share, 1) + 0.0 if known else None, share, percent=True)
