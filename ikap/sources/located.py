"""Tables that say where things lie: coordinates in two columns, or geometry as text (WKT).

Columns are known by their names. The CRS is what the layer's TOML states, or what the header or the
text itself states beyond doubt (`øst_epsg25832`, `SRID=25832;POINT...`). It is never guessed: UTM
alone names no datum, and degrees may be of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS
from pyproj.exceptions import CRSError

from ikap.sources.attributes import missing_column
from ikap.sources.crs import check_crs
from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name, fold

__all__ = ["located", "plain_number", "unplaced"]

EAST = ("ost", "aust", "east", "easting", "x", "lon", "long", "lng", "longitude", "lengdegrad")
NORTH = ("nord", "north", "northing", "y", "lat", "latitude", "breddegrad")
SHAPE = ("wkt", "geometri", "geometry", "geom", "the_geom", "wkt_geom", "geometri_wkt", "shape")
WORDS_BESIDE = re.compile(r"(koordinat(er)?|koord|coordinates?|coord|utm|epsg|euref|etrs|\W|_|\d)+")
EPSG = re.compile(
    r"(?:epsg\W*(?P<named>\d{4,5})|_(?P<bare>258\d\d|326\d\d|4258|4326))(?!\d)", re.IGNORECASE
)
EUREF_ZONE = re.compile(r"(?:euref|etrs)\W*89\W*utm\W*(?:sone|zone)?\W*(3[1-6])", re.IGNORECASE)
SRID = re.compile(r"^\s*SRID\s*=\s*(\d+)\s*;\s*", re.IGNORECASE)
TYPES = ("POINT", "LINESTRING", "POLYGON", "MULTI", "GEOMETRYCOLLECTION", "SRID")


@dataclass(frozen=True)
class _Columns:
    """Columns that say where: geometry as text, or east and north."""

    shape: str = ""
    east: str = ""
    north: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.shape, self.east, self.north) if name)


def unplaced(frame: pd.DataFrame) -> GeoDataFrame:
    """Table without any geometry.

    Parameters
    ----------
    frame : DataFrame
        Any table.

    Returns
    -------
    GeoDataFrame
        Same rows and columns, and an empty column of geometry.
    """
    nothing = np.full(len(frame), None, dtype=object)
    return GeoDataFrame(frame, geometry=GeoSeries(nothing, frame.index))


def located(frame: pd.DataFrame, source: Mapping[str, object], ledger: Ledger) -> GeoDataFrame:
    """Table with the geometry that stands in it, or with none.

    Parameters
    ----------
    frame : DataFrame
        Text columns.
    source : mapping
        `[source]` of the layer's TOML: `wkt`, `x`, `y` (columns) and `crs`.
    ledger : Ledger
        Is told of coordinates that cannot be read, and of columns that were not used because no
        CRS is stated (`table.not_placed`). Gets the faults of a CRS that cannot be true.

    Returns
    -------
    GeoDataFrame
        Same rows in the same order; the columns of coordinates stay, the one of WKT does not.
        `attrs["crs_known_by"]` is `declared` or `header`.

    Raises
    ------
    InputError
        `column.missing`, `table.crs_missing`, `table.crs_unknown`, `table.crs_mixed`.
    """
    asked = any(source.get(key) for key in ("wkt", "x", "y"))
    columns = _asked(frame, source, ledger) if asked else _known(frame)
    if not columns.names:
        return unplaced(frame)
    crs, how = _stated_crs(frame, columns, source, ledger)
    if crs is None:
        if asked:
            raise ledger.error("table.crs_missing", name=", ".join(columns.names))
        ledger.told("table.not_placed", len(frame), columns=", ".join(columns.names))
        return unplaced(frame)
    shapes = _shapes(frame, columns, ledger)
    series = GeoSeries(shapes, index=frame.index, crs=crs)
    kept = frame.drop(columns=columns.shape) if columns.shape else frame
    placed = GeoDataFrame(kept, geometry=series)
    placed.attrs["crs_known_by"] = how
    check_crs(placed, ledger)
    return placed


def _asked(frame: pd.DataFrame, source: Mapping[str, object], ledger: Ledger) -> _Columns:
    """Columns that the TOML names; one of `x` and `y` alone is no place."""
    found: dict[str, str] = {}
    for key, name in (("wkt", "shape"), ("x", "east"), ("y", "north")):
        if not source.get(key):
            continue
        column = find_name(str(source[key]), map(str, frame.columns))
        if column is None:
            missing = missing_column(str(source[key]), unplaced(frame))
            ledger.fault("column.missing", **missing)
        else:
            found[name] = column
    if bool(source.get("x")) != bool(source.get("y")):
        lacking = "y" if source.get("x") else "x"
        ledger.fault("column.missing", **missing_column(lacking, unplaced(frame)))
    ledger.stop()
    return _Columns(**found)


def _known(frame: pd.DataFrame) -> _Columns:
    """Columns that are known by their names, one east and one north, or WKT that looks like it."""
    names = [str(name) for name in frame.columns]
    east, north = _one(names, EAST), _one(names, NORTH)
    if east and north:
        return _Columns(east=east, north=north)
    for name in names:
        first = frame[name][frame[name] != ""].head(1)
        if fold(name) in SHAPE and not first.empty and first.iloc[0].upper().startswith(TYPES):
            return _Columns(shape=name)
    return _Columns()


def _one(names: Iterable[str], words: Iterable[str]) -> str:
    """The one name that is one of the words, besides signs, figures and the word coordinate."""
    wanted = set(words)
    found = [name for name in names if WORDS_BESIDE.sub("", fold(name)) in wanted]
    return found[0] if len(found) == 1 else ""


def _stated_crs(
    frame: pd.DataFrame, columns: _Columns, source: Mapping[str, object], ledger: Ledger
) -> tuple[CRS | None, str]:
    stated = str(source["crs"]) if source.get("crs") else ""
    header = _in_header(frame, columns, ledger)
    if stated:
        try:
            return CRS.from_user_input(stated), "declared"
        except CRSError as error:
            raise ledger.error("table.crs_unknown", name=stated) from error
    return header, "header"


def _in_header(frame: pd.DataFrame, columns: _Columns, ledger: Ledger) -> CRS | None:
    """CRS that the names of the columns, or the texts of WKT, state by code."""
    codes: set[int] = set()
    for name in columns.names:
        zone, code = EUREF_ZONE.search(name), EPSG.search(name)
        codes |= (
            {25800 + int(zone[1])} if zone else {int(code[code.lastgroup or 0])} if code else set()
        )
    if columns.shape:
        codes |= {int(m[1]) for text in frame[columns.shape] if (m := SRID.match(text))}
    if len(codes) > 1:
        raise ledger.error("table.crs_mixed", there=", ".join(f"EPSG:{c}" for c in sorted(codes)))
    try:
        return CRS.from_epsg(codes.pop()) if codes else None
    except CRSError:
        return None


def _shapes(frame: pd.DataFrame, columns: _Columns, ledger: Ledger) -> np.ndarray:
    if columns.shape:
        texts = np.array([SRID.sub("", t) or None for t in frame[columns.shape]], dtype=object)
        shapes = shapely.from_wkt(texts, on_invalid="ignore")
        given = np.array([text is not None for text in texts], dtype=bool)
        lost = int((shapely.is_missing(shapes) & given).sum())
        if lost:
            ledger.told("table.wkt_unreadable", lost, column=columns.shape)
        return np.asarray(shapely.force_2d(shapes))
    east, north = (frame[name].map(plain_number) for name in (columns.east, columns.north))
    filled = (frame[columns.east] != "") | (frame[columns.north] != "")
    bad = filled & (east.isna() | north.isna())
    for row in frame.index[bad]:
        ledger.told("table.coordinate_unreadable", 1, source_id=str(row))
    shapes = np.full(len(frame), None, dtype=object)
    good = (filled & ~bad).to_numpy()
    shapes[good] = shapely.points(east[good].to_numpy(float), north[good].to_numpy(float))
    return shapes


def plain_number(text: object) -> float:
    """Number as people write it in tables; NaN where it is none.

    Parameters
    ----------
    text : object
        With decimal comma or point, and spaces between thousands.

    Returns
    -------
    float
        The number.

    Examples
    --------
    >>> plain_number("7 034 000,50"), plain_number("63.43"), plain_number("nei")
    (7034000.5, 63.43, nan)
    """
    plain = re.sub(r"[\s\u00a0\u202f']", "", str(text))
    if "," in plain and "." in plain:
        plain = plain.replace("." if plain.rfind(",") > plain.rfind(".") else ",", "")
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return float("nan")
