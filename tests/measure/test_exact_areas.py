"""Areas against exact rationals, by both routes: the traps of geometry, and random shapes."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

E0, N0 = 569_000, 7_034_000  # Trondheim, EPSG:25832
few = settings(max_examples=60)


def shapes(*given):
    return np.array(given, dtype=object)


def moved(geometry, east=E0, north=N0):
    return shapely.transform(geometry, lambda xy: xy + np.array([east, north]))


def tolerance(*geometries):
    """Of measure.md: 1e-9 of the area, or 8 units in the last place along the outline."""
    largest = max(float(np.abs(shapely.get_coordinates(g)).max(initial=1)) for g in geometries)
    return max(
        1e-9 * min(shapely.area(g) for g in geometries),
        8 * float(np.spacing(largest)) * max(shapely.length(g) for g in geometries),
    )


# Shapes with whole coordinates


@st.composite
def blocks(draw):
    """Squares of a grid put together: parts, holes, islands in holes, corners that touch."""
    side = draw(st.integers(2, 6))
    squares = draw(st.lists(st.booleans(), min_size=side * side, max_size=side * side))
    assume(any(squares))
    size = draw(st.sampled_from([1, 3, 16, 200]))
    taken = [
        shapely.box(size * c, size * r, size * (c + 1), size * (r + 1))
        for (c, r), on in zip(itertools.product(range(side), repeat=2), squares, strict=True)
        if on
    ]
    a, b, c, d = draw(st.sampled_from([(1, 0, 0, 1), (0, -1, 1, 0), (2, 1, -1, 1), (1, 3, 0, 1)]))
    whole = shapely.union_all(taken)
    leaning = shapely.transform(whole, lambda xy: xy @ np.array([[a, b], [c, d]]))
    return moved(leaning, draw(st.integers(-40, 40)), draw(st.integers(-40, 40)))


@st.composite
def stars(draw):
    """One ring around a middle, with corners in any distance."""
    count = draw(st.integers(3, 24))
    reach = draw(st.sampled_from([10, 100, 1000]))
    far = draw(st.lists(st.integers(reach // 5, reach), min_size=count, max_size=count))
    way = np.linspace(0, 2 * np.pi, count, endpoint=False) + draw(st.floats(0, 3))
    xy = np.rint(np.column_stack([np.cos(way), np.sin(way)]) * np.array(far)[:, None])
    star = shapely.Polygon(xy + np.array(draw(st.tuples(*[st.integers(-50, 50)] * 2))))
    assume(star.is_valid and star.area > 0)
    return star


any_shape = st.one_of(blocks(), stars())


@given(any_shape, any_shape)
@few
def test_random_shapes_at_trondheims_coordinates(table, exact_area, a, b):
    a, b = moved(a), moved(b)
    found = table(shapes(a), shapes(b))[0, 0]
    assert abs(found - float(exact_area(a, b))) <= tolerance(a, b)


@given(any_shape, any_shape)
@few
def test_which_one_is_the_zone_changes_nothing(table, a, b):
    assert table(shapes(a), shapes(b))[0, 0] == pytest.approx(
        table(shapes(b), shapes(a))[0, 0], abs=tolerance(a, b)
    )


@given(any_shape, any_shape)
@few
def test_area_is_never_negative_nor_more_than_either_has(table, a, b):
    found = table(shapes(a), shapes(b))[0, 0]
    assert 0 <= found <= min(a.area, b.area) + tolerance(a, b)


@given(st.lists(any_shape, min_size=1, max_size=4), st.lists(any_shape, min_size=1, max_size=6))
@few
def test_many_at_once_are_the_same_as_one_by_one(table, zones, land):
    """Shapes far smaller and far larger than the grid's cells share one table."""
    whole = table(shapes(*zones), shapes(*land))
    for i, j in itertools.product(range(len(zones)), range(len(land))):
        alone = table(shapes(zones[i]), shapes(land[j]))[0, 0]
        assert whole[i, j] == pytest.approx(alone, abs=tolerance(zones[i], land[j]))


@given(any_shape, st.integers(-60, 60), any_shape)
@few
def test_areas_add_up_when_a_shape_is_split(table, a, x, b):
    left = shapely.intersection(a, shapely.box(-5000, -5000, x, 5000))
    right = shapely.intersection(a, shapely.box(x, -5000, 5000, 5000))
    parts = table(shapes(left, right), shapes(b)).sum()
    assert parts == pytest.approx(table(shapes(a), shapes(b))[0, 0], abs=4 * tolerance(a, b))


MOVES = {
    "mirrored": lambda xy: xy * [-1, 1],
    "turned": lambda xy: xy @ np.array([[0, 1], [-1, 0]]),
    "a million away": lambda xy: xy + 1_000_000,
    "in another place of its cells": lambda xy: xy + np.array([7, 129]),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=list(MOVES))
@given(any_shape, any_shape)
@settings(max_examples=30)
def test_moving_both_changes_nothing(table, exact_area, move, a, b):
    here, there = (shapely.transform(g, move) for g in (a, b))
    found = table(shapes(here), shapes(there))[0, 0]
    assert found == pytest.approx(float(exact_area(a, b)), abs=tolerance(here, there))


@given(any_shape)
@few
def test_a_zone_that_is_the_land_polygon_has_its_area(table, a):
    a = moved(a)
    assert table(shapes(a), shapes(a))[0, 0] == pytest.approx(a.area, abs=tolerance(a, a))


# The cases of measure.md, one by one


def rings_of(shell, *holes):
    return shapely.Polygon(shell, holes)


SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
HOLE = [(2, 2), (4, 2), (4, 4), (2, 4)]
ZONE = shapely.Polygon([(-1, 1), (7, -1), (6, 9), (3, 12)])


@pytest.mark.parametrize("turn_shell", [1, -1])
@pytest.mark.parametrize("turn_hole", [1, -1])
@pytest.mark.parametrize("start", range(4))
def test_winding_and_start_of_rings(table, exact_area, turn_shell, turn_hole, start):
    shell = (SQUARE[start:] + SQUARE[:start])[::turn_shell]
    a = rings_of(shell, (HOLE[start:] + HOLE[:start])[::turn_hole])
    truth = float(exact_area(rings_of(SQUARE, HOLE), ZONE))
    assert table(shapes(a), shapes(ZONE))[0, 0] == pytest.approx(truth, abs=1e-12)
    assert table(shapes(ZONE), shapes(a))[0, 0] == pytest.approx(truth, abs=1e-12)


SAME_GROUND = {
    "repeated corners": rings_of([p for p in SQUARE for _ in range(3)]),
    "minus nought": rings_of([(-0.0, -0.0), (10, -0.0), (10, 10), (-0.0, 10)]),
    "corners within straight edges": rings_of(
        [(0, 0), (3, 0), (8, 0), (10, 0), (10, 5), (10, 10), (9, 10), (0, 10), (0, 2)]
    ),
}


@pytest.mark.parametrize("form", SAME_GROUND.values(), ids=list(SAME_GROUND))
def test_forms_of_the_same_ground(table, exact_area, form):
    truth = float(exact_area(rings_of(SQUARE), ZONE))
    assert table(shapes(form), shapes(ZONE))[0, 0] == pytest.approx(truth, abs=1e-12)
    assert table(shapes(ZONE), shapes(form))[0, 0] == pytest.approx(truth, abs=1e-12)


def test_thin_spike(table, exact_area):
    """Almost no width, but valid: the area is that of the spike."""
    spike = moved(rings_of([(0, 0), (10, 0), (10, 4), (5000, 5), (10, 6), (10, 10), (0, 10)]))
    zone = moved(shapely.box(2000, -20, 4000, 20))
    assert table(shapes(zone), shapes(spike))[0, 0] == pytest.approx(
        float(exact_area(zone, spike)), abs=tolerance(zone, spike)
    )


def test_hole_that_touches_the_shell_at_a_corner(table, exact_area):
    a = rings_of([(0, 0), (12, 0), (12, 12), (0, 12)], [(0, 6), (6, 2), (8, 9)])
    assert a.is_valid
    assert table(shapes(ZONE), shapes(a))[0, 0] == pytest.approx(
        float(exact_area(ZONE, a)), abs=1e-12
    )


@pytest.mark.parametrize("turn", [1, -1])
def test_neighbours_share_an_edge_but_no_ground(measure, turn):
    """Also where the common edge leans, so that no coordinate of the two is alike."""
    west = moved(rings_of([(0, 0), (7, 0), (11, 13), (0, 13)]))
    east = moved(rings_of([(7, 0), (20, 0), (20, 13), (11, 13)][::turn]))
    assert len(measure(shapes(west), shapes(east)).area) == 0
    corner = moved(rings_of([(11, 13), (30, 13), (30, 40)]))
    assert len(measure(shapes(west), shapes(corner)).area) == 0


def test_neighbours_along_a_bent_border_share_no_ground(measure):
    """Collinear corners on one side only: rounding makes hairs between the two, not ground."""
    border = np.array([(0, 0), (1001, 333), (1003, 2000), (2500, 2501)]) + np.array([E0, N0])
    finer = shapely.get_coordinates(shapely.segmentize(shapely.LineString(border), 0.7))
    west = shapely.Polygon([*border, (E0 - 900, N0 + 2501), (E0 - 900, N0)])
    east = shapely.Polygon([*finer, (E0 + 9000, N0 + 2501), (E0 + 9000, N0)])
    assert len(measure(shapes(west), shapes(east)).area) == 0


def test_polygon_with_a_corner_on_the_line_that_cuts_it(table):
    """The polygon of measure.md, whose corner lies at x = 2: 7.5 = 4.5 + 3.0."""
    for scale, x, y in ((1, 0, 0), (64, 0, 0), (256, E0, N0), (0.5, E0 - 1, N0 - 1)):
        shape = moved(
            shapely.Polygon(
                np.array([(4, 0), (0, 0), (1, 1), (0, 3), (2, 3), (4, 0)], float) * scale
            ),
            x,
            y,
        )
        halves = [
            moved(shapely.box(a * scale, -scale, b * scale, 4 * scale), x, y)
            for a, b in ((-1, 2), (2, 5))
        ]
        found = table(shapes(*halves), shapes(shape))[:, 0] / scale**2
        assert found.tolist() == pytest.approx([4.5, 3.0], abs=1e-9)


def test_corners_and_edges_on_grid_lines(table, exact_area):
    """Many polygons, so that cells are small, with all corners on multiples of their size."""
    steps = np.arange(0, 512, 32)
    land = [
        rings_of([(x, y), (x + 32, y), (x + 64, y + 32), (x, y + 32), (x - 32, y + 16)])
        for x, y in itertools.product(steps, steps)
    ]
    comb = [(0, 0)]
    for x in range(0, 512, 64):
        comb += [(x, 480), (x + 32, 480), (x + 32, 64), (x + 64, 64)]
    zone = rings_of([*comb, (512, 0)])
    found = table(shapes(zone), shapes(*land))[0]
    truth = [float(exact_area(zone, piece)) for piece in land]
    assert found.tolist() == pytest.approx(truth, abs=1e-9)


def test_islands_in_holes_three_deep(table, exact_area):
    nested = [shapely.box(k, k, 60 - k, 60 - k) for k in range(0, 30, 4)]
    rings = [a.difference(b) for a, b in itertools.pairwise(nested)][::2]
    land = shapely.multipolygons([rings])[0]
    for zone in (ZONE, shapely.box(-5, 7, 33, 40), shapely.Polygon([(30, -9), (70, 30), (9, 55)])):
        assert table(shapes(zone), shapes(land))[0, 0] == pytest.approx(
            float(exact_area(zone, land)), abs=1e-9
        )


def test_multipolygon_of_ten_thousand_parts(table):
    steps = np.arange(100) * 10
    parts = [shapely.box(x, y, x + 7, y + 9) for x, y in itertools.product(steps, steps)]
    many = moved(shapely.multipolygons([parts])[0])
    zone = moved(shapely.box(3, 5, 503, 705))
    across, upright = 50 * 7, 70 * 9  # the zone begins 3 m into a part and ends 3 m into another
    truth = across * upright
    assert table(shapes(zone), shapes(many))[0, 0] == pytest.approx(truth, abs=1e-4)
    assert table(shapes(many), shapes(zone))[0, 0] == pytest.approx(truth, abs=1e-4)


def test_ring_of_a_million_corners(measure, table):
    """A comb with teeth 1 m wide and 10 m high on a back 10 m high; the zone cuts all of them."""
    teeth = 250_000 if measure.route == "edges" else 2_500  # GEOS takes a minute for the larger
    x = np.arange(2 * teeth).repeat(2)
    y = np.tile([10.0, 20.0, 20.0, 10.0], teeth)
    comb = shapely.Polygon([*np.column_stack([x, y]), (2 * teeth, 10), (2 * teeth, 0), (0, 0)])
    comb, zone = moved(comb, 0, N0), moved(shapely.box(0, 5, 2 * teeth, 15), 0, N0)
    truth = 5 * 2 * teeth + 5 * teeth
    assert table(shapes(zone), shapes(comb))[0, 0] == pytest.approx(truth, abs=1e-2)
    assert table(shapes(comb), shapes(zone))[0, 0] == pytest.approx(truth, abs=1e-2)


def test_200_kilometres_by_a_millimetre(measure):
    """Truth: exact rationals are not needed, the strip is a box; GEOS was off by 0.39 m² here."""
    strip = shapely.box(300_000, 7_000_000, 500_000, 7_000_000.001)
    width = float(np.float64(7_000_000.001) - 7_000_000)
    halves = shapes(
        shapely.box(300_000, 6_999_000, 417_000, 7_000_900),
        shapely.box(417_000, 6_999_000, 500_000, 7_000_900),
        shapely.Polygon([(300_000, 6_999_000), (500_000, 6_999_000), (500_000, 7_001_000)]),
    )
    found = measure(halves, shapes(strip)).area
    truth = [
        117_000 * width,
        83_000 * width,
        100_000 * width - 50 * width**2,
    ]  # 1:100 at x = 400 km
    allowed = 1e-6 if measure.route == "edges" else 8 * np.spacing(7e6) * 400_000
    assert found.tolist() == pytest.approx(truth, abs=allowed)


# Traps of peers


def test_collection_keeps_its_polygon(table):
    """T1: the zone meets the field in a polygon and a point."""
    zone = shapely.Polygon([(0, 0), (0, 3), (2, 3), (2, 1), (1, 2)])
    field = shapely.Polygon([(0, 0), (0, 1), (2, 1), (2, 0)])
    assert table(shapes(zone), shapes(field))[0, 0] == pytest.approx(0.25, abs=1e-12)
    mixed = shapely.GeometryCollection([zone, shapely.LineString([(0, 0), (9, 9)])])
    assert table(shapes(mixed), shapes(field))[0, 0] == pytest.approx(0.25, abs=1e-12)


def test_almost_parallel_edges_are_measured(table):
    """T2: valid polygons whose overlay fails or shifts; both routes give the same area."""
    a = shapely.Polygon([(0, 0), (1e5, 1e-7), (1e5, 50), (0, 50)])
    b = shapely.Polygon([(0, 1e-7), (1e5, 0), (1e5, -50), (0, -50)])
    found = table(shapes(moved(a), moved(b)), shapes(moved(b), moved(a)))
    assert np.diag(found[:, ::-1]).tolist() == pytest.approx([5e6, 5e6], abs=1e-2)
    assert found[0, 0] == pytest.approx(found[1, 1], abs=8 * np.spacing(7e6) * 2e5)


def test_equal_fields_are_each_measured(table):
    """T3: the certificate counts shared ground once; the kernel measures what it is given."""
    field = shapely.box(2, 2, 8, 8)
    assert table(shapes(shapely.box(0, 0, 5, 10)), shapes(field, field)).tolist() == [[18, 18]]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("as_zone", [True, False])
def test_coordinates_that_are_no_numbers_are_refused(measure, bad, as_zone):
    good = shapely.box(0, 0, 100, 100)
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(0, 0), (50, bad), (100, 0), (50, -50)])
    with pytest.raises(ValueError, match="finite"):
        measure(*((shapes(good, broken), shapes(good))[:: 1 if as_zone else -1]))


def test_nothing_and_empty_polygons(measure):
    square = shapely.box(0, 0, 1, 1)
    assert len(measure(shapes(), shapes(square)).area) == 0
    assert len(measure(shapes(square), shapes()).area) == 0
    found = measure(shapes(None, square, shapely.Polygon()), shapes(shapely.Polygon(), square))
    assert (found.zone.tolist(), found.land.tolist(), found.area.tolist()) == ([1], [1], [1.0])


def test_a_small_real_zone_is_never_taken_for_noise(table):
    """T6: a square of 2 cm in a field of a kilometre, at 7 million metres north."""
    tiny = moved(shapely.box(500, 500, 500.02, 500.02))
    field = moved(shapely.box(0, 0, 1000, 500.01))
    assert table(shapes(tiny), shapes(field))[0, 0] == pytest.approx(0.02 * 0.01, rel=1e-6)
    assert table(shapes(field), shapes(tiny))[0, 0] == pytest.approx(0.02 * 0.01, rel=1e-6)


def test_pairs_are_sorted_by_zone_then_land(measure):
    land = shapes(*(shapely.box(x, 0, x + 2, 9) for x in (6, 0, 3)))
    found = measure(shapes(shapely.box(0, 0, 9, 4), shapely.box(4, 1, 7, 2)), land)
    assert list(zip(found.zone, found.land, strict=True)) == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 2),
    ]
    assert found.area.tolist() == [8, 8, 8, 1, 1]
