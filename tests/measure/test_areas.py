"""Exact areas: figures that can be worked out in the head, and the traps of peers' reports."""

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.measure import counted_once, find_overlaps, pair_areas

E0, N0 = 569_000, 7_034_000  # Trondheim, EPSG:25832


def polygons(*given):
    return np.array(given, dtype=object)


def total(zones, land):
    return float(pair_areas(zones, land).area.sum())


def test_overlap_of_two_boxes_is_the_product_of_the_shared_sides():
    area = total(polygons(shapely.box(0, 0, 100, 100)), polygons(shapely.box(60, -20, 200, 60)))
    assert area == 40 * 60


def test_shared_edge_has_no_area():
    pairs = pair_areas(
        polygons(shapely.box(0, 0, 100, 100)), polygons(shapely.box(100, 0, 200, 100))
    )
    assert len(pairs.area) == 0


def test_polygon_and_point_as_intersection_keeps_the_polygon():
    """T1: the intersection is a collection; its polygon counts 0.25."""
    zone = shapely.Polygon([(0, 0), (0, 3), (2, 3), (2, 1), (1, 2)])
    field = shapely.Polygon([(0, 0), (0, 1), (2, 1), (2, 0)])
    assert shapely.intersection(zone, field).geom_type == "GeometryCollection"
    assert total(polygons(zone), polygons(field)) == pytest.approx(0.25, abs=1e-12)


def test_touching_part_does_not_hide_the_overlapping_part():
    """T4: two fields, one only touches."""
    fields = polygons(shapely.box(100, 0, 200, 100), shapely.box(50, 50, 80, 100))
    assert total(polygons(shapely.box(0, 0, 100, 100)), fields) == 30 * 50


def test_hole_and_island_are_respected():
    ring = shapely.box(0, 0, 100, 100).difference(shapely.box(40, 40, 60, 60))
    island = shapely.box(45, 45, 55, 55)
    zone = polygons(shapely.box(0, 0, 100, 50))
    assert total(zone, polygons(ring, island)) == 100 * 50 - 20 * 10 + 10 * 5


def test_clip_trap_polygon_cut_at_a_vertex_adds_up():
    """The polygon of measure.md that clip_by_rect loses area of: 7.5 = 4.5 + 3.0."""
    shape = shapely.Polygon([(4, 0), (0, 0), (1, 1), (0, 3), (2, 3), (4, 0)])
    halves = polygons(shapely.box(-1, -1, 2, 4), shapely.box(2, -1, 5, 4))
    pairs = pair_areas(halves, polygons(shape))
    assert pairs.area.tolist() == pytest.approx([4.5, 3.0], abs=1e-12)


@pytest.mark.parametrize("reverse_shell", [False, True])
@pytest.mark.parametrize("reverse_hole", [False, True])
def test_winding_of_shell_and_hole_changes_nothing(reverse_shell, reverse_hole):
    shell = [(0, 0), (10, 0), (10, 10), (0, 10)]
    hole = [(2, 2), (4, 2), (4, 4), (2, 4)]
    polygon = shapely.Polygon(
        shell[::-1] if reverse_shell else shell, [hole[::-1] if reverse_hole else hole]
    )
    assert total(polygons(shapely.box(0, 0, 5, 5)), polygons(polygon)) == 25 - 4


corner = st.integers(min_value=0, max_value=12)


@st.composite
def integer_boxes(draw):
    x1, x2 = sorted(draw(st.lists(corner, min_size=2, max_size=2, unique=True)))
    y1, y2 = sorted(draw(st.lists(corner, min_size=2, max_size=2, unique=True)))
    return (x1, y1, x2, y2)


def box_at(b):
    return shapely.box(E0 + b[0], N0 + b[1], E0 + b[2], N0 + b[3])


def exact_overlap(a, b):
    width = Fraction(min(a[2], b[2]) - max(a[0], b[0]))
    height = Fraction(min(a[3], b[3]) - max(a[1], b[1]))
    return max(width, 0) * max(height, 0)


@given(st.lists(integer_boxes(), min_size=1, max_size=6), integer_boxes())
@settings(max_examples=150, deadline=None)
def test_areas_equal_exact_rationals_at_trondheims_coordinates(boxes, zone):
    pairs = pair_areas(polygons(box_at(zone)), polygons(*map(box_at, boxes)))
    found = dict(zip(pairs.land.tolist(), pairs.area.tolist(), strict=True))
    for i, box in enumerate(boxes):
        assert found.get(i, 0.0) == pytest.approx(float(exact_overlap(zone, box)), abs=1e-7)


def cells(box):
    return {(x, y) for x in range(box[0], box[2]) for y in range(box[1], box[3])}


@given(st.lists(integer_boxes(), min_size=2, max_size=7), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_counted_once_is_the_union_and_the_lowest_rank_keeps_all_of_its_ground(boxes, random):
    """Oracle: unit cells counted in a set."""
    rank = np.array([random.randrange(3) for _ in boxes])
    land = polygons(*map(box_at, boxes))
    once = counted_once(land, find_overlaps(land, rank))
    assert shapely.area(once).sum() == pytest.approx(len(set().union(*map(cells, boxes))), abs=1e-6)
    first = min(range(len(boxes)), key=lambda i: (rank[i], i))
    assert shapely.area(once[first]) == pytest.approx(shapely.area(land[first]), abs=1e-9)


def test_containment_and_duplicates_are_overlaps():
    """T3 and T10."""
    land = polygons(shapely.box(0, 0, 10, 10), shapely.box(2, 2, 4, 4), shapely.box(0, 0, 10, 10))
    found = find_overlaps(land, np.zeros(3, dtype=np.int64))
    assert [(o.keeper, o.loser, o.area_m2) for o in found] == [
        (0, 1, 4.0),
        (0, 2, 100.0),
        (1, 2, 4.0),
    ]
    assert shapely.area(counted_once(land, found)).tolist() == [100.0, 0.0, 0.0]


def test_valid_coverage_has_no_overlaps():
    land = polygons(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    assert find_overlaps(land, np.zeros(2, dtype=np.int64)) == ()
