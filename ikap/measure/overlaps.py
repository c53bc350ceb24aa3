"""Overlap of a layer with itself: found, measured, and given to one polygon by rank.

Ground that two polygons of one layer both claim is counted once. The polygon with the lowest rank
number keeps it; the caller states how ranks are given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from ikap.measure.borders import unshared_edges
from ikap.measure.polygons import Polygons
from ikap.measure.rings import Rings, spans

__all__ = ["Overlap", "counted_once", "find_overlaps"]

Ints = NDArray[np.int64]

STRETCH = 32
"""So many edges of one polygon are looked for at once."""
NOISE_M2 = 1e-6
"""Below this an overlap is rounding of coordinates, not ground (1 mm² on the ground)."""


@dataclass(frozen=True)
class Overlap:
    """Two polygons that share ground: `keeper` keeps it, `loser` gives it up."""

    keeper: int
    loser: int
    area_m2: float


def find_overlaps(
    polygons: Polygons | NDArray[np.object_],
    rank: NDArray[np.int64],
    *,
    edges: NDArray[np.int64] | None = None,
) -> tuple[Overlap, ...]:
    """All pairs of polygons that share ground, containment included, in stable order.

    Parameters
    ----------
    polygons : Polygons or array of geometry, shape (n,)
        Valid polygons in a projected CRS with metre as unit.
    rank : array of int, shape (n,)
        The polygon with the lower rank keeps shared ground; equal ranks: the first one.
    edges : array of int, optional
        The polygons' `borders.unshared_edges`, where they are known already.

    Returns
    -------
    tuple of Overlap
        Pairs with more than 1e-6 m² in common.

    Notes
    -----
    Ground under two polygons is bounded by edges that are not shared one to one (see `borders`),
    so the search starts there and spreads: from two polygons that share ground to those that meet
    the same ground. What lies edge to edge is never compared.

    Examples
    --------
    >>> two = np.array([shapely.box(0, 0, 50, 100), shapely.box(40, 0, 90, 100)])
    >>> find_overlaps(two, np.zeros(2, dtype=np.int64))
    (Overlap(keeper=0, loser=1, area_m2=1000.0),)
    """
    ground = polygons if isinstance(polygons, Polygons) else Polygons.of_geometries(polygons)
    rings = ground.rings
    edges = unshared_edges(rings) if edges is None else edges
    if len(edges) == 0:
        return ()
    shapes = ground.geometries
    tree = STRtree(shapes)
    found = _Found(shapes)
    pairs = _pairs(*_near_edges(tree, ground.boxes, _owners(rings, edges), rings.xy, edges))
    while len(pairs):
        at = found.add(pairs)
        hit, near = tree.query(_as_boxes(at))
        met = np.unique(near)
        one, other = tree.query(shapes[met])
        both = np.isin(other, met)
        pairs = found.new(_pairs(met[one[both]], other[both])) if len(hit) else pairs[:0]
    return tuple(
        Overlap(*((i, j) if rank[i] <= rank[j] else (j, i)), m2)
        for (i, j), m2 in sorted(found.areas.items())
        if m2 > NOISE_M2
    )


class _Found:
    """Pairs that were looked at, and those that share ground."""

    def __init__(self, shapes: NDArray[np.object_]) -> None:
        self.shapes = shapes
        self.areas: dict[tuple[int, int], float] = {}
        self._seen = np.zeros(0, dtype=np.int64)

    def new(self, pairs: Ints) -> Ints:
        """Pairs that were not looked at before."""
        return pairs[~np.isin(self._keys(pairs), self._seen)]

    def add(self, pairs: Ints) -> NDArray[np.float64]:
        """Look at pairs; boxes of the ground that some of them share."""
        self._seen = np.union1d(self._seen, self._keys(pairs))
        a, b = self.shapes[pairs[:, 0]], self.shapes[pairs[:, 1]]
        larger = np.where(shapely.get_num_coordinates(a) >= shapely.get_num_coordinates(b), a, b)
        shapely.prepare(larger)
        other = np.where(larger == a, b, a)
        hit = shapely.intersects(larger, other)
        hit[hit] = ~shapely.touches(larger[hit], other[hit])
        shapely.destroy_prepared(larger)
        ground = shapely.intersection(a[hit], b[hit])
        area = shapely.area(ground)
        self.areas |= dict(zip(map(tuple, pairs[hit].tolist()), area.tolist(), strict=True))
        return np.asarray(shapely.bounds(ground)).reshape(-1, 4)

    def _keys(self, pairs: Ints) -> Ints:
        return pairs[:, 0] * len(self.shapes) + pairs[:, 1]


def _near_edges(
    tree: STRtree, boxes: NDArray[np.float64], owner: Ints, xy: NDArray[np.float64], edges: Ints
) -> tuple[Ints, Ints]:
    """Owners of edges, and other polygons whose box meets the edge's; pairs may stand twice.

    The tree is asked for stretches of edges, for there may be many more of these than polygons.
    """
    ends = _edge_boxes(xy, edges)
    new = np.append(True, np.diff(owner) != 0) | (np.arange(len(edges)) % STRETCH == 0)
    first = np.flatnonzero(new)
    low, high = np.minimum.reduceat(ends[:, :2], first), np.maximum.reduceat(ends[:, 2:], first)
    stretch, near = tree.query(_as_boxes(np.column_stack([low, high])), predicate=None)
    other = owner[first[stretch]] != near
    stretch, near = stretch[other], near[other]
    count = np.diff(first, append=len(edges))[stretch]
    row, near = spans(first[stretch], count), np.repeat(near, count)
    meet = (ends[row, :2] <= boxes[near, 2:]) & (ends[row, 2:] >= boxes[near, :2])
    row, near = (each[meet.all(axis=1)] for each in (row, near))
    return owner[row], near


def _pairs(one: Ints, other: Ints) -> Ints:
    """Each pair of different polygons once, the lower number first."""
    pairs = np.column_stack([np.minimum(one, other), np.maximum(one, other)])
    return np.unique(pairs[one != other], axis=0)


def _owners(rings: Rings, edges: Ints) -> Ints:
    first = rings.ring_start[rings.polygon_start[rings.feature_start]]
    return np.searchsorted(first, edges, side="right") - 1


def _edge_boxes(xy: NDArray[np.float64], edges: Ints) -> NDArray[np.float64]:
    a, b = xy[edges], xy[edges + 1]
    return np.column_stack([np.minimum(a, b), np.maximum(a, b)])


def _as_boxes(boxes: NDArray[np.float64]) -> NDArray[np.object_]:
    """Boxes as geometry for a tree; NaN gives an empty one."""
    found = np.asarray(shapely.box(*boxes.T), dtype=object)
    found[np.isnan(boxes).any(axis=1)] = shapely.Polygon()
    return found


def counted_once(
    polygons: NDArray[np.object_], overlaps: tuple[Overlap, ...]
) -> NDArray[np.object_]:
    """Polygons without mutual overlap: each loser gives up what its keepers hold.

    Parameters
    ----------
    polygons : array of geometry, shape (n,)
        Valid polygons in a projected CRS.
    overlaps : tuple of Overlap
        As found by `find_overlaps` for the same polygons.

    Returns
    -------
    array of geometry, shape (n,)
        Same order; a polygon that was covered altogether is empty. The area of the result is the
        area of the union of the input.
    """
    result = polygons.copy()
    keepers: dict[int, list[int]] = {}
    for overlap in overlaps:
        keepers.setdefault(overlap.loser, []).append(overlap.keeper)
    for loser, others in keepers.items():
        result[loser] = shapely.difference(polygons[loser], shapely.union_all(polygons[others]))
    return result
