"""Fact: how sure the land cover of planned areas is, by class, for what is built and what is not.

What the statement's tables sum, and no more: planned areas, each square metre of a plan once. The
classes are those of `landcover_by_class`, built-up and transport taken as one, and so is water.
"""

from __future__ import annotations

from functools import partial
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
FACT = FactSpec(name="landcover_accuracy", uses=LANDCOVER.uses, classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴; none of areas where nothing is planned.

    What is built and what is not have the lines between the two, so that both err alike.
    """
    rows = np.isin(partition.zone, planned(partition).zone)
    if not rows.any():
        return merge_variances([])
    ask = partial(land_variances, partition, cover_use(partition), [], rows=rows)
    by_class, in_two = ask(labels=_by_class), ask(labels=_in_two)
    mine = in_two["class"].isin([named(BUILT), named(UNBUILT)])
    return merge_variances([by_class[by_class["class"] != named(BUILT)], in_two[mine]])


def _by_class(layer: CertifiedLayer) -> NDArray[np.object_]:
    return _renamed(detailed(layer), BUILT, WATER)


def _in_two(layer: CertifiedLayer) -> NDArray[np.object_]:
    return _renamed(layer.classes, BUILT, UNBUILT)


def _renamed(classes: NDArray[np.object_], *groups: tuple[str, ...]) -> NDArray[np.object_]:
    names = {c: named(group) for group in groups for c in group}
    found: NDArray[Any] = np.array([names.get(c, c) for c in classes], dtype=object)
    return found
