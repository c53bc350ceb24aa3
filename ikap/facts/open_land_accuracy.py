"""Fact: how sure the areas of `farmland_by_class` are in LNF, green areas and water of a plan.

That is most of the ground of a plan, and no check is about it: only the area statement tells how
sure it is. The rest is in `farmland_accuracy`.
"""

from __future__ import annotations

import pandas as pd

from ikap.facts.accuracy import land_variances
from ikap.facts.farmland_accuracy import FARMLAND
from ikap.facts.partition import Partition
from ikap.facts.plans import PLAN, may_be_built_on
from ikap.facts.spec import FactSpec
from ikap.facts.variance_table import merge_variances

__all__ = ["FACT", "measure"]

FACT = FactSpec(name="open_land_accuracy", uses=("farmland",), classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴, as `farmland_accuracy` has them; none without a plan."""
    rows = ~may_be_built_on(partition)
    if PLAN not in partition.layers or not rows.any():
        return merge_variances([])
    return land_variances(partition, "farmland", [FARMLAND], rows=rows)
