"""Belts round buildings and openings, at stated numbers of segments (worked examples 6 and 7)."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ikap.measure.pieces import holds_circle, opened, polygons_of, without

FIELD = np.array([shapely.box(0, 0, 100, 100)])
HOUSE = np.array([shapely.box(40, 40, 60, 60)])


def left(distance, segments):
    return float(shapely.area(without(FIELD, HOUSE, np.array([float(distance)]), segments)[0]))


@pytest.mark.parametrize(
    ("distance", "segments", "printed"),
    [
        (10, 128, "8485.8"),  # 10 000 − (400 + 800 + 100π)
        (10, 16, "8486.3"),
        (10, 8, "8487.9"),
        (30, 128, "4372.6"),  # 10 000 − (400 + 2 400 + 900π)
        (30, 16, "4377.1"),
        (30, 8, "4390.7"),
    ],
)
def test_example_6_reserve_by_building_buffer(distance, segments, printed):
    quarter = math.sin(math.pi / 2 / segments) / 2  # area of one sector's triangle, r = 1
    arcs = 4 * segments * quarter * distance**2
    assert left(distance, segments) == pytest.approx(10_000 - 400 - 80 * distance - arcs, abs=1e-6)
    assert f"{left(distance, segments):.1f}" == printed


@pytest.mark.parametrize(("segments", "printed"), [(128, "3951.7"), (16, "3951.4"), (8, "3950.6")])
def test_example_7_opening(segments, printed):
    strips = np.array([shapely.box(0, 0, 12, 200), shapely.box(0, 0, 20, 200)])
    narrow, wide = shapely.area(opened(strips, 7.5, segments))
    assert narrow == 0
    assert f"{wide:.1f}" == printed


def test_a_circle_must_be_larger_than_the_radius():
    areas = np.array([shapely.box(0, 0, 20, 50), shapely.box(0, 0, 20.2, 50)])
    assert holds_circle(areas, 10.0, 128).tolist() == [False, True]


def test_lines_that_an_overlay_leaves_are_no_area():
    mixed = shapely.from_wkt(
        "GEOMETRYCOLLECTION (LINESTRING (0 0, 1 1), POLYGON ((0 0, 1 0, 1 1, 0 0)))"
    )
    parts = polygons_of(np.array([mixed, shapely.from_wkt("LINESTRING (0 0, 1 1)")], dtype=object))
    assert shapely.get_type_id(parts).tolist() == [6, 3]
    assert shapely.area(parts).tolist() == [0.5, 0.0]


def test_no_obstacle_near_leaves_the_area_as_it_is():
    far = np.array([shapely.box(500, 500, 510, 510)])
    assert without(FIELD, far, np.array([10.0]), 16)[0] is FIELD[0]
    assert without(FIELD, far[:0], np.array([10.0]), 16)[0] is FIELD[0]


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=6),
    st.integers(1, 20),
)
def test_what_is_left_and_opened_never_grows(corners, width):
    houses = np.array([shapely.box(x, y, x + 8, y + 8) for x, y in corners])
    kept = without(FIELD, houses, np.array([float(width)]), 16)
    grown = without(FIELD, houses, np.array([width + 1.0]), 16)
    assert shapely.area(grown)[0] <= shapely.area(kept)[0] + 1e-9
    smooth = opened(kept, 7.5, 16)
    assert shapely.area(shapely.difference(smooth, kept))[0] < 1e-6
    assert shapely.area(kept)[0] <= 10_000
