"""How many areas turn as each limit moves, as rows for a spreadsheet and a screen."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ikap.results.store import Results, records
from ikap.texts import Catalogue

__all__ = ["limit_label", "sensitivity_rows"]

NAMES = ("goal", "check", "limit_name", "value", "unit", "in_force", "areas")
FIGURES = ("turned", "turned_area_daa", "turned_measured_daa")
OUTCOMES = ("conflict", "warning", "ok", "unknown")
DAA = 1000.0


def sensitivity_rows(results: Results, catalogue: Catalogue) -> Iterator[list[object]]:
    """Rows of `folsomhet`, one for each limit and value.

    Parameters
    ----------
    results : Results
        With the table `sensitivity`.
    catalogue : Catalogue
        Words of one language.

    Yields
    ------
    list
        Head, then one row a value; areas in daa with one decimal.
    """
    say = catalogue.say
    yield [
        *(say(f"column.{name}") for name in (*NAMES, *FIGURES)),
        *(say(f"status.{name}") for name in OUTCOMES),
        *(say(f"column.{name}") for name in ("sliver", "accuracy", "parameter_status")),
    ]
    for row in records(results.sensitivity):
        yield [
            row["goal"],
            say(f"check.{row['check']}.title"),
            limit_label(row["parameter"], catalogue),
            float(row["value"]),
            say(f"unit.{row['unit']}"),
            say("export.yes") if row["in_force"] else "",
            row["areas"],
            row["turned"],
            *(_daa(row[f"{name}_m2"]) for name in ("turned_area", "turned_measured")),
            *(row[name] for name in OUTCOMES),
            row["sliver"],
            row["within_accuracy"],
            say(f"parameter_status.{row['parameter_status']}"),
        ]


def limit_label(name: str, catalogue: Catalogue) -> str:
    """Name of a limit in words; the name itself where a region's own rule brings none."""
    for key in (f"pages.parameter.{name}", f"parameter.{name}"):
        if key in catalogue:
            return catalogue.say(key)
    return name


def _daa(m2: float) -> object:
    return "" if math.isnan(m2) else round(m2 / DAA, 1)
