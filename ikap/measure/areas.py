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

from ikap.measure.polygons import Polygons

__all__ = ["PairAreas", "pair_areas", "pair_parts", "parts_in"]

GRID_M = 1e-6
"""Precision grid in metres for a pair that GEOS cannot overlay exactly; such pairs are told."""


@dataclass(frozen=True)
class PairAreas:
    """Area in m² of each pair that shares more than a boundary, sorted by zone, then land."""

    zone: NDArray[np.int64]
    land: NDArray[np.int64]
    area: NDArray[np.float64]
    gridded: tuple[tuple[int, int], ...] = ()


def pair_areas(
    zones: Polygons | NDArray[np.object_], land: Polygons | NDArray[np.object_]
) -> PairAreas:
    """Area of every zone × land polygon, in m².

    Parameters
    ----------
    zones : Polygons or array of geometry, shape (n,)
        Valid polygons in a projected CRS. May overlap one another.
    land : Polygons or array of geometry, shape (m,)
        Valid polygons in the same CRS.

    Returns
    -------
    PairAreas
        Pairs with area > 0. `gridded` lists pairs that were measured on a grid of 1e-6 m because
        exact overlay failed.

    Raises
    ------
    ValueError
        A coordinate is not a finite number.

    Examples
    --------
    >>> square = shapely.box(0, 0, 100, 100)
    >>> pairs = pair_areas(np.array([square]), np.array([shapely.box(60, -20, 200, 60)]))
    >>> float(pairs.area[0])
    2400.0
    """
    areas, ground = _polygons(zones), _polygons(land)
    for given in (areas, ground):
        if not np.isfinite(given.areas).all():
            raise ValueError("a coordinate is not a finite number")
    if len(areas) == 0 or len(ground) == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return PairAreas(nothing, nothing, np.zeros(0))
    return _by_geos(areas.geometries, ground.geometries)


def _polygons(given: Polygons | NDArray[np.object_]) -> Polygons:
    return given if isinstance(given, Polygons) else Polygons.of_geometries(given)


def _by_geos(zones: NDArray[np.object_], land: NDArray[np.object_]) -> PairAreas:
    shapely.prepare(zones)
    zone, other = shapely.STRtree(land).query(zones, predicate="intersects")
    order = np.lexsort((other, zone))
    zone, other = zone[order].astype(np.int64), other[order].astype(np.int64)
    area = shapely.area(land[other])
    rest = np.flatnonzero(~shapely.covers(zones[zone], land[other]))
    parts, failed = parts_in(zones[zone[rest]], land[other[rest]])
    area[rest] = shapely.area(parts)
    keep = area > 0
    gridded = tuple((int(zone[rest[i]]), int(other[rest[i]])) for i in failed)
    return PairAreas(zone[keep], other[keep], area[keep], gridded)


def pair_parts(
    zones: Polygons | NDArray[np.object_],
    land: Polygons | NDArray[np.object_],
    zone: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.object_]:
    """Shared ground of chosen pairs as geometry, for the map; areas need `pair_areas` only.

    Parameters
    ----------
    zones, land : Polygons or array of geometry
        As for `pair_areas`.
    zone, other : array of int, shape (n,)
        Which zone and which land polygon each pair has.

    Returns
    -------
    array of geometry, shape (n,)
        May hold lines and points too, where the two touch.
    """
    areas, ground = _polygons(zones), _polygons(land)
    left, parts = areas.geometries[zone], ground.geometries[other].copy()
    shapely.prepare(left)
    rest = np.flatnonzero(~shapely.covers(left, parts))
    parts[rest], _ = parts_in(left[rest], parts[rest])
    return parts


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
