"""Indicators of one plan, found by name, municipality and year.

In: the table `indicators` of the results. Out: `Figures`, a look-up made in one pass.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ikap.results import Results

__all__ = ["REGION", "Figure", "Figures", "figures_of"]

REGION = "region"


@dataclass(frozen=True)
class Figure:
    """One figure with what is unknown, both in `unit`; NaN is unknown altogether."""

    value: float
    unknown: float
    unit: str
    parameter_status: str = ""
    low: float = math.nan  # ends of the 95 % interval, NaN where it is not known
    high: float = math.nan

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)


@dataclass(frozen=True)
class Figures:
    """All indicators of one plan."""

    cells: Mapping[tuple[str, str, int], Figure]
    goals: Mapping[str, int]  # goal of each indicator, in the order of the table
    years: Mapping[str, tuple[int, ...]]  # years of each indicator; 0 for what belongs to none
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def at(self, indicator: str, municipality: str, year: int = 0) -> Figure | None:
        """Figure of one municipality (or `REGION`) and year."""
        return self.cells.get((indicator, municipality, year))

    def one(self, indicator: str, municipality: str) -> Figure | None:
        """Figure of an indicator that has one year only, whichever it is."""
        years = self.years.get(indicator, ())
        return self.at(indicator, municipality, years[0]) if len(years) == 1 else None

    def value(self, indicator: str, municipality: str, year: int = 0) -> float:
        """Value, or NaN where there is none."""
        found = self.at(indicator, municipality, year)
        return found.value if found else math.nan

    def of_goal(self, goal: int | None) -> list[str]:
        """Indicators of one goal (all for None) that have one figure to a municipality."""
        return [
            name
            for name, own in self.goals.items()
            if goal in (None, own) and len(self.years[name]) == 1
        ]

    def series(self) -> list[str]:
        """Indicators that have figures of several years."""
        return [name for name, years in self.years.items() if len(years) > 1]


def figures_of(results: Results) -> Figures:
    """Indicators of one plan, ready to be looked up."""
    frame = results.indicators
    columns = ("indicator", "municipality", "year", "unit", "goal", "parameter_status")
    figures = ("value", "unknown", "low", "high")
    table = [frame[name].to_list() for name in (*columns, *figures)]
    cells: dict[tuple[str, str, int], Figure] = {}
    goals: dict[str, int] = {}
    years: dict[str, set[int]] = {}
    places: dict[str, dict[str, None]] = {}
    for name, place, year, unit, goal, status, *numbers in zip(*table, strict=True):
        value, unknown, low, high = map(float, numbers)
        cells[name, place, int(year)] = Figure(value, unknown, unit, status or "", low, high)
        goals.setdefault(name, int(goal))
        years.setdefault(name, set()).add(int(year))
        places.setdefault(name, {})[place] = None
    return Figures(
        cells,
        goals,
        {name: tuple(sorted(found)) for name, found in years.items()},
        {name: tuple(found) for name, found in places.items()},
    )
