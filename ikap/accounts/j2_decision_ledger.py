"""J2, the ledger of decisions: farmland released and returned by decisions, as KOSTRA publishes it.

Decisions are no bulldozed land (J3) and no plans (J1), and are never netted with them. What is
returned stands apart from what is released, and the two laws apart from one another.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.cells import StatementInputs, TableSpec, cells
from ikap.model import M2_PER

__all__ = ["COLUMNS", "TABLE", "USE", "table"]

TABLE = TableSpec("J2")
USE = "farmland_decisions"
COLUMNS = {
    "decided_cultivated": {
        "land_act": "dyrka_jordloven_daa",
        "planning_act": "dyrka_pbl_daa",
        "returned": "tilbakeført_daa",
    },
    "decided_cultivable": {
        "land_act": "dyrkbar_jordloven_daa",
        "planning_act": "dyrkbar_pbl_daa",
        "returned": "dyrkbar_tilbakeført_daa",
    },
}
"""Columns of the table of figures, by part and column of the ledger."""
NAN = float("nan")


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells soil × year × {land_act, planning_act, returned} in m²; NaN where nothing is published.

    Without any table there is one row without a year, and it is unknown.
    """
    given = inputs.statistics.get(USE, pd.DataFrame())
    first = given
    if len(given):  # of two tables the one that is named first answers for a year
        first = given.drop_duplicates(["kommunenummer", "år"], keep="first")
    years = sorted({int(y) for y in first["år"]}) if len(given) else []
    frames = []
    for part, columns in COLUMNS.items():
        for column, name in columns.items():
            frames.append(_cells(inputs, part, column, _figures(first, name), years))
    return cells(inputs, TABLE.name, pd.concat(frames, ignore_index=True))


def _figures(table: pd.DataFrame, name: str) -> dict[tuple[str, int], float]:
    """Figures in daa by municipality and year."""
    if table.empty:
        return {}
    cells_of = zip(table["kommunenummer"], table["år"], table[name], strict=True)
    return {(str(m), int(year)): float(daa) for m, year, daa in cells_of}


def _cells(
    inputs: StatementInputs,
    part: str,
    column: str,
    figures: dict[tuple[str, int], float],
    years: list[int],
) -> pd.DataFrame:
    keys = [(m, year) for m in sorted(inputs.area_m2) for year in years or [0]]
    daa = np.array([float(figures.get(key, NAN)) for key in keys], dtype=np.float64)
    return pd.DataFrame(
        {
            "municipality": [m for m, _ in keys],
            "part": part,
            "row": [str(year) if year else "" for _, year in keys],
            "column": column,
            "value": daa * M2_PER["daa"],
            "unknown": np.where(np.isnan(daa), NAN, 0.0),
        }
    )
