"""Shapefile: looked over before GDAL reads it, because GDAL is silent about parts that are missing.

A Shapefile is several files. `.shp` has the outlines, `.shx` where each begins, `.dbf` the
attributes, `.prj` the CRS and `.cpg` the encoding of the attributes.
"""

from __future__ import annotations

import codecs
import re
import struct
from pathlib import Path

from geopandas import GeoDataFrame

from ikap.sources import gdal
from ikap.sources.ledger import Ledger

__all__ = ["code_page", "frame", "layers", "part"]

HEAD = 100
"""Bytes of the head of `.shp` and `.shx`."""
SHX_ROW = 8
LANGUAGES = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x08: "cp865",
    0x65: "cp866",
    0x66: "cp865",
    0x67: "cp861",
}
"""Language byte of dBase, where it names one code page; 0x57 (ANSI) is written whatever it is."""


def layers(path: Path, ledger: Ledger) -> tuple[str, ...]:
    """The file's name, once all its parts are there."""
    _check(path, ledger)
    return gdal.layers(path, ledger)


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """The table as it lies in the file; its index is the row's number there."""
    if part(path, ".dbf") is None:
        ledger.told("shape.no_table", 1)
    found = gdal.frame(path, layer, encoding or _codec(path), ledger)
    stated, how = code_page(path)
    if stated:
        found.attrs["letters"] = (stated, how)
    return found


def part(path: Path, ending: str) -> Path | None:
    """Another part of the same Shapefile, whatever the case of its name; none if it is missing.

    Parameters
    ----------
    path : Path
        The `.shp`.
    ending : str
        `.dbf`, `.shx`, `.prj` or `.cpg`.

    Returns
    -------
    Path or None
        The file beside it.
    """
    wanted = f"{path.stem}{ending}".casefold()
    return next((p for p in sorted(path.parent.iterdir()) if p.name.casefold() == wanted), None)


def code_page(path: Path) -> tuple[str, str]:
    """Encoding that a Shapefile states for its attributes, and where.

    Parameters
    ----------
    path : Path
        The `.shp`.

    Returns
    -------
    tuple of str and str
        Name of the encoding and `code_page` (`.cpg`) or `dbase` (language byte of `.dbf`); empty
        where nothing is stated.
    """
    stated = part(path, ".cpg")
    if stated is not None:
        text = stated.read_text(encoding="ascii", errors="replace").strip()
        return text, "code_page"
    table = part(path, ".dbf")
    if table is None:
        return "", ""
    with table.open("rb") as stream:
        head = stream.read(32)
    language = LANGUAGES.get(head[29], "") if len(head) > 29 else ""  # noqa: PLR2004 (its place)
    return language, "dbase" if language else ""


def _codec(path: Path) -> str | None:
    """Python's name of the stated encoding, where it has one; GDAL does not know them all."""
    stated, _ = code_page(path)
    number = re.search(r"\d{3,5}", stated)
    names = (stated, f"cp{number[0]}") if number else (stated,)
    for name in names:
        try:
            return codecs.lookup(name).name if name else None
        except LookupError:
            continue
    return None


def _check(path: Path, ledger: Ledger) -> None:
    """Tell all parts that are missing, cut off, or of another number of rows than the others."""
    index, table = part(path, ".shx"), part(path, ".dbf")
    if index is None:
        ledger.fault("shape.part_missing", name=f"{path.stem}.shx")
    _check_length(path, _stated_length(path), ledger)
    rows = None
    if index is not None:
        _check_length(index, _stated_length(index), ledger)
        rows = max(index.stat().st_size - HEAD, 0) // SHX_ROW
    if table is not None:
        with table.open("rb") as stream:
            head = stream.read(12)
        if len(head) < 12:  # noqa: PLR2004 (bytes)
            ledger.fault("shape.cut_off", name=table.name, size=len(head), stated=32)
        else:
            count, start, width = struct.unpack_from("<IHH", head, 4)
            _check_length(table, start + count * width, ledger)
            if rows is not None and count != rows:
                ledger.fault("shape.rows", name=table.name, rows=count, shapes=rows)
    ledger.stop()


def _stated_length(path: Path) -> int:
    """Bytes that the head of `.shp` or `.shx` says there are."""
    with path.open("rb") as stream:
        head = stream.read(28)
    return 2 * int.from_bytes(head[24:28], "big") if len(head) == 28 else HEAD  # noqa: PLR2004


def _check_length(path: Path, stated: int, ledger: Ledger) -> None:
    size = path.stat().st_size
    if size < stated:
        ledger.fault("shape.cut_off", name=path.name, size=size, stated=stated)
