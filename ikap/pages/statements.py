"""Statements of planned areas (arealregnskap), printed so that the parts add up to the whole.

In: `Results`. Out: rows of printed text by zone key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ikap.pages.words import Words
from ikap.results import Results, records

__all__ = ["ShareRow", "adding_up", "statements"]

DAA = 1000.0


@dataclass(frozen=True)
class ShareRow:
    """One class of an area's statement."""

    code: str
    label: str
    text: str
    share: str


def adding_up(values_m2: Sequence[float], total_m2: float) -> list[float]:
    """Areas in daa, rounded so that the printed figures add up to the printed total.

    Parameters
    ----------
    values_m2 : sequence of float
        Parts in m²; they add up to the total.
    total_m2 : float
        Whole in m².

    Returns
    -------
    list of float
        Parts in daa, then the total, all rounded to the same number of decimals: one, or as many
        (at most three) as the smallest part needs to be seen.

    Examples
    --------
    >>> adding_up([3333.0, 3333.0, 3334.0], 10_000.0)
    [3.3, 3.3, 3.4, 10.0]
    """
    smallest = min((v for v in values_m2 if v > 0), default=total_m2)
    digits = next((d for d in (1, 2) if smallest * 10**d >= DAA / 2), 3)
    step = DAA / 10**digits
    whole = math.floor(total_m2 / step + 0.5)
    floors = [math.floor(v / step) for v in values_m2]
    rests = sorted(range(len(floors)), key=lambda i: (floors[i] - values_m2[i] / step, i))
    for i in rests[: max(whole - sum(floors), 0)]:
        floors[i] += 1
    return [round(n / 10**digits, digits) for n in (*floors, whole)]


def statements(results: Results, words: Words) -> dict[str, tuple[ShareRow, ...]]:
    """Rows of every area's statement, largest class first and the sum last."""
    by_zone: dict[str, list[dict[str, Any]]] = {}
    for row in records(results.statement):
        if row["area_m2"] > 0:
            by_zone.setdefault(str(row["zone_key"]), []).append(row)
    labels = {code: words.land_class(code, results.run) for code in set(results.statement["class"])}
    labels[""] = words("statement.sum")
    return {key: _statement(rows, labels, words) for key, rows in by_zone.items()}


def _statement(
    rows: list[dict[str, Any]], labels: Mapping[str, str], words: Words
) -> tuple[ShareRow, ...]:
    ordered = sorted(rows, key=lambda row: (-row["area_m2"], row["class"]))
    total = float(rows[0]["zone_area_m2"])
    values = [float(row["area_m2"]) for row in ordered]
    rounded = adding_up(values, total)
    digits = next((d for d in (1, 2) if all(round(v, d) == v for v in rounded)), 3)
    codes = [*(row["class"] for row in ordered), ""]
    return tuple(
        ShareRow(code, labels[code], words.number(value, digits), words.share(exact, total))
        for code, value, exact in zip(codes, rounded, [*values, total], strict=True)
    )
