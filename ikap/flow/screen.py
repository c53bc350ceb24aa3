"""What the command line shows of plain answers: layers, a file, a statement; words by catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ikap.results import quality_sentence, rounded_to_sum
from ikap.texts import Catalogue, area, date_text, fault_text, number

__all__ = ["inspect_screen", "layers_screen", "statement_screen"]

SHOWN_CODES = 40
SHORTEST_NAME = 10
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
        lines.append(f"{'':<18} {'':<9} {layer['path']} ({about})")
        if not layer["present"] and layer["note"].get(words.lang):
            lines.append(f"{'':<18} {'':<9} {layer['note'][words.lang]}")
    return "\n".join(lines)


def inspect_screen(found: Mapping[str, Any], words: Catalogue) -> str:
    """One file on one screen: what it holds, what it can be used as, what to mend first."""
    lines = [str(found["path"])]
    lines += [fault_text(_fault(fault), words) for fault in found["faults"]]
    for layer in found["layers"]:
        lines += ["", *_layer(layer, words)]
    return "\n".join(lines)


def _layer(layer: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    say, lang = words.say, words.lang
    kinds = ", ".join(f"{number(n, lang)} {name}" for name, n in layer["geometry"].items())
    yield say("inspect.layer", name=layer["name"], count=number(layer["count"], lang), kinds=kinds)
    known = say(f"crs_known_by.{layer['crs_known_by']}") if layer["crs_known_by"] else ""
    yield f"  {say('inspect.crs', crs=layer['crs'] or '–', known=known)}"
    if layer["bounds"]:
        digits = 4 if abs(layer["bounds"][0]) <= 360 else 0  # noqa: PLR2004 (degrees or metres)
        west, south, east, north = (number(b, lang, digits=digits) for b in layer["bounds"])
        yield f"  {say('inspect.bounds', west=west, south=south, east=east, north=north)}"
    names = ", ".join(layer["columns"])
    yield f"  {say('inspect.columns', names=names, letters=layer['encoding'])}"
    used = words.words.get(f"kind.{layer['used_as']}", "–") if layer["used_as"] else "–"
    yield f"  {say('inspect.used_as', kind=used)}"
    for column, codes in layer["codes"].items():
        yield f"  {say('column.development') if column == 'development' else column}:"
        for code in codes[:SHOWN_CODES]:
            about = f"{code['code'] or '–'} {code.get(lang, '')}".strip()
            about = words.words.get(f"{column}.{code['code']}", about)
            count, size = number(code["count"], lang), area(code["area_m2"], lang)
            yield f"    {about:<44} {count:>7} {size:>16}"
    if layer["quality"]:
        yield f"  {say('inspect.quality')}"
    for row in layer["quality"]:
        yield f"    · {_noted(row, words)}"
    if layer["faults"]:
        yield f"  {say('inspect.faults')}"
    for fault in layer["faults"]:
        yield f"    · {fault_text(_fault(fault), words)}".replace("\n", "\n    ")
    if layer["mend_first"]:
        first = layer["mend_first"][0]
        yield f"  {say('inspect.mend_first', what=_named(first, layer, words))}"


def _noted(row: Mapping[str, Any], words: Catalogue) -> str:
    """Sentence of one kind of note; features of the same kind are brought together."""
    facts = {"facts_json": json.dumps(row.get("facts", {}), default=str)}
    text = quality_sentence({**row, **facts}, words)
    ids = ", ".join(row["ids"])
    return f"{text} ({number(row['count'], words.lang)}: {ids})" if ids else text


def _named(key: str, layer: Mapping[str, Any], words: Catalogue) -> str:
    for row in layer["quality"]:
        if row["what"] == key:
            return _noted(row, words)
    for fault in layer["faults"]:
        if fault["key"] == key:
            return fault_text(_fault(fault), words).split("\n")[0]
    return key


def _fault(told: Mapping[str, Any]) -> Any:  # noqa: ANN401
    from ikap.errors import Fault  # noqa: PLC0415

    return Fault(
        told["key"],
        told.get("file"),
        told.get("layer"),
        tuple(told.get("ids", ())),
        told.get("facts", {}),
    )


def statement_screen(table: pd.DataFrame, words: Catalogue, width: int) -> str:
    """Statement in daa, farmland by class and the rest, rows adding up; figures are never cut."""
    head, rows = _statement_rows(table, words)
    sizes = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    sizes[0] = max(SHORTEST_NAME, min(sizes[0], width - sum(sizes[1:]) - 2 * len(sizes)))
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
    classes = [c for c in table.columns if c not in (*fixed, "sum")]
    grouped = {c: c if c in STATEMENT_CLASSES else "rest" for c in classes}
    areas = table[classes].T.groupby(lambda name: grouped[name]).sum().T
    shown = [c for c in STATEMENT_CLASSES if c in areas]
    head = [say("column.purpose"), say("column.development")]
    head += [say(f"class_short.{c}") for c in shown] + [say("column.sum")]
    rows = []
    for i, place in enumerate(table[fixed].to_numpy().tolist()):
        daa = rounded_to_sum((areas.iloc[i][shown] / 1000).tolist(), 1)
        cells = [f"{place[0]} {place[1]}".strip(), say(f"development_short.{place[2]}")]
        cells += [number(value, lang, digits=1) for value in (*daa, sum(daa))]
        rows.append(cells)
    return head, rows
