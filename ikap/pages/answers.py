"""The main answer of a map and the main figure of a goal, in words.

In: a `Plan` and the checks or the goal. Out: sentences and figures. A check without words of its
own gets the general ones, so a new check needs nothing here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ikap.pages.figures import REGION, Figure
from ikap.pages.numbers import indicator_head
from ikap.pages.plan import Plan
from ikap.pages.tables import counts_of
from ikap.pages.words import Words

__all__ = ["Main", "answer", "goal_checks", "main_figure"]

PLANNED, UNBUILT = "farmland_planned_conversion", "farmland_adopted_unbuilt"
MAIN = {
    1: ("reach_share", "stop_distance", "people_near_station"),
    2: (PLANNED, "farmland_conversion"),
    3: ("centre_distance", "service_distance", "hazard", "dwellings_needed"),
    4: ("commercial_vacant", "commercial_planned_future", "commercial_abc"),
}
"""Indicators and checks that a goal's main figure is taken from: the first one that is known."""


@dataclass(frozen=True)
class Main:
    """One main figure: the figure, what it is, and what is unknown beside it."""

    text: str
    label: str
    unknown: str
    known: bool


def goal_checks(plan: Plan, goal: int) -> list[str]:
    """Names of the checks of one goal, in the order of `run.json`."""
    return [c["name"] for c in plan.run.get("checks") or [] if int(c["goal"]) == goal]


def answer(plan: Plan, checks: Sequence[str], words: Words) -> str:
    """The main answer in a few short sentences."""
    if plan.missing:
        return words("answer.missing", count=len(plan.members))
    if "farmland_conversion" in checks and (PLANNED, REGION, 0) in plan.figures.cells:
        return _farmland(plan, words)
    counts = counts_of(plan)
    told = [(name, counts[name]) for name in checks if judged(counts.get(name)) > 0]
    if not told:
        return words("answer.not_measured")
    every = sum(judged(n) for _, n in told)
    unknown = sum(n["unknown"] for _, n in told)
    said = [_check(plan, name, n, words) for name, n in told if n["unknown"] < judged(n)]
    if unknown == every:
        said.append(words("answer.all_unknown", count=words.number(unknown)))
    elif unknown:
        said.append(words("answer.some_unknown", count=words.number(unknown)))
    return " ".join(said)


def judged(counts: Counter[str] | None) -> int:
    """Number of areas that a check applies to."""
    return sum(n for status, n in counts.items() if status != "not_applicable") if counts else 0


def _check(plan: Plan, name: str, counts: Counter[str], words: Words) -> str:
    own = f"answer_check.{name}"
    key = own if f"pages.{own}" in words.catalogue else "answer_check.default"
    facts = {s: words.number(counts[s]) for s in ("conflict", "warning", "ok", "unknown")}
    known = words.number(judged(counts) - counts["unknown"])
    return words(key, title=check_title(plan, name, words), known=known, **facts)


def check_title(plan: Plan, name: str, words: Words) -> str:
    """Title of a check."""
    titles = {c["name"]: c.get("title") for c in plan.run.get("checks") or []}
    return words.local(titles.get(name), name)


def _farmland(plan: Plan, words: Words) -> str:
    planned = plan.figures.cells[PLANNED, REGION, 0]
    if not planned.known:
        return words("answer.unknown")
    role = "interpreted" if plan.interpreted else plan.role
    role = role if f"pages.answer.{role}" in words.catalogue else "adopted"
    said = [words(f"answer.{role}", planned=words.area(planned.value))]
    unbuilt = plan.figures.at(UNBUILT, REGION)
    if unbuilt is not None and unbuilt.known:
        said.append(words("answer.unbuilt", unbuilt=words.area(unbuilt.value)))
    if planned.unknown > 0:
        said.append(words("answer.rest_unknown", unknown=words.area(planned.unknown)))
    return " ".join(said)


def main_figure(plan: Plan, goal: int, words: Words, place: str = REGION) -> Main:
    """One figure for a goal in one municipality or the region; the first that is known.

    Parameters
    ----------
    plan : Plan
        Results of one plan.
    goal : int
        Number of the goal.
    words : Words
        Words of one language.
    place : str
        Municipality number, or `REGION`.

    Returns
    -------
    Main
        Unknown, and says of what, if nothing is known.
    """
    counts = counts_of(plan, "" if place == REGION else place)
    candidates = MAIN.get(goal) or (*plan.figures.of_goal(goal), *goal_checks(plan, goal))
    first: Main | None = None
    for name in candidates:
        if name in plan.figures.goals:
            figure = plan.figures.one(name, place)
            known = figure is not None and figure.known
            label = indicator_head(name, plan.figures, words)
            if figure is not None and figure.parameter_status not in ("", "adopted"):
                label += f" ({words.catalogue.say('parameter_status.' + figure.parameter_status)})"
            found = Main(words.figure(figure), label, _beside(figure, words), known)
        elif judged(counts.get(name)) > 0:
            found = _counted(plan, name, counts[name], words)
        else:
            continue
        if found.known:
            return found
        first = first or found
    return first or Main(words.status("unknown"), words("goal_figure.nothing"), "", known=False)


def _beside(figure: Figure | None, words: Words) -> str:
    """What is unknown beside a figure, as a phrase."""
    if figure is None or not figure.known:
        return ""
    if math.isnan(figure.unknown):
        return words("index.rest_unknown")
    return words("index.unknown_is", amount=words.unknown(figure))


def _counted(plan: Plan, name: str, counts: Counter[str], words: Words) -> Main:
    """Count of areas without a finding, of all that the check could answer."""
    every = judged(counts)
    known = every - counts["unknown"]
    own = f"goal_figure.{name}"
    key = own if f"pages.{own}" in words.catalogue else "goal_figure.default"
    label = words(key, title=check_title(plan, name, words))
    areas = words("goal_figure.areas", count=words.number(counts["unknown"]))
    unknown = words("index.unknown_is", amount=areas)
    if not known:
        return Main(words.status("unknown"), label, unknown, known=False)
    text = words("goal_figure.of", part=words.number(counts["ok"]), whole=words.number(known))
    return Main(text, label, unknown, known=True)
