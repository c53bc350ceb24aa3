"""How often ground is covered by the polygons of a layer: not at all, once, or more than once.

Ground is cut up by the borders that two polygons do not share, and by nothing else, so that in a
clean layer there is only its rim to look at. How many polygons lie on a spot changes only across
such borders (see `borders`), so one point inside each face tells how often all of it is covered; by
which polygons may change inside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from ikap.measure.borders import unshared_edges
from ikap.measure.polygons import Polygons

__all__ = ["Faces", "faces", "mean_width"]

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]

NOISE_M = 1e-6
"""A face narrower than this is rounding of the cuts, not of anybody's coordinates."""
TURN = 2.399963229728653  # the golden angle: no two tries lie on one line through the first
TRIES = 24


@dataclass(frozen=True)
class Faces:
    """Ground between borders that are not shared, and how often it is covered."""

    shapes: Geometries  # (f,) polygons
    points: Geometries  # (f,) a point inside each, on nobody's border
    times: Ints  # (f,) how many polygons cover it


def faces(polygons: Geometries, lines: Geometries | None = None) -> Faces:
    """Faces of a layer of polygons, and how often each is covered.

    Parameters
    ----------
    polygons : array of geometry, shape (n,)
        Valid polygons in a projected CRS with metre as unit.
    lines : array of geometry, optional
        Further lines that cut the ground, for example a boundary.

    Returns
    -------
    Faces
        Only ground that such borders enclose; what is open to the outside is no face.

    Examples
    --------
    >>> found = faces(np.array([shapely.box(0, 0, 6, 6), shapely.box(4, 0, 10, 6)]))
    >>> sorted(zip(shapely.area(found.shapes).tolist(), found.times.tolist()))
    [(12.0, 2), (24.0, 1), (24.0, 1)]
    """
    rings = Polygons.of_geometries(polygons).rings
    edges = unshared_edges(rings)
    ends = np.stack([rings.xy[edges], rings.xy[edges + 1]], axis=1)
    borders: Geometries = np.asarray(shapely.linestrings(ends), dtype=object)
    cuts = borders if lines is None else np.concatenate([borders, lines])
    if not len(cuts):
        return Faces(np.zeros(0, object), np.zeros(0, object), np.zeros(0, dtype=np.int64))
    noded = shapely.get_parts(shapely.union_all(cuts))
    shapes = shapely.get_parts(shapely.polygonize(noded))
    shapes = shapes[mean_width(shapes) > NOISE_M]
    return Faces(shapes, *_covered(shapes, STRtree(polygons)))


def mean_width(shapes: Geometries) -> NDArray[np.float64]:
    """Width in metres of the rectangle with the same area and perimeter.

    Parameters
    ----------
    shapes : array of geometry
        Polygons; one that is rounder than a square counts as the square of its perimeter.

    Returns
    -------
    array of float
        A long triangle has half its height.

    Examples
    --------
    >>> mean_width(np.array([shapely.box(0, 0, 100, 0.5), shapely.box(0, 0, 3, 3)])).tolist()
    [0.5, 3.0]
    """
    area, around = shapely.area(shapes), shapely.length(shapes)
    root = np.sqrt(np.maximum(around**2 - 16.0 * area, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        width = 4.0 * area / (around + root)
    return np.where(around > 0, np.minimum(width, around / 4.0), 0.0)


def _covered(shapes: Geometries, tree: STRtree) -> tuple[Geometries, Ints]:
    """A point inside each face, and how many polygons it lies in.

    A point that falls on the border of a polygon tells nothing: another one close by is tried.
    """
    points = shapely.point_on_surface(shapes)
    inside = _count(points, tree.query(points, predicate="within"))
    met = _count(points, tree.query(points, predicate="intersects"))
    unsure = np.flatnonzero(inside != met)
    for row in unsure:
        points[row] = _beside(shapes[row], points[row], tree)
    inside[unsure] = _count(points[unsure], tree.query(points[unsure], predicate="within"))
    return points, inside


def _count(points: Geometries, pairs: Ints) -> Ints:
    """How many polygons each point was paired with."""
    return np.bincount(pairs[0], minlength=len(points)).astype(np.int64)


def _beside(shape: shapely.Geometry, point: shapely.Geometry, tree: STRtree) -> shapely.Geometry:
    """The first point on a spiral that is inside the face and on nobody's border."""
    step = float(mean_width(np.array([shape], dtype=object))[0]) / (4.0 * TRIES)
    at = shapely.get_coordinates(point)[0]
    for number in range(1, TRIES + 1):
        angle, reach = TURN * number, step * number
        moved = shapely.Point(at[0] + reach * np.cos(angle), at[1] + reach * np.sin(angle))
        if not shapely.contains_properly(shape, moved):
            continue
        if len(tree.query(moved, "within")) == len(tree.query(moved, "intersects")):
            return moved
    return point
