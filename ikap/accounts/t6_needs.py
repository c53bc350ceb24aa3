"""T6: dwellings that growth needs against what housing land can hold, per municipality.

The figures are those of the indicators `dwellings_needed` and `dwelling_potential`; nothing is
worked out anew. Growth only: replacement, holiday homes and densification are not part of it.
"""

from __future__ import annotations

import pandas as pd

from ikap.accounts.cells import StatementInputs, TableSpec, cells

__all__ = ["TABLE", "table"]

TABLE = TableSpec("T6")
COLUMNS = {"dwellings_needed": "needed", "dwelling_potential": "capacity"}
SURPLUS = "surplus"


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells municipality × {needed, capacity, surplus} in dwellings; empty without both figures."""
    rows = [
        (i.municipality, COLUMNS[i.indicator], i.value, i.unknown)
        for i in inputs.indicators
        if i.indicator in COLUMNS and i.municipality in inputs.area_m2
    ]
    found = pd.DataFrame(rows, columns=["municipality", "column", "value", "unknown"])
    if set(found["column"]) != set(COLUMNS.values()):
        found = found.iloc[:0]
    wide = found.pivot_table(
        index="municipality", columns="column", values=["value", "unknown"], dropna=False
    )
    frames = [found]
    if len(found):
        value = wide["value", "capacity"] - wide["value", "needed"]
        unknown = wide["unknown", "capacity"] + wide["unknown", "needed"]
        surplus = pd.DataFrame({"value": value, "unknown": unknown}).reset_index()
        frames.append(surplus.assign(column=SURPLUS))
    joined = pd.concat(frames, ignore_index=True)
    return cells(inputs, TABLE.name, joined.assign(row=joined["municipality"]), unit="count")
