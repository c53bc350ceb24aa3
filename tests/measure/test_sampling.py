"""Sample points: still, inside, and standing for the whole area."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.measure.sampling import MOST, sample_points


def test_a_box_of_two_by_two_cells():
    found = sample_points(np.array([shapely.box(1000, 2000, 1100, 2100)]), 50.0)
    assert found.xy.tolist() == [[1025, 2025], [1075, 2025], [1025, 2075], [1075, 2075]]
    assert found.m2.tolist() == [2500] * 4


def test_a_small_area_has_one_point_inside():
    small = shapely.Polygon([(0, 0), (10, 0), (10, 2), (0, 3)])
    found = sample_points(np.array([shapely.box(500, 500, 700, 700), small]), 50.0)
    (row,) = np.flatnonzero(found.area == 1)
    assert shapely.contains_xy(small, *found.xy[row])
    assert found.m2[row] == pytest.approx(small.area)


def test_moving_the_area_does_not_move_the_grid():
    one = sample_points(np.array([shapely.box(0, 0, 300, 300)]), 50.0).xy
    moved = sample_points(np.array([shapely.box(10, 10, 310, 310)]), 50.0).xy
    assert {tuple(p) for p in moved.tolist()} >= {tuple(p) for p in one.tolist() if min(p) > 10}


def test_order_and_division_change_nothing():
    areas = np.array([shapely.box(i * 170, i * 90, i * 170 + 260, i * 90 + 140) for i in range(6)])
    whole = sample_points(areas, 50.0)
    for i in range(6):
        alone = sample_points(areas[i : i + 1], 50.0)
        np.testing.assert_array_equal(alone.xy, whole.xy[whole.area == i])
        np.testing.assert_array_equal(alone.m2, whole.m2[whole.area == i])


def test_two_parts_far_apart_cost_no_grid_between_them():
    far = shapely.MultiPolygon(
        [shapely.box(0, 0, 100, 100), shapely.box(1e6, 1e6, 1e6 + 50, 1e6 + 50)]
    )
    assert len(sample_points(np.array([far]), 50.0).xy) == 5


def test_a_very_large_area_has_a_coarser_grid():
    large = shapely.box(0, 0, 20_000, 20_000)  # 160 000 cells of 50 m: three doublings
    found = sample_points(np.array([large]), 50.0)
    assert len(found.xy) == 2_500
    assert len(found.xy) <= MOST
    assert found.m2.sum() == pytest.approx(large.area)


def test_nothing():
    assert len(sample_points(np.zeros(0, dtype=object), 50.0).xy) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.floats(0, 500)] * 4).filter(lambda b: min(b[2], b[3]) > 0.01), max_size=8
    )
)
def test_points_are_inside_and_shares_add_up(boxes):
    areas = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h in boxes], dtype=object)
    found = sample_points(areas, 50.0)
    assert set(found.area.tolist()) == set(range(len(areas)))
    if len(areas):
        assert shapely.contains_xy(areas[found.area], *found.xy.T).all()
        sums = np.bincount(found.area, weights=found.m2)
        np.testing.assert_allclose(sums, shapely.area(areas), rtol=1e-9)
