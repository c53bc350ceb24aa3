"""Geometry that other features refer to by id: lines in one array of numbers, areas as they are."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import shapely
from lxml import etree
from shapely import Geometry

from ikap.sources.gml_coordinates import Coordinates, Marks, Place, Unreadable, place_at
from ikap.sources.gml_crs import reference
from ikap.sources.gml_facts import Numbers
from ikap.sources.gml_geometry import CURVES, Shapes, rank
from ikap.sources.gml_links import NAMESPACES, number
from ikap.sources.gml_stream import Element, Envelope, Stream, feature_id, is_gml, local
from ikap.sources.ledger import Ledger

__all__ = ["Targets", "drawn_place", "envelope_place"]

WITH_ID = etree.XPath(".//g:*[@g:id]|.//h:*[@h:id]", namespaces=NAMESPACES)
ROUNDS = 20
"""How deep references may follow references."""


def envelope_place(envelope: Envelope) -> Place:
    """What the collection's bounds say of coordinates."""
    if not envelope.srs:
        return Place()
    found = reference(envelope.srs)
    return Place(found, envelope.dimension, "" if found else envelope.srs)


def drawn_place(element: Element, envelope: Place) -> Place:
    """What is said around a geometry: by what it lies in, else by the collection.

    The collection's `srsDimension` goes with its `srsName`, and not with another one.
    """
    above = []
    for parent in element.iterancestors():
        if parent.get("srsName") is None and not is_gml(parent):
            break
        above.append(parent)
    place = Place() if any(e.get("srsName") for e in (element, *above)) else envelope
    for parent in reversed(above):
        place = place_at(parent, place)
    return place


class Targets:
    """Finds geometry by the id it has in the file; each is drawn once, when it is met."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._starts = array("q", [0])
        self._coordinates = array("d")
        self._kind = array("l")
        self._marks: list[Marks] = []
        self._kinds: dict[tuple[object, ...], int] = {}
        self._sorted = self._order = np.empty(0, np.int64)
        self._areas: dict[int, tuple[Geometry, Marks]] = {}
        self._shapes = Shapes(self.line, self.area)

    @classmethod
    def read(cls, path: Path, encoding: str | None, wanted: Numbers, ledger: Ledger) -> Targets:
        """Wanted geometry of a file.

        Parameters
        ----------
        path : Path
            GML file.
        encoding : str or None
            See `Stream`.
        wanted : array of int64
            Numbers of the ids that are referred to.
        ledger : Ledger
            For messages.

        Returns
        -------
        Targets
            Geometry that cannot be drawn is not in it.
        """
        targets, among = cls(), set(wanted.tolist())
        left: list[tuple[str, bytes, Place]] = []
        stream = Stream(path, encoding, ledger)
        for feature in stream if among else ():
            for name, element in _wanted(feature, among):
                place = drawn_place(element, envelope_place(stream.envelope))
                if not targets._add(name, element, place):
                    left.append((name, _packed(element), place))
        targets._settle()
        for _ in range(ROUNDS):
            again = [x for x in left if not targets._add(x[0], _unpacked(x[1]), x[2])]
            targets._settle()
            if len(again) == len(left):
                break
            left = again
        return targets

    def _add(self, name: str, element: Element, place: Place) -> bool:
        """Draw one geometry; False if it refers to one that is not there (yet)."""
        self._shapes.fresh()
        try:
            if local(element) in CURVES:
                line = self._shapes.curves.line(element, place)
                self._kind.append(self._kind_of(self._shapes.marks))
                self._numbers.append(number(name))
                self._coordinates.frombytes(np.ascontiguousarray(line).tobytes())
                self._starts.append(self._starts[-1] + 2 * len(line))
            else:
                area = self._shapes.geometry(element, place)
                self._areas[number(name)] = area, self._shapes.marks
        except Unreadable as fault:
            return fault.key != "gml.boundary_missing"
        except (shapely.errors.ShapelyError, ValueError):
            return True
        return True

    def _kind_of(self, marks: Marks) -> int:
        """Place of equal marks in the list; most lines have the same."""
        done = (marks.arcs, marks.straight_arcs, marks.turned, marks.closed, marks.heights)
        key = (*done, *marks.references)
        if key not in self._kinds:
            self._kinds[key] = len(self._marks)
            self._marks.append(marks)
        return self._kinds[key]

    def _settle(self) -> None:
        """Let the lines that have been drawn be found."""
        numbers = np.array(self._numbers, dtype=np.int64)
        self._order = np.argsort(numbers, kind="stable")
        self._sorted = numbers[self._order]

    def line(self, name: str) -> tuple[Coordinates, Marks] | None:
        """Vertices of a line, and what was done to it; None if there is none of that id."""
        wanted = number(name)
        at = int(np.searchsorted(self._sorted, wanted))
        if at >= len(self._sorted) or self._sorted[at] != wanted:
            return None
        i = int(self._order[at])
        flat = self._coordinates[self._starts[i] : self._starts[i + 1]]
        return np.array(flat, dtype=np.float64).reshape(-1, 2), self._marks[self._kind[i]]

    def area(self, name: str) -> tuple[Geometry, Marks] | None:
        """Area, or several lines or points; None if there is none of that id."""
        return self._areas.get(number(name))


def _packed(element: Element) -> bytes:
    """Element as text; names of elements may have letters that ASCII has not."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def _unpacked(text: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(text, parser)


def _wanted(feature: Element, among: set[int]) -> Iterator[tuple[str, Element]]:
    """Ids that are referred to, and their geometry; that of the feature for its own id."""
    for element in cast("list[Element]", WITH_ID(feature)):
        name = feature_id(element)
        if rank(element) >= 0 and number(name) in among:
            yield name, element
    if number(feature_id(feature)) in among:
        drawn = [p[0] for p in feature if len(p) and rank(p[0]) >= 0]
        if drawn:
            yield feature_id(feature), max(drawn, key=rank)
