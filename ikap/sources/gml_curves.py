"""Curves of GML as lines: segments and members put end to end, arcs by a stated tolerance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ikap.sources.arcs import SAGITTA_M, arc_line, circle_line
from ikap.sources.gml_coordinates import (
    Coordinates,
    Marks,
    Place,
    Unreadable,
    coordinates,
    place_at,
)
from ikap.sources.gml_stream import Element, is_gml, local

__all__ = ["DEEPEST", "HREF", "Curves", "is_closed", "link_of"]

HREF = "{http://www.w3.org/1999/xlink}href"
TOUCHING = 0.001
"""Metres; ends that are no farther apart meet."""
DEEPEST = 40
"""Geometry within geometry."""
ARC = 3
FLAT = 0.001
"""An arc that rises less than a thousandth of its chord, and less than 2 cm, is no arc."""
WHOLE = 360.0
METRES = ("m", "metre", "meter", "9001")
DEGREES = ("deg", "degree", "degrees", "9102", "9122")
SEGMENTS = (
    "LineStringSegment",
    "Arc",
    "ArcString",
    "Circle",
    "ArcByCenterPoint",
    "CircleByCenterPoint",
)

Find = Callable[[str], tuple[Coordinates, Marks] | None]


def link_of(element: Element) -> str:
    """Id that an element refers to within the file; empty if it refers to nothing there."""
    href = element.get(HREF) or ""
    return href[1:] if href.startswith("#") else ""


def is_closed(line: Coordinates, place: Place) -> bool:
    """Whether the ends of a line meet, to 1 mm."""
    return len(line) > 0 and _apart(line[-1], line[0]) <= _touching(place)


@dataclass
class Curves:
    """Reads curves; `find` gives a line elsewhere in the file, and what was done to it."""

    find: Find
    marks: Marks

    def line(self, element: Element, around: Place, depth: int = 0) -> Coordinates:
        """Vertices of any curve.

        Parameters
        ----------
        element : Element
            LineString, Curve, CompositeCurve, OrientableCurve, LinearRing or Ring.
        around : Place
            What is said of coordinates around it.
        depth : int
            How deep it lies in its geometry.

        Returns
        -------
        array of float64, shape (n, 2)
            East and north, in the direction of the curve.

        Raises
        ------
        Unreadable
            Any of the keys of this module and `gml_coordinates`.
        """
        if depth > DEEPEST:
            raise Unreadable("gml.too_deep")
        place = place_at(element, around)
        name = local(element)
        if name in ("LineString", "LinearRing"):
            return coordinates(element, place, self.marks)
        if name == "Curve":
            segments = (s for part in element if local(part) == "segments" for s in part)
            return self._joined([self._segment(s, place) for s in segments], place)
        if name in ("CompositeCurve", "Ring"):
            members = (m for m in element if local(m) in ("curveMember", "curveMembers"))
            pieces = [line for m in members for line in self.member(m, place, depth)]
            return self._joined(pieces, place)
        if name == "OrientableCurve":
            base = (m for m in element if local(m) == "baseCurve")
            lines = [line for m in base for line in self.member(m, place, depth)]
            line = self._joined(lines, place)
            return line[::-1] if element.get("orientation") == "-" else line
        raise Unreadable("gml.unsupported", name=name)

    def ring(self, element: Element, around: Place, depth: int = 0) -> Coordinates:
        """Vertices of a closed ring, the last the same as the first.

        A `LinearRing` that lacks its last point is closed by a straight line, and told; a ring of
        curves with a gap lacks a piece of unknown shape.
        """
        line = self.line(element, around, depth)
        place = place_at(element, around)
        if len(line) < ARC:
            raise Unreadable("gml.ring_short", count=len(line))
        if not is_closed(line, place):
            gap = round(_apart(line[-1], line[0]), 3)
            if local(element) != "LinearRing":
                raise Unreadable("gml.ring_open", gap=gap)
            if not place.dimension and self._closes_in_space(element, place):
                raise Unreadable("gml.dimension", stated="")
            self.marks.closed = True
        if (line[0] != line[-1]).any():
            line = np.concatenate([line, line[:1]])
        if len(line) <= ARC:
            raise Unreadable("gml.ring_short", count=len(line) - 1)
        return line

    def _closes_in_space(self, element: Element, place: Place) -> bool:
        """Whether a ring would be closed if its points had heights that nothing says they have."""
        text = " ".join(e.text or "" for e in element if local(e) in ("posList", "pos")).split()
        other = 5 - place.numbers
        return len(text) % other == 0 and text[:other] == text[-other:]

    def member(self, member: Element, place: Place, depth: int) -> Iterator[Coordinates]:
        """Lines of one `curveMember`: within it, or elsewhere in the file."""
        link = link_of(member)
        if link:
            found = self.find(link)
            if found is None:
                raise Unreadable("gml.boundary_missing", id=link)
            self.marks.add(found[1])
            yield found[0]
            return
        if not len(member) and member.get(HREF):
            raise Unreadable("gml.boundary_missing", id=member.get(HREF))
        for curve in member:
            yield self.line(curve, place, depth + 1)

    def _segment(self, element: Element, around: Place) -> Coordinates:
        place, name = place_at(element, around), local(element)
        if name not in SEGMENTS or not is_gml(element):
            raise Unreadable("gml.unsupported", name=name)
        if name in ("ArcByCenterPoint", "CircleByCenterPoint"):
            self.marks.arcs += 1
            return _by_centre(element, place, self.marks)
        points = coordinates(element, place, self.marks)
        if name == "LineStringSegment":
            return points
        count = len(points)
        if count < ARC or count % 2 == 0 or (name != "ArcString" and count != ARC):
            raise Unreadable("gml.arc_points", name=name, count=count)
        arcs = [self._arc(points[i : i + ARC], name, place) for i in range(0, count - 2, 2)]
        return np.concatenate([arcs[0], *(arc[1:] for arc in arcs[1:])])

    def _arc(self, points: Coordinates, name: str, place: Place) -> Coordinates:
        start, through, end = ((float(x), float(y)) for x, y in points)
        sagitta = place.reference.sagitta if place.reference else SAGITTA_M
        chord = math.dist(start, end)
        if len({start, through, end}) < ARC:
            raise Unreadable("gml.arc_points", name=name, count=len({start, through, end}))
        rise = abs(
            (end[0] - start[0]) * (through[1] - start[1])
            - (end[1] - start[1]) * (through[0] - start[0])
        )
        if rise <= chord * min(chord * FLAT, 2 * sagitta) or not math.isfinite(rise):
            if name == "Circle":
                raise Unreadable("gml.arc_points", name=name, count=2)
            self.marks.straight_arcs += 1
            return points
        self.marks.arcs += 1
        return (
            _circle(points, sagitta) if name == "Circle" else arc_line(start, through, end, sagitta)
        )

    def _joined(self, pieces: Sequence[Coordinates], place: Place) -> Coordinates:
        """Pieces end to end; one that lies the other way round is turned, and counted."""
        lines = [piece for piece in pieces if len(piece)]
        if len(lines) < 2:  # noqa: PLR2004 (nothing to join)
            return lines[0] if lines else np.empty((0, 2))
        near = _touching(place)
        if _misses(lines[0][-1], lines[1], near) and not _misses(lines[0][0], lines[1], near):
            lines[0] = lines[0][::-1]
            self.marks.turned += 1
        whole = [lines[0]]
        for line in lines[1:]:
            end = whole[-1][-1]
            if _apart(end, line[0]) > near:
                if _apart(end, line[-1]) > near:
                    raise Unreadable("gml.ring_open", gap=round(_apart(end, line[0]), 3))
                line = line[::-1]  # noqa: PLW2901 (the piece the other way round)
                self.marks.turned += 1
            whole.append(line[1:] if (line[0] == end).all() else line)
        return np.concatenate(whole)


def _by_centre(element: Element, place: Place, marks: Marks) -> Coordinates:
    """Arc or circle by its centre and radius; angles in degrees from east, against the clock."""
    centres = coordinates(element, place, marks)
    if len(centres) != 1 or (place.reference and place.reference.crs.is_geographic):
        raise Unreadable("gml.unsupported", name=local(element))
    x, y = float(centres[0][0]), float(centres[0][1])
    radius = _measure(element, "radius", METRES)
    sagitta = place.reference.sagitta if place.reference else SAGITTA_M
    if local(element) == "CircleByCenterPoint":
        return circle_line((x, y), (x + radius, y), sagitta)
    first, last = _measure(element, "startAngle", DEGREES), _measure(element, "endAngle", DEGREES)
    angles = (math.radians(a) for a in (first, (first + last) / 2, last))
    start, through, end = ((x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles)
    if abs(last - first) >= WHOLE:
        return circle_line((x, y), start, sagitta)
    return arc_line(start, through, end, sagitta)


def _measure(element: Element, name: str, units: Sequence[str]) -> float:
    """Number of a child; a unit that is not one of these would be a guess."""
    child = next((c for c in element if local(c) == name), None)
    unit = "" if child is None else (child.get("uom") or "").rpartition(":")[2].lstrip("#").lower()
    try:
        number = float("" if child is None else child.text or "")
    except ValueError as error:
        raise Unreadable("gml.coordinates", detail=name) from error
    if (unit and unit not in units) or not math.isfinite(number):
        raise Unreadable("gml.coordinates", detail=f"{name} {number} {unit}")
    return number


def _circle(points: Coordinates, sagitta: float) -> Coordinates:
    """The whole circle through three points, from the first one and in their direction."""
    start = points[0]
    to = points[1:] - start
    centre = start + np.linalg.solve(2 * to, (to**2).sum(axis=1))
    line = circle_line(
        (float(centre[0]), float(centre[1])), (float(start[0]), float(start[1])), sagitta
    )
    return line if np.linalg.det(to) > 0 else line[::-1]


def _misses(end: Coordinates, line: Coordinates, near: float) -> bool:
    return _apart(end, line[0]) > near and _apart(end, line[-1]) > near


def _apart(one: Coordinates, other: Coordinates) -> float:
    return math.dist(one, other)


def _touching(place: Place) -> float:
    return TOUCHING * (place.reference.sagitta if place.reference else SAGITTA_M) / SAGITTA_M
