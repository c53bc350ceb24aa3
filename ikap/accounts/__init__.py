"""Sums over many areas: the statement, and indicators per municipality and for the region.

In: zones and the long tables of facts, land counted once. Out: `Indicator` rows. To add an
indicator family, add one file with `ACCOUNT` and `account(inputs)`; it is found by being in this
folder. Nothing here knows geometry.
"""

from ikap.accounts.statement import statement
from ikap.accounts.sums import AccountInputs, AccountSpec, by_municipality

__all__ = ["AccountInputs", "AccountSpec", "by_municipality", "statement"]
