"""Cuts of straight edges: enough of them, the same for neighbours, and nothing moved."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely import LinearRing, LineString, MultiPolygon, Point, Polygon, box, from_wkt

from ikap.measure.straight import SMALLEST_RADIUS, cut_up, deviation


def mapping(source, target):
    change = Transformer.from_crs(source, target, always_xy=True)
    return lambda xy: np.column_stack(change.transform(xy[:, 0], xy[:, 1]))


def bowl(xy):
    """Bends what is straight, less and less as it grows steep."""
    return np.column_stack([xy[:, 0], xy[:, 1] + xy[:, 0] ** 2 + xy[:, 1] ** 2])


def objects(*shapes):
    return np.array(shapes, dtype=object)


def test_types_order_and_empty_parts_stay() -> None:
    shapes = objects(
        from_wkt("MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((9 0,12 0,12 4,9 4,9 0)))"),
        LineString([(0, 0), (4, 0)]),
        Polygon([(0, 0), (8, 0), (8, 8), (0, 8)], [[(2, 2), (6, 2), (6, 6), (2, 6)]]),
        from_wkt("MULTIPOLYGON(EMPTY,((0 0,4 0,4 4,0 4,0 0)))"),
        Point(1, 1),
        MultiPolygon([box(0, 0, 1, 1)]),
        LinearRing([(0, 0), (4, 0), (4, 4)]),
        from_wkt("MULTILINESTRING((0 0,4 0),(0 1,0 3))"),
        from_wkt("GEOMETRYCOLLECTION(POINT(0 0),POLYGON((0 0,4 0,4 4,0 0)),LINESTRING(0 0,4 0))"),
    )
    cut = cut_up(shapes, bowl, 0.2501, unit=1e5)
    assert list(shapely.get_type_id(cut)) == list(shapely.get_type_id(shapes))
    assert shapely.equals(cut, shapes).all()
    assert shapely.get_num_coordinates(cut[1]) >= 4
    assert shapely.get_num_coordinates(cut[4]) == 1
    assert shapely.get_num_coordinates(cut[8]) > shapely.get_num_coordinates(shapes[8])


def test_what_bends_too_little_is_the_same_object() -> None:
    shapes = objects(box(570_000, 7_030_000, 570_020, 7_030_020))
    assert cut_up(shapes, mapping(25832, 25833), 1e-4)[0] is shapes[0]


ends = st.tuples(st.floats(4.5, 31.0), st.floats(57.9, 81.0))


@given(ends, ends, st.sampled_from([1e-4, 1e-3, 0.1]))
def test_no_piece_is_farther_from_its_curve_than_the_tolerance(start, end, tolerance) -> None:
    move = mapping(4258, 25833)
    start, end = np.array(start), np.array(end)
    end = start + (end - start) * min(1.0, 0.4 / max(np.abs(end - start).max(), 1e-9))
    cut = cut_up(objects(LineString([start, end])), move, tolerance, unit=111_700.0)
    xy = shapely.get_coordinates(cut)
    assert (xy[[0, -1]] == [start, end]).all()
    for share in (0.1, 0.37, 0.5, 0.8):  # other points than the ones that were looked at
        on = move(xy[:-1] + (xy[1:] - xy[:-1]) * share)
        first, last = move(xy[:-1]), move(xy[1:])
        lines = shapely.linestrings(np.stack([first, last], axis=1))
        assert shapely.distance(shapely.points(on), lines).max() < tolerance * 1.05


@given(st.floats(4.5, 31.0), st.floats(57.9, 81.0), st.floats(0, 2 * np.pi))
def test_nothing_bends_more_than_the_stated_radius(east, north, direction) -> None:
    length = 0.001  # degrees of latitude, about 111 m
    step = np.array([np.cos(direction) / np.cos(np.radians(north)), np.sin(direction)]) * length
    start = np.array([[east, north]])
    for target in (25832, 25833, 25835, 3035):
        move = mapping(4258, target)
        if abs(east - {25832: 9, 25833: 15, 25835: 27, 3035: 10}[target]) > 22:
            continue
        metres = np.hypot(*(move(start + step) - move(start))[0])
        bent = deviation(start, start + step, move)[0]
        assert bent <= metres**2 / (8 * SMALLEST_RADIUS) + 1e-8


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("turn", range(4))
def test_neighbours_with_the_same_edge_get_the_same_cuts_to_the_bit(reverse, turn) -> None:
    a, b = (10.0, 63.4), (10.4, 63.41)  # 20 km
    west = [a, b, (10.2, 63.6)]
    east = [a, (10.2, 63.2), b]
    move = mapping(4258, 25832)
    cut = cut_up(
        objects(Polygon(west), Polygon(np.roll(east[:: -1 if reverse else 1], turn, axis=0))),
        move,
        1e-4,
        unit=111_700.0,
    )
    on = [{tuple(p) for p in shapely.get_coordinates(move_all(g, move))} for g in cut]
    shared = on[0] & on[1]
    assert len(shared) > 300
    moved = [move_all(g, move) for g in cut]
    assert shapely.area(shapely.intersection(*moved)) == 0
    assert shapely.union_all(moved).geom_type == "Polygon"
    assert len(shapely.union_all(moved).interiors) == 0


def move_all(geometry, move):
    return shapely.transform(geometry, move)


@pytest.mark.parametrize(
    ("source", "target", "unit"), [(4258, 25832, 111_700.0), (25833, 25832, 1)]
)
def test_extra_vertices_on_a_shared_edge_of_20_km_open_no_gap(source, target, unit) -> None:
    """Without cuts the two borders would be up to 16 m apart in degrees, 0.3 m from zone 33."""
    local = mapping(4258, source)
    a, b = local(np.array([(10.0, 63.4), (10.3, 63.52)]))
    extra = [a + (b - a) * t for t in (0.123, 0.5000001, 0.77)]
    move = mapping(source, target)
    lines = objects(LineString([a, b]), LineString([b, *extra[::-1], a]))
    cut = cut_up(lines, move, 1e-4, unit=unit)
    assert shapely.hausdorff_distance(*(move_all(g, move) for g in cut), densify=0.01) < 1.01e-4
    assert between(*cut, move) < 0.1  # m² on 20 km
    assert between(*lines, move) > 1000  # what the cuts are for
    kept = [{tuple(p) for p in shapely.get_coordinates(g)} for g in (lines[1], cut[1])]
    assert kept[0] <= kept[1]


def between(one, other, move):
    """Ground between two lines with the same ends, in m²."""
    noded = shapely.union_all([move_all(one, move), move_all(other, move)])
    return shapely.polygonize(shapely.get_parts(noded)).area


def test_a_vertex_without_a_place_is_left_alone() -> None:
    far = Polygon([(0, 0), (9e7, 0), (9e7, 9e7), (0, 0)])
    cut = cut_up(objects(far), mapping(25833, 25832), 1e-4)
    assert {tuple(p) for p in shapely.get_coordinates(far)} <= {
        tuple(p) for p in shapely.get_coordinates(cut)
    }
