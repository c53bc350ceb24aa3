"""Borders that are shared are found; what only seems to be the same is not taken for it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.measure import Rings, find_overlaps
from ikap.measure.borders import _unmatched, edge_sides, unshared_edges
from ikap.measure.route import has_compiler

compiled_alone = pytest.mark.skipif(not has_compiler(), reason="nothing is compiled")


def tiles(seed, size=6):
    """Triangles of a bent grid: each inner border is shared by two."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(size) * 10.0, np.arange(size) * 10.0, indexing="ij")
    x, y = x + rng.uniform(-3, 3, x.shape), y + rng.uniform(-3, 3, y.shape)
    found = []
    for i in range(size - 1):
        for j in range(size - 1):
            a, b, c, d = [(x[k], y[k]) for k in ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))]
            found += [shapely.Polygon([a, b, c]), shapely.Polygon([a, c, d])]
    return np.array(found, dtype=object)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["", "twice", "thrice", "turned", "moved"]))
def test_both_ways_find_the_same_borders(seed, harm):
    shapes = tiles(seed)
    if harm in ("twice", "thrice"):
        shapes = np.append(shapes, [shapes[7]] * (1 if harm == "twice" else 2))
    if harm == "turned":
        shapes[7] = shapes[7].reverse()
    if harm == "moved":
        shapes[7] = shapely.transform(shapes[7], lambda xy: xy + 1e-9)
    rings = Rings.of_geometries(shapes)
    by_sorting = _unmatched(rings.xy, edge_sides(rings))
    assert unshared_edges(rings).tolist() == by_sorting.tolist()
    if harm in ("", "turned"):
        assert len(by_sorting) == 4 * 5  # the rim alone
    assert len(by_sorting) >= 4 * 5


def test_a_border_along_zero_is_a_border_whatever_its_sign():
    left = shapely.Polygon([(-0.0, 0), (-0.0, 9), (-9, 9), (-9, 0)])
    right = shapely.Polygon([(0.0, 0), (9, 0), (9, 9), (0.0, 9)])
    over = shapely.box(-1, 2, 1, 3)
    rank = np.zeros(3, dtype=np.int64)
    assert find_overlaps(np.array([left, right]), rank[:2]) == ()
    found = find_overlaps(np.array([left, right, over]), rank)
    assert [(o.keeper, o.loser, o.area_m2) for o in found] == [(0, 2, 1.0), (1, 2, 1.0)]


@compiled_alone
def test_a_partner_that_is_another_edge_is_not_taken():
    from ikap.measure import border_matching  # noqa: PLC0415 (imports numba)

    rings = Rings.of_geometries(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))
    edges = np.flatnonzero(edge_sides(rings) >= 0).tolist()
    same = [(i, j) for i in edges for j in edges if i < j and border_matching._same(rings.xy, i, j)]
    assert len(same) == 1
    shared = np.zeros(len(rings.xy), dtype=bool)
    for i in edges:
        for j in edges:
            partner = np.full(len(rings.xy), -1)
            partner[i] = j
            if i < j and (i, j) not in same:
                border_matching._compare(rings.xy, partner, shared, 0, len(rings.xy))
    assert not shared.any()
