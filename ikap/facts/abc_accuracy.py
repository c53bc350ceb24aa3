"""Fact: how sure the areas of `area_by_abc` are, by class; unknown where none is stated."""

from __future__ import annotations

import pandas as pd

from ikap.facts.accuracy import land_variances
from ikap.facts.area_by_abc import USE, classed
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec

__all__ = ["FACT", "measure"]

FACT = FactSpec(name="abc_accuracy", uses=(USE,), classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴."""
    return land_variances(classed(partition), USE, [])
