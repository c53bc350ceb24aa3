"""T3: reserve by purpose: set aside, built, reserve, and what the method drops or cannot tell.

Kinds of reserve are parts that are never added up: future, further development, adopted and not
built, LNFR with scattered building. Whether an area is under objection (innsigelse) is not in plan
data, so that part is unknown, not none.
"""

from __future__ import annotations

import pandas as pd

from ikap.accounts.cell_intervals import built_and_not, of_land, with_intervals
from ikap.accounts.cells import StatementInputs, TableSpec, cells
from ikap.accounts.reserve import ReserveMethod
from ikap.accounts.reserve_parts import APART, BUILT, DROPPED, UNKNOWN, parts_of

__all__ = ["TABLE", "table"]

TABLE = TableSpec("T3", needs=("landcover_accuracy",))
OBJECTION, ALL = "objection", "all"
SET_ASIDE, RESERVE = "set_aside", "reserve"
NO_RESERVE = (BUILT, DROPPED, APART, UNKNOWN)


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells purpose × {set_aside, built, dropped, apart, not_covered, reserve}, in m², by method.

    `set_aside` is the sum of the others. What is built and what is reserve have an interval: the
    map tells them apart.
    """
    return pd.concat([_one(inputs, method) for method in inputs.methods], ignore_index=True)


def _one(inputs: StatementInputs, method: ReserveMethod) -> pd.DataFrame:
    found = parts_of(inputs, method)
    found = found.rename(
        columns={"development": "part", "purpose": "row", "class": "column", "area_m2": "value"}
    )
    column = found["column"].where(found["column"].isin(NO_RESERVE), RESERVE)
    parts = found.assign(column=column)
    left = parts[column == RESERVE].assign(unknown=0.0)
    unknown = parts[column == UNKNOWN]
    beside = unknown.assign(column=RESERVE, unknown=unknown["value"], value=0.0)
    whole = parts.assign(column=SET_ASIDE)
    others = parts[column != RESERVE]
    objections = pd.DataFrame(
        {
            "municipality": sorted(inputs.area_m2),
            "part": OBJECTION,
            "row": ALL,
            "column": RESERVE,
            "value": float("nan"),
            "unknown": float("nan"),
        }
    )
    frames = [frame for frame in (whole, others, left, beside, objections) if len(frame)]
    joined = pd.concat(frames, ignore_index=True).fillna({"unknown": 0.0})
    nobody = joined["part"] == OBJECTION
    joined["unknown"] = joined["unknown"].mask(nobody)
    summed = cells(inputs, TABLE.name, joined, method=method.name)
    built, reserve = built_and_not(method)
    sure = of_land(inputs, method, {BUILT: built, RESERVE: reserve})
    return with_intervals(summed, sure, whole=SET_ASIDE)
