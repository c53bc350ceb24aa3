"""Fact of the ground: farmland in the areas for building of the compared plan, in m².

What of it lies in no planned area is found by taking away `farmland_compared`, which has the same
classes (`farmland_old_plan`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from ikap.facts.farmland_old_plan import (
    BUFFER,
    SEGMENTS,
    counted_farmland,
    old_labels,
    unknown_ground,
)
from ikap.facts.partition import Partition
from ikap.facts.plans import COMPARED
from ikap.facts.spec import FactSpec
from ikap.facts.table import merge
from ikap.measure import pair_areas, pair_parts
from ikap.measure.pieces import polygons_of
from ikap.model import Development

__all__ = ["FACT", "measure"]

FACT = FactSpec(
    name="farmland_before_plan",
    uses=(COMPARED, "farmland", "buildings"),
    classes=(),
    parameters=(BUFFER, SEGMENTS),
    ground_only=True,
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table municipality × class in m²; empty without a plan to compare with."""
    if COMPARED not in partition.layers:
        return merge([])
    (other,) = partition.layers[COMPARED]
    building = other.attributes["development"].astype(str).to_numpy() != Development.NONE
    index = np.flatnonzero(building)
    shapes = other.shapes.take(index)
    found = pair_areas(partition.geometry, shapes)
    parts = polygons_of(pair_parts(partition.geometry, shapes, found.zone, found.land))
    zone = np.arange(len(parts), dtype=np.int64)
    cut = replace(partition, zone=zone, geometry=parts, area=shapely.area(parts), answers={})
    every = np.ones(len(parts), dtype=bool)
    table = merge([*counted_farmland(cut, every, None), *unknown_ground(cut, every, None)])
    old = old_labels(other)[index[found.land]]
    mine = table["zone"].to_numpy()
    names = [label + old[z] for label, z in zip(table["class"], mine, strict=True)]
    return merge([table.assign(**{"class": names, "zone": partition.zone[found.zone][mine]})])
