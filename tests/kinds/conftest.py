"""A region of two municipalities and one neighbour, and small layers made by hand."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import box

from ikap.kinds import Canonical, buildings, context, farmland, landcover, municipality, zoning
from ikap.kinds.loading import load
from ikap.model import LayerDeclaration, Municipality, PlanDeclaration, Region

KINDS = {m.KIND: m for m in (buildings, context, farmland, landcover, municipality, zoning)}
EAST, NORTH = 569000.0, 7034000.0
EXTENT = (EAST - 10_000, NORTH - 10_000, EAST + 10_000, NORTH + 10_000)
DAY = date(2018, 1, 1)


def square(x: float, y: float, width: float = 100.0, height: float = 100.0):
    """Box in metres from the corner (569000, 7034000)."""
    return box(EAST + x, NORTH + y, EAST + x + width, NORTH + y + height)


@dataclass
class Layers:
    """Writes frames to files and reads them back as a kind."""

    folder: Path
    region: Region
    extent: tuple[float, float, float, float] | None = None
    number: int = 0
    options: dict[str, Any] = field(default_factory=dict)

    def write(self, frame: gpd.GeoDataFrame, name: str = "", **options: object) -> Path:
        self.number += 1
        path = self.folder / (name or f"lag{self.number}.gpkg")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame.to_file(path, engine="pyogrio", **options)
        return path

    def declare(self, path: Path, kind: str, **keys: object) -> LayerDeclaration:
        source = {"from": "files", "path": str(path), **keys.pop("source", {})}
        base = {"title": {}, "owner": "", "licence": "", "root": self.folder, "file": "lag.toml"}
        return LayerDeclaration(name="lag", kind=kind, source=source, **{**base, **keys})

    def read(self, path: Path, kind: str, **keys: object) -> Canonical:
        declaration = self.declare(path, kind, **keys)
        return load(KINDS[kind], declaration, self.region, extent=self.extent)

    def make(self, kind: str, table: dict, geometry: Sequence, /, **keys: object) -> Canonical:
        crs = keys.pop("crs", "EPSG:25832")
        frame = gpd.GeoDataFrame(table, geometry=list(geometry), crs=crs)
        return self.read(self.write(frame), kind, **keys)


@pytest.fixture
def region() -> Region:
    return Region(
        key="prøve",
        name={"nb": "Prøveregionen", "en": "Test region"},
        crs="EPSG:25832",
        municipalities=(
            Municipality("5001", "Trondheim", DAY),
            Municipality("5031", "Malvik", DAY),
        ),
        neighbours=(Municipality("0301", "Oslo", DAY),),
        history=(Municipality("5030", "Klæbu", DAY, date(2019, 12, 31), ("5001",)),),
    )


@pytest.fixture
def layers(tmp_path: Path, region: Region) -> Layers:
    return Layers(tmp_path, region)


@pytest.fixture
def placed(layers: Layers) -> Layers:
    """Layers that are held against the region's bounds."""
    layers.extent = EXTENT
    return layers


@pytest.fixture
def at() -> Callable:
    return square


@pytest.fixture
def role() -> Callable[[str], PlanDeclaration]:
    return lambda role: PlanDeclaration("plan", role)
