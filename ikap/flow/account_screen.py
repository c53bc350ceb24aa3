"""Tables of the statement on a terminal, within 80 columns: figures in daa, and their method."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from ikap.errors import InputError
from ikap.flow.account_intervals import plus_minus, widest_note
from ikap.flow.columns import Line, laid_out
from ikap.flow.ledger_screen import ledger_grid
from ikap.flow.stating import ALL_TABLES, DEFAULT_METHOD
from ikap.results import Results
from ikap.results.account_csv import account_csv, columns_of, line_length
from ikap.results.account_tables import (
    LAYOUTS,
    REGION,
    SUM,
    PrintedRow,
    PrintedTable,
    printed_tables,
)
from ikap.results.account_words import (
    column_label,
    empty_note,
    notes,
    part_label,
    row_label,
    silent_note,
    table_title,
)
from ikap.results.beside import NO_SHARE, Beside, beside, compares
from ikap.results.ledgers import LEDGERS
from ikap.texts import Catalogue, number

__all__ = ["account_screen", "account_text", "save_text"]

NARROW = 60
ACROSS = ("T4", "T5")
"""Tables with more columns than a screen: shown with classes down and parts across."""


def account_text(
    results: Results,
    name: str,
    words: Catalogue,
    *,
    method: str | None,
    place: str | None,
    width: int,
    as_csv: bool = False,
    intervals: bool = False,
) -> str:
    """Wanted table, or all that the plan has, for the screen or as CSV.

    Parameters
    ----------
    results : Results
        One plan's results.
    name : str
        `T1` to `T7`, `J1` to `J3`, or `all`.
    words : Catalogue
        Words of one language.
    method : str, optional
        How reserve is counted; on the screen `DEFAULT_METHOD`, in a CSV all methods if not given.
    place : str, optional
        Number of a municipality; the region if not given. A CSV has them all.
    width : int
        Columns of the terminal.
    as_csv : bool
        Rows separated by semicolons, as in the result folder; always with intervals.
    intervals : bool
        Half the 95 % interval under each row; else the widest one is told.

    Returns
    -------
    str
        Text of one or more tables.
    """
    there = set(results.accounts["table"])
    names = [n for n in LAYOUTS if n in there] if name == ALL_TABLES else [name]
    if as_csv:
        return "".join(account_csv(results, n, words, method or "") for n in names)
    own = method or DEFAULT_METHOD
    where = place or REGION
    how = {"method": own, "place": where, "width": width, "intervals": intervals}
    screens = [account_screen(results, n, words, **how) for n in names]  # type: ignore[arg-type]
    head = [words.say("export.constructed")] if results.run["region"]["constructed"] else []
    return "\n\n\n".join([*head, *screens])


def save_text(path: Path, text: str) -> None:
    """Write for a spreadsheet (UTF-8 with BOM); an older file of that name is replaced."""
    try:
        path.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError("output.denied", file=str(path), detail=str(error)) from error


def account_screen(
    results: Results,
    name: str,
    words: Catalogue,
    *,
    method: str,
    place: str,
    width: int,
    intervals: bool = False,
) -> str:
    """One table as text.

    Parameters
    ----------
    results : Results
        One plan's results.
    name : str
        `T1` to `T7`, or `J1` to `J3`.
    words : Catalogue
        Words of one language.
    method : str
        Of `T3` and `T4`.
    place : str
        `region`, or the number of a municipality.
    width : int
        Columns of the terminal.
    intervals : bool
        As for `account_text`.

    Returns
    -------
    str
        Title, figures, and what they rest on.

    Raises
    ------
    InputError
        `statement.place`: no municipality of that number has figures.
    """
    own = method if LAYOUTS[name].by_method else ""
    tables = printed_tables(results.accounts, name, method=own)
    if place not in tables:
        raise InputError("statement.place", name=place, valid=", ".join(tables))
    wide = max(width, NARROW)
    title = table_title(name, results.run, words, own)
    where = "" if place == REGION else f" {place}."
    lines = [*textwrap.wrap(f"{title}.{where}", wide), ""]
    table = tables[place]
    none = empty_note(table, words)
    lines += none or laid_out(list(_grid(table, results, words, intervals)), wide)
    lines.append("")
    told = notes(name, results.run, words, method=own, lost_m=line_length(results))
    widest = [] if intervals else widest_note(table, words)
    for note in [*widest, *told, *silent_note(table, words)]:
        lines += textwrap.wrap(note, wide)
    return "\n".join(lines)


def _grid(
    table: PrintedTable, results: Results, words: Catalogue, intervals: bool
) -> Iterator[Line | str]:
    """Heading and rows; a text alone is the heading of a part."""
    if table.name in LEDGERS:
        yield from ledger_grid(table, results.run, words)
        return
    if table.name in ACROSS:
        yield from _by_part(table, words, intervals)
        return
    if table.name == "T2":
        yield from _as_list(table, words)
        return
    names = {m["number"]: m["name"] for m in results.run["region"]["municipalities"]}
    columns = [c for c in columns_of(table) if _some(table, c)]
    yield ("", *_heads(table, columns, words))
    part = ""
    for row in table.rows:
        if row.part != part:
            part = row.part
            yield part_label(part, words)
        label = f"{row.row} {names[row.row]}" if row.row in names else row_label(row.row, words)
        yield (label, *_cells(row, table, columns, words))
        if intervals:
            beside = [""] * (len(_heads(table, columns, words)) - len(columns))
            yield from plus_minus([(row, c) for c in columns], words, beside)


def _some(table: PrintedTable, column: str) -> bool:
    """Whether there is anything to show in the column; zero columns only take room."""
    return any(row.values.get(column, 0.0) != 0 for row in table.rows)


def _heads(table: PrintedTable, columns: Sequence[str], words: Catalogue) -> list[str]:
    found = [column_label(table.name, c, words) for c in columns]
    if compares(table):
        found += [words.say("account.column.change"), "%"]
    if table.name == "T3":
        found += ["%"]
    return found


def _cells(
    row: PrintedRow, table: PrintedTable, columns: Sequence[str], words: Catalogue
) -> Iterator[str]:
    lost = row.part == "objection"
    digits = 1 if LAYOUTS[table.name].areas else 0
    for column in columns:
        value = row.values.get(column, math.nan if lost else 0.0)
        yield _figure(value, row.exact_m2.get(column, value), words, digits)
    for figure in beside(row, table):
        yield _beside(figure, words)


def _figure(value: float, exact: float, words: Catalogue, digits: int = 1) -> str:
    """Figure of a cell: a bare 0 is none at all, 0,0 is less than what is printed."""
    return "0" if exact == 0 and value == 0 else number(value, words.lang, digits=digits)


def _beside(figure: Beside, words: Catalogue) -> str:
    if figure.value is None:
        return NO_SHARE
    if figure.percent:
        return number(figure.value, words.lang, digits=1)
    return _figure(figure.value, figure.exact, words)


def _by_part(table: PrintedTable, words: Catalogue, intervals: bool) -> Iterator[Line | str]:
    """Classes or themes down, parts across; the sums of each part."""
    sums = {row.part: row for row in table.rows if row.row == SUM}
    yield ("", *(words.say(f"development_short.{part}") for part in sums))
    total = LAYOUTS[table.name].total
    for column in (*table.columns, *([total] if total else [])):
        figures = [(r.values.get(column, 0.0), r.exact_m2.get(column, 0.0)) for r in sums.values()]
        if any(exact != 0 for _, exact in figures):
            yield (
                column_label(table.name, column, words),
                *(_figure(value, exact, words) for value, exact in figures),
            )
            if intervals:
                yield from plus_minus([(row, column) for row in sums.values()], words)
    if table.herav:
        yield words.say("account.herav")
    for column in table.herav:
        yield (
            column_label(table.name, column, words),
            *(_theme(row, column, words) for row in sums.values()),
        )
        if intervals:
            yield from plus_minus([(row, column) for row in sums.values()], words)


def _theme(row: PrintedRow, column: str, words: Catalogue) -> str:
    """Area of a theme; "at least" where part of it is not mapped."""
    value = row.values.get(column, 0.0)
    text = _figure(value, row.exact_m2.get(column, value), words)
    lost = row.unknown.get(column, 0.0)
    return f"≥ {text}" if not math.isnan(value) and lost > 0 else text


def _as_list(table: PrintedTable, words: Catalogue) -> Iterator[Line | str]:
    """Each change of purpose with its area, then what is unchanged; the matrix is in the CSV."""
    rows = [row for row in table.rows if row.row != SUM]
    pairs = [(r, c, r.values[c]) for r in rows for c in table.columns if c in r.values]
    moved = [(r, c, v) for r, c, v in pairs if r.row != c]
    for row, column, value in sorted(moved, key=lambda p: (-p[2], p[0].row, p[1])):
        text = words.say(
            "account.change_of",
            old=row_label(row.row, words),
            new=row_label(column, words),
        )
        yield (text, _figure(value, row.exact_m2[column], words))
    same = sum(v for r, c, v in pairs if r.row == c)
    changed = sum(v for _, _, v in moved)
    yield (words.say("account.changed"), _figure(changed, changed, words))
    yield (words.say("account.unchanged"), _figure(same, same, words))
    yield (words.say("account.column.sum"), _figure(same + changed, 1.0, words))
