"""Land cover of the region as a valid AR5 coverage, and the municipalities made of its polygons.

In: `Terrain` and `Ground`. Out: `Landcover` with polygons that share every border point.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.arcs import borders
from ikap.example.detail import detailed
from ikap.example.faces import Neighbours, joined, make_faces, merge_groups, neighbours
from ikap.example.geography import MUNICIPALITIES
from ikap.example.ground import FARM, SEA, Ground
from ikap.example.linework import Linework
from ikap.example.size import Size
from ikap.example.terrain import Terrain

__all__ = ["CRS", "Landcover", "make_landcover", "make_municipalities"]

CRS = "EPSG:25832"
Codes = NDArray[np.int64]
ROAD, RIVER, YARD, COPSE = 120_000, 810_001, 110_001, 301_000


@dataclass(frozen=True)
class Landcover:
    """Polygons with their code (see `ground`) and municipality; fields are 21, 22, 23 later."""

    polygons: NDArray[np.object_]
    code: Codes
    municipality: Codes


def make_landcover(terrain: Terrain, ground: Ground, drawn: Linework) -> Landcover:
    """Valid coverage of the whole region (EPSG:25832)."""
    rounds = 5
    size = terrain.size
    natural = borders(ground.code, ground.grid, rounds=rounds, simplify=size.simplify)
    limits = borders(terrain.municipality, terrain.grid, rounds=7, simplify=size.simplify)
    ours = shapely.union_all(shapely.polygonize(limits))
    shapely.prepare(ours)
    bands = np.concatenate([drawn.roads, drawn.rivers, drawn.yards, drawn.copses])
    lines = np.concatenate([natural, drawn.fields, shapely.get_parts(shapely.boundary(bands))])
    lines = np.concatenate([lines[shapely.intersects(ours, lines)], limits])
    faces = make_faces(lines)
    del lines, natural  # the largest arrays of the whole build
    point = shapely.point_on_surface(faces)
    x, y = shapely.get_x(point), shapely.get_y(point)
    inside = shapely.contains_xy(ours, x, y)
    faces, point, x, y = faces[inside], point[inside], x[inside], y[inside]
    owner = _owner(limits, terrain, point)
    code = _code(ground, drawn, point, x, y)
    return _patches(faces, code, owner, size)


def _owner(limits: NDArray[np.object_], terrain: Terrain, point: NDArray[np.object_]) -> Codes:
    """Municipality of each point, by the smoothed borders."""
    areas = np.asarray(shapely.get_parts(shapely.polygonize(limits)))
    middle = shapely.point_on_surface(areas)
    number = terrain.grid.at(terrain.municipality, shapely.get_x(middle), shapely.get_y(middle))
    of_point, of_area = shapely.STRtree(areas).query(point, predicate="within")
    owner = np.zeros(len(point), dtype=np.int64)
    owner[of_point] = number[of_area]
    return owner


def _code(
    ground: Ground,
    drawn: Linework,
    point: NDArray[np.object_],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> Codes:
    """Code of each face: the ground's, and what is drawn on it where there is room."""
    code = ground.grid.at(ground.code, x, y).astype(np.int64)
    for areas, value, where in (
        (drawn.copses, COPSE, code == FARM),
        (drawn.yards, YARD, code == FARM),
        (drawn.rivers, RIVER, code != SEA),
        (drawn.roads, ROAD, code != SEA),
    ):
        hit = np.unique(shapely.STRtree(areas).query(point, predicate="within")[0])
        code[hit[where[hit]]] = value
    return code


def _patches(faces: NDArray[np.object_], code: Codes, owner: Codes, size: Size) -> Landcover:
    """Faces joined to patches: same code and municipality, and slivers to a neighbour."""
    near = neighbours(faces)
    area = shapely.area(faces)
    group = np.arange(len(faces))
    same = (code[near.a] == code[near.b]) & (owner[near.a] == owner[near.b])
    same &= code[near.a] != FARM
    group = joined(len(faces), near.a[same], near.b[same])
    known = _Faces(near, area, owner)
    for _ in range(5):
        link = _slivers(known, group, code, size.stand)
        if not len(link[0]):
            break
        group, code = _absorb(group, area, code, *link)
    first = np.unique(group, return_index=True)[1]
    largest = _of_largest(group, area, code)
    polygons = merge_groups(faces, group)
    if size.vertices:
        polygons = detailed(polygons, size.vertices)
    return Landcover(polygons, largest, owner[first])


@dataclass(frozen=True)
class _Faces:
    """What is known of the faces before they are joined."""

    near: Neighbours
    area: NDArray[np.float64]
    owner: Codes


def _slivers(faces: _Faces, group: Codes, code: Codes, stand: float) -> tuple[Codes, Codes]:
    """Pairs of (too small a group, the group it is given to)."""
    near = faces.near
    total = np.bincount(group, faces.area)
    kind = _of_largest(group, faces.area, code)
    whose = np.zeros(len(total), dtype=np.int64)
    whose[group] = faces.owner
    wanted = np.full(len(total), 1500.0 * (stand / 900) ** 0.5)
    wanted[kind == FARM] = 3500.0
    wanted[(kind == YARD) | (kind == COPSE)] = 350.0
    wanted[(kind == ROAD) | (kind == RIVER)] = 60.0
    small = total < wanted
    a = np.concatenate([group[near.a], group[near.b]])
    b = np.concatenate([group[near.b], group[near.a]])
    length = np.tile(near.length, 2)
    keep = small[a] & (a != b) & (whose[a] == whose[b])
    a, b, length = a[keep], b[keep], length[keep]
    thin = (kind[b] == ROAD) | (kind[b] == RIVER) | (kind[b] == SEA)
    weight = length * np.where(kind[a] == kind[b], 3.0, 1.0) * np.where(thin, 0.02, 1.0)
    weight = weight * np.where(total[b] < total[a], 0.2, 1.0)
    order = np.lexsort((b, -weight, a))
    best = np.unique(a[order], return_index=True)[1]
    return a[order][best], b[order][best]


def _absorb(
    group: Codes, area: NDArray[np.float64], code: Codes, small: Codes, into: Codes
) -> tuple[Codes, Codes]:
    """Groups after the slivers are joined; a joined patch has the code of its largest face."""
    renamed = joined(int(group.max()) + 1, small, into)[group]
    kind = _of_largest(group, area, code)
    before = np.bincount(group, area)
    order = np.lexsort((before[group], renamed))
    last = np.nonzero(np.concatenate([renamed[order][1:] != renamed[order][:-1], [True]]))[0]
    new_code = np.zeros(int(renamed.max()) + 1, dtype=np.int64)
    new_code[renamed[order][last]] = kind[group[order][last]]
    return renamed, new_code[renamed]


def _of_largest(group: Codes, area: NDArray[np.float64], code: Codes) -> Codes:
    """Code of the largest face of each group."""
    order = np.lexsort((area, group))
    last = np.nonzero(np.concatenate([group[order][1:] != group[order][:-1], [True]]))[0]
    return np.asarray(code[order[last]])


def make_municipalities(cover: Landcover) -> gpd.GeoDataFrame:
    """Municipalities as the union of their land cover polygons, fjord included."""
    numbers = sorted(MUNICIPALITIES)
    shapes = [
        shapely.coverage_union_all(cover.polygons[cover.municipality == int(n)]) for n in numbers
    ]
    return gpd.GeoDataFrame(
        {"kommunenummer": numbers, "navn": [MUNICIPALITIES[n] for n in numbers]},
        geometry=shapes,
        crs=CRS,
    )
