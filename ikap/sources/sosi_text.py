"""SOSI text as objects: where each one lies in the file, its attributes, and its coordinate lines.

A line that begins with a dot begins an element; its value runs to the next such line. The number
of dots is the level. `!` begins a comment, but not between quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

__all__ = ["GEOMETRY", "SEPARATOR", "Block", "Index", "Parsed", "Parser", "index_of"]

OBJECT = re.compile(
    rb"(?:\A(?:\xef\xbb\xbf)?|\n)[ \t]*+\.(?!\.)[ \t]*+([^\s.:!]++)[ \t]*+(\d{0,18})"
)
ELEMENT = re.compile(rb"(?:\A|\n)[ \t]*+(\.++)[ \t]*+([^\s!]*+)")
OBJTYPE = re.compile(rb"\n[ \t]*+\.\.[ \t]*+OBJTYPE[ \t]++([^\r\n!]*)")
NORTH_EAST = re.compile(rb"N(?:[\x80-\xff]{1,3}|\\)([HD]?)")
COMMENT = re.compile(rb'("[^"]*")|![^\n]*')
QUOTED = re.compile(rb'"[^"]*"(?:\s*&\s*"[^"]*")*|\'[^\']*\'')
"""A text in quotes, or several with `&` between."""
INSIDE = re.compile(rb'"([^"]*)"')
BREAKS = re.compile(rb"\s*[\r\n]\s*")

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
SEPARATOR = "\x1f"
"""Between the names of a path; no name has it."""
DEEPEST = 12
MOST_NAMES = 2000
KEPT = 1 << 16
"""Different values that are kept to be shared between objects."""

Decode = Callable[[bytes], str]


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


def index_of(data: mmap | bytes, decode: Decode) -> Index:
    """Objects of a file, found without reading what is in them.

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
    rows: list[tuple[int, int, int, int, int]] = []
    kinds: dict[bytes, int] = {}
    types: dict[bytes, int] = {}
    head: tuple[int, int] | None = None
    hits = _objects(data)
    for (begin, name, number), (end, _, _) in zip(hits.inside, hits.inside[1:], strict=False):
        if name == b"HODE":
            head = (begin, end)
        elif name not in SKIPPED:
            hit = OBJTYPE.search(data, begin, end)
            word = hit[1].strip(b" \t\"'") if hit else b""
            kind = kinds.setdefault(name, len(kinds))
            layer = types.setdefault(word or name, len(types))
            rows.append((begin, end, int(number or b"-1"), kind, layer))
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    kind_names, layers = (tuple(decode(n) for n in found) for found in (kinds, types))
    whole = [np.ascontiguousarray(column) for column in table.T[:3]]
    codes = [column.astype(np.int32) for column in table.T[3:]]
    return Index(
        start=whole[0],
        end=whole[1],
        number=whole[2],
        kind=codes[0],
        layer=codes[1],
        kinds=kind_names,
        layers=layers,
        head=head,
        ended=hits.ended,
        after=hits.after,
    )


@dataclass
class _Hits:
    """Begins of objects, and the end of the last one."""

    inside: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    ended: bool = False
    after: int = 0


def _objects(data: mmap | bytes) -> _Hits:
    hits, stopped = _Hits(), False
    for match in OBJECT.finditer(data):
        name = match[1].upper()
        if stopped:
            hits.after += name not in (b"HODE", b"SLUTT")
            continue
        hits.inside.append((match.start(), name, match[2]))
        stopped = name == b"SLUTT" or (name == b"HODE" and len(hits.inside) > 1)
        hits.ended = stopped
    if not stopped:
        hits.inside.append((len(data), b"", b""))
    return hits


@dataclass(frozen=True)
class Block:
    """Coordinate lines as they are written, and how many numbers a point has."""

    text: bytes
    size: int  # 2 or 3


@dataclass
class Parsed:
    """One object."""

    attributes: list[tuple[str, str]]  # path of names, value
    blocks: list[Block]
    refs: bytes | None
    unit: bytes = b""  # ENHET of its own
    left_out: int = 0  # elements that are nested too deep
    open_texts: int = 0  # texts whose quote is never closed


class Parser:
    """Reads objects one by one; values that many objects share are decoded once."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode
        self._names: dict[bytes, str] = {}
        self._sizes: dict[bytes, int] = {}
        self._values: dict[bytes, str] = {}

    def parse(self, chunk: bytes, *, attributes: bool = True) -> Parsed:
        """One object.

        Parameters
        ----------
        chunk : bytes
            From its first line to the next object.
        attributes : bool
            False to take the coordinates only.

        Returns
        -------
        Parsed
            Attributes in the object's order.
        """
        hits = list(ELEMENT.finditer(chunk))
        last = len(hits) - 1
        found = Parsed([], [], None)
        path: list[tuple[int, str]] = []
        points_below = False
        for i in range(1, last + 1):
            hit = hits[i]
            level, name = len(hit[1]), hit[2]
            if points_below and level > 2:  # noqa: PLR2004 (belongs to a point: ...KP)
                continue
            points_below = False
            size = self._size(name) if level == 2 else 0  # noqa: PLR2004 (below an object)
            if size:
                points_below, after = True, i + 1
                while after <= last and len(hits[after][1]) > 2:  # noqa: PLR2004
                    after += 1
                end = hits[after].start() if after <= last else len(chunk)
                found.blocks.append(Block(chunk[hit.end() : end], size))
                continue
            end = hits[i + 1].start() if i < last else len(chunk)
            if level == 2 and name == b"REF":  # noqa: PLR2004
                found.refs = (found.refs or b"") + b" " + chunk[hit.end() : end]
            elif level == 2 and name == b"ENHET":  # noqa: PLR2004
                found.unit = COMMENT.sub(b"", chunk[hit.end() : end]).strip()
            elif attributes:
                self._attribute(level, name, chunk[hit.end() : end], path, found)
        return found

    def _attribute(
        self, level: int, name: bytes, raw: bytes, path: list[tuple[int, str]], found: Parsed
    ) -> None:
        while path and path[-1][0] >= level:
            path.pop()
        if len(path) >= DEEPEST:
            found.left_out += 1
            return
        word = self._name(name)
        whole = f"{path[-1][1]}{SEPARATOR}{word}" if path else word
        path.append((level, whole))
        value = self._value(raw, found)
        if value:
            found.attributes.append((whole, value))

    def _size(self, name: bytes) -> int:
        """Numbers of a point if the name is that of coordinates, else 0."""
        size = self._sizes.get(name)
        if size is None:
            match = NORTH_EAST.fullmatch(name)
            size = 0 if match is None else 3 if match[1] else 2
            if len(self._sizes) < MOST_NAMES:
                self._sizes[name] = size
        return size

    def _name(self, name: bytes) -> str:
        word = self._names.get(name)
        if word is None:
            word = self._decode(name)
            if len(self._names) < MOST_NAMES:
                self._names[name] = word
        return word

    def _value(self, raw: bytes, found: Parsed) -> str:
        raw = raw.strip()
        value = self._values.get(raw)
        if value is None:
            plain = b"!" not in raw and b'"' not in raw and b"\n" not in raw and b"'" not in raw
            before = found.open_texts
            value = self._decode(raw if plain else _clean(raw, found))
            if len(self._values) < KEPT and found.open_texts == before:
                self._values[raw] = value
        return value


def _clean(raw: bytes, found: Parsed) -> bytes:
    """Value without comments and quotes; lines of a text without quotes are joined."""
    text = COMMENT.sub(lambda match: match[1] or b"", raw).strip()
    if QUOTED.fullmatch(text):
        inner = text[1:-1] if text[:1] == b"'" else b"".join(INSIDE.findall(text))
        return inner.replace(b"\r\n", b"\n")
    if text.count(b'"') % 2:
        found.open_texts += 1
        text = text.removeprefix(b'"')
    return BREAKS.sub(b" ", text)
