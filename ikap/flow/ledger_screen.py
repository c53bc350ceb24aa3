"""The three ledgers on a terminal: gross figures, and what of them is not known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ikap.accounts.j1_plan_ledger import LEFT, NEW, OUT
from ikap.accounts.j3_ground_ledger import COLUMNS
from ikap.facts.farmland_old_plan import FARMLAND
from ikap.flow.columns import Line
from ikap.results.account_tables import SUM, PrintedRow, PrintedTable
from ikap.results.account_words import column_label, part_label, row_label_in
from ikap.results.ledgers import (
    PLANNED,
    YEARLY,
    amount,
    between,
    change_of,
    figure,
    ledger_rows,
    per_year,
    span_text,
    years_of,
)
from ikap.texts import Catalogue

__all__ = ["ledger_grid"]

YEAR_DIGITS = 2


def ledger_grid(
    table: PrintedTable, run: Mapping[str, Any], words: Catalogue
) -> Iterator[Line | str]:
    """Heading and rows of one ledger; a text alone is the heading of a part.

    Parameters
    ----------
    table : PrintedTable
        `J1`, `J2` or `J3` of one place.
    run : mapping
        `run.json`: the years that gross figures are spread over.
    words : Catalogue
        Words of one language.

    Yields
    ------
    tuple of str, or str
        Rows of as many cells.
    """
    yield from {"J1": _plan, "J2": _decisions, "J3": _ground}[table.name](table, run, words)


def _plan(table: PrintedTable, run: Mapping[str, Any], words: Catalogue) -> Iterator[Line | str]:
    """By purpose, then by land class: part for part."""
    rows, name = ledger_rows(table), table.name
    years = years_of(name, run)
    gone = any(between(row, LEFT).high > 0 for row in rows)
    columns = (NEW, OUT, LEFT) if gone else (NEW, OUT)
    heads = [column_label(name, column, words) for column in columns]
    yield ("", *heads, words.say("account.column.change"), words.say("ledger.yearly"))
    part = ""
    for row in rows:
        if row.part != part:
            part = row.part
            yield part_label(part, words)
        cells = [amount(between(row, column), words) for column in columns]
        change = span_text(change_of(row, table), words)
        yearly = amount(per_year(row, NEW, table, years), words, YEAR_DIGITS)
        yield (row_label_in(name, row.row, words), *cells, change, yearly)
    sums = [row for row in rows if row.row == SUM and row.part != PLANNED]
    yield from _by_class(sums, columns, words)


def _by_class(
    sums: Sequence[PrintedRow], groups: Sequence[str], words: Catalogue
) -> Iterator[Line | str]:
    for land in FARMLAND:
        found = [[row.exact_m2.get(f"{group}_{land}", 0.0) for group in groups] for row in sums]
        if not any(value for values in found for value in values):
            continue
        yield words.say("ledger.of_class", name=words.say(f"class.{land}"))
        for row, values in zip(sums, found, strict=True):
            if any(values):
                cells = [amount(between(row, f"{group}_{land}"), words) for group in groups]
                yield (part_label(row.part, words), *cells, "", "")


def _decisions(
    table: PrintedTable,
    run: Mapping[str, Any],  # noqa: ARG001 (years are its rows)
    words: Catalogue,
) -> Iterator[Line | str]:
    columns = ("land_act", "planning_act", "released", "returned")
    yield ("", *(column_label(table.name, column, words) for column in columns))
    part = ""
    for row in table.rows:
        if row.row == SUM:
            continue  # a sum over years says nothing of a year
        if row.part != part:
            part = row.part
            yield part_label(part, words)
        there = [amount(between(row, column), words) for column in columns]
        yield (row_label_in(table.name, row.row, words), *there)


def _ground(table: PrintedTable, run: Mapping[str, Any], words: Catalogue) -> Iterator[Line | str]:
    """What happened down, land classes across."""
    name, years = table.name, years_of(table.name, run)
    shown = [row for row in table.rows if _some(row)]
    yield ("", *(_head(row, words) for row in shown))
    for column in COLUMNS:
        yield (
            column_label(name, column, words),
            *(amount(figure(row, column, table), words) for row in shown),
        )
        for strip in table.herav:
            if strip == f"narrow_{column}":
                cells = [amount(between(row, strip), words) for row in shown]
                yield (
                    f"  {words.say('account.herav').lower()} {column_label(name, strip, words)}",
                    *cells,
                )
    changes = [span_text(change_of(row, table), words) for row in shown]
    yield (words.say("account.column.change"), *changes)
    for column in YEARLY[name]:
        told = [amount(per_year(row, column, table, years), words, YEAR_DIGITS) for row in shown]
        label = column_label(name, column, words)
        yield (words.say("ledger.per_year", what=label).removesuffix(" (daa)"), *told)


def _some(row: PrintedRow) -> bool:
    known = any(not math.isnan(v) and v > 0 for v in row.exact_m2.values())
    return row.row == SUM or known or any(v != 0 for v in row.unknown.values())


def _head(row: PrintedRow, words: Catalogue) -> str:
    if row.row in FARMLAND:
        return words.say(f"class_short.{row.row}")
    return words.say("ledger.unmapped_short" if row.row != SUM else "column.sum")
