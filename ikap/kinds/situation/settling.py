"""What a whole stack of plans on one piece of ground comes to.

First the plans of each level are held against one another, then the kommuneplan that is left
against the reguleringsplan that is left: a reguleringsplan that a newer one has replaced does not
come back because the kommuneplan goes before the newer one. Where several plans of a level may
prevail, each is tried; the answer counts only if it is the same for all.

Plans with planstatus 8 (*overstyrt*) are the municipality's own answer: they give way to every
other plan before the law is asked. [K], to be confirmed.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ikap.kinds.situation.claims import Claim
from ikap.kinds.situation.motstrid import Motstrid, motstrid
from ikap.kinds.situation.precedence import Between, Doubt, Why, between
from ikap.model import PlanPrecedence

__all__ = ["Loser", "Settled", "contradicted", "ruled", "settle"]

WEIGHT = (
    Why.RULING,
    Why.RULE,
    Why.KEPT,
    Why.NEWER,
    Why.DETAIL,
    Why.NEWER_OF_LEVEL,
    Why.REPLACED,
    Why.OVERRIDDEN,
    Why.AGREE,
)
"""Of several reasons the one that tells most stands for the piece."""


@dataclass(frozen=True)
class Loser:
    """A plan that lies there too, and why it does not prevail."""

    claim: Claim
    why: Why
    motstrid: Motstrid


@dataclass(frozen=True)
class Settled:
    """Answer for one piece: the plan that prevails, or what leaves it open."""

    winner: Claim | None
    why: Why | None
    others: tuple[Loser, ...]  # where no plan prevails: all of them, each with `why` AGREE
    motstrid: Motstrid
    assumed: bool  # some verdict on motstrid rests on the table of compatibility
    doubts: tuple[Doubt, ...] = ()
    source: str = ""  # of the plan's own rule, or who ruled and why


def settle(claims: Sequence[Claim], rules: Sequence[PlanPrecedence] = ()) -> Settled:
    """Settle which of several plans prevails on one piece of ground.

    Parameters
    ----------
    claims : sequence of Claim
        One a plan, at least one.
    rules : sequence of PlanPrecedence
        Rules of precedence that apply in the municipality.

    Returns
    -------
    Settled
        The same for claims in any order.
    """
    stack = sorted(set(claims))
    doubtful = [c for c in stack if c.in_doubt]
    if doubtful:
        return _open(stack, (Doubt(doubtful[0].in_doubt),))
    standing = [c for c in stack if not c.overridden]
    if not standing:
        if len(stack) == 1:
            return _open(stack, (Doubt.OVERRIDDEN_ALONE,))
        standing = stack
    found, doubts = _possible(standing, rules)
    if len(found) > 1:
        agreed = len({(c.level, c.says) for c in found}) == 1
        if not agreed or not found[0].purpose:
            return _open(stack, doubts)
    return _settled(stack, found[0], Why.AGREE if len(found) > 1 else None, rules)


def _possible(
    standing: Sequence[Claim], rules: Sequence[PlanPrecedence]
) -> tuple[list[Claim], tuple[Doubt, ...]]:
    """Plans that may prevail, and what is in doubt between those that come to be compared."""
    by_level = [[c for c in standing if c.level == level] for level in ("kp", "rp")]
    lasting: list[list[Claim]] = []
    doubts: list[Doubt] = []
    for level in by_level:
        left, open_between = _lasting(level, rules)
        lasting.append(left)
        doubts += open_between
    if not all(lasting):
        return sorted(lasting[0] + lasting[1]), tuple(dict.fromkeys(doubts))
    found: set[Claim] = set()
    for kp, rp in itertools.product(*lasting):
        met = between(kp, rp, rules)
        found |= {claim for claim, _ in met.wins}
        doubts += met.doubts
    return sorted(found), tuple(dict.fromkeys(doubts))


def _lasting(
    level: Sequence[Claim], rules: Sequence[PlanPrecedence]
) -> tuple[list[Claim], list[Doubt]]:
    """Plans of one level over which no other surely prevails."""
    met = {(a, b): between(a, b, rules) for a, b in itertools.combinations(level, 2)}
    beaten = {b if one.winner == a else a for (a, b), one in met.items() if one.winner}
    left = [c for c in level if c not in beaten]
    if level and not left:
        return list(level), [Doubt.CIRCLE]
    open_ = [one.doubts for (a, b), one in met.items() if a in left and b in left]
    return left, list(itertools.chain.from_iterable(open_))


def _settled(
    stack: Sequence[Claim], winner: Claim, why: Why | None, rules: Sequence[PlanPrecedence]
) -> Settled:
    losers, assumed, sources = [], False, []
    for other in (c for c in stack if c != winner):
        met = between(winner, other, rules)
        losers.append(Loser(other, _why_not(winner, other, met, why), met.motstrid))
        assumed |= met.assumed
        sources.append(met.source)
    reasons = [loser.why for loser in losers]
    chief = why or min(reasons, key=WEIGHT.index, default=Why.ALONE)
    told = "; ".join(dict.fromkeys(s for s in sources if s))
    source = told if chief in (Why.RULE, Why.KEPT) else ""
    verdict = _together(_across(winner, losers))
    return Settled(winner, chief, tuple(losers), verdict, assumed, (), source)


def _why_not(winner: Claim, other: Claim, met: Between, why: Why | None) -> Why:
    """Why one plan of the stack does not prevail over the one that does."""
    if other.overridden and not winner.overridden:
        return Why.OVERRIDDEN
    reasons = [w for claim, w in met.wins if claim == winner]
    if why is not None:
        return why
    return reasons[0] if reasons else Why.REPLACED


def _across(winner: Claim, losers: Sequence[Loser]) -> Sequence[Loser]:
    """Plans of the other level, between which and the winner motstrid decides; else all."""
    return [one for one in losers if one.claim.level != winner.level] or losers


def _together(losers: Sequence[Loser]) -> Motstrid:
    found = {loser.motstrid for loser in losers}
    for verdict in (Motstrid.YES, Motstrid.UNCLEAR):
        if verdict in found:
            return verdict
    return Motstrid.NO


def _open(stack: Sequence[Claim], doubts: tuple[Doubt, ...]) -> Settled:
    """No plan prevails: all are told, and whether any two of them are incompatible."""
    verdicts = [
        motstrid((a.level, a.purpose), (b.level, b.purpose))
        for a, b in itertools.combinations(stack, 2)
    ]
    pairs = [Loser(stack[0], Why.AGREE, verdict.motstrid) for verdict in verdicts]
    losers = tuple(Loser(claim, Why.AGREE, Motstrid.UNCLEAR) for claim in stack)
    assumed = any(verdict.assumed for verdict in verdicts)
    return Settled(None, None, losers, _together(pairs), assumed, doubts)


def ruled(settled: Settled, winner: Claim, source: str) -> Settled:
    """Answer after a planner's ruling."""
    losers = tuple(
        Loser(claim, Why.RULING, _verdict(winner, claim))
        for claim in _stack(settled)
        if claim != winner
    )
    return replace(
        settled,
        winner=winner,
        why=Why.RULING,
        others=losers,
        motstrid=_together(_across(winner, losers)),
        doubts=(),
        source=source,
    )


def contradicted(settled: Settled) -> Settled:
    """Answer where rulings say different things: none."""
    return _open(_stack(settled), (Doubt.RULINGS,))


def _stack(settled: Settled) -> list[Claim]:
    found = {loser.claim for loser in settled.others}
    return sorted(found | ({settled.winner} if settled.winner else set()))


def _verdict(one: Claim, other: Claim) -> Motstrid:
    return motstrid((one.level, one.purpose), (other.level, other.purpose)).motstrid
