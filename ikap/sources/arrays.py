"""A folder of flat arrays and one table, as the cache keeps them: written whole, read by mapping.

A header tells the size and the checksum of every file. Nothing is taken from a folder whose files
are not what the header says, and nothing in it is run: arrays are plain numbers, the table Arrow.
Every byte is held against the checksums once; as long as no file has changed since (see `seen`),
it is not done again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ikap.measure.threads import thread_count
from ikap.sources.seen import look_at

__all__ = ["Damaged", "Stored", "read_folder", "read_known_folder", "write_folder"]

HEADER = "header.json"
TABLE = "table.arrow"
BLOCK = 1 << 22
SMALL = 1 << 16
"""Files up to this size are read, not mapped."""

Array = NDArray[Any]


class Damaged(Exception):  # noqa: N818 (a state of the folder, which is then made anew)
    """The folder does not hold what its header says."""


@dataclass(frozen=True)
class Stored:
    """What a folder holds; arrays and table lie in the files and are read when touched."""

    facts: Mapping[str, Any]
    arrays: Mapping[str, Array]
    table: pa.Table | None
    seal: int  # checksum of the header, and so of all that it tells


def write_folder(
    folder: Path,
    facts: Mapping[str, Any],
    arrays: Mapping[str, Array],
    table: pa.Table | None = None,
) -> int:
    """Write all files, the header last.

    Parameters
    ----------
    folder : Path
        Empty folder.
    facts : mapping
        Anything that JSON can say.
    arrays : mapping of str to array
        Numbers or flags, by name.
    table : pyarrow.Table, optional
        Attributes.

    Returns
    -------
    int
        The folder's seal, by which another one can know it.

    Raises
    ------
    OSError
        The disk is full, or the folder cannot be written to.
    """
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
    files = [f"{name}.npy" for name in arrays]
    if table is not None:
        _write_table(folder / TABLE, table)
        files.append(TABLE)
    sums = {name: _checksum(folder / name) for name in files}
    sizes = {name: (folder / name).stat().st_size for name in files}
    body = json.dumps({"facts": facts, "sizes": sizes, "sums": sums}, ensure_ascii=False)
    seal = zlib.crc32(body.encode())
    (folder / HEADER).write_text(json.dumps({"body": body, "sum": seal}), encoding="utf-8")
    return seal


def _write_table(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table)


def read_known_folder(folder: Path) -> Stored:
    """What the folder holds; every byte is checked unless it was, and no file has changed since.

    Parameters
    ----------
    folder : Path
        As written by `write_folder`; what lies in folders within it is not looked at.

    Returns
    -------
    Stored
        Arrays and table mapped read-only.

    Raises
    ------
    Damaged
        See `read_folder`.
    """
    try:
        files = sorted(path for path in folder.iterdir() if not path.is_dir())
    except OSError as fault:
        raise Damaged(str(fault)) from fault
    look = look_at(files, "whole", own=True)
    known = look.recall() is not None
    stored = read_folder(folder, check=not known)
    if not known:
        look.remember(str(stored.seal))
    return stored


def read_folder(folder: Path, *, check: bool = True) -> Stored:
    """What the folder holds.

    Parameters
    ----------
    folder : Path
        As written by `write_folder`.
    check : bool
        Whether to read every byte and compare checksums; sizes are always compared.

    Returns
    -------
    Stored
        Arrays and table mapped read-only.

    Raises
    ------
    Damaged
        A file is missing, of another size, or holds other bytes; or the header cannot be read.
    """
    try:
        outer = json.loads((folder / HEADER).read_text(encoding="utf-8"))
        if zlib.crc32(outer["body"].encode()) != outer["sum"]:
            raise Damaged(HEADER)
        body = json.loads(outer["body"])
        for name, size in body["sizes"].items():
            if (folder / name).stat().st_size != size:
                raise Damaged(name)
        if check:
            for name, known in body["sums"].items():
                if _checksum(folder / name) != known:
                    raise Damaged(name)
        arrays = {
            name.removesuffix(".npy"): np.load(
                folder / name, mmap_mode="r" if size > SMALL else None, allow_pickle=False
            )
            for name, size in body["sizes"].items()
            if name != TABLE
        }
        table = None
        if TABLE in body["sizes"]:
            table = pa.ipc.open_file(pa.memory_map(str(folder / TABLE))).read_all()
        return Stored(body["facts"], arrays, table, outer["sum"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException) as fault:
        raise Damaged(str(fault)) from fault


def _checksum(path: Path) -> list[int]:
    """CRC-32 of each block; blocks are read, not mapped, so that they leave memory again."""
    size = path.stat().st_size

    def block(at: int) -> int:
        with path.open("rb") as file:
            file.seek(at)
            return zlib.crc32(file.read(BLOCK))

    with ThreadPoolExecutor(thread_count()) as pool:
        return list(pool.map(block, range(0, size, BLOCK)))
