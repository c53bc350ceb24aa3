"""Minimum, median and share of area within reach, on hand-made samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.checks.reach import reach, told_of, why
from ikap.model import Distances

NAN = float("nan")


def distances(rows, classes=("bus", "train"), count=None, reasons=None):
    """Samples as (zone, area, metres by class, certain by class)."""
    zone = np.array([r[0] for r in rows], dtype=np.int64)
    count = count or (int(zone.max()) + 1 if len(zone) else 0)
    return Distances(
        "walk_distance",
        classes,
        zone,
        np.array([r[1] for r in rows], dtype=float),
        np.array([r[2] for r in rows], dtype=float).reshape(len(rows), len(classes)),
        np.array([r[3] for r in rows], dtype=bool).reshape(len(rows), len(classes)),
        np.full(count, "", dtype=object),
        np.full((count, len(classes)), "", dtype=object) if reasons is None else reasons,
    )


def one(*rows):
    """Zone 0 with samples of a single class: (area, metres, certain)."""
    return distances([(0, a, [m], [c]) for a, m, c in rows], classes=("bus",))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 500, True)], "ok"),  # inclusive
        ([(1, 500.001, True)], "warning"),
        ([(1, 400, False)], "ok"),  # a nearer one could only be nearer
        ([(1, 600, False)], "unknown"),  # there may be a nearer one
        ([(1, NAN, False)], "unknown"),
        ([(1, NAN, True)], "warning"),  # complete, and no such target
        ([(1, 400, True), (1, 600, True)], "ok"),  # half is enough
        ([(1, 400, True), (1.01, 600, True)], "warning"),
        ([(1, 400, True), (1, 600, True), (1, NAN, False)], "unknown"),
        ([(1, 400, True), (3, 600, True), (1, NAN, False)], "warning"),  # 2/5 at most
        ([(3, 400, True), (1, 600, True), (2, NAN, False)], "ok"),  # 3/6 at least
    ],
)
def test_half_of_the_area_decides_as_far_as_it_is_known(rows, expected):
    assert reach(one(*rows), {"bus": 500}).status.tolist() == [expected]


def test_median_is_weighted_by_area():
    found = reach(one((1, 100, True), (1, 200, True), (5, 900, True), (2, NAN, False)), {"bus": 1})
    assert (found.minimum[0], found.median[0]) == (100, 900)
    found = reach(one((5, 100, True), (1, 200, True), (4, 900, True)), {"bus": 1})
    assert found.median[0] == 100


def test_the_nearest_of_several_classes_counts_each_by_its_own_limit():
    both = distances([(0, 1, [600, 900], [True, True]), (0, 1, [400, NAN], [True, True])])
    assert reach(both, {"bus": 500, "train": 1000}).within.tolist() == [1.0]
    assert reach(both, {"bus": 500}).within.tolist() == [0.5]
    assert reach(both, {"train": 1000}).within.tolist() == [0.5]


def test_zone_without_samples_is_unknown():
    found = reach(distances([(1, 1, [100, 100], [True, True])]), {"bus": 500})
    assert found.status.tolist() == ["unknown", "ok"]
    assert np.isnan(found.median[0])
    assert "median_m" not in told_of(found, 0, 5)
    assert told_of(found, 1, 5)["walk_min"] == pytest.approx(1.2)  # 100 m at 5 km/h


def test_no_zones_at_all():
    assert len(reach(distances([]), {"bus": 500}).status) == 0


def test_the_reason_to_settle_first_is_told():
    reasons = np.array([["no_path", "no_layer"], ["", "no_network"], ["no_path", ""]], dtype=object)
    found = distances([(2, 1, [1, 1], [True, True])], reasons=reasons)
    assert why(found, {"bus": 1, "train": 1}).tolist() == ["no_layer", "no_network", "no_path"]
    assert why(found, {"bus": 1}).tolist() == ["no_path", "", "no_path"]


sample = st.tuples(
    st.integers(0, 2),
    st.floats(1, 100),
    st.lists(st.one_of(st.just(NAN), st.floats(0, 2000)), min_size=1, max_size=1),
    st.lists(st.booleans(), min_size=1, max_size=1),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(sample, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_order_of_samples_changes_nothing_and_shares_are_shares(rows, random):
    one_way = reach(distances(rows, ("bus",), 3), {"bus": 500})
    random.shuffle(rows)
    other = reach(distances(rows, ("bus",), 3), {"bus": 500})
    np.testing.assert_array_equal(one_way.minimum, other.minimum)
    np.testing.assert_allclose(one_way.within, other.within, atol=1e-12)
    assert (one_way.within + one_way.unknown <= 1 + 1e-9).all()


@settings(max_examples=100, deadline=None)
@given(st.lists(sample, min_size=1, max_size=12), st.floats(0, 500))
def test_a_shorter_way_never_worsens_a_verdict(rows, shorter):
    better = [(z, a, [max(0.0, m[0] - shorter)], c) for z, a, m, c in rows]
    rank = {"ok": 0, "unknown": 1, "warning": 2}
    before = reach(distances(rows, ("bus",), 3), {"bus": 500}).status
    after = reach(distances(better, ("bus",), 3), {"bus": 500}).status
    assert all(rank[b] <= rank[a] for a, b in zip(before, after, strict=True))


@settings(max_examples=100, deadline=None)
@given(st.lists(sample, min_size=1, max_size=9))
def test_median_agrees_with_counting_by_hand(rows):
    known = sorted((m[0], a) for z, a, m, _ in rows if z == 0 and not np.isnan(m[0]))
    found = reach(distances(rows, ("bus",), 3), {"bus": 500}).median[0]
    if not known:
        assert np.isnan(found)
        return
    total = 0.0
    for metres, area in known:
        total += area
        if total >= sum(a for _, a in known) / 2 * (1 - 1e-9):
            assert found == metres
            return
