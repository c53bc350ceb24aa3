"""Fact: area of each planned area inside kjerneområder for landbruk and hensynssone H510, in m².

The two may lie on top of one another: `core` is ground inside either, counted once, and the others
are herav. The layers under `[use] core_farmland` answer together with the plan's own H510.
Ground where none of them is complete is unknown.
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
from ikap.facts.plans import for_building
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, merge, rows
from ikap.kinds.core_farmland import CONCERN, CORE
from ikap.measure import parts_in
from ikap.model import Reason

__all__ = ["FACT", "TOTAL", "listed", "measure"]

TOTAL = "core"
FACT = FactSpec(
    name="core_farmland_area",
    uses=("core_farmland",),
    classes=(TOTAL, CORE, CONCERN),
    by_hand="union",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m², with `not_covered` for ground that is not mapped."""
    areas = for_building(partition)
    layers = areas.layers.get("core_farmland", ())
    if not layers or areas.municipality == "":
        reason = Reason.NO_COVERAGE if layers else Reason.NO_LAYER
        return merge([_unknown(areas, areas.area, str(reason))])
    shapes = np.concatenate([layer.polygons for layer in layers])
    classes = np.concatenate([layer.classes for layer in layers])
    names = "+".join(layer.name for layer in layers)
    where = {"municipality": areas.municipality, "layer": names}
    tables, inside = [], np.zeros(len(areas.zone))
    for name in (TOTAL, CORE, CONCERN):
        found = _inside(areas, shapes if name == TOTAL else shapes[classes == name])
        inside = found if name == TOTAL else inside
        some = found > 0
        tables.append(rows(areas.zone[some], found[some], classes=name, **where))
    rest = np.maximum(areas.area - np.maximum(_mapped(areas, layers), inside), 0.0)
    return merge([*tables, _unknown(areas, rest, str(Reason.NO_COVERAGE))])


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Parts inside core farmland of the given classes (`listing.COLUMNS`), overlaps told."""
    areas = for_building(partition)
    if areas.municipality == "":
        return []
    layers = areas.layers.get("core_farmland", ())
    wanted = [(layer, np.isin(layer.classes, classes) | (TOTAL in classes)) for layer in layers]
    return list_shapes(areas, wanted)


def _unknown(areas: Partition, area: NDArray[np.float64], reason: str) -> pd.DataFrame:
    some = area > 0
    told = {"municipality": areas.municipality, "layer": "", "classes": NOT_COVERED}
    return rows(areas.zone[some], area[some], reason=reason, **told)


def _inside(areas: Partition, shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Area in m² of each row inside any of the shapes."""
    found = np.zeros(len(areas.zone))
    row, shape = shapely.STRtree(shapes).query(areas.geometry, predicate="intersects")
    pieces, _ = parts_in(areas.geometry[row], shapes[shape])
    for k in np.unique(row):
        here = pieces[row == k]
        found[k] = shapely.area(here[0] if len(here) == 1 else shapely.union_all(here))
    return found


def _mapped(areas: Partition, layers: tuple[CertifiedLayer, ...]) -> NDArray[np.float64]:
    """Area in m² of each row where at least one layer is complete."""
    if any(layer.complete_in(areas.municipality) for layer in layers):
        return areas.area
    outlines = [layer.coverage_polygons for layer in layers if layer.coverage_polygons is not None]
    if not outlines:
        return np.zeros(len(areas.zone))
    where = shapely.union_all(np.concatenate(outlines))
    return np.asarray(shapely.area(shapely.intersection(areas.geometry, where)))
