"""The bytes of a GML file as UTF-8, whatever encoding they are in; and a look at its first lines.

A file that says UTF-8 and is not, is read byte by byte: what cannot be UTF-8 is Latin-1 (Windows).
A file that says a one-byte encoding and is UTF-8 all through, is UTF-8. Both are told.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ikap.sources.ledger import Ledger

__all__ = ["Letters", "Prolog", "read_prolog"]

CHUNK = 1 << 20
LONGEST_PROLOG = 1 << 20
"""Bytes that may stand before the first element."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
ALLOWED = re.compile(r"utf-8|utf-16(-[lb]e)?|ascii|(iso8859-\d+)|(cp1(25\d))|(cp8\d\d)")
"""Encodings, by Python's name, in which no byte of XML's own signs can stand for something else."""

STATED = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
BEFORE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
ROOT = re.compile(r"<(?:[^\s/>:]+:)?([^\s/>:]+)")
ESCAPED = {chr(0xDC00 + b): bytes([b]).decode("cp1252", errors="replace") for b in range(128, 256)}
"""Letters of Windows-1252 by the sign that stands for a byte that is not UTF-8."""

TRANSLATION = str.maketrans(ESCAPED)


@dataclass(frozen=True)
class Prolog:
    """What stands before the first element, and its name without prefix; empty if there is none."""

    encoding: str  # Python's name
    stated: str  # the file's own word, empty where it says nothing
    skip: int  # bytes of the byte order mark
    root: str
    doctype: bool


def read_prolog(path: Path, encoding: str | None, ledger: Ledger) -> Prolog:
    """Encoding, root element and document type of an XML file, without an XML parser.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str or None
        Encoding that the declaration states; it goes before what the file says.
    ledger : Ledger
        For the message.

    Returns
    -------
    Prolog
        As found.

    Raises
    ------
    InputError
        `encoding.unknown` if there is no such encoding, or it cannot be read safely.
    """
    with path.open("rb") as stream:
        head = stream.read(LONGEST_PROLOG)
    mark, found = next(((m, e) for m, e in BOMS if head.startswith(m)), (b"", ""))
    skip = len(mark) if mark[:1] in (b"\xef", b"\xff", b"\xfe") else 0
    text = head[skip:].decode(found or "latin-1", errors="replace")
    match = STATED.match(text)
    stated = match.group(1) if match else ""
    name = _python_name(encoding or found or stated or "utf-8")
    if not ALLOWED.fullmatch(name):
        raise ledger.error("encoding.unknown", name=encoding or stated)
    at = 0
    while (before := BEFORE.match(text, at)) is not None:
        at = before.end()
    root = ROOT.match(text, at)
    doctype = text[at : at + 9].upper() == "<!DOCTYPE"
    return Prolog(name, stated, skip, root.group(1) if root and not doctype else "", doctype)


def _python_name(name: str) -> str:
    try:
        return codecs.lookup(name.strip()).name
    except LookupError:
        return ""


@dataclass
class Letters:
    """Bytes of one file as UTF-8; counts the letters that are not in the encoding it is said."""

    path: Path
    prolog: Prolog
    mended: int = 0
    used: str = ""

    def __iter__(self) -> Iterator[bytes]:
        """Pieces of about 1 MiB, in UTF-8."""
        if self.prolog.encoding in ("utf-8", "ascii"):
            return self._mostly_utf8()
        if not self.prolog.encoding.startswith("utf-16") and (letters := self._utf8_letters()):
            self.mended, self.used = letters, "UTF-8"
            return self._raw()
        return self._decoded()

    def tell(self, ledger: Ledger) -> None:
        """Tell of letters in another encoding than the stated one, once the file is read."""
        if self.mended:
            stated = self.prolog.stated or "UTF-8"
            ledger.told("gml.letters", self.mended, stated=stated, used=self.used)

    def known(self) -> tuple[str, str]:
        """Encoding of the text, and how it is known."""
        if self.mended:
            return self.used, "guessed"
        return self.prolog.encoding.upper(), "format"

    def _raw(self) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            stream.seek(self.prolog.skip)
            while piece := stream.read(CHUNK):
                yield piece

    def _decoded(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.prolog.encoding)(errors="replace")
        for piece in self._raw():
            yield decoder.decode(piece).encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")

    def _mostly_utf8(self) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
        for piece in self._raw():
            yield self._mended(decoder.decode(piece))
        yield self._mended(decoder.decode(b"", final=True))

    def _mended(self, text: str) -> bytes:
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError:
            self.used = "Latin-1"
            self.mended += sum(map(text.count, ESCAPED))
            return text.translate(TRANSLATION).encode("utf-8")

    def _utf8_letters(self) -> int:
        """How many letters beyond ASCII there are if all of the file is UTF-8; else none."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        letters = 0
        try:
            for piece in self._raw():
                text = decoder.decode(piece)
                letters += 0 if text.isascii() else sum(not c.isascii() for c in text)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return 0
        return letters
