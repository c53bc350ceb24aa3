"""Fact: area of each planned area inside kjerneområder for landbruk and hensynssone H510, in m².

The two may lie on top of one another: `core` is ground inside either, counted once, and the others
are herav. The layers under `[use] core_farmland` answer together with the H510 that stands in the
plan's own file. Ground where none of the declared layers is complete is unknown: a plan that shows
no H510 somewhere does not say that nobody has adopted a kjerneområde there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.listing import list_shapes
from ikap.facts.partition import Partition
from ikap.facts.plans import CONCERNS, for_building
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, merge, rows
from ikap.kinds.core_farmland import CONCERN, CORE
from ikap.measure import Polygons, counted_once, find_overlaps, pair_areas
from ikap.model import Reason

__all__ = ["FACT", "TOTAL", "listed", "measure"]

TOTAL = "core"
Layers = tuple[CertifiedLayer, ...]
FACT = FactSpec(
    name="core_farmland_area",
    uses=("core_farmland", CONCERNS),
    classes=(TOTAL, CORE, CONCERN),
    by_hand="union",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m², with `not_covered` for ground that is not mapped."""
    areas = for_building(partition)
    declared = areas.layers.get("core_farmland", ())
    layers = (*declared, *areas.layers.get(CONCERNS, ()))
    reason = str(Reason.NO_COVERAGE if declared else Reason.NO_LAYER)
    if not layers or areas.municipality == "":
        return merge([_unknown(areas, areas.area, reason)])
    names = "+".join(dict.fromkeys(layer.name for layer in layers))
    where = {"municipality": areas.municipality, "layer": names}
    tables, inside = [], np.zeros(len(areas.zone))
    for name in (TOTAL, CORE, CONCERN):
        found = _inside(areas, layers, name)
        inside = found if name == TOTAL else inside
        some = found > 0
        tables.append(rows(areas.zone[some], found[some], classes=name, **where))
    rest = np.maximum(areas.area - np.maximum(_mapped(areas, declared), inside), 0.0)
    return merge([*tables, _unknown(areas, rest, reason)])


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Parts inside core farmland of the given classes (`listing.COLUMNS`), overlaps told."""
    areas = for_building(partition)
    if areas.municipality == "":
        return []
    layers = (*areas.layers.get("core_farmland", ()), *areas.layers.get(CONCERNS, ()))
    wanted = [(layer, np.isin(layer.classes, classes) | (TOTAL in classes)) for layer in layers]
    return list_shapes(areas, wanted)


def _unknown(areas: Partition, area: NDArray[np.float64], reason: str) -> pd.DataFrame:
    some = area > 0
    told = {"municipality": areas.municipality, "layer": "", "classes": NOT_COVERED}
    return rows(areas.zone[some], area[some], reason=reason, **told)


def _inside(areas: Partition, layers: Layers, name: str) -> NDArray[np.float64]:
    """Area in m² of each row inside any shape of the class; shapes are parted once for a run."""
    key = ("core farmland", name, *map(id, layers))
    _, once = areas.memo.once(key, lambda: ((layers, _once(layers, name)), ()))
    pairs = pair_areas(areas.geometry, once)
    found = np.bincount(pairs.zone, weights=pairs.area, minlength=len(areas.zone))
    return np.asarray(np.minimum(found, areas.area), dtype=np.float64)


def _once(layers: Layers, name: str) -> Polygons:
    """Shapes of the class with no ground in two of them."""
    shapes = np.concatenate([layer.polygons for layer in layers])
    classes = np.concatenate([layer.classes for layer in layers])
    own = shapes if name == TOTAL else shapes[classes == name]
    alike = np.zeros(len(own), dtype=np.int64)
    return Polygons.of_geometries(counted_once(own, find_overlaps(own, alike)))


def _mapped(areas: Partition, layers: Layers) -> NDArray[np.float64]:
    """Area in m² of each row where at least one declared layer is complete."""
    if any(layer.complete_in(areas.municipality) for layer in layers):
        return areas.area
    outlines = [layer.coverage_polygons for layer in layers if layer.coverage_polygons is not None]
    if not outlines:
        return np.zeros(len(areas.zone))
    where = shapely.union_all(np.concatenate(outlines))
    return np.asarray(shapely.area(shapely.intersection(areas.geometry, where)))
