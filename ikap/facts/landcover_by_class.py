"""Fact: area of each land cover class in each zone, in m², forest by its site index (bonitet).

Ground in several zones counts in one of them. Same measure as `farmland_by_class` where the same
layers answer; finer classes, and no farmland map stands in for land cover.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.land import land_areas
from ikap.facts.partition import Partition
from ikap.facts.plans import once
from ikap.facts.spec import FactSpec

__all__ = ["FACT", "cover_use", "detailed", "measure"]

USE, FARMLAND = "landcover", "farmland"
FOREST, BONITET = "30", "skogbonitet"
INDEXED = ("11", "12", "13", "14", "15")
FACT = FactSpec(
    name="landcover_by_class",
    uses=(USE, FARMLAND),
    classes=(
        *("21", "22", "23", "20", "11", "12", FOREST),
        *(f"{FOREST}_{index}" for index in INDEXED),
        *("50", "60", "70", "81", "82"),
    ),
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m²; ground that no layer covers is `not_covered`, so unknown."""
    table = land_areas(partition, cover_use(partition), detailed)
    mine = partition.zone[once(partition)]
    return table[table["zone"].isin(mine)].reset_index(drop=True)


def cover_use(partition: Partition) -> str:
    """Name under `[use]` of the land cover: the farmland's layers where no others are named."""
    return USE if partition.layers.get(USE) else FARMLAND


def detailed(layer: CertifiedLayer) -> NDArray[np.object_]:
    """Class of each polygon, forest as `30_13` where the layer states its site index."""
    if BONITET not in layer.attributes:
        return layer.classes
    found: NDArray[Any] = layer.classes.copy()
    forest = np.flatnonzero(layer.classes == FOREST)
    code, names = pd.factorize(layer.attributes[BONITET].iloc[forest].fillna("").astype(str))
    for k, name in enumerate(names):
        if name in INDEXED:
            found[forest[code == k]] = f"{FOREST}_{name}"
    return found
