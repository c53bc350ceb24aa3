# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Areas of all pairs by the edge sum: exact, without intersection geometry.

The area that two polygons share is a sum over pairs of their directed edges (see `integrals`).
Zones are cut to a grid; a land polygon that no zone boundary crosses is inside or outside as a
whole, and its coordinates are never looked at. Each pair is measured by one thread from beginning
to end, so that the figures are the same bits for any number of threads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ikap.measure.candidates import find_pairs
from ikap.measure.cellwise import common_area
from ikap.measure.compiled import compiled
from ikap.measure.cut import Cut, Grid, cut_rings, pieces_needed
from ikap.measure.flat import Flat, flat
from ikap.measure.polygons import Polygons
from ikap.measure.rings import Rings
from ikap.measure.threads import in_threads
from ikap.measure.window import room_for, shared_area

__all__ = ["edge_sum"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MANY_VERTICES = 512
"""A polygon with more vertices is cut to the grid too."""
PIECES_PER_EDGE = 8
"""The grid is made coarser until edges are cut into fewer pieces than this, on average."""
PIECES_AT_ONCE = 1_000_000
"""Land polygons are cut in batches of so many pieces, to bound memory."""


def edge_sum(zones: Polygons, land: Polygons) -> tuple[Ints, Ints, Floats, NDArray[np.bool_]]:
    """Area in m² of each pair whose boxes overlap, unless one is seen to lie outside the other.

    Parameters
    ----------
    zones, land : Polygons
        Valid polygons with finite coordinates in m.

    Returns
    -------
    tuple
        Zone, land polygon, area, and whether the area was summed up (else the land polygon lies
        inside the zone and the area is its own). Sorted by land; an area may be 0, or rounding.
    """
    zone_at = np.flatnonzero(zones.areas > 0)
    land_at = _near(land, zones.boxes[zone_at])
    if len(zone_at) == 0 or len(land_at) == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0), np.zeros(0, dtype=bool)
    areas = zones.take(zone_at)
    boxes, others = areas.boxes, land.boxes
    others = others if len(land_at) == len(land) else others[land_at]
    grid, pieces = _grid(areas, others)
    cut = cut_rings(areas.rings, grid, pieces=pieces)
    pairs = find_pairs(cut, grid, np.ascontiguousarray(boxes), others)
    area = land.areas[land_at[pairs.other]]
    crossed = np.flatnonzero(pairs.mixed)
    wanted, which = _distinct(pairs.other[crossed])
    rings, feature = land.rings_of(land_at[wanted])
    area[crossed] = _measure(
        cut, grid, rings, pairs.zone[crossed], feature[which], others[pairs.other[crossed]]
    )
    return zone_at[pairs.zone], land_at[pairs.other], area, pairs.mixed


def _distinct(ordered: Ints) -> tuple[Ints, Ints]:
    """Each number once, and where among them each one is; as `np.unique` of what is in order."""
    new = np.diff(ordered, prepend=-1) > 0
    return ordered[new], np.cumsum(new) - 1


def _near(land: Polygons, boxes: Floats) -> Ints:
    """Land polygons with ground whose box reaches into the extent of the zones."""
    if len(boxes) == 0:
        return np.zeros(0, dtype=np.int64)
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    b = land.boxes
    inside = (b[:, 0] < east) & (b[:, 2] > west) & (b[:, 1] < north) & (b[:, 3] > south)
    return np.flatnonzero(inside & (land.areas > 0))


def _grid(zones: Polygons, others: Floats) -> tuple[Grid, Ints]:
    """Grid with about as many cells as there are polygons, coarser where edges are long.

    And how many pieces each zone needs in it, at most.
    """
    both = zones.boxes, others
    corner = np.array([min(boxes[:, side].min() for boxes in both) for side in (0, 1)])
    top = np.array([max(boxes[:, side].max() for boxes in both) for side in (2, 3)])
    width, height = top - corner
    size = 2.0 ** np.round(np.log2(np.sqrt(width * height / (len(zones) + len(others)))))
    most = PIECES_PER_EDGE * len(zones.rings.xy) + PIECES_AT_ONCE
    while True:
        x, y = np.floor(corner / size) * size
        grid = Grid(float(x), float(y), float(size))
        pieces = pieces_needed(zones.rings, grid)
        if pieces.sum() <= most:
            return grid, pieces
        size *= 2


def _measure(
    cut: Cut, grid: Grid, rings: Rings, zone: Ints, feature: Ints, boxes: Floats
) -> Floats:
    """Areas of pairs: by the land polygon's window, or by cell where it has many vertices."""
    area = np.zeros(len(zone))
    used = np.unique(feature)
    vertices = _vertices(rings)[used]
    large = vertices > MANY_VERTICES
    pieces = np.zeros(len(used), dtype=np.int64)
    pieces[large] = pieces_needed(rings, grid, used[large])
    large &= pieces <= PIECES_PER_EDGE * vertices  # else long edges, better not cut
    by_window = np.flatnonzero(~np.isin(feature, used[large]))
    given = flat(rings)
    in_threads(
        lambda a, b: _windows(cut, grid, given, zone, feature, boxes, by_window[a:b], area),
        len(by_window),
        steps=4 * int(vertices.sum()),
    )
    batch = np.cumsum(pieces[large]) // PIECES_AT_ONCE
    for number in np.unique(batch):
        features = used[large][batch == number]
        pairs = np.flatnonzero(np.isin(feature, features))
        needed = pieces[large][batch == number]
        other = cut_rings(rings, grid, features, pieces=needed, meeting=cut)
        which = np.searchsorted(features, feature[pairs])
        area[pairs] = _by_cell(cut, other, zone[pairs], which, grid.size)
    return area


def _vertices(rings: Rings) -> Ints:
    """Count the vertices of each feature."""
    return np.diff(rings.ring_start[rings.polygon_start[rings.feature_start]])


@compiled
def _windows(
    cut: Cut,
    grid: Grid,
    rings: Flat,
    zone: Ints,
    feature: Ints,
    boxes: Floats,
    chosen: Ints,
    area: Floats,
) -> None:
    """Measure the chosen pairs, each in the window of its land polygon."""
    edges, jumps = np.empty((64, 5)), np.empty((64, 2))
    for k in chosen:
        b = boxes[k]
        box = (b[0] - grid.x, b[1] - grid.y, b[2] - grid.x, b[3] - grid.y)
        room = room_for(cut, zone[k], grid.size, box)
        if room > len(edges):
            edges, jumps = np.empty((2 * room, 5)), np.empty((2 * room, 2))
        area[k] = shared_area(
            cut, zone[k], grid.size, box, rings, feature[k], (b[0], b[1]), edges, jumps
        )


@compiled
def _cells(
    cut: Cut,
    other: Cut,
    zone: Ints,
    feature: Ints,
    size: float,
    area: Floats,
    start: int,
    stop: int,
) -> None:
    for k in range(start, stop):
        area[k] = common_area(cut, zone[k], other, feature[k], size)


def _by_cell(cut: Cut, other: Cut, zone: Ints, feature: Ints, size: float) -> Floats:
    area = np.zeros(len(zone))
    in_threads(
        lambda a, b: _cells(cut, other, zone, feature, size, area, a, b),
        len(zone),
        least=8,
        steps=4 * len(other.row),
    )
    return area
