# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""One polygon's box as a window on a polygon that is cut to a grid.

Pieces below the window count nothing, for the signs of the other polygon's edges add up to 0 at
each x. Pieces above it are never the lower ones: they count as jumps in what covers the window,
and a run of them counts only where it begins and ends. Only pieces that cross the window meet
the other polygon's edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled
from ikap.measure.cut import Cut, piece_at, span
from ikap.measure.flat import Flat
from ikap.measure.integrals import lower_of, tail
from ikap.measure.order import first_from, stable_order

__all__ = ["INSIDE", "MIXED", "OUTSIDE", "cells_between", "place_in", "room_for", "shared_area"]

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]

OUTSIDE, INSIDE, MIXED = 0, 1, 2
BELOW, ABOVE, ACROSS = -1, 0, 1


@compiled
def cells_between(cut: Cut, feature: int, column: int, low: int, high: int) -> tuple[int, int, int]:
    """First cell of the column, first one from row `low` on, and the one after row `high`."""
    at = cut.column_start[feature] + column - cut.first_column[feature]
    begin, end = cut.column_cell[at], cut.column_cell[at + 1]
    start = first_from(cut.row, begin, end, low)
    stop = first_from(cut.row, start, end, high + 1)
    return begin, start, stop


@compiled
def columns_between(cut: Cut, feature: int, low: int, high: int) -> tuple[int, int]:
    """First and last column from `low` to `high` in which the feature may have ground."""
    first = cut.first_column[feature]
    last = first + cut.column_start[feature + 1] - cut.column_start[feature] - 2
    return max(low, first), min(high, last)


@compiled
def _side(x0: float, y0: float, x1: float, y1: float, box: Box) -> int:
    """Where a piece lies as seen from the box: `BELOW` (or beside), `ABOVE` or `ACROSS` it."""
    if max(x0, x1) <= box[0] or min(x0, x1) >= box[2]:
        return BELOW
    if min(y0, y1) >= box[3]:
        return ABOVE
    if max(y0, y1) <= box[1]:
        return BELOW
    if x0 == x1:
        return ACROSS
    slope = (y1 - y0) / (x1 - x0)
    at0 = y0 + slope * (min(max(x0, box[0]), box[2]) - x0)
    at1 = y0 + slope * (min(max(x1, box[0]), box[2]) - x0)
    if min(at0, at1) >= box[3]:
        return ABOVE
    return BELOW if max(at0, at1) <= box[1] else ACROSS


@compiled
def place_in(cut: Cut, feature: int, size: float, box: Box) -> int:
    """Tell whether the box lies inside the feature, outside it, or across its boundary."""
    left, right = span(box[0], box[2], size)
    low, high = span(box[1], box[3], size)
    left, right = columns_between(cut, feature, left, right)
    middle = box[0] + (box[2] - box[0]) / 2
    cover = 0
    for column in range(left, right + 1):
        begin, start, stop = cells_between(cut, feature, column, low, high)
        for p in range(cut.piece_start[start], cut.piece_start[stop]):
            x0, y0, x1, y1 = piece_at(cut, p)
            side = _side(x0, y0, x1, y1, box)
            if side == ACROSS:
                return MIXED
            if side == ABOVE:
                cover += (x0 <= middle) - (x1 <= middle)
        if stop > begin and column * size <= middle < (column + 1) * size:
            cover += cut.cover[stop - 1]
            for k in range(cut.jump_start[stop - 1], cut.jump_start[stop]):
                if cut.jump_x[k] <= middle:
                    cover += int(cut.jump[k])
    return INSIDE if cover > 0 else OUTSIDE


@compiled
def room_for(cut: Cut, feature: int, size: float, box: Box) -> int:
    """Most edges or jumps that the window can hold."""
    left, right = span(box[0], box[2], size)
    low, high = span(box[1], box[3], size)
    left, right = columns_between(cut, feature, left, right)
    room = 0
    for column in range(left, right + 1):
        begin, start, stop = cells_between(cut, feature, column, low, high)
        room += 2 * (cut.piece_start[stop] - cut.piece_start[start]) + 2
        if stop > begin:
            room += cut.jump_start[stop] - cut.jump_start[stop - 1]
    return room


@compiled
def _add_jump(jumps: Floats, count: int, x: float, value: float, width: float) -> int:
    """Note a jump; jumps left of the window are put at its left side."""
    if x >= width or value == 0.0:
        return count
    jumps[count, 0], jumps[count, 1] = max(x, 0.0), value
    return count + 1


@compiled
def _gather(
    cut: Cut, feature: int, size: float, box: Box, edges: Floats, jumps: Floats
) -> tuple[int, int]:
    """Collect edges across the window and jumps above it, from the window's corner."""
    left, right = span(box[0], box[2], size)
    low, high = span(box[1], box[3], size)
    left, right = columns_between(cut, feature, left, right)
    x, y, width = box[0], box[1], box[2] - box[0]
    n = m = 0
    for column in range(left, right + 1):
        begin, start, stop = cells_between(cut, feature, column, low, high)
        for p in range(cut.piece_start[start], cut.piece_start[stop]):
            x0, y0, x1, y1 = piece_at(cut, p)
            side = _side(x0, y0, x1, y1, box)
            if side == ACROSS and x0 != x1:
                edges[n, 0], edges[n, 1] = min(x0, x1) - x, max(x0, x1) - x
                edges[n, 2] = (y0 if x0 < x1 else y1) - y
                edges[n, 3] = (y1 - y0) / (x1 - x0)
                edges[n, 4] = 1.0 if x0 < x1 else -1.0
                n += 1
            elif side == ABOVE:
                m = _add_jump(jumps, m, x0 - x, 1.0, width)
                m = _add_jump(jumps, m, x1 - x, -1.0, width)
        if stop > begin:
            cover = float(cut.cover[stop - 1])
            m = _add_jump(jumps, m, column * size - x, cover, width)
            for k in range(cut.jump_start[stop - 1], cut.jump_start[stop]):
                m = _add_jump(jumps, m, cut.jump_x[k] - x, cut.jump[k], width)
                cover += cut.jump[k]
            m = _add_jump(jumps, m, (column + 1) * size - x, -cover, width)
    return n, _merged(jumps, m)


@compiled
def _merged(jumps: Floats, count: int) -> int:
    """Sort the jumps by x and add up those at one place; how many are left."""
    if count < 2:  # noqa: PLR2004 (nothing to sort)
        return count if count == 0 or jumps[0, 1] != 0.0 else 0
    at, step = np.empty(count), np.empty(count)
    for k in range(count):
        at[k], step[k] = jumps[k, 0], jumps[k, 1]
    order = stable_order(at)
    made = 0
    for k in range(count):
        x, value = at[order[k]], step[order[k]]
        if made > 0 and jumps[made - 1, 0] == x:
            jumps[made - 1, 1] += value
        else:
            if made > 0 and jumps[made - 1, 1] == 0.0:
                made -= 1
            jumps[made, 0], jumps[made, 1] = x, value
            made += 1
    return made - 1 if jumps[made - 1, 1] == 0.0 else made


@compiled
def _ring_sum(
    rings: Flat, ring: int, corner: tuple[float, float], edges: Floats, jumps: Floats
) -> tuple[float, float]:
    """Edge sum of one ring with the window's content, and the ring's own signed area."""
    total = own = 0.0
    begin, end = rings.ring_start[ring], rings.ring_start[ring + 1]
    for k in range(begin, end - 1):
        x0, y0 = rings.xy[k, 0] - corner[0], rings.xy[k, 1] - corner[1]
        x1, y1 = rings.xy[k + 1, 0] - corner[0], rings.xy[k + 1, 1] - corner[1]
        if x0 == x1:
            continue
        sign = 1.0 if x1 > x0 else -1.0
        slope = (y1 - y0) / (x1 - x0)
        left, right, height = (x0, x1, y0) if x1 > x0 else (x1, x0, y1)
        own += (x1 - x0) * (y0 + y1) * 0.5
        part = 0.0
        for j in range(len(jumps)):
            part += jumps[j, 1] * tail(left, right, height, slope, jumps[j, 0])
        for e in range(len(edges)):
            part += edges[e, 4] * lower_of(
                edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3], left, right, height, slope
            )
        total += sign * part
    return total, own


@compiled
def shared_area(
    cut: Cut,
    feature: int,
    size: float,
    box: Box,
    rings: Flat,
    other: int,
    corner: tuple[float, float],
    edges: Floats,
    jumps: Floats,
) -> float:
    """Area in m² that a cut feature shares with feature `other` of `rings`.

    `box` is the box of `other` as seen from the grid's corner, `corner` its lower left corner as
    its coordinates have it; `edges` and `jumps` are room for the window's content.
    """
    n, m = _gather(cut, feature, size, box, edges, jumps)
    first = 1 if m > 0 and jumps[0, 0] == 0.0 else 0
    base = jumps[0, 1] if first else 0.0  # what covers the window from its left side on
    area = 0.0
    for p in range(rings.feature_start[other], rings.feature_start[other + 1]):
        shell = rings.polygon_start[p]
        for r in range(shell, rings.polygon_start[p + 1]):
            total, own = _ring_sum(rings, r, corner, edges[:n], jumps[first:m])
            total += base * own
            area += total if (own > 0.0) == (r == shell) else -total
    return area
