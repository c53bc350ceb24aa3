"""SOSI text files. In: a path. Out: a layer for each object type (OBJTYPE), as it lies there.

Own reader, because none that can be installed reads SOSI rightly: the wheels of pyogrio and fiona
have no SOSI driver (it needs FYBA), and sosilogikk 2.0.2 leaves out ORIGO-NØ, the direction of
curves, holes and arcs, and stops at comments behind values.

A row is one object; its index is `sosi:` and the object's serial number. Nested attributes are
columns of their own name, with their path where that name is taken. A repeated attribute keeps all
its values, `; ` between them. Dates and codes stay text. Heights fall away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.sources.ledger import Ledger
from ikap.sources.sosi_columns import Columns
from ikap.sources.sosi_head import Charset, Head, charset_of, check_head, read_head
from ikap.sources.sosi_index import Index, index_of
from ikap.sources.sosi_shapes import Shapes, numbers_used_twice, unique_names
from ikap.sources.sosi_text import Parser
from ikap.sources.wkb import sagitta_in

__all__ = ["frame", "layers", "objects"]


@dataclass(frozen=True)
class _File:
    """What is known of a file before its objects are read."""

    charset: Charset
    index: Index
    head: Head


def layers(path: Path, ledger: Ledger) -> tuple[str, ...]:
    """Object types with geometry, in the file's order; the kind of object where it has no type.

    Parameters
    ----------
    path : Path
        The file.
    ledger : Ledger
        For the message.

    Returns
    -------
    tuple of str
        Names.

    Raises
    ------
    InputError
        `sosi.no_head`.
    """
    index = _known(path, None, ledger).index
    return _names(index, index.has_geometry)


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """One layer as it lies in the file.

    Parameters
    ----------
    path : Path
        The file.
    layer : str
        Name as `layers` has it.
    encoding : str or None
        Encoding that the declaration states; None goes by what the file is written in.
    ledger : Ledger
        See `objects`; besides it gets the faults of the head.

    Returns
    -------
    GeoDataFrame
        Without CRS where the head has no KOORDSYS, or one that ikap does not know.

    Raises
    ------
    InputError
        `crs.koordsys_old`, `sosi.head`, `sosi.no_head`, `sosi.too_large`.
    """
    check_head(_known(path, encoding, ledger).head, ledger)
    ledger.stop()
    return objects(path, layer, encoding, ledger)


def objects(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """Objects of one type, in whatever coordinate system the file is.

    Parameters
    ----------
    path : Path
        The file.
    layer : str
        Name as `layers` has it.
    encoding : str or None
        Encoding that the declaration states; None goes by what the file is written in.
    ledger : Ledger
        Is told, by object or in sum, what could not be read (`sosi.*`).

    Returns
    -------
    GeoDataFrame
        Index `sosi:12`; CRS by KOORDSYS or none; geometry in 2D, None where it cannot be made.

    Raises
    ------
    InputError
        `sosi.no_head`, `sosi.too_large`.
    """
    file = _known(path, encoding, ledger)
    index, crs = file.index, file.head.crs or None
    rows = _rows(index, layer)
    parser = Parser(file.charset.decoder)
    with _bytes(path) as data:
        shapes = Shapes(data, index, file.head, parser, sagitta_in(crs), ledger)
        columns, deep, open_texts = Columns(), 0, 0
        for i in rows.tolist():
            parsed = parser.parse(data[index.start[i] : index.end[i]])
            columns.add(parsed.attributes)
            shapes.add(i, parsed)
            deep, open_texts = deep + parsed.left_out, open_texts + parsed.open_texts
        geometry = shapes.made()
    _tell_file(file, ledger)
    table = columns.table(file.head.quality)
    if deep + columns.left_out:
        ledger.told("sosi.attributes_left_out", deep + columns.left_out)
    if open_texts:
        ledger.told("sosi.text_open", open_texts)
    for column, count in columns.repeated.items():
        ledger.told("sosi.repeated", count, column=column)
    names = unique_names(shapes.name(i) for i in rows.tolist())
    made = GeoDataFrame(table, index=names, geometry=geometry, crs=crs)
    made.attrs["letters"] = (file.charset.name, file.charset.known_by)
    return made


def _tell_file(file: _File, ledger: Ledger) -> None:
    """What is true of the file as a whole."""
    index, charset = file.index, file.charset
    if not charset.as_stated:
        ledger.told("sosi.charset", 1, stated=charset.stated or "–", used=charset.name)
    if not index.ended:
        ledger.told("sosi.no_end", 1)
    if index.after:
        ledger.told("sosi.after_end", index.after)
    twice = numbers_used_twice(index.number)
    if twice:
        ledger.told("sosi.number_twice", twice)
    bare = ~np.isin(index.layer, np.unique(index.layer[index.has_geometry]))
    if bare.any():
        types = ", ".join(_names(index, bare)[:10])
        ledger.told("sosi.without_geometry", int(bare.sum()), types=types)
    if not file.head.origin:
        ledger.told("sosi.no_origin", 1)


def _names(index: Index, objects_: NDArray[np.bool_]) -> tuple[str, ...]:
    """Layers of some objects, each once, in the file's order."""
    codes = dict.fromkeys(index.layer[objects_].tolist())
    return tuple(dict.fromkeys(index.layers[code] for code in codes))


def _rows(index: Index, layer: str) -> NDArray[np.int64]:
    codes = [code for code, name in enumerate(index.layers) if name == layer]
    return np.flatnonzero(np.isin(index.layer, codes)).astype(np.int64)


@contextmanager
def _bytes(path: Path) -> Iterator[mmap]:
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as data:
        yield data


def _known(path: Path, encoding: str | None, ledger: Ledger) -> _File:
    """Head and index of a file, found once however many of its layers are read."""
    state = path.stat()
    file = _look(path.absolute(), encoding, (state.st_mtime_ns, state.st_size))
    if file is None:
        raise ledger.error("sosi.no_head")
    if file.index.too_many_types:
        raise ledger.error("sosi.too_large")
    return file


@lru_cache(maxsize=1)
def _look(path: Path, encoding: str | None, state: tuple[int, int]) -> _File | None:  # noqa: ARG001 (tells versions apart)
    with _bytes(path) as data:
        charset = Charset(encoding, encoding, declared=True) if encoding else charset_of(data)
        index = index_of(data, charset.decoder)
        if index.head is None:
            return None
        start, end = index.head
        return _File(charset, index, read_head(data[start:end], charset.decoder))
