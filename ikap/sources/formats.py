"""Which files can be read: told by the name's ending, and checked against the first bytes."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from ikap.sources.ledger import Ledger

__all__ = ["READABLE", "check_format", "readable"]

READABLE = {
    ".gpkg": "GeoPackage",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".fgb": "FlatGeobuf",
    ".shp": "Shapefile",
    ".parquet": "GeoParquet",
    ".geoparquet": "GeoParquet",
}
LATER = {
    ".gml": "GML",
    ".xml": "GML",
    ".sos": "SOSI",
    ".sosi": "SOSI",
    ".gdb": "FileGDB",
    ".zip": "ZIP",
    ".topojson": "TopoJSON",
}
TABLES = {".csv": "CSV", ".tsv": "CSV", ".xlsx": "Excel", ".xlsm": "Excel"}
MAGIC = (
    (b"SQLite format 3\x00", "GeoPackage"),
    (b"PAR1", "GeoParquet"),
    (b"fgb\x03", "FlatGeobuf"),
    (b"\x00\x00\x27\x0a", "Shapefile"),
    (b"PK\x03\x04", "ZIP"),
    (b"<", "GML"),
    (b".HODE", "SOSI"),
    (b"{", "GeoJSON"),
    (b"[", "GeoJSON"),
)
BOM = b"\xef\xbb\xbf"


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
        One of the values of `READABLE`.

    Raises
    ------
    InputError
        `file.missing`, `file.empty`, `file.type` (not map data, or another format than the name
        says), `file.table` (read by another source) or `file.later` (a format that ikap does not
        read yet).
    """
    suffix = path.suffix.lower()
    if not path.exists():
        near = _nearest(path)
        raise ledger.error("file.missing", folder=str(path.parent), nearest=near)
    if suffix in TABLES:
        raise ledger.error("file.table", format=TABLES[suffix])
    if suffix in LATER:
        raise ledger.error("file.later", format=LATER[suffix], readable=readable())
    if suffix not in READABLE or not path.is_file():
        raise ledger.error("file.type", found=suffix or path.name, readable=readable())
    if path.stat().st_size == 0:
        raise ledger.error("file.empty")
    found = _sniff(path)
    if found != READABLE[suffix]:
        raise ledger.error("file.type", found=found or "?", readable=readable())
    return found


def _sniff(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(64)
    head = head.removeprefix(BOM).lstrip() if head[:1] != b"\x00" else head
    return next((name for magic, name in MAGIC if head.startswith(magic)), "")


def readable() -> str:
    """Names of the formats that can be read, for messages.

    Returns
    -------
    str
        Joined by commas.
    """
    return ", ".join(dict.fromkeys(READABLE.values()))


def _nearest(path: Path) -> str:
    """A file in the same folder that may be the one that was meant."""
    if not path.parent.is_dir():
        return ""
    names = [p.name for p in sorted(path.parent.iterdir()) if p.is_file()]
    return next(iter(get_close_matches(path.name, names, n=1, cutoff=0.6)), "")
