"""The files of the example before they are written: file name -> layer name -> table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd

__all__ = ["DataFile", "Tables", "with_layer"]


@dataclass(frozen=True)
class DataFile:
    """One file under `layers/data/`; `form`: `gpkg`, `latin1` (a Shapefile in Latin-1), `csv`."""

    layers: Mapping[str, gpd.GeoDataFrame]
    form: str = "gpkg"


Tables = Mapping[str, DataFile]


def with_layer(tables: Tables, file: str, layer: str, frame: gpd.GeoDataFrame) -> Tables:
    """Same files with one layer replaced."""
    old = tables[file]
    return {**tables, file: replace(old, layers={**old.layers, layer: frame})}
