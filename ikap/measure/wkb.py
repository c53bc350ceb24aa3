# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Well-known binary read where it lies, without GEOS objects: ring by ring, only what is asked for.

Polygons and multipolygons in ISO or extended WKB, either byte order, with or without Z and M.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled, read_only
from ikap.measure.flat import add_ring
from ikap.measure.rings import Rings, starts_of
from ikap.measure.threads import in_threads

__all__ = ["Wkb"]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

EWKB_Z, EWKB_M, EWKB_SRID, EWKB_CODE = 0x80000000, 0x40000000, 0x20000000, 0x0FFFFFFF
ISO_STEP = 1000  # 1003 is a polygon with Z, 2003 with M, 3003 with both
POLYGON, MULTIPOLYGON = 3, 6
DAMAGED, OTHER_TYPE = -1, -2
SWAPPED = 8  # added to the number of dimensions where bytes stand in the other order


class _Index(NamedTuple):
    """Where the vertices of each ring stand."""

    at: Ints  # (rings,) first byte
    form: Ints  # (rings,) dimensions, and `SWAPPED`
    ring_start: Ints
    polygon_start: Ints
    feature_start: Ints


@compiled
def _number(data: Bytes, at: int, swapped: bool) -> int:
    """Unsigned number of four bytes."""
    a, b, c, d = int(data[at]), int(data[at + 1]), int(data[at + 2]), int(data[at + 3])
    if swapped:
        a, b, c, d = d, c, b, a
    return a + 256 * (b + 256 * (c + 256 * d))


@compiled
def _head(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """Type (or a fault), form, and the first byte after the head."""
    if at + 9 > end or data[at] > 1:
        return DAMAGED, 0, at
    swapped = data[at] == 0
    code = _number(data, at + 1, swapped)
    at += 5
    dimensions = 2 + (code & EWKB_Z > 0) + (code & EWKB_M > 0)
    if code & EWKB_SRID:
        at += 4
    code &= EWKB_CODE
    iso = code // ISO_STEP
    dimensions += (iso > 0) + (iso == 3)  # noqa: PLR2004 (both Z and M)
    return code % ISO_STEP, dimensions + (SWAPPED if swapped else 0), at


@compiled
def _polygon(
    data: Bytes, at: int, end: int, form: int, index: _Index, polygon: int, ring: int
) -> tuple[int, int]:
    """Note the rings of a polygon; the byte after it (or a fault), and how many rings it has."""
    if at + 4 > end:
        return DAMAGED, 0
    swapped, width = form >= SWAPPED, 8 * (form % SWAPPED)
    rings = _number(data, at, swapped)
    at += 4
    for r in range(rings):
        if at + 4 > end:
            return DAMAGED, 0
        count = _number(data, at, swapped)
        at += 4
        if at + count * width > end or 0 < count < 4:  # noqa: PLR2004 (no ring has fewer)
            return DAMAGED, 0
        for k in range(16):
            if count and data[at + k] != data[at + (count - 1) * width + k]:
                return DAMAGED, 0  # a ring that is not closed
        if len(index.at):
            index.at[ring + r], index.form[ring + r] = at, form
            index.ring_start[ring + r + 1] = count
        at += count * width
    if len(index.at) and rings:
        index.polygon_start[polygon + 1] = rings
    return at, rings


@compiled
def _feature(
    data: Bytes, at: int, end: int, index: _Index, polygon: int, ring: int
) -> tuple[int, int]:
    """Note the rings of a feature; how many polygons (or a fault) and rings it has."""
    if at == end:
        return 0, 0
    kind, form, at = _head(data, at, end)
    parts = 1
    if kind == MULTIPOLYGON and at + 4 <= end:
        parts = _number(data, at, form >= SWAPPED)
        at += 4
    elif kind != POLYGON:
        return (DAMAGED if kind in (DAMAGED, MULTIPOLYGON) else OTHER_TYPE), 0
    many = kind == MULTIPOLYGON
    polygons = rings = 0
    for _ in range(parts):
        if many:
            kind, form, at = _head(data, at, end)
            if kind != POLYGON:
                return DAMAGED, 0
        at, found = _polygon(data, at, end, form, index, polygon + polygons, ring + rings)
        if at == DAMAGED:
            return DAMAGED, 0
        polygons += found > 0
        rings += found
    return (polygons if at == end else DAMAGED), rings


@compiled
def _walk(
    data: Bytes,
    offsets: Ints,
    features: Ints,
    index: _Index,
    counts: Ints,
    before: Ints,
    start: int,
    stop: int,
) -> None:
    """Walk through features: count polygons and rings, and note rings where there is room."""
    for n in range(start, stop):
        f = features[n]
        counts[n] = _feature(data, offsets[f], offsets[f + 1], index, before[n, 0], before[n, 1])


@compiled
def _copy_ring(data: Bytes, at: int, form: int, count: int, out: Bytes) -> None:
    """Copy x and y of each vertex of a ring, in the machine's byte order (little endian)."""
    width = 8 * (form % SWAPPED)
    if form == 2:  # noqa: PLR2004 (x and y alone, as they are needed)
        out[: 16 * count] = data[at : at + 16 * count]
        return
    for v in range(count):
        for k in range(16):
            source = k if form < SWAPPED else k + 7 - 2 * (k % 8)
            out[16 * v + k] = data[at + v * width + source]


@compiled
def _copy_rings(data: Bytes, index: _Index, out: Bytes, start: int, stop: int) -> None:
    for r in range(start, stop):
        begin, end = index.ring_start[r], index.ring_start[r + 1]
        _copy_ring(data, index.at[r], index.form[r], end - begin, out[16 * begin : 16 * end])


@compiled
def _scan(
    data: Bytes, offsets: Ints, boxes: Floats, areas: Floats, faults: Ints, start: int, stop: int
) -> None:
    """Measure box and area of each feature of the stretch, ring by ring, or note its fault."""
    room, none = np.empty((1024, 2)), np.zeros(0, dtype=np.int64)
    no_index = _Index(none, none, none, none, none)
    longest = 1
    for f in range(start, stop):
        longest = max(longest, (offsets[f + 1] - offsets[f]) // 16 + 1)
    if longest > len(room):
        room = np.empty((longest, 2))
    for f in range(start, stop):
        polygons = _feature(data, offsets[f], offsets[f + 1], no_index, 0, 0)[0]
        if polygons < 0:
            faults[f] = polygons
        elif polygons > 0:
            _measure(data, offsets[f], room, boxes[f], areas[f : f + 1])


@compiled
def _measure(data: Bytes, at: int, room: Floats, box: Floats, area: Floats) -> None:
    """Measure one feature that `_feature` has found to be whole."""
    kind, form, at = _head(data, at, len(data))
    parts, many = 1, kind == MULTIPOLYGON
    if many:
        parts = _number(data, at, form >= SWAPPED)
        at += 4
    out = room.view(np.uint8).ravel()
    for _ in range(parts):
        if many:
            kind, form, at = _head(data, at, len(data))
        swapped, width = form >= SWAPPED, 8 * (form % SWAPPED)
        rings = _number(data, at, swapped)
        at += 4
        for r in range(rings):
            count = _number(data, at, swapped)
            at += 4
            _copy_ring(data, at, form, count, out)
            add_ring(room, 0, count, r == 0, box, area)
            at += count * width


@dataclass(frozen=True, eq=False)
class Wkb:
    """Features in well-known binary, one after the other; read when they are asked for.

    `data` holds the bytes of all and may be memory-mapped; feature i stands from `offsets[i]` to
    `offsets[i + 1]`, and an empty stretch is a feature without ground. A feature that is no
    polygon or multipolygon, or whose bytes are damaged, raises `ValueError` when it is read.
    """

    data: Bytes
    offsets: Ints

    @classmethod
    def of_bytes(cls, data: Bytes, offsets: Ints) -> Wkb:
        """Hold the bytes; nothing is read yet."""
        return cls(
            read_only(np.ascontiguousarray(data)),
            read_only(np.ascontiguousarray(offsets, dtype=np.int64)),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def boxes_and_areas(self) -> tuple[Floats, Floats]:
        """Box (n, 4) in m, NaN for an empty feature, and planar area (n,) in m² of each."""
        boxes, areas = np.full((len(self), 4), np.nan), np.zeros(len(self))
        faults = np.zeros(len(self), dtype=np.int64)
        in_threads(
            lambda a, b: _scan(self.data, self.offsets, boxes, areas, faults, a, b), len(self)
        )
        _refuse(faults, np.arange(len(self)))
        return boxes, areas

    def rings(self, features: Ints | None = None) -> Rings:
        """Read the rings of chosen features, or of all."""
        wanted = np.arange(len(self)) if features is None else np.asarray(features, dtype=np.int64)
        counts, before = (np.zeros((len(wanted), 2), dtype=np.int64) for _ in range(2))
        none = np.zeros(0, dtype=np.int64)
        self._walk(wanted, _Index(none, none, none, none, none), counts, before)
        _refuse(counts[:, 0], wanted)
        np.cumsum(counts[:-1], axis=0, out=before[1:])
        index = _room(counts)
        self._walk(wanted, index, counts, before)
        ring_start = np.cumsum(index.ring_start)
        index = index._replace(ring_start=ring_start)
        xy = np.empty((ring_start[-1], 2))
        out = xy.reshape(-1).view(np.uint8)
        in_threads(lambda a, b: _copy_rings(self.data, index, out, a, b), len(ring_start) - 1)
        return Rings(xy, ring_start, np.cumsum(index.polygon_start), index.feature_start)

    def _walk(self, wanted: Ints, index: _Index, counts: Ints, before: Ints) -> None:
        data, offsets = self.data, self.offsets
        in_threads(
            lambda a, b: _walk(data, offsets, wanted, index, counts, before, a, b), len(wanted)
        )


def _refuse(faults: Ints, features: Ints) -> None:
    for fault, text in ((DAMAGED, "damaged"), (OTHER_TYPE, "no polygon")):
        if (bad := features[faults == fault]).size:
            raise ValueError(f"{text}: feature {bad[0]}")


def _room(counts: Ints) -> _Index:
    """Room for the rings of features with so many polygons and rings."""
    polygons, rings = counts.sum(axis=0).tolist()
    return _Index(
        np.zeros(rings, dtype=np.int64),
        np.zeros(rings, dtype=np.int64),
        np.zeros(rings + 1, dtype=np.int64),
        np.zeros(polygons + 1, dtype=np.int64),
        starts_of(counts[:, 0]),
    )
