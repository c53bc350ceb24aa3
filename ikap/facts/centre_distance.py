"""Fact: distance on foot along the network to the municipality's own and the nearest centre, in m.

A centre that is an outline is reached at its edge; samples inside it have 0 m.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.ways import METHOD, NETWORK, walked

__all__ = ["FACT", "NEAREST", "OWN", "measure"]

OWN, NEAREST = "own", "nearest"
FACT = FactSpec(
    name="centre_distance",
    uses=(NETWORK, "centres"),
    classes=(OWN, NEAREST),
    unit="m",
    parameters=METHOD,
    sampled=True,
    by_hand="way",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of samples; a zone across a border has each part's own centres."""
    return walked(partition, "centres", FACT.classes, _centres)


def _centres(layer: CertifiedLayer, name: str, municipality: str) -> NDArray[np.bool_] | None:
    numbers = layer.attributes["kommunenummer"]
    if name == NEAREST:
        return np.ones(len(numbers), dtype=bool)
    own = np.asarray(numbers == municipality, dtype=bool)
    return own if own.any() else None  # no centre of its own in the map: not known
