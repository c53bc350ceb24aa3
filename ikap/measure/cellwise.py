# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Area that two polygons share when both are cut to the same grid: cell by cell.

For polygons with many vertices, so that the work grows with their edges and not with the product.
"""

from __future__ import annotations

from ikap.measure.compiled import compiled
from ikap.measure.cut import Cut, piece_at
from ikap.measure.integrals import lower_of, tail
from ikap.measure.window import columns_between

__all__ = ["common_area"]


@compiled
def _edge(cut: Cut, p: int, bottom: float) -> tuple[float, float, float, float, float]:
    """Left and right end, height at the left, slope, and sign (0 for a vertical piece)."""
    x0, y0, x1, y1 = piece_at(cut, p)
    if x0 == x1:
        return x0, x1, 0.0, 0.0, 0.0
    slope = (y1 - y0) / (x1 - x0)
    if x0 < x1:
        return x0, x1, y0 - bottom, slope, 1.0
    return x1, x0, y1 - bottom, slope, -1.0


@compiled
def _pieces_under_top(a: Cut, i: int, b: Cut, j: int, bottom: float, left: float) -> float:
    """Pieces of cell i with what covers the top of cell j: the pieces are the lower ones."""
    total = 0.0
    for p in range(a.piece_start[i], a.piece_start[i + 1]):
        a0, a1, ya, ka, way = _edge(a, p, bottom)
        part = b.cover[j] * tail(a0, a1, ya, ka, left)
        for k in range(b.jump_start[j], b.jump_start[j + 1]):
            part += b.jump[k] * tail(a0, a1, ya, ka, b.jump_x[k])
        total += way * part
    return total


@compiled
def _top_with_top(a: Cut, i: int, b: Cut, j: int, left: float, right: float) -> float:
    """Length of the cell's top under which both lie, signed."""
    total = float(a.cover[i] * b.cover[j]) * (right - left)
    for k in range(a.jump_start[i], a.jump_start[i + 1]):
        total += a.jump[k] * b.cover[j] * (right - a.jump_x[k])
        for n in range(b.jump_start[j], b.jump_start[j + 1]):
            total += a.jump[k] * b.jump[n] * (right - max(a.jump_x[k], b.jump_x[n]))
    for n in range(b.jump_start[j], b.jump_start[j + 1]):
        total += a.cover[i] * b.jump[n] * (right - b.jump_x[n])
    return total


@compiled
def _cell_with_cell(a: Cut, i: int, b: Cut, j: int, column: int, size: float) -> float:
    """Area that both have in one cell that both boundaries pass."""
    left, right, bottom = column * size, (column + 1) * size, a.row[i] * size
    total = size * _top_with_top(a, i, b, j, left, right)
    total += _pieces_under_top(a, i, b, j, bottom, left)
    total += _pieces_under_top(b, j, a, i, bottom, left)
    for p in range(a.piece_start[i], a.piece_start[i + 1]):
        a0, a1, ya, ka, way = _edge(a, p, bottom)
        if way == 0.0:
            continue
        for q in range(b.piece_start[j], b.piece_start[j + 1]):
            b0, b1, yb, kb, sign = _edge(b, q, bottom)
            total += way * sign * lower_of(a0, a1, ya, ka, b0, b1, yb, kb)
    return total


@compiled
def _cell_area(a: Cut, i: int, column: int, size: float) -> float:
    """Area of a feature in one cell that its boundary passes."""
    right = (column + 1) * size
    total: float = a.cover[i] * size * size
    for k in range(a.jump_start[i], a.jump_start[i + 1]):
        total += a.jump[k] * (right - a.jump_x[k]) * size
    total += a.under[i]
    return total


@compiled
def _column_area(a: Cut, f: int, b: Cut, g: int, column: int, size: float) -> float:
    """Area that both have in one column, from the lowest cell up."""
    at = a.column_start[f] + column - a.first_column[f]
    i, last = a.column_cell[at], a.column_cell[at + 1]
    at = b.column_start[g] + column - b.first_column[g]
    j, end = b.column_cell[at], b.column_cell[at + 1]
    total, inside_a, inside_b, row = 0.0, 0, 0, 0
    while i < last and j < end:
        low = min(a.row[i], b.row[j])
        if inside_a and inside_b:
            total += (low - row) * size * size
        here_a, here_b = a.row[i] == low, b.row[j] == low
        if here_a and here_b:
            total += _cell_with_cell(a, i, b, j, column, size)
        elif here_a and inside_b:
            total += _cell_area(a, i, column, size)
        elif here_b and inside_a:
            total += _cell_area(b, j, column, size)
        if here_a:
            inside_a = a.cover[i]
            i += 1
        if here_b:
            inside_b = b.cover[j]
            j += 1
        row = low + 1
    return total


@compiled
def common_area(a: Cut, f: int, b: Cut, g: int, size: float) -> float:
    """Area in m² that feature f of one cut and feature g of another one share."""
    left = b.first_column[g]
    left, right = columns_between(a, f, left, left + b.column_start[g + 1] - b.column_start[g] - 2)
    total = 0.0
    for column in range(left, right + 1):
        total += _column_area(a, f, b, g, column, size)
    return total
