"""What is said to be valid beyond doubt is valid; what may touch itself is not said to be."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ikap.measure import Rings
from ikap.measure.route import has_compiler
from ikap.measure.validity import are_valid

simple = pytest.importorskip("ikap.measure.simple_rings")
pytestmark = pytest.mark.skipif(not has_compiler(), reason="nothing is compiled")
EAST, NORTH = 569_000.0, 7_034_000.0
FEW = st.integers(0, 4)


def sure(rings):
    """Of rings of vertices, open or closed, each a polygon of its own."""
    closed = [np.array([*r, r[0]], dtype=float) for r in rings]
    starts = np.cumsum([0, *map(len, closed)])
    each = np.arange(len(rings) + 1)
    return simple.surely_valid(Rings(np.concatenate(closed), starts, each, each)).tolist()


SQUARE = [(0, 0), (0, 9), (9, 9), (9, 0)]
DOUBTFUL = {
    "bow tie": [(0, 0), (9, 9), (9, 0), (0, 9)],
    "spike": [(0, 0), (0, 9), (9, 9), (9, 20), (9, 9), (9, 0)],
    "spike along an edge": [(0, 0), (0, 9), (0, 5), (9, 5), (9, 0)],
    "vertex on an edge": [(0, 0), (0, 9), (9, 9), (0, 4), (9, 0)],
    "vertex twice": [(0, 0), (0, 9), (4, 4), (9, 9), (9, 0), (4, 4)],
    "edge on an edge": [(0, 0), (0, 9), (9, 9), (9, 5), (0, 5), (0, 4), (9, 4), (9, 0)],
    "vertex repeated": [(0, 0), (0, 9), (0, 9), (9, 9), (9, 0)],
    "no ground": [(0, 0), (4, 4), (9, 9)],
    "not a number": [(0, 0), (0, 9), (np.nan, 9), (9, 0)],
    "endless": [(0, 0), (0, np.inf), (9, 9), (9, 0)],
    "nearer than rounding": [(0, 0), (0.3, 0.9), (9, 9), (0.1, 0.3), (9, 0)],
}


@pytest.mark.parametrize("name", DOUBTFUL)
@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("way", [1, -1])
def test_what_may_touch_itself_is_left_to_geos(name, turn, way):
    ring = (DOUBTFUL[name][turn:] + DOUBTFUL[name][:turn])[::way]
    assert sure([SQUARE, ring, SQUARE]) == [True, False, True]


@pytest.mark.parametrize("where", [(0.0, 0.0), (EAST, NORTH), (-EAST, -NORTH)])
def test_plain_shapes_are_sure(where):
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    wave = 50 + 9 * np.sin(9 * angle)
    round_ones = np.column_stack([wave * np.cos(angle), wave * np.sin(angle)]) + where
    comb = [(x + d, y) for x in range(0, 40, 4) for d, y in ((0, 0), (1, 30), (2, 30), (3, 0))]
    stairs = [(0, -3), *((x + d, x) for x in range(9) for d in (0, 1)), (20, -3)]
    outlines = [SQUARE, [*comb, (40, -5), (-5, -5)], stairs]
    assert sure([round_ones, *(np.array(ring) + where for ring in outlines)]) == [True] * 4


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(FEW, FEW), min_size=3, max_size=9), st.sampled_from([1.0, 0.1, 1e-9]))
@example([(0, 0), (2, 4), (1, 0), (4, 4), (4, 0)], 0.1)
def test_what_is_sure_is_valid_on_a_grid_where_much_touches(corners, step):
    ring = np.array(corners) * step + (EAST, NORTH)
    if sure([ring])[0]:
        assert shapely.is_valid(shapely.Polygon(ring))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 60), st.floats(0.0, 1.0))
def test_what_is_sure_is_valid_among_shapes_that_cross_or_not(seed, count, wild):
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, count))
    far = rng.uniform(1 - wild, 1 + wild, count) * 30
    ring = np.column_stack([far * np.cos(angle), far * np.sin(angle)])
    swapped = rng.permutation(count)[:2]
    ring[swapped] = ring[swapped[::-1]] if wild > 0.5 else ring[swapped]
    ring += np.array([EAST, NORTH])
    if sure([ring])[0]:
        assert shapely.is_valid(shapely.Polygon(ring))


def test_holes_parts_and_many_vertices_are_left_to_geos():
    one = shapely.box(0, 0, 9, 9)
    pierced = one.difference(shapely.box(2, 2, 4, 4))
    two = shapely.multipolygons([one, shapely.box(20, 0, 29, 9)])
    large = shapely.Point(0, 0).buffer(9, quad_segs=simple.MANY)
    shapes = np.array([one, pierced, two, large, shapely.Polygon(), one], dtype=object)
    found = simple.surely_valid(Rings.of_geometries(shapes))
    assert found.tolist() == [True, False, False, False, False, True]
    assert are_valid(shapes, sure=found).all()


def test_only_what_is_not_sure_is_looked_at():
    tie = shapely.Polygon(DOUBTFUL["bow tie"])
    shapes = np.array([tie, tie, shapely.box(0, 0, 1, 1)], dtype=object)
    assert are_valid(shapes, sure=np.array([False, True, False])).tolist() == [False, True, True]
