"""Small multiples: the same little charts for every municipality, in number order.

In: plans of a region. Out: numbers for inline SVG; the figures stand in tables beside them. Curves
share one scale, so that they can be compared; nothing is sorted by size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ikap.pages.figures import Figures
from ikap.pages.plan import Plan
from ikap.pages.series import PROJECTED, series_unit
from ikap.pages.words import Words

__all__ = ["Bar", "Column", "Columns", "Curve", "Panel", "curve", "panels", "year_columns"]

WIDTH, HEIGHT, PAD = 240, 84, 6
LONGEST = 150
PLANNED = "farmland_planned_conversion"


@dataclass(frozen=True)
class Curve:
    """One curve: registered years as a whole line, projected ones as a broken line."""

    seen: str
    ahead: str
    base: int  # height of the first year's level
    turn: tuple[int, int]  # last registered point
    labels: tuple[str, str, str]  # first, last registered, last projected
    told: str


@dataclass(frozen=True)
class Column:
    """One year's column; height 0 and not known where the figure is unknown."""

    x: int
    y: int
    height: int
    year: int
    known: bool


@dataclass(frozen=True)
class Columns:
    """One column a year, not joined: levels, not a development."""

    width: int
    columns: tuple[Column, ...]
    last: str
    told: str


@dataclass(frozen=True)
class Bar:
    """One bar with its figure."""

    label: str
    length: int
    text: str
    known: bool


@dataclass(frozen=True)
class Panel:
    """All small charts of one municipality."""

    number: str
    name: str
    href: str
    population: Curve | None
    builtup: Columns | None
    planned: tuple[Bar, ...]


def panels(plans: Sequence[Plan], places: Mapping[str, str], words: Words) -> tuple[Panel, ...]:
    """One panel for each municipality, in number order."""
    first = plans[0]
    numbers = [number for number, _ in first.members]
    growth = _growth(first.figures, numbers)
    most = _most(first.figures, "builtup_area", numbers)
    longest = max(
        (v for p in plans for n in numbers if not math.isnan(v := p.figures.value(PLANNED, n))),
        default=0.0,
    )
    return tuple(
        Panel(
            number,
            name,
            places.get(number, ""),
            curve(first.figures, number, growth, words),
            year_columns(first.figures, number, most, words),
            tuple(_bar(p, number, longest, words) for p in plans),
        )
        for number, name in first.members
    )


def _people(figures: Figures, number: str) -> tuple[list[tuple[int, float]], int]:
    """Years and residents, registered ones first, and how many of them are registered."""
    seen = [(y, figures.value("population", number, y)) for y in figures.years["population"]]
    later = PROJECTED["population"]
    ahead = [
        (y, figures.value(later, number, y))
        for y in figures.years.get(later, ())
        if y > seen[-1][0]
    ]
    known = [(y, v) for y, v in seen if not math.isnan(v)]
    return [*known, *((y, v) for y, v in ahead if not math.isnan(v))], len(known)


def _growth(figures: Figures, numbers: Sequence[str]) -> tuple[float, float]:
    """Smallest and largest share of the first year's residents, over all municipalities."""
    if "population" not in figures.goals:
        return (1.0, 1.0)
    shares = []
    for number in numbers:
        points, _ = _people(figures, number)
        shares += [value / points[0][1] for _, value in points if points[0][1] > 0]
    return (min(shares, default=1.0), max(shares, default=1.0))


def curve(figures: Figures, number: str, span: tuple[float, float], words: Words) -> Curve | None:
    """Residents of one municipality by year, against those of the first year.

    Parameters
    ----------
    figures : Figures
        Indicators of one plan.
    number : str
        Municipality.
    span : tuple of float
        Lowest and highest share of the first year's residents on the scale.
    words : Words
        Words of one language.

    Returns
    -------
    Curve or None
        Points in a frame of `WIDTH` by `HEIGHT`; None if fewer than two years are known.
    """
    if "population" not in figures.goals:
        return None
    points, count = _people(figures, number)
    if count < 2 or points[0][1] <= 0:  # noqa: PLR2004 - a line has two ends
        return None
    low, high = span
    first, last = points[0][0], points[-1][0]
    placed = [
        (
            round(PAD + (WIDTH - 2 * PAD) * (year - first) / max(last - first, 1)),
            _height(value / points[0][1], low, high),
        )
        for year, value in points
    ]
    start, end, far = points[0], points[count - 1], points[-1]
    told = words(
        "multiples.people",
        first=start[0],
        start=words.number(start[1]),
        last=end[0],
        end=words.number(end[1]),
    )
    if count < len(points):
        told += " " + words("multiples.people_ahead", year=far[0], value=words.number(far[1]))
    return Curve(
        seen=_line(placed[:count]),
        ahead=_line(placed[count - 1 :]) if count < len(points) else "",
        base=_height(1.0, low, high),
        turn=placed[count - 1],
        labels=tuple(f"{y}: {words.number(v)}" for y, v in (start, end, far)),  # type: ignore[arg-type]
        told=told,
    )


def _height(value: float, low: float, high: float) -> int:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(HEIGHT - PAD - (HEIGHT - 2 * PAD) * share)


def _line(points: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _most(figures: Figures, name: str, numbers: Sequence[str]) -> float:
    values = [figures.value(name, n, y) for n in numbers for y in figures.years.get(name, ())]
    return max((v for v in values if not math.isnan(v)), default=0.0)


def year_columns(figures: Figures, number: str, most: float, words: Words) -> Columns | None:
    """Built-up area of one municipality, a column a year; None if no year is known."""
    name = "builtup_area"
    years = figures.years.get(name, ())
    values = [figures.value(name, number, y) for y in years]
    known = [(y, v) for y, v in zip(years, values, strict=True) if not math.isnan(v)]
    if not known or most <= 0:
        return None
    step = (WIDTH - 2 * PAD) / len(years)
    columns = []
    for i, (year, value) in enumerate(zip(years, values, strict=True)):
        height = 0 if math.isnan(value) else max(round((HEIGHT - 2 * PAD) * value / most), 1)
        x = round(PAD + i * step)
        columns.append(Column(x, HEIGHT - PAD - height, height, year, not math.isnan(value)))
    last = f"{known[-1][0]}: {words.amount(known[-1][1], series_unit(name))}"
    unknown = [str(y) for y, v in zip(years, values, strict=True) if math.isnan(v)]
    told = words("multiples.builtup", last=last)
    if unknown:
        told += " " + words("multiples.unknown_years", years=", ".join(unknown))
    return Columns(round(step * 0.7), tuple(columns), last, told)


def _bar(plan: Plan, number: str, longest: float, words: Words) -> Bar:
    figure = plan.figures.at(PLANNED, number)
    known = figure is not None and figure.known
    length = 0
    if figure is not None and known and longest > 0:
        length = round(LONGEST * figure.value / longest)
    return Bar(words.role_of(plan.run["plan"]), length, words.figure(figure), known)
