"""Columns of a canonical table as Arrow, and back again to the same values and types."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["StoredColumns", "Unstorable", "stored_column", "stored_columns", "taken_column"]

StoredColumns = dict[str, tuple[pa.Array, str]]

PLAIN = ("float64", "int64", "bool")
TEXT = "str"
"""pandas' own type of text; a missing one is NaN."""
SELDOM = 4
"""Text is kept as a list of values where each stands this many times on average."""


class Unstorable(Exception):  # noqa: N818 (no fault: such a table is read from its file again)
    """The table holds something that would not come back the same."""


def stored_column(cells: pd.Series) -> tuple[pa.Array, str]:
    """Column as Arrow, and how it is to be taken out again.

    Parameters
    ----------
    cells : Series
        Text (missing: None or NaN, all alike), numbers or flags.

    Returns
    -------
    tuple of Array and str
        For `taken_column`.

    Raises
    ------
    Unstorable
        Another type, or a mixture.
    """
    kind = str(cells.dtype)
    if kind in PLAIN:
        return pa.array(cells.to_numpy(), from_pandas=False), kind
    if kind == "Int64":
        missing = cells.isna().to_numpy()
        return pa.array(cells.fillna(0).to_numpy(dtype=np.int64), mask=missing), kind
    if kind == TEXT:
        return pa.array(cells.to_numpy(dtype=object), pa.large_string(), from_pandas=True), kind
    if kind != "object":
        raise Unstorable(kind)
    values = cells.to_numpy(dtype=object)
    missing = np.asarray(pd.isna(values), dtype=bool)
    blanks = {type(v) for v in values[missing]}
    if len(blanks) > 1 or not blanks <= {type(None), float}:
        raise Unstorable(str(blanks))
    if not set(map(type, values[~missing])) <= {str}:
        raise Unstorable("object")
    text = pa.array(values, type=pa.large_string(), mask=missing)
    listed = text.dictionary_encode()
    if len(listed.dictionary) * SELDOM <= len(text):
        text = listed
    return text, "nan" if float in blanks else "none"


def stored_columns(frame: gpd.GeoDataFrame) -> StoredColumns:
    """All columns but the geometry's, by name, as `stored_column`; may raise `Unstorable`."""
    names = [c for c in frame.columns if c != frame.geometry.name]
    return {str(c): stored_column(frame[c]) for c in names}


def taken_column(column: pa.ChunkedArray, kind: str) -> pd.Series:
    """Column as it was.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        As stored.
    kind : str
        As told by `stored_column`.

    Returns
    -------
    Series
        Same values, missing ones too, and same type.
    """
    cells = column.combine_chunks()
    if isinstance(cells, pa.ChunkedArray):  # no rows
        cells = pa.concat_arrays(cells.chunks)
    if kind in PLAIN:
        return pd.Series(np.array(cells.to_numpy(zero_copy_only=False)), dtype=kind)
    if kind == "Int64":
        missing = cells.is_null().to_numpy(zero_copy_only=False)
        numbers = np.array(cells.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)
        return pd.Series(pd.arrays.IntegerArray(numbers, np.array(missing)))
    if kind == TEXT:
        return pd.Series(_texts(cells, np.nan), dtype=TEXT)
    return pd.Series(_texts(cells, np.nan if kind == "nan" else None), dtype=object)


def _texts(cells: pa.Array, blank: object) -> NDArray[np.object_]:
    if not isinstance(cells, pa.DictionaryArray):
        texts = np.array(cells.to_numpy(zero_copy_only=False), dtype=object)
        texts[cells.is_null().to_numpy(zero_copy_only=False)] = blank
        return texts
    known = np.array([*cells.dictionary.to_pylist(), blank], dtype=object)
    place = cells.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(known[place], dtype=object)
