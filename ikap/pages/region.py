"""A region's page as pure data: goals, plans, municipalities in number order, what is not known.

In: plans of a region, addresses, words. Out: `RegionView`, which the front page shows in short.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikap.pages.answers import Main, answer, check_title, goal_checks, judged, main_figure
from ikap.pages.chart import LONGEST, Overview, overview
from ikap.pages.figure_method import figure_methods
from ikap.pages.figures import REGION
from ikap.pages.links import Download, Links, MapLink
from ikap.pages.method import LayerRow, Method, layer_rows
from ikap.pages.multiples import Panel, panels
from ikap.pages.plan import Plan
from ikap.pages.series import Commuting, SeriesTable, commuting, series_tables
from ikap.pages.tables import STATUSES, counts_of
from ikap.pages.words import Words, safe_link

__all__ = [
    "CheckCount",
    "Download",
    "GoalView",
    "Links",
    "MapLink",
    "PlanView",
    "RegionView",
    "check_counts",
    "goal_views",
    "region_view",
]

PLANNED, UNBUILT = "farmland_planned_conversion", "farmland_adopted_unbuilt"


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
class CheckCount:
    """One check's findings by status, with the map that shows them."""

    name: str
    title: str
    counts: tuple[tuple[str, int], ...]
    bars: tuple[tuple[str, int, int], ...]  # status, x, width, in per mille
    total: int
    href: str


@dataclass(frozen=True)
class GoalView:
    """One adopted goal, its main figure, and whether this edition measures it."""

    number: int
    title: str
    document: str
    dated: str
    state: str  # words for whether this edition measures it
    measured: bool
    main: Main
    checks: tuple[CheckCount, ...]
    map: MapLink | None


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
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class RegionView:
    """One region, on its own page and in short on the front page."""

    key: str
    name: str
    constructed: bool
    assumptions: bool
    plans: tuple[PlanView, ...]
    goals: tuple[GoalView, ...]
    heads: tuple[str, ...]
    municipalities: tuple[MunicipalityRow, ...]
    panels: tuple[Panel, ...]
    series: tuple[SeriesTable, ...]
    commuting: Commuting | None
    drawn: Overview
    links: Links
    methods: tuple[Method, ...]
    layers: tuple[LayerRow, ...]
    missing: tuple[LayerRow, ...]
    accessibility: str
    version: str
    crs: str


def region_view(
    key: str,
    plans: Sequence[Plan],
    links: Links,
    files: Mapping[str, tuple[Download, ...]],
    words: Words,
) -> RegionView:
    """View of one region; `plans` with the main one first."""
    first = plans[0]
    run: Mapping[str, Any] = first.run
    region = run["region"]
    heads, rows = _municipalities(plans, links, words)
    layers: dict[str, LayerRow] = {}
    for plan in plans:
        for row in layer_rows(plan.run, words):
            if row.title not in layers or row.present:
                layers[row.title] = row
    ordered = sorted(layers.values(), key=lambda row: (not row.present, row.title))
    return RegionView(
        key=key,
        name=words.local(region["name"]),
        constructed=first.constructed,
        assumptions=any(p["status"] != "adopted" for p in run.get("parameters") or []),
        plans=tuple(_plan(p, links.maps[p.slug], files[p.slug], words) for p in plans),
        goals=tuple(goal_views(first, links, words)),
        heads=heads,
        municipalities=rows,
        panels=panels(plans, links.places, words),
        series=tuple(series_tables(first, words)),
        commuting=commuting(first, words),
        drawn=overview(first),
        links=links,
        methods=tuple(figure_methods(first, words)),
        layers=tuple(ordered),
        missing=tuple(row for row in ordered if not row.present and row.kind != "context"),
        accessibility=safe_link((region.get("links") or {}).get("accessibility")),
        version=str(run["toolkit"]["version"]),
        crs=str(run["region"]["crs"]),
    )


def _plan(
    plan: Plan, maps: tuple[MapLink, ...], downloads: tuple[Download, ...], words: Words
) -> PlanView:
    run = plan.run
    checks = [check["name"] for check in run.get("checks") or []]
    return PlanView(
        title=words.local(run["plan"]["title"], plan.id),
        role=words.role_of(run["plan"]),
        answer=answer(plan, checks, words),
        how=words.local(run["plan"].get("how")),
        missing=plan.missing,
        as_of=words.day(run.get("as_of")),
        maps=maps,
        downloads=downloads,
    )


def goal_views(plan: Plan, links: Links, words: Words, place: str = REGION) -> list[GoalView]:
    """The region's goals by number, with figures of the region or of one municipality."""
    run = plan.run
    checked = {int(check["goal"]) for check in run.get("checks") or []}
    answered = ~plan.results.findings["status"].isin(("unknown", "not_applicable"))
    known = {int(goal) for goal in plan.results.findings.loc[answered, "goal"]}
    views = []
    for goal in sorted(run.get("goals") or [], key=lambda goal: int(goal["number"])):
        number = int(goal["number"])
        views.append(
            GoalView(
                number=number,
                title=words.local(goal["title"]),
                document=str(goal.get("document") or ""),
                dated=words.day(goal.get("dated")),
                state=words(f"index.goal_{_state(number, checked, known)}"),
                measured=number in known,
                main=main_figure(plan, number, words, place),
                checks=tuple(check_counts(plan, number, links, words, place)),
                map=links.map_of(plan.slug, number),
            )
        )
    return views


def check_counts(
    plan: Plan, goal: int, links: Links, words: Words, place: str = REGION
) -> list[CheckCount]:
    """Findings by status of each check of a goal that applies to any area there."""
    found = counts_of(plan, "" if place == REGION else place)
    out = []
    for name in goal_checks(plan, goal):
        counts, total = found.get(name), judged(found.get(name))
        if not counts or not total:
            continue
        shown = [(s, counts[s]) for s in STATUSES[:-1] if counts[s]]
        bars, x = [], 0
        for status, count in shown:
            width = round(1000 * count / total)
            bars.append((status, x, width))
            x += width
        link = links.map_with(plan.slug, name)
        hash_ = "" if place == REGION else f"#kommune={place}"
        href = f"{link.href}{hash_}" if link else ""
        title = check_title(plan, name, words)
        out.append(CheckCount(name, title, tuple(shown), tuple(bars), total, href))
    return out


def _state(goal: int, checked: set[int], known: set[int]) -> str:
    if goal in known:
        return "measured"
    return "unknown" if goal in checked else "not_measured"


def _municipalities(
    plans: Sequence[Plan], links: Links, words: Words
) -> tuple[tuple[str, ...], tuple[MunicipalityRow, ...]]:
    """Planned conversion in each plan, then unbuilt and unknown of the main plan."""
    columns: list[tuple[str, Plan, str, str]] = [
        (words("index.planned_in", plan=words.role_of(p.run["plan"])), p, PLANNED, "value")
        for p in plans
    ]
    columns.append((words("index.unbuilt"), plans[0], UNBUILT, "value"))
    columns.append((words("index.unknown_part"), plans[0], PLANNED, "unknown"))
    places = [*plans[0].members, (REGION, words("numbers.region"))]
    values = [
        [_value(plan, number, indicator, part) for number, _ in places]
        for _, plan, indicator, part in columns
    ]
    longest = max((v for col in values for v in col[:-1] if not math.isnan(v)), default=0.0)
    rows = tuple(
        MunicipalityRow(
            number,
            name,
            links.places.get(number, ""),
            tuple(_cell(col[i], longest if number != REGION else 0.0, words) for col in values),
        )
        for i, (number, name) in enumerate(places)
    )
    return tuple(column[0] for column in columns), rows


def _value(plan: Plan, municipality: str, indicator: str, part: str) -> float:
    found = plan.figures.at(indicator, municipality)
    return float(getattr(found, part)) if found else math.nan


def _cell(value: float, longest: float, words: Words) -> Cell:
    if math.isnan(value):
        return Cell(words.status("unknown"), "", 0)
    return Cell(words.area(value), "", round(LONGEST * value / longest) if longest else 0)
