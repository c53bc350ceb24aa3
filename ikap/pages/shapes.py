"""Shapes for drawing: simplified, rounded, packed as whole-number steps. Never for measuring.

In: a GeoDataFrame in the region's CRS. Out: `Packed`, lon/lat in steps of 1e-5 degree, which
`ikap.js` unpacks. A shape is a list of parts, a part a list of rings (polygons), one line or one
point; a ring is `[x, y, dx, dy, dx, dy, ...]`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Hashable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

__all__ = ["Packed", "gzip_size", "pack", "simplified"]

SCALE = 100_000  # steps per degree: 1e-5 degree is about 1 m north and half a metre east
LADDER = (5.0, 10.0, 20.0, 40.0, 80.0)
MIN_RING = 6  # numbers in a ring of three corners

Ring = list[int]
Shape = list[list[Ring]]


@dataclass(frozen=True)
class Packed:
    """One layer ready to be put in a page."""

    shapes: list[Shape]
    tolerance_m: float
    moved: float  # share of the layer's area that the simplification changed
    size: int  # bytes of the shapes, gzipped


def gzip_size(value: object) -> int:
    """Bytes of `value` as compact JSON after gzip, level 6."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(gzip.compress(text.encode(), 6, mtime=0))


def simplified(geometry: NDArray[np.object_], tolerance_m: float) -> NDArray[np.object_]:
    """Geometries with fewer corners; borders shared by polygons stay shared.

    Parameters
    ----------
    geometry : array of geometries
        In a projected CRS, metres.
    tolerance_m : float
        Size of detail that may go, in metres.

    Returns
    -------
    array of geometries
        Same order and CRS. A shape that would vanish keeps its own corners.
    """
    kinds = shapely.get_type_id(geometry)
    out = geometry.copy()
    polygons = np.isin(kinds, (3, 6))
    if polygons.any():
        out[polygons] = shapely.coverage_simplify(geometry[polygons], tolerance_m)
    lines = np.isin(kinds, (1, 5))
    out[lines] = shapely.simplify(geometry[lines], tolerance_m)
    lost = shapely.is_empty(out) | ((shapely.area(out) <= 0) & polygons)
    out[lost] = geometry[lost]
    return out


def pack(
    frame: gpd.GeoDataFrame,
    *,
    limit: int,
    ladder: Sequence[float] = LADDER,
    known: MutableMapping[Hashable, Packed] | None = None,
) -> Packed | None:
    """Layer packed with the finest detail that fits; None if it fits with none.

    Parameters
    ----------
    frame : GeoDataFrame
        Projected CRS, metres.
    limit : int
        Most bytes after gzip.
    ladder : sequence of float
        Tolerances to try, in metres, finest first.
    known : mapping, optional
        What was packed before, by shapes and tolerance: plans of one region have the same land.

    Returns
    -------
    Packed or None
        Shapes in the frame's order, lon/lat (EPSG:4326) with 5 decimals.
    """
    geometry = np.asarray(frame.geometry.array, dtype=object)
    known = {} if known is None else known
    name = (hashlib.sha256(b"".join(shapely.to_wkb(geometry).tolist())).digest(), str(frame.crs))
    for tolerance in ladder:
        if (name, tolerance) not in known:
            known[name, tolerance] = _packed(geometry, frame.crs, tolerance)
        found = known[name, tolerance]
        if found.size <= limit:
            return found
    return None


def _packed(geometry: NDArray[np.object_], crs: Any, tolerance: float) -> Packed:  # noqa: ANN401 (what pyproj takes)
    drawn = simplified(geometry, tolerance)
    shapes = [_shape(geom) for geom in gpd.GeoSeries(drawn, crs=crs).to_crs(4326)]
    before = shapely.area(geometry)
    total, change = float(before.sum()), float(np.abs(shapely.area(drawn) - before).sum())
    return Packed(shapes, tolerance, change / total if total else 0.0, gzip_size(shapes))


def _shape(geometry: BaseGeometry | None) -> Shape:
    if geometry is None or geometry.is_empty:
        return []
    parts = [part for part in shapely.get_parts(geometry) if not part.is_empty]
    if any(part.geom_type == "GeometryCollection" for part in parts):
        parts = [inner for part in parts for inner in shapely.get_parts(part)]
    return [rings for part in parts if (rings := _part(part))]


def _part(part: BaseGeometry) -> list[Ring]:
    if isinstance(part, shapely.Polygon):
        outer = _steps(part.exterior)
        if len(outer) < MIN_RING:  # too small for the grid: a dot of three corners
            x, y = outer[:2]
            outer = [x, y, 1, 0, 0, 1]
        holes = [_steps(ring) for ring in part.interiors]
        return [outer, *(hole for hole in holes if len(hole) >= MIN_RING)]
    return [_steps(part)]


def _steps(line: BaseGeometry) -> Ring:
    grid = np.rint(shapely.get_coordinates(line) * SCALE).astype(np.int64)
    steps = grid[1:] - grid[:-1]
    moved = np.flatnonzero((steps[:, 0] != 0) | (steps[:, 1] != 0))
    if isinstance(line, shapely.LinearRing):
        moved = moved[:-1]  # the last corner is the first one
    return [*grid[0].tolist(), *steps[moved].ravel().tolist()]
