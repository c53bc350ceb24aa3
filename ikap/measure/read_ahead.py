"""Polygons as GEOS objects and as flat rings, both made at once of the bytes of a file.

What is measured of the rings alone can be found beside what is done with the GEOS objects, for
compiled loops hold no lock of Python's.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.borders import unshared_edges
from ikap.measure.polygons import Polygons
from ikap.measure.rings import Rings
from ikap.measure.route import has_compiler
from ikap.measure.threads import beside

__all__ = ["ReadAhead", "read_wkb", "reading_ahead"]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


_WANTED: ContextVar[tuple[str, ...]] = ContextVar("wanted", default=())


@contextmanager
def reading_ahead(*, borders: bool) -> Iterator[None]:
    """Within this, what certificates need is looked for as soon as rings are there.

    Parameters
    ----------
    borders : bool
        Whether the layer's polygons may not overlap, so that their borders matter.
    """
    before = _WANTED.set(("sure", "edges") if borders else ("sure",))
    try:
        yield
    finally:
        _WANTED.reset(before)


class ReadAhead:
    """Rings of polygons that were read, and what is found of them while other work goes on.

    It goes with a table from hand to hand; `fits` tells whether it still is about that table.
    """

    def __init__(self, rings: Rings, many: Flags) -> None:
        self.rings = rings
        self._many = many
        self._sure: Future[Flags] | None = None
        self._edges: Future[Ints] | None = None
        wanted = _WANTED.get()
        if "sure" in wanted:
            self._sure = beside(lambda: _surely_valid(rings))
        if "edges" in wanted:
            self._edges = beside(self._find_edges)

    @cached_property
    def geometries(self) -> NDArray[np.object_]:
        """GEOS objects, each of the type that the file has; made when they are asked for."""
        return _geometries(self.rings, self._many)

    def __deepcopy__(self, memo: dict[int, Any]) -> ReadAhead:
        """Nothing in it is ever changed, so that copies of a table may share it."""
        return self

    def fits(self, geometries: NDArray[np.object_]) -> bool:
        """Whether these are the very same objects in the same order."""
        same = len(geometries) == len(self.geometries)
        return same and all(map(operator.is_, geometries, self.geometries))

    def _find_edges(self) -> Ints:
        if self._sure is not None:
            wait([self._sure])  # which is asked for first
        return unshared_edges(self.rings)

    @property
    def sure(self) -> Flags:
        """Which polygons are valid beyond doubt (`simple_rings.surely_valid`)."""
        return _surely_valid(self.rings) if self._sure is None else self._sure.result()

    @property
    def edges(self) -> Ints:
        """Edges that are not shared (`borders.unshared_edges`)."""
        return unshared_edges(self.rings) if self._edges is None else self._edges.result()

    @cached_property
    def polygons(self) -> Polygons:
        """The polygons in both forms, with their boxes and areas by GEOS."""
        return Polygons(geometries=self.geometries, rings=self.rings)


def _surely_valid(rings: Rings) -> Flags:
    from ikap.measure.simple_rings import surely_valid  # noqa: PLC0415 (imports numba)

    return surely_valid(rings)


def _geometries(rings: Rings, many: Flags) -> NDArray[np.object_]:
    """GEOS objects, multipolygons where they are `many` or hold one part only."""
    made = rings.geometries()
    single = np.flatnonzero(many & (np.diff(rings.feature_start) == 1))
    if len(single):
        made[single] = shapely.multipolygons(made[single], indices=np.arange(len(single)))
    return made


def read_wkb(chunks: Sequence[tuple[Bytes, Ints]]) -> ReadAhead | None:
    """Polygons of well-known binary, if they are plain: see `Wkb.plain_rings`.

    Parameters
    ----------
    chunks : sequence of tuple of array of uint8 and array of int64
        Bytes of each buffer, and where each feature starts in it.

    Returns
    -------
    ReadAhead or None
        None where GEOS must read the bytes itself: for other geometry, for what is damaged, and
        where nothing is compiled.
    """
    if not has_compiler():
        return None
    from ikap.measure.wkb import Wkb  # noqa: PLC0415 (imports numba)

    try:
        found = Wkb.of_chunks(chunks).plain_rings()
    except ValueError:
        return None
    return None if found is None else ReadAhead(*found)
