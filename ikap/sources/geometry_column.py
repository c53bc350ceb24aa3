"""Geometry of a layer as the well-known binary that lies in its file, without GEOS objects.

In: a file of a format that hands on whole Arrow columns. Out: the bytes of all its rows, in order.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from numpy.typing import NDArray

__all__ = ["chunks_of", "geometry_column", "has_column"]

BY_GDAL = (".gpkg", ".fgb")
PARQUET = (".parquet", ".geoparquet")

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


def has_column(path: Path) -> bool:
    """Whether files with this name hand on their geometry as a column."""
    return path.suffix.lower() in (*BY_GDAL, *PARQUET)


def geometry_column(path: Path, layer: str) -> list[tuple[Bytes, Ints]]:
    """Well-known binary of all rows of a layer, buffer by buffer as the reader hands them on.

    Parameters
    ----------
    path : Path
        A file that `has_column`.
    layer : str
        Name of the layer in the file.

    Returns
    -------
    list of tuple of array of uint8 and array of int64, shape (rows + 1,)
        Bytes of each buffer, and where each row starts in it; nothing is copied. A row without
        geometry has no bytes.

    Raises
    ------
    ValueError
        The file has no such column, or its geometry is kept in another way.
    OSError
        It cannot be read.
    """
    try:
        column = _by_pyarrow(path) if path.suffix.lower() in PARQUET else _by_gdal(path, layer)
        return chunks_of(column)
    except (
        RuntimeError,
        KeyError,
        TypeError,
        pa.ArrowException,
    ) as fault:  # GDAL's are RuntimeError
        raise ValueError(str(fault)) from fault


def chunks_of(column: pa.ChunkedArray) -> list[tuple[Bytes, Ints]]:
    """Bytes of each chunk of a column and where its rows start, as they lie in the buffers.

    Raises
    ------
    ValueError
        The column does not hold bytes.
    """
    return [_bytes_of(chunk) for chunk in column.chunks]


def _by_gdal(path: Path, layer: str) -> pa.ChunkedArray:
    head, table = pyogrio.raw.read_arrow(path, layer=layer, columns=[])
    return table[head["geometry_name"] or "wkb_geometry"]


def _by_pyarrow(path: Path) -> pa.ChunkedArray:
    with pq.ParquetFile(path) as file:
        head = json.loads((file.schema_arrow.metadata or {})[b"geo"])
        name = head["primary_column"]
        if head["columns"][name]["encoding"] != "WKB":
            raise ValueError(head["columns"][name]["encoding"])
        return file.read(columns=[name])[name]


def _bytes_of(chunk: pa.Array) -> tuple[Bytes, Ints]:
    """Bytes of one chunk and where its rows start, both as they lie in the buffers."""
    wide = pa.types.is_large_binary(chunk.type)
    if not wide and not pa.types.is_binary(chunk.type):
        raise ValueError(str(chunk.type))
    _, offsets, data = chunk.buffers()
    held = np.frombuffer(offsets, dtype=np.int64 if wide else np.int32)
    starts = held[chunk.offset : chunk.offset + len(chunk) + 1].astype(np.int64)
    whole = np.zeros(0, dtype=np.uint8) if data is None else np.frombuffer(data, dtype=np.uint8)
    return whole[starts[0] : starts[-1]], starts - starts[0]
