"""Where the objects of a SOSI file are, and of what type, found without reading what is in them."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

__all__ = ["GEOMETRY", "Index", "index_of"]

OBJECT = re.compile(
    rb"(?:\A(?:\xef\xbb\xbf)?|\n)[ \t]*+\.(?!\.)[ \t]*+([^\s.:!]++)[ \t]*+(\d{0,18})"
)
OBJTYPE = re.compile(rb"\n[ \t]*+\.\.[ \t]*+OBJTYPE[ \t]++([^\r\n!]*)")
GEOMETRY = (
    "PUNKT",
    "SVERM",
    "TEKST",
    "SYMBOL",
    "KURVE",
    "LINJE",
    "BUEP",
    "BUE",
    "SIRKEL",
    "SIRKELP",
    "TRASE",
    "FLATE",
)
"""Kinds of objects that can be read."""
SKIPPED = (b"DEF", b"OBJDEF")
MOST_TYPES = 10_000
"""Object types, and kinds of objects; a file with more is made to do harm."""

Begin = tuple[int, bytes, bytes]
"""Place in the file, kind and serial number of an object."""


@dataclass(frozen=True)
class Index:
    """Where the objects of a file are: one row an object, in the file's order."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    number: NDArray[np.int64]  # -1 where there is none
    kind: NDArray[np.int32]  # index in `kinds`
    layer: NDArray[np.int32]  # index in `layers`
    kinds: tuple[str, ...]
    layers: tuple[str, ...]  # object types; the kind where an object has no type
    head: tuple[int, int] | None  # start and end of the head
    ended: bool  # whether the last object is whole: .SLUTT or a second head follows
    after: int  # objects after .SLUTT or after a second head

    @property
    def too_many_types(self) -> bool:
        """Whether the file is made to do harm; the index is not whole then."""
        return max(len(self.kinds), len(self.layers)) > MOST_TYPES

    @property
    def has_geometry(self) -> NDArray[np.bool_]:
        """Which objects are of a kind that can be read."""
        return np.isin(self.kind, [i for i, kind in enumerate(self.kinds) if kind in GEOMETRY])


def index_of(data: mmap | bytes, decode: Callable[[bytes], str]) -> Index:
    """Objects of a file.

    Parameters
    ----------
    data : mmap or bytes
        The whole file.
    decode : callable
        From bytes to text.

    Returns
    -------
    Index
        Definitions (`.DEF`, `.OBJDEF`) are left out.
    """
    kinds: dict[bytes, int] = {}
    types: dict[bytes, int] = {}
    places, codes = array("q"), array("i")
    head: tuple[int, int] | None = None
    scan = _Scan(data)
    for (begin, name, number), (end, _, _) in pairwise(scan):
        if name == b"HODE":
            head = (begin, end)
        elif name not in SKIPPED and len(types) <= MOST_TYPES:
            hit = OBJTYPE.search(data, begin, end)
            word = hit[1].strip(b" \t\"'") if hit else b""
            kind = kinds.setdefault(name, len(kinds))
            places.extend((begin, end, int(number or b"-1")))
            codes.extend((kind, types.setdefault(word or name, len(types))))
    kind_names, layers = (tuple(decode(n) for n in found) for found in (kinds, types))
    rows = np.array(places, dtype=np.int64).reshape(-1, 3)
    coded = np.array(codes, dtype=np.int32).reshape(-1, 2)
    return Index(
        start=rows[:, 0].copy(),
        end=rows[:, 1].copy(),
        number=rows[:, 2].copy(),
        kind=coded[:, 0].copy(),
        layer=coded[:, 1].copy(),
        kinds=kind_names,
        layers=layers,
        head=head,
        ended=scan.ended,
        after=scan.after,
    )


class _Scan:
    """Begins of objects, up to and with what ends the last one; then counts the rest."""

    def __init__(self, data: mmap | bytes) -> None:
        self.data = data
        self.ended = False
        self.after = 0

    def __iter__(self) -> Iterator[Begin]:
        first = True
        for match in OBJECT.finditer(self.data):
            name = match[1].upper()
            if self.ended:
                self.after += name not in (b"HODE", b"SLUTT")
                continue
            self.ended = name == b"SLUTT" or (name == b"HODE" and not first)
            first = False
            yield match.start(), name, match[2]
        if not self.ended:
            yield len(self.data), b"", b""
