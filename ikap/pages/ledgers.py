"""The three ledgers of farmland side by side: gross figures by municipality, never added up.

In: a `Plan`. Out: `Ledgers`, from result files alone. Each ledger is told what it answers, why it
is unknown if it is, and which goal belongs to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ikap.accounts.j1_plan_ledger import NEW, OUT
from ikap.pages.figures import REGION
from ikap.pages.plan import Plan
from ikap.pages.words import Words
from ikap.results.account_tables import SUM, PrintedRow, PrintedTable, printed_tables
from ikap.results.account_words import column_label
from ikap.results.ledger_words import goal_note, missing_note, period_note
from ikap.results.ledgers import (
    DIFFERENCES,
    LEDGERS,
    PLANNED,
    amount,
    change_of,
    figure,
    ledger_rows,
    per_year,
    span_text,
    years_of,
)

__all__ = ["Ledger", "Ledgers", "ledgers"]

DECIDED = "decided_cultivated"
SHOWN = {"J1": (NEW, OUT), "J2": ("released", "returned"), "J3": ("built", "cultivated")}
"""Gross columns of each ledger."""
YEAR_DIGITS = 2


@dataclass(frozen=True)
class Ledger:
    """One ledger: its question, its columns and what must be said of it."""

    name: str
    title: str
    question: str
    about: str
    heads: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Ledgers:
    """All three: one row a municipality and for the region, figures ledger by ledger."""

    parts: tuple[Ledger, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]  # number, name, figures


def ledgers(plan: Plan, words: Words) -> Ledgers | None:
    """Ledgers of one plan; None for results that are older than they.

    Parameters
    ----------
    plan : Plan
        Its table `accounts` has what is printed.
    words : Words
        Words of one language.

    Returns
    -------
    Ledgers or None
        Figures in daa, as they stand in the tables J1 to J3.
    """
    accounts = plan.results.accounts
    if not accounts["table"].isin(list(LEDGERS)).any():
        return None
    tables = {name: printed_tables(accounts, name) for name in LEDGERS}
    year = _last_year(tables["J2"].get(REGION))
    parts = tuple(_part(plan, name, year, words) for name in LEDGERS)
    places = [*plan.members, (REGION, words("numbers.region"))]
    rows = []
    for number, label in places:
        cells: list[str] = []
        for name in LEDGERS:
            cells += _cells(plan, name, tables[name].get(number), year, words)
        rows.append((number, label, tuple(cells)))
    return Ledgers(parts, tuple(rows))


def _part(plan: Plan, name: str, year: str, words: Words) -> Ledger:
    run, say = plan.run, words.catalogue
    heads = [column_label(name, column, say) for column in SHOWN[name]]
    if name == "J2":
        told = (
            say.say("ledger.page.years", year=year) if year else say.say("ledger.page.years_none")
        )
        heads = [f"{head}, {told}" for head in heads]
    if name in DIFFERENCES:
        heads.append(say.say(f"ledger.change.{name}"))
    if name == "J1":
        heads.append(say.say("ledger.yearly"))
    notes = (missing_note(name, run, say), period_note(name, run, say), goal_note(name, run, say))
    return Ledger(
        name,
        say.say(f"ledger.page.{name}.title"),
        say.say(f"ledger.page.{name}.question"),
        say.say(f"ledger.page.{name}.about"),
        tuple(heads),
        tuple(note for note in notes if note),
    )


def _cells(
    plan: Plan, name: str, table: PrintedTable | None, year: str, words: Words
) -> Sequence[str]:
    """Printed figures of one place in one ledger, as many as its headings."""
    row, say = _row(name, table, year), words.catalogue
    if row is None or table is None:
        count = len(SHOWN[name]) + (name in DIFFERENCES) + (name == "J1")
        return [say.say("status.unknown")] * count
    found = [amount(figure(row, c, table), say) for c in SHOWN[name]]
    if name in DIFFERENCES:
        found.append(span_text(change_of(row, table), say))
    if name == "J1":
        years = years_of(name, plan.run)
        found.append(amount(per_year(row, NEW, table, years), say, YEAR_DIGITS))
    return found


def _row(name: str, table: PrintedTable | None, year: str) -> PrintedRow | None:
    """Row that stands for the ledger; None where it has nothing to say."""
    if table is None or not table.rows:
        return None
    if name == "J1":  # a place with no planned change has a row for objections alone
        nothing = PrintedRow(PLANNED, SUM, {}, {}, {})
        return next((r for r in ledger_rows(table) if r.part == PLANNED), nothing)
    if name == "J2":
        mine = (r for r in table.rows if r.part == DECIDED and r.row == year)
        return next(mine, None)
    return next((r for r in table.rows if r.row == SUM), None)


def _last_year(table: PrintedTable | None) -> str:
    years = [r.row for r in table.rows if r.part == DECIDED and r.row.isdigit()] if table else []
    return max(years, default="")
