"""Fact: how sure the areas of `theme_area` are, by theme.

Of a theme whose layers state no accuracy it is unknown, and nothing is measured.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.facts.accuracy import ground_rows
from ikap.facts.partition import Partition
from ikap.facts.reserve import planned
from ikap.facts.spec import FactSpec
from ikap.facts.theme_area import FACT as THEME_AREA
from ikap.facts.theme_area import THEMES, holders_of
from ikap.facts.union_accuracy import shapes_of, union_variances
from ikap.facts.variance_table import merge_variances

__all__ = ["FACT", "measure"]

FACT = FactSpec(name="theme_accuracy", uses=THEME_AREA.uses, classes=(), variances=True)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of variances in m⁴, of planned areas that are summed."""
    areas = planned(partition)
    if not len(areas.zone) or areas.municipality == "":
        return merge_variances([])
    tables = [ground_rows(areas, np.ones(len(areas.zone), dtype=bool))]
    for name in THEMES:
        holders = [(layer, keep) for layer, keep in holders_of(areas, name) if keep.any()]
        if holders:
            tables += union_variances(areas, shapes_of(holders), name)
    return merge_variances(tables)
