"""Reserve of commercial land as the register has it: vacant land by municipality, status and class.

Vacant land in areas that are to be given up (*utgår*) is not reserve. An area without a figure for
vacant land may be vacant up to its net (or gross) area: that is the unknown part.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.sums import REGION, AccountInputs, AccountSpec
from ikap.kinds.commercial import CLASSES, STATUSES
from ikap.model import Indicator

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("commercial_reserve", goal=4)
LEAVING = "utgår"
COLUMNS = ("kommunenummer", "status", "abc", "brutto_m2", "netto_m2", "ledig_m2")


def account(inputs: AccountInputs) -> list[Indicator]:
    """Gross and vacant area in m², the vacant one also by class and by status."""
    if "commercial" not in inputs.statistics:
        return []
    register = inputs.statistics["commercial"].reindex(columns=list(COLUMNS))
    kept = register[register["status"].isna() | (register["status"] != LEAVING)]
    gross = kept["brutto_m2"]
    most = kept["netto_m2"].fillna(gross)  # vacant land is at most this
    vacant = kept["ledig_m2"]
    found = _sums(inputs, kept, "commercial_gross", gross, gross)
    found += _sums(inputs, kept, "commercial_vacant", vacant, most)
    for abc in CLASSES:
        rows = kept[kept["abc"] == abc]
        found += _sums(inputs, rows, f"commercial_vacant_{abc.lower()}", vacant, most)
    rows = kept[~kept["abc"].isin(CLASSES)]
    found += _sums(inputs, rows, "commercial_vacant_unclassed", vacant, most)
    for status, key in STATUSES.items():
        if status != LEAVING:
            rows = kept[kept["status"] == status]
            found += _sums(inputs, rows, f"commercial_vacant_in_{key}", vacant, most)
    rows = kept[kept["status"].isna()]
    return found + _sums(inputs, rows, "commercial_vacant_in_no_status", vacant, most)


def _sums(
    inputs: AccountInputs, rows: pd.DataFrame, name: str, value: pd.Series, most: pd.Series
) -> list[Indicator]:
    """Sum by municipality and for the region; what has no figure is unknown up to `most`."""
    covered = inputs.covered.get("commercial", frozenset())
    register = inputs.statistics["commercial"]
    listed = set(register["kommunenummer"]) if len(register) else set()
    found = []
    for number in inputs.municipalities:
        here = rows.index[rows["kommunenummer"] == number]
        silent = here[value[here].isna()]
        known, unknown = float(value[here].sum()), float(most[silent].sum(skipna=False))
        if number not in covered:  # at least this much, if anything is known
            unknown = float("nan")
            known = known if number in listed else float("nan")
        elif len(silent) == len(here) > 0:
            known = float("nan")
        found.append((number, known, unknown))
    known_ones = [known for _, known, _ in found if not np.isnan(known)]
    total = float(np.sum(known_ones)) if known_ones else float("nan")
    found.append((REGION, total, float(np.sum([unknown for _, _, unknown in found]))))
    return [
        Indicator(name, 4, inputs.plan, number, known, unknown, "m2", "none")
        for number, known, unknown in found
    ]
