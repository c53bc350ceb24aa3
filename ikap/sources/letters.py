"""Letters of a file: the declared encoding, else UTF-8, else one byte a letter; guesses told."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from ikap.sources.attributes import text_columns
from ikap.sources.ledger import Ledger
from ikap.sources.shapefile import code_page

__all__ = ["CARRIER", "read_with_letters"]

CARRIER = "ISO-8859-1"
"""Encoding that takes any byte to one letter and back, so that nothing is lost on the way."""

CUT = b"\xc3"
"""First byte of æ, ø and å in UTF-8, left alone where a name was cut at ten bytes."""

WAYS = {"cp1252": "Latin-1", "cp865": "CP865"}
DOS, WINDOWS = ({chr(byte) for byte in "æøåÆØÅ".encode(code)} for code in ("cp865", "cp1252"))
"""Our letters as they look when DOS or Windows text is read by the carrier."""

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
    silent = encoding is None and path.suffix.lower() == ".shp" and not code_page(path)[0]
    frame = None if silent else _try(reader, encoding)
    carried = frame is None
    frame = reader(CARRIER) if frame is None else frame
    if carried:
        names = {c: _name(str(c)) for c in frame.columns if c != frame.geometry.name}
        frame = frame.rename(columns=names)
    fallback = _single_byte(frame) if carried else "cp1252"
    used = dict.fromkeys(("UTF-8", WAYS[fallback]), 0)
    for column in text_columns(frame):
        if carried or frame[column].astype(str).str.contains("Ã", regex=False).any():
            cells = frame[column].astype(object).tolist()
            decoded = [_value(cell, fallback if carried else "") for cell in cells]
            frame[column] = pd.Series(decoded, index=frame.index, dtype=object)
            changed = [_in_utf8(b) for b in cells if not _plain(b)]
            used["UTF-8"] += sum(changed)
            used[WAYS[fallback]] += len(changed) - sum(changed) if carried else 0
    if any(used.values()):
        ways = " + ".join(name for name in used if used[name])
        ledger.told("letters.guessed", sum(used.values()), stated=encoding or "", used=ways)
        frame.attrs["letters"] = (ways, "guessed")
    elif encoding is not None:
        frame.attrs["letters"] = (encoding, "declared")
    return frame


def _plain(cell: object) -> bool:
    return not isinstance(cell, str) or cell.isascii()


def _try(reader: Reader, encoding: str | None) -> GeoDataFrame | None:
    try:
        return reader(encoding)
    except UnicodeDecodeError:
        return None


def _value(cell: object, fallback: str) -> object:
    """Text that was UTF-8 all along; else text of the fallback encoding; else the cell."""
    if not isinstance(cell, str) or cell.isascii():
        return cell
    for carrier in (CARRIER, "cp1252"):
        try:
            return cell.encode(carrier).decode("utf-8")
        except UnicodeError:
            continue
    if not fallback:
        return cell
    return cell.encode(CARRIER).decode(fallback, errors="replace")


def _in_utf8(cell: object) -> bool:
    """Whether text that was read one byte a letter was UTF-8 all along."""
    return _value(cell, "") != cell


def _single_byte(frame: GeoDataFrame) -> str:
    """DOS (865) if æ, ø and å stand only where DOS has them; else Windows (1252)."""
    there = {
        char
        for column in text_columns(frame)
        for cell in frame[column].dropna().unique()
        if isinstance(cell, str) and not cell.isascii() and not _in_utf8(cell)
        for char in cell
    }
    return "cp865" if there & DOS and not there & WINDOWS else "cp1252"


def _name(name: str) -> str:
    """Name in UTF-8 if it can be; a letter that was cut in two at ten bytes falls away."""
    try:
        whole = name.encode(CARRIER)
        return whole.removesuffix(CUT).decode("utf-8")
    except UnicodeError:
        return name
