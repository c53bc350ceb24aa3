"""The front page as pure data: each region at a glance, its plans, sources and what is not known.

In: results of all plans of a region. Out: `RegionView`. Municipalities stand in number order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikap.pages.chart import LONGEST, Overview, overview
from ikap.pages.maps import answer
from ikap.pages.method import LayerRow, layer_rows
from ikap.pages.words import Words, safe_link
from ikap.results import Results

__all__ = ["Download", "GoalView", "MapLink", "PlanView", "RegionView", "region_view"]

PLANNED, UNBUILT = "farmland_planned_conversion", "farmland_adopted_unbuilt"


@dataclass(frozen=True)
class Download:
    """One file that the portal offers."""

    label: str
    href: str
    kind: str


@dataclass(frozen=True)
class MapLink:
    """One map page of one plan."""

    title: str
    href: str


@dataclass(frozen=True)
class PlanView:
    """One plan: its main answer, maps and files."""

    title: str
    role: str
    answer: str
    how: str
    missing: bool
    as_of: str
    maps: tuple[MapLink, ...]
    downloads: tuple[Download, ...]


@dataclass(frozen=True)
class GoalView:
    """One adopted goal and whether this edition measures it."""

    number: int
    title: str
    document: str
    dated: str
    state: str  # words for whether this edition measures it
    measured: bool


@dataclass(frozen=True)
class Cell:
    """One figure of one municipality, with its bar in per mille."""

    text: str
    note: str
    bar: int


@dataclass(frozen=True)
class MunicipalityRow:
    """One municipality's figures."""

    number: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RegionView:
    """One region on the front page."""

    key: str
    name: str
    constructed: bool
    assumptions: bool
    plans: tuple[PlanView, ...]
    goals: tuple[GoalView, ...]
    heads: tuple[str, ...]
    municipalities: tuple[MunicipalityRow, ...]
    drawn: Overview
    layers: tuple[LayerRow, ...]
    missing: tuple[LayerRow, ...]
    accessibility: str


def region_view(
    key: str,
    plans: Sequence[tuple[Results, tuple[MapLink, ...], tuple[Download, ...]]],
    words: Words,
) -> RegionView:
    """Front page's view of one region; `plans` with the main one first."""
    first = plans[0][0]
    run: Mapping[str, Any] = first.run
    region = run["region"]
    heads, rows = _municipalities([p[0] for p in plans], words)
    layers = {row.title: row for results, _, _ in plans for row in layer_rows(results.run, words)}
    ordered = sorted(layers.values(), key=lambda row: (not row.present, row.title))
    return RegionView(
        key=key,
        name=words.local(region["name"]),
        constructed=bool(region.get("constructed")),
        assumptions=any(p["status"] != "adopted" for p in run.get("parameters") or []),
        plans=tuple(_plan(*plan, words) for plan in plans),
        goals=tuple(_goals(first, words)),
        heads=heads,
        municipalities=rows,
        drawn=overview(first),
        layers=tuple(ordered),
        missing=tuple(row for row in ordered if not row.present and row.kind != "context"),
        accessibility=safe_link((region.get("links") or {}).get("accessibility")),
    )


def _plan(
    results: Results, maps: tuple[MapLink, ...], downloads: tuple[Download, ...], words: Words
) -> PlanView:
    run: Mapping[str, Any] = results.run
    plan = run["plan"]
    checks = [check["name"] for check in run.get("checks") or []]
    return PlanView(
        title=words.local(plan["title"], plan["id"]),
        role=words.role(plan["role"]),
        answer=answer(results, checks, words),
        how=words.local(plan.get("how")),
        missing=bool(plan.get("missing")),
        as_of=words.day(run.get("as_of")),
        maps=maps,
        downloads=downloads,
    )


def _goals(results: Results, words: Words) -> list[GoalView]:
    run: Mapping[str, Any] = results.run
    checked = {int(check["goal"]) for check in run.get("checks") or []}
    answered = ~results.findings["status"].isin(("unknown", "not_applicable"))
    known = {int(goal) for goal in results.findings.loc[answered, "goal"]}
    return [
        GoalView(
            number=int(goal["number"]),
            title=words.local(goal["title"]),
            document=str(goal.get("document") or ""),
            dated=words.day(goal.get("dated")),
            state=words(f"index.goal_{_state(int(goal['number']), checked, known)}"),
            measured=int(goal["number"]) in known,
        )
        for goal in sorted(run.get("goals") or [], key=lambda goal: int(goal["number"]))
    ]


def _state(goal: int, checked: set[int], known: set[int]) -> str:
    if goal in known:
        return "measured"
    return "unknown" if goal in checked else "not_measured"


def _municipalities(
    plans: Sequence[Results], words: Words
) -> tuple[tuple[str, ...], tuple[MunicipalityRow, ...]]:
    """Planned conversion in each plan, then unbuilt and unknown of the main plan."""
    columns: list[tuple[str, Results, str, str]] = [
        (words("index.planned_in", plan=words.role(p.run["plan"]["role"])), p, PLANNED, "value")
        for p in plans
    ]
    columns.append((words("index.unbuilt"), plans[0], UNBUILT, "value"))
    columns.append((words("index.unknown_part"), plans[0], PLANNED, "unknown"))
    members = sorted(plans[0].run["region"]["municipalities"], key=lambda m: str(m["number"]))
    numbers = [*(str(m["number"]) for m in members), "region"]
    names = [*(str(m["name"]) for m in members), words("numbers.region")]
    values = [
        [_value(results, number, indicator, part) for number in numbers]
        for _, results, indicator, part in columns
    ]
    longest = max((v for col in values for v in col[:-1] if not math.isnan(v)), default=0.0)
    rows = tuple(
        MunicipalityRow(
            number,
            name,
            tuple(_cell(col[i], longest if number != "region" else 0.0, words) for col in values),
        )
        for i, (number, name) in enumerate(zip(numbers, names, strict=True))
    )
    return tuple(column[0] for column in columns), rows


def _value(results: Results, municipality: str, indicator: str, part: str) -> float:
    frame = results.indicators
    found = frame[(frame["municipality"] == municipality) & (frame["indicator"] == indicator)]
    return float(found[part].iloc[0]) if len(found) else float("nan")


def _cell(value: float, longest: float, words: Words) -> Cell:
    if math.isnan(value):
        return Cell(words.status("unknown"), "", 0)
    return Cell(words.area(value), "", round(LONGEST * value / longest) if longest else 0)
