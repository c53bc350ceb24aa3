"""Which of two plans prevails where both lie, by pbl § 1-5 and the plans' own rules.

The answer is the set of plans that may prevail: one where the law settles it, both where a missing
date, equal dates, unclear compatibility or a silent rule leaves it open. A doubt that does not
change the answer is no doubt: a reguleringsplan with a compatible purpose gives the detail
whichever of the two is newer.

1. A rule of precedence in the newer plan goes before all else.
2. Between kommuneplan and reguleringsplan: incompatible purposes (*motstrid*) go to the newer plan;
   of compatible ones the reguleringsplan gives the detail.
3. Between plans of one level the newer prevails.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from ikap.kinds.situation.claims import Claim
from ikap.kinds.situation.motstrid import Motstrid, motstrid
from ikap.model import PlanPrecedence

__all__ = ["Between", "Doubt", "Why", "between", "rules_on"]


class Why(StrEnum):
    """Why a plan prevails over another (text keys under [situation.why])."""

    NEWER = "newer"  # motstrid, and it is the newer one
    NEWER_OF_LEVEL = "newer_of_level"
    DETAIL = "detail"  # compatible: the reguleringsplan gives the detail
    RULE = "rule"  # a plan's own rule of precedence
    KEPT = "kept"  # the newer plan's own rules leave it standing
    REPLACED = "replaced"  # a newer plan of its own level stands between the two
    OVERRIDDEN = "overridden"  # the other has planstatus 8
    AGREE = "agree"  # it says the same as the other
    RULING = "ruling"  # the planner's word
    ALONE = "alone"


class Doubt(StrEnum):
    """What leaves it open which plan prevails (text keys under [situation.doubt])."""

    NO_DATE = "no_date"
    SAME_DATE = "same_date"
    COMPATIBILITY = "compatibility"
    RULE_SILENT = "rule_silent"
    CIRCLE = "circle"  # each of several plans prevails over the next
    OVERRIDDEN_ALONE = "overridden_alone"
    NO_STATUS = "no_status"
    RULINGS = "rulings"  # rulings that say different things


@dataclass(frozen=True)
class Between:
    """Two plans held against each other."""

    wins: tuple[tuple[Claim, Why], ...]  # each plan that may prevail, and why
    motstrid: Motstrid
    assumed: bool  # the verdict on motstrid rests on the table of compatibility
    doubts: tuple[Doubt, ...]  # empty where one plan alone may prevail
    source: str = ""  # of the rule that settles it

    @property
    def winner(self) -> Claim | None:
        """Plan that prevails, if only one may."""
        return self.wins[0][0] if len(self.wins) == 1 else None


@dataclass(frozen=True)
class _World:
    """One way that things may stand, and what would have to be settled for it."""

    conflict: bool
    newer: Claim
    rule: PlanPrecedence | None
    others: str  # what the newer plan's silence means: law or keep


def rules_on(
    rules: Sequence[PlanPrecedence], municipality: str, day: date | None
) -> tuple[PlanPrecedence, ...]:
    """Rules of one municipality that apply on a day; all of them where no day is given."""
    return tuple(
        rule
        for rule in rules
        if rule.municipality == municipality
        and (day is None or rule.valid_from is None or rule.valid_from <= day)
        and (day is None or rule.valid_to is None or day <= rule.valid_to)
    )


def between(one: Claim, other: Claim, rules: Sequence[PlanPrecedence] = ()) -> Between:
    """Which of two different plans prevails where both lie.

    Parameters
    ----------
    one, other : Claim
        What the two plans say of the ground.
    rules : sequence of PlanPrecedence
        Rules that apply in the municipality.

    Returns
    -------
    Between
        The same for the two in either order.
    """
    first, second = (other, one) if other < one else (one, other)
    return _between(first, second, tuple(rules))


@lru_cache(maxsize=1 << 16)
def _between(one: Claim, other: Claim, rules: tuple[PlanPrecedence, ...]) -> Between:
    verdict = motstrid((one.level, one.purpose), (other.level, other.purpose))
    wins: dict[Claim, tuple[Why, str]] = {}
    for world in _worlds(one, other, verdict.motstrid, rules):
        winner, why = _prevails(one, other, world)
        rule = world.rule.source if world.rule and why in (Why.RULE, Why.KEPT) else ""
        wins.setdefault(winner, (why, rule))
    doubts = () if len(wins) == 1 else tuple(_doubts(one, other, verdict.motstrid, rules))
    return Between(
        tuple((claim, why) for claim, (why, _) in sorted(wins.items())),
        verdict.motstrid,
        verdict.assumed,
        doubts,
        "; ".join(dict.fromkeys(source for _, source in wins.values() if source)),
    )


def _worlds(
    one: Claim, other: Claim, verdict: Motstrid, rules: Sequence[PlanPrecedence]
) -> Iterator[_World]:
    """All ways that things may stand, given what is not known."""
    conflicts = {Motstrid.YES: (True,), Motstrid.NO: (False,)}.get(verdict, (True, False))
    for conflict, newer in itertools.product(conflicts, _newer(one, other)):
        older = other if newer is one else one
        own = [rule for rule in rules if rule.plan == newer.plan and older.level in rule.levels]
        named = [(rule, _names(rule, older)) for rule in own]
        speaking = [rule for rule, spoken in named if spoken]
        for rule in speaking:
            yield _World(conflict, newer, rule, "law")
        if not any(spoken == {True} for _, spoken in named):
            silent = _silence(own) if older.level == "rp" and newer.level == "kp" else ("law",)
            for others in silent:
                yield _World(conflict, newer, None, others)


def _newer(one: Claim, other: Claim) -> tuple[Claim, ...]:
    """The newer one, or both where that is not known."""
    if not one.day or not other.day or one.day == other.day:
        return (one, other)
    return (one,) if one.day > other.day else (other,)


def _names(rule: PlanPrecedence, older: Claim) -> set[bool]:
    """Whether a rule speaks of a plan: what may be the case; empty if it surely does not."""
    if rule.plans and older.plan not in rule.plans:
        return set()
    if rule.adopted_before is None and rule.adopted_from is None:
        return {True}
    if older.decided is None:
        return {True, False}
    early = rule.adopted_before is None or older.decided < rule.adopted_before
    late = rule.adopted_from is None or older.decided >= rule.adopted_from
    return {True} if early and late else set()


def _silence(own: Sequence[PlanPrecedence]) -> tuple[str, ...]:
    """What it may mean that a plan has rules, but none that names the other plan."""
    said = {rule.others for rule in own if rule.goes == "before"}
    if not said:
        return ("law",)
    return ("law", "keep") if "unclear" in said else tuple(sorted(said))


def _prevails(one: Claim, other: Claim, world: _World) -> tuple[Claim, Why]:
    newer = world.newer
    older = other if newer is one else one
    if world.rule is not None and (world.conflict or world.rule.when == "always"):
        return (newer, Why.RULE) if world.rule.goes == "before" else (older, Why.RULE)
    if one.level != other.level and not world.conflict:
        return (one, Why.DETAIL) if one.level == "rp" else (other, Why.DETAIL)
    if world.others == "keep":
        return older, Why.KEPT
    return newer, (Why.NEWER if one.level != other.level else Why.NEWER_OF_LEVEL)


def _doubts(
    one: Claim, other: Claim, verdict: Motstrid, rules: Sequence[PlanPrecedence]
) -> Iterator[Doubt]:
    """Everything that is not known of the two; one of them at least leaves the answer open."""
    if not one.day or not other.day:
        yield Doubt.NO_DATE
    elif one.day == other.day:
        yield Doubt.SAME_DATE
    if verdict == Motstrid.UNCLEAR and one.level != other.level:
        yield Doubt.COMPATIBILITY
    for newer in _newer(one, other):
        older = other if newer is one else one
        own = [rule for rule in rules if rule.plan == newer.plan and older.level in rule.levels]
        if own and not any(_names(rule, older) == {True} for rule in own):
            yield Doubt.RULE_SILENT
            return
