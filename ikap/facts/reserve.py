"""What the facts of planned, unbuilt land have in common: which areas, what is unknown, the table.

A table parts each planned area into `built`, `dropped` (too small or narrow to count), `apart` (not
for the method to judge), the land cover of what is left, and `not_covered`: built or not, or on
what land, nobody knows. The parts add up to the area.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.land import land_areas
from ikap.facts.landcover_by_class import cover_use, detailed
from ikap.facts.partition import Partition
from ikap.facts.plans import PLAN, attributes, once, restricted
from ikap.facts.table import NOT_COVERED, OTHER, merge, rows
from ikap.measure.pieces import without
from ikap.model import Development, Reason

__all__ = [
    "APART",
    "BUILT",
    "BUILT_LAND",
    "CLASSES",
    "DROPPED",
    "NOISE_M2",
    "Kept",
    "clear_of_buildings",
    "once_each",
    "parted",
    "planned",
    "table_of",
    "unknown_table",
    "why_unknown",
]

BUILT, DROPPED, APART = "built", "dropped", "apart"
BUILT_LAND = ("11", "12")
CLASSES = (BUILT, DROPPED, APART)
NOISE_M2 = 1e-6
"""A part of an area below this is rounding of coordinates, and no part."""
PLANNED = tuple(str(d) for d in Development if d != Development.NONE)


@dataclasses.dataclass(frozen=True)
class Kept:
    """Pieces of reserve, each in one row of the partition, and the area dropped in each row."""

    row: NDArray[np.int64]
    piece: NDArray[np.object_]
    dropped: NDArray[np.float64]
    apart: NDArray[np.bool_]


def planned(partition: Partition) -> Partition:
    """Rows that are summed and may be built on by the plan; none without a plan."""
    if PLAN not in partition.layers or not len(partition.zone):
        return restricted(partition, np.zeros(0, dtype=np.int64))
    development = attributes(partition)["development"].astype(str).to_numpy()
    return restricted(partition, once(partition) & np.isin(development, PLANNED))


def once_each(
    partition: Partition,
    key: tuple[Hashable, ...],
    shapes: NDArray[np.object_],
    make: Callable[[NDArray[np.int64]], NDArray[np.object_]],
    also: Sequence[bytes] = (),
) -> NDArray[np.object_]:
    """Make something of each shape; of a shape that another plan of the run has too, only once.

    Parameters
    ----------
    partition : Partition
        Its memo is that of the run.
    key : tuple
        All that the answer depends on besides the shape and the run's layers.
    shapes : array of geometry, shape (n,)
        What is made into something else.
    make : callable
        Given the places of some shapes, makes theirs; each on its own.
    also : sequence of bytes
        What else the answer depends on, shape by shape.

    Returns
    -------
    array of object, shape (n,)
        The same to the bit, whether made now or before.
    """
    known: dict[bytes, object] = partition.memo.made.setdefault(("each", *key), {})  # type: ignore[assignment] # put there here alone
    names = shapely.to_wkb(shapes).tolist()
    names = [a + b for a, b in zip(names, also, strict=True)] if also else names
    new = np.array([i for i, name in enumerate(names) if name not in known], dtype=np.int64)
    if len(new):
        known.update(zip([names[i] for i in new], make(new), strict=True))
    found = np.empty(len(shapes), dtype=object)
    found[:] = [known[name] for name in names]
    return found


def clear_of_buildings(
    partition: Partition, shapes: NDArray[np.object_], width: float, segments: int
) -> NDArray[np.object_]:
    """Shapes without buildings and the belt round each; what was made before is not made again.

    Parameters
    ----------
    partition : Partition
        Its layers `buildings` are what is taken.
    shapes : array of polygon, shape (n,)
        In the region's CRS.
    width : float
        Width of the belt, m.
    segments : int
        Straight segments per quarter circle.

    Returns
    -------
    array of geometry, shape (n,)
        Polygons, some of them empty.
    """
    buildings = np.concatenate([layer.polygons for layer in partition.layers["buildings"]])

    def bare(some: NDArray[np.int64]) -> NDArray[np.object_]:
        return without(shapes[some], buildings, np.full(len(some), width), segments)

    return once_each(partition, ("buildings", width, segments), shapes, bare)


def why_unknown(partition: Partition, parameters: Sequence[str], uses: Sequence[str]) -> str:
    """Reason why nothing can be said in this municipality; empty where something can."""
    if any(name not in partition.parameters for name in parameters):
        return str(Reason.NO_PARAMETER)
    layers = [partition.layers.get(use, ()) for use in uses]
    if not all(layers):
        return str(Reason.NO_LAYER)
    if all(any(one.complete_in(partition.municipality) for one in found) for found in layers):
        return ""
    return str(Reason.NO_COVERAGE)


def unknown_table(partition: Partition, reason: str) -> pd.DataFrame:
    """All of the planned areas as unknown."""
    told = {"municipality": partition.municipality, "layer": "", "reason": reason}
    return merge([rows(partition.zone, partition.area, classes=NOT_COVERED, **told)])


def table_of(partition: Partition, kept: Kept) -> pd.DataFrame:
    """Long table zone × part in m².

    Parameters
    ----------
    partition : Partition
        Planned areas.
    kept : Kept
        What the method leaves of them.

    Returns
    -------
    DataFrame
        Columns of `table.COLUMNS`; the rows of an area add up to it.
    """
    pieces = dataclasses.replace(
        restricted(partition, kept.row),
        geometry=kept.piece,
        area=np.asarray(shapely.area(kept.piece)),
    )
    land = land_areas(pieces, cover_use(pieces), detailed)
    left = np.bincount(kept.row, pieces.area, minlength=len(partition.zone)) + kept.dropped
    apart = np.where(kept.apart, partition.area, 0.0)
    built = partition.area - left - apart
    built[built < NOISE_M2] = 0.0
    return parted(partition, land, {BUILT: built, DROPPED: kept.dropped, APART: apart})


def parted(
    partition: Partition, land: pd.DataFrame, others: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """Long table zone × part in m², of what is reserve by land cover, and the other parts.

    Parameters
    ----------
    partition : Partition
        Planned areas.
    land : DataFrame
        What is left of them, columns of `table.COLUMNS`.
    others : mapping of str to array of float, shape (n,)
        Area of each planned area in each other part, m².

    Returns
    -------
    DataFrame
        Columns of `table.COLUMNS`; the rows of an area add up to it.
    """
    taken = land["class"].isin(BUILT_LAND)
    other = land["class"] == OTHER  # an outline map of farmland does not tell built from unbuilt
    land.loc[other, "reason"] = str(Reason.NO_COVERAGE)
    land["class"] = land["class"].mask(taken, BUILT).mask(other, NOT_COVERED)
    where = {"municipality": partition.municipality, "layer": ""}
    parts = [
        rows(partition.zone[a > 0], a[a > 0], classes=name, **where) for name, a in others.items()
    ]
    return merge([land, *parts])
