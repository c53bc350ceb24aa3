# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Pairs whose boxes overlap, each told apart: other polygon inside, outside or across."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled
from ikap.measure.cut import Cut, Grid
from ikap.measure.threads import in_threads
from ikap.measure.window import MIXED, OUTSIDE, place_in

__all__ = ["Pairs", "find_pairs"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENTRIES_PER_BOX = 16
"""A box spans so many tiles on average, at most; larger tiles are taken until it holds."""


class Pairs(NamedTuple):
    """Pairs that share ground, or may (`mixed`), in the order of the other polygons."""

    zone: Ints
    other: Ints
    mixed: NDArray[np.bool_]


class _Tiles(NamedTuple):
    """A coarse grid with the boxes that reach into each tile."""

    x: float
    y: float
    width: float
    height: float
    side: int  # tiles along each side
    start: Ints
    member: Ints


@compiled
def _tiles_of(tiles: _Tiles, box: Floats) -> tuple[int, int, int, int]:
    """Columns and rows of tiles that the box spans, kept within the grid."""
    last = tiles.side - 1
    return (
        min(max(int((box[0] - tiles.x) / tiles.width), 0), last),
        min(max(int((box[1] - tiles.y) / tiles.height), 0), last),
        min(max(int((box[2] - tiles.x) / tiles.width), 0), last),
        min(max(int((box[3] - tiles.y) / tiles.height), 0), last),
    )


@compiled
def _count_entries(tiles: _Tiles, boxes: Floats) -> int:
    total = 0
    for i in range(len(boxes)):
        c0, r0, c1, r1 = _tiles_of(tiles, boxes[i])
        total += (c1 - c0 + 1) * (r1 - r0 + 1)
    return total


@compiled
def _fill_tiles(tiles: _Tiles, boxes: Floats) -> None:
    """Sort boxes into tiles, in order within each."""
    for i in range(len(boxes)):
        c0, r0, c1, r1 = _tiles_of(tiles, boxes[i])
        for c in range(c0, c1 + 1):
            for r in range(r0, r1 + 1):
                tiles.start[c * tiles.side + r + 1] += 1
    for t in range(tiles.side * tiles.side):
        tiles.start[t + 1] += tiles.start[t]
    filled = tiles.start.copy()
    for i in range(len(boxes)):
        c0, r0, c1, r1 = _tiles_of(tiles, boxes[i])
        for c in range(c0, c1 + 1):
            for r in range(r0, r1 + 1):
                tiles.member[filled[c * tiles.side + r]] = i
                filled[c * tiles.side + r] += 1


def _make_tiles(boxes: Floats) -> _Tiles:
    x, y = boxes[:, 0].min(), boxes[:, 1].min()
    width, height = boxes[:, 2].max() - x, boxes[:, 3].max() - y
    count = max(1, int(np.sqrt(4 * len(boxes))))
    nothing = np.zeros(0, dtype=np.int64)
    while True:
        tiles = _Tiles(x, y, width / count, height / count, count, nothing, nothing)
        entries = _count_entries(tiles, boxes)
        if count == 1 or entries <= ENTRIES_PER_BOX * len(boxes):
            break
        count = (count + 1) // 2
    made = tiles._replace(
        start=np.zeros(count * count + 1, dtype=np.int64),
        member=np.empty(entries, dtype=np.int64),
    )
    _fill_tiles(made, boxes)
    return made


@compiled
def _overlapping(tiles: _Tiles, boxes: Floats, box: Floats, found: Ints) -> int:
    """Boxes that share more than a border with `box`, each once; how many."""
    made = 0
    left, low, right, high = _tiles_of(tiles, box)
    for c in range(left, right + 1):
        for r in range(low, high + 1):
            tile = c * tiles.side + r
            for k in range(tiles.start[tile], tiles.start[tile + 1]):
                i = tiles.member[k]
                if (
                    boxes[i, 0] < box[2]
                    and box[0] < boxes[i, 2]
                    and boxes[i, 1] < box[3]
                    and box[1] < boxes[i, 3]
                ):
                    c0, r0, _, _ = _tiles_of(tiles, boxes[i])
                    if c == max(c0, left) and r == max(r0, low):
                        found[made] = i
                        made += 1
    return made


@compiled
def _classify(
    cut: Cut, grid: Grid, tiles: _Tiles, boxes: Floats, others: Floats, start: int, stop: int
) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Pairs of the stretch of other boxes, without those that lie outside one another."""
    found = np.empty(len(boxes), dtype=np.int64)
    room = 2 * (stop - start)
    zone, other = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    mixed = np.empty(room, dtype=np.bool_)
    made = 0
    for j in range(start, stop):
        box = (
            others[j, 0] - grid.x,
            others[j, 1] - grid.y,
            others[j, 2] - grid.x,
            others[j, 3] - grid.y,
        )
        count = _overlapping(tiles, boxes, others[j], found)
        if made + count > room:
            room = 2 * (made + count)
            zone, other, mixed = _longer(zone, room), _longer(other, room), _longer(mixed, room)
        for k in range(count):
            place = place_in(cut, found[k], grid.size, box)
            if place != OUTSIDE:
                zone[made], other[made], mixed[made] = found[k], j, place == MIXED
                made += 1
    return zone[:made], other[:made], mixed[:made]


@compiled
def _longer(values: NDArray[Any], room: int) -> NDArray[Any]:
    """Copy the values to an array with more room."""
    longer = np.empty(room, dtype=values.dtype)
    longer[: len(values)] = values
    return longer


def find_pairs(cut: Cut, grid: Grid, boxes: Floats, others: Floats) -> Pairs:
    """Pairs of a cut feature and another polygon's box that may share ground.

    Parameters
    ----------
    cut : Cut
        Features cut to the grid.
    grid : Grid
        The grid.
    boxes : array, shape (n, 4)
        Boxes of the cut features in m.
    others : array, shape (m, 4)
        Boxes of the other polygons in m.

    Returns
    -------
    Pairs
        Sorted by the other polygon; `mixed` where a boundary of the cut feature crosses the box.
    """
    tiles = _make_tiles(boxes)
    count = len(others)
    found = in_threads(
        lambda a, b: _classify(cut, grid, tiles, boxes, others, a, b), count, steps=8 * count
    )
    zone, other, mixed = (np.concatenate(each) for each in zip(*found, strict=True))
    return Pairs(zone, other, mixed)
