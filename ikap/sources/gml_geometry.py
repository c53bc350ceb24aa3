"""Geometry of GML features as polygons, lines and points in the plane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import shapely
from shapely import Geometry, Polygon

from ikap.sources.gml_coordinates import (
    Coordinates,
    Marks,
    Place,
    Unreadable,
    coordinates,
    place_at,
)
from ikap.sources.gml_curves import DEEPEST, HREF, Curves, link_of
from ikap.sources.gml_stream import Element, local

__all__ = ["RANKS", "Shapes", "rank"]

PATCHED = ("Surface", "PolyhedralSurface", "TriangulatedSurface", "Tin")
COMPOSED = ("CompositeSurface", "OrientableSurface")
MULTI_AREAS = ("MultiSurface", "MultiPolygon")
PATCHES = ("PolygonPatch", "Triangle", "Rectangle")
CURVES = ("LineString", "Curve", "CompositeCurve", "OrientableCurve", "LinearRing", "Ring")
MULTI_LINES = ("MultiCurve", "MultiLineString")
LINE_MEMBERS = ("curveMember", "curveMembers", "lineStringMember")
AREA_MEMBERS = ("surfaceMember", "surfaceMembers", "polygonMember", "baseSurface")
MIXED = ("MultiGeometry", "GeometricComplex")

RANKS = {
    **dict.fromkeys(("Polygon", *PATCHED, *COMPOSED, *MULTI_AREAS), 4),
    **dict.fromkeys((*CURVES, *MULTI_LINES), 3),
    **dict.fromkeys(("Point", "MultiPoint"), 2),
    **dict.fromkeys(MIXED, 1),
    **dict.fromkeys(("Solid", "CompositeSolid", "MultiSolid", "Grid", "RectifiedGrid"), 0),
}
"""Geometry by how much of the ground it tells: of several in a feature the highest is used."""

FindLine = Callable[[str], tuple[Coordinates, Marks] | None]
FindArea = Callable[[str], tuple[Geometry, Marks] | None]


def rank(element: Element) -> int:
    """Rank of a geometry element; -1 for any other element."""
    return _rank(element.tag)


@lru_cache(maxsize=4096)
def _rank(tag: object) -> int:
    namespace, _, name = str(tag).rpartition("}")
    return RANKS.get(name, -1) if namespace.startswith("{http://www.opengis.net/gml") else -1


@dataclass
class Shapes:
    """Reads geometry; lines and areas that are elsewhere in the file are found by their id."""

    find_line: FindLine
    find_area: FindArea
    marks: Marks = field(default_factory=Marks)

    def __post_init__(self) -> None:
        self.curves = Curves(self.find_line, self.marks)

    def fresh(self) -> None:
        """Forget what was done to the feature before."""
        self.marks = self.curves.marks = Marks()

    def geometry(self, element: Element, around: Place, depth: int = 0) -> Geometry:
        """Geometry of any type, in 2D, east first; valid or not, as it is drawn.

        Parameters
        ----------
        element : Element
            GML geometry.
        around : Place
            What the collection says of coordinates.
        depth : int
            How deep it lies in another geometry.

        Returns
        -------
        Geometry
            The patches of one surface are one polygon; members of a MultiSurface stay apart.

        Raises
        ------
        Unreadable
            Why it cannot be drawn.
        """
        if depth > DEEPEST:
            raise Unreadable("gml.too_deep")
        name = local(element)
        place = place_at(element, around)
        if name in CURVES:
            return _line(self.curves.line(element, around, depth))
        if name == "Point":
            return self._point(element, place)
        parts = list(self._parts(element, place, depth))
        if not parts:
            raise Unreadable("gml.coordinates", detail=name)
        return _whole(name, parts)

    def _parts(self, element: Element, place: Place, depth: int) -> Iterator[Geometry]:
        """Geometries that a surface or a collection is made of."""
        name = local(element)
        if name in MULTI_LINES:
            members = (c for c in element if local(c) in LINE_MEMBERS)
            lines = (line for m in members for line in self.curves.member(m, place, depth))
            yield from (_line(line) for line in lines)
        elif name == "MultiPoint":
            points = self._members(element, ("pointMember", "pointMembers"))
            yield from (self._point(p, place_at(p, place)) for p in points)
        elif name in MIXED:
            mixed = self._members(element, ("geometryMember", "geometryMembers", "element"))
            yield from (self.geometry(m, place, depth + 1) for m in mixed)
        else:
            yield from self.areas(element, place, depth)

    def areas(self, element: Element, around: Place, depth: int) -> list[Geometry]:
        """Polygons of a surface; one or more polygons, or one multipolygon of its patches."""
        if depth > DEEPEST:
            raise Unreadable("gml.too_deep")
        name, place = local(element), place_at(element, around)
        if name in ("Polygon", *PATCHES):
            return [self._polygon(element, place, depth)]
        if name in PATCHED:
            holders = (c for c in element if local(c).lower().endswith("patches"))
            return _as_one([self._polygon(p, place, depth) for h in holders for p in h])
        if name in (*COMPOSED, *MULTI_AREAS):
            found: list[Geometry] = []
            for member in (c for c in element if local(c) in AREA_MEMBERS):
                found.extend(self._linked(member) if member.get(HREF) else ())
                found.extend(a for s in member for a in self.areas(s, place, depth + 1))
            return list(_polygons(found)) if name in MULTI_AREAS else _as_one(found)
        raise Unreadable("gml.unsupported", name=name)

    def _linked(self, member: Element) -> list[Geometry]:
        found = self.find_area(link_of(member))
        if found is None:
            raise Unreadable("gml.boundary_missing", id=link_of(member) or member.get(HREF))
        self.marks.add(found[1])
        return [found[0]]

    def _polygon(self, element: Element, around: Place, depth: int) -> Polygon:
        if local(element) not in ("Polygon", *PATCHES):
            raise Unreadable("gml.unsupported", name=local(element))
        place = place_at(element, around)
        shell, holes = None, []
        for boundary in element:
            name = local(boundary)
            if name in ("exterior", "outerBoundaryIs"):
                shell = self._ring(boundary, place, depth)
            elif name in ("interior", "innerBoundaryIs"):
                holes.append(self._ring(boundary, place, depth))
        if shell is None:
            raise Unreadable("gml.ring_short", count=0)
        return shapely.polygons(shell, holes or None)

    def _ring(self, boundary: Element, place: Place, depth: int) -> shapely.LinearRing:
        if not len(boundary):
            raise Unreadable("gml.boundary_missing", id=link_of(boundary))
        ring = self.curves.ring(boundary[0], place, depth + 1)
        return cast(shapely.LinearRing, shapely.linearrings(ring))

    def _members(self, element: Element, names: Iterable[str]) -> Iterator[Element]:
        for member in (c for c in element if local(c) in names):
            if not len(member):
                raise Unreadable("gml.boundary_missing", id=link_of(member))
            yield from member

    def _point(self, element: Element, place: Place) -> Geometry:
        found = coordinates(element, place, self.marks)
        if len(found) != 1:
            raise Unreadable("gml.coordinates", detail="Point")
        return cast(Geometry, shapely.points(found[0]))


def _whole(name: str, parts: list[Geometry]) -> Geometry:
    if name in MULTI_LINES:
        return cast(Geometry, shapely.multilinestrings(parts))
    if name == "MultiPoint":
        return cast(Geometry, shapely.multipoints(parts))
    if name in MIXED:
        return cast(Geometry, shapely.geometrycollections(parts))
    return cast(Geometry, shapely.multipolygons(parts)) if name in MULTI_AREAS else parts[0]


def _line(line: Coordinates) -> Geometry:
    if len(line) < 2:  # noqa: PLR2004 (a line has two ends)
        raise Unreadable("gml.ring_short", count=len(line))
    return cast(Geometry, shapely.linestrings(line))


def _polygons(areas: Iterable[Geometry]) -> Iterator[Geometry]:
    for area in areas:
        yield from shapely.get_parts(area)


def _as_one(areas: list[Geometry]) -> list[Geometry]:
    """Patches of one surface as one area; they share edges and do not overlap."""
    if len(areas) < 2:  # noqa: PLR2004 (nothing to join)
        return areas
    if not shapely.is_valid(areas).all():
        return [cast(Geometry, shapely.multipolygons(list(_polygons(areas))))]
    return [shapely.union_all(areas)]
