# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Compiled walks through well-known binary: where rings stand, their vertices, box and area."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled
from ikap.measure.flat import add_ring

__all__ = [
    "DAMAGED",
    "MULTIPOLYGON",
    "OTHER_TYPE",
    "POLYGON",
    "Chunk",
    "Index",
    "Wanted",
    "copy_rings",
    "heads",
    "scan",
    "walk",
]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

EWKB_Z, EWKB_M, EWKB_SRID, EWKB_CODE = 0x80000000, 0x40000000, 0x20000000, 0x0FFFFFFF
ISO_STEP = 1000  # 1003 is a polygon with Z, 2003 with M, 3003 with both
POLYGON, MULTIPOLYGON = 3, 6
DAMAGED, OTHER_TYPE = -1, -2
SWAPPED = 8  # added to the number of dimensions where bytes stand in the other order


class Chunk(NamedTuple):
    """Features that stand in one buffer."""

    data: Bytes
    offsets: Ints


class Wanted(NamedTuple):
    """Features of one chunk that are asked for, and where each belongs among all of them."""

    feature: Ints
    row: Ints


class Index(NamedTuple):
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
def heads(chunk: Chunk, kind: Ints, parts: Ints, start: int, stop: int) -> None:
    """Note the type of each feature, and how many parts (of a polygon: rings) it says it has.

    The type is 0 for a feature that is no plain polygon or multipolygon: in the machine's byte
    order, with x and y alone.
    """
    for f in range(start, stop):
        at = chunk.offsets[f]
        kind[f] = 0
        if at + 9 <= chunk.offsets[f + 1] and chunk.data[at] == 1:
            code = _number(chunk.data, at + 1, False)
            kind[f] = code if code in (POLYGON, MULTIPOLYGON) else 0
            parts[f] = _number(chunk.data, at + 5, False)


@compiled
def _polygon(
    data: Bytes, at: int, end: int, form: int, index: Index, polygon: int, ring: int
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
    data: Bytes, at: int, end: int, index: Index, polygon: int, ring: int
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
def walk(
    chunk: Chunk, wanted: Wanted, index: Index, counts: Ints, before: Ints, start: int, stop: int
) -> None:
    """Walk through features: count polygons and rings, and note rings where there is room."""
    for k in range(start, stop):
        n = wanted.row[k]
        f = wanted.feature[k]
        end = chunk.offsets[f + 1]
        counts[n] = _feature(chunk.data, chunk.offsets[f], end, index, before[n, 0], before[n, 1])


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
def copy_rings(
    chunk: Chunk, wanted: Wanted, index: Index, before: Ints, out: Bytes, start: int, stop: int
) -> None:
    """Copy the rings of features to where they belong."""
    for k in range(start, stop):
        n = wanted.row[k]
        for r in range(before[n, 1], before[n + 1, 1]):
            begin, end = index.ring_start[r], index.ring_start[r + 1]
            xy = out[16 * begin : 16 * end]
            _copy_ring(chunk.data, index.at[r], index.form[r], end - begin, xy)


@compiled
def scan(chunk: Chunk, boxes: Floats, areas: Floats, faults: Ints, start: int, stop: int) -> None:
    """Measure box and area of each feature of the stretch, ring by ring, or note its fault."""
    data, offsets = chunk
    room, none = np.empty((1024, 2)), np.zeros(0, dtype=np.int64)
    no_index = Index(none, none, none, none, none)
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
