"""Border files of another year: today's municipalities put together of the whole ones of then.

Where a municipality was renumbered or merged, its area is that of those it was made of. Where one
of them was split, no key tells where the border went: the file cannot give that municipality, and
one that kept its number is told to lack the part.
"""

from __future__ import annotations

from collections.abc import Iterator

from geopandas import GeoDataFrame

from ikap.history import History
from ikap.kinds.municipal_time import Part, parts_in
from ikap.model import Region
from ikap.sources.ledger import Ledger

__all__ = ["on_todays_numbers"]


def on_todays_numbers(frame: GeoDataFrame, region: Region, ledger: Ledger) -> GeoDataFrame:
    """Municipal areas with today's numbers and names, where older ones make up one of today's.

    Parameters
    ----------
    frame : GeoDataFrame
        `kommunenummer` and `navn`; a number may stand on several rows.
    region : Region
        Municipalities, neighbours and history.
    ledger : Ledger
        Is told `municipality.carried` and `municipality.incomplete`.

    Returns
    -------
    GeoDataFrame
        The same rows; those of today's numbers are as they were.
    """
    there = frozenset(frame["kommunenummer"].dropna())
    today = {m.number: m.name for m in (*region.neighbours, *region.municipalities)}
    history, carried = History(region), dict[str, str]()
    for number in sorted(today):
        earlier = (p for p in _earlier(history, number) if [u.number for u in p] != [number])
        parts = next((p for p in earlier if _whole(p, there)), ())
        if parts:
            told = ", ".join(part.text for part in parts)
            ledger.told("municipality.carried", len(parts), source_id=number, parts=told)
        carried |= {part.number: number for part in parts}
    _tell_incomplete(there & set(today), there - set(today), history, ledger)
    if not carried:
        return frame
    numbers = frame["kommunenummer"].map(lambda n: carried.get(n, n))
    names = numbers.map(today).where(frame["kommunenummer"].isin(list(carried)), frame["navn"])
    return frame.assign(kommunenummer=numbers, navn=names)


def _earlier(history: History, number: str) -> Iterator[tuple[Part, ...]]:
    """What a municipality was made of, the newest division first."""
    days = {unit.valid_to for unit in history.region.history if unit.valid_to is not None}
    yield from (parts_in(history, number, day) for day in sorted(days, reverse=True))


def _whole(parts: tuple[Part, ...], there: frozenset[str]) -> bool:
    return all(part.number in there and not part.split for part in parts)


def _tell_incomplete(
    kept: frozenset[str], old: frozenset[str], history: History, ledger: Ledger
) -> None:
    """Tell of numbers of today in a file of a time when a part of them was elsewhere."""
    lost: dict[str, list[str]] = {}
    for unit in (u for number in sorted(old) for u in history.units.get(number, ())):
        for number, way in history.ways(unit).items():
            if number in kept and not way.whole:
                lost.setdefault(number, []).append(f"{unit.number} {unit.name}")
    for number, parts in sorted(lost.items()):
        facts = {"parts": ", ".join(parts)}
        ledger.told("municipality.incomplete", len(parts), source_id=number, **facts)
