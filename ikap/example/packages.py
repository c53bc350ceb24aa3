"""Writing the data files: the same bytes in every run."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd

from ikap.example.tables import Tables
from ikap.results import settle, written_aside

__all__ = ["write_tables"]

WRITTEN = "2026-01-15T00:00:00.000Z"
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def write_tables(folder: Path, tables: Tables) -> None:
    """Write every file into `folder`, in place of the files of an earlier build."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in tables.items():
        for ending in (".gpkg", ".csv", *SHAPEFILE_PARTS):
            (folder / f"{name}{ending}").unlink(missing_ok=True)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")  # the fault `no_crs`
            warnings.filterwarnings("ignore", "Column names longer|.*(laundered|Normalized)")
            if file.form == "latin1":
                _write_shapefile(folder / f"{name}.shp", next(iter(file.layers.values())))
            elif file.form == "csv":
                table = next(iter(file.layers.values()))
                table.to_csv(folder / f"{name}.csv", sep=";", index=False, lineterminator="\n")
            else:
                _write_package(folder / f"{name}.gpkg", file.layers)


def _write_package(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write the layers to a new GeoPackage and fix its time of writing."""
    with written_aside():
        for name, frame in layers.items():
            frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio", append=path.exists())
    settle(path, WRITTEN)


def _write_shapefile(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write a Shapefile in Latin-1 whose .cpg says UTF-8."""
    frame.to_file(path, driver="ESRI Shapefile", engine="pyogrio", encoding="ISO-8859-1")
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
