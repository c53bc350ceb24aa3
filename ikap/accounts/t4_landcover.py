"""T4: reserve by land cover: what stands there today, by AR5 class, forest by site index.

A row adds up to what is set aside: reserve by class, and built, dropped, apart and unknown beside
it. Dyrkbar jord lies on other classes and is a herav column.
"""

from __future__ import annotations

import pandas as pd

from ikap.accounts.cells import StatementInputs, TableSpec, cells
from ikap.accounts.reserve import ReserveMethod
from ikap.accounts.reserve_parts import UNKNOWN, parts_of
from ikap.accounts.t5_quality import overlaps

__all__ = ["CULTIVABLE", "TABLE", "table"]

TABLE = TableSpec("T4", needs=("theme_area",))
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
    return pd.concat(
        [summed, cells(inputs, TABLE.name, theme, method=method.name, herav=True)],
        ignore_index=True,
    )
