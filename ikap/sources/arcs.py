"""Circular arcs as lines, no farther from the arc than a stated distance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAGITTA_M", "arc_line", "circle_line"]

SAGITTA_M = 0.01
"""Metres; the largest distance between an arc and the line that stands for it."""

STRAIGHT = 1e-12
FULL = 2 * math.pi
HALF = math.sqrt(0.5)

Coordinates = NDArray[np.float64]
Point = tuple[float, float]


def arc_line(start: Point, through: Point, end: Point, sagitta: float = SAGITTA_M) -> Coordinates:
    """Vertices of the line that stands for an arc by three points.

    The same arc told from its other end gives the same vertices, so that areas on both sides of
    a shared border still share it.

    Parameters
    ----------
    start, through, end : tuple of float
        East and north. Equal ends mean a whole circle, with `through` on the opposite side.
    sagitta : float
        Largest distance between arc and line, in the unit of the coordinates.

    Returns
    -------
    array of float64, shape (n, 2)
        From `start` to `end`, both as given. Three points on a line give those three.

    Examples
    --------
    >>> arc_line((0, 0), (1, 1), (2, 2)).tolist()
    [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    >>> len(arc_line((0, 0), (1, 1), (2, 0), sagitta=0.1))
    5
    """
    if start == end:
        centre = ((start[0] + through[0]) / 2, (start[1] + through[1]) / 2)
        return circle_line(centre, start, sagitta)
    if end < start:
        return arc_line(end, through, start, sagitta)[::-1]
    centre_or_none = _centre(start, through, end)
    if centre_or_none is None:
        return np.array([start, through, end], dtype=float)
    centre = centre_or_none
    angles = [math.atan2(p[1] - centre[1], p[0] - centre[0]) for p in (start, through, end)]
    to_through, to_end = ((a - angles[0]) % FULL for a in angles[1:])
    sweep = to_end if to_through < to_end else to_end - FULL
    radius = math.dist(centre, start)
    line = _around(centre, radius, angles[0], sweep, sagitta)
    line[0], line[-1] = start, end
    return line


def circle_line(centre: Point, start: Point, sagitta: float = SAGITTA_M) -> Coordinates:
    """Vertices of the closed line that stands for a circle, against the clock.

    Parameters
    ----------
    centre : tuple of float
        East and north.
    start : tuple of float
        A point on the circle, the line's first and last vertex.
    sagitta : float
        Largest distance between circle and line, in the unit of the coordinates.

    Returns
    -------
    array of float64, shape (n, 2)
        First and last the same.
    """
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    line = _around(centre, math.dist(centre, start), first, FULL, sagitta)
    line[0] = line[-1] = start
    return line


def _centre(start: Point, through: Point, end: Point) -> Point | None:
    """Centre of the circle through three points; none if they lie on a line."""
    bx, by = through[0] - start[0], through[1] - start[1]
    cx, cy = end[0] - start[0], end[1] - start[1]
    cross = 2 * (bx * cy - by * cx)
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    if abs(cross) <= STRAIGHT * max(b2, c2):
        return None
    ux, uy = (cy * b2 - by * c2) / cross, (bx * c2 - cx * b2) / cross
    return start[0] + ux, start[1] + uy


def _around(
    centre: Point, radius: float, first: float, sweep: float, sagitta: float
) -> Coordinates:
    """Points on a circle, so close that no chord is farther from it than `sagitta`."""
    # 2 acos(1 - sagitta / radius), in a form that does not vanish for large radii
    step = 4 * math.asin(min(math.sqrt(sagitta / (2 * radius)), HALF)) if radius > 0 else FULL
    pieces = max(math.ceil(abs(sweep) / step), 4 if abs(sweep) == FULL else 2)
    angles = first + sweep * np.arange(pieces + 1) / pieces
    x, y = centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles)
    return np.column_stack([x, y])
