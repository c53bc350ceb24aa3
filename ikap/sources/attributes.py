"""Attributes as the file has them: nested ones laid flat, rows chosen, lost letters counted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

import pandas as pd
from geopandas import GeoDataFrame

from ikap.sources.ledger import Ledger
from ikap.sources.names import LOST, as_text, find_name, fold, same_name

__all__ = ["choose_rows", "flatten", "lost_letters", "missing_column", "text_columns"]

Where = Mapping[str, object]


def text_columns(frame: GeoDataFrame) -> list[str]:
    """Names of the columns that may hold text.

    Parameters
    ----------
    frame : GeoDataFrame
        Any table.

    Returns
    -------
    list of str
        In the table's order.
    """
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    return [n for n in names if frame[n].dtype == object or pd.api.types.is_string_dtype(frame[n])]


def flatten(frame: GeoDataFrame) -> GeoDataFrame:
    """Table with the leaves of nested attributes as columns of their official names.

    `identifikasjon = {"Identifikasjon": {"lokalId": ...}}` gives the column `lokalId`. The nested
    column stays, as JSON text. A name that the table already has is left as it is.

    Parameters
    ----------
    frame : GeoDataFrame
        As read; nested values may be objects or JSON text.

    Returns
    -------
    GeoDataFrame
        Same rows in the same order.
    """
    added: dict[str, pd.Series] = {}
    kept: dict[str, pd.Series] = {}
    for column in text_columns(frame):
        first = frame[column].dropna().head(1)
        if first.empty or not _is_nested(first.iloc[0]):
            continue
        kept[column] = frame[column].map(_as_json).astype(object)
        leaves = [dict(_leaves(_parse(value))) for value in frame[column]]
        for name in dict.fromkeys(key for row in leaves for key in row):
            if name not in frame.columns and name not in added:
                cells = [row.get(name) for row in leaves]
                added[name] = pd.Series(cells, index=frame.index, dtype=object)
    return frame.assign(**{**kept, **added})


def _is_nested(value: object) -> bool:
    return isinstance(value, dict | list) or (isinstance(value, str) and value[:1] in ("{", "["))


def _as_json(value: object) -> object:
    nested = isinstance(value, dict | list)
    return json.dumps(value, ensure_ascii=False) if nested else value


def _parse(value: object) -> object:
    """Nested value of a cell; text that is no JSON has none."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _leaves(value: object) -> Iterator[tuple[str, object]]:
    """Named values one level down, below wrappers that only name the data type."""
    while isinstance(value, dict) and len(value) == 1:
        inner = next(iter(value.values()))
        if not isinstance(inner, dict):
            break
        value = inner
    if isinstance(value, dict):
        for name, leaf in value.items():
            if not isinstance(leaf, dict | list) and ":" not in name:
                yield name, leaf


def choose_rows(frame: GeoDataFrame, where: Where, ledger: Ledger) -> GeoDataFrame:
    """Rows whose values are among the wanted ones, compared as text.

    Parameters
    ----------
    frame : GeoDataFrame
        Any table.
    where : mapping of str to value or list of values
        Column and values that are wanted; several columns must all agree.
    ledger : Ledger
        Is told how many were left out (`filter.left_out`).

    Returns
    -------
    GeoDataFrame
        Chosen rows in the same order.

    Raises
    ------
    InputError
        `column.missing` if there is no such column, `filter.nothing` if no row is left.
    """
    chosen = frame
    for wanted, listed in where.items():
        column = find_name(wanted, map(str, frame.columns))
        if column is None:
            raise ledger.error("column.missing", **missing_column(wanted, frame))
        values = _texts(listed)
        texts = chosen[column].map(as_text)
        fits = {t for t in texts.unique() if any(t == v or same_name(t, v) for v in values)}
        there = ", ".join(f"{v} ({n})" for v, n in texts.value_counts().head(10).items())
        chosen = chosen[texts.isin(fits)]
        if chosen.empty and there:
            wish = ", ".join(values)
            raise ledger.error("filter.nothing", column=column, wanted=wish, there=there)
    if len(chosen) < len(frame):
        ledger.told("filter.left_out", len(frame) - len(chosen), columns=", ".join(where))
    return chosen


def _texts(listed: object) -> list[str]:
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        return [as_text(value) for value in listed]
    return [as_text(listed)]


def missing_column(wanted: str, frame: GeoDataFrame) -> dict[str, str]:
    """Facts of the error `column.missing`, with the nearest name that is in the file.

    Parameters
    ----------
    wanted : str
        Name that was looked for.
    frame : GeoDataFrame
        The table that lacks it.

    Returns
    -------
    dict of str
        `name`, `nearest` (may be empty) and `there`.
    """
    there = [str(c) for c in frame.columns if c != frame.geometry.name]
    by_fold = {fold(c): c for c in there}
    near = get_close_matches(fold(wanted), list(by_fold), n=1, cutoff=0.5)
    nearest = by_fold[near[0]] if near else ""
    return {"name": wanted, "nearest": nearest, "there": ", ".join(there)}


def lost_letters(frame: GeoDataFrame, ledger: Ledger) -> None:
    """Tell of columns where letters were lost before the file came to us.

    Parameters
    ----------
    frame : GeoDataFrame
        As read.
    ledger : Ledger
        Gets `letters.lost` with the number of values, one row a column.
    """
    for column in text_columns(frame):
        broken = frame[column].astype(str).str.contains(LOST, regex=False)
        if broken.any():
            example = str(frame.loc[broken, column].iloc[0])
            ledger.told("letters.lost", int(broken.sum()), column=column, example=example)
