"""Fact: how sure the land cover of planned areas is, by class, for what is built and what is not.

What the statement's tables sum, and no more: planned areas, each square metre of a plan once. The
classes are those of `landcover_by_class`, built-up and transport taken as one, and so is water.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.accuracy import land_variances
from ikap.facts.certificate import CertifiedLayer
from ikap.facts.landcover_by_class import FACT as LANDCOVER
from ikap.facts.landcover_by_class import cover_use, detailed
from ikap.facts.partition import Partition
from ikap.facts.reserve import planned
from ikap.facts.spec import FactSpec
from ikap.facts.variance_table import merge_variances, named

__all__ = ["BUILT", "FACT", "UNBUILT", "WATER", "measure"]

BUILT, WATER = ("11", "12"), ("81", "82")
UNBUILT = tuple(c for c in LANDCOVER.classes if c not in BUILT)
"""All land that is not built on, taken as one."""
TOGETHER = {c: named(group) for group in (BUILT, WATER) for c in group}
FACT = FactSpec(name="landcover_accuracy", uses=LANDCOVER.uses, classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴; none of areas where nothing is planned."""
    rows = np.isin(partition.zone, planned(partition).zone)
    if not rows.any():
        return merge_variances([])
    group = dict.fromkeys(TOGETHER.get(c, c) for c in UNBUILT)
    return land_variances(partition, cover_use(partition), [[*group]], labels=_labels, rows=rows)


def _labels(layer: CertifiedLayer) -> NDArray[np.object_]:
    own = detailed(layer)
    found: NDArray[Any] = np.array([TOGETHER.get(c, c) for c in own], dtype=object)
    return found
