"""What is left of areas when belts round other shapes are taken, and strips and scraps dropped.

Arcs are drawn with a stated number of straight segments per quarter circle, and lie inside the true
circle: a circle of radius 10 m is 0.51 m² too small with 16 segments, 0.008 m² with 128.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.threads import in_threads

__all__ = ["gaps_closed", "holds_circle", "opened", "polygons_of", "without"]

Geometries = NDArray[np.object_]
RIGHT_ANGLE = 1.5
"""Corners as sharp as this stay sharp when an area grows by half a hairline; sharper ones are cut,
so that a tip does not reach out to what is farther off."""


def without(
    areas: Geometries, obstacles: Geometries, distance: NDArray[np.float64], segments: int
) -> Geometries:
    """Areas without the obstacles near them and a belt round each.

    Parameters
    ----------
    areas : array of polygon, shape (n,)
        Valid, in a projected CRS with metre as unit.
    obstacles : array of geometry, shape (m,)
        Polygons or lines in the same CRS.
    distance : array of float, shape (n,)
        Width of the belt for each area, m; 0 takes the obstacles alone.
    segments : int
        Straight segments per quarter circle.

    Returns
    -------
    array of geometry, shape (n,)
        Polygons, some of them empty.

    Examples
    --------
    >>> field, house = shapely.box(0, 0, 100, 100), shapely.box(40, 40, 60, 60)
    >>> left = without(np.array([field]), np.array([house]), np.array([10.0]), 128)
    >>> f"{shapely.area(left[0]):.1f}"
    '8485.8'
    """
    left = areas.copy()
    if len(areas) == 0 or len(obstacles) == 0:
        return left
    area, near = shapely.STRtree(obstacles).query(areas, predicate="dwithin", distance=distance)
    touched, first = np.unique(area, return_index=True)
    ends = [*first[1:].tolist(), len(area)]

    def take(start: int, stop: int) -> None:
        for i in range(start, stop):
            k, belts = touched[i], obstacles[near[first[i] : ends[i]]]
            if distance[k] > 0:
                belts = shapely.buffer(belts, distance[k], quad_segs=segments)
            left[k] = shapely.difference(areas[k], shapely.union_all(belts))

    in_threads(take, len(touched), least=1, steps=4 * segments * len(near))
    return polygons_of(left)


def gaps_closed(areas: Geometries, width: float) -> Geometries:
    """Ground that joins areas with only a hairline gap between them; nothing is snapped.

    Parameters
    ----------
    areas : array of polygon, shape (n,)
        Valid, without common ground, in a projected CRS with metre as unit.
    width : float
        Gaps narrower than this (m) are closed, also where three or more areas meet.

    Returns
    -------
    array of polygon, shape (m,)
        The closed gaps with a rim of the areas as wide, to be added to them where their shape
        matters and not their size; none where areas meet exactly, or no two parts are that near.

    Examples
    --------
    >>> halves = np.array([shapely.box(0, 0, 10, 100), shapely.box(10.001, 0, 20, 100)])
    >>> both = shapely.union_all([*halves, *gaps_closed(halves, 0.05)])
    >>> both.geom_type, f"{shapely.area(both):.3f}"
    ('Polygon', '2000.000')
    """
    parts = shapely.get_parts(areas)
    one, other = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=width)
    one, other = one[one < other], other[one < other]
    if not len(one):
        return np.zeros(0, dtype=object)
    joined = parts[np.union1d(one, other)]
    grown = shapely.buffer(joined, width / 2, join_style="mitre", mitre_limit=RIGHT_ANGLE)
    closed = shapely.buffer(shapely.union_all(grown), -width / 2, join_style="mitre")
    wide = shapely.buffer(parts, 2 * width)
    near = shapely.union_all(shapely.intersection(wide[one], wide[other]))
    found = polygons_of(np.array([shapely.intersection(closed, near)], dtype=object))
    joints = shapely.get_parts(found)
    core, whole = shapely.buffer(joints, -width), shapely.union_all(joined)
    shapely.prepare(whole)
    return np.asarray(joints[~shapely.is_empty(core) & ~shapely.covers(whole, core)], dtype=object)


def opened(areas: Geometries, radius: float, segments: int) -> Geometries:
    """Areas without what is narrower than twice the radius: shrunk, then grown again (opening).

    Parameters
    ----------
    areas : array of polygon, shape (n,)
        Valid, in a projected CRS with metre as unit.
    radius : float
        How far to shrink and to grow, m.
    segments : int
        Straight segments per quarter circle.

    Returns
    -------
    array of geometry, shape (n,)
        Parts of the areas: corners are rounded, nothing is added.

    Examples
    --------
    >>> strips = np.array([shapely.box(0, 0, 12, 200), shapely.box(0, 0, 20, 200)])
    >>> [f"{a:.1f}" for a in shapely.area(opened(strips, 7.5, 128))]
    ['0.0', '3951.7']
    """

    def some(start: int, stop: int) -> Geometries:
        own = areas[start:stop]
        shrunk = shapely.buffer(own, -radius, quad_segs=segments)
        grown = shapely.buffer(shrunk, radius, quad_segs=segments)
        return polygons_of(np.asarray(shapely.intersection(grown, own), dtype=object))

    steps = 4 * segments * len(areas) + int(shapely.get_num_coordinates(areas).sum())
    return np.concatenate(in_threads(some, len(areas), least=1, steps=steps))


def holds_circle(areas: Geometries, radius: float, segments: int) -> NDArray[np.bool_]:
    """Whether a circle larger than the radius (m) fits in: something is left of what is shrunk."""
    return ~shapely.is_empty(shapely.buffer(areas, -radius, quad_segs=segments))


def polygons_of(areas: Geometries) -> Geometries:
    """Areas alone: lines and points that an overlay may leave have none, and are left out."""
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(areas), (3, 6)))
    for k in mixed:
        parts = shapely.get_parts(areas[k])
        flat = shapely.get_parts(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
        areas[k] = shapely.multipolygons(flat) if len(flat) else shapely.Polygon()
    return areas
