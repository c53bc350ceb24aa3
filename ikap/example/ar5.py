"""AR5 attributes of the land cover: fields get their class, everything gets accuracy and date."""

from __future__ import annotations

import uuid

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.ground import FARM
from ikap.example.landcover import CRS, Landcover
from ikap.example.noise import hash_unit, noise_at
from ikap.example.plan_tables import NAMESPACE
from ikap.example.terrain import Terrain

__all__ = ["ar5_table"]

Codes = NDArray[np.int64]
DATES = np.array(
    ["2017-06-12", "2019-08-20", "2021-07-05", "2023-06-28", "2025-06-17"], dtype=object
)
# arealtype -> position accuracy in cm
ACCURACY = {
    11: 200,
    12: 100,
    21: 200,
    22: 200,
    23: 300,
    30: 500,
    50: 500,
    60: 500,
    81: 200,
    82: 200,
}


def ar5_table(terrain: Terrain, cover: Landcover) -> gpd.GeoDataFrame:
    """Land cover with official AR5 column names, in stable order (EPSG:25832)."""
    point = shapely.point_on_surface(cover.polygons)
    order = np.lexsort((shapely.get_x(point), shapely.get_y(point), cover.municipality))
    polygons, code = cover.polygons[order], cover.code[order]
    x, y = shapely.get_x(point)[order], shapely.get_y(point)[order]
    kind = np.where(code == FARM, _field_class(terrain, polygons, x, y), code // 10_000)
    forest, bare = kind == 30, kind == 50
    trees = np.where(forest, code // 100 % 100, np.where(kind < 30, 98, 39))
    trees = np.where(forest & (trees == 10), 32, trees)
    growth = np.where(forest, np.maximum(code % 100, 11), 98)
    soil = np.where(bare, code % 100, np.where(kind == 60, 45, np.where(kind <= 12, 46, 44)))
    soil = np.where(kind > 80, 98, soil)
    grid_x, grid_y = np.floor(x / 3000).astype(np.int64), np.floor(y / 3000).astype(np.int64)
    dated = (hash_unit(grid_x, grid_y, seed=901) * len(DATES)).astype(np.int64)
    return gpd.GeoDataFrame(
        {
            "lokalid": [
                str(uuid.UUID(bytes=bytes_, version=5))
                for bytes_ in _digests(cover.municipality[order], x, y)
            ],
            "arealtype": kind.astype(str),
            "treslag": np.where(kind > 80, 98, trees).astype(str),
            "skogbonitet": growth.astype(str),
            "grunnforhold": soil.astype(str),
            "nøyaktighet": np.array([ACCURACY[int(k)] for k in kind], dtype=np.int32),
            "målemetode": "konstruert",
            "datafangstdato": DATES[dated],
        },
        geometry=polygons,
        crs=CRS,
    )


def _field_class(
    terrain: Terrain, polygons: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]
) -> Codes:
    """Ploughed on the valley floor; pasture where it is high, steep, small or by the wood."""
    height = terrain.grid.smooth_at(terrain.height, x, y)
    floor = terrain.grid.smooth_at(terrain.floor, x, y)
    area = shapely.area(polygons)
    slim = 4 * np.pi * area / np.maximum(shapely.length(polygons), 1) ** 2
    shore = np.maximum(terrain.grid.smooth_at(terrain.sea, x, y) - 250, -200)
    poor = (
        0.5 * noise_at(x, y, 1500.0, 911, octaves=2) + height / 300 + np.minimum(floor, shore) / 500
    )
    poor += np.where(slim < 0.35, 0.5, 0) + np.where(area < 9_000, 0.35, 0)
    draw = hash_unit(np.floor(x).astype(np.int64), np.floor(y).astype(np.int64), seed=912)
    poor += 0.5 * (draw - 0.5)
    return np.where(poor > 0.58, 23, np.where(poor > 0.42, 22, 21))


def _digests(municipality: Codes, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[bytes]:
    """Sixteen bytes a polygon, from where it lies."""
    easting, northing = (x * 100).astype(np.int64), (y * 100).astype(np.int64)
    halves = [
        (hash_unit(municipality, easting, northing, seed=NAMESPACE.int % 2**31 + k) * 2**53).astype(
            np.uint64
        )
        << np.uint64(11)
        for k in (0, 1)
    ]
    table = np.column_stack(halves).astype(">u8")
    return [row.tobytes() for row in table]
