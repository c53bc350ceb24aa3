"""Polygons that lie on top of one another, taken apart into pieces that do not.

A piece is the ground that the same polygons cover: all of them, and no other. Pieces partition the
union of the polygons; nothing is snapped, and no piece is invented between outlines that meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Layered", "layered"]

Geometries = NDArray[np.object_]
Ints = NDArray[np.int64]

THIN_M = 1e-6
"""Faces that are thinner on average (m) are rounding of coordinates, not ground."""


@dataclass(frozen=True)
class Layered:
    """Pieces, each with the polygons that cover it (ascending numbers), and what was rounding."""

    pieces: Geometries  # (p,)
    cover: tuple[tuple[int, ...], ...]  # (p,)
    rounding_m2: float  # in faces too thin to be ground, which are left out


def layered(polygons: Geometries) -> Layered:
    """Pieces of polygons that may overlap in any number.

    Parameters
    ----------
    polygons : array of polygon, shape (n,)
        Valid polygons or multipolygons in one projected CRS with metre as unit.

    Returns
    -------
    Layered
        One piece (a multipolygon where its ground lies apart) for each set of polygons that covers
        ground together, ordered by set. The same shapes give the same pieces in any order.

    Notes
    -----
    All outlines are noded together once, so that neighbours share their edges to the last bit, and
    the faces between them are named by the polygons that hold a point in their inside. Outlines
    keep all their vertices, and get new ones only where another outline meets or crosses them.

    Examples
    --------
    >>> found = layered(np.array([shapely.box(0, 0, 100, 100), shapely.box(40, 0, 60, 100)]))
    >>> [(c, float(shapely.area(p))) for c, p in zip(found.cover, found.pieces)]
    [((0,), 8000.0), ((0, 1), 2000.0)]
    """
    polygons = shapely.set_precision(polygons, 0)  # a grid of their own would round new points
    order = _order(polygons)
    faces, polygon, face, rounding = _named_faces(polygons[order])
    groups = _groups(order[polygon], face)
    cover = tuple(sorted(groups))
    pieces = np.empty(len(cover), dtype=object)
    for number, key in enumerate(cover):
        own = faces[groups[key]]
        pieces[number] = own[0] if len(own) == 1 else shapely.coverage_union_all(own)
    return Layered(pieces, cover, rounding)


def _order(polygons: Geometries) -> Ints:
    """Order by shape alone, so that noding and rounding do not depend on how polygons came."""
    forms = shapely.to_wkb(shapely.normalize(polygons))
    return np.array(sorted(range(len(polygons)), key=lambda k: forms[k]), dtype=np.int64)


def _named_faces(polygons: Geometries) -> tuple[Geometries, Ints, Ints, float]:
    """Faces between all outlines, and pairs of polygon and face where one covers the other."""
    noded = shapely.get_parts(shapely.unary_union(shapely.boundary(polygons)))
    faces = shapely.get_parts(shapely.polygonize(noded)) if len(noded) else noded
    inside = shapely.point_on_surface(faces)
    polygon, face = shapely.STRtree(inside).query(polygons, predicate="contains")
    area = shapely.area(faces)
    thin = 2.0 * area < THIN_M * shapely.length(faces)
    covered = np.zeros(len(faces), dtype=bool)
    covered[face] = True
    kept = ~thin[face]
    return faces, polygon[kept], face[kept], float(area[thin & covered].sum())


def _groups(polygon: Ints, face: Ints) -> dict[tuple[int, ...], Sequence[int]]:
    """Faces by the polygons that cover them, faces in the order they were made."""
    if len(face) == 0:
        return {}
    by_face = np.lexsort((polygon, face))
    polygon, face = polygon[by_face], face[by_face]
    start = np.flatnonzero(np.concatenate([[True], face[1:] != face[:-1]]))
    groups: dict[tuple[int, ...], list[int]] = {}
    for first, own in zip(start, np.split(polygon, start[1:]), strict=True):
        groups.setdefault(tuple(own.tolist()), []).append(int(face[first]))
    return dict(groups)
