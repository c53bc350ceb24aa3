# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Polygons that are valid beyond doubt: a shell alone that never meets itself.

A ring is taken as chains that run into one quadrant each. Edges of one chain meet only where one
ends and the next begins, so only edges of different chains are compared, where their boxes meet.
Two edges lie apart if both ends of one lie on the same side of the other, by more than rounding
can hide (Shewchuk 1997, "Adaptive precision floating-point arithmetic and fast robust geometric
predicates", the first filter of `orient2d`). Whatever is not beyond doubt is left to GEOS.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled
from ikap.measure.flat import Flat, flat
from ikap.measure.rings import Rings
from ikap.measure.threads import in_threads

__all__ = ["surely_valid"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

ROUNDING = 3.3306690738754716e-16
"""(3 + 16 u) u with u = 2**-53: the part of the two products that rounding may have changed."""
SMALLEST = 1e-280
"""Below this a product may have lost digits to underflow."""
MANY = 1024
"""A ring with more vertices is left to GEOS, which has an index."""


@compiled
def _sure_side(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> int:
    """Side of the line from a to b that c lies on (1 left, -1 right), 0 if in doubt."""
    left, right = (ax - cx) * (by - cy), (ay - cy) * (bx - cx)
    apart = left - right
    doubt = ROUNDING * (abs(left) + abs(right)) + SMALLEST
    if apart > doubt:
        return 1
    return -1 if apart < -doubt else 0


@compiled
def _apart(xy: Floats, i: int, j: int) -> bool:
    """Whether edges i and j have no point in common, beyond doubt."""
    ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
    cx, cy, dx, dy = xy[j, 0], xy[j, 1], xy[j + 1, 0], xy[j + 1, 1]
    side = _sure_side(ax, ay, bx, by, cx, cy)
    if side != 0 and side == _sure_side(ax, ay, bx, by, dx, dy):
        return True
    side = _sure_side(cx, cy, dx, dy, ax, ay)
    return side != 0 and side == _sure_side(cx, cy, dx, dy, bx, by)


@compiled
def _chains(xy: Floats, begin: int, end: int, chain: Ints, box: Floats) -> int:
    """Note where each chain begins and its box, and where the last ends; how many, 0 if in doubt.

    A chain runs into one quadrant, so that its box is that of its two ends.
    """
    made, before = 0, -1
    x1, y1 = xy[begin, 0], xy[begin, 1]
    for k in range(begin, end - 1):
        x0, y0 = x1, y1
        x1, y1 = xy[k + 1, 0], xy[k + 1, 1]
        dx, dy = x1 - x0, y1 - y0
        if dx == 0.0 and dy == 0.0:  # a vertex that is repeated
            return 0
        if not abs(dx) + abs(dy) < np.inf:
            return 0
        quadrant = (1 if dx >= 0.0 else 0) + (2 if dy >= 0.0 else 0)
        if quadrant != before:
            if made > 0:
                _close(box, made - 1, before, x0, y0)
            chain[made] = k
            box[made, 0], box[made, 1] = x0, y0
            made += 1
            before = quadrant
    _close(box, made - 1, before, x1, y1)
    chain[made] = end - 1
    return made


@compiled
def _close(box: Floats, c: int, quadrant: int, x: float, y: float) -> None:
    """Make the box of a chain, whose first vertex stands there, reach its last one."""
    box[c, 2], box[c, 3] = x, y
    if not quadrant & 1:
        box[c, 0], box[c, 2] = box[c, 2], box[c, 0]
    if not quadrant & 2:
        box[c, 1], box[c, 3] = box[c, 3], box[c, 1]


@compiled
def _outside(xy: Floats, i: int, x0: float, y0: float, x1: float, y1: float) -> bool:
    """Whether both ends of edge i lie on one outer side of the box."""
    ax, bx, ay, by = xy[i, 0], xy[i + 1, 0], xy[i, 1], xy[i + 1, 1]
    return bool(
        (ax < x0 and bx < x0)
        or (ax > x1 and bx > x1)
        or (ay < y0 and by < y0)
        or (ay > y1 and by > y1)
    )


@compiled
def _edge_is_clear(xy: Floats, i: int, c: int, d: int, begin: int, end: int) -> bool:
    """Whether edge i meets those from vertex c to d only where one follows on the other."""
    x0, x1 = min(xy[i, 0], xy[i + 1, 0]), max(xy[i, 0], xy[i + 1, 0])
    y0, y1 = min(xy[i, 1], xy[i + 1, 1]), max(xy[i, 1], xy[i + 1, 1])
    for j in range(c, d):
        if _outside(xy, j, x0, y0, x1, y1):
            continue
        if j == i + 1 or (i == begin and j == end - 2):
            before, k = (i, j) if j == i + 1 else (j, i)  # they share vertex k
            if not _sure_side(
                xy[before, 0], xy[before, 1], xy[k, 0], xy[k, 1], xy[k + 1, 0], xy[k + 1, 1]
            ):
                return False
        elif not _apart(xy, i, j):
            return False
    return True


@compiled
def _simple(xy: Floats, begin: int, end: int, chain: Ints, box: Floats) -> bool:
    """Whether a ring never meets itself, beyond doubt."""
    made = _chains(xy, begin, end, chain, box)
    if made < 2:  # noqa: PLR2004 (no ring runs into one quadrant alone)
        return False
    for q in range(1, made):
        x0, y0, x1, y1 = box[q, 0], box[q, 1], box[q, 2], box[q, 3]
        for p in range(q):
            if box[p, 0] > x1 or box[p, 2] < x0 or box[p, 1] > y1 or box[p, 3] < y0:
                continue
            for i in range(chain[p], chain[p + 1]):
                if _outside(xy, i, x0, y0, x1, y1):
                    continue
                if not _edge_is_clear(xy, i, chain[q], chain[q + 1], begin, end):
                    return False
    return True


@compiled
def _find(rings: Flat, sure: Flags, start: int, stop: int) -> None:
    chain, box = np.empty(MANY + 1, dtype=np.int64), np.empty((MANY, 4))
    for f in range(start, stop):
        p = rings.feature_start[f]
        r = rings.polygon_start[p]
        if rings.feature_start[f + 1] != p + 1 or rings.polygon_start[p + 1] != r + 1:
            continue
        begin, end = rings.ring_start[r], rings.ring_start[r + 1]
        if 4 <= end - begin <= MANY:  # noqa: PLR2004 (a triangle and its first vertex again)
            sure[f] = _simple(rings.xy, begin, end, chain, box)


def surely_valid(rings: Rings) -> Flags:
    """Which features are valid polygons beyond doubt.

    Parameters
    ----------
    rings : Rings
        Closed rings, by vertices that are the same to the bit; any coordinates.

    Returns
    -------
    array of bool, shape (features,)
        True only for what GEOS finds valid too. False says nothing: holes, parts, many vertices
        and whatever comes near to touching itself are not looked into.
    """
    given, sure = flat(rings), np.zeros(len(rings), dtype=bool)
    in_threads(lambda a, b: _find(given, sure, a, b), len(rings), steps=2 * len(rings.xy))
    return sure
