"""Ways to walk: roads, streets and tracks that join, with gangveg beside the E-road.

In: terrain and settlements. Out: `Veglenke`, links that end where they meet. The streets of one
village stop short of the main road, and one street crosses the E-road on a bridge without meeting
it: real networks do both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ikap.example.geography import ROADS
from ikap.example.landcover import CRS
from ikap.example.noise import hash_unit
from ikap.example.places import Settlement
from ikap.example.plan_tables import road_lines
from ikap.example.terrain import Terrain
from ikap.example.zones import streets

__all__ = ["loose_village", "make_network"]

BESIDE = 15.0  # gangveg from the middle of the E-road, metres
JOINS = 60.0  # a way that ends this near to another one, in metres, is built on to it
MEETS = 0.6  # nearer than this, in metres, a way ends on the other one
GRID = 1.0  # metres: ways meet on whole metres
SHORT = 25.0  # so far the streets of the loose village stay from the main roads, metres
INNER, OUTER = 0.95, 1.5  # share of a settlement's radius with streets, and with tracks
TRACKS = 0.72  # of the tracks that could be are there
DRY = 40.0  # metres from the sea
CATEGORY = {road.name: road.category for road in ROADS}


@dataclass(frozen=True)
class _Way:
    """One way before it is cut into links."""

    line: shapely.LineString
    sort: str  # typeVeg
    category: str = ""
    number: str = ""
    medium: str = "T"
    phase: str = "V"


def make_network(terrain: Terrain, settlements: list[Settlement]) -> gpd.GeoDataFrame:
    """Links of the whole region with the official attributes (EPSG:25832)."""
    main = _main_roads(terrain)
    paths = [_gangveg(terrain, name) for name in terrain.roads if CATEGORY[name] == "E"]
    local, apart = _streets(terrain, settlements, [way.line for way in main])
    bridge = _bridge(local, [way.line for way in main if way.category == "E"], settlements[1])
    ground = [*main, *paths, *(way for way in local if way is not bridge)]
    links = [*_leading_somewhere(_cut([*ground, *_built_on(ground), *apart])), *_planned(terrain)]
    if bridge is not None:
        links.append(replace(bridge, line=shapely.set_precision(bridge.line, GRID), medium="L"))
    return gpd.GeoDataFrame(
        {
            "lokalid": [f"konstruert-veg-{n}" for n in range(1, len(links) + 1)],
            "typeVeg": [way.sort for way in links],
            "vegkategori": [way.category for way in links],
            "vegfase": [way.phase for way in links],
            "medium": [way.medium for way in links],
            "vegnummer": [way.number for way in links],
        },
        geometry=[way.line for way in links],
        crs=CRS,
    )


def loose_village(settlements: list[Settlement]) -> Settlement | None:
    """Village whose streets do not reach the main road in the data: the largest of 9903."""
    found = [s for s in settlements if s.level == "village" and s.municipality == "9903"]
    return max(found, key=lambda s: s.radius, default=None)


def _main_roads(terrain: Terrain) -> list[_Way]:
    return [
        _Way(_light(curve.xy), "enkelBilveg", CATEGORY[name], name)
        for name, curve in terrain.roads.items()
    ]


def _light(xy: NDArray[np.float64]) -> shapely.LineString:
    line: shapely.LineString = shapely.simplify(shapely.LineString(xy), 2.0)
    return line


def _gangveg(terrain: Terrain, name: str) -> _Way:
    """Way for people on foot along a main road, on its left."""
    curve = terrain.roads[name]
    return _Way(_light(curve.beside(np.full(len(curve.s), BESIDE))), "gangOgSykkelveg", "K")


def _streets(
    terrain: Terrain, settlements: list[Settlement], main: list[shapely.LineString]
) -> tuple[list[_Way], list[_Way]]:
    """Streets of each settlement and tracks on from them; apart, those that join nothing."""
    loose = loose_village(settlements)
    near_main = shapely.buffer(shapely.union_all(main), SHORT)
    found, apart = list[_Way](), list[_Way]()
    for number, place in enumerate(settlements):
        ends, ring = _segments(terrain, place, number)
        draw = hash_unit(np.arange(len(ends)), number, seed=901)
        for k in np.nonzero((ring < 1) | ((draw < TRACKS) & (place is not loose)))[0]:
            line = shapely.LineString(ends[k])
            sort, category = ("enkelBilveg", "K") if ring[k] < 1 else ("traktorveg", "P")
            if place is loose:
                parts = shapely.get_parts(shapely.difference(line, near_main))
                apart += [_Way(part, sort, category) for part in parts if part.length > SHORT]
            else:
                found.append(_Way(line, sort, category))
    return found, apart


def _segments(
    terrain: Terrain, place: Settlement, number: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Straight pieces of streets and tracks on dry land, and how far out each lies (1: edge)."""
    wide = streets(replace(place, radius=place.radius * OUTER), number)
    drawn = [shapely.get_coordinates(line) for line in wide]
    ends = np.concatenate([np.zeros((0, 2, 2)), *(np.stack([p[:-1], p[1:]], 1) for p in drawn)])
    along_it = ends[:, :1] + np.linspace(0, 1, 7)[:, None] * (ends[:, 1:] - ends[:, :1])
    shore = terrain.grid.smooth_at(terrain.sea, along_it[..., 0].ravel(), along_it[..., 1].ravel())
    ends = ends[(shore.reshape(-1, 7) > DRY).all(axis=1)]
    middle = ends.mean(axis=1)
    along, across = place.local(middle[:, 0], middle[:, 1])
    return ends, np.hypot(along / 1.3, across / 0.8) / (place.radius * INNER)


def _bridge(local: list[_Way], main: list[shapely.LineString], place: Settlement) -> _Way | None:
    """Street nearest to the middle of the place that crosses the E-road."""
    middle, road = shapely.Point(place.x, place.y), shapely.union_all(main)
    over = [way for way in local if way.category == "K" and way.line.crosses(road)]
    return min(over, key=lambda way: way.line.distance(middle), default=None)


def _built_on(ways: list[_Way]) -> list[_Way]:
    """Short pieces from ends that meet nothing to what lies near them; none to the E-road."""
    lines = np.array([way.line for way in ways], dtype=object)
    walked = np.flatnonzero([way.category != "E" for way in ways])
    points = np.concatenate([shapely.get_point(lines[walked], k) for k in (0, -1)])
    owner = np.concatenate([walked, walked])
    places = shapely.get_coordinates(shapely.set_precision(points, 0.01))
    _, place, count = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    loose = np.flatnonzero(count[place.ravel()] == 1)
    end, near = shapely.STRtree(lines[walked]).query(
        points[loose], predicate="dwithin", distance=JOINS
    )
    end, near = loose[end], walked[near]
    away = shapely.distance(points[end], lines[near])
    other = owner[end] != near
    found = []
    for k in np.unique(end[other]):
        mine = np.flatnonzero((end == k) & other)
        best = mine[away[mine].argmin()]
        if away[best] > MEETS:
            piece = shapely.shortest_line(points[k], lines[near[best]])
            found.append(replace(ways[owner[k]], line=piece))
    return found


def _cut(ways: list[_Way]) -> list[_Way]:
    """Links between the places where ways on the ground meet, each with its way's attributes."""
    lines = np.array([way.line for way in ways], dtype=object)
    pieces = shapely.get_parts(shapely.union_all(lines, grid_size=GRID))
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    source = shapely.STRtree(lines).nearest(middle)
    made = [replace(ways[k], line=piece) for k, piece in zip(source, pieces, strict=True)]
    order = np.lexsort((shapely.get_y(middle), shapely.get_x(middle), source))
    return [made[k] for k in order]


def _leading_somewhere(links: list[_Way]) -> list[_Way]:
    """Links without the tracks that meet no street or road."""
    ends = shapely.get_coordinates([shapely.get_point(w.line, k) for k in (0, -1) for w in links])
    _, node = np.unique(ends, axis=0, return_inverse=True)
    first, last = np.split(node.ravel(), 2)
    size = int(node.max()) + 1
    pairs = coo_array((np.ones(len(first)), (first, last)), shape=(size, size))
    part = connected_components(pairs, directed=False)[1][first]
    real = np.unique(part[[way.sort != "traktorveg" for way in links]])
    return [way for way, keep in zip(links, np.isin(part, real), strict=True) if keep]


def _planned(terrain: Terrain) -> list[_Way]:
    """New stretches of road that the plans show: planned, so nobody walks there yet."""
    return [
        _Way(line, "enkelBilveg", CATEGORY[name.removeprefix("Ny ")], "", phase="P")
        for line, _, name in road_lines(terrain)
    ]
