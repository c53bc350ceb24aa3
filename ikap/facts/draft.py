"""A layer's folder in the cache in the making: much of it is written beside other work.

Most of a layer is its vertices. Those of a file that needs no mending are known when it has been
read, and so are its attributes, long before its certificate is made.
"""

from __future__ import annotations

import shutil
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from ikap.facts.stored_columns import StoredColumns, stored_columns
from ikap.facts.stored_shapes import VERTICES, write_vertices
from ikap.measure import Rings
from ikap.measure.threads import beside

__all__ = ["Draft"]


@dataclass(frozen=True, eq=False)
class Draft:
    """A folder, the vertices that are being written into it, and the attributes to come."""

    folder: Path
    rings: Rings
    _seal: Future[int]
    _columns: Future[StoredColumns]

    @classmethod
    def begin(cls, folder: Path, rings: Rings, frame: gpd.GeoDataFrame) -> Draft:
        """Begin to write vertices into an empty folder, and to make ready the attributes."""
        seal = beside(lambda: write_vertices(folder, rings))
        return cls(folder, rings, seal, beside(lambda: stored_columns(frame)))

    def of(self, rings: Rings) -> Draft:
        """Draft with these vertices: itself if they are the ones, else they are written anew."""
        if rings is self.rings:
            return self
        self.end()
        shutil.rmtree(self.folder / VERTICES, ignore_errors=True)
        seal = beside(lambda: write_vertices(self.folder, rings))
        return Draft(self.folder, rings, seal, self._columns)

    @property
    def seal(self) -> int:
        """Seal of the vertices when all are written; `OSError` if they could not be."""
        return self._seal.result()

    @property
    def columns(self) -> StoredColumns:
        """Attributes as they are stored; `Unstorable` if they would not come back the same."""
        return self._columns.result()

    def end(self) -> None:
        """Wait until nothing is written any more."""
        wait([self._seal])
        wait([self._columns])
