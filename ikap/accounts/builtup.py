"""Built-up area by municipality and year, as the statistics give it."""

from __future__ import annotations

import pandas as pd

from ikap.accounts.series import yearly
from ikap.accounts.sums import AccountInputs, AccountSpec
from ikap.model import M2_PER, Indicator

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("builtup", goal=2)


def account(inputs: AccountInputs) -> list[Indicator]:
    """Built-up area in m² of each year; a level, not a measure of change."""
    return yearly(
        inputs,
        inputs.statistics.get("builtup", pd.DataFrame()),
        "bebygd_km2",
        indicator="builtup_area",
        goal=2,
        unit="m2",
        factor=M2_PER["km2"],
    )
