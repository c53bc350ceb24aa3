"""How sure the ground inside shapes is that may lie on top of one another: hazards and themes.

Such ground counts once, so what errs is the line of all shapes together: of each shape's own line
the parts that no other shape covers. A line that two shapes have in common is one line; where the
two lie on either side of it, it is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.accuracy import Stated, of_rows, stated
from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.variance_table import VARIANCES, of_spread
from ikap.measure import parts_in
from ikap.measure.outlines import Edges, edges_of, mixed, stretches
from ikap.measure.rings import Rings
from ikap.measure.uncertainty import Borders, Spread, parts_inside, spread

__all__ = ["Shapes", "shapes_of", "union_variances"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
OVERLAP_M2 = 1e-3
"""Pieces that add up to no more than this above their union do not overlap."""


@dataclass(frozen=True)
class Shapes:
    """Shapes of one theme, and what their layers say of their lines."""

    geometry: NDArray[np.object_]
    layer: NDArray[np.object_]
    told: Stated

    def take(self, index: Ints | NDArray[np.bool_]) -> Shapes:
        """The shapes at `index`."""
        return Shapes(self.geometry[index], self.layer[index], self.told.take(index))


def shapes_of(layers: Sequence[tuple[CertifiedLayer, NDArray[np.bool_]]]) -> Shapes:
    """Chosen shapes of some layers."""
    told = [stated(layer).take(keep) for layer, keep in layers]
    names = [np.full(int(keep.sum()), layer.name, dtype=object) for layer, keep in layers]
    return Shapes(
        np.concatenate([layer.polygons[keep] for layer, keep in layers]),
        np.concatenate(names),
        Stated(
            np.concatenate([one.deviation for one in told]),
            np.concatenate([one.assumed for one in told]),
            np.concatenate([one.day for one in told]),
        ),
    )


@dataclass(frozen=True)
class _Hits:
    """Shapes that lie in rows of a partition: one element a pair."""

    row: Ints  # counted from nought, without gaps
    part: Ints  # row of the partition
    shape: Ints
    piece: NDArray[np.object_]


def union_variances(partition: Partition, shapes: Shapes, name: str) -> list[pd.DataFrame]:
    """Variances of the ground of each row of the partition inside any of the shapes.

    Parameters
    ----------
    partition : Partition
        Zone parts of one municipality.
    shapes : Shapes
        Valid polygons in the same CRS.
    name : str
        Class of the rows.

    Returns
    -------
    list of DataFrame
        Columns of `variance_table.COLUMNS`; nothing where no shape lies in any row.
    """
    if not len(shapes.geometry):
        return []
    if np.isnan(shapes.told.deviation).all():
        return [_silent(partition, shapes, name)]
    hits = _hits(partition, shapes)
    if not len(hits.row):
        return []
    count = int(hits.row.max()) + 1
    used, shape = np.unique(hits.shape, return_inverse=True)
    mine = shapes.take(used)
    area = _united(hits, count)
    over = np.bincount(hits.row, shapely.area(hits.piece), minlength=count) > area + OVERLAP_M2
    found = _spread(mine, shape, hits.row, _bare(partition, hits, over), count)
    part = hits.part[np.unique(hits.row, return_index=True)[1]]
    told = mine.told.take(shape)
    rows = _rows(partition, mine, part, name)
    about = {
        "area_m2": area,
        "assumed": np.bincount(hits.row, weights=told.assumed, minlength=count) > 0,
        "oldest": of_rows(np.fmin, hits.row, told.day, count),
        "newest": of_rows(np.fmax, hits.row, told.day, count),
    }
    return [of_spread(rows.assign(**about), found)]


def _rows(partition: Partition, shapes: Shapes, part: Ints, name: str) -> pd.DataFrame:
    where = {"zone": partition.zone[part], "municipality": partition.municipality}
    silent = {"area_m2": np.nan, "assumed": False, "oldest": np.nan, "newest": np.nan}
    layer = "+".join(sorted(set(shapes.layer)))
    return pd.DataFrame({**where, "layer": layer, "class": name, **silent})


def _silent(partition: Partition, shapes: Shapes, name: str) -> pd.DataFrame:
    """Rows of shapes whose accuracy is not stated: unknown, and nothing is measured."""
    part, _ = shapely.STRtree(shapes.geometry).query(partition.geometry, predicate="intersects")
    rows = _rows(partition, shapes, np.unique(part), name)
    return of_spread(rows, Spread(*[np.full(len(rows), np.nan)] * len(VARIANCES)))


def _hits(partition: Partition, shapes: Shapes) -> _Hits:
    part, shape = shapely.STRtree(shapes.geometry).query(partition.geometry, predicate="intersects")
    piece, _ = parts_in(partition.geometry[part], shapes.geometry[shape])
    some = shapely.area(piece) > 0
    part, shape, piece = part[some], shape[some], piece[some]
    _, row = np.unique(part, return_inverse=True)
    return _Hits(row.astype(np.int64), part, shape, piece)


def _united(hits: _Hits, count: int) -> Floats:
    """Area of each row inside any shape."""
    order = np.argsort(hits.row, kind="stable")
    ends = np.cumsum(np.bincount(hits.row, minlength=count))[:-1]
    groups = np.split(hits.piece[order], ends)
    return np.array([shapely.area(shapely.union_all(pieces)) for pieces in groups])


def _bare(partition: Partition, hits: _Hits, over: NDArray[np.bool_]) -> NDArray[np.object_]:
    """For each pair the part of its row that no other shape covers."""
    bare = partition.geometry[hits.part].copy()
    for row in np.flatnonzero(over):
        mine = np.flatnonzero(hits.row == row)
        for i in mine:
            others = shapely.union_all(hits.piece[mine[mine != i]])
            bare[i] = shapely.difference(bare[i], others)
    return bare


def _spread(
    shapes: Shapes, shape: Ints, row: Ints, bare: NDArray[np.object_], count: int
) -> Spread:
    """Variances of each row from the lines of its shapes inside what is bare."""
    every = edges_of(Rings.of_geometries(shapes.geometry))
    keep, deviation = _outer(every, shapes.told.deviation)
    edges = every.take(keep)
    borders = Borders(edges, stretches(edges), deviation)
    both = np.stack([edges.start, edges.start + edges.step], axis=1)
    lines = np.asarray(shapely.linestrings(both), dtype=object)
    pair, edge = shapely.STRtree(lines).query(bare, predicate="intersects")
    mine = edges.polygon[edge] == shape[pair]  # a line of two shapes is kept as that of one
    pair, edge = pair[mine], edge[mine]
    at, parts = parts_inside(edges, edge, bare, pair)
    return spread(borders, parts, row[pair[at]], np.zeros(count, dtype=np.int64))


def _outer(edges: Edges, deviation: Floats) -> tuple[Ints, Floats]:
    """Edges with nothing of the theme on the other side, each once, and how sure they are."""
    there, back = (
        mixed(a + mixed(b)) for a, b in ((edges.tail, edges.head), (edges.head, edges.tail))
    )
    key, first, which = np.unique(there, return_index=True, return_inverse=True)
    largest = np.full(len(key), -np.inf)
    np.maximum.at(largest, which, deviation[edges.polygon])  # NaN stays NaN
    outer = ~np.isin(key, back)
    order = np.argsort(first[outer])
    return first[outer][order], largest[outer][order]
