"""Ground in two plans: what each piece was and what it becomes, per municipality."""

from __future__ import annotations

import pandas as pd

from ikap.accounts.cells import NOT_IN_PLAN, UNKNOWN_PLAN, StatementInputs, of_zones, without_noise
from ikap.facts.table import NOT_COVERED
from ikap.model import Development

__all__ = ["changes"]

KEYS = ["municipality", "old", "old_development", "new", "new_development"]


def changes(inputs: StatementInputs) -> pd.DataFrame:
    """All ground of the region by old and new purpose.

    Parameters
    ----------
    inputs : StatementInputs
        With a plan to compare with.

    Returns
    -------
    DataFrame
        `municipality`, `old`, `old_development`, `new`, `new_development`, `value` in m². Ground
        outside a plan is `not_in_plan`, or `unknown_plan` where no plan is known; the values of
        a municipality add up to it.
    """
    both = _split(of_zones(inputs, "compared_purpose"), inputs)
    both = both.rename(columns={"purpose": "new", "development": "new_development"})
    both = both.groupby(KEYS)["area_m2"].sum().rename("value").reset_index()
    olds = ["municipality", "old", "old_development"]
    before = _split(inputs.ground["compared_purpose"], inputs).groupby(olds)["area_m2"].sum()
    rest = before.sub(both.groupby(olds)["value"].sum(), fill_value=0.0)
    left = without_noise(rest.rename("value")).reset_index()
    left["new"] = [_outside(m, inputs.planned) for m in left["municipality"]]
    left["new_development"] = str(Development.NONE)
    whole = pd.concat([both, left[left["value"] > 0]], ignore_index=True)
    return whole[[*KEYS, "value"]]


def _split(table: pd.DataFrame, inputs: StatementInputs) -> pd.DataFrame:
    """Table with the old purpose and what it means for building."""
    outside = (table["class"] == NOT_COVERED).to_numpy()
    parts = table["class"].str.rsplit("/", n=2)
    none = [_outside(m, inputs.planned_before) for m in table["municipality"]]
    old = parts.str[0].where(~outside, pd.Series(none, index=table.index, dtype=object))
    return table.assign(
        old=old, old_development=parts.str[1].where(~outside, str(Development.NONE))
    )


def _outside(municipality: str, planned: frozenset[str]) -> str:
    return NOT_IN_PLAN if municipality in planned else UNKNOWN_PLAN
