"""Faults of a plan as a map, as rows for a spreadsheet: what, where, how large, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from ikap.results.store import Results, records
from ikap.texts import Catalogue, area, date_text, number, percent

__all__ = ["topology_rows", "topology_sentence"]

NAMES = (
    *("fault_status", "fault", "municipality", "plan_id", "fault_ids", "area_m2", "width_m"),
    *("east", "north", "why", "fault_id"),
)
IDS = 10
DAA_FROM_M2 = 1000
ORDER = ("mend", "warning", "unknown")


def topology_rows(results: Results, catalogue: Catalogue) -> Iterator[list[object]]:
    """Rows of `plantopologi`, what must be mended first, the largest first.

    Parameters
    ----------
    results : Results
        With the table `topology`.
    catalogue : Catalogue
        Words of one language.

    Yields
    ------
    list
        Head, then one row a fault. Areas in m² with two decimals, coordinates in m.
    """
    say = catalogue.say
    yield [say(f"column.{name}") for name in NAMES]
    rows = records(results.topology)
    rows.sort(
        key=lambda row: (ORDER.index(row["status"]), row["rule"], -_or_nought(row["area_m2"]))
    )
    for row in rows:
        yield [
            say(f"topology_status.{row['status']}"),
            say(f"topology_title.{row['rule']}"),
            row["municipality"],
            row["plan"],
            _few(row["ids"]),
            *(_rounded(row[name], digits) for name, digits in (("area_m2", 2), ("width_m", 3))),
            *(_rounded(row[name], 2) for name in ("east", "north")),
            topology_sentence(row, catalogue),
            row["fault_id"],
        ]


def topology_sentence(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """One fault as a planner says it.

    Parameters
    ----------
    row : mapping
        Row of the table `topology`.
    catalogue : Catalogue
        Words of one language.

    Returns
    -------
    str
        What is wrong, and what to do.
    """
    facts = json.loads(row["facts_json"])
    fields = {name: _said(name, value, catalogue) for name, value in facts.items()}
    if not np.isnan(row["area_m2"]):
        fields["area"] = _area(row["area_m2"], catalogue.lang)
        fields["width"] = f"{number(row['width_m'], catalogue.lang, digits=2)}\u202fm"
    return catalogue.tell(f"topology.{row['rule']}", {**fields, "ids": _few(row["ids"])})


def _said(name: str, value: object, catalogue: Catalogue) -> str:
    """One fact: days and shares as people write them, reasons as words."""
    if name.endswith("share") and isinstance(value, int | float):
        return percent(float(value), catalogue.lang)
    if name == "why":
        return catalogue.say(f"topology_why.{value}")
    if name.endswith("day") or name == "last":
        return date_text(date.fromisoformat(str(value)), catalogue.lang)
    if isinstance(value, float):
        return number(value, catalogue.lang)
    return str(value)


def _area(m2: float, lang: str) -> str:
    """Small areas in m², where daa with one decimal would say nothing."""
    return area(m2, lang) if m2 >= DAA_FROM_M2 else f"{number(m2, lang, digits=2)}\u202fm²"


def _few(ids: str) -> str:
    parts = ids.split(", ")
    return ids if len(parts) <= IDS else f"{', '.join(parts[:IDS])} …"


def _or_nought(value: float) -> float:
    return 0.0 if np.isnan(value) else float(value)


def _rounded(value: float, digits: int) -> object:
    return "" if np.isnan(value) else round(float(value), digits)
