"""Commercial land in the plan: purposes for business, and purposes that can hold it.

The two are rows of their own and are never added up: a *kombinert* purpose or plain *bebyggelse
og anlegg* may become something else. How much of it will be business is not known.
"""

from __future__ import annotations

import numpy as np

from ikap.accounts.sums import WHOLE, AccountInputs, AccountSpec, by_municipality
from ikap.model import Development, Indicator

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("commercial_plan", goal=4, needs=("farmland_by_class",))
RANGES = {
    "commercial_planned": (("1300", "1399"), ("1810", "1831")),
    "commercial_possible": (("1000", "1001"), ("1800", "1809")),
}
"""Arealformål, first and last code: næring (with 1810-series, which has no housing), and what can
hold it (1001 and 1800)."""
DEVELOPMENTS = (Development.FUTURE, Development.FURTHER, Development.ADOPTED)


def account(inputs: AccountInputs) -> list[Indicator]:
    """Area in m² by municipality, of each sort of purpose and each development class."""
    land = inputs.tables["farmland_by_class"].assign(**{"class": WHOLE})
    development = inputs.zones.development
    found: list[Indicator] = []
    for name, ranges in RANGES.items():
        purpose = np.array([_within(str(p), ranges) for p in inputs.zones.purpose], dtype=bool)
        for wanted in DEVELOPMENTS:
            found += by_municipality(
                inputs,
                land,
                indicator=f"{name}_{wanted}",
                goal=4,
                classes=(WHOLE,),
                zones=purpose & (development == wanted),
                unclear=purpose & (development == Development.UNCLEAR),
                direction="none",
            )
    return found


def _within(purpose: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return len(purpose) == 4 and any(low <= purpose <= high for low, high in ranges)  # noqa: PLR2004
