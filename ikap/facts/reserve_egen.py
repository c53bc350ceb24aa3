"""Fact: planned land without buildings and a belt round them, by land cover, in m².

ikap's own method: what stands inside `reserve.building_buffer` metres of a building is built, and
so is AR5 11 and 12. Nothing is dropped for being small or narrow.

Belts have many corners, so they are taken from each piece of land by itself: a piece is small, most
pieces lie in other plans of the run too, and what is left of it needs no overlay with the land.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.land import ROUNDING_M2, LandAnswer, land_answers
from ikap.facts.landcover_by_class import cover_use, detailed
from ikap.facts.partition import Partition
from ikap.facts.reserve import (
    BUILT,
    CLASSES,
    NOISE_M2,
    clear_of_buildings,
    parted,
    planned,
    unknown_table,
    why_unknown,
)
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, OTHER, merge, rows
from ikap.measure import pair_parts
from ikap.measure.pieces import polygons_of
from ikap.model import Reason

__all__ = ["FACT", "measure"]

BUFFER, SEGMENTS = "reserve.building_buffer", "reserve.circle_segments"
FACT = FactSpec(
    name="reserve_egen",
    uses=("buildings", "landcover"),
    classes=CLASSES,
    parameters=(BUFFER, SEGMENTS),
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]
Taken = Callable[[Geometries], Floats]
"""Area in m² that buildings and belts take of each shape; exactly 0 where none is near."""


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × part in m²; see `reserve`."""
    areas = planned(partition)
    reason = why_unknown(areas, FACT.parameters, ("buildings",))
    if reason or not len(areas.zone):
        return unknown_table(areas, reason)
    width, segments = (areas.parameters[name].value for name in (BUFFER, SEGMENTS))

    def taken(shapes: Geometries) -> Floats:
        left = clear_of_buildings(areas, shapes, width, int(segments))
        return np.asarray(shapely.area(shapes) - shapely.area(left))

    land, built = _by_land(areas, taken)
    return parted(areas, land, {BUILT: built})


def _by_land(areas: Partition, taken: Taken) -> tuple[pd.DataFrame, Floats]:
    """What is left by land cover, as `land_areas` has it, and what is taken of each area."""
    zone, place, tables = areas.zone, areas.municipality, []
    built, mapped = np.zeros((2, len(zone)))
    use = cover_use(areas)
    for answer in land_answers(areas, use):
        gone = np.minimum(taken(_pieces(answer)), answer.area)
        here = np.bincount(answer.part, gone, minlength=len(zone)).astype(np.float64)
        left, classes = answer.area - gone, detailed(answer.layer)[answer.land]
        some = left > NOISE_M2
        where = {"municipality": place, "layer": answer.layer.name}
        tables.append(rows(zone[answer.part[some]], left[some], classes=classes[some], **where))
        row, other, more = _beside(answer.covered, answer.other, here, taken)
        tables.append(rows(zone[row], other, classes=OTHER, **where))
        built += here + more
        mapped += np.bincount(answer.part, answer.area, minlength=len(zone)) + answer.other
    rest = np.asarray(areas.area - mapped, dtype=np.float64)
    rest[rest < ROUNDING_M2] = 0.0
    row, unknown, more = _beside(areas.geometry, rest, built, taken)
    reason = Reason.NO_COVERAGE if areas.layers.get(use) else Reason.NO_LAYER
    told = {"municipality": place, "layer": "", "classes": NOT_COVERED, "reason": str(reason)}
    return merge([*tables, rows(zone[row], unknown, **told)]), built + more


def _pieces(answer: LandAnswer) -> Geometries:
    """Mapped land inside planned areas, as geometry, row for row with the answer."""
    used, at = np.unique(answer.land, return_inverse=True)
    land = answer.layer.shapes.geometries_of(used)
    return polygons_of(pair_parts(answer.covered, land, answer.part, at))


def _beside(
    shapes: Geometries, bare: Floats, gone: Floats, taken: Taken
) -> tuple[Ints, Floats, Floats]:
    """Ground of the shapes without mapped land: what is left of it in which row, and what is taken.

    `bare` is how much of it there is, `gone` what is taken of the shape's mapped land, m².
    """
    row, more = np.flatnonzero(bare > 0), np.zeros(len(bare))
    more[row] = np.clip(taken(shapes[row]) - gone[row], 0.0, bare[row])
    left = bare - more
    keep = np.flatnonzero(left > ROUNDING_M2)
    return keep, left[keep], more
