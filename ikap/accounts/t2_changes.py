"""T2: change matrix, arealformål now × arealformål in the proposal; the diagonal is unchanged.

Rows add up to T1 *now*, columns to T1 *proposal*, all of it to the municipality.
"""

from __future__ import annotations

import pandas as pd

from ikap.accounts.cells import StatementInputs, TableSpec, cells
from ikap.accounts.comparing import changes

__all__ = ["TABLE", "table"]

TABLE = TableSpec("T2", needs=("compared_purpose",), ground=("compared_purpose",), compares=True)


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells old purpose × new purpose in m², with rows and columns for ground in one plan alone."""
    found = changes(inputs)
    return cells(inputs, TABLE.name, found.rename(columns={"old": "row", "new": "column"}))
