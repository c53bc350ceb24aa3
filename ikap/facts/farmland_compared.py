"""Fact: farmland in each planned area, apart by what the compared plan has there, in m².

Ground in several areas counts in one of them. See `farmland_old_plan` for the classes.
"""

from __future__ import annotations

import pandas as pd

from ikap.facts.farmland_old_plan import BUFFER, SEGMENTS, counted_farmland, unknown_ground
from ikap.facts.partition import Partition
from ikap.facts.plans import COMPARED, once
from ikap.facts.spec import FactSpec
from ikap.facts.table import merge

__all__ = ["FACT", "measure"]

FACT = FactSpec(
    name="farmland_compared",
    uses=(COMPARED, "farmland", "buildings"),
    classes=(),
    parameters=(BUFFER, SEGMENTS),
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m²; empty without a plan to compare with."""
    if COMPARED not in partition.layers:
        return merge([])
    (other,) = partition.layers[COMPARED]
    mine = once(partition)
    return merge(
        [*counted_farmland(partition, mine, other), *unknown_ground(partition, mine, other)]
    )
