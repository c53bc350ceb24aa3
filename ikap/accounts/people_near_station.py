"""Residents within walking distance of a railway station, along the network.

Who lives too far from the network, or where no way is known, is unknown: never an air line. Small
numbers of the grid are rounded by its owner, so sums differ from the population.
"""

from __future__ import annotations

import numpy as np

from ikap.accounts.sums import REGION, AccountInputs, AccountSpec
from ikap.model import Indicator

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("people_near_station", goal=1, ground=("people_distance",))
LIMIT = "distance.stop_walk_rail"


def account(inputs: AccountInputs) -> list[Indicator]:
    """Residents in the grid, and those of them within the walking distance of a station."""
    cells = inputs.ground["people_distance"]
    if cells.empty:
        return []
    people = cells["area_m2"].to_numpy()
    limit = inputs.parameters.get(LIMIT)
    metres = cells["distance_m"].to_numpy()
    near = metres <= (limit.value if limit else -1.0)  # inclusive; NaN is not near
    unsure = ~near & ~cells["certain"].to_numpy() if limit else np.ones(len(cells), dtype=bool)
    status = str(limit.status) if limit else ""
    counted, reached = [], []
    for number in inputs.municipalities:
        here = (cells["municipality"] == number).to_numpy()
        total, known, unknown = (float(people[here & m].sum()) for m in (here, near, unsure))
        counted.append((number, total, 0.0))
        value = float("nan") if unknown == total > 0 else known
        reached.append((number, value, unknown))
    rows = [
        ("people_counted", counted, "none", ""),
        ("people_near_station", reached, "higher", status),
    ]
    return [
        Indicator(name, 1, inputs.plan, number, value, unknown, "persons", direction, by)
        for name, found, direction, by in rows
        for number, value, unknown in [*found, _region(found)]
    ]


def _region(found: list[tuple[str, float, float]]) -> tuple[str, float, float]:
    known = [value for _, value, _ in found if not np.isnan(value)]
    total = float(np.sum(known)) if known else float("nan")
    return (REGION, total, float(np.sum([unknown for _, _, unknown in found])))
