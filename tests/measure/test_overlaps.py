"""Overlap of a layer with itself, held against looking at every pair."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from ikap.measure import Rings, find_overlaps
from ikap.measure.borders import unshared_edges
from ikap.measure.route import has_compiler


@pytest.fixture(params=["compiled", "plain"], autouse=True)
def route(request, monkeypatch):
    """Both ways to match edges."""
    if request.param == "plain":
        monkeypatch.setenv("IKAP_NO_NUMBA", "1")
    elif not has_compiler():
        pytest.skip("no compiler here")


def tiling(size, left=0.0, low=0.0, wide=12.0):
    """Squares of one size, edge to edge, over a square of a given width; cut off at its rim."""
    frame = shapely.box(0, 0, wide, wide)
    steps = np.arange(-1, int(wide / size) + 2)
    cells = [
        shapely.box(left + i * size, low + j * size, left + (i + 1) * size, low + (j + 1) * size)
        for i, j in itertools.product(steps, steps)
    ]
    cut = shapely.intersection(np.array(cells), frame)
    return cut[shapely.area(cut) > 0]


def every_pair(polygons):
    """Areas of all pairs, by looking at each of them."""
    pairs = itertools.combinations(range(len(polygons)), 2)
    areas = {p: float(shapely.area(shapely.intersection(*polygons[list(p)]))) for p in pairs}
    return {p: a for p, a in areas.items() if a > 1e-6}


def found(polygons):
    overlaps = find_overlaps(polygons, np.zeros(len(polygons), dtype=np.int64))
    assert all(o.keeper < o.loser for o in overlaps)
    return {(o.keeper, o.loser): o.area_m2 for o in overlaps}


def turned(polygons):
    """Every second ring the other way round."""
    made = polygons.copy()
    made[::2] = shapely.reverse(made[::2])
    return made


def test_tiles_edge_to_edge_have_no_edge_to_look_at_but_the_rim():
    tiles = turned(tiling(1.0, wide=5.0))
    assert found(tiles) == {}
    assert len(unshared_edges(Rings.of_geometries(tiles))) == 20


def test_a_layer_that_lies_there_twice_is_found_in_its_middle_too():
    tiles = tiling(1.0, wide=4.0)
    twice = np.concatenate([tiles, turned(tiles)])
    assert found(twice) == every_pair(twice)
    assert len(found(twice)) == 16


def test_two_clean_tilings_on_the_same_ground_are_found_pair_by_pair():
    one, other = tiling(2.0), turned(tiling(2.0, left=-1.0, low=-1.0))
    both = np.concatenate([one, other])
    assert found(both) == every_pair(both)


def test_one_inside_another_and_holes_that_are_filled():
    outer, hole = shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6)
    ring = shapely.difference(outer, hole)
    assert found(np.array([ring, hole])) == {}
    assert found(np.array([outer, hole])) == {(0, 1): 9.0}
    assert found(np.array([ring, shapely.box(4, 4, 7, 5)])) == {(0, 1): 1.0}


def test_a_node_on_one_side_only_is_no_overlap():
    left = shapely.Polygon([(0, 0), (4, 0), (4, 2), (4, 4), (0, 4)])
    assert found(np.array([left, shapely.box(4, 0, 8, 4)])) == {}


def test_empty_and_missing_polygons_share_nothing():
    given_ = np.array([shapely.Polygon(), shapely.box(0, 0, 2, 2), None, shapely.box(1, 0, 3, 2)])
    assert found(given_) == {(1, 3): 2.0}
    assert found(given_[:1]) == {}


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 6), st.integers(0, 3)),
        min_size=1,
        max_size=7,
    )
)
def test_every_pair_that_shares_ground_is_found(given_):
    shapes = []
    for x, y, size, form in given_:
        square = shapely.box(x, y, x + size, y + size)
        inner = affinity.scale(square, 0.5, 0.5)
        corner = shapely.Polygon([(x, y), (x + size, y), (x, y + size)])
        made = (square, corner, shapely.difference(square, inner), affinity.rotate(square, 30))
        shapes.append(made[form])
    polygons = np.array(shapes, dtype=object)
    assert found(polygons) == every_pair(polygons)
