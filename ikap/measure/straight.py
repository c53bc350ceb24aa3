"""Straight edges on their way to another coordinate system: cut so that they stay where they were.

A straight edge is a curve in another projection. Its vertices alone would leave the ground between
edge and curve to nobody, or to two, wherever the neighbour has a vertex more on the same line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Move", "cut_up", "deviation"]

Geometries = NDArray[np.object_]
Points = NDArray[np.float64]
Move = Callable[[Points], Points]
"""Coordinates of shape (n, 2) in the one system, given in the other."""

SMALLEST_RADIUS = 5e5
"""Metres. What is straight in one system that maps of Norway are drawn in, degrees too, bends in
another with a radius no smaller than this (a line in degrees at 81° north, seen in UTM)."""

AT = np.array([0.25, 0.5, 0.75])
"""Where on an edge its deviation is looked at: in the middle alone an S would pass as straight."""

SLACK = 1e-3
"""Metres; a cut this near an end of the edge is the end."""

WIDTHS = 4
"""The halving begins with cells at least so many times as wide as the edge."""

WIDEST_CELL, SHORT = 1000.0, 250.0
"""Metres. Every edge that is not short is cut at least so often, whether it bends or not: what is
left between it and a neighbour with a vertex more on it is a triangle no longer than this. A short
edge is cut only where it bends."""

LINE, RING, POLYGON, MULTILINE, MULTIPOLYGON, COLLECTION = 1, 2, 3, 5, 6, 7


@dataclass(frozen=True)
class _Bend:
    """How far straight edges may end up from the curve that they are in the other system."""

    move: Move
    tolerance: float
    unit: float

    @property
    def harmless(self) -> float:
        """Length of edge that cannot bend too much, in the unit of the coordinates."""
        return float(np.sqrt(8 * SMALLEST_RADIUS * self.tolerance)) / self.unit


def cut_up(
    geometries: Geometries, move: Move, tolerance: float, *, unit: float = 1.0
) -> Geometries:
    """Geometries with vertices put in where `move` would take an edge off its straight line.

    Cuts lie at whole multiples of a power of two, on the axis that an edge runs along most. They
    depend on the line and not on where an edge of it begins or which way it is drawn, so that
    neighbours who share a line get the same cuts, whoever has more vertices on it.

    Parameters
    ----------
    geometries : array of Geometry
        Any types, valid or not; none missing. No vertex is moved.
    move : callable
        Change of coordinates.
    tolerance : float
        Farthest that an edge may be from its curve after `move`, in the unit of its result (m).
    unit : float
        Length in metres of one unit of the coordinates, no shorter than it is (degrees: 111 700).

    Returns
    -------
    array of Geometry
        Same types, in the same order; those that need no cut are the same objects.

    Notes
    -----
    Ring by ring, because `segmentize` on a polygon that is not valid repairs it by a zero-width
    buffer, which may lose parts without a word.
    """
    bend = _Bend(move, tolerance, unit)
    cut = np.array(geometries, dtype=object)
    suspect = _with_long_edges(cut, bend.harmless)
    types = shapely.get_type_id(cut[suspect])
    for kinds, method in (
        ((POLYGON, MULTIPOLYGON), _cut_areas),
        ((LINE, MULTILINE), _cut_lines),
        ((RING,), _cut_rings),
        ((COLLECTION,), _cut_collections),
    ):
        own = suspect[np.isin(types, kinds)]
        if len(own):
            cut[own] = method(cut[own], bend)
    return cut


def deviation(start: Points, end: Points, move: Move) -> NDArray[np.float64]:
    """Distance across from each straight edge to its curve after `move`, at three points of it.

    Parameters
    ----------
    start, end : array of float, shape (n, 2)
        Edges.
    move : callable
        Change of coordinates.

    Returns
    -------
    array of float, shape (n,)
        The largest of the three; NaN where an end has no place.
    """
    n = len(start)
    on = (start[None] + (end - start)[None] * AT[:, None, None]).reshape(-1, 2)
    moved = move(np.concatenate([start, end, on]))
    first, last, middle = moved[:n], moved[n : 2 * n], moved[2 * n :].reshape(len(AT), n, 2)
    with np.errstate(invalid="ignore"):
        chord, off = last - first, middle - first
        across = np.abs(off[..., 0] * chord[:, 1] - off[..., 1] * chord[:, 0]).max(axis=0)
        length = np.hypot(chord[:, 0], chord[:, 1])
        return np.asarray(np.divide(across, length, out=np.zeros(n), where=length != 0))


def _with_long_edges(geometries: Geometries, harmless: float) -> NDArray[np.int64]:
    """Geometries that may need a cut; the jump from ring to ring is taken for an edge here."""
    xy, owner = shapely.get_coordinates(geometries, return_index=True)
    with np.errstate(invalid="ignore"):
        length = np.hypot(*np.diff(xy, axis=0).T)
    long = (length > harmless) & (owner[1:] == owner[:-1])
    return np.unique(owner[1:][long]).astype(np.int64)


def _cut_areas(geometries: Geometries, bend: _Bend) -> Geometries:
    parts, owner = shapely.get_parts(geometries, return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = _cut_threads(rings, bend)
    cut = np.asarray(shapely.linearrings(xy, indices=ring))
    whole = np.asarray(shapely.polygons(cut, indices=part))
    first = whole[np.searchsorted(owner, np.arange(len(geometries)))]
    joined = np.asarray(shapely.multipolygons(whole, indices=owner))
    return np.where(shapely.get_type_id(geometries) == MULTIPOLYGON, joined, first)


def _cut_lines(geometries: Geometries, bend: _Bend) -> Geometries:
    parts, owner = shapely.get_parts(geometries, return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    xy, line = _cut_threads(parts, bend)
    whole = np.asarray(shapely.linestrings(xy, indices=line))
    first = whole[np.searchsorted(owner, np.arange(len(geometries)))]
    joined = np.asarray(shapely.multilinestrings(whole, indices=owner))
    return np.where(shapely.get_type_id(geometries) == MULTILINE, joined, first)


def _cut_rings(geometries: Geometries, bend: _Bend) -> Geometries:
    xy, ring = _cut_threads(geometries, bend)
    return np.asarray(shapely.linearrings(xy, indices=ring))


def _cut_collections(geometries: Geometries, bend: _Bend) -> Geometries:
    parts, owner = shapely.get_parts(geometries, return_index=True)
    cut = cut_up(parts, bend.move, bend.tolerance, unit=bend.unit)
    return np.asarray(shapely.geometrycollections(cut, indices=owner))


def _cut_threads(lines: Geometries, bend: _Bend) -> tuple[Points, NDArray[np.int64]]:
    """Coordinates of lines or rings with the cuts put in, and which one each belongs to."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    with np.errstate(invalid="ignore"):
        length = np.hypot(*np.diff(xy, axis=0).T)
    edge = np.flatnonzero((length > bend.harmless) & (line[1:] == line[:-1]))
    far = deviation(xy[edge], xy[edge + 1], bend.move)
    long = length[edge] * bend.unit > SHORT
    edge = edge[(far > bend.tolerance) | (np.isfinite(far) & long)]
    start, end = xy[edge], xy[edge + 1]
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    through = _Lines(np.where(turned[:, None], end, start), np.where(turned[:, None], start, end))
    of, at = _cuts(through, bend)
    points, share = through.points(of, at), through.share(of, at)
    order = np.lexsort((np.where(turned[of], -share, share), of))
    place = edge[of[order]] + 1
    return np.insert(xy, place, points[order], axis=0), np.insert(line, place, line[place - 1])


@dataclass(frozen=True)
class _Lines:
    """Lines through pairs of points, given by a coordinate on the axis that they run along most."""

    start: Points
    end: Points

    @property
    def axis(self) -> NDArray[np.int64]:
        return np.asarray(np.abs(self.end - self.start).argmax(axis=1), dtype=np.int64)

    @property
    def interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest coordinate between the two points."""
        rows = np.arange(len(self.start))
        ends = self.start[rows, self.axis], self.end[rows, self.axis]
        return np.minimum(*ends), np.maximum(*ends)

    def share(self, row: NDArray[np.int64], at: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far along from start (0) to end (1)."""
        axis = self.axis[row]
        return (at - self.start[row, axis]) / (self.end[row, axis] - self.start[row, axis])

    def points(self, row: NDArray[np.int64], at: NDArray[np.float64]) -> Points:
        """Points on the lines, between the two or beyond."""
        share = self.share(row, at)[:, None]
        points = self.start[row] + (self.end[row] - self.start[row]) * share
        points[np.arange(len(row)), self.axis[row]] = at
        return points


def _cuts(lines: _Lines, bend: _Bend) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Line and coordinate of each cut.

    Cells of the axis are halved until the whole line through a cell is straight enough, whatever
    part of it the edge takes up: so the cuts are those of the line, not of the edge.
    """
    low, high = lines.interval
    widest = np.floor(np.log2(WIDEST_CELL / bend.unit))
    level = np.maximum(np.ceil(np.log2(WIDTHS * (high - low))), widest)
    row, cell = np.zeros(0, dtype=np.int64), np.zeros(0)
    found: list[NDArray[np.float64]] = [np.zeros((0, 2))]
    for size in 2.0 ** np.arange(level.max(initial=0), np.log2(bend.harmless) - 2, -1):
        new = np.flatnonzero(2.0**level == size)
        row, cell = np.concatenate([row, new, new]), np.concatenate([cell, *_two(low[new], size)])
        near = (cell * size < high[row]) & ((cell + 1) * size > low[row])
        row, cell = row[near], cell[near]
        begin, end = cell * size, (cell + 1) * size
        far = deviation(lines.points(row, begin), lines.points(row, end), bend.move)
        halve = ~(far <= bend.tolerance) | (size * bend.unit > WIDEST_CELL)
        found += [np.column_stack([row, edge])[~halve] for edge in (begin, end)]
        row = np.repeat(row[halve], 2)
        cell = (2 * cell[halve][:, None] + [0, 1]).ravel()
    cuts = np.unique(np.concatenate(found), axis=0)
    of, at = cuts[:, 0].astype(np.int64), cuts[:, 1]
    slack = SLACK / bend.unit
    inside = (at > low[of] + slack) & (at < high[of] - slack)
    return of[inside], at[inside]


def _two(low: NDArray[np.float64], size: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numbers of the cell that a coordinate lies in and of the next."""
    first = np.floor(low / size)
    return first, first + 1
