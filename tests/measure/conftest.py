"""The truth that areas are held against, and both ways of measuring them."""

import importlib.util
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from ikap.measure import PairAreas, pair_areas
from ikap.measure.route import has_compiler

Measure = Callable[..., PairAreas]
Point = tuple[int, int]
ROUTES = ("edges", "geos")


@contextmanager
def _by(route: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IKAP_NO_NUMBA", "1" if route == "geos" else "0")
        yield


@pytest.fixture(scope="session", params=ROUTES)
def measure(request: pytest.FixtureRequest) -> Measure:
    """`pair_areas` by one of the two routes."""

    def by_route(zones: object, land: object) -> PairAreas:
        with _by(request.param):
            return pair_areas(zones, land)  # type: ignore[arg-type]

    by_route.route = request.param  # type: ignore[attr-defined]
    return by_route


@pytest.fixture
def edges_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure by edges, or skip the test where nothing can be compiled."""
    monkeypatch.setenv("IKAP_NO_NUMBA", "0")
    if not has_compiler():
        pytest.skip("Hopper over: numba, eller en mappe for maskinkode, finnes ikke her")


@pytest.fixture(scope="session")
def table(measure: Measure) -> Callable[..., NDArray[np.float64]]:
    """Areas as a full table, zones down and land polygons across."""

    def make(zones: NDArray[np.object_], land: NDArray[np.object_]) -> NDArray[np.float64]:
        found = measure(zones, land)
        full = np.zeros((len(zones), len(land)))
        full[found.zone, found.land] = found.area
        return full

    return make


def _edges(geometry: shapely.Geometry) -> list[tuple[Point, Point]]:
    """Edges from left to right, in whole metres; vertical ones left out."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(geometry)):
        corners = [(int(x), int(y)) for x, y in shapely.get_coordinates(ring)]
        found += [(min(e), max(e)) for e in itertools.pairwise(corners) if e[0][0] != e[1][0]]
    return found


def _height(edge: tuple[Point, Point], x: Fraction) -> Fraction:
    (x0, y0), (x1, y1) = edge
    return y0 + Fraction(y1 - y0, x1 - x0) * (x - x0)


def _crossing(a: tuple[Point, Point], b: tuple[Point, Point]) -> Iterator[Fraction]:
    low, high = max(a[0][0], b[0][0]), min(a[1][0], b[1][0])
    if low >= high:
        return
    left = _height(a, Fraction(low)) - _height(b, Fraction(low))
    right = _height(a, Fraction(high)) - _height(b, Fraction(high))
    if left * right < 0:
        yield low + (high - low) * left / (left - right)


@pytest.fixture(scope="session")
def exact_area() -> Callable[[shapely.Geometry, shapely.Geometry], Fraction]:
    """Area that two valid polygons with whole coordinates share, in exact rationals.

    Upright strips between all corners and crossings; in each, edges from below to above, and the
    ground between two of them where both polygons have an odd number of edges below.
    """

    def area(a: shapely.Geometry, b: shapely.Geometry) -> Fraction:
        edges = [(e, 0) for e in _edges(a)] + [(e, 1) for e in _edges(b)]
        lines = {Fraction(x) for (p, q), _ in edges for x in (p[0], q[0])}
        for (one, _), (other, _) in itertools.combinations(edges, 2):
            lines.update(_crossing(one, other))
        total = Fraction(0)
        for left, right in itertools.pairwise(sorted(lines)):
            middle = (left + right) / 2
            across = [(_height(e, middle), k) for e, k in edges if e[0][0] < middle < e[1][0]]
            across.sort()
            inside = [False, False]
            for (y, k), (above, _) in itertools.pairwise(across):
                inside[k] = not inside[k]
                if all(inside):
                    total += (above - y) * (right - left)
        return total

    return area


@pytest.fixture(scope="session")
def databases(root: Path) -> ModuleType:
    """The starters of PostGIS and DuckDB that the benchmark uses too."""
    name = "scripts_databases"
    spec = importlib.util.spec_from_file_location(name, root / "scripts" / "_databases.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def own_python() -> Callable[..., str]:
    """Run a program in a new Python of this environment; what it prints comes back."""
    import subprocess  # noqa: PLC0415

    def run(program: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env={**os.environ, "IKAP_NO_NUMBA": "0", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout

    return run
