"""Fact: area of each land class in each zone, in m², from the region's farmland layers in order."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ikap.facts.land import land_areas
from ikap.facts.listing import list_land
from ikap.facts.partition import Partition
from ikap.facts.spec import FactSpec
from ikap.facts.table import OTHER, OVERVIEW

__all__ = ["FACT", "listed", "measure"]

FACT = FactSpec(
    name="farmland_by_class",
    uses=("farmland",),
    classes=(
        "21",
        "22",
        "23",
        "20",
        "11",
        "12",
        "30",
        "50",
        "60",
        "70",
        "81",
        "82",
        OTHER,
        OVERVIEW,
    ),
    accuracy="farmland_accuracy",
    by_hand="sum",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m²; ground that no layer covers is `not_covered`, so unknown."""
    return land_areas(partition, "farmland", overview=True)


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Pieces of the given classes (`listing.COLUMNS`), one table a layer that answers."""
    return list_land(partition, "farmland", classes)
