"""One municipality's page as pure data: figures for every goal, areas, people.

In: plans of a region, a municipality's number, addresses, words. Out: `MunicipalityPage`. Beside
every figure stands what is unknown; municipalities are never ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ikap.pages.chart import Overview, overview
from ikap.pages.links import Links, area_link
from ikap.pages.multiples import Columns, Curve, Panel, panels
from ikap.pages.numbers import indicator_head, ordered
from ikap.pages.plan import Plan
from ikap.pages.region import GoalView, goal_views
from ikap.pages.series import Commuting, SeriesTable, commuting, series_tables
from ikap.pages.tables import Area, areas
from ikap.pages.words import Words, safe_link

__all__ = ["MunicipalityPage", "municipality_page"]

LARGEST = 8
NEW = ("future", "further")
PART = "\u2013"
"""Beginning of the words for a part of a whole; parts of what is unknown are left out."""


@dataclass(frozen=True)
class FigureRow:
    """One indicator: text, unknown part and interval in each plan."""

    label: str
    cells: tuple[tuple[str, str, str], ...]

    @property
    def sure(self) -> bool:
        """Whether any figure has an interval."""
        return any(between for _, _, between in self.cells)


@dataclass(frozen=True)
class LargeArea:
    """One of the largest planned areas, with its link to the map."""

    name: str
    purpose: str
    area: str
    status: str
    told: str
    href: str


@dataclass(frozen=True)
class MunicipalityPage:
    """Everything that one municipality's page says."""

    region: str
    number: str
    name: str
    constructed: bool
    missing: bool
    plan: str
    how: str
    as_of: str
    others: tuple[tuple[str, str, str, bool], ...]  # number, name, address, whether this one
    goals: tuple[GoalView, ...]
    heads: tuple[str, ...]
    figures: tuple[tuple[str, tuple[FigureRow, ...]], ...]  # goal in words, rows
    largest: tuple[LargeArea, ...]
    curve: Curve | None
    columns: Columns | None
    series: tuple[SeriesTable, ...]
    commuting: Commuting | None
    drawn: Overview
    accessibility: str
    version: str
    crs: str


def municipality_page(
    plans: Sequence[Plan], number: str, links: Links, words: Words
) -> MunicipalityPage:
    """Page of one municipality, in one language; `plans` with the main one first."""
    first = plans[0]
    run = first.run
    own = next(p for p in _panels(plans, links, words) if p.number == number)
    tables = series_tables(first, words, number)
    return MunicipalityPage(
        region=words.local(run["region"]["name"]),
        number=number,
        name=own.name,
        constructed=first.constructed,
        missing=first.missing,
        plan=words.local(run["plan"]["title"], first.id),
        how=words.local(run["plan"].get("how")),
        as_of=words.day(run.get("as_of")),
        others=tuple((n, name, links.places[n], n == number) for n, name in first.members),
        goals=tuple(goal_views(first, links, words, number)),
        heads=tuple(words.role_of(p.run["plan"]) for p in plans),
        figures=tuple(_figures(plans, number, words)),
        largest=tuple(_largest(first, number, links, words)),
        curve=own.population,
        columns=own.builtup,
        series=tuple(tables),
        commuting=_commuting(first, number, words),
        drawn=overview(first),
        accessibility=safe_link((run["region"].get("links") or {}).get("accessibility")),
        version=str(run["toolkit"]["version"]),
        crs=str(run["region"]["crs"]),
    )


def _panels(plans: Sequence[Plan], links: Links, words: Words) -> tuple[Panel, ...]:
    return plans[0].once(("panels", words.lang), lambda: panels(plans, links.places, words))


def _figures(
    plans: Sequence[Plan], number: str, words: Words
) -> list[tuple[str, tuple[FigureRow, ...]]]:
    """Indicators with one figure to a municipality, by goal, as far as any plan has them."""
    out = []
    for goal in plans[0].run.get("goals") or []:
        names = dict.fromkeys(n for p in plans for n in p.figures.of_goal(int(goal["number"])))
        rows = []
        for name in ordered(names):
            having = next(p for p in plans if name in p.figures.goals)
            found = [p.figures.one(name, number) for p in plans]
            label = indicator_head(name, having.figures, words)
            known = any(f is not None and f.known for f in found)
            if known or (any(found) and not label.startswith(PART)):
                cells = tuple((words.figure(f), words.unknown(f), words.interval(f)) for f in found)
                rows.append(FigureRow(label, cells))
        if rows:
            title = words("index.goal", number=goal["number"])
            out.append((f"{title}: {words.local(goal['title'])}", tuple(rows)))
    return out


def _largest(plan: Plan, number: str, links: Links, words: Words) -> list[LargeArea]:
    """Largest areas that the plan sets aside for new development, by area and then key."""
    checks = [c["name"] for c in plan.run.get("checks") or []]
    every = plan.once(("areas", words.lang), lambda: areas(plan, checks, words))
    own = [a for a in every if a.municipality == number and a.development in NEW]
    own.sort(key=lambda a: (-a.area_m2, a.key))
    return [_large(area, plan, links, words) for area in own[:LARGEST]]


def _large(area: Area, plan: Plan, links: Links, words: Words) -> LargeArea:
    lead = area.lead
    purpose = " ".join(p for p in (area.purpose, area.purpose_name) if p)
    link = links.map_with(plan.slug, lead.check)
    return LargeArea(
        name=area.name,
        purpose=", ".join(p for p in (purpose, area.use.lower()) if p),
        area=area.area_text,
        status=lead.status,
        told=f"{words.status(lead.status)}: {lead.check_title}",
        href=area_link(link, area.key),
    )


def _commuting(plan: Plan, number: str, words: Words) -> Commuting | None:
    """Rows of the municipality itself and of those that it was made of, if the table has any."""
    table = commuting(plan, words)
    if table is None:
        return None
    mine = {number} | {
        str(m["number"])
        for m in plan.run["region"].get("history") or []
        if number in (m.get("successor") or ())
    }
    rows = tuple(row for row in table.rows if row[0] in mine)
    out = tuple(row for row in table.out if row[0] in mine)
    return Commuting(table.years, rows, out, table.notes) if rows or out else None
