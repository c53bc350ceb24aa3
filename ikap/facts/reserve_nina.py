"""Fact: planned land that NINA's method counts as not built, by land cover, in m².

NINA report 2310 and its published workspaces (domain.md 8.3). Areas of the same purpose and status
are one before anything is taken, with hairline gaps between them closed: buildings with a belt
(30 m in present areas of a kommuneplan that are not for housing, 10 m elsewhere), roads with a
belt, AR5 11 and 12, and lakes. What is left is opened, and pieces that are small or hold no circle
are dropped. Only the areas' own ground counts. Roads and car parks are kept apart. What the
workspaces do not state stands as an assumption in `national.toml`; the test for corners smaller
than 50 m² in detail plans is not described well enough to be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.lakes import FRESH_WATER, JOINED_M, large_lakes
from ikap.facts.land import land_answers, land_pieces
from ikap.facts.landcover_by_class import cover_use
from ikap.facts.partition import Partition
from ikap.facts.plans import attributes, restricted
from ikap.facts.reserve import (
    BUILT_LAND,
    CLASSES,
    NOISE_M2,
    Kept,
    once_each,
    planned,
    table_of,
    unknown_table,
    why_unknown,
)
from ikap.facts.spec import FactSpec
from ikap.kinds.codes import code_list
from ikap.kinds.network import CAR
from ikap.kinds.words import letters_only
from ikap.measure import pair_areas, pair_parts
from ikap.measure.pieces import gaps_closed, holds_circle, opened, polygons_of, without
from ikap.model import Parameters

__all__ = ["FACT", "measure"]

NEAR, NEAR_PRESENT = "reserve_nina.building_buffer", "reserve_nina.building_buffer_present"
ROAD, OPENING = "reserve_nina.road_buffer", "reserve_nina.opening"
SMALLEST, SMALLEST_LARGE = "reserve_nina.smallest_piece", "reserve_nina.smallest_piece_large"
CIRCLE, WATER = "reserve_nina.inscribed_radius", "reserve_nina.smallest_water"
SEGMENTS = "reserve.circle_segments"
FACT = FactSpec(
    name="reserve_nina",
    uses=("buildings", "network", "landcover"),
    classes=CLASSES,
    parameters=(
        *(NEAR, NEAR_PRESENT, ROAD, OPENING, SMALLEST, SMALLEST_LARGE, CIRCLE, WATER, SEGMENTS),
    ),
)
HOUSING = "1110"
PRESENT = 1
LARGE_GROUPS = ("03", "04", "06", "07", "08")
"""NINA's groups of purposes whose pieces must be larger."""
ROADS = (("2010", "2019"), ("2080", "2083"))
"""Purposes kept apart: road and parking, first and last code."""


Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
SEVERAL = -1


@dataclass(frozen=True)
class _Merged:
    """Areas of one purpose, status and plan level as one, taken apart where they do not touch."""

    group: Ints  # of each row of the partition
    told: pd.DataFrame  # one row a group
    whole: Ints  # group of each merged area
    shape: Geometries
    only: Ints  # row that each merged area is all of; SEVERAL where it may be of more


@dataclass(frozen=True)
class _Left:
    """What is left of a merged area: all of it, and its pieces that are wide enough."""

    all: shapely.Geometry
    wide: shapely.Geometry


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × part in m²; see `reserve`."""
    areas = planned(partition)
    reason = why_unknown(areas, FACT.parameters, ("buildings", "network"))
    if reason or not len(areas.zone):
        return unknown_table(areas, reason)
    apart = _apart(attributes(areas)["arealformål"])
    judged = restricted(areas, ~apart)
    merged = _merge(judged)
    left = _unbuilt(judged, merged)
    pieces, whole = _pieces(judged, left, merged)
    place = np.flatnonzero(~apart)
    row, piece = _by_row(judged, merged, pieces, whole)
    before = _sums(judged, merged, np.array([one.all for one in left], dtype=object))
    kept = np.bincount(row, shapely.area(piece), minlength=len(judged.zone))
    lost, dropped = before - kept, np.zeros(len(areas.zone))
    dropped[place] = np.where(lost < NOISE_M2, 0.0, lost)
    return table_of(areas, Kept(place[row], piece, dropped, apart))


def _apart(purposes: pd.Series) -> NDArray[np.bool_]:
    codes = purposes.fillna("").astype(str)
    hits = [codes.between(first, last) & (codes.str.len() == len(first)) for first, last in ROADS]
    return np.asarray(np.any([hit.to_numpy(dtype=bool) for hit in hits], axis=0))


def _merge(areas: Partition) -> _Merged:
    columns = ["arealformål", "arealbruksstatus", "development", "plan_level"]
    table = attributes(areas)[columns]
    table = table.assign(arealformål=table["arealformål"].fillna("").astype(str))
    grouped = table.groupby(columns, sort=True)
    group = np.asarray(grouped.ngroup(), dtype=np.int64)
    own = [areas.geometry[group == g] for g in range(grouped.ngroups)]
    joints = [gaps_closed(shapes, JOINED_M) for shapes in own]
    unions = [shapely.union_all([*a, *b]) for a, b in zip(own, joints, strict=True)]
    parts, whole = shapely.get_parts(np.array(unions, dtype=object), return_index=True)
    told = pd.DataFrame(list(grouped.groups), columns=columns)
    shape, of = np.asarray(parts, dtype=object), whole.astype(np.int64)
    only = _only_rows(areas.geometry, group, shape, of)
    closed = shapely.STRtree(np.concatenate([np.zeros(0, dtype=object), *joints]))
    only[closed.query(shape, predicate="intersects")[0]] = SEVERAL  # more than the area itself
    return _Merged(group, told, of, shape, only)


def _only_rows(geometry: Geometries, group: Ints, shape: Geometries, whole: Ints) -> Ints:
    """Row that each merged area is all of: the only one of its group that meets it."""
    merged, row = shapely.STRtree(geometry).query(shape, predicate="intersects")
    own = group[row] == whole[merged]
    only = np.full(len(shape), SEVERAL, dtype=np.int64)
    only[merged[own]] = row[own]
    only[np.bincount(merged[own], minlength=len(shape)) != 1] = SEVERAL
    return only


def _unbuilt(areas: Partition, merged: _Merged) -> list[_Left]:
    """What is left of merged areas without buildings, roads, built ground and water."""
    values = areas.parameters
    told = merged.told.iloc[merged.whole]
    present = (told["plan_level"] == "kp") & (told["arealbruksstatus"] == PRESENT)
    wide = (present & (told["arealformål"] != HOUSING)).to_numpy(dtype=bool)
    width = np.where(wide, values[NEAR_PRESENT].value, values[NEAR].value)
    buildings = np.concatenate([layer.polygons for layer in areas.layers["buildings"]])
    roads, ground = _roads(areas), _ground(areas)
    inside = _named(merged.shape, ground)
    left = np.empty(len(merged.shape), dtype=object)
    for belt in np.unique(width):
        rows = np.flatnonzero(width == belt)
        taken = ((buildings, belt), (roads, values[ROAD].value), (ground, 0.0))
        sizes = (values[OPENING].value, values[CIRCLE].value, values[SEGMENTS].value)
        key = (FACT.name, *(distance for _, distance in taken), *sizes)
        make = partial(_clear, merged.shape[rows], taken, sizes)
        left[rows] = once_each(areas, key, merged.shape[rows], make, [inside[k] for k in rows])
    return left.tolist()


def _named(shapes: Geometries, ground: Geometries) -> list[bytes]:
    """Ground that each shape meets, as bytes that tell it from any other."""
    shape, at = shapely.STRtree(ground).query(shapes, predicate="intersects")
    bytes_of = shapely.to_wkb(ground).tolist()
    return [b"".join(bytes_of[i] for i in np.sort(at[shape == k])) for k in range(len(shapes))]


def _clear(
    shapes: Geometries,
    taken: tuple[tuple[Geometries, float], ...],
    sizes: tuple[float, float, float],
    some: Ints,
) -> Geometries:
    """Some of the shapes without each kind of obstacle and its belt, and what of that is wide."""
    radius, circle, segments = sizes[0], sizes[1], int(sizes[2])
    left = shapes[some]
    for obstacles, distance in taken:
        left = without(left, obstacles, np.full(len(left), distance), segments)
    parts, whole = shapely.get_parts(opened(left, radius, segments), return_index=True)
    keep = holds_circle(parts, circle, segments)
    wide = np.full(len(left), shapely.MultiPolygon(), dtype=object)
    shapely.multipolygons(parts[keep], indices=whole[keep], out=wide)
    found = np.empty(len(left), dtype=object)
    found[:] = [_Left(*both) for both in zip(left, wide, strict=True)]
    return found


def _roads(areas: Partition) -> NDArray[np.object_]:
    """Centre lines of roads for cars, on the ground or on bridges."""
    found = []
    for layer in areas.layers["network"]:
        sort = _folded(layer.attributes["typeVeg"])
        tunnel = _folded(layer.attributes["medium"]).str.upper() == "U"
        found.append(layer.polygons[(sort.isin(CAR) & ~tunnel).to_numpy(dtype=bool)])
    return np.concatenate(found)


def _folded(column: pd.Series) -> pd.Series:
    """Words of a column by their letters; each word is looked at once."""
    return column.map({word: letters_only(word) for word in column.unique()}).astype(object)


def _ground(areas: Partition) -> NDArray[np.object_]:
    """AR5 built-up and transport, and what lies inside the areas of lakes that are large enough."""
    smallest = areas.parameters[WATER].m2
    taken = [np.zeros(0, dtype=object)]
    use = cover_use(areas)
    found = land_pieces(areas, use, (*BUILT_LAND, FRESH_WATER))
    for answer, pieces in zip(land_answers(areas, use), found, strict=True):
        keep = pieces.classes != FRESH_WATER
        taken.append(pieces.geometry[keep | large_lakes(answer.layer, pieces.land, smallest)])
    return np.concatenate(taken)


def _pieces(areas: Partition, left: list[_Left], merged: _Merged) -> tuple[Geometries, Ints]:
    """Pieces that are wide and large enough, and the merged area of each."""
    wide = np.array([one.wide for one in left], dtype=object)
    parts, whole = shapely.get_parts(wide, return_index=True)
    least = np.array([_least(row, areas.parameters) for row in merged.told.itertuples()])
    keep = shapely.area(parts) > least[merged.whole[whole]]
    return np.asarray(parts[keep], dtype=object), whole[keep].astype(np.int64)


def _least(row: Any, values: Parameters) -> float:  # noqa: ANN401 (a named tuple of pandas)
    code = code_list(f"{row.plan_level}_arealformal").find(row.arealformål)
    large = code is not None and code.group[:2] in LARGE_GROUPS
    return values[SMALLEST_LARGE if large else SMALLEST].m2


def _by_row(
    areas: Partition, merged: _Merged, pieces: Geometries, whole: Ints
) -> tuple[Ints, Geometries]:
    """Each piece shared out to the rows that it was merged from."""
    shared = np.flatnonzero(merged.only[whole] == SEVERAL)
    alone = np.flatnonzero(merged.only[whole] != SEVERAL)
    pairs = pair_areas(areas.geometry, pieces[shared])
    own = merged.group[pairs.zone] == merged.whole[whole[shared[pairs.land]]]
    row, land = pairs.zone[own], shared[pairs.land[own]]
    parts = polygons_of(pair_parts(areas.geometry, pieces, row, land))
    rows = np.concatenate([merged.only[whole[alone]], row])
    return rows, np.concatenate([pieces[alone], parts])


def _sums(areas: Partition, merged: _Merged, left: Geometries) -> Floats:
    """Area in m² of each row that nothing is built on."""
    shared = np.flatnonzero(merged.only == SEVERAL)
    alone = np.flatnonzero(merged.only != SEVERAL)
    pairs = pair_areas(areas.geometry, left[shared])
    own = merged.group[pairs.zone] == merged.whole[shared[pairs.land]]
    row = np.concatenate([merged.only[alone], pairs.zone[own]])
    area = np.concatenate([shapely.area(left[alone]), pairs.area[own]])
    return np.bincount(row, area, minlength=len(areas.zone)).astype(np.float64)
