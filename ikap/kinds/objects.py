"""Object types of plan data, known again by the official table whatever was done to the names."""

from __future__ import annotations

from functools import cache

import pandas as pd

from ikap.kinds.codes import Code, code_list
from ikap.sources.names import LOST, find_name, fold

__all__ = ["LEVELS", "named", "object_type", "object_uses"]

LEVELS = ("kp", "rp", "rb")
"""First letters of object types: kommuneplan, reguleringsplan, reguleringsplan of older law."""
PLAN_OBJECT = rf"(?:{'|'.join(LEVELS)})[a-z{LOST}]+$"
"""Object types of plan data, folded; other words in that column are not held against them."""
AREA, OTHER = "area", "other"


def object_type(name: object) -> Code | None:
    """Row of an object type in the official table.

    Parameters
    ----------
    name : object
        As in the file, in any case, with letters lost or written in other ways.

    Returns
    -------
    Code or None
        None for what is no object type of plan data.

    Examples
    --------
    >>> object_type("KPAREALFORMALOMRADE").name_nb
    'Arealformål'
    """
    return _found(name) if isinstance(name, str) else None


@cache
def _found(name: str) -> Code | None:
    types = code_list("objekttype").codes
    known = find_name(name, types)
    return None if known is None else types[known]


def named(use: str) -> tuple[str, ...]:
    """Official names of the object types that have that use: area, line, zone, concern or other.

    Parameters
    ----------
    use : str
        Column `group` of the table.

    Returns
    -------
    tuple of str
        In the table's order.
    """
    return tuple(row.code for row in code_list("objekttype").codes.values() if row.group == use)


def object_uses(types: pd.Series) -> pd.Series:
    """Use of each row: `area`, `line`, `zone`, `concern` or `other`.

    Parameters
    ----------
    types : Series of str
        Column `objtype`, missing where the file has none.

    Returns
    -------
    Series of str
        `area` for all rows where the column holds no object types of plan data at all.
    """
    folded = types.map(lambda t: fold(t) if isinstance(t, str) else "")
    if not folded.str.match(PLAN_OBJECT).any():
        return pd.Series(AREA, index=types.index, dtype=object)
    rows = {name: object_type(name) for name in types.dropna().unique()}
    return types.map({name: row.group for name, row in rows.items() if row}).fillna(OTHER)
