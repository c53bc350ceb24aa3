"""How the figures were made, in words: rules, parameters, layers, what is not known.

In: `Results`. Out: rows for the templates. Words for a check stand under `[pages.method.CHECK]`;
a check without its own gets the general ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikap.pages.words import Words, safe_link
from ikap.results import Results

__all__ = ["LayerRow", "Method", "ParameterRow", "layer_rows", "methods", "parameter_rows"]

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


def methods(results: Results, checks: Sequence[str], words: Words) -> list[Method]:
    """One method per check, in the map's order."""
    run = results.run
    known = {c["name"]: c for c in run["checks"]}
    frame = results.findings
    out = []
    for name in checks:
        check: Mapping[str, Any] = known.get(name, {})
        used = sorted(set(frame.loc[frame["check"] == name, "layer"]) - {""})
        layers = ", ".join(words.layer(layer, run) for layer in used) or words(
            "method_words.no_layer"
        )
        plan = words.local(run["plan"]["title"])
        title = words.local(check.get("title"), name)
        facts = {"title": title, "layers": layers, "plan": plan, "check": name}
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


def layer_rows(run: Mapping[str, Any], words: Words) -> list[LayerRow]:
    """All declared layers, those that are there first, then by title."""
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
        )
        for layer in run.get("layers") or []
    ]
    return sorted(rows, key=lambda row: (not row.present, row.title))
