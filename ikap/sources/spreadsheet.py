"""Sheets of an Excel workbook as rows of values."""

from __future__ import annotations

import difflib
import importlib
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name

__all__ = ["sheet_rows"]


def sheet_rows(
    path: Path, sheet: str | None, prefer: Sequence[str], ledger: Ledger
) -> tuple[str, tuple[str, ...], list[tuple[int, list[Any]]]]:
    """Rows of one sheet that hold anything.

    Parameters
    ----------
    path : Path
        Workbook (.xlsx).
    sheet : str or None
        Name of the sheet; needed if several hold anything.
    prefer : sequence of str
        Names that are taken if only one of them is there.
    ledger : Ledger
        For the messages.

    Returns
    -------
    tuple of str, tuple of str, list
        Name of the sheet, the others, and (row number in the sheet, values). A formula gives the
        value that the spreadsheet last computed.

    Raises
    ------
    InputError
        `table.no_openpyxl`, `file.unreadable`, `file.layer_missing`, `file.layer_choice`.
    """
    try:
        openpyxl = importlib.import_module("openpyxl")  # only workbooks need it
    except ImportError as error:
        raise ledger.error("table.no_openpyxl") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that it does not keep
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            sheets = {s.title: _filled(s.iter_rows(values_only=True)) for s in book.worksheets}
            book.close()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ledger.error("file.unreadable", detail=str(error)) from error
    chosen = _choose({name: rows for name, rows in sheets.items() if rows}, sheet, prefer, ledger)
    return chosen, tuple(name for name in sheets if name != chosen), sheets[chosen]


def _filled(rows: Iterable[Sequence[Any]]) -> list[tuple[int, list[Any]]]:
    numbered = enumerate(rows, start=1)
    return [(n, list(row)) for n, row in numbered if any(c is not None and c != "" for c in row)]


def _choose(
    filled: dict[str, list[tuple[int, list[Any]]]],
    sheet: str | None,
    prefer: Sequence[str],
    ledger: Ledger,
) -> str:
    names = list(filled)
    if not names:
        raise ledger.error("file.no_layers")
    there = ", ".join(names)
    if sheet is not None:
        found = find_name(sheet, names)
        if found is None:
            near = next(iter(difflib.get_close_matches(sheet, names, n=1, cutoff=0.4)), "")
            raise ledger.error("file.layer_missing", name=sheet, nearest=near, there=there)
        return found
    wanted = {found for name in prefer if (found := find_name(name, names))}
    if len(names) > 1 and len(wanted) != 1:
        raise ledger.error("file.layer_choice", there=there, count=len(names))
    return wanted.pop() if len(wanted) == 1 else names[0]
