"""Edges of a coverage: what lies on either side of each, and the stretches that they form.

Polygons of one layer share borders. An edge of one polygon that another polygon walks the other
way has a neighbour; where both are of one group the edge is no border of that group at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ikap.measure.rings import Rings

__all__ = ["Edges", "Stretches", "edges_of", "mixed", "outlines", "stretches"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
NONE = -1
"""No polygon on the other side: the edge of the map."""


@dataclass(frozen=True)
class Edges:
    """Directed edges in the order of their polygons, each with its polygon on the left."""

    start: Floats  # (e, 2) m
    step: Floats  # (e, 2) m, from start to end
    tail: Keys  # (e,) vertices; equal coordinates have equal keys
    head: Keys
    polygon: Ints  # (e,) on the left
    other: Ints  # (e,) on the right, NONE where no polygon has the edge
    twin: Ints  # (e,) the same edge walked the other way, NONE if there is none

    def take(self, index: Ints) -> Edges:
        """The edges at `index`; twins that are not among them are lost."""
        place = np.full(len(self.polygon) + 1, NONE, dtype=np.int64)
        place[index] = np.arange(len(index))
        return Edges(
            self.start[index],
            self.step[index],
            self.tail[index],
            self.head[index],
            self.polygon[index],
            self.other[index],
            place[self.twin[index]],
        )


def edges_of(rings: Rings) -> Edges:
    """All edges of valid polygons, with the polygon on the other side of each.

    Parameters
    ----------
    rings : Rings
        Polygons in a projected CRS, m; of any winding, not overlapping one another.

    Returns
    -------
    Edges
        Without edges of no length. Two polygons share an edge where both have its two vertices.
    """
    xy = rings.xy + 0.0  # no minus nought
    lengths = np.diff(rings.ring_start)
    ring = np.repeat(np.arange(len(lengths)), np.maximum(lengths - 1, 0))
    before = np.cumsum(np.maximum(lengths - 1, 0)) - np.maximum(lengths - 1, 0)
    tail = rings.ring_start[:-1][ring] + np.arange(len(ring)) - before[ring]
    head = tail + 1
    turned = _turned(rings, xy, tail, ring)[ring]
    tail, head = np.where(turned, head, tail), np.where(turned, tail, head)
    step = xy[head] - xy[tail]
    keep = (step != 0).any(axis=1)
    tail, head, step = tail[keep], head[keep], step[keep]
    feature = np.repeat(np.arange(len(rings)), np.diff(rings.feature_start))
    feature = np.repeat(feature, np.diff(rings.polygon_start))
    polygon = feature[ring[keep]]
    vertex = _keys(xy)
    twin = _twins(vertex[tail], vertex[head])
    other = np.where(twin == NONE, NONE, polygon[twin])
    return Edges(xy[tail], step, vertex[tail], vertex[head], polygon, other, twin)


def _turned(rings: Rings, xy: Floats, tail: Ints, ring: Ints) -> NDArray[np.bool_]:
    """Rings that have their polygon on the right: shells clockwise, holes the other way."""
    first = xy[rings.ring_start[:-1][ring]]
    a, b = xy[tail] - first, xy[tail + 1] - first
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    clockwise = np.bincount(ring, weights=cross, minlength=len(rings.ring_start) - 1) < 0
    shell = np.zeros(len(clockwise), dtype=bool)
    shell[rings.polygon_start[:-1]] = True
    return np.asarray(clockwise == shell)


def mixed(bits: Keys) -> Keys:
    """Spread of 64 bits over all of them (the finaliser of splitmix64)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def _keys(xy: Floats) -> Keys:
    """One number for each coordinate pair; that two of 10⁷ pairs clash has odds below 10⁻⁵."""
    x = np.ascontiguousarray(xy[:, 0]).view(np.uint64)
    y = np.ascontiguousarray(xy[:, 1]).view(np.uint64)
    return mixed(mixed(x) + (y ^ np.uint64(0x9E3779B97F4A7C15)))


def _twins(tail: Keys, head: Keys) -> Ints:
    twin = np.full(len(tail), NONE, dtype=np.int64)
    if len(tail) == 0:
        return twin
    forward = (tail < head).astype(np.uint64)
    key = (mixed(tail + head) & ~np.uint64(1)) | forward
    order = np.argsort(key)
    one, two = order[:-1], order[1:]
    pair = np.flatnonzero((key[one] ^ key[two]) == np.uint64(1))
    twin[one[pair]], twin[two[pair]] = two[pair], one[pair]
    return twin


def outlines(edges: Edges, group: Ints) -> Ints:
    """Edges that are borders between groups, or of the map.

    Parameters
    ----------
    edges : Edges
        Of a coverage of n polygons.
    group : array of int, shape (n,)
        Group of each polygon; borders between two polygons of one group are left out.

    Returns
    -------
    array of int
        Positions among the edges. Both directions of a border are there.
    """
    other = np.where(edges.other == NONE, NONE, group[edges.other])
    return np.flatnonzero(other != group[edges.polygon])


@dataclass(frozen=True)
class Stretches:
    """Runs of border between nodes, for each directed edge."""

    number: Ints  # equal for edges of one stretch, and for an edge and its twin
    from_node: NDArray[np.bool_]  # the edge starts at a node
    to_node: NDArray[np.bool_]


def stretches(edges: Edges) -> Stretches:
    """Stretch of each edge.

    Parameters
    ----------
    edges : Edges
        Borders only, as `outlines` finds them.

    Returns
    -------
    Stretches
        A node is a vertex where other than two borders meet, so where three or more groups do.
    """
    own = np.arange(len(edges.polygon))
    one_way = (edges.twin == NONE) | (own < edges.twin)
    number = np.cumsum(one_way) - 1
    border = np.where(one_way, number, number[edges.twin])
    count = int(one_way.sum())
    if count == 0:
        return Stretches(border.astype(np.int64), one_way, one_way)
    ends = np.concatenate([edges.tail[one_way], edges.head[one_way]])
    order = np.argsort(ends)
    first = np.flatnonzero(np.concatenate([[True], ends[order][1:] != ends[order][:-1]]))
    goes_on = np.diff(np.append(first, len(ends))) == 2  # noqa: PLR2004 (one in, one out)
    two = first[goes_on]
    a, b = order[two] % count, order[two + 1] % count
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    _, found = connected_components(links, directed=False)
    nodes = ends[order[first[~goes_on]]]
    return Stretches(
        np.asarray(found, dtype=np.int64)[border],
        np.isin(edges.tail, nodes),
        np.isin(edges.head, nodes),
    )
