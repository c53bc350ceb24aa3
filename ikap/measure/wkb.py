"""Well-known binary read where it lies, without GEOS objects: ring by ring, only what is asked for.

Polygons and multipolygons in ISO or extended WKB, either byte order, with or without Z and M.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import read_only
from ikap.measure.rings import Rings, starts_of
from ikap.measure.threads import in_threads
from ikap.measure.wkb_walk import (
    DAMAGED,
    MULTIPOLYGON,
    OTHER_TYPE,
    Chunk,
    Index,
    Wanted,
    copy_rings,
    heads,
    scan,
    walk,
)

__all__ = ["Wkb"]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

XY = 2
"""Form of vertices with x and y alone, in the machine's byte order."""


@dataclass(frozen=True, eq=False)
class Wkb:
    """Features in well-known binary, in one buffer or several; read when they are asked for.

    Buffers may be memory-mapped; feature i of a buffer stands from `offsets[i]` to
    `offsets[i + 1]`, and an empty stretch is a feature without ground. A feature that is no
    polygon or multipolygon, or whose bytes are damaged, raises `ValueError` when it is read.
    """

    chunks: tuple[Chunk, ...]

    @classmethod
    def of_bytes(cls, data: Bytes, offsets: Ints) -> Wkb:
        """Hold the bytes; nothing is read yet."""
        return cls.of_chunks([(data, offsets)])

    @classmethod
    def of_chunks(cls, chunks: Iterable[tuple[Bytes, Ints]]) -> Wkb:
        """Hold several buffers with their offsets, one after the other; nothing is copied."""
        return cls(tuple(_chunk(data, offsets) for data, offsets in chunks))

    def __len__(self) -> int:
        return sum(len(chunk.offsets) - 1 for chunk in self.chunks)

    @cached_property
    def _first(self) -> Ints:
        """Number of each chunk's first feature, and of the one after the last."""
        return starts_of(np.array([len(c.offsets) - 1 for c in self.chunks], dtype=np.int64))

    def boxes_and_areas(self) -> tuple[Floats, Floats]:
        """Box (n, 4) in m, NaN for an empty feature, and planar area (n,) in m² of each."""
        boxes, areas = np.full((len(self), 4), np.nan), np.zeros(len(self))
        faults = np.zeros(len(self), dtype=np.int64)
        for chunk, (first, last) in zip(self.chunks, itertools.pairwise(self._first), strict=True):
            found = boxes[first:last], areas[first:last], faults[first:last]
            in_threads(partial(scan, chunk, *found), last - first, steps=_vertices(chunk))
        _refuse(faults, np.arange(len(self)))
        return boxes, areas

    def rings(self, features: Ints | None = None) -> Rings:
        """Read the rings of chosen features, or of all."""
        return self._read(features)[0]

    def plain_rings(self) -> tuple[Rings, NDArray[np.bool_]] | None:
        """Read the rings of all features, if these and nothing else are what the bytes say.

        Returns
        -------
        tuple of Rings and array of bool, or None
            The rings, and which features are multipolygons. None where a feature is missing, empty
            or has an empty part, has Z or M, or stands in another byte order.

        Raises
        ------
        ValueError
            Bytes are damaged.
        """
        kind, parts = (np.zeros(len(self), dtype=np.int64) for _ in range(2))
        for chunk, (first, last) in zip(self.chunks, itertools.pairwise(self._first), strict=True):
            heads(chunk, kind[first:last], parts[first:last], 0, last - first)
        if not kind.all():
            return None
        rings, form = self._read(None)
        many = kind == MULTIPOLYGON
        given = np.where(many, parts, 1) == np.diff(rings.feature_start)
        filled = np.diff(rings.ring_start) > 0
        if not (given.all() and (parts > 0).all() and filled.all() and (form == XY).all()):
            return None
        return rings, many

    def _read(self, features: Ints | None) -> tuple[Rings, Ints]:
        """Rings of chosen features or of all, and how the vertices of each stand there."""
        wanted = np.arange(len(self)) if features is None else np.asarray(features, dtype=np.int64)
        parts = self._parts(wanted)
        counts, before = (np.zeros((len(wanted) + 1, 2), dtype=np.int64) for _ in range(2))
        none = np.zeros(0, dtype=np.int64)
        nowhere = Index(none, none, none, none, none)
        _each(parts, lambda c, w, a, b: walk(c, w, nowhere, counts, before, a, b))
        _refuse(counts[:-1, 0], wanted)
        np.cumsum(counts[:-1], axis=0, out=before[1:])
        index = _room(counts[:-1])
        _each(parts, lambda c, w, a, b: walk(c, w, index, counts, before, a, b))
        ring_start = np.cumsum(index.ring_start)
        index = index._replace(ring_start=ring_start)
        xy = np.empty((ring_start[-1], 2))
        out = xy.reshape(-1).view(np.uint8)
        _each(parts, lambda c, w, a, b: copy_rings(c, w, index, before, out, a, b))
        rings = Rings(xy, ring_start, np.cumsum(index.polygon_start), index.feature_start)
        return rings, index.form

    def _parts(self, wanted: Ints) -> list[tuple[Chunk, Wanted]]:
        """Features that are asked for, by chunk."""
        if len(self.chunks) == 1:
            return [(self.chunks[0], Wanted(wanted, np.arange(len(wanted))))]
        owner = np.searchsorted(self._first, wanted, side="right") - 1
        rows = [np.flatnonzero(owner == c) for c in range(len(self.chunks))]
        return [
            (chunk, Wanted(wanted[row] - first, row))
            for chunk, row, first in zip(self.chunks, rows, self._first, strict=False)
            if len(row)
        ]


def _chunk(data: Bytes, offsets: Ints) -> Chunk:
    starts = np.ascontiguousarray(offsets, dtype=np.int64)
    if len(starts) == 0 or starts[0] < 0 or starts[-1] > len(data) or (np.diff(starts) < 0).any():
        raise ValueError("damaged: offsets")
    return Chunk(read_only(np.ascontiguousarray(data)), read_only(starts))


def _each(
    parts: list[tuple[Chunk, Wanted]], work: Callable[[Chunk, Wanted, int, int], None]
) -> None:
    """Do something with stretches of the features asked for, in threads."""
    for chunk, wanted in parts:
        share = len(wanted.row) / max(1, len(chunk.offsets) - 1)
        in_threads(
            partial(work, chunk, wanted), len(wanted.row), steps=int(share * _vertices(chunk))
        )


def _vertices(chunk: Chunk) -> int:
    """Count about how many vertices a chunk has."""
    return int(chunk.offsets[-1] - chunk.offsets[0]) // 16


def _refuse(faults: Ints, features: Ints) -> None:
    for fault, text in ((DAMAGED, "damaged"), (OTHER_TYPE, "no polygon")):
        if (bad := features[faults == fault]).size:
            raise ValueError(f"{text}: feature {bad[0]}")


def _room(counts: Ints) -> Index:
    """Room for the rings of features with so many polygons and rings."""
    polygons, rings = counts.sum(axis=0).tolist()
    return Index(
        np.zeros(rings, dtype=np.int64),
        np.zeros(rings, dtype=np.int64),
        np.zeros(rings + 1, dtype=np.int64),
        np.zeros(polygons + 1, dtype=np.int64),
        starts_of(counts[:, 0]),
    )
