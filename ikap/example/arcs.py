"""Borders between the classes of a grid as smooth lines, each drawn once.

A border runs from one corner where it meets others to the next such corner, or is a ring.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ikap.example.grid import Grid

__all__ = ["borders", "smooth_lines"]

Lines = NDArray[np.object_]
Floats = NDArray[np.float64]
Ids = NDArray[np.int32]


def borders(code: NDArray[np.int32], grid: Grid, *, rounds: int, simplify: float) -> Lines:
    """Lines between cells of different codes, smoothed `rounds` times (EPSG:25832).

    Lines meet where three or more codes meet; `simplify` is a tolerance in metres.
    """
    corners = np.concatenate([_edges(code, upright=True), _edges(code, upright=False)])
    node, line = _traced(corners[:, 0], corners[:, 1])
    across = grid.nx + 1
    xy = np.column_stack([node % across, node // across]) * grid.cell + (grid.x0, grid.y0)
    lines = smooth_lines(xy.astype(np.float64), line, rounds)
    return np.asarray(shapely.simplify(lines, simplify) if simplify > 0 else lines)


def _edges(code: NDArray[np.int32], *, upright: bool) -> Ids:
    """Ends of the cell edges between different codes, as numbers of cell corners."""
    across = code.shape[1] + 1
    if upright:
        row, column = np.nonzero(code[:, 1:] != code[:, :-1])
        first = row * across + column + 1
        return np.column_stack([first, first + across]).astype(np.int32)
    row, column = np.nonzero(code[1:] != code[:-1])
    first = (row + 1) * across + column
    return np.column_stack([first, first + 1]).astype(np.int32)


def _traced(a: Ids, b: Ids) -> tuple[Ids, Ids]:
    """Corners along each border in order, and the number of the border that each belongs to."""
    count = len(a)
    origin, goal = np.concatenate([a, b]), np.concatenate([b, a])
    before = _before(origin, count)
    follows = np.nonzero(before >= 0)[0]
    links = coo_array(
        (np.ones(len(follows), dtype=np.int8), (follows, before[follows])),
        shape=(2 * count, 2 * count),
    )
    border = connected_components(links, directed=False)[1].astype(np.int32)
    first = np.unique(border, return_index=True)[1]
    open_ = np.zeros(len(first), dtype=bool)
    open_[border[before < 0]] = True
    before[first[~open_]] = -1  # a ring is opened at its first edge
    place = _place(before)
    one_way = border < np.concatenate([border[count:], border[:count]])
    kept = np.nonzero(one_way)[0]
    kept = kept[np.lexsort((place[kept], border[kept]))]
    last = np.nonzero(np.concatenate([border[kept][1:] != border[kept][:-1], [True]]))[0]
    node = np.insert(origin[kept], last + 1, goal[kept[last]])
    line = np.insert(border[kept], last + 1, border[kept[last]])
    return node, np.unique(line, return_inverse=True)[1].astype(np.int32)


def _before(origin: Ids, count: int) -> Ids:
    """Edge that comes before each directed edge, -1 where it starts at a meeting of borders."""
    order = np.argsort(origin, kind="stable").astype(np.int32)
    sorted_ = origin[order]
    start = np.nonzero(np.concatenate([[True], sorted_[1:] != sorted_[:-1]]))[0]
    two = start[np.diff(np.append(start, len(order))) == 2]
    one, other = order[two], order[two + 1]
    before = np.full(len(origin), -1, dtype=np.int32)
    before[one] = np.where(other < count, other + count, other - count)
    before[other] = np.where(one < count, one + count, one - count)
    return before


def _place(before: Ids) -> Ids:
    """How many edges come before each edge of its border (by doubling the step)."""
    step = np.where(before >= 0, before, np.arange(len(before), dtype=np.int32))
    place = (before >= 0).astype(np.int32)
    while True:
        further = place[step]
        if not further.any():
            return place
        place = place + further
        step = step[step]


def smooth_lines(coords: Floats, line: Ids, rounds: int) -> Lines:
    """Lines of the points with every point moved towards its neighbours.

    Ends are kept, rings are closed; `line` is the ascending number of each point's line.
    """
    change = line[1:] != line[:-1]
    start = np.nonzero(np.concatenate([[True], change]))[0]
    end = np.nonzero(np.concatenate([change, [True]]))[0]
    before, after = np.arange(len(coords)) - 1, np.arange(len(coords)) + 1
    ring = (coords[start] == coords[end]).all(axis=1) & (end - start > 3)
    before[start] = np.where(ring, end - 1, start)
    after[start] = np.where(ring, start + 1, start)
    before[end] = np.where(ring, end - 1, end)
    after[end] = np.where(ring, start + 1, end)
    for _ in range(rounds):
        coords = 0.25 * coords[before] + 0.5 * coords + 0.25 * coords[after]
    return np.asarray(shapely.linestrings(coords, indices=line))
