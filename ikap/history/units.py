"""Municipal history: which units there were on a day, and where the ground of each one went.

A unit is a municipality from one day to another (`[[history]]`, `[[municipalities]]` and
`[[neighbours]]` of region.toml); one number may be several units, one after the other. A unit that
ends names its successors, which begin or go on the day after. One that was split says how much of
a figure went where only if somebody has stated it (`[[history.weights]]`), with a source.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from ikap.model import Municipality, ParameterStatus, Region, Weights

__all__ = ["History", "Way"]

ALL = ""
"""Column name of figures that no weights are stated for by name."""


@dataclass(frozen=True)
class Way:
    """How much of a unit's figures came to one of today's municipalities."""

    share: float  # NaN where the unit was split and nobody has stated how
    weights: tuple[Weights, ...] = ()  # what the share rests on; empty for all or nothing

    @property
    def whole(self) -> bool:
        """Whether all of the unit came there."""
        return not self.weights and self.share == 1.0

    @property
    def source(self) -> str:
        """Where the share is from; empty for all or nothing."""
        return "; ".join(dict.fromkeys(w.source for w in self.weights))

    @property
    def status(self) -> str:
        """The least binding status of the weights; empty where there are none."""
        order = list(ParameterStatus)
        return max((w.status for w in self.weights), key=order.index, default="")


@dataclass(frozen=True)
class History:
    """Units of a region through time."""

    region: Region

    @cached_property
    def units(self) -> Mapping[str, tuple[Municipality, ...]]:
        """Units by number, the oldest first."""
        found: dict[str, list[Municipality]] = defaultdict(list)
        region = self.region
        for unit in (*region.history, *region.neighbours, *region.municipalities):
            if unit not in found[unit.number]:
                found[unit.number].append(unit)
        return {n: tuple(sorted(us, key=lambda u: u.valid_from)) for n, us in found.items()}

    @cached_property
    def today(self) -> frozenset[tuple[str, date]]:
        """Units of today: members, neighbours, and what the history gives no end to."""
        own = (*self.region.municipalities, *self.region.neighbours)
        still = (u for u in self.region.history if u.valid_to is None and not u.successor)
        return frozenset((u.number, u.valid_from) for u in (*own, *still))

    @cached_property
    def _before(self) -> Mapping[tuple[str, date], tuple[Municipality, ...]]:
        found: dict[tuple[str, date], list[Municipality]] = defaultdict(list)
        for unit in (u for units in self.units.values() for u in units):
            for later in self.after(unit):
                found[later.number, later.valid_from].append(unit)
        return {key: tuple(units) for key, units in found.items()}

    def unit(self, number: str, day: date) -> Municipality | None:
        """The unit that had a number on a day; None where the history knows of none.

        Parameters
        ----------
        number : str
            Four digits.
        day : date
            The day.

        Returns
        -------
        Municipality or None
            Never one of another time.
        """
        there = (u for u in self.units.get(number, ()) if _valid(u, day))
        return next(there, None)

    def after(self, unit: Municipality) -> tuple[Municipality, ...]:
        """Successors of a unit: those of their numbers that were there the day after it ended."""
        if _key(unit) in self.today or unit.valid_to is None:
            return ()
        day = unit.valid_to + timedelta(days=1)
        later = (self.unit(n, day) for n in dict.fromkeys(unit.successor))
        return tuple(u for u in later if u is not None)

    def before(self, unit: Municipality) -> tuple[Municipality, ...]:
        """Units that this one is a successor of, in the order of the file."""
        return self._before.get(_key(unit), ())

    def ways(self, unit: Municipality, figures: str = ALL) -> Mapping[str, Way]:
        """Where a unit's figures are today.

        Parameters
        ----------
        unit : Municipality
            Of any time.
        figures : str
            Column of the figures, for weights that are stated for some figures only.

        Returns
        -------
        mapping
            Numbers of today and the share of each. What was split and met again is whole.
        """
        if _key(unit) in self.today:
            return {unit.number: Way(1.0)}
        later = self.after(unit)
        if not later:
            return {}
        ends = [self.ways(u, figures) for u in later]
        reached = {number for end in ends for number in end}
        complete = len(later) == len(set(unit.successor))
        if len(reached) == 1 and complete and all(w.whole for end in ends for w in end.values()):
            return {number: Way(1.0) for number in reached}
        stated = _weights(unit, figures) if len(set(unit.successor)) > 1 else None
        found: dict[str, Way] = {}
        for u, end in zip(later, ends, strict=True):
            share = _share(unit, u, stated)
            for number, way in end.items():
                more = Way(share * way.share, ((stated,) if stated else ()) + way.weights)
                found[number] = _added(found.get(number), more)
        return found

    def same_ground(self, unit: Municipality) -> tuple[str, ...]:
        """Numbers of the very same ground: the unit's own, and those by no more than renumbering.

        Parameters
        ----------
        unit : Municipality
            Of any time.

        Returns
        -------
        tuple of str
            Its own first, then later numbers, then earlier ones.
        """
        numbers, later = [unit.number], unit
        while (only := self._renumbered(later)) is not None:
            numbers.append(only.number)
            if self.before(only) != (later,):
                break  # it grew later on: another number after that is of more ground
            later = only
        earlier = unit
        while len(before := self.before(earlier)) == 1 and self._renumbered(before[0]) == earlier:
            earlier = before[0]
            numbers.append(earlier.number)
        return tuple(dict.fromkeys(numbers))

    def _renumbered(self, unit: Municipality) -> Municipality | None:
        """The unit that began with the ground of this one and nothing else."""
        later = self.after(unit)
        if len(later) != 1 or len(set(unit.successor)) != 1:
            return None
        assert unit.valid_to is not None
        day = unit.valid_to + timedelta(days=1)
        joined = [u for u in self.before(later[0]) if u.valid_to == unit.valid_to]
        return later[0] if joined == [unit] and later[0].valid_from == day else None

    def twins(self, unit: Municipality) -> tuple[Municipality, ...]:
        """Others that a unit split from, on the day that it began."""
        split = [u for u in self.before(unit) if len(set(u.successor)) > 1]
        there = (t for u in split for t in self.after(u) if t != unit)
        return tuple({_key(t): t for t in there}.values())


def _key(unit: Municipality) -> tuple[str, date]:
    return unit.number, unit.valid_from


def _valid(unit: Municipality, day: date) -> bool:
    return unit.valid_from <= day <= (unit.valid_to or date.max)


def _weights(unit: Municipality, figures: str) -> Weights | None:
    """Weights stated for these figures by name, else for all figures."""
    named = (w for w in unit.weights if figures in w.figures)
    general = (w for w in unit.weights if not w.figures)
    return next(named, None) or next(general, None)


def _share(unit: Municipality, later: Municipality, stated: Weights | None) -> float:
    if len(set(unit.successor)) == 1:
        return 1.0
    if stated is None or later.number not in stated.share:
        return math.nan
    return stated.share[later.number] / math.fsum(stated.share.values())


def _added(known: Way | None, more: Way) -> Way:
    """Two ways to one municipality as one."""
    if known is None:
        return more
    fresh = tuple(w for w in more.weights if w not in known.weights)
    return Way(known.share + more.share, known.weights + fresh)
