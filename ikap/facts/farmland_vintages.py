"""Fact of the ground: farmland in two vintages of one land cover map, old class × new class, in m².

The vintages are the first land cover maps under `farmland_before` and `farmland`; no other map
stands in, for a difference between two kinds of map is no change of the ground. A class is
`old/new`. Ground that a vintage has not mapped is `not_covered` there, and `not_covered/any` and
`any/not_covered` tell all there is of it. Land that is farmland in neither is left out, unless it
may have been farmland, or have become it, where a vintage has a hole. What is narrower than
`farmland.remap_width` stands once more under `narrow/old/new`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.farmland_accuracy import FARMLAND
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, UNMAPPED, merge, rows
from ikap.measure import pair_areas, pair_parts
from ikap.measure.pieces import holds_circle, polygons_of
from ikap.model import Reason

__all__ = [
    "AFTER",
    "ANY",
    "BEFORE",
    "BUILT",
    "CULTIVATED_FROM",
    "FACT",
    "FARMLAND",
    "NARROW",
    "WIDTH",
    "measure",
    "vintage",
]

BEFORE, AFTER = "farmland_before", "farmland"
BUILT = ("11", "12")
CULTIVATED_FROM = ("30", "50", "60")
"""Land that becomes farmland by being cultivated: forest, open land and mire."""
ANY, NARROW = "any", "narrow"
WIDTH = "farmland.remap_width"
SEGMENTS = 16
ROUNDING_M2 = 1e-3
NOTHING_M2 = 0.5
"""Less than this in a whole municipality is rounding along its border, and no hole."""
Labels = NDArray[np.object_]
FACT = FactSpec(
    name="farmland_vintages",
    uses=(BEFORE, AFTER),
    classes=(),
    parameters=(WIDTH,),
    ground_only=True,
)


def vintage(layers: Mapping[str, tuple[CertifiedLayer, ...]], use: str) -> CertifiedLayer | None:
    """Land cover map of one side: the first of its layers that tells what all land is."""
    found = layers.get(use, ())
    return next((one for one in found if one.declaration.kind == "landcover"), None)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table municipality × class in m²; all of it unknown where a vintage is missing."""
    before, after = vintage(partition.layers, BEFORE), vintage(partition.layers, AFTER)
    if before is None or after is None or not len(partition.zone):
        told = {"municipality": partition.municipality, "layer": ""}
        reason, name = str(Reason.NO_LAYER), f"{NOT_COVERED}/{NOT_COVERED}"
        return merge([rows(partition.zone, partition.area, classes=name, reason=reason, **told)])
    tables = []
    for k, whole in enumerate(partition.geometry):
        own = (partition.municipality, int(partition.zone[k]))
        old, old_class, old_gap = _inside(whole, float(partition.area[k]), before)
        new, new_class, new_gap = _inside(whole, float(partition.area[k]), after)
        tables += _compared(partition, own, (old, old_class), (new, new_class))
        if old_gap > 0:  # what is built there now may have been farmland
            tables.append(_unmapped(own, (new, new_class), old, BUILT, was=False))
        if new_gap > 0:  # what was forest or mire there may be farmland now
            tables.append(_unmapped(own, (old, old_class), new, CULTIVATED_FROM, was=True))
        gaps = [f"{NOT_COVERED}/{ANY}", f"{ANY}/{NOT_COVERED}"]
        tables.append(_rows(own, [old_gap, new_gap], gaps, "", ""))
    return merge(table[table["area_m2"] > 0] for table in tables)


def _inside(
    whole: shapely.Geometry, area: float, layer: CertifiedLayer
) -> tuple[NDArray[np.object_], Labels, float]:
    """Mapped land inside a municipality as geometry, its classes, and what is not mapped there."""
    found = pair_areas(np.array([whole], dtype=object), layer.shapes)
    keep = layer.classes[found.land] != UNMAPPED
    land, shared = found.land[keep], found.area[keep]
    parts = layer.shapes.geometries_of(land)
    cross = np.flatnonzero(layer.shapes.areas[land] - shared > ROUNDING_M2)
    if len(cross):
        one = np.array([whole], dtype=object)
        zone = np.zeros(len(cross), dtype=np.int64)
        parts[cross] = polygons_of(pair_parts(one, parts[cross], zone, np.arange(len(cross))))
    gap = area - float(shared.sum())
    return parts, layer.classes[land], gap if gap >= NOTHING_M2 else 0.0


def _unmapped(
    own: tuple[str, int],
    mine: tuple[NDArray[np.object_], Labels],
    theirs: NDArray[np.object_],
    classes: tuple[str, ...],
    *,
    was: bool,
) -> pd.DataFrame:
    """Land of some classes in one vintage where the other has mapped nothing."""
    some = np.isin(mine[1], classes)
    parts, labels = mine[0][some], mine[1][some]
    found = pair_areas(parts, theirs)
    rest = shapely.area(parts) - np.bincount(found.zone, found.area, minlength=len(parts))
    left = np.flatnonzero(rest > ROUNDING_M2)
    names = _pairs(labels[left], np.full(len(left), NOT_COVERED, object), was=was)
    return _rows(own, rest[left], names, "", str(Reason.NO_COVERAGE))


def _compared(
    partition: Partition,
    own: tuple[str, int],
    old: tuple[NDArray[np.object_], Labels],
    new: tuple[NDArray[np.object_], Labels],
) -> list[pd.DataFrame]:
    """Rows of what was farmland, then of what has become farmland."""
    tables = []
    for mine, theirs, was in ((old, new, True), (new, old, False)):
        field = np.isin(mine[1], FARMLAND)
        parts, labels = mine[0][field], mine[1][field]
        found = pair_areas(parts, theirs[0])
        rest = shapely.area(parts) - np.bincount(found.zone, found.area, minlength=len(parts))
        left = np.flatnonzero(rest > ROUNDING_M2)
        other = theirs[1][found.land]
        keep = np.ones(len(other), dtype=bool) if was else ~np.isin(other, FARMLAND)
        names = _pairs(labels[found.zone][keep], other[keep], was=was)
        tables.append(_rows(own, found.area[keep], names, "", ""))
        gaps = _pairs(labels[left], np.full(len(left), NOT_COVERED, object), was=was)
        tables.append(_rows(own, rest[left], gaps, "", str(Reason.NO_COVERAGE)))
        if WIDTH in partition.parameters:
            moved = np.flatnonzero(np.isin(other, BUILT if was else CULTIVATED_FROM))
            geometry = pair_parts(parts, theirs[0], found.zone[moved], found.land[moved])
            changed = _pairs(labels[found.zone][moved], other[moved], was=was)
            width = partition.parameters[WIDTH].value
            tables.append(_narrow(own, polygons_of(geometry), changed, width))
    return tables


def _narrow(
    own: tuple[str, int], geometry: NDArray[np.object_], names: Labels, width: float
) -> pd.DataFrame:
    """Changed ground in strips with no room for a circle of that width (m)."""
    tables = []
    for name in sorted(set(names)):
        joined = shapely.get_parts(shapely.union_all(geometry[names == name]))
        joined = joined[shapely.area(joined) > 0]
        strips = joined[~holds_circle(joined, width / 2, SEGMENTS)] if len(joined) else joined
        area = float(shapely.area(strips).sum())
        tables.append(_rows(own, [area], [f"{NARROW}/{name}"], "", ""))
    return merge(tables)


def _pairs(mine: Labels, theirs: Labels, *, was: bool) -> Labels:
    pairs = zip(mine, theirs, strict=True) if was else zip(theirs, mine, strict=True)
    return np.array([f"{old}/{new}" for old, new in pairs], dtype=object)


def _rows(own: tuple[str, int], area: Any, names: Any, layer: str, reason: str) -> pd.DataFrame:  # noqa: ANN401 (arrays or lists)
    municipality, zone = own
    zones = np.full(len(area), zone, dtype=np.int64)
    return rows(zones, area, municipality=municipality, layer=layer, classes=names, reason=reason)
