"""Surfaces of SOSI objects, put together from the curves that they refer to.

A ring closes where the last point of each curve is the first point of the next, to the last
decimal. Nothing is snapped. If the stated order or direction does not close but the curves hang
together in one way only, that way is taken and told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Curves", "Outline", "Place", "Problem", "outline_of", "polygons", "references"]

REFERENCES = re.compile(rb"(?:\s*+(?:[()]|:\s?-?\d{1,18}+))++\s*+")
REFERENCE = re.compile(rb"\(|\)|-?\d++")
COMMENT = re.compile(rb"![^\n]*")
BOTH_ENDS = 2
SMALLEST_RING = 4

Place = tuple[float, float]
Piece = tuple[int, bool]
"""Place of a curve, and whether it is run backwards."""
Coordinates = NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """Curves that surfaces refer to."""

    place: Mapping[int, int]  # by the object's number
    ends: Mapping[int, tuple[Place, Place]]  # by place
    sizes: Mapping[int, int]  # vertices, by place
    unusable: Mapping[int, str]  # numbers that cannot be used: key of the problem


@dataclass(frozen=True)
class Problem:
    """Why a surface cannot be put together: text key under `[quality]`, and its facts."""

    key: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Outline:
    """Rings of a surface, the outer one first."""

    rings: tuple[tuple[Piece, ...], ...]
    mended: bool  # whether order or direction were not as stated


def references(texts: Sequence[bytes]) -> list[list[int]] | None:
    """Numbers that a surface refers to: the outer ones, then those of each pair of parentheses.

    Parameters
    ----------
    texts : sequence of bytes
        Values of `..REF`, also over several lines.

    Returns
    -------
    list of list of int or None
        Negative where the curve is run backwards; None where the text cannot be read.

    Examples
    --------
    >>> references([b" :1 :-2 (:3 :4)", b" :5"])
    [[1, -2, 5], [3, 4]]
    """
    text = COMMENT.sub(b"", b" ".join(texts))
    if not REFERENCES.fullmatch(text):
        return None
    groups: list[list[int]] = [[]]
    inside = False
    for word in REFERENCE.findall(text):
        if word in (b"(", b")"):
            if inside == (word == b"(") or (inside and not groups[-1]):
                return None
            inside = word == b"("
            if inside:
                groups.append([])
        else:
            groups[-1 if inside else 0].append(int(word))
    return None if inside or not groups[0] else groups


def outline_of(groups: Sequence[Sequence[int]], curves: Curves) -> Outline | Problem:
    """Rings of one surface.

    Parameters
    ----------
    groups : sequence of sequence of int
        As from `references`.
    curves : Curves
        Where the curves begin and end.

    Returns
    -------
    Outline or Problem
        Problem: `sosi.ref_missing`, `sosi.ref_twice`, `sosi.ref_kind`, `sosi.ref_broken`,
        `sosi.not_closed`, `sosi.not_one_ring` or `sosi.few_points`.
    """
    for key in ("sosi.ref_missing", "sosi.ref_twice", "sosi.ref_kind", "sosi.ref_broken"):
        bad = [
            abs(ref) for group in groups for ref in group if curves.unusable.get(abs(ref)) == key
        ]
        if bad:
            return Problem(key, {"numbers": ", ".join(map(str, dict.fromkeys(bad[:10])))})
    rings: list[tuple[Piece, ...]] = []
    mended = False
    for number, group in enumerate(groups):
        pieces = [(curves.place[abs(ref)], ref < 0) for ref in group]
        found, gap = _walk(pieces, curves, whole=number == 0)
        if gap is not None:
            found, mended = _chain(pieces, curves), True
        if not found:
            assert gap is not None  # a walk without a gap has rings
            at, far = gap
            return Problem("sosi.not_closed", {"number": abs(group[at]), "gap_m": round(far, 3)})
        if number == 0 and len(found) > 1:
            return Problem("sosi.not_one_ring", {"count": len(found)})
        rings += found
    if any(_vertices(ring, curves) < SMALLEST_RING for ring in rings):
        return Problem("sosi.few_points", {})
    return Outline(tuple(rings), mended)


def _ends(piece: Piece, curves: Curves) -> tuple[Place, Place]:
    first, last = curves.ends[piece[0]]
    return (last, first) if piece[1] else (first, last)


def _walk(
    pieces: Sequence[Piece], curves: Curves, *, whole: bool
) -> tuple[list[tuple[Piece, ...]], tuple[int, float] | None]:
    """Rings in the stated order; else the piece after which there is a gap, and how wide it is."""
    rings: list[tuple[Piece, ...]] = []
    ring: list[Piece] = []
    first = at = (0.0, 0.0)
    for i, piece in enumerate(pieces):
        begin, end = _ends(piece, curves)
        if not ring:
            first = begin
        elif begin != at:
            return [], (i - 1, math.dist(begin, at))
        ring.append(piece)
        at = end
        if at == first and not whole:
            rings.append(tuple(ring))
            ring = []
    if ring:
        if at != first:
            return [], (len(pieces) - 1, math.dist(at, first))
        rings.append(tuple(ring))
    return rings, None


def _chain(pieces: Sequence[Piece], curves: Curves) -> list[tuple[Piece, ...]]:
    """Rings in the only order and directions that close them; none if there is not just one."""
    meet: dict[Place, list[int]] = {}
    for i, piece in enumerate(pieces):
        for end in _ends(piece, curves):
            meet.setdefault(end, []).append(i)
    if any(len(at) != BOTH_ENDS for at in meet.values()):
        return []
    rings: list[tuple[Piece, ...]] = []
    left = dict.fromkeys(range(len(pieces)))
    while left:
        i = next(iter(left))
        ring: list[Piece] = []
        at = _ends(pieces[i], curves)[0]
        while i in left:
            del left[i]
            begin, end = _ends(pieces[i], curves)
            place, backwards = pieces[i]
            ring.append((place, backwards if begin == at else not backwards))
            at = end if begin == at else begin
            one, other = meet[at]
            i = other if one == i else one
        rings.append(tuple(ring))
    return rings


def _vertices(ring: Sequence[Piece], curves: Curves) -> int:
    """Vertices of a ring, the first and last counted both."""
    return sum(curves.sizes[place] - 1 for place, _ in ring) + 1


def size_of(outline: Outline, curves: Curves) -> int:
    """Vertices of all rings of a surface."""
    return sum(_vertices(ring, curves) for ring in outline.rings)


def polygons(
    outlines: Sequence[Outline], vertices: Callable[[int], Coordinates]
) -> NDArray[np.object_]:
    """Polygons of outlines, made all at once.

    Parameters
    ----------
    outlines : sequence of Outline
        Rings of at least four vertices.
    vertices : callable
        Vertices of the curve at a place.

    Returns
    -------
    array of Polygon
        As drawn: they may be invalid.
    """
    if not outlines:
        return np.empty(0, dtype=object)
    runs: list[Coordinates] = []
    ring_start, polygon_start = [0], [0]
    total = 0
    for outline in outlines:
        for ring in outline.rings:
            for place, backwards in ring:
                run = vertices(place)
                runs.append((run[::-1] if backwards else run)[:-1])
                total += len(run) - 1
            place, backwards = ring[0]
            run = vertices(place)
            runs.append(run[-1:] if backwards else run[:1])
            total += 1
            ring_start.append(total)
        polygon_start.append(len(ring_start) - 1)
    offsets = (np.array(ring_start), np.array(polygon_start))
    made: NDArray[np.object_] = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, np.concatenate(runs), offsets
    )
    return made
