"""Overlap of a layer with itself: found, measured, and given to one polygon by rank.

Ground that two polygons of one layer both claim is counted once. The polygon with the lowest rank
number keeps it; the caller states how ranks are given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Overlap", "counted_once", "find_overlaps"]

NOISE_M2 = 1e-6
"""Below this an overlap is rounding of coordinates, not ground (1 mm² on the ground)."""


@dataclass(frozen=True)
class Overlap:
    """Two polygons that share ground: `keeper` keeps it, `loser` gives it up."""

    keeper: int
    loser: int
    area_m2: float


def find_overlaps(polygons: NDArray[np.object_], rank: NDArray[np.int64]) -> tuple[Overlap, ...]:
    """All pairs of polygons that share ground, containment included, in stable order.

    Parameters
    ----------
    polygons : array of geometry, shape (n,)
        Valid polygons in a projected CRS with metre as unit.
    rank : array of int, shape (n,)
        The polygon with the lower rank keeps shared ground; equal ranks: the first one.

    Returns
    -------
    tuple of Overlap
        Pairs with more than 1e-6 m² in common.

    Examples
    --------
    >>> two = np.array([shapely.box(0, 0, 50, 100), shapely.box(40, 0, 90, 100)])
    >>> find_overlaps(two, np.zeros(2, dtype=np.int64))
    (Overlap(keeper=0, loser=1, area_m2=1000.0),)
    """
    if len(polygons) == 0 or shapely.coverage_is_valid(polygons):
        return ()
    a, b = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    suspects = ~shapely.is_empty(shapely.coverage_invalid_edges(polygons))
    wanted = (a < b) & (suspects[a] | suspects[b])
    a, b = a[wanted], b[wanted]
    area = shapely.area(shapely.intersection(polygons[a], polygons[b]))
    found = []
    for i, j, m2 in sorted(zip(a.tolist(), b.tolist(), area.tolist(), strict=True)):
        if m2 > NOISE_M2:
            keeper, loser = (i, j) if rank[i] <= rank[j] else (j, i)
            found.append(Overlap(keeper, loser, m2))
    return tuple(found)


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
