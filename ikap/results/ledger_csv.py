"""Columns of the three ledgers in their CSV: gross figures, what is unknown beside, differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ikap.results.account_tables import PrintedRow, PrintedTable
from ikap.results.account_words import column_label
from ikap.results.ledgers import (
    DIFFERENCES,
    YEARLY,
    Span,
    change_of,
    figure,
    least,
    ledger_columns,
    per_year,
    years_of,
)
from ikap.texts import Catalogue

__all__ = ["ledger_heads", "ledger_values"]


def ledger_heads(table: PrintedTable, words: Catalogue) -> list[str]:
    """Headings of one ledger's figures, in the order of `ledger_values`."""
    say, name = words.say, table.name
    found = []
    for column, total in ledger_columns(name):
        label = column_label(name, column, words)
        found.append(f"{label} (daa)")
        if total:
            found.append(f"{label}, {say('account.column.unknown')} (daa)")
    if name in DIFFERENCES:
        change = say(f"ledger.change.{name}")
        found += [f"{change}, {say(f'ledger.{end}')} (daa)" for end in ("least", "most")]
    for column in YEARLY.get(name, ()):
        found.append(say("ledger.per_year", what=column_label(name, column, words)))
    found += [
        f"{say('account.herav')} {column_label(name, column, words)} (daa)"
        for column in table.herav
    ]
    return found


def ledger_values(row: PrintedRow, table: PrintedTable, run: Mapping[str, Any]) -> Iterator[object]:
    """Figures of one row; NaN is unknown. A total is what is known of it."""
    name = table.name
    for column, total in ledger_columns(name):
        yield least(figure(row, column, table))
        if total:
            yield _lost(figure(row, column, table))
    if name in DIFFERENCES:
        change = change_of(row, table)
        yield from (change.low, change.high)
    for column in YEARLY.get(name, ()):
        yield round(least(per_year(row, column, table, years_of(name, run))), 2)
    for column in table.herav:
        yield row.values.get(column, 0.0)


def _lost(span: Span) -> float:
    return round(span.high - span.low, 1) + 0.0
