"""Fact: how sure the areas of `cultivable_by_class` are, by class and taken together."""

from __future__ import annotations

import pandas as pd

from ikap.facts.accuracy import land_variances
from ikap.facts.partition import Partition
from ikap.facts.plans import for_building
from ikap.facts.spec import FactSpec
from ikap.kinds.cultivable import CHANGED, CULTIVABLE

__all__ = ["FACT", "measure"]

FACT = FactSpec(name="cultivable_accuracy", uses=("cultivable",), classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴; borders between the two classes count for neither."""
    return land_variances(for_building(partition), "cultivable", [(CULTIVABLE, CHANGED)])
