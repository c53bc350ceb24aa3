"""Formats that GDAL reads, by pyogrio: GeoPackage, GeoJSON, FlatGeobuf and Shapefile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyogrio
from geopandas import GeoDataFrame

from ikap.sources.ledger import Ledger

__all__ = ["frame", "layers"]


def layers(path: Path, ledger: Ledger) -> tuple[str, ...]:  # noqa: ARG001 (see formats.Reader)
    """Names of the layers that have geometry, in the file's order."""
    listed = pyogrio.list_layers(path)
    return tuple(str(layer) for layer, kind in listed if kind is not None)


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:  # noqa: ARG001 (see formats.Reader)
    """One layer as it lies in the file; its index is the feature's number there."""
    options: dict[str, Any] = {"layer": layer, "fid_as_index": True, "encoding": encoding}
    found: GeoDataFrame = pyogrio.read_dataframe(path, **options)
    return found
