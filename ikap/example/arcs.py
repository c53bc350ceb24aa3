"""Borders between the classes of a grid as smooth lines, each drawn once."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.grid import Grid

__all__ = ["borders", "smooth_lines"]

Lines = NDArray[np.object_]


def borders(code: NDArray[np.int32], grid: Grid, *, rounds: int, simplify: float) -> Lines:
    """Lines between cells of different codes, smoothed `rounds` times (EPSG:25832).

    Lines meet where three or more codes meet; `simplify` is a tolerance in metres.
    """
    edges = np.concatenate([_edges(code, upright=True), _edges(code, upright=False)])
    steps = shapely.linestrings(edges.reshape(-1, 2, 2).astype(np.float64))
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(steps)))
    coords, index = shapely.get_coordinates(merged, return_index=True)
    coords = coords * grid.cell + (grid.x0, grid.y0)
    lines = shapely.linestrings(coords, indices=index)
    lines = smooth_lines(lines, rounds)
    return np.asarray(shapely.simplify(lines, simplify) if simplify > 0 else lines)


def _edges(code: NDArray[np.int32], *, upright: bool) -> NDArray[np.int64]:
    """Ends of the cell edges between different codes, as column and row of cell corners."""
    if upright:
        row, column = np.nonzero(code[:, 1:] != code[:, :-1])
        return np.column_stack([column + 1, row, column + 1, row + 1])
    row, column = np.nonzero(code[1:] != code[:-1])
    return np.column_stack([column, row + 1, column + 1, row + 1])


def smooth_lines(lines: Lines, rounds: int) -> Lines:
    """Lines with every point moved towards its neighbours, ends kept, rings closed."""
    coords, index = shapely.get_coordinates(lines, return_index=True)
    count = len(coords)
    before, after = np.arange(count) - 1, np.arange(count) + 1
    first = np.concatenate([[True], index[1:] != index[:-1]])
    last = np.concatenate([index[1:] != index[:-1], [True]])
    start, end = np.nonzero(first)[0], np.nonzero(last)[0]
    ring = (coords[start] == coords[end]).all(axis=1) & (end - start > 4)
    before[start] = np.where(ring, end - 1, start)
    after[start] = np.where(ring, start + 1, start)
    before[end] = np.where(ring, end - 1, end)
    after[end] = np.where(ring, start + 1, end)
    for _ in range(rounds):
        coords = 0.25 * coords[before] + 0.5 * coords + 0.25 * coords[after]
    return np.asarray(shapely.linestrings(coords, indices=index))
