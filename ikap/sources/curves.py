"""Geometry with arcs (CircularString, CompoundCurve, CurvePolygon) as lines, to a stated tolerance.

GEOS has no arcs, and GDAL would turn them into lines by a fixed angle, whatever the radius.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.sources.arcs import SAGITTA_M, arc_line

__all__ = ["has_curves", "straight"]

POINT, LINE, POLYGON, COLLECTION = 1, 2, 3, 7
CIRCULAR, COMPOUND, CURVE_POLYGON, MULTI_CURVE, MULTI_SURFACE = 8, 9, 10, 11, 12
ARC = 3
"""Points of one arc."""
HEAD = 5
"""Bytes before the content: byte order and type."""
EWKB_Z, EWKB_M, EWKB_SRID = 0x80000000, 0x40000000, 0x20000000

Coordinates = NDArray[np.float64]


def has_curves(wkb: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Which geometries are of a type that may hold arcs.

    Parameters
    ----------
    wkb : array of bytes or None
        Little or big endian, ISO or extended.

    Returns
    -------
    array of bool
        One value each. A collection that holds such a geometry counts too.
    """
    curved = [b is not None and len(b) >= HEAD and _curved_type(b) for b in wkb]
    return np.array(curved, dtype=bool)


def _curved_type(wkb: bytes) -> bool:
    kind = (int.from_bytes(wkb[1:HEAD], "little" if wkb[0] else "big") & 0x0FFFFFFF) % 1000
    return CIRCULAR <= kind <= MULTI_SURFACE or (kind == COLLECTION and len(wkb) > HEAD)


def straight(wkb: bytes, sagitta: float = SAGITTA_M) -> tuple[shapely.Geometry, int]:
    """Geometry in 2D with its arcs as lines, and how many arcs there were.

    Parameters
    ----------
    wkb : bytes
        Any type; heights and measures are left out.
    sagitta : float
        Largest distance between arc and line, in the unit of the coordinates.

    Returns
    -------
    tuple of Geometry and int
        LineString, Polygon, their multi types, or a collection of them.

    Raises
    ------
    ValueError
        The bytes end before the geometry does, or hold an unknown type.
    """
    cursor = _Cursor(wkb, sagitta)
    try:
        return cursor.geometry(), cursor.arcs
    except struct.error as error:
        raise ValueError("geometry ends too early") from error


@dataclass
class _Cursor:
    """Place in the bytes, and the arcs met so far."""

    data: bytes
    sagitta: float
    at: int = 0
    arcs: int = 0

    def geometry(self) -> shapely.Geometry:
        """The geometry that starts here."""
        order, kind, width = self._head()
        if kind == POINT:
            return shapely.Point(self._vertices(order, 1, width)[0])
        if kind in (LINE, CIRCULAR, COMPOUND):
            return shapely.LineString(self._curve(order, kind, width))
        if kind in (POLYGON, CURVE_POLYGON):
            count = self._count(order)
            if kind == CURVE_POLYGON:
                rings = [self._curve(*self._head()) for _ in range(count)]
            else:
                rings = [self._curve(order, LINE, width) for _ in range(count)]
            return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()
        if kind not in JOINED:
            raise ValueError(f"geometry type {kind}")
        parts = [self.geometry() for _ in range(self._count(order))]
        return JOINED[kind](parts)

    def _head(self) -> tuple[str, int, int]:
        """Byte order, plain type and numbers per vertex of the geometry that starts here."""
        order = "<" if self.data[self.at : self.at + 1] == b"\x01" else ">"
        (kind,) = struct.unpack_from(f"{order}I", self.data, self.at + 1)
        self.at += HEAD + (4 if kind & EWKB_SRID else 0)
        width = 2 + bool(kind & EWKB_Z) + bool(kind & EWKB_M)
        kind &= 0x0FFFFFFF
        return order, kind % 1000, width + (0, 1, 1, 2)[kind // 1000 % 4]

    def _curve(self, order: str, kind: int, width: int) -> Coordinates:
        """Vertices of a line, an arc string, or a curve put together of such."""
        if kind == COMPOUND:
            parts = [self._curve(*self._head()) for _ in range(self._count(order))]
            joined = [part if i == 0 else part[1:] for i, part in enumerate(parts)]
            return np.concatenate(joined) if joined else np.empty((0, 2))
        vertices = self._vertices(order, self._count(order), width)
        if kind != CIRCULAR or len(vertices) < ARC:
            return vertices
        points = [(float(x), float(y)) for x, y in vertices]
        arcs = [
            arc_line(points[i], points[i + 1], points[i + 2], self.sagitta)
            for i in range(0, len(points) - 2, 2)
        ]
        self.arcs += len(arcs)
        return np.concatenate([arc if i == 0 else arc[1:] for i, arc in enumerate(arcs)])

    def _count(self, order: str) -> int:
        (count,) = struct.unpack_from(f"{order}I", self.data, self.at)
        self.at += 4
        return int(count)

    def _vertices(self, order: str, count: int, width: int) -> Coordinates:
        end = self.at + 8 * width * count
        if end > len(self.data):
            raise ValueError("geometry ends too early")
        flat = np.frombuffer(self.data, f"{order}f8", width * count, self.at)
        self.at = end
        return flat.reshape(-1, width)[:, :2].astype(float)


JOINED: dict[int, Callable[[list[Any]], shapely.Geometry]] = {
    4: shapely.MultiPoint,
    5: shapely.MultiLineString,
    6: shapely.MultiPolygon,
    COLLECTION: shapely.GeometryCollection,
    MULTI_CURVE: shapely.MultiLineString,
    MULTI_SURFACE: shapely.MultiPolygon,
}
