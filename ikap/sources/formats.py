"""Which files can be read, and by which module: the one table of file formats.

To add a format, add one module here with `layers` and `frame` (see `Reader`) and one row in
`FORMATS` with its name. A file is known by its ending and by its first bytes; if they do not
agree, nothing is guessed.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol, cast

from geopandas import GeoDataFrame

from ikap.sources.ledger import Ledger

__all__ = ["ENDINGS", "FORMATS", "Format", "Reader", "check_format", "readable", "reader_of"]


class Reader(Protocol):
    """What a module of this room has that reads a file format.

    Both functions may raise what GDAL, GEOS and the operating system raise; it becomes
    `file.unreadable`. What they find wrong or mend themselves they tell the ledger.
    """

    def layers(self, path: Path, ledger: Ledger) -> tuple[str, ...]:
        """Names of the layers that have geometry, in the file's order."""
        ...

    def frame(self, path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
        """One layer as it lies there, with its CRS or none.

        The index is the feature's number in the file, or text that leads back to it
        (`gml:_abc`); numbers get `fid:` before them. `frame.attrs` may say `letters` (encoding,
        and how it is known: a key under [letters_known_by]) and `crs_known_by`.
        """
        ...


@dataclass(frozen=True)
class Format:
    """One file format: endings, first bytes, and the module of this room that reads it."""

    endings: tuple[str, ...]
    starts: tuple[bytes, ...]
    reader: str
    folder: bool = False


FORMATS = {
    "GeoPackage": Format((".gpkg",), (b"SQLite format 3\x00",), "gdal"),
    "GeoJSON": Format((".geojson", ".json"), (b"{", b"["), "geojson"),
    "FlatGeobuf": Format((".fgb",), (b"fgb\x03",), "gdal"),
    "Shapefile": Format((".shp",), (b"\x00\x00\x27\x0a",), "shapefile"),
    "GeoParquet": Format((".parquet", ".geoparquet"), (b"PAR1",), "parquet"),
    "GML": Format((".gml", ".xml"), (b"<", b"\xff\xfe<", b"\xfe\xff\x00<"), "gml"),
    "SOSI": Format((".sos", ".sosi"), (b".HODE", b"!"), "sosi"),
    "FileGDB": Format((".gdb",), (), "fgdb", folder=True),
    "ZIP": Format((".zip",), (b"PK\x03\x04", b"PK\x05\x06"), "archive"),
    "TopoJSON": Format((".topojson",), (), "topojson"),
}
ENDINGS = frozenset(e for n, f in FORMATS.items() if n != "ZIP" for e in f.endings)
"""Endings of the files that can be read, in an archive or beside one."""
TABLES = {".csv": "CSV", ".tsv": "CSV", ".xlsx": "Excel", ".xlsm": "Excel"}
JSON = ("GeoJSON", "TopoJSON")
BOM = b"\xef\xbb\xbf"
EDGE = 1 << 16
TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')


def reader_of(file_format: str) -> Reader:
    """Module that reads a format, loaded when first asked for.

    Parameters
    ----------
    file_format : str
        Key of `FORMATS`.

    Returns
    -------
    Reader
        Module of this room.
    """
    module = importlib.import_module(f"ikap.sources.{FORMATS[file_format].reader}")
    return cast(Reader, module)


def check_format(path: Path, ledger: Ledger) -> str:
    """Format of a file that can be read.

    Parameters
    ----------
    path : Path
        The file.
    ledger : Ledger
        For the message.

    Returns
    -------
    str
        One of the keys of `FORMATS`.

    Raises
    ------
    InputError
        `file.missing`, `file.empty`, `file.type` (not map data, or another format than the name
        says) or `file.table` (read by another source).
    """
    suffix = path.suffix.lower()
    if not path.exists():
        near = _nearest(path)
        raise ledger.error("file.missing", folder=str(path.parent), nearest=near)
    if suffix in TABLES:
        raise ledger.error("file.table", format=TABLES[suffix])
    stated = next((name for name, known in FORMATS.items() if suffix in known.endings), "")
    if not stated or path.is_dir() != FORMATS[stated].folder:
        raise ledger.error("file.type", found=suffix or path.name, readable=readable())
    if path.is_dir():
        return stated
    if path.stat().st_size == 0:
        raise ledger.error("file.empty")
    try:
        found = _sniff(path)
    except OSError as error:  # held by another program, or not ours to read
        raise ledger.error("file.unreadable", detail=str(error)) from error
    if found == "GeoJSON" and stated in JSON:
        return "TopoJSON" if _is_topology(path) else found
    if found != stated:
        raise ledger.error("file.type", found=found or "?", readable=readable())
    return found


def _sniff(path: Path) -> str:
    """Format by the first bytes, whatever the name."""
    with path.open("rb") as stream:
        head = stream.read(64)
    head = head.removeprefix(BOM).lstrip() if head[:1] != b"\x00" else head
    starts = ((start, name) for name, known in FORMATS.items() for start in known.starts)
    return next((name for start, name in starts if head.startswith(start)), "")


def _is_topology(path: Path) -> bool:
    """Whether JSON is TopoJSON; the member that says it stands first or last, as a rule."""
    with path.open("rb") as stream:
        head = stream.read(EDGE)
        stream.seek(max(path.stat().st_size - EDGE, 0))
        return any(TOPOLOGY.search(part) is not None for part in (head, stream.read()))


def readable() -> str:
    """Names of the formats that can be read, for messages.

    Returns
    -------
    str
        Joined by commas.
    """
    return ", ".join(FORMATS)


def _nearest(path: Path) -> str:
    """A file in the same folder that may be the one that was meant."""
    if not path.parent.is_dir():
        return ""
    names = [p.name for p in sorted(path.parent.iterdir()) if p.is_file()]
    return next(iter(get_close_matches(path.name, names, n=1, cutoff=0.6)), "")
