"""Figures in time on the borders of today: what a municipality's number meant in another year.

A number is followed by the region's history (`[[history]]` of region.toml), never by name. What
was renumbered or merged is added up. What was split is shared out where the history states how
(`[[history.weights]]`), and that is told with the source; else it makes the year unknown for its
successors, as does a unit without a figure: a merger is not growth.

A figure stands on the municipal division of its own year, unless the table says another one
(`inndeling`): statistics offices often give whole series on the borders of one year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from ikap.history import History, Way
from ikap.kinds.counties import county_numbers
from ikap.model import Municipality, ParameterStatus, Region
from ikap.sources.ledger import Ledger

Key = tuple[str, int, int]
"""Number, year of the figure, year of the municipal division that it stands on."""

__all__ = ["Part", "on_todays_borders", "parts_in", "parts_of", "todays_number"]


@dataclass(frozen=True)
class Part:
    """One unit that today's municipality consisted of on a day, in whole or in part."""

    unit: Municipality
    way: Way
    numbers: tuple[str, ...]  # its own, and other numbers of the very same ground

    @property
    def number(self) -> str:
        """Number on that day."""
        return self.unit.number

    @property
    def split(self) -> bool:
        """Whether only a part of it came to today's municipality."""
        return not self.way.whole

    @property
    def text(self) -> str:
        """Number and name."""
        return f"{self.unit.number} {self.unit.name}"


def parts_of(region: Region, number: str, day: date, figures: str = "") -> tuple[Part, ...]:
    """Units of a day that make up one of today's municipalities.

    Parameters
    ----------
    region : Region
        Municipalities and history.
    number : str
        One of today's municipalities: the region's own or a neighbour.
    day : date
        The day of the municipal division.
    figures : str
        Column of the figures, for weights that are stated for some figures only.

    Returns
    -------
    tuple of Part
        In number order. Where the history says nothing of so early a day: the earliest unit that
        it knows, which is not told apart from the ground of that day.
    """
    return parts_in(History(region), number, day, figures)


def parts_in(history: History, number: str, day: date, figures: str = "") -> tuple[Part, ...]:
    """Units of a day that make up one of today's municipalities; see `parts_of`."""
    unit = history.units[number][-1]
    found = {(u.number, u.valid_from): u for u in _units_of(history, unit, day)}
    parts = (
        Part(u, history.ways(u, figures)[number], history.same_ground(u)) for u in found.values()
    )
    return tuple(sorted(parts, key=lambda p: p.number))


def _units_of(history: History, unit: Municipality, day: date) -> Iterator[Municipality]:
    """The unit itself if it was there on that day, and what came to it later."""
    valid = unit.valid_from <= day <= (unit.valid_to or date.max)
    if valid:
        yield unit
    found = False
    for old in history.before(unit):
        if (old.valid_to or date.max) >= day or not valid:
            units = list(_units_of(history, old, day))
            found |= bool(units)
            yield from units
    if not valid and not found and unit.valid_from > day:
        yield unit  # the history says no more


def todays_number(region: Region, number: str) -> str | None:
    """Today's number of a municipality, or None where it was split or is not known.

    Parameters
    ----------
    region : Region
        Municipalities, neighbours and history.
    number : str
        Four digits.

    Returns
    -------
    str or None
        The same number if it is in use.
    """
    history = History(region)
    units = history.units.get(number, ())
    if any((u.number, u.valid_from) in history.today for u in units):
        return number
    ways = history.ways(units[-1]) if units else {}
    return next((n for n, way in ways.items() if way.whole), None)


def on_todays_borders(
    frame: pd.DataFrame, region: Region, value: str, ledger: Ledger
) -> pd.DataFrame:
    """A series for each of the region's municipalities on the borders of today.

    Parameters
    ----------
    frame : DataFrame
        `kommunenummer`, `år`, `inndeling` (missing: the division of the row's own year),
        `source_id` and the value, which can be added up (persons, areas; never shares).
    region : Region
        Municipalities and history.
    value : str
        Column of the value.
    ledger : Ledger
        Gets the fault `table.twice`, and the quality rows `municipal_time.summed`, `shared`,
        `shared_assumed`, `unknown`, `not_then` and `others`.

    Returns
    -------
    DataFrame
        `kommunenummer`, `år`, the value (NaN is unknown), `delt_av` (numbers that were added up),
        `mangler` (units without a figure), `kjent_del` (sum of what is known: the value itself, or
        the least that it can be), `fordeling` (status of the weights that were used, if any) and
        `fylke` (numbers of the counties of that year); one row a municipality and year.
    """
    table = frame[frame["år"].notna() & frame["kommunenummer"].notna()]
    division = table["inndeling"].fillna(table["år"]).astype(int)
    keys = pd.DataFrame({"n": table["kommunenummer"], "y": table["år"].astype(int), "d": division})
    twice = keys.duplicated(keep=False)
    if twice.any():
        ids = table.loc[twice, "source_id"].astype(str)
        ledger.fault("table.twice", ids=ids, count=int(twice.sum()))
        ledger.stop()
    cells = zip(keys["n"], keys["y"], keys["d"], table[value], strict=True)
    figures: dict[Key, float] = {(str(n), int(y), int(d)): float(v) for n, y, d, v in cells}
    history = History(region)
    asked = _Table(history, value, figures)
    years = sorted({(y, -d) for _, y, d in figures})
    divisions = {year: [-d for y, d in years if y == year] for year, _ in years}
    answers = [asked.best(n, y, divisions[y]) for n in region.numbers for y in divisions]
    told = pd.DataFrame([a.row for a in answers], columns=["kommunenummer", "år", value, *TOLD])
    _tell(told, answers, region, ledger)
    _tell_unused(set(figures) - {k for a in answers for k in a.used}, history, ledger)
    return told


TOLD = ("delt_av", "mangler", "kjent_del", "fordeling", "fylke")
"""What is said beside each figure."""


@dataclass(frozen=True)
class _Answer:
    """A sum for one municipality and year, or what it lacks."""

    number: str
    year: int
    known: float
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    used: frozenset[Key]
    county: str

    @property
    def value(self) -> float:
        """Sum of all parts; NaN where one is missing."""
        return float("nan") if self.missing else self.known

    @property
    def status(self) -> str:
        """Status of the weights that the sum rests on; empty for none."""
        weights = tuple(w for p in self.parts for w in p.way.weights)
        return "" if self.missing else Way(1.0, weights).status

    @property
    def row(self) -> tuple[object, ...]:
        """Number, year, value and `TOLD`."""
        parts = "+".join(p.number for p in self.parts)
        told = (parts, ", ".join(self.missing), self.known, self.status, self.county)
        return (self.number, self.year, self.value, *told)


@dataclass(frozen=True)
class _Table:
    """Figures of a table, asked for what today's municipalities had."""

    history: History
    column: str
    figures: Mapping[Key, float]
    _parts: dict[tuple[str, date], tuple[Part, ...]] = field(default_factory=dict)

    def best(self, number: str, year: int, divisions: list[int]) -> _Answer:
        """The answer on the newest division that has one, else the one that knows most."""
        answers = [self.answer(number, year, division) for division in divisions]
        known = [a for a in answers if not a.missing]
        return (known or sorted(answers, key=lambda a: -len(a.used)))[0]

    def answer(self, number: str, year: int, division: int) -> _Answer:
        """Sum of a municipality's parts for a year, on the division of the same or another year."""
        parts = self.parts(number, date(division, 1, 1))
        known, missing, used = 0.0, list[str](), set[Key]()
        for part in parts:
            key = next(
                (k for n in part.numbers if (k := (n, year, division)) in self.figures), None
            )
            figure = self.figures[key] if key else float("nan")
            if key:
                used.add(key)
            lack = self.lack(part, figure, year, division)
            missing += lack
            known += 0.0 if lack else figure * part.way.share
        there = self.parts(number, date(year, 1, 1))
        county = "+".join(sorted(county_numbers((p.number for p in there), date(year, 1, 1))))
        return _Answer(number, year, known, parts, tuple(missing), frozenset(used), county)

    def parts(self, number: str, day: date) -> tuple[Part, ...]:
        """Parts of a municipality on a day, found once."""
        if (number, day) not in self._parts:
            self._parts[number, day] = parts_in(self.history, number, day, self.column)
        return self._parts[number, day]

    def lack(self, part: Part, figure: float, year: int, division: int) -> list[str]:
        """Why a part's figure cannot be used; empty where it can.

        A nought from before a unit was there is no figure. And where its twin in a split has such
        a nought, the figure may hold the ground of both.
        """
        if np.isnan(part.way.share):
            return [f"{part.text} (delt)"]
        if np.isnan(figure):
            return [part.text]
        if year >= part.unit.valid_from.year:
            return []
        if figure == 0:
            return [f"{part.text} (0)"]
        twins = self.history.twins(part.unit)
        noughts = [t for t in twins if self.figures.get((t.number, year, division)) == 0]
        return [f"{t.number} {t.name} (0)" for t in noughts]


def _tell(told: pd.DataFrame, answers: list[_Answer], region: Region, ledger: Ledger) -> None:
    names = {m.number: m.name for m in region.municipalities}
    value = told.columns[2]
    for number, rows in told.groupby("kommunenummer", sort=True):
        summed = rows[rows[value].notna() & (rows["delt_av"] != number)]
        for parts, years in summed.groupby("delt_av", sort=True)["år"]:
            facts = {"name": names[str(number)], "parts": str(parts), "years": _span(years)}
            ledger.told("municipal_time.summed", len(years), source_id=str(number), **facts)
        for missing, years in rows[rows[value].isna()].groupby("mangler", sort=True)["år"]:
            facts = {"name": names[str(number)], "missing": str(missing), "years": _span(years)}
            ledger.told("municipal_time.unknown", len(years), source_id=str(number), **facts)
    _tell_shared(answers, names, ledger)


def _tell_shared(answers: list[_Answer], names: Mapping[str, str], ledger: Ledger) -> None:
    """Tell of figures that were shared out: how much of what, by whose weights."""
    shared: dict[tuple[str, str, float, str, str], list[int]] = {}
    for answer in answers:
        for part in answer.parts:
            if part.way.weights and not answer.missing:
                way = part.way
                key = (answer.number, part.text, way.share, way.source, way.status)
                shared.setdefault(key, []).append(answer.year)
    for (number, text, share, source, status), years in sorted(shared.items()):
        adopted = status == ParameterStatus.ADOPTED
        what = "municipal_time.shared" if adopted else "municipal_time.shared_assumed"
        facts = {"name": names[number], "part": text, "source": source, "years": _span(years)}
        percent = round(100 * share, 4)
        ledger.told(what, len(years), source_id=number, percent=percent, status=status, **facts)


def _tell_unused(unused: set[Key], history: History, ledger: Ledger) -> None:
    """Tell of numbers that were not used: of other places, and of another time than the figure."""
    others = {number for number, _, _ in unused if number not in history.units}
    known = {(n, d) for n, _, d in unused if n in history.units}
    untimely = {(n, d) for n, d in known if history.unit(n, date(d, 1, 1)) is None}
    elsewhere = others | {n for n, _ in known - untimely}
    for division in sorted({d for _, d in untimely}):
        numbers = sorted(n for n, d in untimely if d == division)
        told = ", ".join(numbers)
        ledger.told("municipal_time.not_then", len(numbers), numbers=told, division=division)
    if elsewhere:
        ledger.told("municipal_time.others", len(elsewhere), numbers=", ".join(sorted(elsewhere)))


def _span(years: Iterable[int]) -> str:
    """Years as `2017–2019, 2022`."""
    runs: list[list[int]] = []
    for year in sorted(int(y) for y in years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
