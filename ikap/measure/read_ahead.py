"""Polygons as GEOS objects and as flat rings, both made at once of the bytes of a file.

What is measured of the rings alone can be found beside what is done with the GEOS objects, for
compiled loops hold no lock of Python's.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.borders import unshared_edges
from ikap.measure.rings import Rings
from ikap.measure.route import has_compiler

__all__ = ["ReadAhead", "read_wkb"]

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

MULTIPOLYGON = 6  # GEOS type number


class ReadAhead:
    """Rings of polygons that were read, and what is found of them while other work goes on.

    It goes with a table from hand to hand; `fits` tells whether it still is about that table.
    """

    def __init__(self, geometries: NDArray[np.object_], rings: Rings) -> None:
        self.geometries = geometries
        self.rings = rings
        self._sure: Future[NDArray[np.bool_]] | None = None
        self._edges: Future[Ints] | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> ReadAhead:
        """Nothing in it is ever changed, so that copies of a table may share it."""
        return self

    def fits(self, geometries: NDArray[np.object_]) -> bool:
        """Whether these are the very same objects in the same order."""
        same = len(geometries) == len(self.geometries)
        return same and all(map(operator.is_, geometries, self.geometries))

    def start(self, *, borders: bool) -> None:
        """Begin to look in a thread of its own; for borders that are not shared, if they matter."""
        pool = ThreadPoolExecutor(1)
        self._sure = pool.submit(self._find_sure)
        if borders:
            self._edges = pool.submit(unshared_edges, self.rings)
        pool.shutdown(wait=False)

    def _find_sure(self) -> NDArray[np.bool_]:
        from ikap.measure.simple_rings import surely_valid  # noqa: PLC0415 (imports numba)

        return surely_valid(self.rings)

    @property
    def sure(self) -> NDArray[np.bool_]:
        """Which polygons are valid beyond doubt (`simple_rings.surely_valid`)."""
        return self._find_sure() if self._sure is None else self._sure.result()

    @property
    def edges(self) -> Ints:
        """Edges that are not shared (`borders.unshared_edges`)."""
        return unshared_edges(self.rings) if self._edges is None else self._edges.result()


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

    Raises
    ------
    shapely.errors.ShapelyError
        GEOS does not take a ring.
    """
    if not has_compiler():
        return None
    from ikap.measure.wkb import Wkb  # noqa: PLC0415 (imports numba)

    try:
        found = Wkb.of_chunks(chunks).plain_rings()
    except ValueError:
        return None
    if found is None:
        return None
    rings, many = found
    geometries = rings.geometries()
    single = np.flatnonzero(many & (np.diff(rings.feature_start) == 1))
    if len(single):
        at = np.arange(len(single))
        geometries[single] = shapely.multipolygons(geometries[single], indices=at)
    return ReadAhead(geometries, rings)
