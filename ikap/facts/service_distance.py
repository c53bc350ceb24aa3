"""Fact: distance on foot along the network to the nearest service of each sort, in m."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.ways import METHOD, NETWORK, walked
from ikap.kinds.services import CLASSES_IN, SERVICES

__all__ = ["FACT", "measure"]

FACT = FactSpec(
    name="service_distance",
    uses=(NETWORK, "services"),
    classes=tuple(SERVICES),
    unit="m",
    parameters=METHOD,
    sampled=True,
    by_hand="way",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of samples; a sort that a layer has nowhere is not in that layer's map."""
    return walked(partition, "services", FACT.classes, _services)


def _services(layer: CertifiedLayer, sort: str, municipality: str) -> NDArray[np.bool_] | None:
    del municipality  # a shop across the border is a shop
    wanted = np.asarray(layer.attributes[CLASSES_IN] == sort, dtype=bool)
    return wanted if wanted.any() else None
