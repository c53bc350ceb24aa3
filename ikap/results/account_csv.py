"""The statement's tables as CSV: figures that add up, by place, and how they were made."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ikap.results.account_tables import (
    LAYOUTS,
    REGION,
    SUM,
    UNIT_M2,
    PrintedRow,
    PrintedTable,
    printed_tables,
)
from ikap.results.account_words import (
    column_label,
    empty_note,
    method_label,
    notes,
    part_label,
    row_label_in,
    silent_note,
    table_title,
)
from ikap.results.beside import NO_SHARE, beside, compares
from ikap.results.csv_export import csv_cell
from ikap.results.ledger_csv import ledger_heads, ledger_values
from ikap.results.ledgers import LEDGERS, ledger_rows
from ikap.results.store import Results
from ikap.texts import Catalogue

__all__ = [
    "account_csv",
    "columns_of",
    "export_accounts",
    "line_length",
    "mapped_columns",
    "methods_of",
]

NOISE = 1e-6
"""Part of the last printed digit that is no more than noise of the coordinates."""
_ROW_HEADS = {"J2": "column.year", "J3": "column.class"}
"""What the rows of a table are, where they are not purposes."""
ByMethod = Mapping[str, Mapping[str, PrintedTable]]
"""Printed tables by method, then by place."""


def export_accounts(results: Results, folder: Path, catalogues: Iterable[Catalogue]) -> list[Path]:
    """Write one file for each table that the plan has, in each language.

    Parameters
    ----------
    results : Results
        One plan's results.
    folder : Path
        Where the files go.
    catalogues : iterable of Catalogue
        Words of each language; its code stands in the file names. Figures are made once for all.

    Returns
    -------
    list of Path
        `tabell-T1.nb.csv` and so on. Areas are in daa with one decimal; what a critic needs to
        redo them stands under the figures.
    """
    constructed = bool(results.run["region"].get("constructed"))
    prefix = "konstruert-" if constructed else ""
    words, written = list(catalogues), []
    for name in LAYOUTS:
        if not (results.accounts["table"] == name).any():
            continue
        figures = _by_method(results, name)
        for one in words:
            path = folder / f"{prefix}tabell-{name}.{one.lang}.csv"
            text = _csv(results, name, one, figures)
            path.write_text(text, encoding="utf-8-sig", newline="")
            written.append(path)
    return written


def account_csv(results: Results, name: str, catalogue: Catalogue, method: str = "") -> str:
    """Text of one file, lines ending in CR LF; marked where the data are constructed."""
    return _csv(results, name, catalogue, _by_method(results, name, method))


def _csv(results: Results, name: str, catalogue: Catalogue, figures: ByMethod) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    if results.run["region"].get("constructed"):
        writer.writerow([catalogue.say("export.constructed")])
    for row in _rows(results, name, catalogue, figures):
        writer.writerow([csv_cell(value, catalogue.lang) for value in row])
    return text.getvalue()


def _by_method(results: Results, name: str, method: str = "") -> ByMethod:
    """Tables of each place by each method, or by one of them."""
    one = method and LAYOUTS[name].by_method
    methods = [method] if one else methods_of(results, name)
    return {own: printed_tables(results.accounts, name, method=own) for own in methods}


def _rows(
    results: Results, name: str, catalogue: Catalogue, figures: ByMethod
) -> Iterator[list[object]]:
    """Rows of one file: per method its title, heading, figures by place in daa, and notes."""
    lost = line_length(results)
    for i, (own, tables) in enumerate(figures.items()):
        if i:
            yield []
        yield [table_title(name, results.run, catalogue, own)]
        yield from _figures(results, name, catalogue, tables)
        yield []
        for note in empty_note(tables[REGION], catalogue):
            yield [note]
        for note in notes(name, results.run, catalogue, method=own, lost_m=lost):
            yield [note]
        for note in silent_note(tables[REGION], catalogue):
            yield [note]


def methods_of(results: Results, name: str) -> list[str]:
    """Methods that a table was made by; one nameless where it has none."""
    if not LAYOUTS[name].by_method:
        return [""]
    found = set(results.accounts.loc[results.accounts["table"] == name, "method"])
    return sorted(found or {m["name"] for m in results.run.get("methods", ())})


def line_length(results: Results) -> float:
    """Length in m of planned roads that are drawn as lines in this plan."""
    rows = results.quality[results.quality["what"] == "transport.lines"]
    return float(rows["amount"].sum())


def _figures(
    results: Results, name: str, catalogue: Catalogue, tables: Mapping[str, PrintedTable]
) -> Iterator[list[object]]:
    say = catalogue.say
    whole = tables[REGION]
    fixed = [
        say("column.municipality"),
        say("account.part_head"),
        say(_ROW_HEADS.get(name, "account.row_head")),
    ]
    by = [method_label(whole.method, results.run, catalogue)] if whole.method else []
    yield [*fixed, *_heads(whole, catalogue), *([say("column.method")] if by else [])]
    numbers = {m["number"]: m["name"] for m in results.run["region"]["municipalities"]}
    for place, table in tables.items():
        if name == "T6" and place != REGION:
            continue  # its rows are the municipalities
        region = place == REGION
        told = say("export.region_total") if region else _place(place, numbers)
        for row in ledger_rows(table):
            figures = [_told(value, catalogue) for value in _values(row, table, whole, results.run)]
            if name == "T6" and row.row != SUM:
                yield [_place(row.row, numbers), "", "", *figures]
                continue
            label = row_label_in(name, row.row, catalogue)
            yield [told, part_label(row.part, catalogue), label, *figures, *by]


def _place(number: str, names: Mapping[str, str]) -> str:
    return f"{number} {names.get(number, '')}".strip()


def _told(value: object, catalogue: Catalogue) -> object:
    unknown = isinstance(value, float) and math.isnan(value)
    return catalogue.say("status.unknown") if unknown else value


def _heads(table: PrintedTable, catalogue: Catalogue) -> list[str]:
    if table.name in LEDGERS:
        return ledger_heads(table, catalogue)
    say = catalogue.say
    unit = "" if not LAYOUTS[table.name].areas else " (daa)"
    found = [f"{column_label(table.name, c, catalogue)}{unit}" for c in columns_of(table)]
    if compares(table):
        found += [f"{say('account.column.change')} (daa)", f"{say('account.column.change')} (%)"]
    if table.name == "T3":
        found += [f"{say('account.column.reserve')} (%)"]
    unknown = say("account.column.unknown")
    herav = [column_label(table.name, c, catalogue) for c in table.herav]
    for label in herav:
        found += [f"{say('account.herav')} {label} (daa)", f"{label}, {unknown} (daa)"]
    for column in mapped_columns(table):
        label = column_label(table.name, column, catalogue)
        found += [f"{label}: {say(f'column.{end}_daa')}" for end in ("low", "high")]
    return found


def columns_of(table: PrintedTable) -> list[str]:
    """Columns in the order they are shown, the sum of the others first or last."""
    total = LAYOUTS[table.name].total
    if total == SUM:
        return [*table.columns, total]
    return [total, *table.columns] if total else [*table.columns]


def mapped_columns(table: PrintedTable) -> list[str]:
    """Columns that have an interval somewhere, or whose accuracy is not stated."""
    there = {column for row in table.rows for column in row.half_m2}
    return [c for c in (*columns_of(table), *table.herav) if c in there]


def _values(
    row: PrintedRow, own: PrintedTable, table: PrintedTable, run: Mapping[str, Any]
) -> Iterator[object]:
    """Figures of a row of its own place's table, by the columns of the region's."""
    if table.name in LEDGERS:
        yield from ledger_values(row, table, run)
        return
    none = 0.0 if row.part != "objection" else float("nan")
    for column in columns_of(table):
        yield row.values.get(column, none)
    for figure in beside(row, own):
        yield NO_SHARE if figure.value is None else figure.value
    for column in table.herav:
        yield row.values.get(column, 0.0)
        yield row.unknown.get(column, 0.0) / 1000
    for column in mapped_columns(table):
        yield from _ends(row, column)


def _ends(row: PrintedRow, column: str) -> tuple[object, object]:
    """Interval in daa, rounded outward; empty where there is no such ground."""
    if column not in row.half_m2:
        return "", ""
    low, high = (end / UNIT_M2 for end in row.interval(column))
    if math.isnan(low):
        return low, high
    return math.floor(low + NOISE) / 10 + 0.0, math.ceil(high - NOISE) / 10
