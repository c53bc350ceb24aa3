"""Dwellings that new housing land can hold: its area and the region's density for where it lies.

Within walking distance of a centre of its own municipality the density is that of the city (where
the municipality has the regional centre) or of a centre; elsewhere it is that of other places.
Land for housing and land that may become housing (1001 and 1800) are rows of their own and are
never added up. Densification of built areas is not part of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.accounts.needs import dwelling_capacity
from ikap.accounts.sums import REGION, AccountInputs, AccountSpec
from ikap.model import Development, Indicator, ParameterStatus

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("dwelling_potential", goal=3, needs=("centre_distance",))
RANGES = {
    "dwelling_potential": (("1110", "1113"),),
    "dwelling_possible": (("1000", "1001"), ("1800", "1804")),
}
"""Arealformål, first and last code: housing, and what can hold it (domain.md 12)."""
CITY, CENTRE, LOCAL = (f"housing_density.{where}" for where in ("city", "centre", "local"))
WALK = "distance.centre_walk"
REGIONAL = "regionsenter"
OWN = "own"
NOTHING_M2 = 0.5
"""Less land than this is rounding."""

Rows = list[tuple[str, float, float]]


def account(inputs: AccountInputs) -> list[Indicator]:
    """Dwellings by municipality; land whose distance to a centre is unknown is unknown."""
    names = (CITY, CENTRE, LOCAL, WALK)
    if any(name not in inputs.parameters for name in names):
        return []
    table = inputs.tables["centre_distance"]
    table = table[table["class"] == OWN]
    known, most = _densities(inputs, table)
    development = inputs.zones.development
    status = _weakest(str(inputs.parameters[name].status) for name in names)
    found = []
    for indicator, ranges in RANGES.items():
        purpose = np.array([_within(str(p), ranges) for p in inputs.zones.purpose], dtype=bool)
        zone = table["zone"].to_numpy()
        future = (purpose & (development == Development.FUTURE))[zone]
        unclear = (purpose & (development == Development.UNCLEAR))[zone]
        for number, value, unknown in _sums(inputs, table, (future, unclear), (known, most)):
            found.append(
                Indicator(
                    indicator, 3, inputs.plan, number, value, unknown, "count", "none", status
                )
            )
    return found


def _densities(
    inputs: AccountInputs, table: pd.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dwellings a daa on each sample's ground (NaN if not known), and the most it can be."""
    cities = {place.municipality for place in inputs.places if place.level == REGIONAL}
    city, centre, local, walk = (inputs.parameters[n].value for n in (CITY, CENTRE, LOCAL, WALK))
    inner = np.where(table["municipality"].isin(cities), city, centre).astype(np.float64)
    near = table["distance_m"].to_numpy() <= walk  # inclusive; NaN is not near
    outer = np.where(table["certain"].to_numpy(dtype=bool), local, np.nan)
    return np.where(near, inner, outer), np.maximum(inner, local)


def _sums(
    inputs: AccountInputs,
    table: pd.DataFrame,
    zones: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    densities: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Rows:
    """Dwellings and their unknown part by municipality, and for the region."""
    (future, unclear), (known, most) = zones, densities
    area = table["area_m2"].to_numpy()
    settled = future & ~np.isnan(known)
    open_ended = (future & ~settled) | unclear
    rows: Rows = []
    for number in inputs.municipalities:
        here = (table["municipality"] == number).to_numpy()
        mine, maybe = here & settled, here & open_ended
        value, unknown = _dwellings(area[mine], known[mine]), _dwellings(area[maybe], most[maybe])
        nothing = area[mine].sum() < NOTHING_M2
        if number not in inputs.planned:
            unknown = float("nan")
            value = float("nan") if nothing else value
        elif nothing and area[maybe].sum() > NOTHING_M2:
            value = float("nan")
        rows.append((number, _whole(value, math.floor), _whole(unknown, math.ceil)))
    known_ones = [value for _, value, _ in rows if not np.isnan(value)]
    total = float(np.sum(known_ones)) if known_ones else float("nan")
    return [*rows, (REGION, total, float(np.sum([unknown for _, _, unknown in rows])))]


def _dwellings(m2: NDArray[np.float64], density: NDArray[np.float64]) -> float:
    pairs = zip(m2, density, strict=True)
    return sum((dwelling_capacity(float(a), float(d)) for a, d in pairs), 0.0)


def _whole(dwellings: float, by: Callable[[float], int]) -> float:
    """Whole dwellings: what is known rounded down, what is unknown rounded up."""
    return dwellings if math.isnan(dwellings) else float(by(round(dwellings, 6)))


def _within(purpose: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return len(purpose) == 4 and any(low <= purpose <= high for low, high in ranges)  # noqa: PLR2004


def _weakest(statuses: Iterable[str]) -> str:
    order = [str(s) for s in ParameterStatus]
    return max(statuses, key=order.index)
