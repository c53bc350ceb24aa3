"""Words under the three ledgers: what each is, that they must not be added up, what is missing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ikap.results.ledgers import GOAL, LEDGERS, PERIOD, parameter_of, vintage_years
from ikap.texts import Catalogue, date_text, number

__all__ = ["goal_note", "ledger_notes", "missing_note", "period_note", "unused_layers"]

WIDTH = "farmland.remap_width"
DECISIONS = "farmland_decisions"


def ledger_notes(name: str, run: Mapping[str, Any], words: Catalogue) -> list[str]:
    """Sentences that must stand under one ledger; none under other tables.

    Parameters
    ----------
    name : str
        Name of a table.
    run : mapping
        `run.json` of the plan.
    words : Catalogue
        Words of one language.

    Returns
    -------
    list of str
        Why it is unknown (if it is), its years, the goal that belongs to it, and the warning
        against adding ledgers up.
    """
    return list(_notes(name, run, words)) if name in LEDGERS else []


def _notes(name: str, run: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    missing = missing_note(name, run, words)
    yield from filter(None, (missing,))
    yield words.say("ledger.never_added")
    yield from filter(None, (period_note(name, run, words),))
    yield from filter(None, (goal_note(name, run, words),))
    width = parameter_of(run, WIDTH) if name == "J3" and not missing else None
    if width:
        yield words.say("ledger.narrow", metres=number(width["value"], words.lang, digits=1))
        yield _parameter(width, words)


def missing_note(name: str, run: Mapping[str, Any], words: Catalogue) -> str:
    """Why all of a ledger is unknown, and what would settle it; empty where it is not."""
    if name == "J1" and not run.get("against"):
        return words.say("ledger.missing.J1")
    if name == "J2" and not any(_there(layer, DECISIONS) for layer in run.get("layers") or []):
        return words.say("ledger.missing.J2")
    told = run.get("vintages") or {}
    sides = [side for side in ("before", "after") if not told.get(side)]
    return words.say(f"ledger.missing.{sides[0]}") if name == "J3" and sides else ""


def period_note(name: str, run: Mapping[str, Any], words: Catalogue) -> str:
    """Which years a ledger is of; empty where it has none of its own."""
    if name == "J1":
        period = parameter_of(run, PERIOD)
        return _parameter(period, words) if period else words.say("ledger.no_period")
    told = run.get("vintages") or {}
    if name != "J3" or not all(told.get(side) for side in ("before", "after")):
        return ""
    titles = {
        side: str(dict(told[side]["title"]).get(words.lang, told[side]["layer"]))
        for side in ("before", "after")
    }
    days = {f"{side}_day": _day(told[side]["dated"], words) for side in titles}
    said = words.say("ledger.vintages", **titles, **days)
    return f"{said} {words.say('ledger.undated')}" if math.isnan(vintage_years(run)) else said


def goal_note(name: str, run: Mapping[str, Any], words: Catalogue) -> str:
    """The national goal, beside the ledger of decisions alone: it is a goal for decisions."""
    goal = parameter_of(run, GOAL) if name == "J2" else None
    if goal is None:
        return ""
    value = number(goal["value"], words.lang, digits=0)
    return words.say("ledger.goal", value=value, source=str(goal["source"]).rstrip("."))


def unused_layers(name: str, run: Mapping[str, Any]) -> frozenset[str]:
    """Layers of the right kind that a ledger does not rest on: the other vintage, or other maps."""
    told = run.get("vintages") or {}
    sides = {side: str((told.get(side) or {}).get("layer", "")) for side in ("before", "after")}
    if name != "J3":  # the land of all other tables is the newest
        return frozenset({sides["before"]} - {sides["after"]})
    land = {str(layer["name"]) for layer in run["layers"] if layer["kind"] == "landcover"}
    return frozenset(land - set(sides.values()))


def _there(layer: Mapping[str, Any], kind: str) -> bool:
    return layer.get("kind") == kind and bool(layer.get("present"))


def _day(dated: str | None, words: Catalogue) -> str:
    if not dated:
        return words.say("account.undated")
    return date_text(date.fromisoformat(dated), words.lang)


def _parameter(row: Mapping[str, Any], words: Catalogue) -> str:
    digits = 0 if float(row["value"]).is_integer() else 1
    unit = words.words.get(f"unit.{row['unit']}", row["unit"])
    return words.say(
        "account.note.parameter",
        name=words.words.get(f"pages.parameter.{row['name']}", row["name"]),
        value=f"{number(row['value'], words.lang, digits=digits)} {unit}",
        status=words.say(f"parameter_status.{row['status']}"),
        source=str(row["source"]).rstrip("."),
    )
