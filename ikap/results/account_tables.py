"""Tables of the statement as they are printed: in daa, and all printed figures add up.

In: the table `accounts` of a result folder. Out: rows of printed figures for the region or one
municipality. The figures of the region are rounded first, then shared out to its municipalities.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ikap.accounts import j1_plan_ledger as j1
from ikap.accounts import j3_ground_ledger as j3
from ikap.accounts.intervals import half_width
from ikap.facts.theme_area import THEMES
from ikap.results.rounding import shared_out
from ikap.results.tables import completed

__all__ = [
    "LAYOUTS",
    "REGION",
    "SUM",
    "UNIT_M2",
    "Layout",
    "PrintedRow",
    "PrintedTable",
    "printed_table",
    "printed_tables",
]

REGION, SUM = "region", "sum"
DIGITS = 1
UNIT_M2 = 100.0
"""One unit of the last printed digit: 0,1 daa."""


@dataclass(frozen=True)
class Layout:
    """How a table is laid out.

    `columns` in order (empty: as they come); `total` is the name of their sum, "" where columns
    are not to be added up. `left_out` are cells that only repeat a sum. `areas` is False for a
    table that counts. `mapped` are columns that rest on the lines of a map, and so have intervals;
    herav columns always do. `groups` are totals of some of the columns, by name: ledgers have
    several, which are never added up to one.
    """

    columns: tuple[str, ...] = ()
    total: str = ""
    left_out: tuple[str, ...] = ()
    by_method: bool = False
    areas: bool = True
    mapped: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PrintedRow:
    """One row: figures by column, daa with one decimal; NaN where nothing is known.

    `unknown` has, by column, what more there may be. A sum has `row` = "sum". `half_m2` is half
    the 95 % interval of each area above 0 that rests on a map, NaN where the map states no
    accuracy; `ground_m2` is all of the row's ground.
    """

    part: str
    row: str
    values: Mapping[str, float]
    unknown: Mapping[str, float]
    exact_m2: Mapping[str, float]
    half_m2: Mapping[str, float] = field(default_factory=dict)
    ground_m2: float = math.inf

    def interval(self, column: str) -> tuple[float, float]:
        """Both ends in m², within 0 and the row's ground; NaN where there are none."""
        value, half = self.exact_m2.get(column, math.nan), self.half_m2.get(column, math.nan)
        if math.isnan(half):
            return math.nan, math.nan
        return max(value - half, 0.0), min(value + half, self.ground_m2)


@dataclass(frozen=True)
class PrintedTable:
    """One table of one place by one method."""

    name: str
    method: str
    place: str
    columns: tuple[str, ...]
    herav: tuple[str, ...]
    rows: tuple[PrintedRow, ...]


FOREST = tuple(f"30_{index}" for index in range(11, 16))
NO_RESERVE = ("built", "dropped", "apart", "not_covered")
LAND = ("21", "22", "23", "20", *reversed(FOREST), "30", "50", "60", "70", "11_12", "81_82")
DECIDED = {"released": ("land_act", "planning_act"), "returned": ("returned",)}
HERAV = (*THEMES, j3.NARROW_BUILT, j3.NARROW_CULTIVATED)
LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "T1": Layout(("before", "after")),
        "T2": Layout(total=SUM),
        "T3": Layout(
            ("built", "dropped", "apart", "not_covered", "reserve"),
            "set_aside",
            ("set_aside",),
            by_method=True,
            mapped=("built", "reserve"),
        ),
        "T4": Layout((*LAND, *NO_RESERVE), "set_aside", by_method=True, mapped=(*LAND, "built")),
        "T5": Layout(("set_aside",)),
        "T6": Layout(("needed", "capacity", "surplus"), areas=False),
        "T7": Layout(("lnfr", "lnfr_spread", "not_in_plan", "unknown_plan"), SUM),
        "J1": Layout(sum(j1.GROUPS.values(), ()), groups=j1.GROUPS),
        "J2": Layout(sum(DECIDED.values(), ()), groups=DECIDED),
        "J3": Layout(j3.COLUMNS, groups={name: (name,) for name in j3.COLUMNS}),
    }
)
PARTS = ("future", "further", "adopted", "objection", "spread", "unclear")
LAST = ("", "not_in_plan", "unknown_plan")
"""Rows and columns that stand after all purposes."""


def printed_table(
    accounts: pd.DataFrame, name: str, *, method: str = "", place: str = REGION
) -> PrintedTable:
    """One table for the region or one municipality.

    Parameters
    ----------
    accounts : DataFrame
        Table `accounts` of one plan, all municipalities.
    name : str
        `T1` to `T7`, or a ledger `J1` to `J3`.
    method : str
        Of `T3` and `T4`; not looked at for the others.
    place : str
        `region`, or the number of a municipality.

    Returns
    -------
    PrintedTable
        Without rows where the plan has no such table.

    Examples
    --------
    >>> cell = {"table": "T1", "method": "", "part": "", "row": "1110", "herav": False}
    >>> cell |= {"municipality": "9901", "column": "after", "value": 2_460.0, "unknown": 0.0}
    >>> table = printed_table(pd.DataFrame([cell]), "T1")
    >>> [(row.row, dict(row.values)) for row in table.rows]
    [('1110', {'after': 2.5}), ('sum', {'after': 2.5})]
    """
    tables = printed_tables(accounts, name, method=method)
    empty = PrintedTable(name, method, place, (), (), ())
    return tables.get(place, empty)


def printed_tables(
    accounts: pd.DataFrame, name: str, *, method: str = ""
) -> dict[str, PrintedTable]:
    """One table for the region and for each municipality, by `region` and number.

    Parameters
    ----------
    accounts, name, method : DataFrame, str, str
        As for `printed_table`.

    Returns
    -------
    dict of str to PrintedTable
        All with the region's columns, in number order after the region.
    """
    layout = LAYOUTS[name]
    accounts = completed("accounts", accounts)
    mine = accounts["table"] == name
    if layout.by_method:
        mine &= accounts["method"] == method
    cells = accounts[mine & ~accounts["column"].isin(list(layout.left_out))]
    cells = _rounded(cells.reset_index(drop=True), layout)
    flags = cells["herav"].to_numpy(dtype=bool)
    columns = _ordered(set(cells.loc[~flags, "column"]), layout.columns)
    found = set(cells.loc[flags, "column"])
    herav = tuple(theme for theme in HERAV if theme in found)
    own = {str(number): rows for number, rows in cells.groupby("municipality", sort=True)}
    shown = method if layout.by_method else ""
    return {
        place: PrintedTable(name, shown, place, columns, herav, _rows(rows, layout))
        for place, rows in {REGION: cells, **own}.items()
    }


def _rounded(cells: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Cells with `units`: printed figure in units of the last digit, NaN where not known."""
    known = cells["value"].notna().to_numpy()
    units = np.full(len(cells), np.nan)
    if not layout.areas:
        units[known] = cells.loc[known, "value"].to_numpy()
        return cells.assign(units=units, exact=cells["value"])
    flags = cells["herav"].to_numpy(dtype=bool)
    for own in layout.groups.values():  # each is rounded by itself: they are not added up
        part = known & ~flags & cells["column"].isin(own).to_numpy()
        units[part] = shared_out(cells[part], ["part", "row", "column"], UNIT_M2)
    outer = ["part", "row", "column"] if layout.total else ["column", "part", "row"]
    plain = known & ~flags if not layout.groups else np.zeros(len(cells), dtype=bool)
    for part in (plain, known & flags):
        levels = outer if not flags[part].any() else ["column", "part", "row"]
        units[part] = shared_out(cells[part], levels, UNIT_M2)
    return cells.assign(units=units / 10**DIGITS, exact=cells["value"])


def _ordered(found: set[str], wanted: Sequence[str]) -> tuple[str, ...]:
    if wanted:
        return tuple(c for c in wanted if c in found)
    return tuple(sorted(found, key=_place))


def _place(code: str) -> tuple[int, str]:
    return (LAST.index(code) + 1 if code in LAST else 0, code)


def _rows(cells: pd.DataFrame, layout: Layout) -> tuple[PrintedRow, ...]:
    gathered: dict[str, dict[str, _Sums]] = {}
    names = ["part", "row", "column", "units", "exact", "unknown", "herav"]
    names += ["municipality", "variance_single", "variance_shift"]
    for cell in cells[names].itertuples(index=False):
        own = gathered.setdefault(str(cell.part), {})
        for name in (str(cell.row), SUM):
            own.setdefault(name, _Sums()).add(cell)
    rows: list[PrintedRow] = []
    for part in sorted(gathered, key=lambda p: (PARTS.index(p) if p in PARTS else -1, p)):
        own = gathered[part]
        whole = own.pop(SUM)
        rows += [own[name].printed(part, name, layout) for name in sorted(own, key=_place)]
        if part != "objection" and (layout.areas or not whole.silent):
            rows.append(whole.printed(part, SUM, layout))
    return tuple(rows)


@dataclass
class _Sums:
    """Sums by column of the cells of one row: of what is known, NaN where none of it is."""

    units: dict[str, float] = field(default_factory=dict)
    exact: dict[str, float] = field(default_factory=dict)
    unknown: dict[str, float] = field(default_factory=dict)
    plain: list[tuple[float, float]] = field(default_factory=list)
    silent: bool = False
    on_top: set[str] = field(default_factory=set)
    cases: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)

    def add(self, cell: Any) -> None:  # noqa: ANN401 (a named tuple of pandas)
        """One more cell, with the variances of its area where that is above 0."""
        column = cell.column
        for sums, value in ((self.units, cell.units), (self.exact, cell.exact)):
            before = sums.get(column, float("nan"))
            more = 0.0 if math.isnan(value) else value
            sums[column] = value if math.isnan(before) else before + more
        self.unknown[column] = self.unknown.get(column, 0.0) + cell.unknown
        self.silent |= math.isnan(cell.units)
        if not cell.herav and not math.isnan(cell.units):
            self.plain.append((cell.units, cell.exact))
        if cell.herav:
            self.on_top.add(column)
        if cell.exact > 0:
            own = self.cases.setdefault(column, {})
            single, shift = own.get(cell.municipality, (0.0, 0.0))
            own[cell.municipality] = (single + cell.variance_single, shift + cell.variance_shift)

    def _half(self, layout: Layout) -> dict[str, float]:
        mapped = set(layout.mapped) | (set() if layout.groups else self.on_top)
        return {
            column: half_width(*zip(*own.values(), strict=True))
            for column, own in self.cases.items()
            if column in mapped
        }

    def printed(self, part: str, row: str, layout: Layout) -> PrintedRow:
        """Row as it is printed, with the total of its columns where they are added up."""
        values = {column: round(value, DIGITS) for column, value in self.units.items()}
        exact = dict(self.exact)
        if layout.total:
            none = float("nan")
            values[layout.total] = (
                round(sum(u for u, _ in self.plain), DIGITS) if self.plain else none
            )
            exact[layout.total] = sum(e for _, e in self.plain) if self.plain else none
        unknown = dict(self.unknown)
        for name, own in layout.groups.items():
            values[name], exact[name] = (_total(sums, own) for sums in (self.units, self.exact))
            values[name] = round(values[name], DIGITS)
            unknown[name] = sum(self.unknown.get(column, 0.0) for column in own)
        ground = sum(e for _, e in self.plain) if self.plain and not layout.groups else math.inf
        half = self._half(layout)
        return PrintedRow(part, row, values, unknown, exact, half, ground)


def _total(sums: Mapping[str, float], columns: Sequence[str]) -> float:
    """Sum of what is known; 0 where there is none of it, NaN where nothing of it is known."""
    found = [sums[column] for column in columns if column in sums]
    known = [value for value in found if not math.isnan(value)]
    return math.nan if found and not known else sum(known)
