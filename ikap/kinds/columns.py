"""Columns of a kind: how the file's own names are known again, and how values become canonical."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame

from ikap.model import LayerDeclaration
from ikap.sources.attributes import missing_column
from ikap.sources.ledger import Ledger
from ikap.sources.names import as_text, find_name, fold, same_name

__all__ = ["SOURCE_ID", "Column", "canonical_columns", "iso_date", "match_columns"]

ValueType = Literal["text", "code", "int", "number", "date"]

SHORT = 10
"""Bytes of a Shapefile's column name; a Norwegian letter may take two."""


@dataclass(frozen=True)
class Column:
    """One canonical column: its official name, the other names it goes by, and its type."""

    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    type: ValueType = "text"


SOURCE_ID = Column("source_id", ("lokalId", "lokal_id", "identifikasjon_lokalId"))
"""Every kind has it: the feature's official id, where the file has one."""


def match_columns(
    names: Sequence[str], schema: Sequence[Column], declared: Mapping[str, str]
) -> dict[str, str]:
    """File's own name of each canonical column that can be known again.

    A declared name is the only one that will do: another column in its place would be a guess.
    Else the official name goes first, then the aliases; each first as it stands, then without
    its path (`identifikasjon.lokalId`), then cut to ten letters. A cut name that may be several
    columns (`UTNYTTINGS`) is none of them.

    Parameters
    ----------
    names : sequence of str
        Columns of the file.
    schema : sequence of Column
        Canonical columns.
    declared : mapping of str to str
        `[columns]` of the layer's TOML: canonical name to the file's name.

    Returns
    -------
    dict of str to str
        Canonical name to the file's name, which stays as it is spelt there.

    Examples
    --------
    >>> match_columns(["KOMM", "arealforma"], [Column("arealformål")], {})
    {'arealformål': 'arealforma'}
    """
    found: dict[str, str] = {}
    cut: dict[str, str] = {}
    for column in schema:
        wanted = (declared[column.name],) if column.name in declared else ()
        for name in wanted or (column.name, *column.aliases):
            whole = find_name(name, names) or _at_end(name, names)
            match = whole or _cut(name, names)
            if match is not None:
                (found if whole else cut)[column.name] = match
                break
    claims = Counter(cut.values())
    sure = {c: name for c, name in cut.items() if claims[name] == 1 and name not in found.values()}
    known = found | sure
    return {column.name: known[column.name] for column in schema if column.name in known}


def _at_end(wanted: str, names: Sequence[str]) -> str | None:
    """Name that is the last part of a path, as flat exports of nested attributes have it."""
    ends = {name: re.split(r"[.|:/]", name)[-1] for name in names}
    hits = [name for name, end in ends.items() if end != name and fold(end) == fold(wanted)]
    return hits[0] if len(hits) == 1 else None


def _cut(wanted: str, names: Sequence[str]) -> str | None:
    """Name that was cut at ten letters or ten bytes, if only one can be meant."""
    bytes_cut = wanted.encode("utf-8")[:SHORT].decode("utf-8", errors="ignore")
    cuts = {fold(wanted[:SHORT]), fold(bytes_cut), fold(wanted)[:SHORT]}
    if len(fold(wanted)) <= SHORT and len(wanted.encode("utf-8")) <= SHORT:
        return None
    hits = [name for name in names if fold(name) in cuts]
    return hits[0] if len(hits) == 1 else None


def canonical_columns(
    frame: GeoDataFrame, schema: Sequence[Column], declaration: LayerDeclaration, ledger: Ledger
) -> tuple[GeoDataFrame, dict[str, str]]:
    """Table with canonical columns only, and the names they have in the file.

    Parameters
    ----------
    frame : GeoDataFrame
        As read; its index is the feature's id in the file (`fid:12`).
    schema : sequence of Column
        Canonical columns of the kind.
    declaration : LayerDeclaration
        Its `columns`, `values` and `constants` are applied.
    ledger : Ledger
        Gets the faults `column.missing` and `column.unknown`, and what could not be understood.

    Returns
    -------
    tuple of GeoDataFrame and dict
        Same rows: `source_layer`, `source_id`, the schema's columns (missing where the file has
        none), geometry. And the file's own names by canonical name.
    """
    whole = (SOURCE_ID, *schema)
    _check_declared(whole, declaration, ledger)
    names = [str(c) for c in frame.columns if c != frame.geometry.name]
    found = match_columns(names, whole, declaration.columns)
    made: dict[str, pd.Series] = {}
    for column in whole:
        if column.name in declaration.constants:
            value = declaration.constants[column.name]
            cells = pd.Series([as_text(value)] * len(frame), frame.index, dtype=object)
        elif column.name in found:
            cells = _by_value(frame[found[column.name]], as_text)
        else:
            cells = pd.Series([""] * len(frame), frame.index, dtype=object)
            wanted = declaration.columns.get(column.name, column.name)
            if column.required:
                ledger.fault("column.missing", **missing_column(wanted, frame))
            elif column.name in declaration.columns:
                ledger.told("column.left_out", len(frame), name=wanted, canonical=column.name)
        if column.name in declaration.values:
            cells = _translate(cells, declaration.values[column.name])
        elif column.name not in declaration.constants and column.name not in found:
            made[column.name] = _repeated(_typed(cells.head(1), column, ledger), frame.index)
            continue
        made[column.name] = _typed(cells, column, ledger)
    made["source_id"] = made["source_id"].where(made["source_id"].notna(), frame.index.to_series())
    head = {"source_layer": pd.Series(declaration.name, frame.index, dtype=object)}
    table = GeoDataFrame({**head, **made}, geometry=frame.geometry, crs=frame.crs)
    return table, found


def _repeated(one: pd.Series, index: pd.Index) -> pd.Series:
    """The first cell for every row of an index."""
    return one.iloc[np.zeros(len(index), dtype=np.int64)].set_axis(index)


def _by_value(cells: pd.Series, change: Callable[[object], object]) -> pd.Series:
    """Cells changed one value at a time, each value once however often it stands there."""
    places, values = pd.factorize(cells)
    listed: Iterable[object] = values
    if pd.api.types.is_extension_array_dtype(cells.dtype):  # from Arrow, slowly one by one
        listed = np.asarray(values, dtype=object)
    changed = np.empty(len(values) + 1, dtype=object)  # the last one is for missing cells
    changed[:-1] = [change(value) for value in listed]
    changed[-1] = change(None)
    return pd.Series(changed[places], index=cells.index, dtype=object)


def _check_declared(
    schema: Sequence[Column], declaration: LayerDeclaration, ledger: Ledger
) -> None:
    """Canonical names in the TOML must be those of the kind."""
    valid = [column.name for column in schema]
    tables: Sequence[tuple[str, Iterable[str]]] = (
        ("columns", declaration.columns),
        ("values", declaration.values),
        ("constants", declaration.constants),
    )
    for table, keys in tables:
        for key in keys:
            if key not in valid:
                near = next(iter(get_close_matches(fold(key), valid, n=1, cutoff=0.5)), "")
                facts = {"table": table, "declaration": declaration.file, "kind": declaration.kind}
                ledger.fault(
                    "column.unknown", name=key, nearest=near, valid=", ".join(valid), **facts
                )


def _translate(cells: pd.Series, values: Mapping[str, str]) -> pd.Series:
    """Values that the TOML translates; others stay, and are judged by the kind."""
    known = {}
    for cell in cells.unique():
        key = cell if cell in values else next((v for v in values if same_name(v, cell)), None)
        known[cell] = cell if key is None else values[key]
    return cells.map(known).astype(object)


def _typed(cells: pd.Series, column: Column, ledger: Ledger) -> pd.Series:
    """Cells (text, empty for nothing) as the column's type; what does not fit is told."""
    empty = cells == ""
    if column.type == "code":
        cells = _by_value(cells, lambda text: re.sub(r"^(\d+)\.0+$", r"\1", str(text)))
    if column.type in ("text", "code"):
        return cells.mask(empty, None)
    if column.type == "date":
        typed = _by_value(cells, iso_date)
        wrong = typed.isna() & ~empty
    else:
        numbers = pd.to_numeric(cells.mask(empty, None), errors="coerce")
        whole = numbers.isna() | (numbers % 1 == 0)
        wrong = numbers.isna() & ~empty
        if column.type == "int":
            wrong |= ~whole
            typed = numbers.where(whole).astype("Int64")
        else:
            typed = numbers.astype("float64")
    if wrong.any():
        examples = ", ".join(dict.fromkeys(cells[wrong].head(5)))
        ledger.told("value.unreadable", int(wrong.sum()), column=column.name, examples=examples)
    return typed


def iso_date(text: object) -> str | None:
    """Date as `2026-06-01` from the forms that Norwegian files have.

    Parameters
    ----------
    text : object
        Such as `20260601`, `2026-06-01T12:00:00` or `01.06.2026`.

    Returns
    -------
    str or None
        None where it is no date.
    """
    for pattern, order in (
        (r"(\d{4})[-/](\d\d)[-/](\d\d)", (1, 2, 3)),
        (r"(\d{4})(\d\d)(\d\d)(?:\d{6})?$", (1, 2, 3)),
        (r"(\d\d)\.(\d\d)\.(\d{4})", (3, 2, 1)),
    ):
        match = re.match(pattern, str(text))
        if match:
            return "-".join(match.group(i) for i in order)
    return None
