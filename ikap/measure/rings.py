"""Polygons as flat arrays: all vertices in one, and offsets that tell rings, parts and features."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.route import has_compiler
from ikap.measure.threads import in_threads

__all__ = ["Rings", "geometries_of_wkb", "polygonal", "spans", "starts_of"]

POLYGON, MULTIPOLYGON, COLLECTION = 3, 6, 7  # GEOS type numbers


@dataclass(frozen=True, eq=False)
class Rings:
    """Features as closed rings; the layout of `shapely.to_ragged_array` for multipolygons.

    Arrays may be memory-mapped and read-only. The first ring of a polygon is its shell. A ring's
    last vertex is its first one.
    """

    xy: NDArray[np.float64]  # (n, 2)
    ring_start: NDArray[np.int64]  # (rings + 1,) offsets into xy
    polygon_start: NDArray[np.int64]  # (polygons + 1,) offsets into rings
    feature_start: NDArray[np.int64]  # (features + 1,) offsets into polygons

    def __len__(self) -> int:
        return len(self.feature_start) - 1

    @classmethod
    def of_geometries(cls, geometries: NDArray[np.object_]) -> Rings:
        """Rings of GEOS objects; what has no area (lines, points, None) has no rings."""
        kept = polygonal(geometries)
        parts, owner = _parts(kept)
        holes = shapely.get_num_interior_rings(parts)
        polygon_start = starts_of(holes.astype(np.int64) + 1)
        vertices = np.zeros(polygon_start[-1], dtype=np.int64)
        simple = holes == 0
        vertices[polygon_start[:-1][simple]] = shapely.get_num_coordinates(parts[simple])
        pierced = np.repeat(~simple, holes + 1)
        vertices[pierced] = shapely.get_num_coordinates(shapely.get_rings(parts[~simple]))
        features = np.bincount(owner, minlength=len(kept)).astype(np.int64)
        steps = int(vertices.sum())
        xy = in_threads(lambda a, b: shapely.get_coordinates(kept[a:b]), len(kept), steps=steps)
        return cls(np.concatenate(xy), starts_of(vertices), polygon_start, starts_of(features))

    @classmethod
    def of_wkb(cls, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Rings:
        """Rings of (multi)polygons in ISO or extended WKB of either byte order; Z and M dropped.

        Parameters
        ----------
        data : array of uint8
            Bytes of all features.
        offsets : array of int64, shape (features + 1,)
            Where each feature starts in `data`; an empty stretch is a feature without rings.

        Returns
        -------
        Rings
            One feature for each stretch.

        Raises
        ------
        ValueError
            A feature is no polygon or multipolygon, or its bytes are damaged.
        """
        if has_compiler():
            from ikap.measure.wkb import Wkb  # noqa: PLC0415 (imports numba)

            return Wkb.of_bytes(data, offsets).rings()
        return cls.of_geometries(geometries_of_wkb(data, offsets))

    def geometries(self) -> NDArray[np.object_]:
        """GEOS objects: a polygon for a feature of one part, else a multipolygon."""
        parts = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, self.xy, (self.ring_start, self.polygon_start)
        )
        counts = np.diff(self.feature_start)
        found = np.full(len(self), shapely.Polygon(), dtype=object)
        one = counts == 1
        found[one] = parts[self.feature_start[:-1][one]]
        many = np.flatnonzero(counts > 1)
        if len(many):
            inside = spans(self.feature_start[many], counts[many])
            owner = np.repeat(np.arange(len(many)), counts[many])
            found[many] = shapely.multipolygons(parts[inside], indices=owner)
        return found

    def take(self, index: NDArray[np.int64]) -> Rings:
        """The features at `index`, copied."""
        parts = self.feature_start[index + 1] - self.feature_start[index]
        polygons = spans(self.feature_start[index], parts)
        rings_in = self.polygon_start[polygons + 1] - self.polygon_start[polygons]
        rings = spans(self.polygon_start[polygons], rings_in)
        vertices = self.ring_start[rings + 1] - self.ring_start[rings]
        xy = self.xy[spans(self.ring_start[rings], vertices)]
        return Rings(xy, starts_of(vertices), starts_of(rings_in), starts_of(parts))


def geometries_of_wkb(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.object_]:
    """GEOS objects of (multi)polygons in WKB; `ValueError` as for `Rings.of_wkb`."""
    stretches = [data[a:b].tobytes() or None for a, b in itertools.pairwise(offsets)]
    try:
        found = shapely.from_wkb(np.array(stretches, dtype=object))
    except (shapely.GEOSException, TypeError) as fault:
        raise ValueError(f"damaged: {fault}") from fault
    if (
        bad := np.flatnonzero(~np.isin(shapely.get_type_id(found), (-1, POLYGON, MULTIPOLYGON)))
    ).size:
        raise ValueError(f"no polygon: feature {bad[0]}")
    return np.asarray(shapely.force_2d(found), dtype=object)


def polygonal(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Polygons and multipolygons as they are; of collections their polygons; the rest empty."""
    kept = np.asarray(geometries, dtype=object)
    kind = shapely.get_type_id(kept)
    other = (kind != POLYGON) & (kind != MULTIPOLYGON)
    if not other.any():
        return kept
    kept = kept.copy()
    kept[other] = shapely.Polygon()
    for i in np.flatnonzero(kind == COLLECTION):
        kept[i] = shapely.multipolygons(_polygons_in(geometries[i]))
    return kept


def _polygons_in(collection: shapely.Geometry) -> list[shapely.Geometry]:
    found: list[shapely.Geometry] = []
    for part in shapely.get_parts(collection):
        if shapely.get_type_id(part) == POLYGON:
            found.append(part)
        elif shapely.get_type_id(part) in (MULTIPOLYGON, COLLECTION):
            found.extend(_polygons_in(part))
    return found


def _parts(kept: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Polygons that are not empty, and the feature each belongs to; only multipolygons copied."""
    kind = shapely.get_type_id(kept)
    if not (kind == MULTIPOLYGON).any():
        whole = np.flatnonzero((kind == POLYGON) & ~shapely.is_empty(kept))
        return kept[whole], whole
    parts, owner = shapely.get_parts(kept, return_index=True)
    filled = ~shapely.is_empty(parts)
    return parts[filled], owner[filled]


def starts_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets of stretches of these lengths, and the end of the last one."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def spans(start: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions start, start + 1, ..., for each start, `count` of them."""
    first = np.cumsum(count) - count
    return np.arange(count.sum()) - np.repeat(first - start, count)
