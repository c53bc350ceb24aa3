"""A planner's rulings (`[[plan_rulings]]`): held against the plans strictly, and shown beside it.

A ruling decides the pieces where its plan lies: all of them, or those of the named areas, pieces or
municipality, or where a named plan lies too. Each must decide something, or it is a fault: a ruling
that silently decides nothing is a slip of the pen or a file that has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from ikap.errors import Fault
from ikap.kinds.situation.claims import Claim
from ikap.kinds.situation.settling import Settled, contradicted, ruled
from ikap.model import PlanRuling

__all__ = ["Ground", "rule_on", "ruling_faults"]


@dataclass(frozen=True)
class Ground:
    """One piece as a ruling may name it."""

    key: str
    municipality: str
    claims: tuple[tuple[Claim, str], ...]  # one a plan, with the source_id of its area


def _speaks_of(ruling: PlanRuling, ground: Ground) -> Claim | None:
    """Claim that a ruling lets prevail on a piece; None if it is not about it."""
    named = [pair for pair in ground.claims if pair[0].plan == ruling.plan]
    named = [pair for pair in named if not ruling.areas or pair[1] in ruling.areas]
    own = max(named, key=_latest, default=None)
    if own is None or (len(ground.claims) == 1 and not _is_open(own[0])):
        return None
    plans = {claim.plan for claim, _ in ground.claims}
    if ruling.municipality is not None and ruling.municipality != ground.municipality:
        return None
    if ruling.pieces and ground.key not in ruling.pieces:
        return None
    return own[0] if not ruling.over or plans & set(ruling.over) else None


def _latest(pair: tuple[Claim, str]) -> tuple[bool, str, Claim]:
    """Order of a plan's own versions: the newest that is not overridden comes last."""
    return not pair[0].overridden, pair[0].day, pair[0]


def _is_open(claim: Claim) -> bool:
    """Whether there is something to rule on though no other plan lies there."""
    return claim.overridden or bool(claim.in_doubt)


def rule_on(
    ground: Ground, settled: Settled, rulings: Sequence[PlanRuling], day: date | None
) -> tuple[Settled, tuple[int, ...]]:
    """Answer for a piece after the rulings that are about it.

    Parameters
    ----------
    ground : Ground
        The piece.
    settled : Settled
        What the law comes to without them.
    rulings : sequence of PlanRuling
        In the order of the file.
    day : date or None
        Day of judgement: a later ruling does not apply yet.

    Returns
    -------
    tuple of Settled and tuple of int
        The answer, and the numbers of the rulings about the piece, also of those that come later.
    """
    about = [(n, r, c) for n, r in enumerate(rulings) if (c := _speaks_of(r, ground)) is not None]
    counted = [(r, c) for _, r, c in about if day is None or r.date <= day]
    numbers = tuple(n for n, _, _ in about)
    if not counted:
        return settled, numbers
    if len({claim for _, claim in counted}) > 1:
        return contradicted(settled), numbers
    latest = max((r for r, _ in counted), key=lambda r: r.date)
    source = f"{latest.reason} ({latest.who}, {latest.date.isoformat()})"
    return ruled(settled, counted[0][1], source), numbers


def ruling_faults(
    rulings: Sequence[PlanRuling],
    used: Collection[int],
    plans: Collection[str],
    municipalities: Collection[str],
    file: str,
) -> Iterator[Fault]:
    """Faults of rulings that name what is not there, say nothing, or decide nothing.

    Parameters
    ----------
    rulings : sequence of PlanRuling
        In the order of the file.
    used : collection of int
        Numbers of the rulings that were about some piece.
    plans : collection of str
        Ids of the plans that take part.
    municipalities : collection of str
        Numbers of the region's municipalities.
    file : str
        The TOML that has the rulings.

    Yields
    ------
    Fault
        `rulings.plan`, `rulings.municipality`, `rulings.empty` or `rulings.nothing`.
    """
    for number, ruling in enumerate(rulings):
        facts: dict[str, object] = {"number": number + 1}
        unknown = [plan for plan in (ruling.plan, *ruling.over) if plan not in plans]
        for plan in unknown:
            yield Fault("rulings.plan", file, facts=facts | _near(plan, plans))
        if ruling.municipality is not None and ruling.municipality not in municipalities:
            unknown.append(ruling.municipality)
            near = _near(ruling.municipality, municipalities)
            yield Fault("rulings.municipality", file, facts=facts | near)
        for key in (k for k in ("reason", "who") if not getattr(ruling, k).strip()):
            yield Fault("rulings.empty", file, facts=facts | {"name": key})
        if not unknown and number not in used:
            told = {"name": ruling.plan, "reason": ruling.reason}
            yield Fault("rulings.nothing", file, facts=facts | told)


def _near(name: str, valid: Collection[str]) -> dict[str, object]:
    there = sorted(valid)
    near = get_close_matches(name, there, n=1, cutoff=0.4)
    shown = ", ".join(there[:20]) + (" …" if len(there) > 20 else "")  # noqa: PLR2004 (a screen)
    return {"name": name, "nearest": near[0] if near else "", "valid": shown}
