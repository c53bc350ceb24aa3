"""From lines to a valid coverage: node once, make faces, join the faces that are one patch.

Pure geometry: no land class is known here. All coordinates are in metres (EPSG:25832).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["Neighbours", "joined", "make_faces", "merge_groups", "neighbours"]

Polygons = NDArray[np.object_]
Ids = NDArray[np.int64]
GRID = 0.01  # coordinates are whole centimetres


@dataclass(frozen=True)
class Neighbours:
    """Pairs of faces with a shared border and its length in metres, each pair once."""

    a: Ids
    b: Ids
    length: NDArray[np.float64]


def make_faces(lines: Polygons) -> Polygons:
    """All faces between the lines, as polygons that share their border points."""
    noded = shapely.union_all(lines, grid_size=GRID)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def neighbours(faces: Polygons) -> Neighbours:
    """Which faces share a border, and how much of it."""
    coords, ring = shapely.get_coordinates(shapely.get_rings(faces), return_index=True)
    owner = np.repeat(np.arange(len(faces)), 1 + shapely.get_num_interior_rings(faces))
    inside = ring[1:] == ring[:-1]
    ends = np.round(coords / GRID).astype(np.int64)
    start, stop = ends[:-1][inside], ends[1:][inside]
    length = np.hypot(*(coords[1:] - coords[:-1])[inside].T)
    face = owner[ring[:-1][inside]]
    swap = (start[:, 0] > stop[:, 0]) | ((start[:, 0] == stop[:, 0]) & (start[:, 1] > stop[:, 1]))
    low, high = np.where(swap[:, None], stop, start), np.where(swap[:, None], start, stop)
    order = np.lexsort((high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    same = (low[order][1:] == low[order][:-1]).all(axis=1)
    same &= (high[order][1:] == high[order][:-1]).all(axis=1)
    one, other = order[:-1][same], order[1:][same]
    return _summed(face[one], face[other], length[one], len(faces))


def _summed(a: Ids, b: Ids, length: NDArray[np.float64], count: int) -> Neighbours:
    low, high = np.minimum(a, b), np.maximum(a, b)
    keep = low != high
    table = coo_array((length[keep], (low[keep], high[keep])), shape=(count, count)).tocsr()
    table.sum_duplicates()
    pairs = table.tocoo()
    return Neighbours(pairs.row.astype(np.int64), pairs.col.astype(np.int64), pairs.data)


def joined(count: int, a: Ids, b: Ids) -> Ids:
    """Group number of each of `count` things when every pair (a, b) belongs together."""
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def merge_groups(faces: Polygons, group: Ids) -> Polygons:
    """One polygon a group, in group order; the faces of a group share borders."""
    order = np.argsort(group, kind="stable")
    sizes = np.bincount(group)
    merged = np.empty(len(sizes), dtype=object)
    ends = np.cumsum(sizes)
    single = sizes == 1
    merged[single] = faces[order[ends[single] - 1]]
    for number in np.nonzero(~single)[0]:
        members = order[ends[number] - sizes[number] : ends[number]]
        merged[number] = shapely.coverage_union_all(faces[members])
    parts = shapely.get_parts(merged)
    assert len(parts) == len(merged), "a group of faces is not connected"
    return np.asarray(parts)
