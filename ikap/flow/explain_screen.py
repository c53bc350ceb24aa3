"""One finding in words on a terminal: rule, area, pieces, data, and how to redo the figure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ikap.flow.columns import laid_out
from ikap.flow.discovery import catalogues, discover
from ikap.model import Status
from ikap.results import (
    finding_sentence,
    interval_sentence,
    parameter_text,
    quality_sentence,
)
from ikap.results.sensitivity_csv import limit_label
from ikap.texts import Catalogue, date_text, number
from ikap.workspace import Workspace

__all__ = ["explanation"]

WIDTH = 80
SHOWN = 40
"""Pieces that are listed on the screen; `--json` has them all."""
CHECKSUM = 12
CLASS_WORDS = ("class", "piece_class")
Told = Mapping[str, Any]


def explanation(found: Told, workspace: Workspace, lang: str) -> str:
    """Whole explanation, section by section.

    Parameters
    ----------
    found : mapping
        As `explain` gives it.
    workspace : Workspace
        For the words of its own checks.
    lang : str
        `nb` or `en`.

    Returns
    -------
    str
        Lines of at most 80 columns, but for queries and long names; areas in m² with two decimals.
    """
    words = catalogues(discover(workspace).checks)[lang]
    lines = [words.say("export.constructed")] if found["constructed"] else []
    lines += [f"{words.say('explain.finding')} {found['finding_id']}"]
    for name, section in _SECTIONS.items():
        told = list(section(found, words))
        if told:
            lines += ["", words.say(f"explain.head.{name}"), *told]
    return "\n".join(lines)


# --- sections -----------------------------------------------------------------------------------


def _answer(found: Told, words: Catalogue) -> Iterator[str]:
    row = _row_of(found)
    yield from _wrapped(words.say(f"status.{row['status']}"))
    yield from _wrapped(finding_sentence(row, _values(found), words))
    interval = interval_sentence(row, words) if row["status"] != Status.NOT_APPLICABLE else ""
    yield from _wrapped(interval)


def _rule(found: Told, words: Catalogue) -> Iterator[str]:
    rule, lang = found["rule"], words.lang
    yield from _wrapped(_in(rule["title"], lang) or rule["check"])
    yield from _wrapped(_in(rule["question"], lang))
    goal = rule["goal"]
    if goal:
        told = {"number": goal["number"], "title": _in(goal["title"], lang)}
        yield from _wrapped(words.say("explain.goal", **told, document=goal["document"]))
    legal = "; ".join(rule["legal"])
    yield from _wrapped(words.say("explain.legal", legal=legal) if legal else "")
    for one in rule["parameters"]:
        yield from _wrapped(_parameter(one, words), "- ")
    yield from _wrapped(_day(found, words))


def _parameter(one: Told, words: Catalogue) -> str:
    name = limit_label(str(one["name"]), words)
    if one["value"] is None:
        return words.say("explain.no_value", name=name)
    return words.say(
        f"explain.{one['role']}",
        name=name,
        value=_value(one, words),
        status=words.say(f"parameter_status.{one['status']}"),
        day=date_text(date.fromisoformat(one["valid_from"]), words.lang),
        source=str(one["source"]).rstrip("."),
    )


def _value(one: Told, words: Catalogue) -> str:
    key = f"unit.{one['unit']}"
    if one["unit"] in ("m", "m2", "daa", "ha", "km2") or key not in words:
        return parameter_text(one, words.lang)
    return f"{number(one['value'], words.lang)} {words.say(key)}"


def _day(found: Told, words: Catalogue) -> str:
    origin = words.say(f"run.as_of_{found['as_of_origin']}")
    day = found["as_of"]
    told = date_text(date.fromisoformat(day), words.lang) if day else "–"
    return words.say("run.as_of", date=told, origin=origin)


def _area(found: Told, words: Catalogue) -> Iterator[str]:
    area, lang = found["area"], words.lang
    yield from _wrapped(words.say("explain.plan", plan=_in(area["plan"], lang), id=area["plan_id"]))
    if "source_id" not in area:
        return
    purpose = f"{area.get('purpose') or '–'} {area.get('purpose_name') or ''}".strip()
    told = {"name": area.get("name") or "–", "purpose": purpose}
    told["use_status"] = _use_status(area.get("use_status"))
    line = "length_m" in area
    if not line:
        told["development"] = words.say(f"development.{area['development']}")
    yield from _wrapped(words.say("explain.line" if line else "explain.area", **told))
    ids = {"layer": area["source_layer"], "id": area["source_id"]}
    yield from _wrapped(words.say("explain.area_id", **ids))
    if line:
        length = _metres(area["length_m"], words)
        yield from _wrapped(words.say("explain.line_size", length=length, crs=found["crs"]))
    else:
        m2 = _m2(area["area_m2"], words)
        yield from _wrapped(words.say("explain.area_size", area=m2, crs=found["crs"]))
    for place in found["municipalities"]:
        told = {"number": place["number"], "name": place["name"]}
        yield from _wrapped(words.say("explain.place", **told, area=_m2(place["area_m2"], words)))
    if found.get("outside_m2"):
        outside = _m2(found["outside_m2"], words)
        yield from _wrapped(words.say("explain.outside", area=outside))


def _use_status(code: object) -> str:
    return f"{code:g}" if isinstance(code, int | float) else "–"


def _pieces(found: Told, words: Catalogue) -> Iterator[str]:
    for one in found["plan_changed"]:
        told = {"layer": one["layer"], "path": one["path"]}
        yield from _wrapped(words.say("explain.plan_changed", **told))
    why = found["not_listed"]
    if why:
        yield from _wrapped(words.say(f"explain.not_listed.{why}"))
        for one in found["changed"]:
            told = {"layer": one["layer"], "path": one["path"]}
            yield from _wrapped(words.say(f"explain.file.{one['how']}", **told), "- ")
        return
    pieces = found["pieces"]
    if found["sum_m2"] is None:
        yield from _samples(found, words)
        return
    if not pieces:
        yield from _wrapped(words.say("explain.no_pieces"))
        return
    heads = ("layer", "source_id", "class", "municipality", "area")
    grid = [tuple(words.say(f"explain.column.{name}") for name in heads)]
    for piece in pieces[:SHOWN]:
        ids = (str(piece["layer"]), str(piece["source_id"]), _class(piece["class"], words))
        grid.append((*ids, str(piece["municipality"]), _m2(piece["area_m2"], words)))
    yield from _table(grid)
    if len(pieces) > SHOWN:
        yield from _wrapped(words.say("explain.more", count=len(pieces) - SHOWN))
    twice = sum(piece["overlap_m2"] for piece in pieces)
    if twice > 0:
        yield from _wrapped(words.say("explain.twice", area=_m2(twice, words)))
    yield from _wrapped(words.say("explain.sum", area=_m2(found["sum_m2"], words)))


def _samples(found: Told, words: Catalogue) -> Iterator[str]:
    """What the median of a distance is the median of."""
    points = {(one["east"], one["north"]) for one in found["pieces"]}
    known = {(p["east"], p["north"]) for p in found["pieces"] if p["distance_m"] is not None}
    told = {"count": number(len(points), words.lang), "known": number(len(known), words.lang)}
    yield from _wrapped(words.say("explain.samples", **told))
    at = (found["by_hand"] or {}).get("at")
    if at:
        told = {name: number(at[name], words.lang, digits=2) for name in ("east", "north")}
        far = number(at["distance_m"], words.lang, digits=2)
        yield from _wrapped(words.say("explain.middle", **told, distance=far, layer=at["layer"]))


def _figure(found: Told, words: Catalogue) -> Iterator[str]:
    row = found["finding"]
    if row["measured"] is None or row["status"] == Status.NOT_APPLICABLE:
        return
    show = _m2 if row["unit"] == "m2" else _metres
    yield from _wrapped(words.say("explain.measured", value=show(row["measured"], words)))
    if row["limit"] is not None:
        yield from _wrapped(words.say("explain.compared", value=show(row["limit"], words)))
    if row["low"] is not None:
        ends = {name: show(row[name], words) for name in ("low", "high")}
        yield from _wrapped(words.say("explain.between", **ends))
    elif row["unit"] == "m2" and row["measured"] > 0 and "deviations" not in found["facts"]:
        yield from _wrapped(words.say("explain.no_interval"))
    unknown = found["facts"].get("unknown_m2") or 0.0
    if unknown > 0:
        yield from _wrapped(words.say("explain.unknown", area=_m2(unknown, words)))


def _data(found: Told, words: Catalogue) -> Iterator[str]:
    for one in found["data"]:
        day = date_text(date.fromisoformat(one["dated"]), words.lang) if one["dated"] else ""
        told = {
            "title": _in(one["title"], words.lang) or one["layer"],
            "layer": one["layer"],
            "path": one["path"],
            "day": day or words.say("explain.no_day"),
            "sum": one["sha256"][:CHECKSUM],
        }
        yield from _wrapped(words.say("explain.data", **told), "- ")
    run = found["run"]
    yield from _wrapped(words.say("explain.made", version=run["version"], day=run["started"]))


def _mended(found: Told, words: Catalogue) -> Iterator[str]:
    for row in found["quality"]:
        yield from _wrapped(
            f"{row['layer']} {row['source_id']}: {quality_sentence(row, words)}", "- "
        )


def _not_read(found: Told, words: Catalogue) -> Iterator[str]:
    yield from _wrapped(words.say("explain.not_read"))
    for one in found["provisions"]:
        told = {"what": one["objtype"], "label": one["label"] or "–", "id": one["source_id"]}
        yield from _wrapped(
            words.say("explain.zone", **told, area=_m2(one["inside_m2"], words)), "- "
        )


def _by_hand(found: Told, words: Catalogue) -> Iterator[str]:
    hand = found["by_hand"]
    if not hand or not hand["how"]:
        yield from _wrapped(words.say("explain.nothing_by_hand") if hand else "")
        return
    for one in hand["layers"]:
        layer = words.say("explain.in_file", layer=one["layer"]) if one["layer"] else ""
        told = {"path": one["path"], "name": one["name"], "layer": layer}
        yield from _wrapped(words.say("explain.open", **told), "- ")
    yield from _wrapped(words.say("explain.same_crs", crs=found["crs"]), "- ")
    if hand["how"] == "way":
        yield from _wrapped(words.say("explain.way"), "- ")
        return
    yield from _wrapped(words.say("explain.query"), "- ")
    yield from ("", *(f"    {line}" for line in hand["sql"].splitlines()), "")
    if not hand["sql"].replace("\n", "").isprintable():
        yield from _wrapped(words.say("explain.unprintable"), "- ")
    figure = _m2(found["sum_m2"], words)
    yield from _wrapped(words.say("explain.gives", figure=figure), "- ")
    if hand["expression"]:
        yield from _wrapped(words.say("explain.expression"), "- ")
        yield from ("", f"    {hand['expression']}", "")
    yield from _wrapped(words.say("explain.planar"), "- ")


_SECTIONS = {
    "answer": _answer,
    "rule": _rule,
    "area": _area,
    "pieces": _pieces,
    "figure": _figure,
    "data": _data,
    "mended": _mended,
    "not_read": _not_read,
    "by_hand": _by_hand,
}

# --- words --------------------------------------------------------------------------------------


def _row_of(found: Told) -> dict[str, Any]:
    """Row of `findings` with what is no number as the sentences expect it."""
    row = dict(found["finding"])
    for name in ("measured", "limit", "low", "high"):
        row[name] = float("nan") if row[name] is None else row[name]
    return row


def _values(found: Told) -> Sequence[Told]:
    return [one for one in found["rule"]["parameters"] if one["value"] is not None]


def _in(text: Told, lang: str) -> str:
    return str(text.get(lang, ""))


def _class(name: object, words: Catalogue) -> str:
    for prefix in CLASS_WORDS:
        if f"{prefix}.{name}" in words:
            return words.say(f"{prefix}.{name}")
    level, _, hazard = str(name).rpartition("_")
    if f"hazard_level.{level}" in words and f"hazard.{hazard}" in words:
        return f"{words.say(f'hazard_level.{level}')} {words.say(f'hazard.{hazard}')}"
    return str(name)


def _m2(value: float, words: Catalogue) -> str:
    return f"{number(value, words.lang, digits=2)}\u202fm²"


def _metres(value: float, words: Catalogue) -> str:
    return f"{number(value, words.lang, digits=2)}\u202fm"


def _table(grid: list[tuple[str, ...]]) -> list[str]:
    return [f"  {line}" for line in laid_out(grid, WIDTH - 2)]


def _wrapped(text: str, mark: str = "") -> list[str]:
    """Lines under a heading; nothing for no text. Ids and paths are never broken."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=f"  {mark}",
        subsequent_indent=" " * (2 + len(mark)),
        break_long_words=False,
        break_on_hyphens=False,
    )
