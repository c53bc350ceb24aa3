"""Fact: area of each ABC class in each zone, in m², where the register of commercial land says it.

Ground that the register does not know, or gives no class, is `not_covered`: a plan may have
commercial land that no register has, and no class is ever derived from a purpose.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.land import land_areas
from ikap.facts.listing import list_land
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.model import Coverage

__all__ = ["FACT", "USE", "classed", "listed", "measure"]

USE = "commercial"
FACT = FactSpec(
    name="area_by_abc",
    uses=(USE,),
    classes=("A", "B", "C"),
    accuracy="abc_accuracy",
    by_hand="sum",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m², with `not_covered` for what has no class."""
    return land_areas(classed(partition), USE)


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Pieces of land with the given classes (`listing.COLUMNS`), one table a layer."""
    return list_land(classed(partition), USE, classes)


def classed(partition: Partition) -> Partition:
    """Partition with the register's classed areas alone, the same for all facts that ask."""
    kept = "areas with an ABC class"
    if kept not in partition.answers:
        layers = tuple(_classed(layer) for layer in partition.layers.get(USE, ()))
        partition.answers[kept] = dataclasses.replace(partition, layers={USE: layers})
    found: Partition = partition.answers[kept]  # type: ignore[assignment] # put there above
    return found


def _classed(layer: CertifiedLayer) -> CertifiedLayer:
    """Layer of the areas with a class alone; its polygons are all that it answers for."""
    keep = np.isin([str(c) for c in layer.classes], FACT.classes)
    own = dataclasses.replace(layer.declaration, coverage=Coverage(own_polygons=True))
    return CertifiedLayer(
        own,
        layer.shapes.take(np.flatnonzero(keep)),
        layer.classes[keep],
        layer.ids[keep],
        layer.quality,
        attributes=layer.attributes[keep].reset_index(drop=True),
    )
