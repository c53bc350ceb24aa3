"""Reserve by purpose and land class, as the tables T3 and T4 have it, method by method.

In: a `Plan`. Out: `Reserve`, from result files alone. Other methods give other figures: the name of
the method stands with each, and one table has all of them beside one another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ikap.facts.farmland_accuracy import FARMLAND
from ikap.pages.figures import REGION
from ikap.pages.plan import Plan
from ikap.pages.words import Words
from ikap.results.account_tables import SUM, PrintedRow, PrintedTable, printed_tables
from ikap.results.account_words import column_label, method_label, notes, part_label, row_label

__all__ = ["MethodRow", "PurposeRow", "Reserve", "reserve"]

WHOLE, TABLE = "set_aside", "T4"
BESIDE = ("built", "dropped", "apart", "not_covered")
"""Columns of T4 that are no reserve."""
UNKNOWN = "not_covered"
OBJECTION = "objection"
FIRST = "KDD"
"""Method of the ministry's guide, which stands first."""


@dataclass(frozen=True)
class MethodRow:
    """What one method finds in one part of the plan, printed in daa; parts are never added up."""

    label: str
    part: str
    figures: tuple[str, ...]  # set aside, reserve, of it farmland, unknown


@dataclass(frozen=True)
class PurposeRow:
    """One purpose in one part of the plan; figures by column, printed in daa."""

    part: str
    label: str
    figures: tuple[str, ...]
    whole: bool  # the sum of a part


@dataclass(frozen=True)
class Reserve:
    """Reserve by method, and by purpose and land class of the first of them."""

    methods: tuple[MethodRow, ...]
    method: str
    heads: tuple[str, ...]
    rows: tuple[PurposeRow, ...]
    notes: tuple[str, ...]


def reserve(plan: Plan, words: Words) -> Reserve | None:
    """Reserve of one plan in the whole region.

    Parameters
    ----------
    plan : Plan
        Its table `accounts` has what is printed.
    words : Words
        Words of one language.

    Returns
    -------
    Reserve or None
        Figures in daa, as they stand in T4; None where the results have no such table.
    """
    accounts, run = plan.results.accounts, plan.run
    names = [str(method["name"]) for method in run.get("methods") or []]
    names.sort(key=lambda name: (name != FIRST, name.upper()))
    tables = {name: printed_tables(accounts, TABLE, method=name)[REGION] for name in names}
    first = next((name for name in names if tables[name].rows), "")
    if not first:
        return None
    say = words.catalogue
    columns = _columns(tables[first])
    return Reserve(
        methods=tuple(
            MethodRow(method_label(name, run, say), part_label(row.part, say), figures)
            for name, table in tables.items()
            for row, figures in _found(table, words)
        ),
        method=method_label(first, run, say),
        heads=tuple(column_label(TABLE, column, say) for column in columns),
        rows=tuple(_row(row, columns, words) for row in tables[first].rows),
        notes=tuple(notes(TABLE, run, say, method=first)),
    )


def _columns(table: PrintedTable) -> tuple[str, ...]:
    """Columns with any figure above 0, and always what is set aside."""
    some = [c for c in table.columns if any(_some(row, c) for row in table.rows)]
    return (*some, WHOLE)


def _some(row: PrintedRow, column: str) -> bool:
    return row.values.get(column, 0.0) > 0 or row.unknown.get(column, 0.0) > 0


def _found(table: PrintedTable, words: Words) -> Iterator[tuple[PrintedRow, tuple[str, ...]]]:
    """Sum of each part with its figures: set aside, reserve, of it farmland, unknown."""
    lands = [column for column in table.columns if column not in BESIDE]
    groups = ((WHOLE,), lands, FARMLAND, (UNKNOWN,))
    for row in table.rows:
        if row.row == SUM:
            added = (sum(row.values.get(c, 0.0) for c in group) for group in groups)
            yield row, tuple(_printed(value, words) for value in added)


def _row(row: PrintedRow, columns: tuple[str, ...], words: Words) -> PurposeRow:
    say = words.catalogue
    nobody = math.nan if row.part == OBJECTION else 0.0
    figures = [_printed(row.values.get(column, nobody), words) for column in columns]
    return PurposeRow(
        part_label(row.part, say), row_label(row.row, say), tuple(figures), row.row == SUM
    )


def _printed(daa: float, words: Words) -> str:
    return words.status("unknown") if math.isnan(daa) else words.number(daa, 1)
