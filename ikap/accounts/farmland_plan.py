"""Farmland in the plan, per municipality: planned conversion and what is adopted but not built.

This is the *plan* ledger (domain.md F5): what a plan would take if built. It is not KOSTRA's
decisions and not ground that has been built down; the three are never netted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ikap.accounts.sums import WHOLE, AccountInputs, AccountSpec, by_municipality
from ikap.model import Development, Indicator

__all__ = ["ACCOUNT", "account"]

FARMLAND = ("21", "22", "23", "20")
ACCOUNT = AccountSpec(
    "farmland_plan", goal=2, needs=("farmland_by_class", "farmland_unbuilt", "farmland_accuracy")
)


def account(inputs: AccountInputs) -> list[Indicator]:
    """Planned conversion (in all, by class, and by further development) and adopted, unbuilt."""
    development = inputs.zones.development
    planned = np.isin(development, [str(Development.FUTURE), str(Development.FURTHER)])
    unclear = development == Development.UNCLEAR
    land = inputs.tables["farmland_by_class"]
    sums: list[tuple[str, tuple[str, ...], NDArray[np.bool_]]]
    sums = [("farmland_planned_conversion", FARMLAND, planned)]
    sums += [(f"farmland_planned_conversion_{c}", (c,), planned) for c in FARMLAND]
    sums.append(("farmland_further_conversion", FARMLAND, development == Development.FURTHER))
    found: list[Indicator] = []
    sure = inputs.tables.get("farmland_accuracy")
    for name, classes, zones in sums:
        found += by_municipality(
            inputs,
            land,
            indicator=name,
            goal=2,
            classes=classes,
            zones=zones,
            unclear=unclear,
            variances=sure,
        )
    found += by_municipality(
        inputs,
        inputs.tables["farmland_unbuilt"],
        indicator="farmland_adopted_unbuilt",
        goal=2,
        classes=FARMLAND,
        zones=development == Development.ADOPTED,
        unclear=unclear,
        parameter_status=_status(inputs, "reserve.building_buffer"),
        variances=sure,
    )
    found += by_municipality(
        inputs,
        land.assign(**{"class": WHOLE}),  # whatever the land is, mapped or not
        indicator="planned_area",
        goal=2,
        classes=(WHOLE,),
        zones=planned,
        unclear=unclear,
        direction="none",
    )
    return found


def _status(inputs: AccountInputs, name: str) -> str:
    return str(inputs.parameters[name].status) if name in inputs.parameters else ""
