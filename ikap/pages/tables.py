"""Planned areas with their findings: the rows of the table, the list and the opened area.

In: `Results`. Out: `Area`, small dataclasses with printed text, which templates and `maps` use.
Numbers are those of the results; nothing is computed from a drawn shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ikap.pages.statements import ShareRow, statements
from ikap.pages.words import Words
from ikap.results import Results, records

__all__ = ["STATUSES", "Area", "FindingRow", "areas"]

STATUSES = ("conflict", "warning", "unknown", "ok", "not_applicable")
"""From the one that most needs a reader to the one that least does."""


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
    shown: tuple[FindingRow, ...] = ()

    @property
    def lead(self) -> FindingRow:
        """The finding that most needs a reader."""
        return self.findings[0]


def areas(results: Results, checks: Sequence[str], words: Words) -> list[Area]:
    """Every planned area of the results, worst status first, then largest figure, then key."""
    run = results.run
    zones = results.geodata("zones")
    table = pd.DataFrame(zones.drop(columns="geometry")) if zones is not None else None
    if table is None or table.empty:
        return []
    findings = _findings(results, checks, words)
    shares = statements(results, words)
    names = {m["number"]: m["name"] for m in run["region"]["municipalities"]}
    out = [
        _area(row, findings.get(str(row["zone_key"]), ()), shares, names, words)
        for row in records(table)
    ]
    out = [area for area in out if area.findings]
    return sorted(out, key=_seriousness)


def _area(
    row: dict[str, Any],
    found: tuple[FindingRow, ...],
    shares: dict[str, tuple[ShareRow, ...]],
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
        statement=shares.get(key, ()),
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


def _text(value: object) -> str:
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)
