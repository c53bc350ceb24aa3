"""Coordinates of one GML element as east and north, in all the ways that GML writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ikap.sources.gml_crs import Reference, reference
from ikap.sources.gml_stream import Element, local

__all__ = ["Coordinates", "Marks", "Place", "Unreadable", "coordinates", "place_at"]

Coordinates = NDArray[np.float64]

POINT_PROPERTIES = ("pointProperty", "pointRep", "pointMember")
PLANE = 2


class Unreadable(Exception):  # noqa: N818 (it is told of one feature; the rest is read)
    """Why the geometry of a feature cannot be drawn: text key under `[quality]`, and its facts."""

    def __init__(self, key: str, **facts: Any) -> None:  # noqa: ANN401 (named fields of a sentence)
        super().__init__(key)
        self.key = key
        self.facts: dict[str, Any] = facts


@dataclass(frozen=True)
class Place:
    """What is said of the coordinates at one element: by itself, or by an element around it."""

    reference: Reference | None = None
    dimension: int = 0  # as stated; 0 where it follows from the coordinate system
    unknown: str = ""  # srsName that is not understood

    @property
    def numbers(self) -> int:
        """How many numbers a point has."""
        return self.dimension or (self.reference.dimension if self.reference else PLANE)


@dataclass
class Marks:
    """What was done to the geometry of one feature."""

    arcs: int = 0
    straight_arcs: int = 0
    turned: int = 0
    closed: bool = False
    heights: bool = False
    references: dict[str, Reference | None] = field(default_factory=dict)  # by `srsName`

    def add(self, other: Marks) -> None:
        """Count also what was done to a geometry that this one refers to."""
        self.arcs += other.arcs
        self.straight_arcs += other.straight_arcs
        self.turned += other.turned
        self.closed |= other.closed
        self.heights |= other.heights
        self.references.update(other.references)


def place_at(element: Element, around: Place) -> Place:
    """What is said of the coordinates at an element.

    Parameters
    ----------
    element : Element
        Geometry, or a list of coordinates.
    around : Place
        What is said around it.

    Returns
    -------
    Place
        The same one where the element says nothing itself.

    Raises
    ------
    Unreadable
        `gml.dimension` if `srsDimension` is not 2 or 3.
    """
    name, stated = element.get("srsName"), element.get("srsDimension")
    if name is not None and (around.reference is None or name != around.reference.name):
        found = reference(name)
        around = replace(around, reference=found, unknown="" if found else name)
    if stated is not None:
        if stated.strip() not in ("2", "3"):
            raise Unreadable("gml.dimension", stated=stated)
        around = replace(around, dimension=int(stated))
    return around


def coordinates(element: Element, place: Place, marks: Marks) -> Coordinates:
    """Points of an element: `posList`, `pos`, `coordinates`, `coord` or points within points.

    Parameters
    ----------
    element : Element
        Line, ring, segment or point.
    place : Place
        What is said of its coordinates.
    marks : Marks
        Is told of heights.

    Returns
    -------
    array of float64, shape (n, 2)
        East and north; heights are left out.

    Raises
    ------
    Unreadable
        `gml.coordinates` or `gml.dimension`.
    """
    found = [part for child in element for part in _lists(child, place, marks)]
    if len(found) == 1:
        return found[0]
    return np.concatenate(found) if found else np.empty((0, PLANE))


def _lists(child: Element, place: Place, marks: Marks) -> Iterator[Coordinates]:
    name = local(child)
    if name in ("posList", "pos"):
        yield _of_numbers(child.text, place_at(child, place), marks)
    elif name == "coordinates":
        yield _of_tuples(child, place, marks)
    elif name == "coord":
        text = " ".join(c.text or "" for c in child)
        yield _of_numbers(text, replace(place, dimension=len(child)), marks)
    elif name in POINT_PROPERTIES:
        for point in child:
            yield coordinates(point, place_at(point, place), marks)


def _of_numbers(text: str | None, place: Place, marks: Marks) -> Coordinates:
    try:
        numbers = np.array((text or "").split(), dtype=np.float64)
    except ValueError as error:
        raise Unreadable("gml.coordinates", detail=str(error).partition(": ")[2]) from error
    wide = place.numbers
    if len(numbers) % wide:
        raise Unreadable("gml.dimension_count", count=len(numbers), dimension=wide)
    marks.heights |= wide > PLANE
    marks.references[place.reference.name if place.reference else place.unknown] = place.reference
    points = numbers.reshape(-1, wide)
    if place.reference is not None and place.reference.north_first:
        return np.ascontiguousarray(points[:, 1::-1])
    return np.ascontiguousarray(points[:, :PLANE])


def _of_tuples(element: Element, place: Place, marks: Marks) -> Coordinates:
    """Points of GML 2's `coordinates`, where the file may choose the signs between numbers."""
    text = element.text or ""
    within, between = element.get("cs") or ",", element.get("ts") or " "
    decimal = element.get("decimal") or "."
    whole = text.split(between.strip() or None)
    tuples = [t.split(within.strip() or None) for t in whole if t.strip()]
    if not tuples:
        return np.empty((0, PLANE))
    wide = len(tuples[0])
    if wide < PLANE or any(len(t) != wide for t in tuples):
        raise Unreadable("gml.coordinates", detail=within.join(tuples[0]))
    joined = " ".join(n for t in tuples for n in t).replace(decimal, ".")
    return _of_numbers(joined, replace(place, dimension=wide), marks)
