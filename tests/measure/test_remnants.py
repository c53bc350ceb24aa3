"""What is left of fields: widths known in your head, and what hangs together."""

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import given

from ikap.measure.remnants import Ground, grown, roomy, width


def ground_of(fields, taken=()):
    """All fields, with what is taken from them."""
    gone = shapely.union_all([shapely.Polygon(), *taken])

    def near(box):
        return [k for k, shape in enumerate(fields) if shapely.box(*box).intersects(shape)]

    return Ground(near, lambda number: shapely.difference(fields[number], gone))


@pytest.mark.parametrize(
    ("shape", "metres"),
    [
        (shapely.box(0, 0, 200, 12), 12),  # a strip is as wide as it is across
        (shapely.box(0, 0, 200, 20), 20),
        (shapely.Polygon([(0, 0), (30, 0), (0, 40)]), 20),  # 3-4-5: r = (30 + 40 − 50) / 2 = 10
        (shapely.union(shapely.box(0, 0, 100, 100), shapely.box(100, 45, 300, 55)), 100),
        (shapely.Point(0, 0).buffer(7, quad_segs=256), 14),
    ],
)
def test_width_is_the_diameter_of_the_largest_circle(shape, metres):
    assert width(shape) == pytest.approx(metres, abs=0.05)


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(1, 15)), max_size=6))
def test_what_is_surely_wide_has_room_for_the_circle(holes):
    """The bound from area and outline never says more than the circle does, holes or not."""
    shape = shapely.box(0, 0, 100, 60)
    for x, y, size in holes:
        shape = shapely.difference(shape, shapely.box(x, y, x + size, y + size))
    for part in shapely.get_parts(shape):
        found = width(part)
        for across in (5, 10, 20, 40):
            if roomy(part, 0, across):
                assert found >= across - 0.05


def test_pieces_meet_along_a_border_and_not_in_a_corner():
    fields = [
        shapely.box(0, 0, 100, 10),
        shapely.box(0, 10, 100, 200),
        shapely.box(100, -90, 200, 0),
    ]
    strip = ground_of(fields).pieces(0)[0]
    assert {piece.name[0] for piece in ground_of(fields).beside(strip)} == {1}
    assert grown(strip, ground_of(fields), area=5000, across=20)[1]
    alone = ground_of(fields[::2])
    members, fine = grown(alone.pieces(0)[0], alone, area=5000, across=20)
    assert ([m.name for m in members], fine) == ([(0, 0)], False)


def test_two_strips_together_may_be_wide_enough():
    fields = [shapely.box(0, 0, 300, 12), shapely.box(0, 12, 300, 24)]
    members, fine = grown(ground_of(fields).pieces(0)[0], ground_of(fields), area=5000, across=20)
    assert (len(members), fine) == (2, True)  # 24 m wide, 7.2 daa
    assert not grown(ground_of(fields).pieces(0)[0], ground_of(fields), area=8000, across=20)[1]


def test_what_is_taken_parts_a_field_in_two():
    ground = ground_of([shapely.box(0, 0, 100, 100)], [shapely.box(-1, 40, 101, 60)])
    assert sorted(shapely.area(p.shape) for p in ground.pieces(0)) == [4000, 4000]
    assert not list(ground.beside(ground.pieces(0)[0]))
    assert np.isclose(width(ground.pieces(0)[0].shape), 40, atol=0.05)
