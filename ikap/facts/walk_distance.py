"""Fact: distance on foot along the network to the nearest stop of each mode, in m."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.ways import METHOD, NETWORK, walked
from ikap.kinds.stops import CLASSES_IN, MODES

__all__ = ["FACT", "measure"]

FACT = FactSpec(
    name="walk_distance",
    uses=(NETWORK, "stops"),
    classes=tuple(MODES),
    unit="m",
    parameters=METHOD,
    sampled=True,
    by_hand="way",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of samples; a layer whose mode is a constant says nothing of other modes."""
    return walked(partition, "stops", FACT.classes, _stops)


def _stops(layer: CertifiedLayer, mode: str, municipality: str) -> NDArray[np.bool_] | None:
    del municipality  # a stop across the border is a stop
    wanted = np.asarray(layer.attributes[CLASSES_IN] == mode, dtype=bool)
    only = CLASSES_IN in layer.declaration.constants
    return None if only and not wanted.any() else wanted
