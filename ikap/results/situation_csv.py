"""The list of a tolket plansituasjon, piece by piece, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ikap.results.situation_words import (
    also_here,
    apart_plans,
    law_says,
    lost_plans,
    rests_on,
    won_because,
)
from ikap.results.store import Results, records
from ikap.texts import Catalogue

__all__ = ["situation_rows"]

COLUMNS: tuple[str, ...]
COLUMNS = ("municipality", "zone_key", "plan", "plan_date", "plan_level", "purpose")
COLUMNS += (
    "won_because",
    "lost_plans",
    "also_here",
    "motstrid",
    "compatibility",
    "ruling",
    "law_says",
)
COLUMNS += ("apart", "h910_m2", "area_daa", "area_m2", "source_id", "provisions")


def situation_rows(results: Results, catalogue: Catalogue) -> Iterable[list[object]]:
    """Rows of the list, headings first; none for a plan that is not interpreted from others.

    Parameters
    ----------
    results : Results
        One plan's results.
    catalogue : Catalogue
        Words of one language.

    Yields
    ------
    list
        One piece: municipality, plan, date, purpose, why it prevails, which plans give way. Areas
        in daa and m².
    """
    frame = results.geodata("situation")
    if frame is None:
        return
    say = catalogue.say
    yield [say(f"column.{name}") for name in COLUMNS]
    for row in records(pd.DataFrame(frame.drop(columns="geometry"))):
        yield [
            row["municipality"] or say("export.outside"),
            row["zone_key"],
            row["plan"],
            row["dato"],
            say(f"situation.level.{row['level']}") if row["plan"] else "",
            row["purpose"],
            won_because(row, catalogue),
            lost_plans(row, catalogue),
            also_here(row, catalogue),
            say(f"situation.motstrid.{row['motstrid']}") if row["motstrid"] else "",
            rests_on(row, catalogue),
            row["source"],
            law_says(row, catalogue),
            apart_plans(row, catalogue),
            round(row["h910_m2"], 2) or "",
            round(row["area_m2"] / 1000, 3),
            round(row["area_m2"], 2),
            row["source_id"],
            say("finding.provisions"),
        ]
