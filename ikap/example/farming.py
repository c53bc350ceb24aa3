"""Dyrkbar jord, jordkvalitet, kjerneområder and H510: themes on top of the land cover.

None of them is there everywhere, as in real maps: cultivable land is not mapped in Tåkefjord, soil
quality is mapped on about half of the fields, and core farmland is adopted in two municipalities.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.landcover import CRS
from ikap.example.noise import hash_unit, noise_at

__all__ = ["make_farming"]

Shapes = NDArray[np.object_]
CULTIVABLE_ON = ("22", "23", "30", "60")
PATCHY, MAPPED = 0.9, 0.0  # level of the noise above which ground is cultivable, or soil is mapped
SMALLEST = 2_000.0  # m² of cultivable ground
LARGEST = 60_000.0  # m²: larger forests are not cultivable as a whole
GAP = 15.0  # metres between fields that make up one core area
CORE, H510 = 300_000.0, 150_000.0  # m² of a core area, and of one that is a hensynssone too
CHANGED = 0.06  # share that has changed since 2008
CORE_IN = ("9901", "9902")


def make_farming(
    ar5: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame
) -> dict[str, dict[str, gpd.GeoDataFrame]]:
    """Layers by file and name: `dyrkbar_jord`, `jordkvalitet`, `kjerneomraader`, `hensynssoner`."""
    core, concern = _core(ar5, municipalities)
    return {
        "dyrkbar_jord": {"DyrkbarJord": _cultivable(ar5)},
        "jordkvalitet": {"Jordkvalitet": _quality(ar5)},
        "kjerneomraader": {"Kjerneområde": core},
        "hensynssoner": {"KpAngittHensynSone": concern},
    }


def _places(ar5: gpd.GeoDataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle = shapely.centroid(ar5.geometry.to_numpy())
    return shapely.get_x(middle), shapely.get_y(middle)


def _cultivable(ar5: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = shapely.area(ar5.geometry.to_numpy())
    some = ar5["arealtype"].isin(CULTIVABLE_ON).to_numpy() & (area > SMALLEST) & (area < LARGEST)
    x, y = _places(ar5)
    own = ar5[some & (noise_at(x, y, 1200.0, 971, octaves=2) > PATCHY)]
    x, y = _places(own)
    changed = hash_unit(x.astype(np.int64), y.astype(np.int64), seed=972) < CHANGED
    table = {"lokalid": "dyrkbar-" + own["lokalid"], "ARDYRKING": "82"}
    table |= {"ENDRETETTER2008": changed.astype(np.int32)}
    return gpd.GeoDataFrame(table, geometry=own.geometry.to_numpy(), crs=CRS)


def _quality(ar5: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    field = ar5["arealtype"].isin(("21", "22")).to_numpy()
    x, y = _places(ar5)
    own = ar5[field & (noise_at(x, y, 3000.0, 973, octaves=2) > MAPPED)]
    x, y = _places(own)
    level = noise_at(x, y, 900.0, 974, octaves=2)
    quality = np.where(level > 0.2, 1, np.where(level > -0.8, 2, 3)).astype(np.int32)
    table = {"lokalid": "jordkvalitet-" + own["lokalid"], "jordkvalitet": quality}
    return gpd.GeoDataFrame(table, geometry=own.geometry.to_numpy(), crs=CRS)


def _core(
    ar5: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Large contiguous farmland of two municipalities, and H510 round some of it."""
    fields = ar5.geometry.to_numpy()[ar5["arealtype"].isin(("21", "22", "23")).to_numpy()]
    together = shapely.buffer(shapely.coverage_union_all(fields), GAP, quad_segs=2)
    parts = shapely.get_parts(shapely.simplify(shapely.buffer(together, -GAP, quad_segs=2), 8.0))
    inside = []
    for own in CORE_IN:
        home = municipalities["kommunenummer"].to_numpy() == own
        ground = shapely.union_all(municipalities.geometry.to_numpy()[home])
        inside.append(shapely.get_parts(shapely.intersection(parts, ground)))
    whole = np.concatenate(inside)
    whole = whole[(shapely.get_type_id(whole) == 3) & (shapely.area(whole) > H510)]
    whole = whole[np.lexsort(shapely.bounds(whole)[:, :2].T)]
    core = whole[shapely.area(whole) > CORE]
    zones = whole[::2]
    number = np.arange(1, len(core) + 1)
    table = {"lokalid": [f"konstruert-kjerne-{n}" for n in number]}
    table |= {"navn": [f"Kjerneområde {n}" for n in number]}
    found = gpd.GeoDataFrame(table, geometry=core, crs=CRS)
    names = [f"H510_{n}" for n in range(1, len(zones) + 1)]
    told = {"lokalid": [f"konstruert-{name}" for name in names], "angittHensyn": "510"}
    told |= {"hensynSonenavn": names}
    return found, gpd.GeoDataFrame(told, geometry=zones, crs=CRS)
