"""One published map as pure data: what `map.html.j2` shows and what its script needs.

In: `Results`, a `MapDeclaration`, words. Out: `MapPage`. No HTML is made here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikap.model import MapDeclaration
from ikap.pages.chart import Bars, Overview, bars, overview
from ikap.pages.drawing import Drawing, draw, member_bounds
from ikap.pages.method import LayerRow, Method, ParameterRow, layer_rows, methods, parameter_rows
from ikap.pages.numbers import IndicatorTable, indicator_table
from ikap.pages.tables import STATUSES, Area, areas
from ikap.pages.words import Words, safe_link
from ikap.results import Results, records

__all__ = ["MAX_ROWS", "MapPage", "answer", "map_page"]

MAX_ROWS = 500
"""Most areas with a table row of their own in the page; the rest are in the CSV."""
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
    as_of: str
    constructed: bool
    assumptions: bool
    chips: tuple[Chip, ...]
    not_applicable: int
    areas: tuple[Area, ...]
    rows: tuple[Area, ...]
    municipalities: tuple[tuple[str, str], ...]
    purposes: tuple[tuple[str, str], ...]
    numbers: IndicatorTable | None
    bars: Bars | None
    methods: tuple[Method, ...]
    parameters: tuple[ParameterRow, ...]
    layers: tuple[LayerRow, ...]
    drawing: Drawing
    outline: Overview
    withheld: tuple[str, ...]
    classes: tuple[tuple[str, str], ...]
    themes: tuple[tuple[str, str], ...]
    accessibility: str
    basemap: str
    version: str
    data: Mapping[str, Any]


def map_page(
    results: Results, declared: MapDeclaration, words: Words, drawn: dict[str, Drawing]
) -> MapPage:
    """Page of one map and one plan, in one language; `drawn` keeps shapes for the next language."""
    run: Mapping[str, Any] = results.run
    found = areas(results, declared.checks, words)
    if declared.name not in drawn:
        drawn[declared.name] = draw(results, found)
    drawing = drawn[declared.name]
    table = indicator_table(results, declared.goal, words)
    plan = run["plan"]
    counts = Counter(area.status for area in found)
    region = run["region"]
    basemap = {} if region.get("constructed") else dict(region.get("basemap") or {})
    parameters = parameter_rows(run, declared.checks, words)
    return MapPage(
        title=words.local(declared.title, declared.name),
        ingress=words.local(declared.texts.get("ingress")),
        answer=answer(results, declared.checks, words),
        region=words.local(region["name"]),
        plan=words.local(plan["title"], plan["id"]),
        role=words.role(plan["role"]),
        missing=bool(plan.get("missing")),
        how=words.local(plan.get("how")),
        as_of=words.day(run.get("as_of")),
        constructed=bool(region.get("constructed")),
        assumptions=any(p.status != "adopted" for p in parameters),
        chips=tuple(Chip(s, words(f"chip.{s}"), words.status(s), counts[s]) for s in CHIPS),
        not_applicable=counts["not_applicable"],
        areas=tuple(found),
        rows=tuple(found[:MAX_ROWS]),
        municipalities=tuple(
            (m["number"], m["name"])
            for m in sorted(region["municipalities"], key=lambda m: str(m["number"]))
        ),
        purposes=tuple(sorted({(a.purpose, a.purpose_name) for a in found if a.purpose})),
        numbers=table,
        bars=bars(table, words) if table else None,
        methods=tuple(methods(results, declared.checks, words)),
        parameters=tuple(parameters),
        layers=tuple(layer_rows(run, words)),
        drawing=drawing,
        outline=overview(results),
        withheld=tuple(words.layer(name, run) for name in drawing.withheld),
        classes=_classes(drawing, run, words),
        themes=_themes(drawing, words),
        accessibility=safe_link((region.get("links") or {}).get("accessibility")),
        basemap=safe_link(basemap.get("url")),
        version=str(run["toolkit"]["version"]),
        data=_data(results, found, drawing, basemap, words),
    )


def answer(results: Results, checks: Sequence[str], words: Words) -> str:
    """The main answer in one or two sentences, from the indicators where there are any."""
    run: Mapping[str, Any] = results.run
    plan = run["plan"]
    if plan.get("missing"):
        return words("answer.missing", count=len(run["region"]["municipalities"]))
    region = {
        row["indicator"]: row
        for row in records(results.indicators)
        if row["municipality"] == "region"
    }
    if "farmland_planned_conversion" not in region:
        found = areas(results, checks, words)
        counts = Counter(area.status for area in found)
        return words("answer.counts", total=len(found), **{s: counts[s] for s in STATUSES})
    planned = region["farmland_planned_conversion"]
    if math.isnan(planned["value"]):
        return words("answer.unknown")
    role = plan["role"] if f"pages.answer.{plan['role']}" in words.catalogue else "adopted"
    said = [words(f"answer.{role}", planned=words.area(planned["value"]))]
    unbuilt = region.get("farmland_adopted_unbuilt", {}).get("value", math.nan)
    if not math.isnan(unbuilt):
        said.append(words("answer.unbuilt", unbuilt=words.area(unbuilt)))
    if planned["unknown"] > 0:
        said.append(words("answer.rest_unknown", unknown=words.area(planned["unknown"])))
    return " ".join(said)


def _classes(drawing: Drawing, run: Mapping[str, Any], words: Words) -> tuple[tuple[str, str], ...]:
    found = set(drawing.layers.get("farmland", {}).get("class", ()))
    return tuple((code, words.land_class(code, run)) for code in sorted(found))


def _themes(drawing: Drawing, words: Words) -> tuple[tuple[str, str], ...]:
    found = dict.fromkeys(drawing.layers.get("context", {}).get("theme", ()))
    return tuple(
        (theme, words.either(f"pages.theme.{theme}", default=theme)) for theme in sorted(found)
    )


def _data(
    results: Results,
    found: Sequence[Area],
    drawing: Drawing,
    basemap: Mapping[str, Any],
    words: Words,
) -> dict[str, Any]:
    prefix = "pages.js."
    texts = {
        k.removeprefix(prefix): v for k, v in words.catalogue.words.items() if k.startswith(prefix)
    }
    run: Mapping[str, Any] = results.run
    credits_ = [
        words("constructed") if run["region"].get("constructed") else "",
        str(basemap.get("attribution") or ""),
    ] + [
        str(layer["attribution"])
        for layer in run.get("layers") or []
        if layer.get("present") and layer.get("redistribute") and layer.get("attribution")
    ]
    return {
        "lang": words.lang,
        "text": texts,
        "status": {s: words.status(s) for s in STATUSES},
        "bounds": [round(v, 5) for v in member_bounds(results)],
        "basemap": safe_link(basemap.get("url")),
        "credit": "; ".join(dict.fromkeys(c for c in credits_ if c)),
        "layers": drawing.layers,
        "areas": [_area(area, words) for area in found],
    }


def _area(area: Area, words: Words) -> dict[str, Any]:
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
        "f": [
            {
                "s": f.status,
                "c": f.check_title,
                "v": f.measured_text,
                "t": f.sentence,
                "b": words.binding(f.parameter),
                "l": f.layer,
                "x": int(f.sliver),
            }
            for f in area.shown
        ],
        "r": [[row.label, row.text, row.share] for row in area.statement],
    }
