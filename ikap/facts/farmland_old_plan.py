"""Farmland by what the compared plan has on it: labels, and the areas of both facts that use them.

A class is `counted|land class|old plan`. `counted` is `all`, or `unbuilt` for what no building
stands on or close to; the old plan is `purpose/development/level`, or empty outside it. Ground
whose land nobody knows has the land class `not_covered`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.farmland_unbuilt import (
    BUFFER,
    FARMLAND,
    SEGMENTS,
    clear_pieces,
    why_not_built,
)
from ikap.facts.land import LandPieces, land_areas, land_pieces
from ikap.facts.partition import Partition
from ikap.facts.plans import restricted
from ikap.facts.table import NOT_COVERED, merge, rows
from ikap.measure import pair_areas, pair_parts
from ikap.measure.pieces import polygons_of

__all__ = [
    "ALL",
    "BUFFER",
    "FARMLAND",
    "OUTSIDE",
    "SEGMENTS",
    "UNBUILT",
    "counted_farmland",
    "labelled",
    "old_labels",
    "unknown_ground",
]

ALL, UNBUILT, OUTSIDE = "all", "unbuilt", ""
ROUNDING_M2 = 1e-3
Labels = NDArray[np.object_]


def old_labels(other: CertifiedLayer) -> Labels:
    """`purpose/development/level` of each area of the compared plan."""
    told = other.attributes
    parts = [told[name].fillna("").astype(str) for name in ("arealformål", "development")]
    joined = parts[0] + "/" + parts[1] + "/" + told["plan_level"].astype(str)
    return joined.to_numpy(dtype=object)


def labelled(counted: str, land: Any, old: Any) -> Labels:  # noqa: ANN401 (a text or an array)
    """Class of each row; a text alone is repeated."""
    pairs = np.broadcast_arrays(np.asarray(land, dtype=object), np.asarray(old, dtype=object))
    flat = [f"{counted}|{a}|{b}" for a, b in zip(*(p.ravel() for p in pairs), strict=True)]
    return np.array(flat, dtype=object)


def counted_farmland(
    partition: Partition, wanted: NDArray[np.bool_], other: CertifiedLayer | None
) -> list[pd.DataFrame]:
    """Farmland in some rows, all of it and what is unbuilt, apart by the compared plan.

    Parameters
    ----------
    partition : Partition
        Its farmland is cut to pieces once, as for the map.
    wanted : array of bool, shape (n,)
        Rows that are summed.
    other : CertifiedLayer or None
        The compared plan; with None nothing is told apart (`OUTSIDE`).

    Returns
    -------
    list of DataFrame
        Columns of `table.COLUMNS`, m². Where nobody knows what is built, unbuilt farmland is
        `not_covered`.
    """
    zones = partition.zone[wanted]
    reason = why_not_built(partition)
    tables = []
    for given in land_pieces(partition, "farmland", FARMLAND):
        pieces = _of(given, np.isin(given.zone, zones))
        tables.append(_split(partition, pieces, pieces.geometry, ALL, pieces.classes, other=other))
        if reason:
            unknown = _split(partition, pieces, pieces.geometry, UNBUILT, NOT_COVERED, other=other)
            tables.append(unknown.assign(layer="", reason=reason))
            continue
        bare = polygons_of(clear_pieces(pieces, partition))
        tables.append(_split(partition, pieces, bare, UNBUILT, pieces.classes, other=other))
    return tables


def unknown_ground(
    partition: Partition, wanted: NDArray[np.bool_], other: CertifiedLayer | None
) -> list[pd.DataFrame]:
    """Ground whose land nobody knows, apart by the compared plan; unknown for `ALL` and `UNBUILT`.

    Geometry is made for areas alone that are mapped in part.
    """
    own = restricted(partition, wanted)
    gap = _gaps(partition)[wanted]  # measured already, for all rows
    whole = gap >= own.area - ROUNDING_M2
    tables = []
    for some, as_it_is in ((gap > 0) & whole, True), ((gap > 0) & ~whole, False):
        parts, zone, old = _by_old_plan(restricted(own, some), other, geometry=not as_it_is)
        if not as_it_is and len(zone):
            index = np.arange(len(zone), dtype=np.int64)
            cut = replace(own, zone=index, geometry=parts, area=shapely.area(parts), answers={})
            area = _gaps(cut)
        else:
            area = np.asarray(parts, dtype=np.float64)
        keep = area > 0
        told = {"municipality": partition.municipality, "layer": "", "reason": "no_coverage"}
        for counted in (ALL, UNBUILT):
            names = labelled(counted, NOT_COVERED, old[keep])
            tables.append(rows(zone[keep], area[keep], classes=names, **told))
    return tables


def _gaps(partition: Partition) -> NDArray[np.float64]:
    """Ground of each row that no map of land answers for, m²."""
    land = land_areas(partition, "farmland", overview=True)
    land = land[land["class"] == NOT_COVERED]
    found = land.groupby("zone")["area_m2"].sum().reindex(partition.zone, fill_value=0.0)
    return found.to_numpy(dtype=np.float64)


def _by_old_plan(
    own: Partition, other: CertifiedLayer | None, *, geometry: bool
) -> tuple[NDArray[Any], NDArray[np.int64], Labels]:
    """Parts of each row by the compared plan, as areas or geometry, with zone and label."""
    if other is None or not len(own.zone):
        old = np.full(len(own.zone), OUTSIDE, dtype=object)
        return (own.geometry if geometry else own.area), own.zone, old
    found = pair_areas(own.geometry, other.shapes)
    rest = own.area - np.bincount(found.zone, found.area, minlength=len(own.zone))
    left = np.flatnonzero(rest > ROUNDING_M2)
    zone = np.concatenate([own.zone[found.zone], own.zone[left]])
    old = np.concatenate([old_labels(other)[found.land], np.full(len(left), OUTSIDE, object)])
    if not geometry:
        return np.concatenate([found.area, rest[left]]), zone, old
    near, row = np.unique(found.land, return_inverse=True)
    shapes = other.shapes.geometries_of(near)
    inside = pair_parts(own.geometry, shapes, found.zone, row)
    outside = np.empty(len(left), dtype=object)
    for i, k in enumerate(left):
        hit = shapes[row[found.zone == k]]
        outside[i] = shapely.difference(own.geometry[k], shapely.union_all(hit))
    return polygons_of(np.concatenate([inside, outside])), zone, old


def _split(
    partition: Partition,
    pieces: LandPieces,
    geometry: NDArray[np.object_],
    counted: str,
    land: Labels | str,
    *,
    other: CertifiedLayer | None,
) -> pd.DataFrame:
    """Area of pieces of farmland by the compared plan."""
    area = shapely.area(geometry)
    classes = np.broadcast_to(np.asarray(land, dtype=object), area.shape)
    layer = str(pieces.layer[0]) if len(pieces.layer) else ""
    told: dict[str, Any] = {"municipality": partition.municipality, "layer": layer}
    if other is None:
        names = labelled(counted, classes, OUTSIDE)
        return merge([rows(pieces.zone, area, classes=names, **told)])
    found = pair_areas(polygons_of(geometry), other.shapes)
    rest = area - np.bincount(found.zone, found.area, minlength=len(area))
    assert (rest > -ROUNDING_M2).all(), "the compared plan counts ground twice"
    left = np.flatnonzero(rest > ROUNDING_M2)
    inside = labelled(counted, classes[found.zone], old_labels(other)[found.land])
    outside = labelled(counted, classes[left], OUTSIDE)
    return merge(
        [
            rows(pieces.zone[found.zone], found.area, classes=inside, **told),
            rows(pieces.zone[left], rest[left], classes=outside, **told),
        ]
    )


def _of(pieces: LandPieces, keep: NDArray[np.bool_]) -> LandPieces:
    return LandPieces(
        pieces.zone[keep],
        pieces.layer[keep],
        pieces.classes[keep],
        pieces.ids[keep],
        pieces.geometry[keep],
        pieces.land[keep],
    )
