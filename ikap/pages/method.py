"""How the figures were made, in words: rules, parameters, layers, what is not known.

In: a `Plan`. Out: rows for the templates. Words for a check stand under `[pages.method.CHECK]`;
a check without its own gets the general ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikap.model import MapDeclaration
from ikap.pages.plan import Plan
from ikap.pages.words import Words, safe_link

__all__ = [
    "LayerRow",
    "Method",
    "ParameterRow",
    "layer_rows",
    "methods",
    "parameter_rows",
    "shown_layers",
    "shows_land",
    "used_layers",
]

PARTS = ("question", "data", "steps", "result", "uncertainty", "control")


@dataclass(frozen=True)
class Method:
    """One check's method: pairs of heading and text."""

    title: str
    legal: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ParameterRow:
    """One threshold with its source and how binding it is."""

    label: str
    value: str
    status: str
    binding: str
    source: str
    valid_from: str


@dataclass(frozen=True)
class LayerRow:
    """One data set: what it is, whose, and whether it is there."""

    title: str
    kind: str
    owner: str
    licence: str
    attribution: str
    link: str
    dated: str
    present: bool
    passed_on: bool
    constructed: bool
    note: str
    accuracy: str = ""


LAND = frozenset({"landcover", "farmland"})
BEHIND = {
    "people_": ("population_grid", "network", "stops"),
    "population": ("population",),
    "dwelling": ("population", "network", "centres"),
    "reach_share": ("network", "stops", "centres"),
    "builtup_": ("builtup",),
    "commut": ("commuting",),
    "commercial_": ("commercial",),
    "farmland_": ("landcover", "farmland"),
}
"""Kinds of layers that indicators rest on, by the beginning of their names."""


def used_layers(plan: Plan, checks: Sequence[str]) -> set[str]:
    """Names of the layers that answered in the findings of some checks."""

    def make() -> dict[str, set[str]]:
        frame = plan.results.findings[["check", "layer"]].drop_duplicates()
        found: dict[str, set[str]] = {}
        for check, names in zip(frame["check"].to_list(), frame["layer"].to_list(), strict=True):
            own = {name.strip() for name in str(names or "").split(",")} - {""}
            found.setdefault(check, set()).update(own)
        return found

    found = plan.once("used layers", make)
    return {name for check in checks for name in found.get(check, ())}


def shown_layers(plan: Plan, declared: MapDeclaration) -> frozenset[str]:
    """Names of the layers that a map page shows or rests on: no others are credited there."""
    layers = list(plan.run.get("layers") or [])
    kinds = {str(row["name"]): str(row.get("kind") or "") for row in layers}
    names = set(declared.layers) | used_layers(plan, declared.checks)
    wanted = {"municipality"}
    if not declared.layers or any(kinds.get(name) == "context" for name in declared.layers):
        wanted.add("context")
    for indicator in plan.figures.of_goal(declared.goal) if declared.goal else ():
        wanted.update(
            k for start, own in BEHIND.items() if indicator.startswith(start) for k in own
        )
    for row in layers:
        name, kind = str(row["name"]), str(row.get("kind") or "")
        own_plan = kind == "zoning" and (bool(row.get("present")) or plan.missing)
        if kind in wanted or own_plan:
            names.add(name)
        elif kind == "zoning":
            names.discard(name)
    return frozenset(names & set(kinds))


def shows_land(plan: Plan, shown: frozenset[str]) -> bool:
    """Whether any of the shown layers is a map of what the land is."""
    return any(r["name"] in shown and r.get("kind") in LAND for r in plan.run.get("layers") or [])


def methods(plan: Plan, checks: Sequence[str], words: Words) -> list[Method]:
    """One method per check, in the map's order."""
    run = plan.run
    known = {c["name"]: c for c in run["checks"]}
    out = []
    for name in checks:
        check: Mapping[str, Any] = known.get(name, {})
        used = sorted(used_layers(plan, [name]))
        layers = ", ".join(words.layer(layer, run) for layer in used) or words(
            "method_words.no_layer"
        )
        title = words.local(check.get("title"), name)
        facts = {"title": title, "layers": layers, "check": name}
        facts["plan"] = words.local(run["plan"]["title"])
        facts["question"] = words.either(f"check.{name}.question", default=title)
        parts = tuple(
            (words(f"method_words.{part}"), _part(name, part, facts, words)) for part in PARTS
        )
        out.append(Method(title, tuple(str(text) for text in check.get("legal") or ()), parts))
    return out


def _part(check: str, part: str, facts: Mapping[str, str], words: Words) -> str:
    own = f"method.{check}.{part}"
    key = own if f"pages.{own}" in words.catalogue else f"method.default.{part}"
    return words(key, **facts)


def parameter_rows(
    run: Mapping[str, Any], checks: Sequence[str], words: Words
) -> list[ParameterRow]:
    """Thresholds that the given checks use, by name."""
    wanted: set[str] = set()
    for check in run.get("checks") or []:
        if check["name"] in checks:
            wanted |= set(check.get("parameters") or ())
    rows = sorted(
        (p for p in run.get("parameters") or [] if p["name"] in wanted),
        key=lambda p: str(p["name"]),
    )
    return [
        ParameterRow(
            label=words.parameter(p["name"]),
            value=words.value(p),
            status=str(p["status"]),
            binding=words.binding(p["status"]),
            source=str(p["source"]),
            valid_from=words.day(p["valid_from"]),
        )
        for p in rows
    ]


def layer_rows(
    run: Mapping[str, Any], words: Words, only: frozenset[str] | None = None
) -> list[LayerRow]:
    """Declared layers (or those in `only`), those that are there first, then by title."""
    rows = [
        LayerRow(
            title=words.local(layer.get("title"), layer["name"]),
            kind=str(layer.get("kind") or ""),
            owner=str(layer.get("owner") or ""),
            licence=str(layer.get("licence") or ""),
            attribution=str(layer.get("attribution") or ""),
            link=safe_link(layer.get("metadata")),
            dated=words.day(layer.get("dated")),
            present=bool(layer.get("present")),
            passed_on=layer.get("redistribute") is True,
            constructed=bool(layer.get("constructed")),
            note=words.local(layer.get("note")),
            accuracy=_accuracy(layer.get("accuracy"), words),
        )
        for layer in run.get("layers") or []
        if only is None or layer["name"] in only
    ]
    return sorted(rows, key=lambda row: (not row.present, row.title))


def _accuracy(declared: Mapping[str, Any] | None, words: Words) -> str:
    """Declared accuracy of a layer's lines, how binding it is, and where it is from."""
    if not declared:
        return ""
    metres = words.number(declared["metres"], 1)
    status = words.catalogue.say(f"parameter_status.{declared['status']}")
    said = words.catalogue.say("accuracy.metres", metres=metres, status=status)
    return f"{said}. {declared['source']}"
