"""Fact: planned land without buildings and a belt round them, by land cover, in m².

ikap's own method: what stands inside `reserve.building_buffer` metres of a building is built, and
so is AR5 11 and 12. Nothing is dropped for being small or narrow.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.partition import Partition
from ikap.facts.reserve import (
    CLASSES,
    Kept,
    once_each,
    planned,
    table_of,
    unknown_table,
    why_unknown,
)
from ikap.facts.spec import FactSpec
from ikap.measure.pieces import without

__all__ = ["FACT", "measure"]

BUFFER, SEGMENTS = "reserve.building_buffer", "reserve.circle_segments"
FACT = FactSpec(
    name="reserve_egen",
    uses=("buildings", "landcover"),
    classes=CLASSES,
    parameters=(BUFFER, SEGMENTS),
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × part in m²; see `reserve`."""
    areas = planned(partition)
    reason = why_unknown(areas, FACT.parameters, ("buildings",))
    if reason or not len(areas.zone):
        return unknown_table(areas, reason)
    buildings = np.concatenate([layer.polygons for layer in areas.layers["buildings"]])
    width, segments = (areas.parameters[name].value for name in (BUFFER, SEGMENTS))

    def bare(some: NDArray[np.int64]) -> NDArray[np.object_]:
        belt = np.full(len(some), width)
        return without(areas.geometry[some], buildings, belt, int(segments))

    left = once_each(areas, (FACT.name, width, segments), areas.geometry, bare)
    rows, none = np.arange(len(left)), np.zeros(len(left))
    return table_of(areas, Kept(rows, left, none, none.astype(bool)))
