"""Stop places: two railway stations, and bus stops in towns, in villages and by the main roads."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.landcover import CRS
from ikap.example.noise import hash_unit
from ikap.example.places import Settlement
from ikap.example.spread import corners_of, spread
from ikap.example.terrain import Terrain

__all__ = ["make_stops"]

Stop = tuple[str, str, shapely.Point]  # name, transportmiddel, place
TOWN = {"city": 24, "town": 9}
"""Bus stops in the streets of a city or a town."""
OUT = 1.12  # share of the radius within which they lie
VILLAGES = 0.2  # of the villages have a stop
OPEN_ROAD = 8_000.0  # between stops where nobody lives near, metres at scale 1
KERB = 9.0  # metres from the middle of the road
NAMES = ("torget", "kirka", "brua", "parken", "skolen", "hagen", "porten", "brygga", "enga")


def make_stops(terrain: Terrain, settlements: list[Settlement]) -> gpd.GeoDataFrame:
    """Stations and bus stops as points (EPSG:25832)."""
    stops = [*_stations(terrain, settlements), *_town(terrain, settlements)]
    stops += _village(terrain, settlements)
    stops += _open_road(terrain, stops)
    return gpd.GeoDataFrame(
        {
            "stoppested_id": [f"KON:StopPlace:{n}" for n in range(1, len(stops) + 1)],
            "navn": [name for name, _, _ in stops],
            "transportmiddel": [mode for _, mode, _ in stops],
        },
        geometry=[point for _, _, point in stops],
        crs=CRS,
    )


def _stations(terrain: Terrain, settlements: list[Settlement]) -> Iterator[Stop]:
    """Where the railway passes the city and the first town."""
    line = shapely.LineString(terrain.railway.xy)
    for place in settlements[:2]:
        along = shapely.line_locate_point(line, shapely.Point(place.x, place.y))
        at = shapely.line_interpolate_point(line, along)
        yield f"{place.name} stasjon", "train", shapely.set_precision(at, 0.01)


def _town(terrain: Terrain, settlements: list[Settlement]) -> Iterator[Stop]:
    """Bus stops at the corners of streets, spread over the city and the towns."""
    for number, place in enumerate(settlements):
        count = TOWN.get(place.level, 0)
        places = spread(corners_of(terrain, place, number, OUT), count, number) if count else []
        for k, at in enumerate(places):
            name = f"{place.name} {NAMES[k % len(NAMES)]}" + (" vest" if k >= len(NAMES) else "")
            yield name, "bus", shapely.Point(at)


def _village(terrain: Terrain, settlements: list[Settlement]) -> Iterator[Stop]:
    """Bus stops by the main road of some villages."""
    roads = shapely.union_all([shapely.LineString(road.xy) for road in terrain.roads.values()])
    for number, place in enumerate(settlements):
        if place.level == "village" and hash_unit(number, seed=911) < VILLAGES:
            middle = shapely.Point(place.x, place.y)
            near = shapely.get_point(shapely.shortest_line(middle, roads), 1)
            yield place.name, "bus", shapely.set_precision(near, 0.01)


def _open_road(terrain: Terrain, stops: list[Stop]) -> list[Stop]:
    """Bus stops by the main roads where there is none for a long way."""
    apart = OPEN_ROAD * terrain.size.scale
    taken = np.array([(point.x, point.y) for _, _, point in stops])
    found: list[Stop] = []
    for xy in _beside(terrain, apart / 4):
        if (np.hypot(*(taken - xy).T) > apart).all():
            taken = np.vstack([taken, xy])
            found.append((f"Hovedvegen {len(found) + 1}", "bus", shapely.Point(xy)))
    return found


def _beside(terrain: Terrain, step: float) -> NDArray[np.float64]:
    """Places by the kerb of the main roads, on land, every `step` metres."""
    points = []
    for road in terrain.roads.values():
        xy, normal = road.at(np.arange(step / 2, road.s[-1], step))
        points.append(xy + KERB * normal)
    every: NDArray[np.float64] = np.asarray(np.concatenate(points), dtype=np.float64).round(2)
    x, y = every[:, 0], every[:, 1]
    inside = terrain.grid.at(terrain.municipality, x, y) > 0
    dry = terrain.grid.smooth_at(terrain.sea, x, y) > 0
    return np.asarray(every[inside & dry], dtype=np.float64)
