"""Writing GeoPackages that are the same bytes in every run."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd

__all__ = ["write_package"]

WRITTEN = "2026-01-15T00:00:00.000Z"


def write_package(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write the layers to a new GeoPackage and fix its time of writing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", append=path.exists())
    with sqlite3.connect(path) as base:
        base.execute("UPDATE gpkg_contents SET last_change = ?", (WRITTEN,))
    base.close()
