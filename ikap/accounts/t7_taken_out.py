"""T7: development in the plan now that the proposal gives back to LNFR, by purpose.

Taking an unbuilt area out of a plan avoids a loss; it makes no farmland, and is never netted
against new development. LNFR with scattered building, and ground that the proposal leaves out, are
columns of their own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.cells import (
    DEVELOPMENTS,
    NOT_IN_PLAN,
    UNKNOWN_PLAN,
    StatementInputs,
    TableSpec,
    cells,
)
from ikap.accounts.comparing import changes
from ikap.kinds.codes import code_list
from ikap.model import Development

__all__ = ["TABLE", "table"]

TABLE = TableSpec("T7", needs=("compared_purpose",), ground=("compared_purpose",), compares=True)
LNFR, SPREAD = "lnfr", "lnfr_spread"
GROUPS = {"14": LNFR, "15": SPREAD}
"""NINA's groups of arealformål that are LNFR."""
FROM = [d for d in DEVELOPMENTS if d != Development.SPREAD]


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells old purpose × where it went, apart by what the area was for building, in m²."""
    found = changes(inputs)
    found = found[found["old_development"].isin(FROM)]
    column = found["new"].map({code: _column(code) for code in found["new"].unique()})
    kept = found.assign(column=column.astype(object), row=found["old"])[column.notna()]
    unknown = np.where(kept["column"] == UNKNOWN_PLAN, kept["value"], 0.0)
    kept = kept.assign(part=kept["old_development"], unknown=unknown)
    return cells(inputs, TABLE.name, kept)


def _column(purpose: str) -> str | None:
    if purpose in (NOT_IN_PLAN, UNKNOWN_PLAN):
        return purpose
    code = code_list("kp_arealformal").find(purpose) or code_list("rp_arealformal").find(purpose)
    return GROUPS.get(code.group[:2]) if code else None
