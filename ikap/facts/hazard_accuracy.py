"""Fact: how sure the areas of `hazard_area` are, by class and for natural hazards as one.

Where the layers state no accuracy it is unknown, and nothing is measured.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.facts.accuracy import ground_rows
from ikap.facts.hazard_area import FACT as HAZARD_AREA
from ikap.facts.hazard_area import NATURAL, is_natural
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.union_accuracy import shapes_of, union_variances
from ikap.facts.variance_table import merge_variances

__all__ = ["FACT", "measure"]

FACT = FactSpec(name="hazard_accuracy", uses=HAZARD_AREA.uses, classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴."""
    layers = partition.layers.get("hazards", ())
    tables = [ground_rows(partition, np.ones(len(partition.zone), dtype=bool))]
    if not layers or partition.municipality == "":
        return merge_variances(tables)
    shapes = shapes_of([(layer, np.ones(len(layer.classes), dtype=bool)) for layer in layers])
    classes = np.concatenate([layer.classes for layer in layers]).astype(str)
    for name in sorted(set(classes)):
        tables += union_variances(partition, shapes.take(classes == name), name)
    natural = is_natural(classes)
    if natural.any():
        tables += union_variances(partition, shapes.take(natural), NATURAL)
    return merge_variances(tables)
