"""Municipality numbers: text, four digits, also where a program took the leading zero away."""

from __future__ import annotations

import re

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.municipal_time import todays_number
from ikap.model import Region
from ikap.sources.ledger import Ledger

__all__ = ["NUMBER_ALIASES", "mended_numbers", "numbers_of_today", "tell_strangers"]

NUMBER_ALIASES = ("KOMM", "kommunenr", "komnr", "knr")
DIGITS = 4


def mended_numbers(numbers: pd.Series, ledger: Ledger) -> pd.Series:
    """Numbers as text of four digits; `301` becomes `0301`, and that is told.

    Parameters
    ----------
    numbers : Series of str
        As in the file, missing where there is none.
    ledger : Ledger
        Gets `number.mended` with the count.

    Returns
    -------
    Series of str
        Same index.
    """
    numbers = numbers.map(lambda n: re.sub(r"\.0+$", "", n) if isinstance(n, str) else n)
    short = numbers.map(lambda n: isinstance(n, str) and n.isdecimal() and len(n) == DIGITS - 1)
    short = short.astype(bool)
    if not short.any():
        return numbers
    example = str(numbers[short].iloc[0])
    mended = f"0{example}"
    ledger.told("number.mended", int(short.sum()), example=example, mended=mended)
    return numbers.mask(short, "0" + numbers.astype(object).where(short, ""))


def numbers_of_today(numbers: pd.Series, region: Region, ledger: Ledger) -> pd.Series:
    """Numbers of municipalities that were renumbered or merged as today's; others as they are.

    Parameters
    ----------
    numbers : Series of str
        Four digits, missing where there is none.
    region : Region
        Municipalities, neighbours and history.
    ledger : Ledger
        Is told `number.carried`, one row an old number.

    Returns
    -------
    Series of str
        Same index. A number that was split stays: only the place tells where it is today.
    """
    today = {n: todays_number(region, n) or n for n in sorted(set(numbers.dropna()))}
    for number, now in today.items():
        if now != number:
            count = int((numbers == number).sum())
            ledger.told("number.carried", count, number=number, successor=now)
    return numbers.map(lambda n: today.get(n, n)).astype(object)


def tell_strangers(frame: GeoDataFrame, region: Region, ledger: Ledger) -> None:
    """Tell of municipalities that are neither in the region nor beside it, today or before.

    A number that is no more is no fault: an area belongs to the municipality that it lies in, and
    the number it was given stays, because a plan's id holds for that number only.

    Parameters
    ----------
    frame : GeoDataFrame
        With `kommunenummer` and `source_id`.
    region : Region
        Its municipalities, neighbours and history.
    ledger : Ledger
        Is told `municipality.old` (a number that is not in use any more, with what became of
        it), and gets the fault `municipality.outside`.
    """
    numbers = frame["kommunenummer"]
    given = set(numbers.dropna())
    known = {m.number for m in (*region.municipalities, *region.neighbours)}
    old = {m.number: m for m in region.history if m.number not in known}
    for number in sorted(given & set(old)):
        unit = old[number]
        successor = todays_number(region, number) or ", ".join(unit.successor)
        facts = {"number": number, "name": unit.name, "successor": successor}
        ledger.told("municipality.old", int((numbers == number).sum()), **facts)
    strangers = sorted(given - known - set(old))
    if strangers:
        there = ", ".join(region.numbers)
        ids = frame.loc[numbers.isin(strangers), "source_id"]
        ledger.fault("municipality.outside", ids=ids, numbers=", ".join(strangers), there=there)
