"""A clean grid has no fault; one moved vertex gives the gap and the overlap that it must give."""

import time

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.measure.coverage import faces
from tests.kinds.topology.planned import faults_at_once, faults_of

SLOW = 3  # a loaded machine is no failure; 1.2 s on a quiet one


def grid(side: int, cell: float = 100.0) -> list[dict]:
    """Cells with a corner in the middle of each edge too, edge to edge."""
    half = cell / 2
    ring = [
        (0, 0),
        (half, 0),
        (cell, 0),
        (cell, half),
        (cell, cell),
        (half, cell),
        (0, cell),
        (0, half),
    ]
    return [
        {
            "id": f"{c}-{r}",
            "shape": shapely.Polygon([(x + c * cell, y + r * cell) for x, y in ring]).wkt,
        }
        for r in range(side)
        for c in range(side)
    ]


@pytest.mark.parametrize("side", [1, 4])
def test_a_clean_grid_has_no_fault(tmp_path, side):
    whole = [{"box": [0, 0, 100 * side, 100 * side]}]
    assert faults_of(tmp_path, grid(side), whole) == []


@settings(max_examples=40)
@given(x=st.floats(2, 40), y=st.floats(-40, 40), inward=st.booleans())
def test_one_moved_vertex_gives_its_gap_or_its_overlap(x, y, inward):
    """Middle of the border between two cells, (100, 50), moved in one of them only.

    The border is from (100, 0) to (100, 100): the triangle has half of 100 × x, whatever y is.
    """
    areas = grid(2)
    west, east = areas[0], areas[1]
    step = -x if inward else x
    ring = shapely.get_coordinates(shapely.from_wkt(west["shape"]))
    at = np.flatnonzero((ring == [100, 50]).all(axis=1))
    ring[at] = (100 + step, 50 + y)
    west["shape"] = shapely.Polygon(ring).wkt
    (fault,) = faults_at_once(areas, [{"box": [0, 0, 200, 200]}])
    assert fault.rule == ("gap" if inward else "overlap")
    assert set(fault.ids) == {west["id"], east["id"]} or inward
    assert shapely.area(fault.shape) == pytest.approx(100 * x / 2, rel=1e-6)


def test_a_vertex_moved_by_both_is_no_fault(tmp_path):
    areas = grid(2)
    for area in areas[:2]:
        ring = shapely.get_coordinates(shapely.from_wkt(area["shape"]))
        ring[(ring == [100, 50]).all(axis=1)] = (117.5, 61.25)
        area["shape"] = shapely.Polygon(ring).wkt
    assert faults_of(tmp_path, areas, [{"box": [0, 0, 200, 200]}]) == []


def test_order_of_areas_changes_nothing(tmp_path):
    areas = [*grid(2), {"id": "over", "box": [50, 50, 150, 150]}]
    once = faults_of(tmp_path, areas, [{"box": [0, 0, 190, 200]}])
    again = faults_of(tmp_path, areas[::-1], [{"box": [0, 0, 190, 200]}])
    sizes = [
        sorted((f.rule, tuple(sorted(f.ids)), round(float(shapely.area(f.shape)), 6)) for f in told)
        for told in (once, again)
    ]
    assert sizes[0] == sizes[1]
    assert {rule for rule, *_ in sizes[0]} == {"overlap", "outside"}


def wriggling(side: int) -> np.ndarray:
    """Cells of 64 vertices whose shared borders wriggle, edge to edge."""
    t = np.arange(16) / 16
    wave = 9 * np.sin(2 * np.pi * t)
    east = np.column_stack([100 * t, wave])  # from the south-west corner to the south-east
    north = np.column_stack([wave, 100 * t])
    top = np.column_stack([100 * (1 - t), 100 + 9 * np.sin(2 * np.pi * (1 - t))])
    left = np.column_stack([9 * np.sin(2 * np.pi * (1 - t)), 100 * (1 - t)])
    ring = np.round(np.concatenate([east, north + np.array([100, 0]), top, left]), 3)
    return np.array(
        [
            shapely.Polygon(np.round(ring + np.array([569_000 + 100 * c, 7_034_000 + 100 * r]), 3))
            for r in range(side)
            for c in range(side)
        ],
        dtype=object,
    )


def test_four_thousand_areas_take_seconds():
    """4,096 areas with 64 vertices each; every tenth one is grown 2 m over its neighbours."""
    cells = wriggling(64)
    assert (faces(cells).times == 1).all()
    cells[::10] = shapely.buffer(cells[::10], 2.0, join_style="mitre")
    given = [{"id": str(k), "plain": s} for k, s in enumerate(cells)]
    started = time.process_time()
    found = faults_at_once(given, [{"plain": shapely.union_all(cells)}])
    taken = time.process_time() - started
    assert {f.rule for f in found} <= {"overlap", "overlap_narrow"}
    assert len({f.ids[1] for f in found} | {f.ids[0] for f in found}) > 1500
    assert taken < 3 * SLOW, taken
