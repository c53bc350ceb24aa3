"""The routes of `bench_areas.py` that begin with files: a certified layer, and the cache of layers.

They go the toolkit's own way: a workspace with the land as a declared layer, read by `Reader`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from _area_routes import CLASSES, Data, Table, table_of

import ikap
from ikap.facts import CertifiedLayer
from ikap.facts.stored_shapes import VERTICES
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader
from ikap.measure import Polygons, pair_areas
from ikap.measure.cache_root import cache_root
from ikap.sources.geometry_column import geometry_column

KINDS = {"GeoParquet": "parquet", "GeoPackage": "gpkg"}
GOALS = """[[goals]]
number = 2
title = { nb = "Jordvern", en = "Farmland" }
document = "Tidtaking"
dated = 2020-01-01
[use]
landcover = ["ar5"]
municipality = ["municipalities"]
"""
AR5 = """kind = "landcover"
title = { nb = "Arealressurs (konstruerte data)", en = "Land cover (constructed data)" }
owner = "Konstruerte data"
licence = "CC0-1.0"
source = { from = "files", path = "data/land.ENDING" }
coverage = { own_polygons = true }
columns = { arealtype = "class" }
"""


@dataclass(frozen=True)
class Files:
    """Land as a layer of a workspace, and a plan, both in one format."""

    workspace: Path
    ending: str

    @property
    def land(self) -> Path:
        """The land's file."""
        return self.workspace / "layers" / "data" / f"land.{self.ending}"

    @property
    def plan(self) -> Path:
        """The plan's file."""
        return self.workspace / f"plan.{self.ending}"


def write_files(data: Data, region: Path, folder: Path) -> dict[str, Files]:
    """Write a workspace for each format, anew each time, so that no old file is measured."""
    made = {}
    for name, ending in KINDS.items():
        files = Files(folder / ending, ending)
        shutil.rmtree(files.workspace, ignore_errors=True)
        (files.workspace / "layers" / "data").mkdir(parents=True)
        (files.workspace / "maps").mkdir()
        for declaration in ("region", "municipalities"):
            shutil.copy(region / "layers" / f"{declaration}.toml", files.workspace / "layers")
        shutil.copy(
            region / "layers" / "data" / "kommuner_konstruert.gpkg",
            files.workspace / "layers" / "data",
        )
        (files.workspace / "layers" / "goals.toml").write_text(GOALS, encoding="utf-8")
        declared = AR5.replace("ENDING", ending)
        (files.workspace / "layers" / "ar5.toml").write_text(declared, encoding="utf-8")
        land = data.land[["class", "geometry"]]
        for frame, file in ((land, files.land), (data.zones, files.plan)):
            frame.to_parquet(file) if ending == "parquet" else frame.to_file(file)
        made[name] = files
    return made


def bare_read(files: Files) -> None:
    """Read the same columns into Arrow as fast as the format's reader can; nothing else."""
    for file, column in ((files.plan, "id"), (files.land, "class")):
        arrow(file, column)


def arrow(file: Path, column: str) -> pa.Table:
    """Geometry and one column."""
    if file.suffix == ".parquet":
        return pq.read_table(file, columns=[column, "geometry"])
    return pyogrio.read_arrow(file, columns=[column])[1]


def certified(files: Files) -> CertifiedLayer:
    """The land with its certificate: made anew where the cache does not know the file."""
    workspace = ikap.open_workspace(files.workspace)
    land = Reader(workspace, discover(workspace), quiet).certified(workspace.layers["ar5"])
    assert land is not None
    return land


def table(files: Files) -> Table:
    """From the files to the finished table, by way of whatever the cache holds of the land."""
    land = certified(files)
    place, names = pd.factorize(land.classes)  # each class once, as the toolkit groups them
    code = pd.Index(CLASSES).get_indexer(names)[place]
    zones = Polygons.of_chunks(geometry_column(files.plan, files.plan.stem))
    found = pair_areas(zones, land.shapes)
    return table_of(len(zones), found.zone, code[found.land], found.area)


def first_contact(files: Files) -> None:
    """Read and certify the land as if the file had never been seen."""
    with tempfile.TemporaryDirectory() as folder, cache_at(Path(folder)):
        certified(files)


@contextmanager
def cache_at(folder: Path) -> Iterator[None]:
    """Keep layers in a cache of its own."""
    before = os.environ.get("IKAP_CACHE")
    os.environ["IKAP_CACHE"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["IKAP_CACHE"]
        else:
            os.environ["IKAP_CACHE"] = before


def forget_vertices() -> None:
    """Throw away what the cache holds of the land's vertices; its certificate stays."""
    held = list((cache_root() / "layers").glob(f"*/{VERTICES}"))
    largest = max(held, key=lambda folder: sum(f.stat().st_size for f in folder.iterdir()))
    shutil.rmtree(largest)
