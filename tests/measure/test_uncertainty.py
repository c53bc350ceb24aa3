"""Variance of areas: hand figures, simulation with a fixed seed, and what must change nothing."""

from dataclasses import fields as fields_of

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from ikap.measure.outlines import edges_of, outlines, stretches
from ikap.measure.rings import Rings
from ikap.measure.uncertainty import Borders, Spread, parts_inside, spread

RUNS = 4000
ROUNDING = 1e-9


def borders_of(polygons, group, deviation):
    group = np.asarray(group, dtype=np.int64)
    every = edges_of(Rings.of_geometries(np.array(polygons, dtype=object)))
    edges = every.take(outlines(every, group))
    own = np.broadcast_to(np.asarray(deviation, dtype=float), (len(polygons),))
    other = np.where(edges.other < 0, own[edges.polygon], own[edges.other])
    return Borders(edges, stretches(edges), np.maximum(own[edges.polygon], other)), group


def variances(polygons, group, deviation, zones, wanted=0) -> Spread:
    """Variance of the area of one group inside each zone."""
    borders, group = borders_of(polygons, group, deviation)
    of_group = np.flatnonzero(group[borders.edges.polygon] == wanted)
    zones = np.array(zones, dtype=object)
    index = np.tile(of_group, len(zones))
    zone = np.repeat(np.arange(len(zones)), len(of_group))
    position, parts = parts_inside(borders.edges, index, zones, zone)
    return spread(borders, parts, zone[position], np.zeros(len(zones), dtype=np.int64))


def simulated(polygons, group, deviation, zone, *, shift, wanted=0):
    """Areas by GEOS of the group's union inside the zone, with every vertex or stretch moved.

    Vertices with equal coordinates move together; so do all vertices of one stretch, but only
    along that stretch: an edge is moved whole, and its area swept is that of a parallelogram.
    """
    borders, group = borders_of(polygons, group, deviation)
    rng = np.random.default_rng(20261125)
    if shift:
        return _shifted(borders, group, zone, rng, wanted)
    flat = [np.asarray(shapely.get_coordinates(p)) for p in polygons]
    distinct, which = np.unique(np.concatenate(flat), axis=0, return_inverse=True)
    scale = np.zeros(len(distinct))
    own = np.broadcast_to(np.asarray(deviation, dtype=float), (len(polygons),))
    np.maximum.at(scale, which.ravel(), np.repeat(own, [len(c) for c in flat]))
    found = np.empty(RUNS)
    for k in range(RUNS):
        moved = distinct + rng.normal(size=distinct.shape) * scale[:, None]
        pieces, at = [], 0
        for polygon, own_group, coordinates in zip(polygons, group, flat, strict=True):
            if own_group == wanted:
                new = moved[which.ravel()[at : at + len(coordinates)]]
                pieces.append(shapely.set_coordinates(polygon, new))
            at += len(coordinates)
        found[k] = shapely.intersection(shapely.union_all(pieces), zone).area
    return found


def _shifted(borders, group, zone, rng, wanted):
    """Swept area of every edge of the group inside the zone, by GEOS lengths and angles."""
    edges = borders.edges
    mine = np.flatnonzero(group[edges.polygon] == wanted)
    found = np.zeros(RUNS)
    moves = rng.normal(size=(RUNS, int(borders.stretch.number.max()) + 1, 2))
    for e in mine:
        line = shapely.LineString([edges.start[e], edges.start[e] + edges.step[e]])
        inside = shapely.length(shapely.intersection(line, zone))
        outward = np.array([edges.step[e][1], -edges.step[e][0]]) / line.length
        along = moves[:, borders.stretch.number[e]] @ outward
        found += borders.deviation[e] * inside * along
    return found


def agrees(variance, sample):
    """Within three standard errors of the variance of a normal sample."""
    seen = np.var(sample, ddof=1)
    return abs(variance - seen) <= 3 * seen * np.sqrt(2 / (len(sample) - 1)) + ROUNDING


FAR = box(-1e4, -1e4, 1e4, 1e4)
STAR = Polygon([(0, 0), (90, -30), (160, 20), (150, 110), (80, 70), (20, 130), (-30, 60)])
HOLED = Polygon(
    [(0, 0), (200, 0), (220, 150), (90, 210), (-20, 120)],
    [[(60, 60), (60, 110), (120, 120), (130, 50)]],
)
STRIPS = [box(0, 0, 60, 100), box(60, 0, 100, 100), box(100, 0, 180, 100), box(0, 100, 180, 170)]
STRIPS[3] = Polygon([(0, 100), (60, 100), (100, 100), (180, 100), (180, 170), (0, 170)])
CASES = {
    "square": ([box(0, 0, 100, 100)], [0], 2.0, FAR),
    "polygon": ([STAR], [0], 1.5, FAR),
    "hole": ([HOLED], [0], 2.0, FAR),
    "shared borders": (STRIPS, [0, 0, 1, 2], 2.0, FAR),
    "two accuracies": (STRIPS, [0, 0, 1, 2], [0.5, 0.5, 3.0, 1.0], FAR),
    "zone cut": ([STAR], [0], 1.5, box(-100, 20, 100, 300)),
    "zone cuts shared borders": (STRIPS, [0, 0, 1, 2], 1.0, box(20, 30, 150, 140)),
    "zone cuts a hole": ([HOLED], [0], 1.0, box(-50, -50, 95, 80)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("shift", [False, True], ids=["single", "shift"])
def test_simulation(name, shift):
    polygons, group, deviation, zone = CASES[name]
    found = variances(polygons, group, deviation, [zone])
    sample = simulated(polygons, group, deviation, zone, shift=shift)
    assert agrees((found.shift if shift else found.single)[0], sample)


def test_square_by_hand():
    # each vertex has neighbours √2·a apart: 4 · σ²/4 · 2a² = 2 σ² a²
    side, deviation = 100.0, 2.0
    found = variances([box(0, 0, side, side)], [0], deviation, [FAR])
    assert found.single[0] == pytest.approx(2 * deviation**2 * side**2, rel=1e-12)
    assert found.shift[0] == pytest.approx(0.0, abs=ROUNDING)  # a closed stretch only moves


def test_half_a_square_by_hand():
    # a square 100 × 100 cut at x = 50, left part: the line enters at (50, 0), leaves at (50, 100).
    # Left vertices: 50-part of the edge gives ∫(1−t) over [0, ½] = 3/8 of its 100 m, plus half of
    # the left side: |(37.5, 50)|² each. Right vertices: ∫t over [0, ½] = 1/8: 12.5² each.
    found = variances([box(0, 0, 100, 100)], [0], 1.0, [box(0, -10, 50, 110)])
    assert found.single[0] == pytest.approx(2 * (37.5**2 + 50**2) + 2 * 12.5**2, rel=1e-12)
    # one stretch, from (50, 0) round to (50, 100): chord 100 m
    assert found.shift[0] == pytest.approx(100.0**2, rel=1e-12)


def test_field_between_two_others_by_hand():
    # strips of three groups: the middle one has two straight stretches towards its neighbours and
    # two towards nothing; chords 100, 100, 40, 40
    polygons = [box(0, 0, 60, 100), box(60, 0, 100, 100), box(100, 0, 150, 100)]
    found = variances(polygons, [0, 1, 2], 1.0, [FAR], wanted=1)
    assert found.shift[0] == pytest.approx(2 * 100**2 + 2 * 40**2, rel=1e-12)
    assert found.single[0] == pytest.approx(100**2 + 40**2, rel=1e-12)


def test_border_between_fields_of_one_group_is_no_border():
    whole = Polygon([(0, 0), (60, 0), (100, 0), (100, 100), (60, 100), (0, 100)])
    halves = [box(0, 0, 60, 100), box(60, 0, 100, 100)]
    one, two = variances([whole], [0], 2.0, [FAR]), variances(halves, [0, 0], 2.0, [FAR])
    assert two.single[0] == pytest.approx(one.single[0], rel=1e-12)
    assert two.shift[0] == pytest.approx(one.shift[0], abs=ROUNDING)
    apart = variances(halves, [0, 1], 2.0, [FAR])
    assert apart.single[0] != pytest.approx(one.single[0], rel=0.01)


def test_unstated_accuracy_is_unknown_never_nought():
    found = variances(STRIPS, [0, 0, 1, 2], [2.0, 2.0, np.nan, 2.0], [FAR, box(0, 0, 50, 50)])
    assert np.isnan(found.single[0])
    assert np.isnan(found.shift[0])
    assert found.single[1] > 0  # no border with the silent polygon there


def test_zone_inside_one_field_is_certain():
    found = variances([box(0, 0, 100, 100)], [0], 2.0, [box(20, 20, 40, 40)])
    assert found.single[0] == 0
    assert found.shift[0] == 0


@pytest.mark.parametrize("shift", [False, True], ids=["single", "shift"])
def test_sum_over_zones_is_never_understated(shift):
    zones = [box(-50, 20, 40, 300), box(40, 20, 90, 300), box(90, 20, 300, 300)]
    parts = variances([STAR], [0], 1.5, zones)
    whole = variances([STAR], [0], 1.5, [box(-50, 20, 300, 300)])
    shared = parts.shared_shift if shift else parts.shared_single
    exact = whole.shift if shift else whole.single
    assert shared.sum() >= exact[0]
    if not shift:
        assert shared.sum() <= 2 * exact[0]  # close: only vertices near the cuts are shared


coordinates = st.integers(-500, 500)


@st.composite
def fields(draw):
    """Strips along x with a ragged top, in up to three groups, all vertices shared."""
    xs = sorted(draw(st.sets(coordinates, min_size=3, max_size=6)))
    tops = [draw(st.integers(50, 300)) for _ in xs]
    polygons = [
        Polygon([(x0, 0), (x1, 0), (x1, t1), (x0, t0)])
        for (x0, t0), (x1, t1) in zip(
            zip(xs[:-1], tops[:-1], strict=True), zip(xs[1:], tops[1:], strict=True), strict=True
        )
    ]
    return polygons, [draw(st.integers(0, 2)) for _ in polygons]


def _zone(draw):
    x, y = draw(coordinates) + 0.37, draw(st.integers(-50, 200)) + 0.41  # along no border
    return box(x, y, x + draw(st.integers(10, 400)), y + draw(st.integers(10, 200)))


CASES_OF = tuple(field.name for field in fields_of(Spread))


def told(found: Spread, scale=1.0):
    """All variances of one zone, times `scale`."""
    return np.array([getattr(found, name)[0] for name in CASES_OF]) * scale


def near(values):
    return pytest.approx(values, rel=1e-6, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(fields(), st.data())
def test_what_changes_nothing(given_fields, data):
    polygons, group = given_fields
    zone = _zone(data.draw)
    base = told(variances(polygons, group, 1.0, [zone]))
    assert (base >= 0).all()
    singles, shifts = base[CASES_OF.index("single")], base[CASES_OF.index("shift")]
    for case, own in (("single", singles), ("shift", shifts)):  # bounds of more are no smaller
        assert base[CASES_OF.index(f"shared_{case}")] >= own - 1e-6
        assert base[CASES_OF.index(f"part_{case}")] >= own - 1e-6
    angle = data.draw(st.floats(0, 360))
    turn = lambda g: shapely.affinity.rotate(g, angle, origin=(0, 0))  # noqa: E731
    turned = variances([turn(p) for p in polygons], group, 1.0, [turn(zone)])
    assert told(turned) == near(base)
    move = lambda g: shapely.affinity.translate(g, 5e5, 7e6)  # noqa: E731
    assert told(variances([move(p) for p in polygons], group, 1.0, [move(zone)])) == near(base)
    rotated = [Polygon([*c[2:], *c[1:3]]) for c in (list(p.exterior.coords) for p in polygons)]
    assert told(variances(rotated, group, 1.0, [zone])) == near(base)
    mirrored = [Polygon(list(p.exterior.coords)[::-1]) for p in polygons]
    assert told(variances(mirrored, group, 1.0, [zone])) == near(base)
    split, groups = [], []
    for polygon, own in zip(polygons, group, strict=True):
        a, b, c, d = list(polygon.exterior.coords)[:4]
        split += [Polygon([a, b, c]), Polygon([a, c, d])]
        groups += [own, own]
    assert told(variances(split, groups, 1.0, [zone])) == near(base)
    size = data.draw(st.floats(0.5, 3.0))
    grow = lambda g: shapely.affinity.scale(g, size, size, origin=(0, 0))  # noqa: E731
    grown = variances([grow(p) for p in polygons], group, 1.0, [grow(zone)])
    assert told(grown) == near(base * size**2)
    assert told(variances(polygons, group, 3.0, [zone])) == near(base * 9.0)


def test_parts_of_a_multipolygon_and_repeated_vertices():
    parts = MultiPolygon([box(0, 0, 10, 10), box(50, 50, 60, 60)])
    twice = Polygon([(0, 0), (0, 0), (10, 0), (10, 10), (10, 10), (0, 10)])
    one = variances([box(0, 0, 10, 10)], [0], 1.0, [FAR]).single[0]
    assert variances([parts], [0], 1.0, [FAR]).single[0] == pytest.approx(2 * one)
    assert variances([twice], [0], 1.0, [FAR]).single[0] == pytest.approx(one)


def test_same_vertex_with_minus_nought_is_shared():
    left = Polygon([(-10.0, 0.0), (-0.0, -0.0), (-0.0, 10.0), (-10.0, 10.0)])
    found = variances([left, box(0, 0, 10, 10)], [0, 0], 1.0, [FAR])
    whole = variances([box(-10, 0, 10, 10)], [0], 1.0, [FAR])
    assert found.shift[0] == pytest.approx(whole.shift[0], abs=ROUNDING)
