# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Edges met by their reverse, found by compiled hash tables small enough for the processor's cache.

Edges are first dealt into bins by a hash of their two ends, then each bin is searched by itself.
Last, the vertices of those that seem to be the same are compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled, read_only
from ikap.measure.flat import Flat, flat, ring_area
from ikap.measure.rings import Rings
from ikap.measure.threads import in_threads

__all__ = ["sides", "unmatched"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Short = NDArray[np.uint32]
Sides = NDArray[np.int8]
Flags = NDArray[np.bool_]
Places = NDArray[Any]
"""Numbers of edges; short ones as long as they do, for most of the time goes to fetching them."""

PER_BIN = 16_384
"""Edges in a bin; its table and marks take less than a megabyte."""
LEAST = 65_536
MOST_SHORT = 2**31
"""Fewer edges than this can be numbered by four bytes."""


@compiled
def _sides(rings: Flat, side: Sides, start: int, stop: int) -> None:
    xy = rings.xy
    for p in range(start, stop):
        shell = rings.polygon_start[p]
        for r in range(shell, rings.polygon_start[p + 1]):
            a, b = rings.ring_start[r], rings.ring_start[r + 1]
            right = (ring_area(xy, a, b) > 0) == (r == shell)
            for k in range(a, b - 1):
                dx, dy = xy[k + 1, 0] - xy[k, 0], xy[k + 1, 1] - xy[k, 1]
                if dx != 0 or dy != 0:
                    onward = dx > 0 or (dx == 0 and dy > 0)
                    side[k] = 1 if right == onward else 0


def sides(rings: Rings) -> Sides:
    """As `borders.edge_sides`."""
    given, side = flat(rings), np.full(len(rings.xy), -1, dtype=np.int8)
    count, steps = len(rings.polygon_start) - 1, len(rings.xy)
    in_threads(lambda a, b: _sides(given, side, a, b), count, steps=steps)
    return side


@compiled
def _vertex(bits: Bits, k: int) -> np.uint64:
    """Hash of a vertex."""
    g = bits[k, 0] * np.uint64(0x9E3779B97F4A7C15) ^ (bits[k, 1] + np.uint64(0x7F4A7C15))
    g ^= g >> np.uint64(32)
    g *= np.uint64(0xD6E8FEB86659FD93)
    g ^= g >> np.uint64(29)
    mixed: np.uint64 = g * np.uint64(0xBF58476D1CE4E5B9)
    return mixed


@compiled
def _edge(one: np.uint64, other: np.uint64) -> np.uint64:
    """Hash of an edge by those of its ends, whichever comes first."""
    h = one + other
    h ^= h >> np.uint64(31)
    return h * np.uint64(0x94D049BB133111EB)


@compiled
def _count(bits: Bits, side: Sides, shift: np.uint64, count: Ints, start: int, stop: int) -> None:
    last = len(side) - 1
    ahead = _vertex(bits, start)
    for i in range(start, stop):
        here = ahead
        ahead = _vertex(bits, min(i + 1, last))
        if side[i] >= 0:
            count[np.int64(_edge(here, ahead) >> shift)] += 1


@compiled
def _deal(
    bits: Bits,
    side: Sides,
    shift: np.uint64,
    place: Ints,
    edge: Places,
    mark: Short,
    start: int,
    stop: int,
) -> None:
    """Put each edge into its bin, with a mark: the last bits of its hash, and its side."""
    last = len(side) - 1
    ahead = _vertex(bits, start)
    for i in range(start, stop):
        here = ahead
        ahead = _vertex(bits, min(i + 1, last))
        if side[i] >= 0:
            h = _edge(here, ahead)
            b = np.int64(h >> shift)
            edge[place[b]] = i
            mark[place[b]] = np.uint32(h & np.uint64(0xFFFFFFFE)) | np.uint32(side[i])
            place[b] += 1


@compiled
def _search(edge: Places, mark: Short, bins: Ints, partner: Places, start: int, stop: int) -> None:
    """Note for one of each two edges that seem to be the same which is the other one.

    Only marks are compared, so that vertices need not be fetched from all over memory. Three edges
    or more with one mark have no partner.
    """
    for b in range(start, stop):
        first, last = bins[b], bins[b + 1]
        size = 4
        while 4 * size < 5 * (last - first):
            size *= 2
        slot = np.full(size, -1, dtype=np.int32)  # the first of equal marks, counted in the bin
        other = np.full(size, -1, dtype=np.int32)  # the second one; -2 where there are more
        for k in range(first, last):
            at = np.int64(mark[k] >> 1) & np.int64(size - 1)
            while slot[at] >= 0 and mark[first + slot[at]] >> 1 != mark[k] >> 1:
                at = np.int64((at + 1) & (size - 1))
            if slot[at] < 0:
                slot[at] = k - first
            else:
                other[at] = k - first if other[at] == -1 else -2
        for place in range(size):
            if other[place] >= 0:
                one, two = first + slot[place], first + other[place]
                if mark[one] != mark[two]:  # on either side
                    partner[edge[one]] = edge[two]


@compiled
def _same(xy: Floats, i: int, j: int) -> bool:
    along = (
        xy[i, 0] == xy[j, 0]
        and xy[i, 1] == xy[j, 1]
        and xy[i + 1, 0] == xy[j + 1, 0]
        and xy[i + 1, 1] == xy[j + 1, 1]
    )
    back = (
        xy[i, 0] == xy[j + 1, 0]
        and xy[i, 1] == xy[j + 1, 1]
        and xy[i + 1, 0] == xy[j, 0]
        and xy[i + 1, 1] == xy[j, 1]
    )
    return bool(along or back)


@compiled
def _compare(xy: Floats, partner: Places, shared: Flags, start: int, stop: int) -> None:
    """Mark edges that are the same as their partner; along a border both are read in order."""
    for i in range(start, stop):
        j = partner[i]
        if j >= 0 and _same(xy, i, j):
            shared[i] = True
            shared[j] = True


def unmatched(xy: Floats, side: Sides) -> Flags:
    """Edges that no other polygon has on its other side, or that several have.

    Parameters
    ----------
    xy : array of float, shape (n, 2)
        Vertices, ring after ring.
    side : array of int8, shape (n,)
        As by `borders.edge_sides`.

    Returns
    -------
    array of bool, shape (n,)
        By the edge's first vertex. One that has a partner may be among them (a zero with another
        sign, or one hash for two edges, about once in a million): it is compared for nothing.
    """
    points = read_only(np.ascontiguousarray(xy, dtype=np.float64))
    partner = _partners(points, read_only(side))
    shared, found = np.zeros(len(xy), dtype=bool), read_only(partner)
    in_threads(lambda a, b: _compare(points, found, shared, a, b), len(xy), least=LEAST)
    return (side >= 0) & ~shared


def _partners(points: Floats, sides: Sides) -> Places:
    """For one of each two edges that seem to be the same the other one, else -1."""
    bits = read_only(points.view(np.uint64))
    power = max(0, int(np.ceil(np.log2(max(1, len(points) / PER_BIN)))))
    shift = np.uint64(64 - power) if power else np.uint64(63)
    width = 2 ** max(power, 1)

    def counted(a: int, b: int) -> tuple[int, int, Ints]:
        count = np.zeros(width, dtype=np.int64)
        _count(bits, sides, shift, count, a, b)
        return a, b, count

    stretches = in_threads(counted, len(points), least=LEAST)
    counts = np.array([count for _, _, count in stretches])
    bins = np.append(0, np.cumsum(counts.sum(axis=0)))
    places = bins[:-1] + np.cumsum(counts, axis=0) - counts
    short = np.int32 if len(points) < MOST_SHORT else np.int64
    edge, mark = np.empty(bins[-1], dtype=short), np.empty(bins[-1], dtype=np.uint32)

    def dealt(a: int, b: int) -> None:
        for (start, stop, _), place in zip(stretches[a:b], places[a:b], strict=True):
            _deal(bits, sides, shift, np.ascontiguousarray(place), edge, mark, start, stop)

    in_threads(dealt, len(stretches), least=1, steps=len(points))
    partner = np.full(len(points), -1, dtype=short)
    dealt_edge, dealt_mark, ends = read_only(edge), read_only(mark), read_only(bins)
    in_threads(
        lambda a, b: _search(dealt_edge, dealt_mark, ends, partner, a, b),
        width,
        least=1,
        steps=4 * len(points),
    )
    return partner
