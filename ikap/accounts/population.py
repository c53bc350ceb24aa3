"""Residents by municipality and year: registered and projected, never mixed in one series."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ikap.accounts.needs import dwellings_needed
from ikap.accounts.series import yearly
from ikap.accounts.sums import REGION, AccountInputs, AccountSpec
from ikap.model import Indicator

__all__ = ["ACCOUNT", "account"]

ACCOUNT = AccountSpec("population", goal=1)
INDICATORS = (("registrert", "population"), ("framskrevet", "population_projected"))
NORMS = ("needs.persons_per_dwelling", "needs.from_year", "needs.to_year")


def account(inputs: AccountInputs) -> list[Indicator]:
    """Population, projected population, and the dwellings that growth needs."""
    table = inputs.statistics.get("population", pd.DataFrame())
    if table.empty:
        return []
    found: list[Indicator] = []
    for basis, name in INDICATORS:
        rows = table[table["grunnlag"] == basis]
        found += yearly(inputs, rows, "personer", indicator=name, goal=1, unit="persons")
    return found + _need(inputs, found)


def _need(inputs: AccountInputs, series: list[Indicator]) -> list[Indicator]:
    """Dwellings from the first to the last year of the need; registered figures go first."""
    if any(name not in inputs.parameters for name in NORMS):
        return []
    persons, first, last = (inputs.parameters[name] for name in NORMS)
    people: dict[tuple[str, int], float] = {}
    for row in series:
        people.setdefault((row.municipality, row.year), row.value)
    years = (int(first.value), int(last.value))
    if any((number, year) not in people for number in inputs.municipalities for year in years):
        return []
    values = [
        dwellings_needed(people[number, years[0]], people[number, years[1]], persons.value)
        for number in inputs.municipalities
    ]
    rows = [*zip(inputs.municipalities, values, strict=True), (REGION, float(np.sum(values)))]
    status = str(persons.status)
    return [
        Indicator(
            "dwellings_needed",
            3,
            inputs.plan,
            number,
            value,
            float("nan") if math.isnan(value) else 0.0,
            "count",
            "none",
            status,
            years[1],
        )
        for number, value in rows
    ]
