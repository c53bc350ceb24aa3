"""First contact with a land file beside the bare reading of it, for `bench_areas.py`.

What first contact does: reads the file, makes it canonical, checks that each polygon is valid,
finds the layer's overlap with itself, and keeps it all in an empty cache.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pyogrio

import ikap
from ikap.facts import CertifiedLayer
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader, region_extent
from ikap.measure.cache_root import cache_root
from ikap.measure.route import has_compiler
from ikap.sources.files import path_of

__all__ = ["MOST", "Contact", "first_contact"]

MOST = 15.0
"""First contact takes at most this many times the bare reading."""


@dataclass(frozen=True)
class Contact:
    """What reading a land layer took, each the fastest of its runs."""

    polygons: int
    bare_s: float  # the geometry and the class into Arrow, and nothing more
    first_s: float  # with an empty cache
    again_s: float  # from the cache that first contact left
    bare_cpu_s: float
    first_cpu_s: float
    again_cpu_s: float

    @property
    def ratio(self) -> float:
        """First contact beside the bare reading; at most `MOST`."""
        return self.first_s / self.bare_s

    @property
    def again_ratio(self) -> float:
        """A later contact beside the bare reading; at most 1."""
        return self.again_s / self.bare_s


def first_contact(region: Path, layer: str = "ar5", *, runs: int = 2) -> Contact:
    """Time first contact with the land layer of a workspace, and bare reading in between.

    Parameters
    ----------
    region : Path
        A built region; nothing is written in it.
    layer : str
        Name of the land layer, a GeoPackage or a GeoParquet.
    runs : int
        How many times each is done; a busy minute of the machine meets all of them.

    Returns
    -------
    Contact
        Seconds and ratios.
    """
    declaration = ikap.open_workspace(region).layers[layer]
    path, inside = path_of(declaration), declaration.source.get("layer")
    _certified(region, "municipalities")  # modules are imported and machine code is read
    bare, first, again = [], [], []
    polygons = 0
    for _ in range(runs):
        bare.append(_timed(lambda: _bare(path, inside))[0])
        with _empty_cache():
            seconds, polygons = _timed(lambda: len(_certified(region, layer).shapes))
            first.append(seconds)
            _certified(region, layer)  # every byte of the cache is checked once
            again.append(_timed(lambda: len(_certified(region, layer).shapes))[0])
    wall = [min(s for s, _ in each) for each in (bare, first, again)]
    cpu = [min(s for _, s in each) for each in (bare, first, again)]
    return Contact(polygons, *wall, *cpu)


def _timed(work: Callable[[], int]) -> tuple[tuple[float, float], int]:
    """Seconds and seconds of the processors that the work took, and its answer."""
    began, spent = time.perf_counter(), time.process_time()
    answer = work()
    return (time.perf_counter() - began, time.process_time() - spent), answer


def _bare(path: Path, layer: str | None) -> int:
    """Read the class and the geometry into Arrow as fast as the format's reader can."""
    if path.suffix == ".parquet":
        return len(pq.read_table(path, columns=["arealtype", "geometry"]))
    return len(pyogrio.read_arrow(path, layer=layer, columns=["arealtype"])[1])


def _certified(region: Path, layer: str) -> CertifiedLayer:
    """Certify the layer as any run does; the region's bounds are read beforehand."""
    workspace = ikap.open_workspace(region)
    reader = Reader(workspace, discover(workspace), quiet)
    region_extent(reader)
    found = reader.certified(workspace.layers[layer])
    assert found is not None, f"{layer} is not there"
    return found


@contextmanager
def _empty_cache() -> Iterator[None]:
    """Use a cache folder with nothing but machine code in it."""
    before, code = os.environ.get("IKAP_CACHE"), cache_root() / "numba"
    assert has_compiler(), "nothing is compiled here"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "numba").symlink_to(code, target_is_directory=True)
        os.environ["IKAP_CACHE"] = folder
        try:
            yield
        finally:
            os.environ.pop("IKAP_CACHE")
            if before is not None:
                os.environ["IKAP_CACHE"] = before
