"""Municipality numbers: text, four digits, also where a program took the leading zero away."""

from __future__ import annotations

import pandas as pd
from geopandas import GeoDataFrame

from ikap.model import Region
from ikap.sources.ledger import Ledger

__all__ = ["NUMBER_ALIASES", "mended_numbers", "tell_strangers"]

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
    short = numbers.map(lambda n: isinstance(n, str) and n.isdecimal() and len(n) == DIGITS - 1)
    short = short.astype(bool)
    if not short.any():
        return numbers
    example = str(numbers[short].iloc[0])
    mended = f"0{example}"
    ledger.told("number.mended", int(short.sum()), example=example, mended=mended)
    return numbers.mask(short, "0" + numbers.astype(object).where(short, ""))


def tell_strangers(frame: GeoDataFrame, region: Region, ledger: Ledger) -> None:
    """Tell of municipalities that are neither in the region nor beside it.

    Parameters
    ----------
    frame : GeoDataFrame
        With `kommunenummer` and `source_id`.
    region : Region
        Its municipalities, neighbours and history.
    ledger : Ledger
        Gets the faults `municipality.old` (a number that is not in use any more, with what
        became of it) and `municipality.outside`.
    """
    numbers = frame["kommunenummer"]
    given = set(numbers.dropna())
    known = {m.number for m in (*region.municipalities, *region.neighbours)}
    old = {m.number: m for m in region.history if m.number not in known}
    for number in sorted(given & set(old)):
        successor = ", ".join(old[number].successor)
        ids = frame.loc[numbers == number, "source_id"]
        ledger.fault(
            "municipality.old",
            ids=ids,
            number=number,
            name=old[number].name,
            successor=successor,
        )
    strangers = sorted(given - known - set(old))
    if strangers:
        there = ", ".join(region.numbers)
        ids = frame.loc[numbers.isin(strangers), "source_id"]
        ledger.fault("municipality.outside", ids=ids, numbers=", ".join(strangers), there=there)
