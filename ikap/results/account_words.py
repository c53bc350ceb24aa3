"""Words of the statement's tables, and what must stand under a figure for it to be defended."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ikap.kinds.codes import code_list
from ikap.results.account_tables import SUM, PrintedTable
from ikap.results.ledger_words import ledger_notes, unused_layers
from ikap.results.ledgers import LEDGERS
from ikap.texts import Catalogue, area, date_text, number

__all__ = [
    "column_label",
    "empty_note",
    "interval_note",
    "left_out_notes",
    "method_label",
    "notes",
    "part_label",
    "row_label",
    "row_label_in",
    "silent_note",
    "table_title",
]

LISTS = ("kp_arealformal", "rp_arealformal")
UNDEFINED = "19 Udefinert"
"""NINA's group of what is no purpose of the law."""
SPECIAL = ("not_in_plan", "unknown_plan", "all", SUM)
PLANS = ("T1", "T2", "T7", "J1")
OF_REGION = ("J2", "J3")
"""Tables that are the same whatever the plan is."""
KINDS = {
    "T1": ("zoning",),
    "T2": ("zoning",),
    "T3": ("zoning", "landcover", "farmland"),
    "T4": ("zoning", "landcover", "farmland"),
    "T5": ("zoning", "hazards"),
    "T6": ("population", "centres", "network"),
    "T7": ("zoning",),
    "J1": ("zoning", "landcover", "farmland", "overview", "buildings"),
    "J2": ("farmland_decisions",),
    "J3": ("landcover",),
}
"""Kinds of layers that a table rests on; a method may add more."""


def table_title(name: str, run: Mapping[str, Any], words: Catalogue, method: str = "") -> str:
    """Name of a table with its plans and its method, as it stands above the figures."""
    title = words.say(f"account.title.{name}")
    plan = _title(run["plan"], words)
    against = _title(run.get("against") or {}, words)
    if name in PLANS and against:
        about = words.say("account.compared", plan=plan, against=against)
    elif name in OF_REGION:
        about = str(dict(run["region"]["name"]).get(words.lang, run["region"]["key"]))
    else:
        about = plan
    of = words.say("account.by_method", method=method_label(method, run, words)) if method else ""
    return f"{name} {title}{of}. {about}"


def row_label(code: str, words: Catalogue, name: str = "") -> str:
    """Arealformål with its name (the given one, if any), or the words of a row that is none."""
    if code in SPECIAL:
        return words.say(f"account.row.{code}")
    if code == "":
        return words.say("account.row.no_purpose")
    row = next((found for name in LISTS if (found := code_list(name).find(code))), None)
    if row is None:
        return words.say("account.row.unknown_code", code=code)
    shown = f"{code} {name or (row.name_nb if words.lang == 'nb' else row.name_en)}"
    if row.group == UNDEFINED:
        return words.say("account.row.unknown_code", code=shown)
    held = row.field("may_hold").split()
    more = ", ".join(words.say(f"account.row.may_hold_{what}") for what in held)
    return f"{shown} ({more})" if more else shown


def row_label_in(name: str, code: str, words: Catalogue) -> str:
    """Label of a row of one table: a year in J2, a land class in J3, else an arealformål."""
    if code == SUM or name not in ("J2", "J3"):
        return row_label(code, words)
    if name == "J2":
        return code or words.say("account.row.no_year")
    return words.say(f"ledger.row.{code}" if code == "unmapped" else f"class.{code}")


def part_label(part: str, words: Catalogue) -> str:
    """What a part of a table is: future, adopted and so on."""
    return words.say(f"account.part.{part}") if part else ""


def column_label(name: str, column: str, words: Catalogue) -> str:
    """Heading of a column: a purpose in T2, a land class in T4, else the table's own word."""
    if name == "T2":
        return row_label(column, words)
    group, _, land = column.partition("_")
    if name == "J1" and f"class.{land}" in words:
        return f"{words.say(f'ledger.column.J1.{group}')}: {words.say(f'class.{land}')}"
    for key in (
        f"ledger.column.{name}.{column}",
        f"account.column.{column}",
        f"class.{column}",
    ):
        if key in words:
            return words.say(key)
    return column


def notes(
    name: str, run: Mapping[str, Any], words: Catalogue, *, method: str = "", lost_m: float = 0.0
) -> list[str]:
    """Sentences under a table: unit, date, rule of overlaps, method with its values, layers, CRS.

    Parameters
    ----------
    name : str
        `T1` to `T7`, or a ledger `J1` to `J3`.
    run : mapping
        `run.json` of the plan.
    words : Catalogue
        Words of one language.
    method : str
        Of `T3` and `T4`.
    lost_m : float
        Length in m of planned roads that are lines, and have no area.

    Returns
    -------
    list of str
        Whole sentences, without figures of the table.
    """
    say = words.say
    day = date_text(date.fromisoformat(run["as_of"]), words.lang) if run["as_of"] else "–"
    told = [say("account.note.unit" if name != "T6" else "account.note.count")]
    told.append(say(f"account.note.{name}"))
    if method:
        told += _method_notes(method, run, words)
    told.append(interval_note(name, method, run, words))
    told += ledger_notes(name, run, words)
    if name not in ("T6", "J2"):
        if name != "J3":
            told.append(say("account.note.overlap"))
        told.append(say("account.note.crs", crs=run["region"]["crs"]))
        if name != "J3":
            told += left_out_notes(run, words, compared=name in PLANS)
    if lost_m and name not in ("T6", "J2", "J3"):
        told.append(say("account.note.lines", km=number(lost_m / 1000, words.lang, digits=1)))
    told.append(say("account.note.layers", layers="; ".join(_layers(name, run, words, method))))
    told.append(say("account.note.as_of", date=day))
    told.append(say("run.provisions"))
    return told


def interval_note(name: str, method: str, run: Mapping[str, Any], words: Catalogue) -> str:
    """What the intervals of a table cover and leave out, or why it has none."""
    if name == "T6":
        return words.say("account.note.no_interval_count")
    if name in LEDGERS:
        return words.say(f"ledger.no_interval.{name}")
    if name in PLANS:
        return words.say("account.note.no_interval")
    told = words.say("account.note.interval")
    if set(_declared(method, run).get("kinds", ())) & {"buildings", "network"}:
        told += f" {words.say('account.note.interval_part')}"
    return told


def silent_note(table: PrintedTable, words: Catalogue) -> list[str]:
    """Sentence that names the columns whose map states no accuracy; none if there are none."""
    silent = {c for row in table.rows for c, half in row.half_m2.items() if math.isnan(half)}
    names = [
        column_label(table.name, c, words) for c in (*table.columns, *table.herav) if c in silent
    ]
    return [words.say("account.note.silent", names=", ".join(names))] if names else []


def empty_note(table: PrintedTable, words: Catalogue) -> list[str]:
    """Sentence in the place of a table without rows; none where it has any."""
    return [] if table.rows else [words.say(f"account.empty.{table.name}")]


def left_out_notes(run: Mapping[str, Any], words: Catalogue, *, compared: bool) -> list[str]:
    """Sentences on what the tables do not have: ground outside the region, shapes, plans.

    Parameters
    ----------
    run : mapping
        `run.json` of the plan.
    words : Catalogue
        Words of one language.
    compared : bool
        Whether the plan that it is compared with is spoken of too.

    Returns
    -------
    list of str
        Whole sentences, each with the name of its plan.
    """
    told = []
    for side in ("plan", "against") if compared else ("plan",):
        left = run.get("left_out", {}).get(side) or {}
        plan = _title(run.get(side) or {}, words)
        if left.get("outside_m2"):
            size = area(left["outside_m2"], words.lang)
            told.append(words.say("account.note.outside", plan=plan, area=size))
        if left.get("without_geometry"):
            lost = left["without_geometry"].items()
            names = "; ".join(
                words.say("account.note.lost", purpose=row_label(code, words), count=count)
                for code, count in lost
            )
            told.append(words.say("account.note.without_geometry", plan=plan, names=names))
        if left.get("without_plan"):
            known = {m["number"]: m["name"] for m in run["region"]["municipalities"]}
            places = ", ".join(f"{n} {known.get(n, '')}".strip() for n in left["without_plan"])
            told.append(words.say("account.note.without_plan", plan=plan, places=places))
    return told


def _title(plan: Mapping[str, Any], words: Catalogue) -> str:
    return str(dict(plan.get("title", {})).get(words.lang, plan.get("id", "")))


def method_label(method: str, run: Mapping[str, Any], words: Catalogue) -> str:
    """Name as printed; one that is not followed to the letter says so."""
    followed = _declared(method, run).get("followed", True)
    return method if followed else words.say("account.approximate", method=method)


def _declared(method: str, run: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((m for m in run.get("methods", ()) if m["name"] == method), {})


def _method_notes(method: str, run: Mapping[str, Any], words: Catalogue) -> Iterator[str]:
    say = words.say
    key = f"account.method.{method}"
    yield say("account.note.method", method=method_label(method, run, words))
    if key in words:
        yield say(key)
    wanted = _declared(method, run).get("parameters", [])
    for row in run["parameters"]:
        if any(row["name"] == name or row["name"].startswith(f"{name}.") for name in wanted):
            yield say(
                "account.note.parameter",
                name=row["name"],
                value=_value(row, words),
                status=say(f"parameter_status.{row['status']}"),
                source=row["source"].rstrip("."),
            )


def _value(row: Mapping[str, Any], words: Catalogue) -> str:
    """Value with its unit; a plain number has none."""
    shown = number(row["value"], words.lang, digits=0 if float(row["value"]).is_integer() else 1)
    unit = words.words.get(f"unit.{row['unit']}", row["unit"]) if row["unit"] != "count" else ""
    return f"{shown} {unit}".rstrip()


def _layers(name: str, run: Mapping[str, Any], words: Catalogue, method: str) -> Sequence[str]:
    """Layers that are there, with owner's title, file name and date."""
    kinds = {*KINDS[name], *_declared(method, run).get("kinds", []), "municipality"}
    plans = {run["plan"]["id"]}
    if name in PLANS:
        plans.add((run.get("against") or {}).get("id"))
    unused = unused_layers(name, run)
    found = []
    for layer in run["layers"]:
        of_plan = layer["kind"] == "zoning"
        if layer["name"] in unused:
            continue
        if not layer["present"] or layer["kind"] not in kinds:
            continue
        if of_plan and layer.get("plan") not in plans:
            continue
        dated = layer["dated"]
        day = (
            date_text(date.fromisoformat(dated), words.lang)
            if dated
            else words.say("account.undated")
        )
        found.append(f"{layer['title'].get(words.lang, layer['name'])} ({layer['name']}, {day})")
    return found or [words.say("account.no_layers")]
