"""The text of one SOSI object: its attributes, its references, and its coordinate lines.

A line that begins with a dot begins an element; its value runs to the next such line. The number
of dots is the level. `!` begins a comment, but not between quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

__all__ = ["SEPARATOR", "Block", "Parsed", "Parser"]

ELEMENT = re.compile(rb"(?:\A|\n)[ \t]*+(\.++)[ \t]*+([^\s!]*+)")
NORTH_EAST = re.compile(rb"N(?:\xd8|\xc3\x98|\x9d|\xaf|\\|\xef\xbf\xbd)([HD]?)")
COMMENT = re.compile(rb'("[^"]*")|![^\n]*')
QUOTED = re.compile(rb'"[^"]*"(?:\s*&\s*"[^"]*")*|\'[^\']*\'')
"""A text in quotes, or several with `&` between."""
INSIDE = re.compile(rb'"([^"]*)"')

SEPARATOR = "\x1f"
"""Between the names of a path; no name has it."""
ELEMENT_LEVEL = 2
DEEPEST = 12
MOST_NAMES = 2000
KEPT = 1 << 16
"""Different values that are kept to be shared between objects."""

Decode = Callable[[bytes], str]
Element = tuple[int, bytes, bytes, int]
"""Level, name, all that stands between the name and the next element, and numbers of a point."""


@dataclass(frozen=True)
class Block:
    """Coordinate lines as they are written, and how many numbers a point has."""

    text: bytes
    size: int  # 2 or 3


@dataclass
class Parsed:
    """One object."""

    attributes: list[tuple[str, str]] = field(default_factory=list)  # path of names, value
    blocks: list[Block] = field(default_factory=list)
    refs: list[bytes] = field(default_factory=list)  # values of REF
    unit: bytes = b""  # ENHET of its own
    left_out: int = 0  # elements that are nested too deep, or too many
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
        found = Parsed()
        path: list[tuple[int, str]] = []
        for level, name, raw, size in self._elements(chunk):
            if size:
                found.blocks.append(Block(raw, size))
            elif level == ELEMENT_LEVEL and name == b"REF":
                found.refs.append(raw)
            elif level == ELEMENT_LEVEL and name == b"ENHET":
                found.unit = COMMENT.sub(b"", raw).strip()
            elif attributes and level >= ELEMENT_LEVEL:
                self._attribute((level, name, raw, size), path, found)
        return found

    def _elements(self, chunk: bytes) -> Iterator[Element]:
        """Elements of an object; those of a point (`...KP`) stay in its coordinate lines."""
        level, name, begin, size = 0, b"", 0, 0
        for hit in ELEMENT.finditer(chunk):
            dots, word = hit.groups()
            below = len(dots)
            if size and below > ELEMENT_LEVEL:
                continue
            if level:
                yield level, name, chunk[begin : hit.start()], size
            level, name, begin = below, word, hit.end()
            size = self._size(word) if below == ELEMENT_LEVEL else 0
        if level:
            yield level, name, chunk[begin:], size

    def _attribute(self, element: Element, path: list[tuple[int, str]], found: Parsed) -> None:
        level, name, raw, _ = element
        while path and path[-1][0] >= level:
            path.pop()
        if len(path) >= DEEPEST or len(found.attributes) >= MOST_NAMES:
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
    return b" ".join(line for part in text.split(b"\n") if (line := part.strip()))
