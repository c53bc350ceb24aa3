"""What the command line shows of plain answers: layers, a statement; words by catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ikap.results import rounded_to_sum
from ikap.texts import Catalogue, date_text, number

__all__ = ["layers_screen", "statement_screen"]

SHORTEST_NAME = 10
ELLIPSOID = "sum_ellipsoid"
STATEMENT_CLASSES = ("21", "22", "23", "20", "rest", "not_covered")


def layers_screen(found: Sequence[Mapping[str, Any]], words: Catalogue) -> str:
    """Layers of a workspace, two or three lines each."""
    lines = []
    for layer in found:
        state = words.say("run.layer_present" if layer["present"] else "run.layer_absent")
        kind = words.words.get(f"kind.{layer['kind']}", layer["kind"])
        day = layer["dated"] and date_text(date.fromisoformat(layer["dated"]), words.lang)
        about = ", ".join(part for part in (layer["licence"], layer["owner"], day) if part)
        lines.append(f"{layer['name']:<18} {state:<9} {kind} – {layer['title'][words.lang]}")
        from_ = layer["path"]
        if layer["made_of"]:
            from_ = words.say("run.made_of", layers=", ".join(layer["made_of"]))
        lines.append(f"{'':<18} {'':<9} {from_} ({about})")
        if layer["holds"]:
            lines.append(f"{'':<18} {'':<9} {_held(layer['holds'], words)}")
        if not layer["present"] and layer["note"].get(words.lang):
            lines.append(f"{'':<18} {'':<9} {layer['note'][words.lang]}")
    return "\n".join(lines)


def _held(head: Mapping[str, Any], words: Catalogue) -> str:
    """What the head of the layer's file says, in one line."""
    count = words.say("inspect.count", count=number(head["count"], words.lang))
    place = words.say(f"inspect_place.{head['place']}") if head["place"] else ""
    crs = head["crs"] or words.say("inspect.no_crs")
    return ", ".join(part for part in (f"{count} ({head['geometry']})", crs, place) if part)


def statement_screen(table: pd.DataFrame, words: Catalogue, width: int) -> str:
    """Statement in daa, farmland by class and the rest, rows adding up; figures are never cut."""
    head, rows = _statement_rows(table, words)
    sizes = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    left = width - sum(sizes[1:]) - 2 * (len(sizes) - 1)
    sizes[0] = max(SHORTEST_NAME, min(sizes[0], left))
    lines = [words.say("cli.statement_title"), ""]
    for row in (head, *rows):
        name = row[0] if len(row[0]) <= sizes[0] else f"{row[0][: sizes[0] - 1]}…"
        cells = [name.ljust(sizes[0]), row[1].ljust(sizes[1])]
        cells += [cell.rjust(size) for cell, size in zip(row[2:], sizes[2:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _statement_rows(table: pd.DataFrame, words: Catalogue) -> tuple[list[str], list[list[str]]]:
    say, lang = words.say, words.lang
    fixed = ["purpose", "purpose_name", "development"]
    classes = [c for c in table.columns if c not in (*fixed, "sum", ELLIPSOID)]
    grouped = {c: c if c in STATEMENT_CLASSES else "rest" for c in classes}
    areas = table[classes].T.groupby(lambda name: grouped[name]).sum().T
    shown = [c for c in STATEMENT_CLASSES if c in areas]
    head = [say("column.purpose"), say("column.development")]
    head += [say(f"class_short.{c}") for c in shown] + [say("column.sum")]
    head += [say("column.sum_ellipsoid")] if ELLIPSOID in table else []
    rows = []
    for i, place in enumerate(table[fixed].to_numpy().tolist()):
        daa = rounded_to_sum((areas.iloc[i][shown] / 1000).tolist(), 1)
        cells = [f"{place[0]} {place[1]}".strip(), say(f"development_short.{place[2]}")]
        beside = [table[ELLIPSOID].iloc[i] / 1000] if ELLIPSOID in table else []
        cells += [number(value, lang, digits=1) for value in (*daa, sum(daa), *beside)]
        rows.append(cells)
    return head, rows
