"""Large layers from GDAL in whole columns: geometry from its bytes, once, for GEOS and as rings.

The table is the same as by `pyogrio.read_dataframe`, which copies each geometry twice on its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyogrio
from geopandas import GeoDataFrame, GeoSeries
from pyogrio.errors import DataSourceError

from ikap.measure.read_ahead import read_wkb
from ikap.sources.geometry_column import chunks_of

__all__ = ["READ_AHEAD", "by_columns"]

READ_AHEAD = "read_ahead"
"""Name in a frame's `attrs` under which the rings go along (`measure.read_ahead`)."""
LARGE = 1 << 22
"""Bytes of geometry from which it pays."""


def by_columns(path: Path, layer: str) -> GeoDataFrame | None:
    """Layer as `pyogrio.read_dataframe` gives it, its index the feature's number.

    Parameters
    ----------
    path : Path
        A file that GDAL hands on in columns.
    layer : str
        Name of the layer.

    Returns
    -------
    GeoDataFrame or None
        None for a small layer, and one that has more than plain polygons. `attrs` has the rings.

    Raises
    ------
    DataSourceError
        Its text is not in UTF-8.
    shapely.errors.ShapelyError
        GEOS does not take a ring.
    """
    if not _may_be_large(path, layer):
        return None  # it is read once, by the way of all others
    head, table = pyogrio.raw.read_arrow(
        path, layer=layer, return_fids=True, datetime_as_string=True
    )
    name = head["geometry_name"] or "wkb_geometry"
    if name not in table.column_names or table[name].nbytes < LARGE or table[name].null_count:
        return None
    try:
        ahead = read_wkb(chunks_of(table[name]))
    except ValueError:  # not held as bytes
        return None
    if ahead is None:
        return None
    table = table.drop_columns([name])  # its bytes are not needed any more
    frame = _attributes(table)
    frame = frame.assign(**_not_plain(path, layer, head))
    frame = frame.set_index(head["fid_column"])
    frame.index.names = ["fid"]
    shapes = GeoSeries(ahead.geometries, index=frame.index, crs=head["crs"])
    found = GeoDataFrame(frame.assign(geometry=shapes), geometry="geometry", crs=head["crs"])
    found.attrs[READ_AHEAD] = ahead
    return found


def _may_be_large(path: Path, layer: str) -> bool:
    """Whether the layer may have as many bytes of polygons, as its file's head tells."""
    if path.is_file() and path.stat().st_size < LARGE:
        return False
    kind = str(pyogrio.read_info(path, layer=layer)["geometry_type"])
    return "Polygon" in kind or kind in ("Unknown", "GeometryCollection")


def _attributes(table: pa.Table) -> pd.DataFrame:
    try:
        frame: pd.DataFrame = table.to_pandas()
        return frame
    except UnicodeDecodeError as error:
        raise DataSourceError("not in UTF-8") from error


def _not_plain(path: Path, layer: str, head: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of times and of JSON, which pyogrio makes from text."""
    told = zip(head["fields"], head["dtypes"], head["ogr_subtypes"], strict=True)
    names = [
        str(name)
        for name, kind, subtype in told
        if (str(kind).startswith("datetime") and kind != "datetime64[D]") or subtype == "OFSTJSON"
    ]
    if not names:
        return {}
    read = pyogrio.read_dataframe(
        path, layer=layer, columns=names, read_geometry=False, use_arrow=True
    )
    return {name: read[name] for name in names}
