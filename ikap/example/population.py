"""Residents where the houses are: 250 m cells, a history before them, a projection after them.

Figures are invented, but hang together: the year 2022 is the residents of the houses.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from ikap.example.geography import MUNICIPALITIES
from ikap.example.landcover import CRS, Landcover
from ikap.example.noise import hash_unit

__all__ = ["make_builtup", "make_grid", "make_population"]

Floats = NDArray[np.float64]
HOMES = {"111": 1, "322": 10, "321": 16}  # bygningstype: dwellings in a building
PERSONS = 2.2
CELL = 250.0
GRID_CRS = "EPSG:25833"
SHIFT = 2_000_000
FEW, ROUNDED = 10, 5  # fewer residents than this are written as 5, as Statistics Norway does
GROWTH = {
    "9901": (0.011, 0.009),
    "9902": (0.016, 0.014),
    "9903": (-0.001, 0.002),
    "9904": (-0.004, -0.002),
}
"""Yearly growth by municipality, until 2022 and after it."""
FIRST, NOW, LAST = 2000, 2022, 2050
BUILT_FIRST = 2017
BUILT = (11, 12)


def make_grid(buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    """Cells of Statistics Norway's 250 m grid with residents, small numbers rounded."""
    east, north, people = _residents(buildings)
    to_grid = pyproj.Transformer.from_crs(CRS, GRID_CRS, always_xy=True)
    x, y = (np.floor(a / CELL) * CELL for a in to_grid.transform(east, north))
    ids = [f"{int(a) + SHIFT:07d}{int(b):07d}" for a, b in zip(x, y, strict=True)]
    cells = pd.Series(people).groupby(ids).sum().round().astype(int)
    told = cells.mask(cells < FEW, ROUNDED)
    return pd.DataFrame({"SSBID0250M": told.index, "pop_tot": told.to_numpy()})


def make_population(buildings: gpd.GeoDataFrame, cover: Landcover) -> pd.DataFrame:
    """Residents by municipality: registered 2000-2022, projected 2023-2050."""
    east, north, people = _residents(buildings)
    owner = _municipality(cover, east, north)
    rows = []
    for row, number in enumerate(MUNICIPALITIES):
        now = float(people[owner == int(number)].sum())
        before, after = GROWTH[number]
        for year in range(FIRST, LAST + 1):
            rate = before if year <= NOW else after
            wave = 0.006 * (float(hash_unit(year, row, seed=971)) - 0.5) * (year < NOW)
            figure = now * (1 + rate) ** (year - NOW) * (1 + wave)
            basis = "registrert" if year <= NOW else "framskrevet"
            rows.append((number, year, round(figure), basis))
    return pd.DataFrame(rows, columns=["kommunenummer", "år", "personer", "grunnlag"])


def make_builtup(cover: Landcover) -> pd.DataFrame:
    """Built-up area in km2 by municipality, 2017-2022; the last year is what the map shows."""
    built = np.isin(cover.code // 10_000, BUILT)
    area = shapely.area(cover.polygons) * built / 1e6
    rows = [
        (number, year, round(float(area[cover.municipality == int(number)].sum()) * share, 2))
        for number in MUNICIPALITIES
        for year in range(BUILT_FIRST, NOW + 1)
        for share in [1 - (NOW - year) * max(GROWTH[number][0], 0.001) * 0.6]
    ]
    return pd.DataFrame(rows, columns=["kommunenummer", "år", "bebygd_km2"])


def _residents(buildings: gpd.GeoDataFrame) -> tuple[Floats, Floats, Floats]:
    """Place (EPSG:25832) and residents of each building where people live."""
    homes = buildings["bygningstype"].map(HOMES).fillna(0).to_numpy(dtype=np.float64)
    middle = shapely.centroid(buildings.geometry.to_numpy()[homes > 0])
    people = np.asarray(homes[homes > 0] * PERSONS, dtype=np.float64)
    return shapely.get_x(middle), shapely.get_y(middle), people


def _municipality(cover: Landcover, east: Floats, north: Floats) -> NDArray[np.int64]:
    point, polygon = shapely.STRtree(cover.polygons).query(
        shapely.points(east, north), predicate="intersects"
    )
    owner = np.zeros(len(east), dtype=np.int64)
    owner[point] = cover.municipality[polygon]
    return owner
