# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Compiled measures of flat rings: box and area of each feature."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled, read_only
from ikap.measure.rings import Rings
from ikap.measure.threads import in_threads

__all__ = ["Flat", "add_ring", "boxes_and_areas", "flat", "ring_area"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Flat(NamedTuple):
    """`Rings` as compiled functions take them."""

    xy: Floats
    ring_start: Ints
    polygon_start: Ints
    feature_start: Ints


def flat(rings: Rings) -> Flat:
    """Rings for compiled functions; nothing is copied that has the right form already."""
    return Flat(
        read_only(np.ascontiguousarray(rings.xy, dtype=np.float64)),
        read_only(np.ascontiguousarray(rings.ring_start, dtype=np.int64)),
        read_only(np.ascontiguousarray(rings.polygon_start, dtype=np.int64)),
        read_only(np.ascontiguousarray(rings.feature_start, dtype=np.int64)),
    )


@compiled
def ring_area(xy: Floats, start: int, stop: int) -> float:
    """Signed area of the ring, positive if it runs clockwise."""
    total = 0.0
    if stop - start < 4:  # noqa: PLR2004 (a triangle and its first vertex again)
        return total
    x, y = xy[start, 0], xy[start, 1]
    px = py = 0.0
    for k in range(start + 1, stop):
        qx, qy = xy[k, 0] - x, xy[k, 1] - y
        total += py * qx - px * qy
        px, py = qx, qy
    return total / 2


@compiled
def add_ring(xy: Floats, start: int, stop: int, is_shell: bool, box: Floats, area: Floats) -> None:
    """Add a ring to its feature's area, and its extent to the feature's box if it is a shell."""
    if not is_shell:
        area[0] -= abs(ring_area(xy, start, stop))
        return
    if start == stop:
        return
    x, y = xy[start, 0], xy[start, 1]
    x0, x1, y0, y1 = x, x, y, y
    px = py = total = 0.0  # as seen from the first vertex
    for k in range(start + 1, stop):
        qx, qy = xy[k, 0], xy[k, 1]
        x0, x1, y0, y1 = min(x0, qx), max(x1, qx), min(y0, qy), max(y1, qy)
        qx, qy = qx - x, qy - y
        total += py * qx - px * qy
        px, py = qx, qy
    area[0] += abs(total) / 2
    _stretch(box, x0, y0, x1, y1)


@compiled
def _stretch(box: Floats, x0: float, y0: float, x1: float, y1: float) -> None:
    """Stretch a box, NaN so far or not, to hold another one."""
    if not box[0] <= x0:
        box[0] = x0
    if not box[1] <= y0:
        box[1] = y0
    if not box[2] >= x1:
        box[2] = x1
    if not box[3] >= y1:
        box[3] = y1


@compiled
def _measure(rings: Flat, boxes: Floats, areas: Floats, start: int, stop: int) -> None:
    for f in range(start, stop):
        for p in range(rings.feature_start[f], rings.feature_start[f + 1]):
            shell = rings.polygon_start[p]
            for r in range(shell, rings.polygon_start[p + 1]):
                a, b = rings.ring_start[r], rings.ring_start[r + 1]
                add_ring(rings.xy, a, b, r == shell, boxes[f], areas[f : f + 1])


def boxes_and_areas(rings: Rings) -> tuple[Floats, Floats]:
    """Box (n, 4) in m, NaN for an empty feature, and planar area (n,) in m² of each feature."""
    given = flat(rings)
    boxes, areas = np.full((len(rings), 4), np.nan), np.zeros(len(rings))
    steps = len(rings.xy)
    in_threads(lambda a, b: _measure(given, boxes, areas, a, b), len(rings), steps=steps)
    return boxes, areas
