"""Exact planar areas of zones against land polygons.

Input geometries are valid polygons or multipolygons in one projected CRS with metre as unit (the
caller's certificate says so); results are in m². Nothing is snapped, simplified or clipped to a
box: `shapely.clip_by_rect` loses area in silence and is never used.

Areas come from compiled sums over edges (`edge_sum`). Where numba is missing, where no folder for
machine code can be written, or if `IKAP_NO_NUMBA=1`, GEOS gives the same figures more slowly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.polygons import Polygons
from ikap.measure.route import has_compiler

__all__ = ["PairAreas", "pair_areas", "pair_parts", "parts_in"]

GRID_M = 1e-6
"""Precision grid in metres for a pair that GEOS cannot overlay exactly; such pairs are told."""

NOISE_ULP = 8
"""Pairs that share less than this many units in the last place of a coordinate, along the outline
of where their boxes meet, only touch: coordinates say nothing finer (measure.md, Traps)."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


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
        Pairs that share ground: more than coordinates can tell from a touch (`NOISE_ULP`).
        `gridded` lists pairs that GEOS could only measure on a grid of 1e-6 m.

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
    gridded: tuple[tuple[int, int], ...] = ()
    if len(areas) == 0 or len(ground) == 0:
        zone = other = np.zeros(0, dtype=np.int64)
        return PairAreas(zone, other, np.zeros(0))
    if has_compiler():
        zone, other, area, summed = _by_edges(areas, ground)
    else:
        zone, other, area, summed, gridded = _by_geos(areas.geometries, ground.geometries)
    kept = area > 0
    kept[summed] = area[summed] > _noise(areas.boxes[zone[summed]], ground.boxes[other[summed]])
    order = np.flatnonzero(kept)
    order = order[np.lexsort((other[order], zone[order]))]
    return PairAreas(zone[order], other[order], area[order], gridded)


def _polygons(given: Polygons | NDArray[np.object_]) -> Polygons:
    return given if isinstance(given, Polygons) else Polygons.of_geometries(given)


def _noise(zones: Floats, land: Floats) -> Floats:
    """Area in m² that rounding of coordinates makes where two boxes meet."""
    low = [np.maximum(zones[:, side], land[:, side]) for side in (0, 1)]
    high = [np.minimum(zones[:, side], land[:, side]) for side in (2, 3)]
    width, height = (np.maximum(b - a, 0) for a, b in zip(low, high, strict=True))
    sides = (np.abs(boxes[:, side]) for boxes in (zones, land) for side in range(4))
    return np.asarray(NOISE_ULP * np.spacing(reduce(np.maximum, sides)) * (2 * (width + height)))


def _by_edges(zones: Polygons, land: Polygons) -> tuple[Ints, Ints, Floats, Flags]:
    from ikap.measure.compiled import forget_code  # noqa: PLC0415
    from ikap.measure.edge_sum import edge_sum  # noqa: PLC0415

    try:
        return edge_sum(zones, land)
    except Exception:  # noqa: BLE001 (damaged machine code raises anything when it is read back)
        forget_code()
        return edge_sum(zones, land)


def _by_geos(
    zones: NDArray[np.object_], land: NDArray[np.object_]
) -> tuple[Ints, Ints, Floats, Flags, tuple[tuple[int, int], ...]]:
    """Pairs that meet, their area, whether it was overlaid, and which pairs on a grid."""
    shapely.prepare(zones)
    zone, other = shapely.STRtree(land).query(zones, predicate="intersects")
    area = shapely.area(land[other])
    overlaid = ~shapely.covers(zones[zone], land[other])
    parts, failed = parts_in(zones[zone[overlaid]], land[other[overlaid]])
    area[overlaid] = shapely.area(parts)
    rest = np.flatnonzero(overlaid)[list(failed)]
    gridded = sorted((int(zone[i]), int(other[i])) for i in rest)
    return zone.astype(np.int64), other.astype(np.int64), area, overlaid, tuple(gridded)


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
