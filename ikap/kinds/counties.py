"""County of the year: the first two digits of a municipality's number, where such a county was.

Norwegian municipalities have their county's number as the beginning of their own, so that the
county is known from the number and the day, never from a name: there have been two counties named
Østfold, Akershus, Buskerud, Vestfold, Telemark, Troms and Finnmark, with other numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

__all__ = ["County", "county_numbers", "county_on"]

DIGITS = 2


@dataclass(frozen=True)
class County:
    """One county from its first year to its last."""

    number: str
    name: str
    first_year: int
    last_year: int
    source: str


def county_on(number: str, day: date) -> County | None:
    """County of a municipality on a day.

    Parameters
    ----------
    number : str
        The municipality's number on that day, four digits.
    day : date
        From 2000; before that the answer is that of the earliest known.

    Returns
    -------
    County or None
        None where no county had that number: the municipality's number is of another time, or
        constructed.

    Examples
    --------
    >>> county_on("1624", date(2017, 1, 1)).name
    'Sør-Trøndelag'
    >>> county_on("3205", date(2023, 1, 1)) is None
    True
    """
    county = _counties().get(number[:DIGITS])
    there = county is not None and county.first_year <= day.year <= county.last_year
    return county if there else None


def county_numbers(numbers: Iterable[str], day: date) -> frozenset[str]:
    """Numbers of the counties of some municipalities on a day, those that are known."""
    found = (county_on(number, day) for number in numbers)
    return frozenset(county.number for county in found if county is not None)


@cache
def _counties() -> Mapping[str, County]:
    """Counties since 2000 by number; none of the numbers has been used twice."""
    text = resources.files("ikap.kinds.codes").joinpath("fylke.csv").read_text(encoding="utf-8")
    return {
        row["code"]: County(
            row["code"],
            row["name_nb"],
            int(row["first_year"] or 0),
            int(row["last_year"] or date.max.year),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }
