"""Indicators by municipality, in number order, the region last.

In: `Results`. Out: `IndicatorTable`, values with their printed text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ikap.pages.words import Words
from ikap.results import Results, records

__all__ = ["IndicatorTable", "indicator_table"]

FIRST = (
    "farmland_planned_conversion",
    "farmland_further_conversion",
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


def indicator_table(results: Results, goal: int | None, words: Words) -> IndicatorTable | None:
    """Indicators of one goal (all goals for None) by municipality; None if there are none."""
    frame = results.indicators
    frame = frame if goal is None else frame[frame["goal"] == goal]
    frame = frame[frame["year"] == 0]  # a series has many figures to a municipality
    if frame.empty:
        return None
    present = list(dict.fromkeys(frame["indicator"]))
    names = [n for n in FIRST if n in present] + [
        n for n in present if n not in FIRST and not n.startswith("farmland_planned_conversion_")
    ]
    cells = {(r["municipality"], r["indicator"]): r for r in records(frame)}
    members = results.run["region"]["municipalities"]
    places = [(m["number"], m["name"]) for m in sorted(members, key=lambda m: m["number"])]
    rows = [
        (number, name, tuple(_cell(cells.get((number, n)), words) for n in names))
        for number, name in [*places, ("region", words("numbers.region"))]
    ]
    return IndicatorTable(tuple(names), tuple(words.indicator(n) for n in names), tuple(rows))


def _cell(record: dict[str, Any] | None, words: Words) -> tuple[float, str, str]:
    if record is None:
        return (float("nan"), words.status("unknown"), "")
    value, unknown = float(record["value"]), float(record["unknown"])
    text = words.status("unknown") if math.isnan(value) else words.amount(value, record["unit"])
    note = ""
    if unknown > 0 and not math.isnan(value):
        note = words("numbers.unknown_part", amount=words.amount(unknown, record["unit"]))
    return (value, text, note)
