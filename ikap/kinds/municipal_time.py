"""Figures in time on the borders of today: what a municipality's number meant in another year.

A number is followed by the region's history (`[[history]]` of region.toml), never by name. What
was renumbered or merged is added up. What was split, or has no figure, makes the year unknown for
its successor: a merger is not growth.

A figure stands on the municipal division of its own year, unless the table says another one
(`inndeling`): statistics offices often give whole series on the borders of one year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ikap.model import Municipality, Region
from ikap.sources.ledger import Ledger

Key = tuple[str, int, int]
"""Number, year of the figure, year of the municipal division that it stands on."""

__all__ = ["Part", "on_todays_borders", "parts_of", "todays_number"]


@dataclass(frozen=True)
class Part:
    """One unit that today's municipality consisted of on a day."""

    number: str
    name: str
    split: bool = False  # only a part of it came to today's municipality
    renumbered: str = ""  # number that the same ground got later, by no more than a new number

    @property
    def text(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}"


def parts_of(region: Region, number: str, day: date) -> tuple[Part, ...]:
    """Units of a day that make up one of today's municipalities.

    Parameters
    ----------
    region : Region
        Municipalities and history.
    number : str
        One of the region's own municipalities.
    day : date
        The day of the municipal division.

    Returns
    -------
    tuple of Part
        In number order.
    """
    units = _units(region)
    found = {part.number: part for part in _parts(units, units[number], day, split=False)}
    return tuple(found[n] for n in sorted(found))


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
    today = {m.number for m in (*region.municipalities, *region.neighbours)}
    units = {m.number: m for m in region.history}
    while number not in today:
        unit = units.get(number)
        if unit is None or len(unit.successor) != 1:
            return None
        number = unit.successor[0]
    return number


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
        Gets the fault `table.twice`, and the quality rows `municipal_time.summed`,
        `municipal_time.unknown`, `municipal_time.zero` and `municipal_time.others`.

    Returns
    -------
    DataFrame
        `kommunenummer`, `år`, the value (NaN is unknown), `delt_av` (numbers that were added up)
        and `mangler` (units without a figure); one row a municipality and year of the table.
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
    rows, used = [], set[Key]()
    for unit in sorted(region.municipalities, key=lambda m: m.number):
        number = unit.number
        for year in sorted(set(keys["y"])):
            days = sorted({d for _, y, d in figures if y == year}, reverse=True)
            answers = [_answer(region, unit, (year, day), figures) for day in days]
            known = [a for a in answers if not np.isnan(a.value)]
            best = (known or sorted(answers, key=lambda a: -len(a.used)))[0]
            used |= best.used
            rows.append((number, year, best.value, "+".join(best.parts), ", ".join(best.missing)))
    columns = ["kommunenummer", "år", value, "delt_av", "mangler"]
    told = pd.DataFrame(rows, columns=columns)
    _tell(told, set(figures) - used, region, ledger)
    return told


@dataclass(frozen=True)
class _Answer:
    """A sum for one year, or what it lacks."""

    value: float
    parts: tuple[str, ...]
    missing: tuple[str, ...]
    used: frozenset[Key]


def _answer(
    region: Region,
    unit: Municipality,
    when: tuple[int, int],
    figures: Mapping[Key, float],
) -> _Answer:
    """Sum of a municipality's parts for a year, on the division of the same or another year."""
    year, division = when
    parts = parts_of(region, unit.number, date(division, 1, 1))
    there, missing, used = 0.0, [], set()
    for part in parts:
        names = (part.number, part.renumbered) if part.renumbered else (part.number,)
        key = next((k for n in names if (k := (n, year, division)) in figures), ("", 0, 0))
        figure = figures.get(key, float("nan"))
        if key in figures:
            used.add(key)
        if part.split:
            missing.append(f"{part.text} (delt)")
        elif np.isnan(figure):
            missing.append(part.text)
        elif figure == 0 and key[0] == unit.number and year < unit.valid_from.year:
            missing.append(f"{part.text} (0)")  # it did not exist: no figure, not nothing
        else:
            there += figure
    numbers = tuple(part.number for part in parts)
    return _Answer(float("nan") if missing else there, numbers, tuple(missing), frozenset(used))


def _units(region: Region) -> dict[str, Municipality]:
    every = (*region.history, *region.neighbours, *region.municipalities)
    return {unit.number: unit for unit in every}


def _parts(
    units: Mapping[str, Municipality], unit: Municipality, day: date, *, split: bool
) -> Iterator[Part]:
    """The unit itself if it existed, and those of its predecessors that still did."""
    valid = unit.valid_from <= day <= (unit.valid_to or date.max)
    if valid:
        yield Part(unit.number, unit.name, split, _renumbered(units, unit))
    before = [u for u in units.values() if unit.number in u.successor]
    found = False
    for old in before:
        if (old.valid_to or date.max) >= day or not valid:
            parts = list(_parts(units, old, day, split=split or len(old.successor) > 1))
            found |= bool(parts)
            yield from parts
    if not valid and not found and unit.valid_from > day:
        yield Part(unit.number, unit.name, split)  # the history says no more


def _renumbered(units: Mapping[str, Municipality], unit: Municipality) -> str:
    """Successor that took over this unit alone, on that day; empty if it merged or was split."""
    if len(unit.successor) != 1:
        return ""
    (later,) = unit.successor
    joined = [u for u in units.values() if later in u.successor and u.valid_to == unit.valid_to]
    born = later in units and units[later].valid_from > (unit.valid_to or date.max)
    return later if joined == [unit] and born else ""


def _tell(told: pd.DataFrame, unused: set[Key], region: Region, ledger: Ledger) -> None:
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
    others = {number for number, _, _ in unused}
    if others:
        ledger.told("municipal_time.others", len(others), numbers=", ".join(sorted(others)))


def _span(years: pd.Series) -> str:
    """Years as `2017–2019, 2022`."""
    runs: list[list[int]] = []
    for year in sorted(int(y) for y in years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)
