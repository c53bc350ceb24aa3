"""A file on one screen, 80 columns wide: what it holds, what it can be used as, what to mend."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ikap.errors import Fault
from ikap.results import quality_sentence
from ikap.texts import Catalogue, area, date_text, fault_text, number

__all__ = ["inspect_screen", "layer_in_short"]

WIDTH = 80
LABEL = 16
SHOWN_CODES = 40
SHOWN_COLUMNS = 40
SHOWN_MENDS = 8
DEGREES = 360

Layer = Mapping[str, Any]


def inspect_screen(found: Mapping[str, Any], words: Catalogue) -> str:
    """One file on one screen; a file of several layers gets a few lines for each."""
    lines = [str(found["path"])]
    if found.get("dated"):
        day = date_text(date.fromisoformat(found["dated"]), words.lang)
        lines.append(words.say("inspect.dated", date=day))
    lines += [fault_text(_fault(fault), words) for fault in found["faults"]]
    several = len(found["layers"]) > 1
    for layer in found["layers"]:
        lines += ["", *(_short(layer, words) if several else _whole(layer, words))]
    if several:
        lines += ["", *_wrapped(words.say("inspect.one_layer"), "")]
    return "\n".join(lines)


def layer_in_short(layer: Layer, words: Catalogue) -> str:
    """Count, types, CRS and place of a layer in one line."""
    kinds = ", ".join(f"{number(n, words.lang)} {name}" for name, n in layer["geometry"].items())
    count = words.say("inspect.count", count=number(layer["count"], words.lang))
    place = words.say(f"inspect_place.{layer['place']}") if layer["place"] else ""
    told = f"{count} ({kinds})" if kinds else count
    return ", ".join(part for part in (told, layer["crs"], place) if part)


def _short(layer: Layer, words: Catalogue) -> Iterator[str]:
    name = layer["name"] or layer["file"]
    yield from _wrapped(
        words.say("inspect.layer", name=name, told=layer_in_short(layer, words)), ""
    )
    if layer["used_as"]:
        yield from _row("used_as", _kind(layer, words), words)
    for key in layer["mend_first"][:1]:
        yield from _row("mend_first", _named(key, layer, words), words)


def _whole(layer: Layer, words: Catalogue) -> Iterator[str]:
    name = layer["name"] or layer["file"]
    inside = f" ({layer['file']})" if layer["file"] and layer["name"] else ""
    told = layer_in_short({**layer, "crs": "", "place": ""}, words)
    yield from _wrapped(words.say("inspect.layer", name=name, told=f"{told}{inside}"), "")
    for key, text in _rows(layer, words):
        if text:
            yield from _row(key, text, words)
    yield from _codes(layer, words)
    if layer["quality"]:
        yield f"  {words.say('inspect.quality')}"
    for row in layer["quality"]:
        yield from _wrapped(_noted(row, words), "    · ")
    if layer["faults"]:
        yield f"  {words.say('inspect.faults')}"
    for fault in layer["faults"]:
        for number_, line in enumerate(fault_text(_fault(fault), words).split("\n")):
            yield from _wrapped(line.strip(), "      " if number_ else "    · ")
    yield from _mend(layer, words)


def _rows(layer: Layer, words: Catalogue) -> Iterator[tuple[str, str]]:
    """Label and text of each thing that is said in a line or two."""
    say, lang = words.say, words.lang
    known = say(f"crs_known_by.{layer['crs_known_by']}") if layer["crs_known_by"] else ""
    if layer["count"]:
        yield "crs", f"{layer['crs']} ({known})" if layer["crs"] else say("inspect.no_crs")
    yield "place", _place(layer, words)
    letters = layer["encoding"]
    how = layer["encoding_known_by"]
    yield "letters", f"{letters} ({say(f'letters_known_by.{how}')})" if letters and how else letters
    yield "used_as", _kind(layer, words)
    yield "ids", _ids(layer, words)
    yield "accuracy", _accuracy(layer, words)
    yield "age", _age(layer, words)
    invalid, repairs = layer["invalid"], layer["repairs"]
    if invalid or repairs["count"]:
        facts = {"invalid": number(invalid, lang), "count": number(repairs["count"], lang)}
        yield "repairs", say("inspect.repaired", **facts, area=_change(repairs["area_m2"], words))
    faults = (
        f"{say(f'topology_title.{rule}')} ({number(count, lang)})"
        for rule, count in layer["topology"].items()
    )
    yield "topology", "; ".join(faults)
    columns = ", ".join(layer["columns"][:SHOWN_COLUMNS])
    more = len(layer["columns"]) - SHOWN_COLUMNS
    yield "columns", columns + (f" {say('inspect.more', count=more)}" if more > 0 else "")


def _place(layer: Layer, words: Catalogue) -> str:
    if not layer["bounds"]:
        return ""
    lang = words.lang
    digits = 4 if abs(layer["bounds"][0]) <= DEGREES else 0
    west, south, east, north = (number(b, lang, digits=digits) for b in layer["bounds"])
    extent = words.say("inspect.bounds", west=west, south=south, east=east, north=north)
    place = words.say(f"inspect_place.{layer['place']}") if layer["place"] else ""
    if layer["place"] == "partly":
        outside = words.say("inspect.outside", count=number(layer["outside"], lang))
        place = f"{place} ({outside})"
    return f"{place}: {extent}" if place else extent


def _kind(layer: Layer, words: Catalogue) -> str:
    if not layer["used_as"]:
        return words.say("inspect.no_kind") if layer["count"] else ""
    kind = words.words.get(f"kind.{layer['used_as']}", layer["used_as"])
    why = layer["recognised_by"]
    names = ", ".join(why["names"])
    return f"{kind}, {words.say('recognised_by.' + why['by'], names=names)}" if why["by"] else kind


def _ids(layer: Layer, words: Catalogue) -> str:
    ids, say, lang = layer["ids"], words.say, words.lang
    if not ids or not layer["count"]:
        return ""
    if not ids["column"]:
        return say("inspect.no_ids")
    told = [ids["column"]]
    if ids["missing"]:
        told.append(say("inspect.ids_missing", count=number(ids["missing"], lang)))
    if ids["duplicates"]:
        examples = ", ".join(ids["examples"][:3])
        count = number(ids["duplicates"], lang)
        told.append(say("inspect.ids_twice", count=count, examples=examples))
    return "; ".join(told)


def _accuracy(layer: Layer, words: Catalogue) -> str:
    accuracy, lang = layer["accuracy"], words.lang
    if not accuracy:
        return ""
    missing = words.say("inspect.without", count=number(accuracy["missing"], lang))
    if accuracy["low"] is None:
        return missing
    low, median, high = (number(accuracy[k], lang) for k in ("low", "median", "high"))
    told = words.say("inspect.accuracy_span", low=low, median=median, high=high)
    values = ", ".join(
        f"{number(v['cm'], lang)} cm: {number(v['count'], lang)}" for v in accuracy["values"][:5]
    )
    unused = [words.say("inspect.accuracy_unused")] if layer["used_as"] == "zoning" else []
    parts = [told, *([missing] if accuracy["missing"] else []), values, *unused]
    return "; ".join(parts)


def _age(layer: Layer, words: Catalogue) -> str:
    told = []
    for age in layer["age"]:
        span = f"{age['from']} – {age['to']}" if age["from"] else "–"
        missing = age["missing"]
        without = words.say("inspect.without", count=number(missing, words.lang)) if missing else ""
        told.append(f"{age['column']} {span}" + (f" ({without})" if without else ""))
    return "; ".join(told)


def _change(area_m2: float, words: Catalogue) -> str:
    sign = "+" if area_m2 > 0 else "−" if area_m2 < 0 else ""
    return f"{sign}{area(abs(area_m2), words.lang)}"


def _codes(layer: Layer, words: Catalogue) -> Iterator[str]:
    lang = words.lang
    for column, codes in layer["codes"].items():
        yield f"  {words.words.get(f'column.{column}', column)}:"
        unknown = layer["unknown_codes"].get(column, {})
        for code in codes[:SHOWN_CODES]:
            about = f"{code['code'] or '–'} {code.get(lang, '')}".strip()
            about = words.words.get(f"{column}.{code['code']}", about)
            if code["code"] in unknown:
                about = f"{about} ({words.say('inspect.unknown_code')})"
            size = area(code["area_m2"], lang) if code["area_m2"] else ""
            line = f"    {_cut(about, 48):<48} {number(code['count'], lang):>8} {size:>16}"
            yield line.rstrip()
        if len(codes) > SHOWN_CODES:
            yield f"    {words.say('inspect.more', count=len(codes) - SHOWN_CODES)}"


def _mend(layer: Layer, words: Catalogue) -> Iterator[str]:
    first = layer["mend_first"]
    if not first:
        yield f"  {words.say('inspect.nothing_to_mend')}" if layer["count"] else ""
        return
    yield f"  {words.say('inspect.mend_order')}"
    for place, key in enumerate(first[:SHOWN_MENDS], start=1):
        yield from _wrapped(_named(key, layer, words), f"    {place}. ")
    if len(first) > SHOWN_MENDS:
        yield f"    {words.say('inspect.more', count=len(first) - SHOWN_MENDS)}"


def _row(key: str, text: str, words: Catalogue) -> Iterator[str]:
    label = words.say(f"inspect_label.{key}")
    yield from _wrapped(text, f"  {label:<{LABEL}} ")


def _wrapped(text: str, start: str) -> Iterator[str]:
    """Text in lines of at most 80 columns, indented below its start."""
    indent = " " * len(start)
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False
    ) or [start.rstrip()]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _noted(row: Mapping[str, Any], words: Catalogue) -> str:
    """Sentence of one kind of note; features of the same kind are brought together."""
    ids = ", ".join(row["ids"])
    more = "…" if row["count"] > len(row["ids"]) else ""
    many = f"inspect_many.{row['what']}"
    if row["count"] > 1 and many in words:
        unit = _change(row["amount"], words) if row["unit"] == "m2" else ""
        text = words.say(many, count=number(row["count"], words.lang), amount=unit)
        return f"{text} ({ids}{more})"
    facts = {"facts_json": json.dumps(row.get("facts", {}), default=str)}
    text = quality_sentence({**row, **facts}, words)
    return f"{text} ({number(row['count'], words.lang)}: {ids}{more})" if ids else text


def _named(key: str, layer: Layer, words: Catalogue) -> str:
    for row in layer["quality"]:
        if row["what"] == key:
            return _noted(row, words)
    for fault in layer["faults"]:
        if fault["key"] == key:
            return fault_text(_fault(fault), words).split("\n")[0]
    return key


def _fault(told: Mapping[str, Any]) -> Fault:
    return Fault(
        told["key"],
        told.get("file"),
        told.get("layer"),
        tuple(told.get("ids", ())),
        told.get("facts", {}),
    )
