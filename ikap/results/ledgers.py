"""The three ledgers of farmland as they are read: sums, differences within one, and per year.

In: printed tables `J1` (plan), `J2` (decisions) and `J3` (ground), and `run.json`. Out: figures in
daa with what is unknown. No function takes figures of two ledgers: they are never netted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ikap.accounts.j3_ground_ledger import UNMAPPED
from ikap.results.account_tables import LAYOUTS, SUM, PrintedRow, PrintedTable
from ikap.texts import Catalogue, number

__all__ = [
    "DIFFERENCES",
    "GOAL",
    "LEDGERS",
    "PERIOD",
    "PLANNED",
    "YEARLY",
    "Span",
    "amount",
    "between",
    "change_of",
    "difference",
    "figure",
    "least",
    "ledger_columns",
    "ledger_rows",
    "parameter_of",
    "per_year",
    "span_text",
    "vintage_years",
    "years_of",
]

LEDGERS = ("J1", "J2", "J3")
PLANNED = "planned"
"""Part of J1 that is the sum of what is future, further and adopted; LNFR spredt is not in it."""
SUMMED = ("future", "further", "adopted", "unclear")
DIFFERENCES = {"J1": ("new", "out"), "J3": ("after", "before")}
"""Difference within one ledger, as (plus, minus); of J2 none is made."""
YEARLY = {"J1": ("new",), "J3": ("built", "cultivated")}
PERIOD, GOAL = "farmland.plan_period", "farmland.national_goal"
OBJECTION = "objection"
UNIT = 1e-9
DAA, DAYS_A_YEAR = 1000.0, 365.25


@dataclass(frozen=True)
class Span:
    """What a figure is known to lie between, in daa; NaN where nobody knows.

    `some` tells a figure that is less than what is printed from none at all.
    """

    low: float
    high: float
    some: bool = False

    @property
    def known(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high


def ledger_rows(table: PrintedTable) -> tuple[PrintedRow, ...]:
    """Rows of a ledger; of the plan ledger with the sum of all development last."""
    if table.name != "J1":
        return table.rows
    sums = [row for row in table.rows if row.row == SUM and row.part in SUMMED]
    return (*table.rows, _added(sums)) if sums else table.rows


def _added(rows: Iterable[PrintedRow]) -> PrintedRow:
    """Sum of rows whose ground is apart; NaN where nothing of it is known."""
    values: dict[str, float] = {}
    unknown: dict[str, float] = {}
    exact: dict[str, float] = {}
    for row in rows:
        for sums, own in ((values, row.values), (exact, row.exact_m2)):
            for column, value in own.items():
                before = sums.get(column, math.nan)
                more = 0.0 if math.isnan(value) else value
                sums[column] = value if math.isnan(before) else before + more
        for column, value in row.unknown.items():
            unknown[column] = unknown.get(column, 0.0) + value
    rounded = {column: round(value, 1) for column, value in values.items()}
    return PrintedRow(PLANNED, SUM, rounded, unknown, exact)


def between(row: PrintedRow, column: str) -> Span:
    """Least and most that a figure can be; the most is NaN where the unknown part has no size."""
    if row.part == OBJECTION:
        return Span(math.nan, math.nan)
    value = row.values.get(column, 0.0)
    lost = row.unknown.get(column, 0.0)
    low = 0.0 if math.isnan(value) else value
    if not lost:
        return Span(value, value, some=row.exact_m2.get(column, 0.0) > 0)
    return Span(low, low + (lost if math.isnan(lost) else math.ceil(lost / 100 - UNIT) / 10))


def figure(row: PrintedRow, column: str, table: PrintedTable) -> Span:
    """Least and most that a figure can be, holes in the maps of J3 let in.

    Ground that a vintage has not mapped may be of any class, so that figures of a class are the
    least there can be; of all classes together what may be missing has a size.
    """
    span = between(row, column)
    holes = next((one for one in table.rows if one.row == UNMAPPED), None)
    if table.name != "J3" or holes is None:
        return span
    mapped = column in DIFFERENCES["J3"] and holes.unknown.get(column, 0.0) == 0
    sized = row.row in (SUM, UNMAPPED) and column in (*DIFFERENCES["J3"], *YEARLY["J3"])
    if mapped or sized or column.startswith("narrow_"):
        return span
    return Span(0.0 if math.isnan(span.low) else span.low, math.nan)


def difference(row: PrintedRow, plus: str, minus: str) -> Span:
    """One column less another of the same row; unknown where a part without size is in either."""
    more, less = between(row, plus), between(row, minus)
    low, high = more.low - less.high, more.high - less.low
    if math.isnan(low) or math.isnan(high):
        return Span(math.nan, math.nan)
    return Span(round(low, 1) + 0.0, round(high, 1) + 0.0)


def change_of(row: PrintedRow, table: PrintedTable) -> Span:
    """Difference that a ledger makes in a row; NaN where nobody knows.

    Ground that a vintage has not mapped may be of any land class, so that no class of J3 is sure.
    """
    if row.part == OBJECTION:
        return Span(math.nan, math.nan)
    unmapped = any(one.row == UNMAPPED for one in table.rows)
    if table.name == "J3" and row.row != SUM and unmapped:
        return Span(math.nan, math.nan)
    ends = DIFFERENCES[table.name]
    if table.name == "J3" and any(row.unknown.get(c, 0.0) > row.exact_m2.get(c, 0.0) for c in ends):
        return Span(math.nan, math.nan)  # more is unmapped than known: a range would say nothing
    return difference(row, *ends)


def per_year(row: PrintedRow, column: str, table: PrintedTable, years: float) -> Span:
    """Gross figure by year in daa, of exact areas; unknown without a number of years."""
    value, lost = row.exact_m2.get(column, 0.0), row.unknown.get(column, 0.0)
    if not years > 0 or row.part == OBJECTION or math.isnan(value):
        return Span(math.nan, math.nan)
    lost = math.nan if math.isnan(figure(row, column, table).high) else lost
    return Span(value / DAA / years, (value + lost) / DAA / years, some=value > 0)


def least(span: Span) -> float:
    """Figure as a spreadsheet has it: what is known, NaN where that is nothing at all."""
    return span.low if span.known or span.low > 0 else math.nan


def amount(span: Span, words: Catalogue, digits: int = 1) -> str:
    """Figure as it is read: at least so much where more may be unknown, and never a bare nought."""
    if span.known:
        none = span.low == 0 and not span.some
        return "0" if none else number(span.low, words.lang, digits=digits)
    if math.isnan(least(span)):
        return words.say("status.unknown")
    return f"≥ {number(span.low, words.lang, digits=digits)}"


def span_text(span: Span, words: Catalogue, digits: int = 1) -> str:
    """Difference as it is read, with sign; both ends where it is not known which."""
    if math.isnan(span.low):
        return words.say("status.unknown")
    low, high = (_signed(end, words, digits) for end in (span.low, span.high))
    return low if span.known else words.say("ledger.from_to", low=low, high=high)


def _signed(value: float, words: Catalogue, digits: int) -> str:
    text = number(value, words.lang, digits=digits)
    return f"+{text}" if value > 0 else text


def ledger_columns(name: str) -> Iterator[tuple[str, bool]]:
    """Columns of a ledger's CSV: land classes, then the total of their group (True)."""
    for group, own in LAYOUTS[name].groups.items():
        yield from ((c, False) for c in own if len(own) > 1 and not c.endswith("_not_covered"))
        yield group, True


def parameter_of(run: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """Value of a parameter on the date of judgement, with source and status."""
    return next((p for p in run.get("parameters") or [] if p["name"] == name), None)


def years_of(name: str, run: Mapping[str, Any]) -> float:
    """Years that a ledger's gross figures are spread over; NaN where nobody has said."""
    if name == "J3":
        return vintage_years(run)
    period = parameter_of(run, PERIOD) if name == "J1" else None
    return float(period["value"]) if period else math.nan


def vintage_years(run: Mapping[str, Any]) -> float:
    """Years between the two vintages of the ground ledger; NaN where one has no date."""
    told = run.get("vintages") or {}
    days = [(told.get(side) or {}).get("dated") for side in ("before", "after")]
    if not all(days):
        return math.nan
    first, last = (date.fromisoformat(str(day)) for day in days)
    return (last - first).days / DAYS_A_YEAR
