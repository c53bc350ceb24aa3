"""Commuters to and from the region's centre as a table prints them, on the borders it was made on.

Municipalities keep the numbers of the table, so a row may stand for one that does not exist any
more. The region's figure is the sum of the printed ones.
"""

from __future__ import annotations

import pandas as pd

from ikap.accounts.sums import REGION, AccountInputs, AccountSpec
from ikap.model import Indicator

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("commuting", goal=1)


def account(inputs: AccountInputs) -> list[Indicator]:
    """Commuters to the centre, their share of employed residents, and commuters out of it."""
    table = inputs.statistics.get("commuting", pd.DataFrame())
    if table.empty:
        return []
    centres = set(table["til"].dropna())
    to = table[table["til"].notna()]
    out = table[table["til"].isna() & table["kommunenummer"].isin(centres)]
    found: list[Indicator] = []
    for name, rows in (("commuters_to_centre", to), ("commuters_from_centre", out)):
        for year, part in rows.groupby("år", sort=True):
            printed = part.sort_values("kommunenummer", kind="stable")
            figures = list(zip(printed["kommunenummer"], printed["pendlere"], strict=True))
            if name == "commuters_to_centre":
                figures.append((REGION, printed["pendlere"].sum(skipna=False)))
            found += [_row(inputs, (name, "persons", int(str(year))), n, v) for n, v in figures]
    shares = to[to["andel_prosent"].notna()]
    cells = zip(shares["kommunenummer"], shares["andel_prosent"], shares["år"], strict=True)
    found += [_row(inputs, ("commuters_share", "share", int(y)), n, v / 100) for n, v, y in cells]
    return found


def _row(inputs: AccountInputs, what: tuple[str, str, int], number: str, value: float) -> Indicator:
    name, unit, year = what
    unknown = float("nan") if pd.isna(value) else 0.0
    return Indicator(name, 1, inputs.plan, number, float(value), unknown, unit, "none", year=year)
