"""Letters of a file: the declared encoding, else UTF-8, else Latin-1, value by value, and told."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from ikap.sources.attributes import text_columns
from ikap.sources.ledger import Ledger

__all__ = ["read_with_letters"]

CARRIER = "ISO-8859-1"
"""Encoding that takes any byte to one letter and back, so that nothing is lost on the way."""

CUT = b"\xc3"
"""First byte of æ, ø and å in UTF-8, left alone where a name was cut at ten bytes."""

Reader = Callable[[str | None], GeoDataFrame]


def read_with_letters(
    reader: Reader, path: Path, encoding: str | None, ledger: Ledger
) -> GeoDataFrame:
    """Table with its letters right.

    Parameters
    ----------
    reader : callable
        Reads the file in the given encoding (None: as the file says).
    path : Path
        The file.
    encoding : str or None
        Encoding that the declaration states.
    ledger : Ledger
        Is told how many values are not in the encoding that was stated (`letters.guessed`).

    Returns
    -------
    GeoDataFrame
        As read.

    Raises
    ------
    InputError
        `encoding.unknown` if there is no encoding of that name.
    """
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise ledger.error("encoding.unknown", name=encoding) from error
    silent = encoding is None and path.suffix.lower() == ".shp" and not _code_page(path)
    frame = None if silent else _try(reader, encoding)
    carried = frame is None
    frame = reader(CARRIER) if frame is None else frame
    if carried:
        names = {c: _name(str(c)) for c in frame.columns if c != frame.geometry.name}
        frame = frame.rename(columns=names)
    used = dict.fromkeys(("UTF-8", "Latin-1"), 0)
    for column in text_columns(frame):
        if carried or frame[column].astype(str).str.contains("Ã", regex=False).any():
            cells = frame[column].astype(object).tolist()
            decoded = [_value(cell) for cell in cells]
            frame[column] = pd.Series(decoded, index=frame.index, dtype=object)
            changed = [b != a for b, a in zip(cells, decoded, strict=True) if not _plain(b)]
            used["UTF-8"] += sum(changed)
            used["Latin-1"] += len(changed) - sum(changed) if carried else 0
    if any(used.values()):
        ways = " + ".join(name for name in used if used[name])
        ledger.told("letters.guessed", sum(used.values()), stated=encoding or "", used=ways)
    return frame


def _plain(cell: object) -> bool:
    return not isinstance(cell, str) or cell.isascii()


def _try(reader: Reader, encoding: str | None) -> GeoDataFrame | None:
    try:
        return reader(encoding)
    except UnicodeDecodeError:
        return None


def _code_page(path: Path) -> bool:
    return any(path.with_suffix(s).is_file() for s in (".cpg", ".CPG"))


def _value(cell: object) -> object:
    """Text that was UTF-8 all along and had been read as one byte a letter; else the cell."""
    if not isinstance(cell, str) or cell.isascii():
        return cell
    for carrier in (CARRIER, "cp1252"):
        try:
            return cell.encode(carrier).decode("utf-8")
        except UnicodeError:
            continue
    return cell


def _name(name: str) -> str:
    """Name in UTF-8 if it can be; a letter that was cut in two at ten bytes falls away."""
    try:
        whole = name.encode(CARRIER)
        return whole.removesuffix(CUT).decode("utf-8")
    except UnicodeError:
        return name
