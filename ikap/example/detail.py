"""More border points for a coverage that is drawn too plainly: each shared edge bent once.

A bend is a function of the edge alone, so both neighbours get the same points.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.noise import hash_unit

__all__ = ["detailed"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
CHUNK = 10_000  # polygons
BEND = 0.012  # of the edge's length
SHARP = np.cos(np.radians(12.0))  # edges that meet at less than this angle stay straight


def detailed(polygons: NDArray[np.object_], vertices: int) -> NDArray[np.object_]:
    """Polygons with about `vertices` points each on average; still a valid coverage.

    Parameters
    ----------
    polygons : array of Polygon
        A valid coverage in EPSG:25832 with coordinates in whole centimetres.
    vertices : int
        Wanted mean number of points of a polygon.

    Returns
    -------
    array of Polygon
        Same order, same holes.
    """
    holes = shapely.get_num_interior_rings(polygons)
    coords, ring = shapely.get_coordinates(shapely.get_rings(polygons), return_index=True)
    inner = np.nonzero(ring[1:] == ring[:-1])[0]
    start, stop, ring = coords[inner], coords[inner + 1], ring[inner]
    wanted = vertices * len(polygons) - int(holes.sum()) - len(polygons)
    parts = _parts(np.hypot(*(stop - start).T), wanted)
    number = _edge_number(start, stop)
    bend = np.where(_straight(start, stop, ring, number), 0.0, BEND)
    owner = np.repeat(np.arange(len(polygons)), 1 + holes)
    of_edge = owner[ring]
    made = polygons.copy()
    todo = np.arange(len(polygons))
    while len(todo):
        for some in np.array_split(todo, len(todo) // CHUNK + 1):  # in parts, to save memory
            mine = np.isin(of_edge, some)
            points, edge = _points(start[mine], stop[mine], parts[mine], bend[mine])
            made[some] = _polygons(points, ring[mine][edge], owner)
        crossed = ~shapely.is_valid(made[todo])  # a bend met another edge of the same polygon
        straight = np.isin(number, number[np.isin(of_edge, todo[crossed])]) & (bend > 0)
        bend[straight] = 0.0
        todo = np.unique(of_edge[straight])
    return made


def _polygons(points: Floats, ring: Ids, owner: Ids) -> NDArray[np.object_]:
    """Polygons of the points of their rings, closed; `owner` is the polygon of each ring."""
    closing = np.nonzero(np.concatenate([ring[1:] != ring[:-1], [True]]))[0]
    opening = np.concatenate([[0], closing[:-1] + 1])
    points = np.insert(points, closing + 1, points[opening], axis=0)
    whole = np.insert(ring, closing + 1, ring[closing])
    kept, place = np.unique(whole, return_inverse=True)
    rings = np.asarray(shapely.linearrings(points, indices=place), dtype=object)
    of_polygon = np.unique(owner[kept], return_inverse=True)[1]
    return np.asarray(shapely.polygons(rings, indices=of_polygon))


def _parts(length: Floats, wanted: int) -> Ids:
    """Parts of each edge so that all edges together have about `wanted` parts."""
    low, high = 0.05, float(length.max())
    for _ in range(40):
        step = (low + high) / 2
        if np.ceil(length / step).sum() > wanted:
            low = step
        else:
            high = step
    return np.asarray(np.ceil(length / high), dtype=np.int64)


def _straight(start: Floats, stop: Floats, ring: Ids, number: Ids) -> NDArray[np.bool_]:
    """Edges that meet another at a sharp angle, in either neighbour."""
    along = (stop - start) / np.hypot(*(stop - start).T)[:, None]
    first = np.nonzero(np.concatenate([[True], ring[1:] != ring[:-1]]))[0]
    last = np.append(first[1:], len(ring)) - 1
    before = np.arange(len(ring)) - 1
    before[first] = last
    sharp = -(along * along[before]).sum(axis=1) > SHARP
    mine = sharp.copy()
    mine[before[sharp]] = True
    any_side = np.zeros(int(number.max()) + 1, dtype=bool)
    any_side[number[mine]] = True
    return np.asarray(any_side[number])


def _edge_number(start: Floats, stop: Floats) -> Ids:
    """Same number for the same edge, whichever way it is walked."""
    ends = np.round(np.column_stack([start, stop]) * 100).astype(np.int64)
    turned = _backwards(start, stop)
    ends[turned] = ends[turned][:, [2, 3, 0, 1]]
    order = np.lexsort(ends.T[::-1])
    new = np.concatenate([[True], (ends[order][1:] != ends[order][:-1]).any(axis=1)])
    number = np.empty(len(ends), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return number


def _backwards(start: Floats, stop: Floats) -> NDArray[np.bool_]:
    same = start[:, 0] == stop[:, 0]
    return np.asarray(np.where(same, start[:, 1] > stop[:, 1], start[:, 0] > stop[:, 0]))


def _points(start: Floats, stop: Floats, parts: Ids, bend: Floats) -> tuple[Floats, Ids]:
    """First point and the new points of every edge in walking order, and each one's edge."""
    edge = np.repeat(np.arange(len(parts)), parts)
    turned = _backwards(start, stop)
    low, high = np.where(turned[:, None], stop, start), np.where(turned[:, None], start, stop)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    step = np.where(turned[edge], parts[edge] - step, step)
    share = step / parts[edge]
    key = np.round(low * 100).astype(np.int64), np.round(high * 100).astype(np.int64)
    draw = hash_unit(key[0][edge, 0], key[0][edge, 1], key[1][edge].sum(axis=1), step, seed=951)
    away = bend[edge] * (draw - 0.5) * 4 * share * (1 - share)
    along = (high - low)[edge]
    points = low[edge] + along * share[:, None]
    points[:, 0] -= along[:, 1] * away
    points[:, 1] += along[:, 0] * away
    points[step == 0] = low[edge[step == 0]]
    ends = step == parts[edge]
    points[ends] = high[edge[ends]]
    return points, edge
