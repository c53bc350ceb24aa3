"""Fact: dyrkbar jord in each area that may be built on, in m², by whether it has changed.

Dyrkbar jord lies on top of AR5 and is herav: outside every sum, and never added to farmland. Ground
that no layer of it covers is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ikap.facts.land import land_areas
from ikap.facts.listing import list_land
from ikap.facts.partition import Partition
from ikap.facts.plans import for_building
from ikap.facts.spec import FactSpec
from ikap.facts.table import OTHER
from ikap.kinds.cultivable import CHANGED, CULTIVABLE

__all__ = ["FACT", "listed", "measure"]

FACT = FactSpec(
    name="cultivable_by_class",
    uses=("cultivable",),
    classes=(CULTIVABLE, CHANGED, OTHER),
    accuracy="cultivable_accuracy",
    by_hand="sum",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m², with `not_covered` for ground that is not mapped."""
    return land_areas(for_building(partition), "cultivable")


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Pieces of cultivable land (`listing.COLUMNS`), one table a layer that answers."""
    return list_land(for_building(partition), "cultivable", classes)
