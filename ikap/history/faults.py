"""Histories that cannot be: each fault with the file and the key that it stands under."""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from ikap.errors import Fault
from ikap.history.units import History
from ikap.model import Municipality, Region

__all__ = ["history_faults"]

TOLERANCE = 1e-6
"""Shares are written with few decimals; a sum farther than this from 1 loses or makes figures."""


def history_faults(region: Region, file: str) -> Iterator[Fault]:
    """Faults of a region's municipalities in time.

    Parameters
    ----------
    region : Region
        As declared.
    file : str
        Its file, for the messages.

    Yields
    ------
    Fault
        `toml.municipality_number`, `toml.history_dates`, `toml.history_overlap`,
        `toml.history_end`, `toml.history_successor`, `toml.history_gap`, `toml.history_cycle`,
        `toml.history_weights`, `toml.history_share`, in the order of the file.
    """
    history = History(region)
    groups = ("municipalities", "neighbours", "history")
    for group in groups:
        for unit in getattr(region, group):
            key = f"{group}.{unit.number}"
            yield from _own(unit, key, file, needs_end=group == "history")
            yield from _successors(history, unit, key, file)
            yield from _weights(unit, key, file)
    yield from _overlaps(history, file)


def _own(unit: Municipality, key: str, file: str, *, needs_end: bool) -> Iterator[Fault]:
    """What a unit says of itself: number, dates, and an end if and only if something follows."""
    if not re.fullmatch(r"\d{4}", unit.number):
        wrong = {"where": f"{key}.number", "number": unit.number}
        yield Fault("toml.municipality_number", file, facts=wrong)
    if unit.valid_to is not None and unit.valid_to < unit.valid_from:
        facts: dict[str, object] = {
            "where": f"{key}.valid_to",
            "first": unit.valid_from,
            "last": unit.valid_to,
        }
        yield Fault("toml.history_dates", file, facts=facts)
    if (unit.valid_to is None) != (not unit.successor) and (needs_end or unit.successor):
        missing = "valid_to" if unit.valid_to is None else "successor"
        lacking = {"where": f"{key}.{missing}", "number": unit.number, "name": unit.name}
        yield Fault("toml.history_end", file, facts=lacking)


def _successors(history: History, unit: Municipality, key: str, file: str) -> Iterator[Fault]:
    """Each successor is declared, and is there the day after."""
    if unit.valid_to is None:
        return
    day = unit.valid_to + timedelta(days=1)
    for number in dict.fromkeys(unit.successor):
        facts: dict[str, object] = {"where": f"{key}.successor", "number": number, "day": day}
        if number not in history.units:
            near = difflib.get_close_matches(number, sorted(history.units), n=1, cutoff=0.7)
            facts["nearest"] = near[0] if near else ""
            yield Fault("toml.history_successor", file, facts=facts)
        elif history.unit(number, day) is None:
            path = _back_to(history, unit, number)
            if path:
                facts["path"] = " → ".join(path)
            else:
                spans = (f"{u.valid_from}–{u.valid_to or ''}" for u in history.units[number])
                facts["spans"] = ", ".join(spans)
            yield Fault("toml.history_cycle" if path else "toml.history_gap", file, facts=facts)


def _back_to(history: History, unit: Municipality, start: str) -> tuple[str, ...]:
    """Numbers on a way of successors from a unit back to its own number; empty if there is none."""
    ways: list[tuple[str, ...]] = [(unit.number, start)]
    seen = set[str]()
    while ways:
        way = ways.pop(0)
        if way[-1] == unit.number:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            later = (n for u in history.units.get(way[-1], ()) for n in u.successor)
            ways += [(*way, number) for number in dict.fromkeys(later)]
    return ()


def _weights(unit: Municipality, key: str, file: str) -> Iterator[Fault]:
    """Shares are of all successors and no other, sum to 1, and no figure has two sets of them."""
    for stated in unit.weights:
        where = f"{key}.weights"
        if set(stated.share) != set(unit.successor):
            wanted, given = (", ".join(sorted(set(s))) for s in (unit.successor, stated.share))
            named = {"where": where, "wanted": wanted, "given": given}
            yield Fault("toml.history_weights", file, facts=named)
        total = math.fsum(stated.share.values())
        least = min(stated.share.values(), default=0.0)
        if not abs(total - 1.0) <= TOLERANCE or least < 0:
            facts: dict[str, object] = {"where": where, "sum": round(total, 9)}
            yield Fault("toml.history_share", file, facts=facts)
    columns = Counter(c for stated in unit.weights for c in stated.figures or ("",))
    for column in sorted(c for c, count in columns.items() if count > 1):
        twice = {"where": f"{key}.weights", "column": column}
        yield Fault("toml.history_weights_twice", file, facts=twice)


def _overlaps(history: History, file: str) -> Iterator[Fault]:
    """No number is two units on one day; a member that stands twice is told elsewhere."""
    members = history.region.municipalities
    for number, units in sorted(history.units.items()):
        for one, next_one in pairwise(units):
            both = one in members and next_one in members
            if not both and (one.valid_to is None or next_one.valid_from <= one.valid_to):
                facts = {
                    "where": f"history.{number}",
                    "first": f"{one.valid_from}–{one.valid_to or ''}",
                    "second": f"{next_one.valid_from}–{next_one.valid_to or ''}",
                }
                yield Fault("toml.history_overlap", file, facts=facts)
