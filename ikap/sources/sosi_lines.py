"""Coordinate lines of SOSI objects as points and lines; arcs become lines.

The lines of many objects are read at once. A line that does not hold what it should makes its
object unreadable, and nothing else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ikap.sources.arcs import arc_line, circle_line
from ikap.sources.sosi_head import Scale
from ikap.sources.sosi_text import Block

__all__ = ["ARCS", "MOST_METRES", "LineStore", "Lines", "bend", "is_straight"]

ARCS = ("BUEP", "BUE", "SIRKEL", "SIRKELP")
MOST_METRES = 1e8
"""Coordinates farther from the origin are nonsense."""
LARGEST_ARC = 1e5
"""Metres between the points of an arc; one that spans more is nonsense."""
FLAT = 1e-7
BATCH = 1 << 23
"""Bytes of coordinate lines that are read at once."""

NUMBER, DECIMAL = rb"[-+]?\d{1,15}+", rb"[-+]?\d{1,15}+(?:\.\d{0,12}+)?+"
NOISE = re.compile(rb"(?:\.\.|!)[^\n]*")
"""What may follow the numbers of a point: `...KP 1`, or a comment."""

Coordinates = NDArray[np.float64]
Place = tuple[float, float]


def _lines_of(number: bytes, size: int) -> re.Pattern[bytes]:
    point = rb"[ \t]++".join([number] * size)
    return re.compile(rb"(?:[ \t]*+" + point + rb"[ \t]*+\r?\n)++")


WHOLE = {size: _lines_of(NUMBER, size) for size in (2, 3)}
BROKEN = {size: _lines_of(DECIMAL, size) for size in (2, 3)}


@dataclass(frozen=True)
class Lines:
    """Vertices of many objects: those of object i are `xy[start[i]:start[i + 1]]`."""

    xy: Coordinates  # (n, 2); east, north
    start: NDArray[np.int64]
    unreadable: NDArray[np.bool_]  # objects with lines that are no coordinates
    high: int  # objects with heights

    def of(self, i: int) -> Coordinates:
        """Vertices of one object."""
        return self.xy[self.start[i] : self.start[i + 1]]


@dataclass
class LineStore:
    """Collects the coordinate lines of objects, and reads them in batches."""

    scale: Scale
    _scale: Scale = field(init=False)
    _pending: list[bytes] = field(default_factory=list)
    _pending_size: int = 2
    _pending_bytes: int = 0
    _parts: list[Coordinates] = field(default_factory=list)
    _counts: list[int] = field(default_factory=list)
    _unreadable: list[int] = field(default_factory=list)
    _high: int = 0

    def __post_init__(self) -> None:
        self._scale = self.scale

    def add(self, blocks: Sequence[Block], scale: Scale | None = None) -> None:
        """Add the next object.

        Parameters
        ----------
        blocks : sequence of Block
            Its coordinate lines; none for an object that is to have no vertices.
        scale : Scale, optional
            Its own, where it is another than the file's.
        """
        if (scale or self.scale) != self._scale:
            self._flush()
            self._scale = scale or self.scale
        texts = [text for block in blocks if (text := _points(block)) is not None]
        if len(texts) < len(blocks):
            self._unreadable.append(len(self._counts))
            self._counts.append(0)
            return
        count = 0
        for block, (lines, whole) in zip(blocks, texts, strict=True):
            if lines:
                count += lines.count(b"\n")
                self._put(lines, block.size, whole=whole)
        self._counts.append(count)
        self._high += any(block.size > 2 for block in blocks)  # noqa: PLR2004 (height)

    def _put(self, text: bytes, size: int, *, whole: bool) -> None:
        if not whole:
            self._flush()
            rows = [line.split()[:2] for line in text.splitlines()]
            self._parts.append(self._scale.of_decimals([(row[0], row[1]) for row in rows]))
            return
        if size != self._pending_size or self._pending_bytes > BATCH:
            self._flush()
            self._pending_size = size
        self._pending.append(text)
        self._pending_bytes += len(text)

    def _flush(self) -> None:
        if self._pending:
            text = b"".join(self._pending)
            numbers = np.fromstring(text, dtype=np.int64, sep=" ").reshape(-1, self._pending_size)
            self._parts.append(self._scale.xy(numbers[:, :2]))
        self._pending, self._pending_bytes = [], 0

    def read(self) -> Lines:
        """All objects that were added.

        Returns
        -------
        Lines
            In the order in which they were added; those with coordinates that are nonsense have
            no vertices.
        """
        self._flush()
        xy = np.concatenate([np.empty((0, 2)), *self._parts])
        self._parts = []
        counts = np.array(self._counts, dtype=np.int64)
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        unreadable = np.zeros(len(counts), dtype=bool)
        unreadable[self._unreadable] = True
        wild = np.flatnonzero((np.abs(xy) > MOST_METRES).any(axis=1))
        if len(wild):
            owners = np.unique(np.searchsorted(start, wild, side="right") - 1)
            unreadable[owners] = True
            keep = np.ones(len(counts), dtype=bool)
            keep[owners] = False
            xy = xy[np.repeat(keep, counts)]
            counts = np.where(keep, counts, 0)
            start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Lines(xy, start, unreadable, self._high)


def _points(block: Block) -> tuple[bytes, bool] | None:
    """Lines with nothing but numbers, and whether they are whole ones; None for anything else."""
    text = block.text
    if b".." in text or b"!" in text:
        text = NOISE.sub(b"", text)
    text = text.strip()
    if not text:
        return b"", True
    text += b"\n"
    if WHOLE[block.size].fullmatch(text):
        return text, True
    lines = (line.strip() for line in text.split(b"\n"))
    text = b"".join(line + b"\n" for line in lines if line)
    if WHOLE[block.size].fullmatch(text):
        return text, True
    return (text, False) if BROKEN[block.size].fullmatch(text) else None


def bend(
    kind: str, points: Coordinates, said: dict[str, str], sagitta: float
) -> Coordinates | None:
    """Line that stands for an arc or a circle.

    Parameters
    ----------
    kind : str
        One of `ARCS`. BUEP: three points on the arc. SIRKELP: three on the circle. BUE: both ends
        and `RADIUS`, positive if the arc turns with the clock, `STORBUE 1` for the longer of the
        two. SIRKEL: centre and `RADIUS`.
    points : array of float64, shape (n, 2)
        As in the file.
    said : dict
        The object's `RADIUS` (metres) and `STORBUE`.
    sagitta : float
        Largest distance between arc and line, in the unit of the coordinates.

    Returns
    -------
    array of float64 or None
        Shape (m, 2); None where the object is no arc: another number of points, points on top of
        each other, a radius that is missing or too small. Points on a line give that line.
    """
    places = [(float(x), float(y)) for x, y in points]
    wanted = {"BUEP": 3, "SIRKELP": 3, "BUE": 2, "SIRKEL": 1}[kind]
    size = float(np.ptp(points, axis=0).max(initial=0.0)) if len(points) else 0.0
    if len(places) != wanted or len(set(places)) != wanted or size > LARGEST_ARC:
        return None
    if kind in ("BUE", "SIRKEL"):
        radius = _radius(said.get("RADIUS", ""))
        if radius is None:
            return None
        if kind == "SIRKEL":
            centre = places[0]
            return circle_line(centre, (centre[0] + abs(radius), centre[1]), sagitta)
        middle = _middle(places[0], places[1], radius, large=said.get("STORBUE", "") == "1")
        if middle is None:
            return None
        places.insert(1, middle)
    if _flat(places[0], places[1], places[2]):
        return None if kind == "SIRKELP" else _between(places)
    if kind == "SIRKELP":
        return _round(places[0], places[1], places[2], sagitta)
    return arc_line(places[0], places[1], places[2], sagitta)


def is_straight(points: Coordinates) -> bool:
    """Whether the points of an arc are three on a line.

    Parameters
    ----------
    points : array of float64, shape (n, 2)
        As in the file.

    Returns
    -------
    bool
        False for any other number of points.
    """
    places = [(float(x), float(y)) for x, y in points]
    return len(places) == 3 and _flat(places[0], places[1], places[2])  # noqa: PLR2004


def _radius(text: str) -> float | None:
    if not re.fullmatch(r"[-+]?\d{1,6}(\.\d{0,6})?", text):
        return None
    radius = float(text)
    return radius if radius else None


def _cross(a: Place, b: Place, c: Place) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _flat(a: Place, b: Place, c: Place) -> bool:
    """Whether three points are on a line, as far as doubles can tell."""
    return abs(_cross(a, b, c)) <= FLAT * max(math.dist(a, b), math.dist(a, c)) ** 2


def _between(places: list[Place]) -> Coordinates | None:
    """Three points on a line, if the second lies between the others."""
    a, b, c = places
    inside = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) > 0
    return np.array(places) if inside else None


def _round(a: Place, b: Place, c: Place, sagitta: float) -> Coordinates | None:
    """Closed line of the circle through three points; none if it is wider than any on a map."""
    bx, by, cx, cy = b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]
    twice = 2 * (bx * cy - by * cx)
    b2, c2 = bx * bx + by * by, cx * cx + cy * cy
    centre = (a[0] + (cy * b2 - by * c2) / twice, a[1] + (bx * c2 - cx * b2) / twice)
    return circle_line(centre, a, sagitta) if math.dist(centre, a) < LARGEST_ARC else None


def _middle(a: Place, b: Place, radius: float, *, large: bool) -> Place | None:
    """Point midway on an arc between two points; none where the radius is too small."""
    chord = math.dist(a, b)
    r = abs(radius)
    if chord > 2 * r * (1 + FLAT):
        return None
    rise = math.sqrt(max(r * r - chord * chord / 4, 0.0))
    height = r + rise if large else r - rise
    side = 1.0 if radius > 0 else -1.0  # with the clock: the arc lies to the left of the chord
    left = (-(b[1] - a[1]) / chord, (b[0] - a[0]) / chord)
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return middle[0] + side * height * left[0], middle[1] + side * height * left[1]
