"""Fact: area of each purpose of the compared plan in each zone, and in the municipalities, in m².

A class is `purpose/development/level` of the other plan; ground outside it is `not_covered`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.facts.partition import Partition
from ikap.facts.plans import COMPARED, once
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, merge, rows
from ikap.measure import pair_areas

__all__ = ["FACT", "measure"]

FACT = FactSpec(name="compared_purpose", uses=(COMPARED,), classes=())
ROUNDING_M2 = 1e-3


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m²; empty without a plan to compare with."""
    if COMPARED not in partition.layers:
        return merge([])
    (other,) = partition.layers[COMPARED]
    mine = np.flatnonzero(once(partition))
    told = other.attributes
    labels = (
        told["arealformål"].fillna("").astype(str)
        + "/"
        + told["development"].astype(str)
        + "/"
        + told["plan_level"].astype(str)
    ).to_numpy(dtype=object)
    found = pair_areas(partition.geometry[mine], other.shapes)
    rest = partition.area[mine] - np.bincount(found.zone, found.area, minlength=len(mine))
    assert (rest > -ROUNDING_M2).all(), "the compared plan counts ground twice"
    some = rest > ROUNDING_M2
    place, zone = {"municipality": partition.municipality}, partition.zone[mine]
    hit = rows(zone[found.zone], found.area, layer=other.name, classes=labels[found.land], **place)
    return merge([hit, rows(zone[some], rest[some], layer="", classes=NOT_COVERED, **place)])
