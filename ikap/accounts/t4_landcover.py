"""T4: reserve by land cover: what stands there today, by AR5 class, forest by site index.

A row adds up to what is set aside: reserve by class, and built, dropped, apart and unknown beside
it. Dyrkbar jord lies on other classes and is a herav column.
"""

from __future__ import annotations

import pandas as pd

from ikap.accounts.cell_intervals import (
    LAND_CLASSES,
    built_and_not,
    of_land,
    of_themes,
    with_intervals,
)
from ikap.accounts.cells import StatementInputs, TableSpec, cells
from ikap.accounts.reserve import ReserveMethod
from ikap.accounts.reserve_parts import BUILT, UNKNOWN, parts_of
from ikap.accounts.t5_quality import overlaps

__all__ = ["CULTIVABLE", "TABLE", "table"]

TABLE = TableSpec("T4", needs=("theme_area", "theme_accuracy", "landcover_accuracy"))
CULTIVABLE = "cultivable"
TOGETHER = {"11": "11_12", "12": "11_12", "81": "81_82", "82": "81_82"}


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells purpose × class in m², by method; dyrkbar jord is of all that is set aside."""
    return pd.concat([_one(inputs, method) for method in inputs.methods], ignore_index=True)


def _one(inputs: StatementInputs, method: ReserveMethod) -> pd.DataFrame:
    found = parts_of(inputs, method)
    parts = found.rename(columns={"development": "part", "purpose": "row", "area_m2": "value"})
    parts = parts.assign(column=parts["class"].replace(TOGETHER))
    parts["unknown"] = parts["value"].where(parts["column"] == UNKNOWN, 0.0)
    summed = cells(inputs, TABLE.name, parts, method=method.name)
    theme = overlaps(inputs, (CULTIVABLE,), method)
    beside = cells(inputs, TABLE.name, theme, method=method.name, herav=True)
    land = of_land(inputs, method, {**LAND_CLASSES, BUILT: built_and_not(method)[0]})
    lying_on_top = of_themes(inputs, (CULTIVABLE,), method)
    return with_intervals(pd.concat([summed, beside], ignore_index=True), land, lying_on_top)
