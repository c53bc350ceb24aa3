"""Farmland taken by transport, apart, and the length of roads and railways that have no area.

Transport is the largest cause of lost farmland (domain.md F6). Most roads of a kommuneplan are
lines, so where a municipality has one the sum is open: at least so much, and so many metres of line
beside it. The sum is a part of the planned conversion, never added to it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ikap.accounts.sums import AccountInputs, AccountSpec, by_municipality
from ikap.facts.transport_lines import ELSEWHERE, ON_FARMLAND
from ikap.model import Development, Indicator

__all__ = ["ACCOUNT", "account"]

FARMLAND = ("21", "22", "23", "20")
TRANSPORT = "2"
ACCOUNT = AccountSpec(
    "transport_lines",
    goal=2,
    needs=("farmland_by_class", "farmland_accuracy"),
    ground=("transport_lines",),
)


def account(inputs: AccountInputs) -> list[Indicator]:
    """Farmland in areas for transport in m², and lengths of lines in m, per municipality."""
    zones = inputs.zones
    own = np.array([str(p).startswith(TRANSPORT) for p in zones.purpose], dtype=bool)
    planned = np.isin(zones.development, [str(Development.FUTURE), str(Development.FURTHER)])
    areas = by_municipality(
        inputs,
        inputs.tables["farmland_by_class"],
        indicator="farmland_transport",
        goal=2,
        classes=FARMLAND,
        zones=own & planned,
        unclear=own & (zones.development == Development.UNCLEAR),
        variances=inputs.tables.get("farmland_accuracy"),
    )
    lines = [
        *_lengths(inputs, "transport_lines", (ON_FARMLAND, ELSEWHERE, "not_covered")),
        *_lengths(inputs, "transport_lines_on_farmland", (ON_FARMLAND,)),
    ]
    drawn = {row.municipality: row.value for row in lines if row.indicator == "transport_lines"}
    return [*(_open(row, drawn.get(row.municipality, 0.0)) for row in areas), *lines]


def _lengths(inputs: AccountInputs, name: str, classes: tuple[str, ...]) -> list[Indicator]:
    table = inputs.ground["transport_lines"]
    table = table.assign(**{"class": table["class"].where(~table["class"].isin(classes), "asked")})
    count = max((int(table["zone"].max()) + 1) if len(table) else 0, len(inputs.municipalities))
    found = by_municipality(
        inputs,
        table,
        indicator=name,
        goal=2,
        classes=("asked",),
        zones=np.ones(count, dtype=bool),
        direction="none",
        of_plan=False,
    )
    return [replace(row, unit="m") for row in found]


def _open(row: Indicator, length_m: float) -> Indicator:
    """Sum that is open where there are lines: nobody knows how wide they will be."""
    if not length_m > 0:
        return row
    value = row.value if row.value > 0 else float("nan")
    return replace(row, value=value, unknown=float("nan"))
