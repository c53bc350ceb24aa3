"""One published map as pure data: what `map.html.j2` shows and what its script needs.

In: a `Plan`, a `MapDeclaration`, words. Out: `MapPage`. No HTML is made here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikap.model import MapDeclaration
from ikap.pages.answers import answer
from ikap.pages.chart import Bars, Overview, bars, overview
from ikap.pages.drawing import BESIDE, FARMLAND_PARTS, PARTS, Drawing, draw, member_bounds
from ikap.pages.farmland_reserve import Reserve, reserve
from ikap.pages.largest import Large, largest
from ikap.pages.ledgers import Ledgers, ledgers
from ikap.pages.method import (
    LayerRow,
    Method,
    ParameterRow,
    layer_rows,
    methods,
    parameter_rows,
    shown_layers,
    shows_land,
)
from ikap.pages.numbers import IndicatorTable, indicator_table
from ikap.pages.plan import Plan
from ikap.pages.tables import STATUSES, Area, CheckTable, FindingRow, areas, check_tables
from ikap.pages.words import Words, safe_link

__all__ = ["MAX_ROWS", "MapPage", "map_page"]

MAX_ROWS = 420
"""Most rows of findings in the page, over all its checks; the rest are in the CSV."""
FARMLAND_GOAL = 2
CHIPS = ("conflict", "warning", "unknown", "ok")


@dataclass(frozen=True)
class Chip:
    """One status with its number of areas; pressing it filters."""

    status: str
    label: str
    long: str
    count: int


@dataclass(frozen=True)
class MapPage:
    """Everything that one map page says."""

    title: str
    ingress: str
    answer: str
    region: str
    plan: str
    role: str
    missing: bool
    how: str
    interpreted: bool  # made of several plans: a tolket plansituasjon
    as_of: str
    constructed: bool
    assumptions: bool
    chips: tuple[Chip, ...]
    not_applicable: int
    areas: tuple[Area, ...]
    checks: tuple[CheckTable, ...]
    municipalities: tuple[tuple[str, str], ...]
    purposes: tuple[tuple[str, str], ...]
    numbers: IndicatorTable | None
    ledgers: Ledgers | None  # of farmland, on its own page alone
    largest: tuple[Large, ...]  # of farmland, as the ledgers
    reserve: Reserve | None
    bars: Bars | None
    methods: tuple[Method, ...]
    parameters: tuple[ParameterRow, ...]
    layers: tuple[LayerRow, ...]
    drawing: Drawing
    outline: Overview
    withheld: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    themes: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str, str], ...]
    beside: Mapping[str, tuple[tuple[str, str], ...]]
    accessibility: str
    basemap: str
    version: str
    crs: str
    data: Mapping[str, Any]


def map_page(plan: Plan, declared: MapDeclaration, words: Words) -> MapPage:
    """Page of one map and one plan, in one language."""
    run = plan.run
    found = areas(plan, declared.checks, words)
    shown = shown_layers(plan, declared)
    land = shows_land(plan, shown)
    drawing = draw(plan, tuple(p for p in PARTS if land or p not in FARMLAND_PARTS))
    marks = _marks(drawing, plan, shown, words)
    table = indicator_table(plan, declared.goal, words)
    counts = Counter(area.status for area in found)
    region = run["region"]
    farmland = declared.goal == FARMLAND_GOAL
    basemap = {} if region.get("constructed") else dict(region.get("basemap") or {})
    parameters = parameter_rows(run, declared.checks, words)
    return MapPage(
        title=words.local(declared.title, declared.name),
        ingress=words.local(declared.texts.get("ingress")),
        answer=answer(plan, declared.checks, words),
        region=words.local(region["name"]),
        plan=words.local(run["plan"]["title"], plan.id),
        role=words.role_of(run["plan"]),
        missing=plan.missing,
        how=words.local(run["plan"].get("how")),
        interpreted=bool(run["plan"].get("made_of")),
        as_of=words.day(run.get("as_of")),
        constructed=plan.constructed,
        assumptions=any(p.status != "adopted" for p in parameters),
        chips=tuple(Chip(s, words(f"chip.{s}"), words.status(s), counts[s]) for s in CHIPS),
        not_applicable=counts["not_applicable"],
        areas=tuple(found),
        checks=tuple(check_tables(found, declared.checks, words, MAX_ROWS)),
        municipalities=tuple(plan.members),
        purposes=tuple(sorted({(a.purpose, a.purpose_name) for a in found if a.purpose})),
        numbers=table,
        ledgers=ledgers(plan, words) if farmland else None,
        largest=largest(found) if farmland else (),
        reserve=reserve(plan, words) if farmland else None,
        bars=bars(table, words) if table else None,
        methods=tuple(methods(plan, declared.checks, words)),
        parameters=tuple(parameters),
        layers=tuple(layer_rows(run, words, shown)),
        drawing=drawing,
        outline=overview(plan),
        withheld=tuple(words.layer(name, run) for name in drawing.withheld if name in shown),
        classes=_classes(drawing, run, words),
        themes=_themes(drawing, words),
        marks=marks,
        beside=_beside_areas(drawing, words),
        accessibility=safe_link((region.get("links") or {}).get("accessibility")),
        basemap=safe_link(basemap.get("url")),
        version=str(run["toolkit"]["version"]),
        crs=str(run["region"]["crs"]),
        data=_data(plan, (found, shown, land), basemap, words)
        | {"marks": [theme for theme, _ in marks]},
    )


def _classes(drawing: Drawing, run: Mapping[str, Any], words: Words) -> tuple[tuple[str, str], ...]:
    found = set(drawing.layers.get("farmland", {}).get("class", ()))
    return tuple((code, words.land_class(code, run)) for code in sorted(found))


def _themes(drawing: Drawing, words: Words) -> tuple[tuple[str, str], ...]:
    found = dict.fromkeys(drawing.layers.get("context", {}).get("theme", ()))
    return tuple(
        (theme, words.either(f"pages.theme.{theme}", default=theme)) for theme in sorted(found)
    )


def _beside_areas(drawing: Drawing, words: Words) -> dict[str, tuple[tuple[str, str], ...]]:
    """Themes that are drawn of what the plan has besides its areas, by layer."""
    drawn = {
        name: sorted(set(drawing.layers[name]["theme"]))
        for name in BESIDE
        if name in drawing.layers
    }
    return {n: tuple((t, words(f"beside.{t}")) for t in themes) for n, themes in drawn.items()}


def _marks(
    drawing: Drawing, plan: Plan, shown: frozenset[str], words: Words
) -> tuple[tuple[str, str], ...]:
    """Kinds of what the page's rules measure to, where the page rests on such a layer."""
    drawn = set(drawing.layers.get("marks", {}).get("theme", ()))
    kinds = {str(r["kind"]) for r in plan.run.get("layers") or [] if r["name"] in shown}
    return tuple((kind, words(f"mark.{kind}")) for kind in sorted(drawn & kinds))


def _data(
    plan: Plan,
    content: tuple[Sequence[Area], frozenset[str], bool],
    basemap: Mapping[str, Any],
    words: Words,
) -> dict[str, Any]:
    found, shown, land = content
    prefix = "pages.js."
    texts = {
        k.removeprefix(prefix): v for k, v in words.catalogue.words.items() if k.startswith(prefix)
    }
    texts["leaves_out"] = words.catalogue.words["finding.interval_leaves_out"]
    credits_ = [
        words("constructed") if plan.constructed else "",
        str(basemap.get("attribution") or ""),
    ] + [
        str(layer["attribution"])
        for layer in plan.run.get("layers") or []
        if layer["name"] in shown
        and layer.get("present")
        and layer.get("redistribute")
        and layer.get("attribution")
    ]
    return {
        "lang": words.lang,
        "text": texts,
        "status": {s: words.status(s) for s in STATUSES},
        "bounds": [round(v, 5) for v in member_bounds(plan)],
        "basemap": safe_link(basemap.get("url")),
        "credit": "; ".join(dict.fromkeys(c for c in credits_ if c)),
        "areas": [_area(area, land, words) for area in found],
    }


def _area(area: Area, land: bool, words: Words) -> dict[str, Any]:
    purpose = " ".join(p for p in (area.purpose, area.purpose_name) if p)
    return {
        "k": area.key,
        "n": area.name,
        "p": area.purpose,
        "s": area.status,
        "m": area.municipality,
        "i": area.source_id,
        "d": " · ".join(p for p in (purpose, area.use, area.municipality_name) if p),
        "a": area.area_text,
        **({"w": area.situation} if area.situation else {}),
        "f": [
            {
                "s": f.status,
                "c": f.check_title,
                "v": f.measured_text,
                "q": f.check,
                "g": _beside(area, f, words),
                "t": f.sentence,
                "b": words.binding(f.parameter),
                "l": f.layer,
                "x": int(f.sliver),
                "u": f.interval,
                "e": f.registered,
                "w": f.within,
            }
            for f in area.shown
        ],
        "r": [[row.label, row.text, row.share] for row in area.statement] if land else [],
    }


def _beside(area: Area, finding: FindingRow, words: Words) -> str:
    """What a figure is seen against: the whole area, or the limit of a distance."""
    if finding.unit == "m2":
        return words("map.of", area=area.area_text)
    return words("map.limit", limit=finding.limit_text) if finding.limit_text else ""
