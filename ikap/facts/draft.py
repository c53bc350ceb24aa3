"""A layer's folder in the cache in the making: its vertices are written beside other work.

Most of a layer is its vertices. Those of a file that needs no mending are known when it has been
read, long before its certificate is made.
"""

from __future__ import annotations

import shutil
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from ikap.facts.stored_shapes import VERTICES, write_vertices
from ikap.measure import Rings

__all__ = ["Draft"]


@dataclass(frozen=True, eq=False)
class Draft:
    """A folder, and the vertices that are being written into it."""

    folder: Path
    rings: Rings
    _seal: Future[int]

    @classmethod
    def begin(cls, folder: Path, rings: Rings) -> Draft:
        """Begin to write vertices into an empty folder, in a thread of its own."""
        pool = ThreadPoolExecutor(1)
        seal = pool.submit(write_vertices, folder, rings)
        pool.shutdown(wait=False)
        return cls(folder, rings, seal)

    def of(self, rings: Rings) -> Draft:
        """Draft with these vertices: itself if they are the ones, else begun anew."""
        if rings is self.rings:
            return self
        self.end()
        shutil.rmtree(self.folder / VERTICES, ignore_errors=True)
        return Draft.begin(self.folder, rings)

    @property
    def seal(self) -> int:
        """Seal of the vertices, when all are written; `OSError` if they could not be."""
        return self._seal.result()

    def end(self) -> None:
        """Wait until nothing is written any more."""
        wait([self._seal])
