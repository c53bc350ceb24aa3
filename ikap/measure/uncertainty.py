"""How much an area may be off because the lines of the map are: variances, in m⁴.

Moving a vertex of a border changes the area on its left by half the vector product with the step
between its neighbours. So the area's gradient is a sum over edges, each edge giving what of it
lies inside the zone to its two ends, and borders between polygons of one group cancel. With
standard deviation s in each coordinate of each vertex there are two cases:

- *single*: vertices err one by one. Variance = Σ s² |g|² over vertices, which for a whole polygon
  is s²/4 · Σ |p(i+1) − p(i−1)|² (Chrisman and Yandell 1988);
- *shift*: each stretch of border between two nodes errs as one, because it was drawn from one
  photo. Nodes are where three groups meet, and where the zone's edge cuts the border. A shift d
  of a stretch with chord c changes the area by the vector product of the two, so the variance is
  Σ s² |c|² over stretches; a closed stretch only moves.

Where two polygons with different s share a border, the larger counts. The larger of the two cases
is shown. Neither says anything of ground that was given the wrong class, or has changed since.

Of a part of an area whose own line is fixed but no longer known (what is left when belts round
buildings are taken out) there is a bound: what the border may do to it is never more than if all
of its lengths in the area had one direction, so lengths take the place of the vectors above.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ikap.measure.outlines import Edges, Stretches, mixed

__all__ = ["Borders", "Parts", "Spread", "parts_inside", "spread"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
LINE, COLLECTION = 1, 7  # GEOS type numbers
CHUNK = 1_000_000
"""Edges that are held against boxes at a time, so that memory stays bounded."""
SNAP = 1e-12
"""Nearer to an end of an edge than this share of it is that end."""


@dataclass(frozen=True)
class Borders:
    """Borders of groups of polygons, with how they may err."""

    edges: Edges
    stretch: Stretches  # what errs as one
    deviation: Floats  # (e,) standard deviation of each coordinate, m; NaN if not known


@dataclass(frozen=True)
class Parts:
    """Parts of edges: from share `begin` to share `end` of the edge's length."""

    edge: Ints
    begin: Floats
    end: Floats


@dataclass(frozen=True)
class Spread:
    """Variances in m⁴ of n areas; NaN where the accuracy of a border is not known.

    The `shared` ones can be added over any areas of one family: their sum is no less than the
    variance of the sum, whatever borders the areas share. So can the `part` ones, which are no
    less than that of a sum of parts, one of each area, whatever parts of them.
    """

    single: Floats
    shift: Floats
    shared_single: Floats
    shared_shift: Floats
    part_single: Floats
    part_shift: Floats


def parts_inside(
    edges: Edges, index: Ints, zones: NDArray[np.object_], zone: Ints
) -> tuple[Ints, Parts]:
    """What of each edge lies inside its zone.

    Parameters
    ----------
    edges : Edges
        In the CRS of the zones.
    index : array of int, shape (k,)
        Edges that are asked about.
    zones : array of geometry
        Valid polygons.
    zone : array of int, shape (k,)
        The zone that each edge is held against.

    Returns
    -------
    tuple
        For each part its position among the k, and the part. An edge along the zone's own border
        counts as inside: the area may become smaller by it.
    """
    near = _near(edges, index, zones, zone)
    if len(near) < len(index):
        position, parts = parts_inside(edges, index[near], zones, zone[near])
        return near[position], parts
    start = edges.start[index]
    both = np.stack([start, start + edges.step[index]], axis=1)
    lines = np.asarray(shapely.linestrings(both), dtype=object)
    shapely.prepare(zones)
    asked = zones[zone]
    whole = shapely.covers(asked, lines)
    touched = np.flatnonzero(~whole & shapely.intersects(asked, lines))
    cut, owner = shapely.get_parts(
        shapely.intersection(lines[touched], asked[touched]), return_index=True
    )
    flat = shapely.get_type_id(cut) == LINE
    cut, owner = cut[flat], touched[owner[flat]]
    ends = np.stack([_ends(cut, 0), _ends(cut, -1)], axis=1)
    step = edges.step[index[owner]]
    along = ((ends - start[owner][:, None]) * step[:, None]).sum(axis=2)
    share = np.sort(along / (step * step).sum(axis=1)[:, None], axis=1)
    share = np.where(share < SNAP, 0.0, np.where(share > 1 - SNAP, 1.0, share))
    full = np.flatnonzero(whole)
    position = np.concatenate([full, owner])
    begin = np.concatenate([np.zeros(len(full)), share[:, 0]])
    end = np.concatenate([np.ones(len(full)), share[:, 1]])
    return position, Parts(index[position], begin, end)


def _near(edges: Edges, index: Ints, zones: NDArray[np.object_], zone: Ints) -> Ints:
    """Positions of the edges whose box meets that of their zone: no others are inside."""
    bounds = shapely.bounds(zones)
    found = []
    for begin in range(0, len(index), CHUNK):
        here = slice(begin, begin + CHUNK)
        start, step, box = edges.start[index[here]], edges.step[index[here]], bounds[zone[here]]
        end = start + step
        meets = (np.minimum(start, end) <= box[:, 2:]) & (np.maximum(start, end) >= box[:, :2])
        found.append(begin + np.flatnonzero(meets.all(axis=1)))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _ends(lines: NDArray[np.object_], index: int) -> Floats:
    return np.asarray(shapely.get_coordinates(shapely.get_point(lines, index))).reshape(-1, 2)


def spread(borders: Borders, parts: Parts, row: Ints, family: Ints) -> Spread:
    """Variance of each area from the accuracy of the borders inside it.

    Parameters
    ----------
    borders : Borders
        Of groups of polygons, each edge with its group on the left.
    parts : Parts
        Parts of edges that bound the areas.
    row : array of int
        Area that each part bounds.
    family : array of int, shape (n,)
        Family of each area; areas that may be added are of one family.

    Returns
    -------
    Spread
        One value for each of the n areas; nought for an area that no border runs through.
    """
    edges = borders.edges
    step, s = edges.step[parts.edge], borders.deviation[parts.edge]
    length = parts.end - parts.begin
    far = (parts.end**2 - parts.begin**2) / 2  # ∫ t dt: what the part gives to the edge's end
    at_tail, at_head = step * (length - far)[:, None], step * far[:, None]
    vertex = np.concatenate([edges.tail[parts.edge], edges.head[parts.edge]])
    steps = np.concatenate([at_tail, at_head])
    ends = _Terms(np.concatenate([row, row]), vertex, steps, np.concatenate([s, s]), vertex)
    single = _squares(ends, family)
    chord = step * (length * s)[:, None]
    whole = borders.stretch.number[parts.edge].astype(np.uint64)
    run, sure = _runs(borders, parts, row), np.ones(len(row))
    shift = _squares(_Terms(row, run, chord, sure, whole), family)
    bare = _squares(replace(ends, vector=_lengths(steps)), family)
    along = _squares(_Terms(row, whole, _lengths(chord), sure, whole), family)
    return Spread(single[0], shift[0], single[1], shift[1], bare[1], along[1])


def _lengths(vectors: Floats) -> Floats:
    return np.asarray(np.hypot(vectors[:, 0], vectors[:, 1])[:, None])


def _runs(borders: Borders, parts: Parts, row: Ints) -> Keys:
    """Number of the unbroken run of border, within one row, that each part is in."""
    edges, edge = borders.edges, parts.edge
    at_tail = np.flatnonzero((parts.begin == 0) & ~borders.stretch.from_node[edge])
    at_head = np.flatnonzero((parts.end == 1) & ~borders.stretch.to_node[edge])
    vertex = np.concatenate([edges.tail[edge[at_tail]], edges.head[edge[at_head]]])
    which = np.concatenate([at_tail, at_head])
    key = mixed(vertex + mixed(row[which].astype(np.uint64)))
    order = np.argsort(key)
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    a, b = which[order[same]], which[order[same + 1]]
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(row), len(row)))
    _, run = connected_components(links, directed=False)
    return np.asarray(run, dtype=np.uint64)


@dataclass(frozen=True)
class _Terms:
    """Vectors that are summed within each key of each row; equal `together` errs as one."""

    row: Ints
    key: Keys
    vector: Floats
    scale: Floats
    together: Keys


def _squares(terms: _Terms, family: Ints) -> tuple[Floats, Floats]:
    """Σ scale² |Σ vector|² over the keys of each row; then weighted by how many err as one.

    For vectors g of k keys, |Σ g|² ≤ k Σ |g|²: so the weighted sums can be added.
    """
    count = len(family)
    if len(terms.row) == 0:
        return np.zeros(count), np.zeros(count)
    order = np.lexsort((terms.key, terms.row))
    first = _firsts(terms.row[order], terms.key[order])
    total = np.add.reduceat(terms.vector[order], first, axis=0)
    largest = np.maximum.reduceat(terms.scale[order], first)
    row, together = terms.row[order][first], terms.together[order][first]
    square = (total * total).sum(axis=1) * largest**2
    order = np.lexsort((together, family[row]))
    first = _firsts(family[row[order]], together[order])
    times = np.diff(np.append(first, len(order)))
    weight = np.empty(len(order))
    weight[order] = np.repeat(times, times)
    plain = np.bincount(row, weights=square, minlength=count).astype(np.float64)
    return plain, np.bincount(row, weights=square * weight, minlength=count).astype(np.float64)


def _firsts(one: Ints, two: Keys) -> Ints:
    changed = (one[1:] != one[:-1]) | (two[1:] != two[:-1])
    return np.flatnonzero(np.concatenate([[True], changed]))
