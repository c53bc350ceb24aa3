"""Features of a GML file one after the other, read so that no file can fill the memory.

Nothing outside the file is opened, and a document type is refused, so that no entity can grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

from ikap.sources.gml_letters import Letters, read_prolog
from ikap.sources.ledger import Ledger

__all__ = ["GML", "Envelope", "Stream", "feature_id", "is_gml", "local"]

GML = ("http://www.opengis.net/gml/3.2", "http://www.opengis.net/gml")
"""Namespaces of GML 3.2, and of GML 3.1 and 2; `gml/3.3/...` begins with the last."""

COLLECTIONS = ("featurecollection",)
NO_MAP = ("ExceptionReport", "ServiceExceptionReport", "Capabilities", "html", "schema")
"""Roots of files that a service gave in place of a map."""
MEMBERS = ("featuremember", "featuremembers", "member", "additionalobjects")
LARGEST = 48 << 20
"""Bytes of one feature; a polygon of a million vertices is half of it."""

TAIL = 1024
"""Bytes at the end of a file that show whether it is all there."""

Element = etree._Element


@dataclass
class Envelope:
    """What the collection says of all its features."""

    srs: str = ""
    dimension: int = 0


def local(element: Element) -> str:
    """Name of an element without its namespace."""
    return _local(element.tag)


@lru_cache(maxsize=4096)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_gml(element: Element) -> bool:
    """Whether an element is GML's own and not the application's."""
    return _is_gml(element.tag)


@lru_cache(maxsize=4096)
def _is_gml(tag: object) -> bool:
    return isinstance(tag, str) and tag.startswith("{http://www.opengis.net/gml")


def feature_id(element: Element) -> str:
    """`gml:id` of an element (`fid` in GML 2); empty if it has none."""
    for namespace in GML:
        if found := element.get(f"{{{namespace}}}id"):
            return found
    return element.get("fid") or ""


class Stream:
    """Features of one file in its order; each element is gone when the next one is asked for.

    Parameters
    ----------
    path : Path
        GML file.
    encoding : str or None
        Encoding of the text, where the file does not say it or says it wrong.
    ledger : Ledger
        For messages.
    """

    def __init__(self, path: Path, encoding: str | None, ledger: Ledger) -> None:
        self.envelope = Envelope()
        self.ledger = ledger
        self.prolog = read_prolog(path, encoding, ledger)
        self.letters = Letters(path, self.prolog)
        self._last = ""
        self._count = 0
        if self.prolog.doctype:
            raise ledger.error("gml.doctype")
        if not self.prolog.root or self.prolog.root.endswith(NO_MAP):
            raise ledger.error("gml.not_gml", root=self.prolog.root or "?")

    def __iter__(self) -> Iterator[Element]:
        """Each feature once.

        Yields
        ------
        Element
            The feature; its ancestors may not be whole.

        Raises
        ------
        InputError
            `gml.broken`, `gml.truncated`, `gml.too_large`, `gml.not_gml`, `gml.doctype`.
        """
        parser = etree.XMLPullParser(
            events=("start",),
            tag=f"{{*}}{self.prolog.root}",
            encoding="utf-8",
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=True,
            remove_comments=True,
            remove_pis=True,
        )
        root: Element | None = None
        since, tail = 0, b""
        try:
            for piece in self.letters:
                tail = (tail + piece[-TAIL:])[-TAIL:]
                parser.feed(piece)
                for _, element in parser.read_events():
                    root = self._checked(element) if root is None else root
                if root is not None:
                    before = self._count
                    yield from self._features(root, whole=False, member=False)
                    since = 0 if self._count > before else since + len(piece)
                    if since > LARGEST:
                        raise self.ledger.error(
                            "gml.too_large", limit=LARGEST >> 20, id=self._last or "–"
                        )
            root = parser.close()
        except etree.XMLSyntaxError as error:
            raise self._broken(error, tail) from error
        yield from self._features(root, whole=True, member=False)
        if not self._count and not self.prolog.root.lower().endswith(COLLECTIONS):
            raise self.ledger.error("gml.not_gml", root=self.prolog.root)

    def _checked(self, root: object) -> Element:
        assert isinstance(root, Element)  # start events have elements
        if getattr(root.getroottree().docinfo, "doctype", ""):
            raise self.ledger.error("gml.doctype")
        return root

    def _features(self, container: Element, *, whole: bool, member: bool) -> Iterator[Element]:
        """Features that have come whole below a collection; they are taken out of it.

        The last child is left until more has come: the parser may be writing to it or behind it.
        """
        children = list(container)
        for i, child in enumerate(children):
            done = whole or i < len(children) - 1
            name = local(child).lower()
            if name in MEMBERS or name in COLLECTIONS:
                yield from self._features(child, whole=done, member=name in MEMBERS)
            elif name == "boundedby":
                self._note(child)
            elif done and member and not is_gml(child):
                self._count += 1
                yield child
                self._last = feature_id(child)
            if done:
                container.remove(child)

    def _note(self, bounds: Element) -> None:
        for element in bounds.iter():
            self.envelope.srs = self.envelope.srs or element.get("srsName") or ""
            stated = element.get("srsDimension") or ""
            self.envelope.dimension = int(stated) if stated.isdigit() else self.envelope.dimension

    def _broken(self, error: etree.XMLSyntaxError, tail: bytes) -> Exception:
        """What is wrong with a file that is not well-formed: it ends too soon, or it is spoilt."""
        name = re.escape(self.prolog.root.encode("utf-8"))
        whole = re.search(
            rb"</(?:[^\s<>/:]+:)?" + name + rb"\s*>\s*(<!--.*?-->\s*)*$", tail, re.DOTALL
        )
        detail = str(error.msg).partition(", line")[0]
        facts = {"line": error.lineno or 0, "count": self._count, "last": self._last or "–"}
        key = "gml.broken" if whole else "gml.truncated"
        return self.ledger.error(key, detail=detail, **facts)
