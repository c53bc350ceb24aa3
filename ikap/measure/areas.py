"""Exact planar areas of zones against land polygons, by GEOS.

Input geometries are valid polygons or multipolygons in one projected CRS with metre as unit (the
caller's certificate says so); results are in m². Nothing is snapped, simplified or clipped to a
box: `shapely.clip_by_rect` loses area in silence and is never used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["PairAreas", "pair_areas", "parts_in"]

GRID_M = 1e-6
"""Precision grid in metres for a pair that GEOS cannot overlay exactly; such pairs are told."""


@dataclass(frozen=True)
class PairAreas:
    """Area in m² of each pair that shares more than a boundary, sorted by zone, then land."""

    zone: NDArray[np.int64]
    land: NDArray[np.int64]
    area: NDArray[np.float64]
    part: NDArray[np.object_]  # the shared ground as geometry; may hold lines and points too
    gridded: tuple[tuple[int, int], ...] = ()


def pair_areas(zones: NDArray[np.object_], land: NDArray[np.object_]) -> PairAreas:
    """Area of every zone × land polygon, in m².

    Parameters
    ----------
    zones : array of geometry, shape (n,)
        Valid polygons in a projected CRS. May overlap one another.
    land : array of geometry, shape (m,)
        Valid polygons in the same CRS.

    Returns
    -------
    PairAreas
        Pairs with area > 0. `gridded` lists pairs that were measured on a grid of 1e-6 m because
        exact overlay failed.

    Examples
    --------
    >>> square = shapely.box(0, 0, 100, 100)
    >>> pairs = pair_areas(np.array([square]), np.array([shapely.box(60, -20, 200, 60)]))
    >>> float(pairs.area[0])
    2400.0
    """
    if len(zones) == 0 or len(land) == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return PairAreas(nothing, nothing, np.zeros(0), np.zeros(0, dtype=object))
    shapely.prepare(zones)
    zone, other = shapely.STRtree(land).query(zones, predicate="intersects")
    order = np.lexsort((other, zone))
    zone, other = zone[order].astype(np.int64), other[order].astype(np.int64)
    part = land[other].copy()
    rest = np.flatnonzero(~shapely.covers(zones[zone], land[other]))
    part[rest], failed = parts_in(zones[zone[rest]], land[other[rest]])
    area = shapely.area(part)
    keep = area > 0
    gridded = tuple((int(zone[rest[i]]), int(other[rest[i]])) for i in failed)
    return PairAreas(zone[keep], other[keep], area[keep], part[keep], gridded)


def parts_in(
    left: NDArray[np.object_], right: NDArray[np.object_]
) -> tuple[NDArray[np.object_], tuple[int, ...]]:
    """Intersection of each pair, and the positions where exact overlay failed.

    Parameters
    ----------
    left, right : array of geometry, shape (n,)
        Valid polygons in the same projected CRS.

    Returns
    -------
    tuple
        Geometries (a collection may hold lines and points, which have no area), and positions
        that were measured on a grid of 1e-6 m instead.
    """
    try:
        return np.asarray(shapely.intersection(left, right), dtype=object), ()
    except shapely.GEOSException:
        return _one_by_one(left, right)


def _one_by_one(
    left: NDArray[np.object_], right: NDArray[np.object_]
) -> tuple[NDArray[np.object_], tuple[int, ...]]:
    parts = np.empty(len(left), dtype=object)
    failed: list[int] = []
    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        try:
            parts[i] = shapely.intersection(a, b)
        except shapely.GEOSException:
            parts[i] = shapely.intersection(a, b, grid_size=GRID_M)
            failed.append(i)
    return parts, tuple(failed)
