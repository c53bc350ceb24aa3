"""Fact: how sure the areas of `farmland_by_class` are where the plan may be built on.

By class, and for farmland as one. The rest of the plan, which no check is about, is in
`open_land_accuracy`. Without a plan all of the ground is here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.facts.accuracy import land_variances
from ikap.facts.partition import Partition
from ikap.facts.plans import PLAN, may_be_built_on
from ikap.facts.spec import FactSpec

__all__ = ["FACT", "FARMLAND", "measure"]

FARMLAND = ("21", "22", "23", "20")
FACT = FactSpec(name="farmland_accuracy", uses=("farmland",), classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴; borders between two classes of farmland count for neither."""
    everywhere = np.ones(len(partition.zone), dtype=bool)
    rows = may_be_built_on(partition) if PLAN in partition.layers else everywhere
    return land_variances(partition, "farmland", [FARMLAND], rows=rows)
