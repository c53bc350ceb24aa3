"""Rows of the tables: findings, statements that add up, indicators by municipality.

In: `Results`. Out: small dataclasses with printed text, which templates and `maps` use. Numbers
are those of the results; nothing is computed from a drawn shape.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ikap.pages.words import Words
from ikap.results import Results, records

__all__ = [
    "STATUSES",
    "Area",
    "FindingRow",
    "IndicatorTable",
    "ShareRow",
    "adding_up",
    "areas",
    "indicator_table",
]

STATUSES = ("conflict", "warning", "unknown", "ok", "not_applicable")
"""From the one that most needs a reader to the one that least does."""
FIRST = (
    "farmland_planned_conversion",
    "farmland_further_conversion",
    "farmland_adopted_unbuilt",
    "farmland_stock",
    "planned_area",
)
DAA = 1000.0


@dataclass(frozen=True)
class FindingRow:
    """One finding as a page says it."""

    id: str
    check: str
    check_title: str
    status: str
    measured: float
    measured_text: str
    sentence: str
    parameter: str
    sliver: bool
    layer: str

    @property
    def sort(self) -> str:
        """Measured figure for sorting; empty if there is none."""
        return "" if math.isnan(self.measured) else f"{self.measured:.1f}"


@dataclass(frozen=True)
class ShareRow:
    """One class of an area's statement."""

    code: str
    label: str
    text: str
    share: str


@dataclass(frozen=True)
class Area:
    """One planned area with all its findings."""

    key: str
    name: str
    source_id: str
    purpose: str
    purpose_name: str
    use: str
    municipality: str
    municipality_name: str
    area_m2: float
    area_text: str
    status: str
    findings: tuple[FindingRow, ...]
    statement: tuple[ShareRow, ...]
    shown: tuple[FindingRow, ...] = field(default=())

    @property
    def lead(self) -> FindingRow:
        """The finding that most needs a reader."""
        return self.findings[0]


@dataclass(frozen=True)
class IndicatorTable:
    """Indicators (columns) by municipality in number order (rows), the region last."""

    names: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[tuple[float, str, str], ...]], ...]


def adding_up(values_m2: Sequence[float], total_m2: float) -> list[float]:
    """Areas in daa, rounded so that the printed figures add up to the printed total.

    Parameters
    ----------
    values_m2 : sequence of float
        Parts in m²; they add up to the total.
    total_m2 : float
        Whole in m².

    Returns
    -------
    list of float
        Parts in daa, then the total, all rounded to the same number of decimals: one, or as many
        (at most three) as the smallest part needs to be seen.

    Examples
    --------
    >>> adding_up([3333.0, 3333.0, 3334.0], 10_000.0)
    [3.3, 3.3, 3.4, 10.0]
    """
    smallest = min((v for v in values_m2 if v > 0), default=total_m2)
    digits = next((d for d in (1, 2) if smallest * 10**d >= DAA / 2), 3)
    step = DAA / 10**digits
    whole = math.floor(total_m2 / step + 0.5)
    floors = [math.floor(v / step) for v in values_m2]
    rests = sorted(range(len(floors)), key=lambda i: (floors[i] - values_m2[i] / step, i))
    for i in rests[: max(whole - sum(floors), 0)]:
        floors[i] += 1
    return [round(n / 10**digits, digits) for n in (*floors, whole)]


def areas(results: Results, checks: Sequence[str], words: Words) -> list[Area]:
    """Every planned area of the results, worst status first, then largest figure, then key."""
    run = results.run
    zones = results.geodata("zones")
    table = pd.DataFrame(zones.drop(columns="geometry")) if zones is not None else None
    if table is None or table.empty:
        return []
    findings = _findings(results, checks, words)
    statements = _statements(results, words)
    names = {m["number"]: m["name"] for m in run["region"]["municipalities"]}
    out = [
        _area(row, findings.get(str(row["zone_key"]), ()), statements, names, words)
        for row in records(table)
    ]
    out = [area for area in out if area.findings]
    return sorted(out, key=_seriousness)


def _area(
    row: dict[str, Any],
    found: tuple[FindingRow, ...],
    statements: dict[str, tuple[ShareRow, ...]],
    names: dict[str, str],
    words: Words,
) -> Area:
    key, number = str(row["zone_key"]), _text(row.get("municipality"))
    use = int(row["use_status"]) if pd.notna(row.get("use_status")) else 0
    return Area(
        key=key,
        name=_text(row.get("name")) or words("area.unnamed", key=key),
        source_id=_text(row.get("source_id")),
        purpose=_text(row.get("purpose")),
        purpose_name=_text(row.get("purpose_name")),
        use=words.either(f"pages.use.{use}"),
        municipality=number,
        municipality_name=names.get(number, number),
        area_m2=float(row["area_m2"]),
        area_text=words.area(row["area_m2"]),
        status=found[0].status if found else "not_applicable",
        findings=found,
        statement=statements.get(key, ()),
        shown=tuple(f for f in found if f.status != "not_applicable") or found[:1],
    )


def _seriousness(area: Area) -> tuple[int, float, str]:
    measured = area.lead.measured
    return (STATUSES.index(area.status), 0.0 if math.isnan(measured) else -measured, area.key)


def _findings(
    results: Results, checks: Sequence[str], words: Words
) -> dict[str, tuple[FindingRow, ...]]:
    run = results.run
    titles = {c["name"]: words.local(c["title"], c["name"]) for c in run["checks"]}
    rows: dict[str, list[FindingRow]] = {}
    for record in records(results.findings):
        check = record["check"]
        if check not in checks:
            continue
        rows.setdefault(record["zone_key"], []).append(
            FindingRow(
                id=record["finding_id"],
                check=check,
                check_title=titles.get(check, check),
                status=record["status"],
                measured=float(record["measured"]),
                measured_text=_measured(record, words),
                sentence=words.sentence(record, run),
                parameter=record["parameter_status"] or "",
                sliver=bool(record["sliver"]),
                layer=words.layer(record["layer"], run),
            )
        )
    order = {name: i for i, name in enumerate(checks)}
    return {
        key: tuple(sorted(found, key=lambda f: (STATUSES.index(f.status), order[f.check])))
        for key, found in rows.items()
    }


def _measured(record: dict[str, Any], words: Words) -> str:
    if record["status"] == "not_applicable":
        return "–"
    return words.amount(record["measured"], record["unit"] or "m2")


def _statements(results: Results, words: Words) -> dict[str, tuple[ShareRow, ...]]:
    by_zone: dict[str, list[dict[str, Any]]] = {}
    for row in records(results.statement):
        if row["area_m2"] > 0:
            by_zone.setdefault(str(row["zone_key"]), []).append(row)
    labels = {code: words.land_class(code, results.run) for code in set(results.statement["class"])}
    labels[""] = words("statement.sum")
    return {key: _statement(rows, labels, words) for key, rows in by_zone.items()}


def _statement(
    rows: list[dict[str, Any]], labels: Mapping[str, str], words: Words
) -> tuple[ShareRow, ...]:
    ordered = sorted(rows, key=lambda row: (-row["area_m2"], row["class"]))
    total = float(rows[0]["zone_area_m2"])
    values = [float(row["area_m2"]) for row in ordered]
    rounded = adding_up(values, total)
    digits = next((d for d in (1, 2) if all(round(v, d) == v for v in rounded)), 3)
    codes = [*(row["class"] for row in ordered), ""]
    return tuple(
        ShareRow(code, labels[code], words.number(value, digits), words.share(exact, total))
        for code, value, exact in zip(codes, rounded, [*values, total], strict=True)
    )


def indicator_table(results: Results, goal: int | None, words: Words) -> IndicatorTable | None:
    """Indicators of one goal (all goals for None) by municipality; None if there are none."""
    frame = results.indicators
    frame = frame if goal is None else frame[frame["goal"] == goal]
    frame = frame[frame["year"] == 0]  # a series has many figures to a municipality
    if frame.empty:
        return None
    present = list(dict.fromkeys(frame["indicator"]))
    names = [n for n in FIRST if n in present] + [
        n for n in present if n not in FIRST and not n.startswith("farmland_planned_conversion_")
    ]
    cells = {(r["municipality"], r["indicator"]): r for r in records(frame)}
    members = results.run["region"]["municipalities"]
    places = [(m["number"], m["name"]) for m in sorted(members, key=lambda m: m["number"])]
    rows = [
        (number, name, tuple(_cell(cells.get((number, n)), words) for n in names))
        for number, name in [*places, ("region", words("numbers.region"))]
    ]
    return IndicatorTable(tuple(names), tuple(words.indicator(n) for n in names), tuple(rows))


def _cell(record: dict[str, Any] | None, words: Words) -> tuple[float, str, str]:
    if record is None:
        return (float("nan"), words.status("unknown"), "")
    value, unknown = float(record["value"]), float(record["unknown"])
    text = words.status("unknown") if math.isnan(value) else words.amount(value, record["unit"])
    note = ""
    if unknown > 0 and not math.isnan(value):
        note = words("numbers.unknown_part", amount=words.amount(unknown, record["unit"]))
    return (value, text, note)


def _text(value: object) -> str:
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)
