"""Planned areas with their findings: the rows of the tables, the list and the opened area.

In: a `Plan`. Out: `Area` and `CheckTable`, small dataclasses with printed text, which templates and
`maps` use. Numbers are those of the results; nothing is computed from a drawn shape.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ikap.pages.plan import Plan
from ikap.pages.statements import ShareRow, statements
from ikap.pages.words import Words
from ikap.results import interval_parts, records, situation_sentence

__all__ = [
    "STATUSES",
    "Area",
    "CheckTable",
    "FindingRow",
    "areas",
    "check_tables",
    "counts_of",
]

STATUSES = ("conflict", "warning", "unknown", "ok", "not_applicable")
"""From the one that most needs a reader to the one that least does."""


@dataclass(frozen=True)
class FindingRow:
    """One finding as a page says it."""

    id: str
    check: str
    check_title: str
    status: str
    reason: str
    measured: float
    measured_text: str
    limit_text: str
    unit: str
    sentence: str
    parameter: str
    sliver: bool
    layer: str
    interval: str = ""  # of the measured area, in words
    registered: str = ""  # when the land there was registered
    within: str = ""  # says so if the map's accuracy could turn the finding

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
    development: str
    municipality: str
    municipality_name: str
    area_m2: float
    area_text: str
    status: str
    findings: tuple[FindingRow, ...]
    statement: tuple[ShareRow, ...]
    shown: tuple[FindingRow, ...] = ()
    situation: str = ""  # of an interpreted plan: which plan prevails here, why, and what gives way

    @property
    def lead(self) -> FindingRow:
        """The finding that most needs a reader."""
        return self.findings[0]

    def of(self, check: str) -> FindingRow | None:
        """Finding of one check, if it has one."""
        return next((f for f in self.findings if f.check == check), None)


@dataclass(frozen=True)
class CheckTable:
    """One check's findings: rows as (position of the area in the page, area, finding)."""

    name: str
    title: str
    question: str
    unit: str
    counts: tuple[tuple[str, int], ...]
    rows: tuple[tuple[int, Area, FindingRow], ...]
    total: int


def areas(plan: Plan, checks: Sequence[str], words: Words) -> list[Area]:
    """Every planned area that the checks have met: worst first, then rule, figure and key."""
    found = plan.once(("findings", words.lang), lambda: _findings(plan, words))
    shares = plan.once(("shares", words.lang), lambda: statements(plan.results, words))
    pieces = plan.once(("situation", words.lang), lambda: _situation(plan, words))
    names = dict(plan.members)
    order = {name: i for i, name in enumerate(checks)}
    out = []
    for key, row in {**plan.zones(), **plan.lines()}.items():
        own = sorted(
            (f for f in found.get(key, ()) if f.check in order),
            key=lambda f: (STATUSES.index(f.status), order[f.check]),
        )
        if own:
            area = _area(row, tuple(own), shares.get(key, ()), names, words)
            out.append(replace(area, situation=pieces.get(key, "")))
    return sorted(
        out,
        key=lambda a: (STATUSES.index(a.status), order[a.lead.check], _down(a.lead), a.key),
    )


def check_tables(
    found: Sequence[Area], checks: Sequence[str], words: Words, limit: int
) -> list[CheckTable]:
    """A table for each check that applies to any area, at most `limit` rows in all."""
    tables = []
    for name in checks:
        rows = [(k, a, f) for k, a in enumerate(found) if (f := a.of(name)) is not None]
        rows = [row for row in rows if row[2].status != "not_applicable"]
        if not rows:
            continue
        rows.sort(key=lambda row: (STATUSES.index(row[2].status), _down(row[2]), row[1].key))
        counts = Counter(f.status for _, _, f in rows)
        tables.append(
            CheckTable(
                name=name,
                title=rows[0][2].check_title,
                question=words.either(f"check.{name}.question"),
                unit=rows[0][2].unit,
                counts=tuple((s, counts[s]) for s in STATUSES if counts[s]),
                rows=tuple(rows),
                total=len(rows),
            )
        )
    share = limit // max(len(tables), 1)
    spare = limit - sum(min(t.total, share) for t in tables)
    out = []
    for table in tables:
        extra = min(max(table.total - share, 0), spare)
        spare -= extra
        out.append(_cut(table, share + extra))
    return out


def _cut(table: CheckTable, most: int) -> CheckTable:
    return CheckTable(
        table.name,
        table.title,
        table.question,
        table.unit,
        table.counts,
        table.rows[:most],
        table.total,
    )


def _down(finding: FindingRow) -> float:
    return 0.0 if math.isnan(finding.measured) else -finding.measured


def counts_of(plan: Plan, municipality: str = "") -> dict[str, Counter[str]]:
    """Number of findings by check and status, in one municipality or in all."""

    def make() -> dict[tuple[str, str], Counter[str]]:
        frame = plan.results.findings
        out: dict[tuple[str, str], Counter[str]] = {}
        table = (frame["check"], frame["municipality"], frame["status"])
        for check, place, status in zip(*(column.to_list() for column in table), strict=True):
            out.setdefault((check, ""), Counter())[status] += 1
            if place:
                out.setdefault((check, place), Counter())[status] += 1
        return out

    found = plan.once("counts", make)
    return {check: n for (check, place), n in found.items() if place == municipality}


def _area(
    row: Mapping[str, Any],
    found: tuple[FindingRow, ...],
    shares: tuple[ShareRow, ...],
    names: Mapping[str, str],
    words: Words,
) -> Area:
    key, number = str(row["zone_key"]), _text(row.get("municipality"))
    use = int(row["use_status"]) if row.get("use_status") == row.get("use_status") else 0
    return Area(
        key=key,
        name=_text(row.get("name")) or words("area.unnamed", key=key),
        source_id=_text(row.get("source_id")),
        purpose=_text(row.get("purpose")),
        purpose_name=_text(row.get("purpose_name")),
        use=words.either(f"pages.use.{use}"),
        development=_text(row.get("development")),
        municipality=number,
        municipality_name=names.get(number, number),
        area_m2=float(row.get("area_m2", 0.0)),
        area_text=_size(row, words),
        status=found[0].status,
        findings=found,
        statement=shares,
        shown=tuple(f for f in found if f.status != "not_applicable") or found[:1],
    )


def _size(row: Mapping[str, Any], words: Words) -> str:
    """Area of a planned area; a road that is drawn as a line has none, and has a length."""
    if "area_m2" in row:
        return words.area(row["area_m2"])
    return words("area.line", length=words.amount(row["length_m"], "m"))


def _situation(plan: Plan, words: Words) -> dict[str, str]:
    """Which plan prevails on each piece, and why, in words; empty for other plans."""
    frame = plan.results.geodata("situation")
    if frame is None:
        return {}
    rows = records(frame.drop(columns="geometry"))
    return {row["zone_key"]: _named(row, words) for row in rows}


def _named(row: Mapping[str, Any], words: Words) -> str:
    plan = ", ".join(part for part in (row["plan"], words.day(row["dato"])) if part)
    sentence = situation_sentence(row, words.catalogue)
    return f"{plan}. {sentence}" if plan else sentence


def _findings(plan: Plan, words: Words) -> dict[str, list[FindingRow]]:
    run = plan.run
    titles = {c["name"]: words.local(c["title"], c["name"]) for c in run["checks"]}
    rows: dict[str, list[FindingRow]] = {}
    for record in records(plan.results.findings):
        check, unit = record["check"], record["unit"] or "m2"
        limit = float(record["limit"])
        interval, registered = interval_parts(record, words.catalogue)
        rows.setdefault(record["zone_key"], []).append(
            FindingRow(
                id=record["finding_id"],
                check=check,
                check_title=titles.get(check, check),
                status=record["status"],
                reason=record["reason"] or "",
                measured=float(record["measured"]),
                measured_text=_measured(record, words),
                limit_text="" if math.isnan(limit) else words.amount(limit, unit),
                unit=unit,
                sentence=words.sentence(record, run),
                parameter=record["parameter_status"] or "",
                sliver=bool(record["sliver"]),
                layer=words.layers(record["layer"], run),
                interval=interval,
                registered=registered,
                within=words.catalogue.say("accuracy.within") if record["within_accuracy"] else "",
            )
        )
    return rows


def _measured(record: Mapping[str, Any], words: Words) -> str:
    if record["status"] == "not_applicable":
        return "–"
    return words.amount(record["measured"], record["unit"] or "m2")


def _text(value: object) -> str:
    return "" if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)
