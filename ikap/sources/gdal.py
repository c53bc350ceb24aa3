"""Formats that GDAL reads, by pyogrio: GeoPackage, FlatGeobuf, Shapefile, plain GeoJSON."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyogrio
import shapely
from geopandas import GeoDataFrame, GeoSeries
from pyogrio.errors import DataSourceError

from ikap.sources.gdal_columns import by_columns
from ikap.sources.ledger import Ledger
from ikap.sources.wkb import from_wkb, sagitta_in

__all__ = ["frame", "layers"]

BY_ARROW = (".gpkg", ".fgb", ".gdb")
"""Endings of the formats that GDAL hands on in whole columns; their text is always UTF-8."""


def layers(path: Path, ledger: Ledger) -> tuple[str, ...]:  # noqa: ARG001 (see formats.Reader)
    """Names of the layers that have geometry, in the file's order."""
    listed = pyogrio.list_layers(path)
    return tuple(str(layer) for layer, kind in listed if kind is not None)


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """One layer as it lies in the file; its index is the feature's number there."""
    if encoding is None and path.suffix.lower() in BY_ARROW:
        try:
            found = _by_way(path, layer, None, ledger, columns=True)
            if (
                len(found)
                == pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
            ):
                return found  # GDAL's columns end without a word where a file is cut off
        except DataSourceError as error:
            if "UTF-8" not in str(error):
                raise
    return _by_way(path, layer, encoding, ledger, columns=False)


def _by_way(
    path: Path, layer: str, encoding: str | None, ledger: Ledger, *, columns: bool
) -> GeoDataFrame:
    try:
        found = by_columns(path, layer) if columns else None
        return _whole(path, layer, encoding, columns=columns) if found is None else found
    except (shapely.errors.ShapelyError, NotImplementedError):
        return _apart(path, layer, encoding, ledger, columns=columns)


def _whole(path: Path, layer: str, encoding: str | None, *, columns: bool) -> GeoDataFrame:
    found: GeoDataFrame = pyogrio.read_dataframe(
        path, layer=layer, encoding=encoding, fid_as_index=True, use_arrow=columns
    )
    return found


def _apart(
    path: Path, layer: str, encoding: str | None, ledger: Ledger, *, columns: bool
) -> GeoDataFrame:
    """Attributes and geometry read one after the other, where GEOS cannot take the geometry."""
    table: pd.DataFrame = pyogrio.read_dataframe(
        path,
        layer=layer,
        encoding=encoding,
        fid_as_index=True,
        use_arrow=columns,
        read_geometry=False,
    )
    head, rows = pyogrio.raw.read_arrow(path, layer=layer, columns=[], return_fids=True)
    wkb = rows[head["geometry_name"] or "wkb_geometry"].to_numpy(zero_copy_only=False)
    shapes = from_wkb(wkb, list(table.index), sagitta_in(head["crs"]), ledger)
    return GeoDataFrame(table, geometry=GeoSeries(shapes, table.index, head["crs"]))
