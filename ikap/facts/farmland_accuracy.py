"""Fact: how sure the areas of `farmland_by_class` are, by class and for farmland as one."""

from __future__ import annotations

import pandas as pd

from ikap.facts.accuracy import land_variances
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec

__all__ = ["FACT", "FARMLAND", "measure"]

FARMLAND = ("21", "22", "23", "20")
FACT = FactSpec(name="farmland_accuracy", uses=("farmland",), classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴; borders between two classes of farmland count for neither."""
    return land_variances(partition, "farmland", [FARMLAND])
