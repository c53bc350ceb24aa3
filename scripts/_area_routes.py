"""The routes that `bench_areas.py` times: land classes in zones, each square metre once."""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import psutil
import shapely
from numpy.typing import NDArray

from ikap.example import build
from ikap.measure import counted_once, find_overlaps, pair_areas

Table = NDArray[np.float64]
Classes = tuple[str, ...]

ZONES_LAYER = "KpArealformålOmråde"
MOST_VERTICES = 1024
CLASSES: Classes = ("11", "12", "21", "22", "23", "30", "50", "60", "70", "81", "82", "99")


@dataclass(frozen=True)
class Data:
    """Zones (`id`), and land without overlap (`class`, and `code`: its place in CLASSES)."""

    zones: gpd.GeoDataFrame
    land: gpd.GeoDataFrame

    @classmethod
    def read(cls, folder: Path) -> Data:
        """Read what `prepare` wrote."""
        return cls(*(gpd.read_parquet(folder / f"{name}.parquet") for name in ("zones", "land")))

    @property
    def vertices(self) -> int:
        """Count the vertices of zones and land."""
        both = (self.zones.geometry.values, self.land.geometry.values)
        return int(sum(shapely.get_num_coordinates(each).sum() for each in both))

    @property
    def moved(self) -> Data:
        """The same land with another plan: each zone moved a little."""
        moved = self.zones.geometry.translate(37.0, -53.0)
        return Data(self.zones.set_geometry(moved), self.land)

    def part(self, share: int) -> Data:
        """One of `share` parts of the region with about as much land each, by a box."""
        if share == 1:
            return self
        bounds = self.land.bounds.to_numpy()
        x, y = ((bounds[:, axis] + bounds[:, axis + 2]) / 2 for axis in (0, 1))
        side = 1 / np.sqrt(share)
        east = np.quantile(x, side)
        return self._within(shapely.box(x.min(), y.min(), east, np.quantile(y[x <= east], side)))

    def growing(self, parts: tuple[int, ...]) -> Iterator[Data]:
        """Ever more of the region: n of the last number of its parts."""
        for part in parts:
            yield self.part(1) if part == parts[-1] else self.part(parts[-1] // part)

    def _within(self, box: shapely.Polygon) -> Data:
        """Land with its middle in the box, and zones that reach into it; shapes stay whole."""
        bounds = self.land.bounds.to_numpy()
        middle = shapely.points((bounds[:, :2] + bounds[:, 2:]) / 2)
        land = self.land[shapely.intersects(box, middle)].reset_index(drop=True)
        zones = self.zones[shapely.intersects(box, self.zones.geometry.values)]
        return Data(zones.reset_index(drop=True).assign(id=np.arange(len(zones))), land)


def prepare(region: Path, tell: Callable[[str], None]) -> Path:
    """Build the region if it is not there, take away its overlap, and keep both; the folder."""
    data = region / "layers" / "data"
    if not (data / "ar5_konstruert.gpkg").exists():
        tell(f"bygger Eksempelregionen i {region} (noen minutter)")
        build(region, size="bench")
    folder = region / "bench"
    if (folder / "zones.parquet").exists():
        return folder
    tell("tar bort overlapp, så hver kvadratmeter telles én gang")
    folder.mkdir(exist_ok=True)
    land = gpd.read_file(data / "ar5_konstruert.gpkg", columns=["arealtype"])
    shapes = np.asarray(land.geometry.values, dtype=object)
    once = counted_once(shapes, find_overlaps(shapes, np.zeros(len(shapes), dtype=np.int64)))
    classes = land["arealtype"].astype(str)
    gpd.GeoDataFrame(
        {"class": classes, "code": classes.map(CLASSES.index).astype("int64")},
        geometry=once,
        crs=land.crs,
    ).to_parquet(folder / "land.parquet", compression=None)
    plans(data / "plan_gjeldende_konstruert.gpkg").to_parquet(folder / "zones.parquet")
    return folder


def plans(file: Path) -> gpd.GeoDataFrame:
    """Zones of a plan, numbered."""
    found = gpd.read_file(file, layer=ZONES_LAYER, columns=[])
    return gpd.GeoDataFrame({"id": np.arange(len(found))}, geometry=found.geometry)


def table_of(zones: int, zone: NDArray[Any], code: NDArray[Any], area: Table) -> Table:
    """Areas summed by zone and class, in m²."""
    key = zone * len(CLASSES) + code
    summed = np.bincount(key, weights=area, minlength=zones * len(CLASSES))
    return summed.reshape(zones, len(CLASSES))


def tolerance(data: Data) -> Table:
    """How far two routes may differ in each zone × class, in m²: measure.md's rule.

    A share of 1e-9 of the zone, or eight units in the last place of a coordinate along the
    outlines of the zone and of the land that may meet it, whichever is larger.
    """
    zones, land = (np.asarray(f.geometry.values, dtype=object) for f in (data.zones, data.land))
    zone, other = shapely.STRtree(land).query(zones)
    code, outline = data.land["code"].to_numpy(), shapely.length(land)
    perimeter = table_of(len(zones), zone, code[other], outline[other])
    perimeter += shapely.length(zones)[:, None]
    ulp = np.spacing(np.abs(data.zones.total_bounds).max())
    return np.asarray(np.maximum(1e-9 * shapely.area(zones)[:, None], 8 * ulp * perimeter))


# In memory


def edge_sum(data: Data) -> Table:
    """By ikap."""
    found = pair_areas(
        *(np.asarray(f.geometry.values, dtype=object) for f in (data.zones, data.land))
    )
    return table_of(
        len(data.zones), found.zone, data.land["code"].to_numpy()[found.land], found.area
    )


def overlay(data: Data) -> Table:
    """By geopandas: cut everything with everything, then group."""
    pieces = gpd.overlay(data.zones[["id", "geometry"]], data.land[["code", "geometry"]])
    return table_of(
        len(data.zones), pieces["id"].to_numpy(), pieces["code"].to_numpy(), pieces.area
    )


def geos(data: Data) -> Table:
    """By GEOS as fast as it goes: an index, prepared zones, intersection only across borders."""
    zones = np.asarray(data.zones.geometry.values, dtype=object)
    land = np.asarray(data.land.geometry.values, dtype=object)
    parts, owner = cut_safely(zones)
    shapely.prepare(parts)
    part, other = shapely.STRtree(land).query(parts, predicate="intersects")
    area = shapely.area(land[other])
    rest = np.flatnonzero(~shapely.covers(parts[part], land[other]))
    area[rest] = shapely.area(shapely.intersection(parts[part[rest]], land[other[rest]]))
    return table_of(len(zones), owner[part], data.land["code"].to_numpy()[other], area)


def cut_safely(zones: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Zones in parts of at most 1024 vertices, by intersection; the parts add up (asserted)."""
    done, owner = [], []
    parts, whose = zones, np.arange(len(zones))
    while len(parts):
        large = shapely.get_num_coordinates(parts) > MOST_VERTICES
        done.append(parts[~large])
        owner.append(whose[~large])
        bounds = shapely.bounds(parts[large])
        halves = []
        for side in (0, 1):
            box = bounds.copy()
            wide = (box[:, 2] - box[:, 0]) > (box[:, 3] - box[:, 1])
            middle = (box[:, :2] + box[:, 2:]) / 2
            for axis in (0, 1):
                rows = wide if axis == 0 else ~wide
                box[rows, axis + 2 * (1 - side)] = middle[rows, axis]
            halves.append(shapely.intersection(parts[large], shapely.box(*box.T)))
        parts, whose = np.concatenate(halves or [[]]), np.tile(whose[large], 2)
    found, who = np.concatenate(done), np.concatenate(owner)
    summed = np.bincount(who, weights=shapely.area(found), minlength=len(zones))
    assert np.allclose(summed, shapely.area(zones), rtol=1e-9), "parts do not add up to zones"
    return found, who


class Watched(Protocol):
    """What a peak is noted on."""

    peak_mb: float


@contextmanager
def watched(way: Watched, wanted: bool) -> Iterator[None]:
    """Note the most memory that the block takes beyond what the process had when it began."""
    if not wanted:
        yield
        return
    process, ended = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    seen = [before]

    def watch() -> None:
        while not ended.wait(0.005):
            seen.append(process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        way.peak_mb = (max(seen) - before) / 1e6


# Databases


def query(data: Data, connection: Any) -> Table:  # noqa: ANN401 (DuckDB's or psycopg's)
    """Ask a database for the table."""
    from _databases import AREAS_BY_CLASS  # noqa: PLC0415

    rows = pd.DataFrame(
        connection.execute(AREAS_BY_CLASS).fetchall(), columns=["zone", "class", "area"]
    )
    code = rows["class"].map(CLASSES.index).to_numpy(dtype=np.int64)
    return table_of(len(data.zones), rows["zone"].to_numpy(np.int64), code, rows["area"].to_numpy())


# The machine


def processor() -> str:
    """Name of the processor."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def load() -> str:
    """Load average of the machine, if it tells."""
    return " ".join(f"{n:.1f}" for n in os.getloadavg()) if hasattr(os, "getloadavg") else "?"
