"""Tables: registers and statistics as CSV, tab-separated text or Excel.

In: `source = { from = "tables", path = "data/x.csv" }`, and if need be `sheet`, `encoding`,
`delimiter`, `where`, `years` (years that stand as columns) and `wkt` with `crs` (geometry as text).
Out: `Raw`. Every cell is text until the kind reads it; its index is the row in the file (`rad:12`).
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import shapely
from geopandas import GeoDataFrame, GeoSeries

from ikap.model import LayerDeclaration
from ikap.sources.attributes import choose_rows, missing_column
from ikap.sources.checksum import checksum
from ikap.sources.ledger import Ledger
from ikap.sources.names import as_text, find_name
from ikap.sources.raw import Raw
from ikap.sources.spreadsheet import sheet_rows

__all__ = ["EXCEL", "TEXT", "path_of", "present", "read"]

KEYS = ("from", "path", "sheet", "encoding", "delimiter", "where", "years", "wkt", "crs")
TEXT = (".csv", ".tsv", ".txt")
EXCEL = (".xlsx", ".xlsm")
DELIMITERS = (";", "\t", ",", "|")
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
    sheet, others = path.stem, tuple[str, ...]()
    if path.suffix.lower() in EXCEL:
        sheet, others, rows = sheet_rows(path, _text(source, "sheet"), prefer, ledger)
    else:
        rows = _text_rows(path, _text(source, "encoding"), _text(source, "delimiter"), ledger)
    frame = _frame([(n, [_cell(c) for c in cells]) for n, cells in rows], ledger)
    years = source.get("years")
    if isinstance(years, Mapping):
        frame = _years_as_rows(frame, years, ledger)
    located = _located(frame, _text(source, "wkt"), _text(source, "crs"), ledger)
    where = source.get("where")
    located = choose_rows(located, where if isinstance(where, dict) else {}, ledger)
    quality = tuple(ledger.quality)
    return Raw(located, path, sheet, "", *checksum(path), quality, ledger.layer, others)


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
    readable = ", ".join((*TEXT, *EXCEL))
    if not path.exists():
        beside = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
        near = next(iter(difflib.get_close_matches(path.name, beside, n=1, cutoff=0.6)), "")
        raise ledger.error("file.missing", folder=str(path.parent), nearest=near)
    if not path.is_file() or path.suffix.lower() not in (*TEXT, *EXCEL):
        raise ledger.error("file.type", found=path.suffix or path.name, readable=readable)
    if path.stat().st_size == 0:
        raise ledger.error("file.empty")


def _text_rows(path: Path, encoding: str | None, delimiter: str | None, ledger: Ledger) -> Rows:
    """Rows of a text file that hold anything, with their line numbers."""
    raw = path.read_bytes()
    try:
        text = raw.decode(encoding or "utf-8-sig")
    except LookupError as error:
        raise ledger.error("encoding.unknown", name=encoding) from error
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        count = sum(not line.isascii() for line in text.splitlines())
        ledger.told("letters.guessed", count, stated=encoding or "", used="Latin-1")
    if "\x00" in text:
        raise ledger.error("file.unreadable", detail="NUL")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = delimiter or max(DELIMITERS, key=lambda d: (first.count(d), -DELIMITERS.index(d)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [(reader.line_num, row) for row in reader if any(c.strip() for c in row)]
    except csv.Error as error:
        raise ledger.error("file.unreadable", detail=str(error)) from error


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
        raise ledger.error("column.missing", **missing_column(pattern, _unplaced(frame)))
    kept = frame.drop(columns=list(found))
    parts = []
    for name, year in sorted(wanted.items(), key=lambda item: item[1]):
        part = kept.assign(**{str(years.get("value", "verdi")): frame[name]})
        part[YEAR] = str(year)
        parts.append(part.set_axis(frame.index + f":{year}"))
    return pd.concat(parts)


def _unplaced(frame: pd.DataFrame) -> GeoDataFrame:
    nothing = np.full(len(frame), None, dtype=object)
    return GeoDataFrame(frame, geometry=GeoSeries(nothing, frame.index))


def _located(frame: pd.DataFrame, wkt: str | None, crs: str | None, ledger: Ledger) -> GeoDataFrame:
    """Table with the geometry that stands in it as text, or with none."""
    if wkt is None:
        return _unplaced(frame)
    column = find_name(wkt, map(str, frame.columns))
    if column is None:
        raise ledger.error("column.missing", **missing_column(wkt, _unplaced(frame)))
    if crs is None:
        raise ledger.error("table.crs_missing", name=wkt)
    try:
        known = pyproj.CRS.from_user_input(crs)
    except pyproj.exceptions.CRSError as error:
        raise ledger.error("table.crs_unknown", name=crs) from error
    texts = frame[column].mask(frame[column] == "", None).to_numpy(dtype=object)
    shapes = shapely.from_wkt(texts, on_invalid="ignore")
    lost = int((shapely.is_missing(shapes) & (frame[column] != "").to_numpy()).sum())
    if lost:
        ledger.told("table.wkt_unreadable", lost, column=column)
    shapes = shapely.force_2d(shapes)
    series = GeoSeries(shapes, index=frame.index, crs=known)
    return GeoDataFrame(frame.drop(columns=column), geometry=series)
