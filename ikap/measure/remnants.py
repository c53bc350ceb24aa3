"""What is left of fields that are cut, joined to what lies beside it, and how wide it is.

The width of a piece is the diameter of the largest circle that has room in it: a strip is as wide
as it is across, and a large field with a narrow tongue is as wide as the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Ground", "Piece", "grown", "roomy", "width"]

Geometries = NDArray[np.object_]
Name = tuple[int, int]
TOUCH_M = 0.05
"""Pieces no farther apart than this touch: coordinates of maps are given in centimetres."""
PASSAGE_M = 1.0
"""Pieces that have a shorter border than this in common meet in a corner, and are two pieces."""
CIRCLE_M = 0.01
"""How exactly the largest circle is found."""


@dataclass(frozen=True)
class Piece:
    """Part of a field that is left, and which one it is: field, and part of it."""

    name: Name
    shape: shapely.Polygon


@dataclass
class Ground:
    """Fields with a part of them taken, each worked out when it is first asked for.

    `near` gives the numbers of the fields whose boxes meet a box, `left` what is left of a field.
    """

    near: Callable[[tuple[float, float, float, float]], Iterable[int]]
    left: Callable[[int], shapely.Geometry]
    known: dict[int, tuple[Piece, ...]] = field(default_factory=dict)

    def pieces(self, number: int) -> tuple[Piece, ...]:
        """What is left of one field, as polygons."""
        if number not in self.known:
            parts = shapely.get_parts(shapely.get_parts(self.left(number)))
            flat = [part for part in parts if part.geom_type == "Polygon" and part.area > 0]
            self.known[number] = tuple(Piece((number, k), part) for k, part in enumerate(flat))
        return self.known[number]

    def beside(self, piece: Piece) -> Iterator[Piece]:
        """Pieces that have more than a corner in common with a piece."""
        shapely.prepare(around := shapely.buffer(piece.shape, TOUCH_M))
        for number in self.near(around.bounds):
            for other in self.pieces(number):
                if other.name == piece.name or not around.intersects(other.shape):
                    continue
                if shapely.length(shapely.intersection(around, other.shape.boundary)) >= PASSAGE_M:
                    yield other


def roomy(shape: shapely.Geometry, area: float, across: float) -> bool:
    """Whether a piece is surely that large and that wide, from its area and its outline alone.

    Each point of a polygon is at most r from its outline, where r is the radius of the largest
    circle in it. Such a belt is no larger than P r + h π r², with P the length of the outline and h
    the number of holes (Steiner's formula for parallel curves), so r is at least what makes it A.

    Examples
    --------
    >>> roomy(shapely.box(0, 0, 100, 100), 5000, 20), roomy(shapely.box(0, 0, 500, 10), 5000, 20)
    (True, False)
    """
    holes = np.sum(shapely.get_num_interior_rings(shapely.get_parts(shape)))
    radius, own = across / 2, shapely.area(shape)
    return bool(own >= max(area, shapely.length(shape) * radius + holes * np.pi * radius**2))


def width(shape: shapely.Geometry) -> float:
    """Diameter in m of the largest circle that has room in a polygon.

    Examples
    --------
    >>> round(width(shapely.box(0, 0, 200, 12)), 1)
    12.0
    """
    circle = shapely.maximum_inscribed_circle(np.array([shape]), tolerance=CIRCLE_M)
    return 2 * float(shapely.length(circle[0]))


def grown(
    start: Piece,
    ground: Ground,
    *,
    area: float,
    across: float,
    enough: Mapping[Name, bool] | None = None,
) -> tuple[list[Piece], bool]:
    """Gather all pieces that hang together with one, until they are surely large and wide.

    Parameters
    ----------
    start : Piece
        Where to begin.
    ground : Ground
        All pieces.
    area : float
        m² that is large enough.
    across : float
        Width in m that is enough.
    enough : mapping, optional
        Pieces that are known to hang together with enough, or not to.

    Returns
    -------
    tuple of list of Piece and bool
        The pieces, and whether they hang together with ground that is large and wide.
    """
    known = enough or {}
    found, todo = {start.name: start}, [start]
    while todo:
        piece = todo.pop()
        if roomy(piece.shape, area, across) or known.get(piece.name, False):
            return list(found.values()), True
        for other in ground.beside(piece):
            if other.name not in found:
                found[other.name] = other
                todo.append(other)
    whole = shapely.union_all([piece.shape for piece in found.values()])
    large = shapely.area(whole) >= area
    return list(found.values()), bool(large and width(whole) >= across)
