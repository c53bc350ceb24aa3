"""What was noticed in making the interpreted map, as rows of the quality record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

import pandas as pd
import shapely
from geopandas import GeoDataFrame

from ikap.kinds.situation.ages import Standing
from ikap.kinds.situation.claims import Claim
from ikap.kinds.situation.table import Piece
from ikap.model import PlanPrecedence, PlanRuling, QualityRow

__all__ = ["Noticed"]


SMALL_M2 = 1.0
"""Pieces below this are told: most come of one border that was drawn twice."""

TOLD_M2 = 0.01
"""Rounding that is not worth a word."""


@dataclass
class Noticed:
    """Gathers what is noticed piece by piece."""

    layer: str
    rounding_m2: float = 0.0
    ruled: set[int] = field(default_factory=set)
    _twice: dict[str, float] = field(default_factory=dict)

    def twice(self, claims: Sequence[Claim], area_m2: float) -> None:
        """Ground that a plan claims more than once."""
        count = Counter(claim.identity for claim in claims)
        for plan in sorted({identity[0] for identity, n in count.items() if n > 1}):
            self._twice[plan] = self._twice.get(plan, 0.0) + area_m2

    def rows(
        self,
        known: pd.DataFrame,
        pieces: Sequence[Piece],
        apart: GeoDataFrame,
        *,
        by: tuple[Sequence[PlanPrecedence], Sequence[PlanRuling], date | None],
    ) -> Iterator[QualityRow]:
        """Rows in the order of the work: what took part, what was counted once, what is open.

        `by` are the rules, the rulings and the day that it went by.
        """
        rules, rulings, day = by
        yield from self._plans(known, apart, day)
        for plan, m2 in sorted(self._twice.items()):
            yield self._row("same_plan", m2, "m2", plan=plan)
        yield from self._answers(pieces)
        plans = set(known["plan"])
        for name in sorted({n for r in rules for n in (r.plan, *r.plans)} - plans):
            near = get_close_matches(name, sorted(plans), n=1, cutoff=0.6)
            yield self._row("rule_unused", 1, "count", plan=name, nearest="".join(near))
        for number in sorted(self.ruled):
            ruling = rulings[number]
            what = "ruling" if day is None or ruling.date <= day else "ruling_later"
            told = {"plan": ruling.plan, "reason": ruling.reason, "who": ruling.who}
            yield self._row(what, 1, "count", **told, date=ruling.date.isoformat())
        if self.rounding_m2 > TOLD_M2:
            yield self._row("rounding", self.rounding_m2, "m2")

    def _plans(
        self, known: pd.DataFrame, apart: GeoDataFrame, day: date | None
    ) -> Iterator[QualityRow]:
        if day is None:
            yield self._row("no_day", 1, "count")
        ended = int((known["standing"] == Standing.ENDED).sum())
        if ended:
            yield self._row("ended", ended, "count")
        for layer, rows in known[known["filled"]].groupby("source_layer"):
            yield self._row("status_by_role", len(rows), "count", of=str(layer))
        own = known["ikrafttredelsesdato"].fillna("").astype(str)
        given = int(((own == "") & (known["day"] != "")).sum())
        if given:
            yield self._row("date_of_plan", given, "count")
        deciding = known["standing"].isin([str(Standing.IN_FORCE), str(Standing.DOUBTFUL)])
        undated = known[deciding & (known["day"] == "")]
        if len(undated):
            plans = ", ".join(sorted(set(undated["plan"]))[:10])
            yield self._row("undated", len(undated), "count", plans=plans)
        for standing, rows in apart.groupby("standing"):
            count = int(rows["zone_key"].nunique())
            yield self._row(str(standing), float(rows["area_m2"].sum()), "m2", count=count)

    def _answers(self, pieces: Sequence[Piece]) -> Iterator[QualityRow]:
        """Ground that is open, by what leaves it open, and ground that rests on assumptions."""
        doubts: dict[str, float] = {}
        assumed = 0.0
        sizes = shapely.area([piece.shape for piece in pieces]).tolist()
        for piece, m2 in zip(pieces, sizes, strict=True):
            for doubt in piece.settled.doubts:
                doubts[str(doubt)] = doubts.get(str(doubt), 0.0) + m2
            if piece.settled.winner is not None and piece.settled.assumed:
                assumed += m2
        small = [m2 for m2 in sizes if m2 < SMALL_M2]
        if small:
            yield self._row("small", sum(small), "m2", count=len(small))
        for name, m2 in sorted(doubts.items()):
            yield self._row(f"open_{name}", m2, "m2")
        if assumed > 0:
            yield self._row("assumed", assumed, "m2")

    def _row(self, what: str, amount: float, unit: str, **facts: object) -> QualityRow:
        return QualityRow(self.layer, "", f"situation.{what}", amount, unit, facts)
