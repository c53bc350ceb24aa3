# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Polygons as directed edges, cut at the lines of a grid and sorted by cell.

No polygon is clipped. An edge is cut where it crosses a line between columns or rows; its pieces
keep their direction, with the interior to the right. Beside the pieces, each cell that an edge
passes knows how much of the polygon's boundary lies above it, as a step function along its top:
`cover` at the left end, and `jumps` where the boundary leaves or enters the cell through the top.
A run of boundary above the cell counts only by where it begins and ends, so that its own pieces
are not needed. Cells between two that are passed lie wholly inside or outside.

All coordinates are metres from the grid's corner, which is a multiple of the cell's size; the
size is a power of two, so that grid lines are exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled
from ikap.measure.flat import Flat, flat, ring_area
from ikap.measure.order import stable_order
from ikap.measure.rings import Rings, starts_of
from ikap.measure.threads import in_threads

__all__ = ["Cut", "Grid", "cut_rings", "piece_at", "pieces_needed", "span"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ends = tuple[float, float, float, float]

DOWN_IN, UP_OUT, LEFT_IN, LEFT_OUT = 1, 2, 4, 8
"""How a run begins and ends: through the cell's top or through its left side."""


class Grid(NamedTuple):
    """Corner and cell size in m; the size is a power of two and the corner a multiple of it."""

    x: float
    y: float
    size: float


class Cut(NamedTuple):
    """Features cut to a grid. Cells are sorted by feature, column and row (upwards)."""

    first_column: Ints  # (f,) of each feature
    column_start: Ints  # (f + 1,) into column_cell; each feature has one entry more than columns
    column_cell: Ints  # first cell of each column
    row: Ints  # (cells,)
    under: Floats  # (cells,) signed area in m² under the cell's pieces, from the cell's bottom
    cover: Ints  # (cells,) boundary above the cell, at the left end of its top
    piece_start: Ints  # (cells + 1,)
    piece: Floats  # (pieces, 4): x, y of its beginning and of its end
    jump_start: Ints  # (cells + 1,)
    jump_x: Floats
    jump: Floats  # +1 or -1


class _Cells(NamedTuple):
    """Cells whose pieces are wanted one by one; of others the area under them is enough."""

    size: float
    column: int  # of the first cell
    row: int
    wanted: NDArray[np.bool_]  # (columns, rows); none outside; all if it is empty


class _Loose(NamedTuple):
    """Pieces in the order of the rings, and runs of them that stay in one cell.

    Feature n of those cut has room from start[n] on, in both.
    """

    start: Ints
    piece: Floats
    run: Ints  # (runs, 5): first piece, the one after the last, column, row, link
    path: Floats  # (runs, 3): x where the run begins, where it ends, signed area under it
    used: Ints  # (features, 2): pieces and runs put down so far


@compiled
def piece_at(cut: Cut, p: int) -> Ends:
    """Beginning and end of a piece; number by number, for a view of the row would be counted."""
    return cut.piece[p, 0], cut.piece[p, 1], cut.piece[p, 2], cut.piece[p, 3]


@compiled
def span(a: float, b: float, size: float) -> tuple[int, int]:
    """First and last cell along one axis that a line from a to b passes."""
    scale = 1.0 / size  # exact, for the size is a power of two
    if b > a:
        return int(np.floor(a * scale)), int(np.ceil(b * scale)) - 1
    if b < a:
        return int(np.ceil(a * scale)) - 1, int(np.floor(b * scale))
    return int(np.floor(a * scale)), int(np.floor(a * scale))


@compiled
def _bound(rings: Flat, grid: Grid, features: Ints, bound: Ints, start: int, stop: int) -> None:
    """Count the pieces of each feature; never too few."""
    for n in range(start, stop):
        f, total = features[n], 0
        for p in range(rings.feature_start[f], rings.feature_start[f + 1]):
            for r in range(rings.polygon_start[p], rings.polygon_start[p + 1]):
                for k in range(rings.ring_start[r], rings.ring_start[r + 1] - 1):
                    x0, x1 = rings.xy[k, 0] - grid.x, rings.xy[k + 1, 0] - grid.x
                    c, d = span(x0, x1, grid.size)
                    total += 1 + abs(d - c)
                    y0, y1 = rings.xy[k, 1] - grid.y, rings.xy[k + 1, 1] - grid.y
                    c, d = span(y0, y1, grid.size)
                    total += abs(d - c)
        bound[n] = total


@compiled
def _is_wanted(cells: _Cells, column: int, row: int) -> bool:
    """Whether the pieces of the cell are wanted one by one."""
    c, r = column - cells.column, row - cells.row
    columns, rows = cells.wanted.shape
    if columns == 0:
        return True
    return bool(0 <= c < columns and 0 <= r < rows and cells.wanted[c, r])


@compiled
def _emit(loose: _Loose, n: int, first: int, column: int, row: int, to: _Cells, ends: Ends) -> None:
    """Put down a piece; the cells of ring pieces from run `first` on are linked one by one."""
    at, run = loose.start[n] + loose.used[n, 0], loose.start[n] + loose.used[n, 1]
    if run == first or loose.run[run - 1, 2] != column or loose.run[run - 1, 3] != row:
        loose.run[run, 0], loose.run[run, 1] = at, at
        loose.run[run, 2], loose.run[run, 3], loose.run[run, 4] = column, row, 0
        loose.path[run, 0], loose.path[run, 2] = ends[0], 0.0
        loose.used[n, 1] += 1
        if run > first:
            _link(loose.run, run - 1, run)
    if _is_wanted(to, column, row):
        loose.piece[at, 0], loose.piece[at, 1] = ends[0], ends[1]
        loose.piece[at, 2], loose.piece[at, 3] = ends[2], ends[3]
        at += 1
    _stay(loose, n, at, ends[2], _under(ends, row * to.size))


@compiled
def _stay(loose: _Loose, n: int, at: int, x: float, under: float) -> None:
    """Let the last run reach to piece `at` and to x, with so much more area under it."""
    run = loose.start[n] + loose.used[n, 1] - 1
    loose.used[n, 0] = at - loose.start[n]
    loose.run[run, 1] = at
    loose.path[run, 1] = x
    loose.path[run, 2] += under


@compiled
def _under(ends: Ends, bottom: float) -> float:
    """Signed area under a piece, from the bottom of its cell."""
    return (ends[2] - ends[0]) * (((ends[1] - bottom) + (ends[3] - bottom)) * 0.5)


@compiled
def _link(run: Ints, before: int, after: int) -> None:
    """Note how the boundary goes from one run to the next one of its ring."""
    if run[after, 2] > run[before, 2]:
        run[after, 4] |= LEFT_IN
    elif run[after, 2] < run[before, 2]:
        run[before, 4] |= LEFT_OUT
    elif run[after, 3] > run[before, 3]:
        run[before, 4] |= UP_OUT
    elif run[after, 3] < run[before, 3]:
        run[after, 4] |= DOWN_IN


@compiled
def _between(a: float, b: float, value: float) -> float:
    """Value, kept between a and b against rounding."""
    return min(max(value, min(a, b)), max(a, b))


@compiled
def _cut_rows(loose: _Loose, n: int, first: int, column: int, to: _Cells, ends: Ends) -> None:
    """Cut what lies in one column at the row lines, exactly in y."""
    x0, y0, x1, y1 = ends
    row, last = span(y0, y1, to.size)
    step = 1 if last >= row else -1
    xa, ya = x0, y0
    while row != last:
        yb = (row + (1 if step > 0 else 0)) * to.size
        xb = _between(x0, x1, x0 + (x1 - x0) * ((yb - y0) / (y1 - y0)))
        _emit(loose, n, first, column, row, to, (xa, ya, xb, yb))
        xa, ya = xb, yb
        row += step
    _emit(loose, n, first, column, row, to, (xa, ya, x1, y1))


@compiled
def _cut_edge(loose: _Loose, n: int, first: int, to: _Cells, ends: Ends) -> None:
    """Cut an edge at the column lines, exactly in x, and each part at the row lines."""
    x0, y0, x1, y1 = ends
    column, last = span(x0, x1, to.size)
    step = 1 if last >= column else -1
    xa, ya = x0, y0
    while column != last:
        xb = (column + (1 if step > 0 else 0)) * to.size
        yb = _between(y0, y1, y0 + (y1 - y0) * ((xb - x0) / (x1 - x0)))
        _cut_rows(loose, n, first, column, to, (xa, ya, xb, yb))
        xa, ya = xb, yb
        column += step
    _cut_rows(loose, n, first, column, to, (xa, ya, x1, y1))


@compiled
def _cut_ring(
    loose: _Loose, n: int, rings: Flat, grid: Grid, ring: int, is_shell: bool, to: _Cells
) -> None:
    """Cut a ring, walked so that the polygon's interior lies to the right."""
    start, stop = rings.ring_start[ring], rings.ring_start[ring + 1]
    forward = (ring_area(rings.xy, start, stop) > 0) == is_shell
    begin, step = (start, 1) if forward else (stop - 1, -1)
    first, at = loose.start[n] + loose.used[n, 1], loose.start[n] + loose.used[n, 0]
    x0, y0 = rings.xy[begin, 0] - grid.x, rings.xy[begin, 1] - grid.y
    piece, size, under = loose.piece, grid.size, 0.0
    west = south = np.nan  # corner of the cell of the last run; most edges stay in it
    was_inside = wanted = False
    for k in range(1, stop - start):
        j = begin + step * k
        x1, y1 = rings.xy[j, 0] - grid.x, rings.xy[j, 1] - grid.y
        inside = west < x1 < west + size and south < y1 < south + size
        if x0 == x1 and y0 == y1:
            continue
        if was_inside and inside:
            under += _under((x0, y0, x1, y1), south)
            if wanted:
                piece[at, 0], piece[at, 1], piece[at, 2], piece[at, 3] = x0, y0, x1, y1
                at += 1
        else:
            if loose.start[n] + loose.used[n, 1] > first:
                _stay(loose, n, at, x0, under)
            _cut_edge(loose, n, first, to, (x0, y0, x1, y1))
            run = loose.start[n] + loose.used[n, 1] - 1
            column, row = loose.run[run, 2], loose.run[run, 3]
            west, south, wanted = column * size, row * size, _is_wanted(to, column, row)
            inside = west < x1 < west + size and south < y1 < south + size
            at, under = loose.start[n] + loose.used[n, 0], 0.0
        x0, y0, was_inside = x1, y1, inside
    last = loose.start[n] + loose.used[n, 1] - 1
    if last >= first:
        _stay(loose, n, at, x0, under)
    if last > first:
        _link(loose.run, last, first)


@compiled
def _cut_features(
    loose: _Loose, rings: Flat, grid: Grid, to: _Cells, features: Ints, start: int, stop: int
) -> None:
    """Cut each feature of the stretch."""
    for n in range(start, stop):
        f = features[n]
        for p in range(rings.feature_start[f], rings.feature_start[f + 1]):
            shell = rings.polygon_start[p]
            for r in range(shell, rings.polygon_start[p + 1]):
                _cut_ring(loose, n, rings, grid, r, r == shell, to)


@compiled
def _sort_runs(loose: _Loose, order: Ints, counts: Ints, start: int, stop: int) -> None:
    """Sort each feature's runs by cell, and count its pieces, cells, columns and jumps."""
    for n in range(start, stop):
        begin, pieces = loose.start[n], loose.used[n, 0]
        end = begin + loose.used[n, 1]
        counts[n, 0], counts[n, 2] = pieces, 1
        if end == begin:
            continue
        left = right = loose.run[begin, 2]
        low = high = loose.run[begin, 3]
        for k in range(begin, end):
            left, right = min(left, loose.run[k, 2]), max(right, loose.run[k, 2])
            low, high = min(low, loose.run[k, 3]), max(high, loose.run[k, 3])
        key = np.empty(end - begin)
        for k in range(end - begin):
            column, row = loose.run[begin + k, 2], loose.run[begin + k, 3]
            key[k] = (column - left) * float(high - low + 1) + (row - low)
        sort = stable_order(key)
        counts[n, 1], counts[n, 2] = 1, right - left + 2
        for k in range(end - begin):
            order[begin + k] = begin + sort[k]
            counts[n, 1] += k > 0 and key[sort[k]] != key[sort[k - 1]]
        for k in range(begin, end):
            link = loose.run[k, 4]
            counts[n, 3] += (link & DOWN_IN > 0) + (link & UP_OUT > 0)


@compiled
def _fill(cut: Cut, loose: _Loose, order: Ints, offsets: Ints, start: int, stop: int) -> None:
    """Copy the pieces of each feature, sorted by cell, and set the starts of cells and columns."""
    for n in range(start, stop):
        piece, cell, columns, jump = offsets[n, 0], offsets[n, 1], offsets[n, 2], offsets[n, 3]
        begin = loose.start[n]
        if loose.used[n, 1] == 0:
            cut.column_cell[columns] = cell
            continue
        left = loose.run[order[begin], 2]
        cut.first_column[n] = left
        column, row, cell = left - 1, 0, cell - 1
        for k in range(begin, begin + loose.used[n, 1]):
            run = order[k]
            first, end, link = loose.run[run, 0], loose.run[run, 1], loose.run[run, 4]
            new_column, new_row = loose.run[run, 2], loose.run[run, 3]
            if new_column != column or new_row != row:
                cell += 1
                row = new_row
                cut.row[cell], cut.piece_start[cell], cut.jump_start[cell] = row, piece, jump
                cut.under[cell] = 0.0
                while column < new_column:
                    column += 1
                    cut.column_cell[columns + column - left] = cell
            for old in range(first, end):
                for i in range(4):
                    cut.piece[piece, i] = loose.piece[old, i]
                piece += 1
            cut.under[cell] += loose.path[run, 2]
            jump = _add_links(cut, link, cell, jump, loose.path[run, 0], loose.path[run, 1])
        cut.column_cell[columns + column - left + 1] = cell + 1
        _add_up_cover(cut, columns, columns + column - left + 1)


@compiled
def _add_links(cut: Cut, link: int, cell: int, jump: int, begin: float, end: float) -> int:
    """Note where a run passes the cell's top, and how often it passes its left side."""
    if link & DOWN_IN:
        cut.jump_x[jump], cut.jump[jump] = begin, -1.0
        jump += 1
    if link & UP_OUT:
        cut.jump_x[jump], cut.jump[jump] = end, 1.0
        jump += 1
    cut.cover[cell] += (link & LEFT_IN > 0) - (link & LEFT_OUT > 0)
    return jump


@compiled
def _add_up_cover(cut: Cut, first: int, last: int) -> None:
    """Sum up, from above, what passes the left side of the cells of each column."""
    for c in range(first, last):
        above = 0
        for cell in range(cut.column_cell[c + 1] - 1, cut.column_cell[c] - 1, -1):
            own = cut.cover[cell]
            cut.cover[cell] = above
            above += own


def pieces_needed(rings: Rings, grid: Grid, features: Ints | None = None) -> Ints:
    """Count the pieces that each feature (all, if not given) is cut into; never too few."""
    wanted = np.arange(len(rings)) if features is None else features
    given, bound = flat(rings), np.zeros(len(wanted), dtype=np.int64)
    steps = len(rings.xy)
    in_threads(lambda a, b: _bound(given, grid, wanted, bound, a, b), len(wanted), steps=steps)
    return bound


def cut_rings(
    rings: Rings,
    grid: Grid,
    features: Ints | None = None,
    *,
    pieces: Ints | None = None,
    meeting: Cut | None = None,
) -> Cut:
    """Cut valid polygons at the lines of the grid.

    Parameters
    ----------
    rings : Rings
        Valid polygons, coordinates in m.
    grid : Grid
        Cells; features may reach beyond any of them, columns and rows may be negative.
    features : array of int, optional
        Which features; all if not given.
    pieces : array of int, optional
        What `pieces_needed` says of them, if it was asked already.
    meeting : Cut, optional
        What they are to be measured with: pieces are kept only in cells that its boundaries pass.

    Returns
    -------
    Cut
        One entry per feature, in order.
    """
    wanted = np.arange(len(rings)) if features is None else features
    given, count = flat(rings), len(wanted)
    start = starts_of(pieces_needed(rings, grid, wanted) if pieces is None else pieces)
    each: dict[str, int] = {"least": 16, "steps": 4 * int(start[-1])}
    loose = _Loose(
        start,
        np.empty((start[-1], 4)),
        np.empty((start[-1], 5), dtype=np.int64),
        np.empty((start[-1], 3)),
        np.zeros((count, 2), dtype=np.int64),
    )
    to = _cells_of(meeting, grid)
    in_threads(lambda a, b: _cut_features(loose, given, grid, to, wanted, a, b), count, **each)
    order, counts = np.empty(start[-1], dtype=np.int64), np.zeros((count, 4), dtype=np.int64)
    in_threads(lambda a, b: _sort_runs(loose, order, counts, a, b), count, **each)
    offsets = np.zeros((count + 1, 4), dtype=np.int64)
    np.cumsum(counts, axis=0, out=offsets[1:])
    cut = _empty(count, offsets)
    in_threads(lambda a, b: _fill(cut, loose, order, offsets, a, b), count, **each)
    return cut


def _cells_of(meeting: Cut | None, grid: Grid) -> _Cells:
    """Cells that a cut's boundaries pass; all, if there is none."""
    if meeting is None or len(meeting.row) == 0:
        return _Cells(grid.size, 0, 0, np.zeros((0, 0), dtype=np.bool_))
    columns = np.diff(meeting.column_start) - 1
    left, low = int(meeting.first_column.min()), int(meeting.row.min())
    right, high = int((meeting.first_column + columns).max()), int(meeting.row.max())
    passed = np.zeros((right - left, high - low + 1), dtype=np.bool_)
    _mark(meeting, left, low, passed)
    return _Cells(grid.size, left, low, passed)


@compiled
def _mark(cut: Cut, left: int, low: int, passed: NDArray[np.bool_]) -> None:
    for f in range(len(cut.first_column)):
        for at in range(cut.column_start[f], cut.column_start[f + 1] - 1):
            column = cut.first_column[f] + at - cut.column_start[f]
            for cell in range(cut.column_cell[at], cut.column_cell[at + 1]):
                passed[column - left, cut.row[cell] - low] = True


def _empty(count: int, offsets: Ints) -> Cut:
    pieces, cells, columns, jumps = offsets[-1].tolist()
    return Cut(
        first_column=np.zeros(count, dtype=np.int64),
        column_start=np.ascontiguousarray(offsets[:, 2]),
        column_cell=np.zeros(columns, dtype=np.int64),
        row=np.zeros(cells, dtype=np.int64),
        under=np.zeros(cells),
        cover=np.zeros(cells, dtype=np.int64),
        piece_start=np.full(cells + 1, pieces, dtype=np.int64),
        piece=np.empty((pieces, 4)),
        jump_start=np.full(cells + 1, jumps, dtype=np.int64),
        jump_x=np.empty(jumps),
        jump=np.empty(jumps),
    )
