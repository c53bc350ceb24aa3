"""Intervals of a statement on a terminal: half of each under its figure, or the widest one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ikap.flow.columns import Line
from ikap.results.account_tables import SUM, PrintedRow, PrintedTable
from ikap.results.account_words import column_label, part_label, row_label
from ikap.texts import Catalogue, number

__all__ = ["plus_minus", "rounded_up", "widest_note"]

NOISE = 1e-6
"""Part of the last printed digit that is no more than noise of the coordinates."""


def rounded_up(half_m2: float, lang: str) -> str:
    """Half an interval in daa with one decimal, never less than it is; NaN is unknown."""
    if math.isnan(half_m2):
        return number(half_m2, lang, digits=1)
    return number(math.ceil(half_m2 / 100 - NOISE) / 10 + 0.0, lang, digits=1)


def plus_minus(
    cells: Sequence[tuple[PrintedRow, str]], words: Catalogue, beside: Sequence[str] = ()
) -> Iterator[Line]:
    """Line of half intervals under a line of figures; none where no figure has any.

    Parameters
    ----------
    cells : sequence of (PrintedRow, str)
        Row and column of each figure.
    words : Catalogue
        Words of one language.
    beside : sequence of str
        Cells after them.

    Yields
    ------
    tuple of str
        A label, then a cell for each figure: empty where it has no interval.
    """
    halves = [row.half_m2.get(column) for row, column in cells]
    if any(half is not None for half in halves):
        texts = ["" if half is None else rounded_up(half, words.lang) for half in halves]
        yield (f"  {words.say('account.plus_minus')}", *texts, *beside)


def widest_note(table: PrintedTable, words: Catalogue) -> list[str]:
    """Sentence on the widest interval of a table as it is shown; none where none is known."""
    sums = table.name in ("T4", "T5")  # these show the sums of each part alone
    shown = [row for row in table.rows if (row.row == SUM) == sums]
    known = [
        (half, row, column)
        for row in shown
        for column, half in row.half_m2.items()
        if not math.isnan(half)
    ]
    if not known:
        return []
    half, row, column = max(known, key=lambda found: found[0])
    if half == 0:
        return [words.say("account.no_lines")]
    own = "" if sums else row_label(row.row, words)
    parts = (own, column_label(table.name, column, words), part_label(row.part, words))
    low, high = (number(end / 1000, words.lang, digits=1) for end in row.interval(column))
    what = ", ".join(part for part in parts if part)
    return [words.say("account.widest", what=what, low=low, high=high)]
