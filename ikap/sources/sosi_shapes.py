"""Geometry of the SOSI objects of one layer, and of the curves that its surfaces refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from mmap import mmap

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.model import QualityRow
from ikap.sources.arcs import SAGITTA_M
from ikap.sources.ledger import Ledger
from ikap.sources.sosi_head import Head
from ikap.sources.sosi_index import Index
from ikap.sources.sosi_lines import ARCS, Lines, LineStore, bend, is_straight
from ikap.sources.sosi_surfaces import (
    Curves,
    Outline,
    Place,
    Problem,
    outline_of,
    polygons,
    references,
    size_of,
)
from ikap.sources.sosi_text import Block, Parsed, Parser

__all__ = ["Shapes"]

POINTS, LINES = ("PUNKT", "SVERM"), ("KURVE", "LINJE", "TRASE", *ARCS)
FIRST_POINT = ("TEKST", "SYMBOL")
"""Their other points only say which way the text or symbol is turned."""
SURFACE, ROUTE = "FLATE", "TRASE"
TOLD_ONE_BY_ONE = 1000
ROUNDED_M = 1.0
"""MIN-NØ and MAX-NØ are whole metres."""
AT_ONCE = 1 << 14
"""Surfaces that are made at once; more would only take more memory."""
SPARE = 10_000_000
"""Vertices that surfaces and arcs may have besides one for each byte of the file."""

Geometries = NDArray[np.object_]
Coordinates = NDArray[np.float64]


@dataclass
class Shapes:
    """Collects the objects of a layer, and makes their geometry all at once."""

    data: mmap
    index: Index
    head: Head
    parser: Parser
    sagitta: float
    ledger: Ledger
    _store: LineStore = field(init=False)
    _owners: list[int] = field(default_factory=list)  # object, by place in the store
    _place: dict[int, int] = field(default_factory=dict)  # place, by row
    _said: dict[int, dict[str, str]] = field(default_factory=dict)  # of arcs, by place
    _groups: dict[int, list[list[int]]] = field(default_factory=dict)  # references, by row
    _problems: dict[int, Problem] = field(default_factory=dict)  # by row
    _rows: list[int] = field(default_factory=list)  # objects of the layer
    _bent: dict[int, Coordinates] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._store = LineStore(self.head.scale)
        self._broken = -1 if self.index.ended else len(self.index.start) - 1

    def add(self, i: int, parsed: Parsed) -> None:
        """Add the next object of the layer.

        Parameters
        ----------
        i : int
            Its place in the index.
        parsed : Parsed
            The object.
        """
        row = len(self._rows)
        self._rows.append(i)
        kind = self._kind(i)
        if i == self._broken:
            self._problems[row] = Problem("sosi.truncated", {})
        elif kind == SURFACE or (kind == ROUTE and parsed.refs):
            groups = references(parsed.refs)
            if groups is None:
                key = "sosi.ref_unreadable" if parsed.refs else "sosi.ref_none"
                self._problems[row] = Problem(key, {})
            else:
                self._groups[row] = groups
        elif kind in (*POINTS, *LINES, *FIRST_POINT):
            self._place[row] = self._keep(i, parsed)
        else:
            self._problems[row] = Problem("sosi.not_read", {"type": kind})

    def _kind(self, i: int) -> str:
        return self.index.kinds[int(self.index.kind[i])]

    def _keep(self, i: int, parsed: Parsed) -> int:
        place = len(self._owners)
        self._owners.append(i)
        scale = self.head.scale.with_unit(parsed.unit) if parsed.unit else self.head.scale
        self._store.add(parsed.blocks if scale else [Block(b"?", 2)], scale)
        if self._kind(i) in ARCS:
            self._said[place] = dict(parsed.attributes)
        return place

    def name(self, i: int) -> str:
        """Id of an object: `sosi:` and its serial number."""
        number = int(self.index.number[i])
        return f"sosi:{number}" if number >= 0 else f"sosi:#{i + 1}"

    def made(self) -> Geometries:
        """Geometry of all objects that were added.

        Returns
        -------
        array of Geometry or None
            None where there is a problem, which the ledger is told, by object.

        Raises
        ------
        InputError
            `sosi.too_large` if the surfaces have more vertices than a file of this size can mean.
        """
        place, unusable = self._fetch()
        lines = self._store.read()
        self._straighten(lines)
        curves = self._curves(lines, place, unusable)
        made = np.full(len(self._rows), None, dtype=object)
        self._points_and_lines(made, lines)
        self._surfaces(made, curves, lines)
        self._tell(lines)
        return made

    def _fetch(self) -> tuple[dict[int, int], dict[int, str]]:
        """Places of the curves that are referred to, and numbers that cannot be used."""
        wanted = {abs(r) for groups in self._groups.values() for group in groups for r in group}
        place: dict[int, int] = {}
        unusable = dict.fromkeys(wanted, "sosi.ref_missing")
        numbers = np.fromiter(wanted, dtype=np.int64, count=len(wanted))
        there = {i: p for p, i in enumerate(self._owners)}
        for i in np.flatnonzero(np.isin(self.index.number, numbers)).tolist():
            number, kind = int(self.index.number[i]), self._kind(i)
            if number in place or unusable.get(number) != "sosi.ref_missing":
                place.pop(number, None)
                unusable[number] = "sosi.ref_twice"
            elif kind not in LINES:
                unusable[number] = "sosi.ref_kind"
            elif i == self._broken:
                unusable[number] = "sosi.ref_broken"
            else:
                del unusable[number]
                place[number] = there[i] if i in there else self._keep(i, self._parse(i))
        return place, unusable

    def _parse(self, i: int) -> Parsed:
        chunk = self.data[self.index.start[i] : self.index.end[i]]
        return self.parser.parse(chunk, attributes=self._kind(i) in ARCS)

    def _straighten(self, lines: Lines) -> None:
        """Arcs as lines; those that are no arcs have no vertices."""
        arcs, flat = 0, []
        room = SPARE + len(self.data)
        for place, said in self._said.items():
            points = lines.of(place)
            bent = bend(self._kind(self._owners[place]), points, said, self.sagitta)
            arcs += bent is not None
            if bent is not None and is_straight(points):
                flat.append(self.name(self._owners[place]))
            self._bent[place] = np.empty((0, 2)) if bent is None else bent
            room -= len(self._bent[place])
            if room < 0:
                raise self.ledger.error("sosi.too_large")
        if flat:
            self.ledger.told("sosi.arc_straight", len(flat), example=flat[0])
        if arcs:
            cm = round(100 * SAGITTA_M)
            self.ledger.told("curves.straightened", arcs, objects=arcs, tolerance_cm=cm)

    def _vertices(self, lines: Lines) -> Callable[[int], Coordinates]:
        bent = self._bent
        return lambda place: bent[place] if place in bent else lines.of(place)

    def _curves(self, lines: Lines, place: dict[int, int], unusable: dict[int, str]) -> Curves:
        vertices = self._vertices(lines)
        ends: dict[int, tuple[Place, Place]] = {}
        sizes: dict[int, int] = {}
        for number, at in place.items():
            run = vertices(at)
            if len(run) < 2:  # noqa: PLR2004 (a line)
                unusable[number] = "sosi.ref_broken"
                continue
            sizes[at] = len(run)
            ends[at] = _place(run, 0), _place(run, -1)
        return Curves(place, ends, sizes, unusable)

    def _points_and_lines(self, made: Geometries, lines: Lines) -> None:
        vertices = self._vertices(lines)
        line_rows: list[int] = []
        point_rows: list[int] = []
        for row, place in self._place.items():
            kind, xy = self._kind(self._rows[row]), vertices(place)
            if len(xy) == 0 or (kind in LINES and len(xy) == 1):
                self._problems[row] = self._why(place, kind, lines)
            elif kind in LINES:
                line_rows.append(row)
            elif kind in FIRST_POINT or len(xy) == 1:
                point_rows.append(row)
            else:
                made[row] = shapely.MultiPoint(xy)
        if point_rows:
            first = lines.start[[self._place[row] for row in point_rows]]
            made[point_rows] = shapely.points(lines.xy[first])
        if line_rows:
            runs = [vertices(self._place[row]) for row in line_rows]
            start = np.concatenate([[0], np.cumsum([len(run) for run in runs])])
            made[line_rows] = shapely.from_ragged_array(
                shapely.GeometryType.LINESTRING, np.concatenate(runs), (start,)
            )

    def _why(self, place: int, kind: str, lines: Lines) -> Problem:
        count = int(lines.start[place + 1] - lines.start[place])
        if lines.unreadable[place]:
            return Problem("sosi.coordinates", {})
        if kind in ARCS and count:
            return Problem("sosi.arc", {"count": count})
        return Problem("sosi.few_points" if count else "sosi.no_coordinates", {})

    def _surfaces(self, made: Geometries, curves: Curves, lines: Lines) -> None:
        outlines: dict[int, Outline] = {}
        room, mended = SPARE + len(self.data), 0
        for row, groups in self._groups.items():
            if self._kind(self._rows[row]) == ROUTE:
                self._route(made, row, groups, curves, lines)
                continue
            found = outline_of(groups, curves)
            if isinstance(found, Problem):
                self._problems[row] = found
                continue
            outlines[row] = found
            mended += found.mended
            room -= size_of(found, curves)
            if room < 0:
                raise self.ledger.error("sosi.too_large")
        if mended:
            self.ledger.told("sosi.order_mended", mended)
        rows = list(outlines)
        for some in (rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE)):
            made[some] = polygons([outlines[row] for row in some], self._vertices(lines))

    def _route(
        self, made: Geometries, row: int, groups: list[list[int]], curves: Curves, lines: Lines
    ) -> None:
        """A route (TRASE) as the lines that it refers to, joined where they meet."""
        refs = [ref for group in groups for ref in group]
        bad = {abs(r): curves.unusable[abs(r)] for r in refs if abs(r) in curves.unusable}
        if bad:
            number, key = next(iter(bad.items()))
            self._problems[row] = Problem(key, {"numbers": str(number)})
            return
        vertices = self._vertices(lines)
        runs = [vertices(curves.place[abs(r)])[:: -1 if r < 0 else 1] for r in refs]
        made[row] = shapely.line_merge(
            shapely.multilinestrings([shapely.LineString(r) for r in runs])
        )

    def _tell(self, lines: Lines) -> None:
        counts: dict[str, int] = {}
        for row, problem in sorted(self._problems.items()):
            counts[problem.key] = counts.get(problem.key, 0) + 1
            if counts[problem.key] <= TOLD_ONE_BY_ONE:
                name = self.name(self._rows[row])
                self.ledger.quality.append(
                    QualityRow(self.ledger.layer, name, problem.key, 1, "count", problem.facts)
                )
        more = sum(max(count - TOLD_ONE_BY_ONE, 0) for count in counts.values())
        if more:
            self.ledger.told("sosi.more", more)
        if lines.high:
            self.ledger.told("heights.dropped", lines.high)
        self._tell_outside(lines)

    def _tell_outside(self, lines: Lines) -> None:
        if self.head.area is None or not len(lines.xy):
            return
        west, south, east, north = self.head.area
        x, y = lines.xy.T
        out = (x < west - ROUNDED_M) | (x > east + ROUNDED_M)
        out |= (y < south - ROUNDED_M) | (y > north + ROUNDED_M)
        owners = np.unique(np.searchsorted(lines.start, np.flatnonzero(out), side="right") - 1)
        if len(owners):
            example = self.name(self._owners[owners[0]])
            self.ledger.told("sosi.outside_area", len(owners), example=example)


def _place(run: Coordinates, i: int) -> Place:
    return float(run[i, 0]), float(run[i, 1])


def unique_names(names: Iterable[str]) -> list[str]:
    """Names, with `#2` after one that was there before.

    Parameters
    ----------
    names : iterable of str
        May hold the same name more than once.

    Returns
    -------
    list of str
        Each only once.

    Examples
    --------
    >>> unique_names(["a", "b", "a"])
    ['a', 'b', 'a#2']
    """
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique


def numbers_used_twice(numbers: NDArray[np.int64]) -> int:
    """How many serial numbers stand on more than one object."""
    there, counts = np.unique(numbers, return_counts=True)
    return int(((counts > 1) & (there >= 0)).sum())
