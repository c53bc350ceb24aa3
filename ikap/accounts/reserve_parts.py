"""Planned land by what a method makes of it; the ground of T3 and T4."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.cells import StatementInputs, of_zones
from ikap.accounts.reserve import ReserveMethod
from ikap.facts.table import NOT_COVERED, OTHER
from ikap.model import Development

__all__ = ["APART", "BUILT", "DROPPED", "UNKNOWN", "parts_of"]

BUILT, DROPPED, APART, UNKNOWN = "built", "dropped", "apart", "not_covered"
UNCLEAR_LAND = (NOT_COVERED, OTHER)
"""Not mapped, or known not to be farmland and no more: built or not, nobody knows."""


def parts_of(inputs: StatementInputs, method: ReserveMethod) -> pd.DataFrame:
    """Every planned area that the method judges, by part.

    Parameters
    ----------
    inputs : StatementInputs
        Facts by name.
    method : ReserveMethod
        Which areas, and which classes are no reserve.

    Returns
    -------
    DataFrame
        `municipality`, `development`, `purpose`, `class` (`built`, `dropped`, `apart`,
        `not_covered`, or the land class of reserve), `area_m2`. All of an unclear area is
        `not_covered`.
    """
    table = of_zones(inputs, method.fact)
    keys = list(zip(table["purpose"], table["level"], table["development"], strict=True))
    judged = {key: method.judges(*key) for key in set(keys)}
    table = table[np.array([judged[key] for key in keys], dtype=bool)]
    names = dict.fromkeys(UNCLEAR_LAND, UNKNOWN) | dict.fromkeys(method.built, BUILT)
    names |= dict.fromkeys(method.dropped, DROPPED) | dict.fromkeys(method.apart, APART)
    classes = (
        table["class"].replace(names).mask(table["development"] == Development.UNCLEAR, UNKNOWN)
    )
    columns = ["municipality", "development", "purpose", "class", "area_m2"]
    return table.assign(**{"class": classes})[columns]
