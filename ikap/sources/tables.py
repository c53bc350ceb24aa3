"""Tables: registers and statistics as CSV, tab-separated text or Excel.

In: `source = { from = "tables", path = "data/x.csv" }`, and if need be `file` (which file of a
zip), `sheet`, `encoding`, `delimiter`, `where`, `years` (years that stand as columns), and where
things lie: `x` and `y` or `wkt`, with `crs` (see `located`). Out: `Raw`. Every cell is text until
the kind reads it; its index is the row in the file (`rad:12`).
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from ikap.model import LayerDeclaration
from ikap.sources.archive import Member, unpacked
from ikap.sources.attributes import choose_rows, missing_column
from ikap.sources.checksum import checksum
from ikap.sources.ledger import Ledger
from ikap.sources.located import located, unplaced
from ikap.sources.names import as_text
from ikap.sources.raw import Raw
from ikap.sources.spreadsheet import sheet_rows

__all__ = ["EXCEL", "TEXT", "path_of", "present", "read"]

KEYS = (
    "from",
    "path",
    "file",
    "sheet",
    "encoding",
    "delimiter",
    "where",
    "years",
    "x",
    "y",
    "wkt",
    "crs",
)
TEXT = (".csv", ".tsv", ".txt")
EXCEL = (".xlsx", ".xlsm")
ZIP = ".zip"
DELIMITERS = (";", "\t", ",", "|")
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
YEAR = "år"
Rows = list[tuple[int, list[str]]]


def present(declaration: LayerDeclaration) -> bool:
    """Whether the declared file is there.

    Parameters
    ----------
    declaration : LayerDeclaration
        Layer with `source.path`.

    Returns
    -------
    bool
        False where the planner has not put the file in yet.
    """
    return path_of(declaration).exists()


def read(declaration: LayerDeclaration, *, prefer: Sequence[str] = ()) -> Raw:
    """The declared table as it lies in its file.

    Parameters
    ----------
    declaration : LayerDeclaration
        Layer with `source.path`.
    prefer : sequence of str
        Names of sheets that are taken if none is named and only one of these is there.

    Returns
    -------
    Raw
        Text columns with the file's own names; geometry is missing unless `wkt` names a column.

    Raises
    ------
    InputError
        `file.missing`, `file.empty`, `file.type`, `file.unreadable`, `file.layer_missing`,
        `file.layer_choice`, `table.*`, `column.missing`, `filter.nothing`.
    """
    path, source = path_of(declaration), declaration.source
    ledger = Ledger(str(path), declaration.name)
    _check_file(path, ledger)
    with _opened(path, _text(source, "file"), ledger) as table:
        sheet, others, letters = table.path.stem, tuple[str, ...](), ("UTF-8", "format")
        if table.path.suffix.lower() in EXCEL:
            wanted = _text(source, "sheet")
            sheet, others, rows = sheet_rows(table.path, wanted, prefer, ledger)
        else:
            rows, letters = _text_rows(
                table.path, _text(source, "encoding"), _text(source, "delimiter"), ledger
            )
    frame = _frame([(n, [_cell(c) for c in cells]) for n, cells in rows], ledger)
    years = source.get("years")
    if isinstance(years, Mapping):
        frame = _years_as_rows(frame, years, ledger)
    placed = located(frame, source, ledger)
    ledger.stop()
    where = source.get("where")
    chosen = choose_rows(placed, where if isinstance(where, dict) else {}, ledger)
    sha256, size = checksum(path)
    return Raw(
        frame=chosen,
        path=path,
        layer=sheet,
        crs_known_by=str(placed.attrs.get("crs_known_by", "")),
        sha256=sha256,
        size=size,
        quality=tuple(ledger.quality),
        name=ledger.layer,
        others=others,
        letters=letters[0],
        letters_known_by=letters[1],
        file=table.name,
    )


@contextmanager
def _opened(path: Path, file: str | None, ledger: Ledger) -> Iterator[Member]:
    """The table itself, or the one of a zip while it is unpacked."""
    if path.suffix.lower() != ZIP:
        if file is not None:
            raise ledger.error("archive.no_zip", name=file)
        yield Member("", path)
        return
    with unpacked(path, file, (*TEXT, *EXCEL), ledger) as members:
        if len(members) > 1:
            there = ", ".join(member.name for member in members)
            raise ledger.error("archive.table_choice", there=there)
        yield members[0]


def path_of(declaration: LayerDeclaration) -> Path:
    """Path of the declared file; a relative one counts from the workspace's `layers/`.

    Parameters
    ----------
    declaration : LayerDeclaration
        Layer with `source.path`.

    Returns
    -------
    Path
        The file, which may not be there.

    Raises
    ------
    InputError
        `source.key_unknown` or `source.path_missing`, all faults of the table together.
    """
    source, ledger = declaration.source, Ledger(declaration.file, declaration.name)
    for key in source:
        if key not in KEYS:
            near = next(iter(difflib.get_close_matches(key, KEYS, n=1, cutoff=0.4)), "")
            ledger.fault("source.key_unknown", name=key, nearest=near, valid=", ".join(KEYS))
    if not source.get("path"):
        ledger.fault("source.path_missing")
    ledger.stop()
    return declaration.root / "layers" / str(source["path"])


def _text(source: Mapping[str, object], key: str) -> str | None:
    return str(source[key]) if source.get(key) else None


def _check_file(path: Path, ledger: Ledger) -> None:
    readable = ", ".join((*TEXT, *EXCEL, ZIP))
    if not path.exists():
        beside = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
        near = next(iter(difflib.get_close_matches(path.name, beside, n=1, cutoff=0.6)), "")
        raise ledger.error("file.missing", folder=str(path.parent), nearest=near)
    if not path.is_file() or path.suffix.lower() not in (*TEXT, *EXCEL, ZIP):
        raise ledger.error("file.type", found=path.suffix or path.name, readable=readable)
    if path.stat().st_size == 0:
        raise ledger.error("file.empty")


def _text_rows(
    path: Path, encoding: str | None, delimiter: str | None, ledger: Ledger
) -> tuple[Rows, tuple[str, str]]:
    """Rows of a text file that hold anything, with their line numbers; and its letters."""
    text, letters = _decoded(path.read_bytes(), encoding, ledger)
    if "\x00" in text:
        raise ledger.error("file.unreadable", detail="NUL")
    stated = SEPARATOR_LINE.match(text)  # written by Excel, for Excel
    first = next((line for line in text.splitlines() if line.strip() and not stated), "")
    separator = delimiter or (stated[1] if stated else _likeliest(first))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = [(reader.line_num, row) for row in reader if any(c.strip() for c in row)]
    except csv.Error as error:
        raise ledger.error("file.unreadable", detail=str(error)) from error
    return rows[1:] if stated else rows, letters


def _likeliest(header: str) -> str:
    """Delimiter that stands most often in the header."""
    return max(DELIMITERS, key=lambda d: (header.count(d), -DELIMITERS.index(d)))


def _decoded(raw: bytes, encoding: str | None, ledger: Ledger) -> tuple[str, tuple[str, str]]:
    """Text of a file, its encoding and how that is known."""
    mark = next((code for bom, code in MARKS if raw.startswith(bom)), None)
    try:
        text = raw.decode(encoding or mark or "utf-8").removeprefix("\ufeff")
    except LookupError as error:
        raise ledger.error("encoding.unknown", name=encoding) from error
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        count = sum(not line.isascii() for line in text.splitlines())
        ledger.told("letters.guessed", count, stated=encoding or "", used="Latin-1")
        return text, ("Latin-1", "guessed")
    if encoding:
        return text, (encoding, "declared")
    return text, ((mark or "utf-8").upper(), "bom" if mark else "tested")


def _cell(value: object) -> str:
    """Cell as text; a date made by a spreadsheet as an ISO date."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return as_text(value)


def _frame(rows: Rows, ledger: Ledger) -> pd.DataFrame:
    """Table of text; the first row that holds anything is the header."""
    if len(rows) < 2:  # noqa: PLR2004 (a header and something under it)
        raise ledger.error("file.no_features", name=ledger.layer)
    header = [name or f"kolonne {i}" for i, name in enumerate(rows[0][1], start=1)]
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        ledger.fault("table.column_twice", names=", ".join(twice))
    wide = [f"rad:{n}" for n, cells in rows[1:] if any(cells[len(header) :])]
    if wide:
        ledger.fault("table.row_wide", ids=wide, count=len(wide), columns=len(header))
    ledger.stop()
    padded = [(cells + [""] * len(header))[: len(header)] for _, cells in rows[1:]]
    index = pd.Index([f"rad:{n}" for n, _ in rows[1:]], dtype=object)
    return pd.DataFrame(padded, index=index, columns=header, dtype=object)


def _years_as_rows(
    frame: pd.DataFrame, years: Mapping[str, object], ledger: Ledger
) -> pd.DataFrame:
    """One row a year where years stand as columns: `{ column = "pop{year}", value = "pop" }`."""
    pattern = str(years.get("column", "{year}"))
    form = re.escape(pattern).replace(re.escape("{year}"), r"(\d{4})")
    found = {name: m for name in frame.columns if (m := re.fullmatch(form, str(name)))}
    low, high = (int(str(years.get(k, v))) for k, v in (("from", 0), ("to", 9999)))
    wanted = {name: int(m[1]) for name, m in found.items() if low <= int(m[1]) <= high}
    if not wanted:
        raise ledger.error("column.missing", **missing_column(pattern, unplaced(frame)))
    kept = frame.drop(columns=list(found))
    parts = []
    for name, year in sorted(wanted.items(), key=lambda item: item[1]):
        part = kept.assign(**{str(years.get("value", "verdi")): frame[name]})
        part[YEAR] = str(year)
        parts.append(part.set_axis(frame.index + f":{year}"))
    return pd.concat(parts)
