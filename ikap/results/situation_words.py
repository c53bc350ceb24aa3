"""A piece of a tolket plansituasjon in words: which plan prevails, why, and what lies there too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from ikap.texts import Catalogue, area, date_text

__all__ = [
    "also_here",
    "apart_plans",
    "law_says",
    "lost_plans",
    "rests_on",
    "situation_sentence",
    "won_because",
]

LOSING = ("newer", "newer_of_level", "rule", "kept", "replaced", "overridden", "ruling")
"""Reasons by which the other plan gives way; by the rest the two go together."""


def won_because(row: Mapping[str, Any], words: Catalogue) -> str:
    """Why the plan of a piece prevails, or that it must be settled and what is unclear.

    Parameters
    ----------
    row : mapping
        One row of the layer `situation` of the results.
    words : Catalogue
        Of one language.

    Returns
    -------
    str
        A few words.
    """
    if row["why"]:
        return words.say(f"situation.why.{row['why']}")
    return f"{words.say('situation.open_short')}: {_doubts(row, words)}"


def lost_plans(row: Mapping[str, Any], words: Catalogue) -> str:
    """Plans that lie there and give way, each with date and purpose; empty where none does."""
    return "; ".join(_plan(o, words) for o in _others(row) if o["why"] in LOSING)


def also_here(row: Mapping[str, Any], words: Catalogue) -> str:
    """All other plans that lie there; where it is open, all plans."""
    return "; ".join(_plan(one, words) for one in _others(row))


def rests_on(row: Mapping[str, Any], words: Catalogue) -> str:
    """Whether the verdict on compatibility rests on the assumed table."""
    return words.say("situation.by_table") if row["assumed"] else ""


def apart_plans(row: Mapping[str, Any], words: Catalogue) -> str:
    """Plans that lie there and decide nothing: deferred, proposed, in force later."""
    return "; ".join(
        words.say(
            "situation.plan_apart",
            standing=words.say(f"situation.standing.{one['standing']}"),
            plan=one["plan"],
            day=_day(one["day"], words),
            area=area(float(one["area_m2"]), words.lang),
        )
        for one in json.loads(row["apart"] or "[]")
    )


def situation_sentence(row: Mapping[str, Any], words: Catalogue) -> str:
    """Whole explanation of one piece.

    Parameters
    ----------
    row : mapping
        One row of the layer `situation` of the results.
    words : Catalogue
        Of one language.

    Returns
    -------
    str
        Sentences; the last one says that the provisions were not assessed.
    """
    say = words.say
    sentences = [_answer(row, words)]
    if row["source"] and row["why"] != "ruling":
        sentences.append(say("situation.rule", source=row["source"]))
    if row["assumed"]:
        sentences.append(say("situation.assumed"))
    if row["apart"]:
        sentences.append(say("situation.apart", plans=apart_plans(row, words)))
    if row["h910_m2"] > 0:
        sentences.append(say("situation.h910", area=area(float(row["h910_m2"]), words.lang)))
    return " ".join([*sentences, say("finding.provisions")])


def _answer(row: Mapping[str, Any], words: Catalogue) -> str:
    others = _others(row)
    if not row["why"]:
        plans = "; ".join(_plan(one, words) for one in others)
        return words.say("situation.open", doubts=_doubts(row, words), others=plans)
    if row["why"] == "ruling":
        plans = "; ".join(_plan(one, words) for one in others)
        law = law_says(row, words)
        return words.say("situation.ruled", source=row["source"], plans=plans, law=law)
    if not others:
        return words.say("situation.alone")
    found: dict[str, list[str]] = {}
    for one in others:
        found.setdefault(one["why"], []).append(_plan(one, words))
    parts = [
        words.say("situation.wins", why=words.say(f"situation.why.{why}"), plans="; ".join(plans))
        for why, plans in found.items()
    ]
    return " ".join(parts)


def law_says(row: Mapping[str, Any], words: Catalogue) -> str:
    """What the law comes to without the planner's ruling: a plan, or that it is unknown."""
    told = str(row["law"] or "")
    doubts = [name for name in told.split(",") if f"situation.doubt.{name}" in words]
    return words.say("situation.open_short") if doubts else told


def _doubts(row: Mapping[str, Any], words: Catalogue) -> str:
    names = [name for name in str(row["doubts"]).split(",") if name]
    return " ".join(words.say(f"situation.doubt.{name}") for name in names)


def _others(row: Mapping[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(row["others"] or "[]")
    return found


def _plan(one: Mapping[str, str], words: Catalogue) -> str:
    purpose = one["purpose"] or words.say("situation.no_purpose")
    day = _day(one["day"], words)
    return words.say("situation.plan", plan=one["plan"], day=day, purpose=purpose)


def _day(text: str, words: Catalogue) -> str:
    return (
        date_text(date.fromisoformat(text), words.lang) if text else words.say("situation.no_day")
    )
