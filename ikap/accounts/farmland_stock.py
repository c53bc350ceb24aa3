"""How much farmland each municipality has in the map, and how much of it is not mapped."""

from __future__ import annotations

import dataclasses

import numpy as np

from ikap.accounts.sums import AccountInputs, AccountSpec, by_municipality
from ikap.model import Indicator

__all__ = ["ACCOUNT", "account"]

FARMLAND = ("21", "22", "23", "20")
ACCOUNT = AccountSpec("farmland_stock", goal=2, ground=("farmland_by_class", "farmland_accuracy"))


def account(inputs: AccountInputs) -> list[Indicator]:
    """Area of farmland per municipality in m², whatever the plan says."""
    land = inputs.ground["farmland_by_class"]
    count = int(land["zone"].max()) + 1 if len(land) else 0
    everywhere = dataclasses.replace(inputs, planned=frozenset(inputs.municipalities))
    return by_municipality(
        everywhere,
        land,
        indicator="farmland_stock",
        goal=2,
        classes=FARMLAND,
        zones=np.ones(count, dtype=bool),
        direction="higher",
        of_plan=False,
        variances=inputs.ground.get("farmland_accuracy"),
    )
