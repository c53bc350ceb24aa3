"""Fact: length in m of each planned road or railway drawn as a line, by what it lies on.

How much ground such a line takes is unknown, for it has no width; how long it is across farmland is
not. Ground that no layer maps is `not_covered`, and what lies outside the region too.
"""

from __future__ import annotations

import pandas as pd

from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.transport_lines import ELSEWHERE, ON_FARMLAND, lengths

__all__ = ["FACT", "measure"]

FACT = FactSpec(
    name="line_land",
    uses=("farmland",),
    classes=(ON_FARMLAND, ELSEWHERE),
    unit="m",
    of_lines=True,
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table line × class with lengths in m; the rows of a line add up to its length."""
    return lengths(partition, partition.zone, partition.geometry)
