"""Indicators by municipality, in number order, the region last.

In: a `Plan`. Out: `IndicatorTable`, values with their printed text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ikap.pages.figures import REGION, Figure, Figures
from ikap.pages.plan import Plan
from ikap.pages.words import Words

__all__ = ["IndicatorTable", "cell", "indicator_head", "indicator_table", "ordered"]

FIRST = (
    "farmland_planned_conversion",
    "farmland_planned_conversion_21",
    "farmland_planned_conversion_22",
    "farmland_planned_conversion_23",
    "farmland_planned_conversion_20",
    "farmland_further_conversion",
    "farmland_transport",
    "farmland_adopted_unbuilt",
    "farmland_stock",
    "planned_area",
)


@dataclass(frozen=True)
class IndicatorTable:
    """Indicators (columns) by municipality in number order (rows), the region last."""

    names: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[tuple[float, str, str], ...]], ...]


def indicator_table(plan: Plan, goal: int | None, words: Words) -> IndicatorTable | None:
    """Indicators of one goal (all goals for None) by municipality; None if there are none.

    An indicator that belongs to one year says so in its heading; series have tables of their own.
    """
    figures = plan.figures
    names = [
        n
        for n in ordered(figures.of_goal(goal))
        if not n.startswith("farmland_planned_conversion_")
    ]
    if not names:
        return None
    places = [*plan.members, (REGION, words("numbers.region"))]
    rows = tuple(
        (number, name, tuple(cell(figures.one(n, number), words) for n in names))
        for number, name in places
    )
    heads = tuple(indicator_head(n, figures, words) for n in names)
    return IndicatorTable(tuple(names), heads, rows)


def ordered(names: Iterable[str]) -> list[str]:
    """Names of indicators, parts after the whole that they are parts of."""
    found = list(names)
    return [n for n in FIRST if n in found] + [n for n in found if n not in FIRST]


def indicator_head(name: str, figures: Figures, words: Words) -> str:
    """Words for an indicator, with its year where it has one."""
    year = figures.years[name][0]
    return f"{words.indicator(name)}, {year}" if year else words.indicator(name)


def cell(figure: Figure | None, words: Words) -> tuple[float, str, str]:
    """Value, text, and what is unknown beside it (empty where nothing is)."""
    if figure is None or not figure.known:
        return (math.nan, words.status("unknown"), "")
    note = ""
    if figure.unknown > 0:
        note = words("numbers.unknown_part", amount=words.amount(figure.unknown, figure.unit))
    return (figure.value, words.figure(figure), note)
