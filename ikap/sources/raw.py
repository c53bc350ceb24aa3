"""What a source hands on: the file's own table, and how the file was understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geopandas import GeoDataFrame

from ikap.measure.read_ahead import ReadAhead
from ikap.model import QualityRow

__all__ = ["Raw"]


@dataclass(frozen=True)
class Raw:
    """One layer of one file, as it lies there.

    The frame's index is the feature's own id in the file as text (`fid:12`); the geometry is 2D in
    the file's CRS and may be missing or invalid; attribute names are the file's own.
    """

    frame: GeoDataFrame
    path: Path
    layer: str
    crs_known_by: str  # text key under [crs_known_by]: file, declared, geojson_member, ...
    sha256: str
    size: int  # bytes, of all the files that make up the data set
    quality: tuple[QualityRow, ...] = ()
    name: str = ""  # the declared layer, for messages
    others: tuple[str, ...] = ()  # the other layers of the same file
    letters: str = ""  # encoding of the text
    letters_known_by: str = ""  # text key under [letters_known_by]: format, code_page, ...
    file: str = ""  # which file of a zip
    untouched: bool = False  # geometry is that of all rows of the file itself, in its order
    ahead: ReadAhead | None = None  # the geometry's rings, where reading made them too
