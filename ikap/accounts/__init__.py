"""Sums over many areas: the statement, and indicators per municipality and for the region.

In: zones and the long tables of facts, land counted once. Out: `Indicator` rows. To add an
indicator family, add one file with `ACCOUNT` and `account(inputs)`; for a table of the statement
one with `TABLE` and `table(inputs)`; for a method of counting reserve one with `METHOD`. They are
found by being in this folder. Nothing here knows geometry.
"""

from ikap.accounts.cells import CELL_COLUMNS, StatementInputs, TableSpec
from ikap.accounts.reserve import ReserveMethod
from ikap.accounts.statement import statement
from ikap.accounts.sums import AccountInputs, AccountSpec, by_municipality

__all__ = [
    "CELL_COLUMNS",
    "AccountInputs",
    "AccountSpec",
    "ReserveMethod",
    "StatementInputs",
    "TableSpec",
    "by_municipality",
    "statement",
]
