"""The statement by purpose on a terminal, within 80 columns: daa that add up, and how sure."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from ikap.flow.account_intervals import rounded_up
from ikap.flow.columns import Line, laid_out
from ikap.flow.purpose_intervals import REST
from ikap.flow.stating import ROWS
from ikap.results import rounded_to_sum
from ikap.results.account_words import row_label
from ikap.texts import Catalogue, number

__all__ = ["silent_line", "statement_screen", "widest_line"]

ELLIPSOID = "sum_ellipsoid"
CLASSES = ("21", "22", "23", "20", REST, "not_covered")
DAA = 1000.0


def statement_screen(
    table: pd.DataFrame,
    words: Catalogue,
    width: int,
    halves: pd.DataFrame | None = None,
    *,
    intervals: bool = False,
) -> list[str]:
    """Statement in daa, farmland by class and the rest, rows adding up; nothing is cut.

    Parameters
    ----------
    table : DataFrame
        As `stating.areas_by_purpose` gives it.
    words : Catalogue
        Words of one language.
    width : int
        Columns of the terminal.
    halves : DataFrame, optional
        Half the 95 % intervals, as `stating.half_by_purpose` gives them.
    intervals : bool
        Whether they stand under the figures.

    Returns
    -------
    list of str
        Lines; the name of a purpose stands above its rows.
    """
    areas = _areas(table)
    sure = _aligned(areas, halves)
    grid = list(_grid(table, areas, sure if intervals else None, words))
    return [words.say("cli.statement_title"), "", *laid_out(grid, width)]


def widest_line(table: pd.DataFrame, halves: pd.DataFrame, words: Catalogue) -> str:
    """Sentence on the widest interval of the statement; empty where none is known."""
    areas = _areas(table)
    sure = _aligned(areas, halves)
    found = [
        (float(half), -i, name)
        for name in areas
        if name != "not_covered"
        for i, half in enumerate(sure[name])
        if not math.isnan(half) and areas[name].iloc[i] > 0
    ]
    if not found:
        return ""
    half, minus, name = max(found)
    place = -minus
    area = float(areas[name].iloc[place])
    if half == 0:
        return words.say("account.no_lines")
    row, most = table.iloc[place], float(areas.iloc[place].sum())
    what = [row_label(row["purpose"], words, row["purpose_name"]), words.say(f"class_short.{name}")]
    if row["development"] != "none":
        what.append(words.say(f"development_short.{row['development']}"))
    ends = {"low": max(area - half, 0.0), "high": min(area + half, most)}
    told = {k: number(end / DAA, words.lang, digits=1) for k, end in ends.items()}
    return words.say("account.widest", what=", ".join(what), **told)


def silent_line(table: pd.DataFrame, halves: pd.DataFrame, words: Catalogue) -> str:
    """Sentence that names the classes whose map states no accuracy; empty if there are none."""
    areas = _areas(table)
    silent = (areas > 0) & _aligned(areas, halves).isna()
    names = [c for c in areas if c != "not_covered" and silent[c].any()]
    said = ", ".join(words.say(f"class_short.{c}") for c in names)
    return words.say("account.note.silent", names=said) if names else ""


def _areas(table: pd.DataFrame) -> pd.DataFrame:
    """Areas in m² by the classes that are shown, what is not farmland as one."""
    classes = [c for c in table.columns if c not in (*ROWS, "sum", ELLIPSOID)]
    grouped = {c: c if c in CLASSES else REST for c in classes}
    areas = table[classes].T.groupby(lambda name: grouped[name]).sum(min_count=1).T
    return areas[[c for c in CLASSES if c in areas]]


def _aligned(areas: pd.DataFrame, halves: pd.DataFrame | None) -> pd.DataFrame:
    """Half intervals row for row with the areas; NaN where there are none."""
    if halves is None:
        return pd.DataFrame(math.nan, index=areas.index, columns=areas.columns)
    return halves.reset_index(drop=True).reindex(index=areas.index, columns=areas.columns)


def _grid(
    table: pd.DataFrame, areas: pd.DataFrame, sure: pd.DataFrame | None, words: Catalogue
) -> Iterator[Line | str]:
    say, lang = words.say, words.lang
    beside = [ELLIPSOID] if ELLIPSOID in table else []
    heads = [say(f"class_short.{c}") for c in areas] + [say("column.sum")]
    yield (say("column.purpose"), *heads, *(say(f"column.{name}") for name in beside))
    before = ""
    for i, (purpose, name, development) in zip(
        table.index, table[ROWS].to_numpy().tolist(), strict=True
    ):
        told = row_label(purpose, words, name)
        if told != before:
            yield told
            before = told
        daa, total = areas.loc[i] / DAA, math.nan  # all of it may be without geometry
        if not math.isnan(table["sum"].loc[i]):
            daa = rounded_to_sum(daa.tolist(), 1)
            total = sum(daa)
        figures = [*daa, total, *(table[name].loc[i] / DAA for name in beside)]
        cells = [number(value, lang, digits=1) for value in figures]
        yield (f"  {say(f'development_short.{development}')}", *cells)
        if sure is not None:
            yield _plus_minus(areas.loc[i], sure.loc[i], len(beside), words)


def _plus_minus(areas: pd.Series, halves: pd.Series, beside: int, words: Catalogue) -> Line:
    texts = [
        rounded_up(half, words.lang) if area > 0 and name != "not_covered" else ""
        for (name, area), half in zip(areas.items(), halves, strict=True)
    ]
    return (f"    {words.say('account.plus_minus')}", *texts, *[""] * (beside + 1))
