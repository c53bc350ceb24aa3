"""Statistics with years as tables: what is registered and what is projected stand apart.

In: a `Plan`. Out: `SeriesTable` for each series of indicators, and the commuting table as printed.
A new series of indicators gets a table of its own without a line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ikap.pages.figures import REGION, Figure
from ikap.pages.plan import Plan
from ikap.pages.words import Words

__all__ = [
    "PROJECTED",
    "Commuting",
    "SeriesTable",
    "commuting",
    "layer_notes",
    "place_names",
    "series_tables",
    "series_unit",
]

PROJECTED = {"population": "population_projected"}
"""A series, and the one that carries it on by projection."""
COMMUTING = ("commuters_to_centre", "commuters_share", "commuters_from_centre")
UNITS = {"builtup_area": "km2"}
NOTES = {"population": ("projected",), "builtup_area": ("level_only",)}
KINDS = {"population": "population", "builtup_area": "builtup"}
MOST = 8
"""Most registered years, and as many projected ones, that a table prints; the CSV has all."""
DECADE = 10


@dataclass(frozen=True)
class SeriesTable:
    """One series: municipalities in number order, years from left to right."""

    name: str
    title: str
    unit: str
    groups: tuple[tuple[str, int, bool], ...]  # heading, columns, projected
    years: tuple[tuple[int, bool], ...]  # year, projected
    rows: tuple[tuple[str, str, tuple[tuple[str, bool], ...]], ...]
    notes: tuple[str, ...]
    cut: bool


@dataclass(frozen=True)
class Commuting:
    """The commuting table as it is printed in its source, with notes."""

    years: tuple[int, ...]
    rows: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]  # number, name, (count, share)
    out: tuple[tuple[str, str, tuple[str, ...]], ...]
    notes: tuple[tuple[str, str], ...]


def series_unit(name: str) -> str:
    """Unit that a series is shown in; empty for its own."""
    return UNITS.get(name, "")


def series_tables(plan: Plan, words: Words, place: str = "") -> list[SeriesTable]:
    """Tables of all series, for all municipalities or for one of them beside the region."""
    names = [n for n in plan.figures.series() if n not in (*COMMUTING, *PROJECTED.values())]
    return [_table(plan, name, words, place) for name in names]


def _table(plan: Plan, name: str, words: Words, place: str) -> SeriesTable:
    figures, later = plan.figures, PROJECTED.get(name, "")
    seen = figures.years[name]
    ahead = tuple(y for y in figures.years.get(later, ()) if y > seen[-1])
    shown = [*((y, False) for y in _some(seen)), *((y, True) for y in _some(ahead, first=False))]
    members = [m for m in plan.members if place in ("", m[0])]
    rows = []
    for number, label in [*members, (REGION, words("numbers.region"))]:
        found = [figures.at(later if p else name, number, y) for y, p in shown]
        cells = tuple(
            (words.figure(f, series_unit(name)), p) for f, (_, p) in zip(found, shown, strict=True)
        )
        rows.append((number, label, cells))
    counts = [sum(1 for _, p in shown if p is projected) for projected in (False, True)]
    groups = (
        (words("series.registered"), counts[0], False),
        (words("series.projected"), counts[1], True),
    )
    unit = series_unit(name) or next(f.unit for (n, _, _), f in figures.cells.items() if n == name)
    return SeriesTable(
        name=name,
        title=words.indicator(name),
        unit=words.either(f"pages.unit.{unit}", f"unit.{unit}", default=unit),
        groups=tuple(g for g in groups if g[1]) if ahead else (),
        years=tuple(shown),
        rows=tuple(rows),
        notes=_notes(name, words, projected=bool(ahead)),
        cut=len(shown) < len(seen) + len(ahead),
    )


def _some(years: Sequence[int], *, first: bool = True) -> list[int]:
    """All years if they are few, else the first, whole decades and the last."""
    if len(years) <= MOST:
        return list(years)
    ends = {years[-1], years[0]} if first else {years[-1]}
    return [y for y in years if y % DECADE == 0 or y in ends]


def _notes(name: str, words: Words, *, projected: bool) -> tuple[str, ...]:
    keys = [k for k in NOTES.get(name, ()) if projected or k != "projected"]
    said = [words.either(f"statistics.{key}") for key in keys]
    return tuple(text for text in said if text)


def layer_notes(plan: Plan, kind: str, words: Words) -> tuple[tuple[str, str], ...]:
    """Title and note of the layers of one kind that have been put in."""
    return tuple(
        (words.local(layer.get("title"), layer["name"]), words.local(layer.get("note")))
        for layer in plan.run.get("layers") or []
        if layer.get("kind") == kind and layer.get("present")
    )


def place_names(plan: Plan) -> dict[str, str]:
    """Names of municipalities of today, of the neighbours, and of those that have been."""
    region = plan.run["region"]
    rows = [*(region.get("history") or []), *(region.get("neighbours") or [])]
    names = {str(m["number"]): str(m["name"]) for m in rows}
    return names | dict(plan.members)


def commuting(plan: Plan, words: Words) -> Commuting | None:
    """Commuters to and from the centre; None where there is no such table."""
    figures = plan.figures
    to, share, out = COMMUTING
    if to not in figures.goals:
        return None
    years, names = figures.years[to], place_names(plan)
    rows = []
    for number in [*(p for p in figures.places[to] if p != REGION), REGION]:
        cells = tuple(
            (words.figure(figures.at(to, number, y)), _share(figures.at(share, number, y), words))
            for y in years
        )
        former = words("commuting.former")
        label = words("commuting.sum") if number == REGION else names.get(number, former)
        rows.append((number, label, cells))
    outward = tuple(
        (n, names.get(n, ""), tuple(words.figure(figures.at(out, n, y)) for y in years))
        for n in figures.places.get(out, ())
        if n != REGION
    )
    return Commuting(years, tuple(rows), outward, layer_notes(plan, "commuting", words))


def _share(figure: Figure | None, words: Words) -> str:
    return words.figure(figure) if figure else ""
