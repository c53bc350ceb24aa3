"""Borders that are not shared: edges of polygons that do not meet their own reverse exactly once.

In a layer without overlap each edge lies on the border of one polygon, or of two with their ground
on either side of it. How many polygons lie on a spot changes only across the other edges, so these
alone can bound ground that lies under two polygons.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ikap.measure.rings import Rings
from ikap.measure.route import has_compiler

__all__ = ["edge_sides", "unshared_edges"]

Ints = NDArray[np.int64]
Sides = NDArray[np.int8]


def unshared_edges(rings: Rings) -> Ints:
    """Edges that no other polygon has the other way round, or that several have.

    Parameters
    ----------
    rings : Rings
        Valid polygons; rings may run either way.

    Returns
    -------
    array of int, ascending
        Positions in `xy` of the edges' first vertices. Edges are compared to the bit.
    """
    if len(rings.xy) == 0:
        return np.zeros(0, dtype=np.int64)
    if has_compiler():
        from ikap.measure.border_matching import sides, unmatched  # noqa: PLC0415 (imports numba)

        return np.flatnonzero(unmatched(rings.xy, sides(rings)))
    return _unmatched(rings.xy, edge_sides(rings))


def edge_sides(rings: Rings) -> Sides:
    """Side of each edge that its polygon lies on, seen along the edge from its lesser end.

    Parameters
    ----------
    rings : Rings
        Valid polygons.

    Returns
    -------
    array of int8, shape (vertices,)
        1 right, 0 left, -1 no edge: the last vertex of a ring, or a vertex that is repeated.
    """
    x, y = rings.xy[:, 0], rings.xy[:, 1]
    start, stop = rings.ring_start[:-1], rings.ring_start[1:]
    filled = np.flatnonzero(stop > start)
    first = start[filled]
    step_x, step_y = np.diff(x, append=x[-1:]), np.diff(y, append=y[-1:])
    ends = stop[filled] - 1
    step_x[ends] = step_y[ends] = 0.0
    ring = np.repeat(filled, (stop - start)[filled])
    from_x, from_y = x - x[start[ring]], y - y[start[ring]]
    clockwise = np.add.reduceat(from_y * step_x - from_x * step_y, first) > 0
    shell = np.zeros(len(start), dtype=bool)
    shell[rings.polygon_start[:-1][np.diff(rings.polygon_start) > 0]] = True
    right = np.zeros(len(start), dtype=bool)
    right[filled] = clockwise == shell[filled]
    onward = (step_x > 0) | ((step_x == 0) & (step_y > 0))
    side: Sides = (right[ring] == onward).astype(np.int8)
    side[(step_x == 0) & (step_y == 0)] = -1
    return side


def _unmatched(xy: NDArray[np.float64], side: Sides) -> Ints:
    """As `border_matching.unmatched`, by sorting."""
    edges = np.flatnonzero(side >= 0)
    a, b = xy[edges] + 0.0, xy[edges + 1] + 0.0
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    ends = np.column_stack([a, b])
    ends[swap] = np.column_stack([b[swap], a[swap]])
    order = np.lexsort(ends.T)
    ends = ends[order]
    new = np.append(True, (ends[1:] != ends[:-1]).any(axis=1))
    group = np.cumsum(new) - 1
    count = np.bincount(group)
    right = np.bincount(group, weights=side[edges[order]])
    shared = (count == 2) & (right == 1)  # noqa: PLR2004 (one polygon on either side)
    return np.sort(edges[order[~shared[group]]])
