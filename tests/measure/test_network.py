"""Networks and distances against figures worked out by hand, and against networkx."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.measure.network import attach, components, graph, noded
from ikap.measure.routes import distance_at, routes, search

TOLERANCE, OFFSET = 1.0, 200.0


def lines(*texts):
    return np.array([shapely.LineString(points) for points in texts], dtype=object)


def network(*texts, ground=None, tolerance=TOLERANCE):
    made = lines(*texts)
    on_ground = np.ones(len(made), dtype=bool) if ground is None else np.array(ground, dtype=bool)
    return noded(made, on_ground, tolerance)


def distances(net, targets, points, offset=OFFSET):
    """Distance in m from each point to the nearest of the targets."""
    targets = [t if isinstance(t, shapely.Geometry) else shapely.Point(t) for t in targets]
    way = routes(net, np.array(targets, dtype=object), offset)
    metres = search(way, np.ones(len(targets), dtype=bool))
    at = attach(way.network, np.array(points, dtype=float), offset)
    return distance_at(way.network, at, metres, len(points)).tolist()


def streets(size=5, step=100):
    """A town of square blocks; streets meet at shared vertices, not at their ends."""
    along = range(0, size * step, step)
    far = (size - 1) * step
    east = [[(x, y) for x in along] for y in along]
    north = [[(x, y) for y in along] for x in along]
    assert far == east[0][-1][0]
    return east + north


def test_example_8_the_way_along_streets_not_the_air_line():
    net = network(*streets(5))
    assert distances(net, [(300, 400)], [(0, 0)]) == [pytest.approx(700)]  # 300 + 400, not 500


def test_two_points_on_one_link():
    net = network([(0, 0), (1000, 0)])
    assert distances(net, [(600, 0)], [(200, 0)]) == [pytest.approx(400)]
    assert distances(net, [(600, 50)], [(200, 30), (650, -20)]) == pytest.approx([480, 120])


def test_target_where_the_point_is():
    net = network([(0, 0), (1000, 0)])
    assert distances(net, [(300, 0)], [(300, 0), (0, 0), (1000, 0)]) == pytest.approx([0, 300, 700])


def test_several_targets_in_one_place_and_at_a_node():
    net = network([(0, 0), (100, 0)], [(100, 0), (100, 100)])
    at = [(100, 0), (100, 0), (50, 0), (50, 0)]
    assert distances(net, at, [(0, 0), (100, 80)]) == pytest.approx([50, 80])


def test_offset_is_added_and_is_inclusive():
    net = network([(0, 0), (1000, 0)])
    assert distances(net, [(0, 0)], [(500, 200)]) == pytest.approx([700])
    assert np.isnan(distances(net, [(0, 0)], [(500, 200.001)])).all()
    assert np.isnan(distances(net, [(0, 200.001)], [(500, 0)])).all()


def test_no_path_is_not_a_number():
    net = network([(0, 0), (100, 0)], [(0, 50), (100, 50)])
    found = distances(net, [(100, 50)], [(0, 0), (0, 50)], offset=10)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(100)
    assert components(net).count == 2


def test_no_targets_and_no_network():
    net = network([(0, 0), (100, 0)])
    assert np.isnan(distances(net, [], [(0, 0)])).all()
    empty = noded(np.zeros(0, dtype=object), np.zeros(0, dtype=bool), TOLERANCE)
    assert np.isnan(distances(empty, [(0, 0)], [(0, 0)])).all()
    assert components(empty).count == 0
    area = shapely.box(0, 0, 1, 1)
    assert np.isnan(distances(empty, [area], [(0, 0)])).all()


def test_lines_that_cross_without_a_shared_vertex_do_not_meet():
    assert components(network([(0, 0), (10, 10)], [(0, 10), (10, 0)])).count == 2
    shared = network([(0, 0), (5, 5), (10, 10)], [(0, 10), (5, 5), (10, 0)])
    assert components(shared).count == 1


def test_bridge_meets_at_its_ends_only():
    road, street = [(-100, 0), (0, 0), (100, 0)], [(0, -100), (0, 0), (0, 100)]
    assert components(network(road, street)).count == 1
    assert components(network(road, street, ground=[True, False])).count == 2
    ramps = ([(0, 100), (100, 100)], [(100, 100), (100, 0)])
    joined = network(road, street, *ramps, ground=[True, False, True, True])
    assert components(joined).count == 1
    # from (0, −100) over the bridge and by the ramps to (0, 0): 200 + 100 + 100 + 100
    assert distances(joined, [(0, 0)], [(100, 100)], 1) == pytest.approx([200])


def test_nobody_steps_off_a_bridge_or_out_of_a_tunnel():
    net = network([(0, 0), (100, 0)], [(100, 0), (300, 0)], ground=[True, False])
    assert distances(net, [(0, 0)], [(200, 0)], 150) == pytest.approx([200])  # by the portal
    assert np.isnan(distances(net, [(0, 0)], [(290, 0)], 150)).all()


def test_gaps_within_the_tolerance_are_closed_and_counted():
    end_to_end = network([(0, 0), (100, 0)], [(100.8, 0), (200, 0)])
    assert (end_to_end.gaps, components(end_to_end).count) == (1, 1)
    assert distances(end_to_end, [(0, 0)], [(200, 0)]) == pytest.approx([200])
    end_to_line = network([(0, 0), (100, 0)], [(50, 0.7), (50, 100)])
    assert (end_to_line.gaps, components(end_to_line).count) == (1, 1)
    assert distances(end_to_line, [(0, 0)], [(50, 100)], 0.1) == pytest.approx([150])
    wider = network([(0, 0), (100, 0)], [(101.1, 0), (200, 0)])
    assert (wider.gaps, components(wider).count) == (0, 2)
    none = network([(0, 0), (100, 0)], [(100.8, 0), (200, 0)], tolerance=0.0)
    assert (none.gaps, components(none).count) == (0, 2)


def test_short_links_are_not_counted_as_gaps():
    net = network([(0, 0), (0.5, 0)], [(0.5, 0), (100, 0)])
    assert net.gaps == 0
    assert distances(net, [(0, 0)], [(100, 0)]) == pytest.approx([100])


def test_parallel_links_and_loops():
    net = network(
        [(0, 0), (100, 0)],
        [(0, 0), (50, 80), (100, 0)],
        [(100, 0), (150, 50), (150, -50), (100, 0)],  # a loop back to its own start
        [(100, 0), (100, 0.0), (200, 0)],  # a vertex twice
    )
    assert distances(net, [(0, 0)], [(200, 0)]) == pytest.approx([200])
    assert distances(net, [(0, 0)], [(150, 25)], 1) == pytest.approx([100 + 50**0.5 * 10 + 25])


def test_area_is_entered_at_its_edge():
    net = network([(0, 0), (1000, 0)], [(500, 0), (500, 500)])
    centre = shapely.box(400, -100, 600, 100)
    # the edge is met at x = 400 and at y = 100; inside, the node in the middle is a target too
    found = distances(net, [centre], [(0, 0), (500, 300), (520, 0)])
    assert found == pytest.approx([400, 200, 20])


def test_area_beside_the_road_is_reached_from_the_nearest_place():
    net = network([(0, 0), (1000, 0)])
    assert distances(net, [shapely.box(400, 30, 600, 90)], [(0, 0)]) == pytest.approx([430])
    assert np.isnan(distances(net, [shapely.box(400, 201, 600, 300)], [(0, 0)])).all()


def test_target_tied_between_two_lines_is_no_bridge_between_them():
    net = network([(0, 0), (100, 0)], [(0, 20), (100, 20)])
    way = routes(net, np.array([shapely.Point(50, 10), shapely.Point(0, 0)]), OFFSET)
    metres = search(way, np.array([False, True]))
    at = attach(way.network, np.array([[100.0, 20.0]]), 1)
    assert np.isnan(distance_at(way.network, at, metres, 1)).all()


def nearest_by_networkx(made, sources, nodes):
    """Distances by another library, over lines that meet at any common vertex."""
    other = nx.Graph()
    for line in made:
        for a, b in pairwise(line.coords):
            if a != b:
                other.add_edge(a, b, weight=float(np.hypot(a[0] - b[0], a[1] - b[1])))
    found = nx.multi_source_dijkstra_path_length(other, [s for s in sources if s in other])
    return [found.get(node, np.nan) for node in nodes], nx.number_connected_components(other)


CIRCLE = [(300 * np.cos(a), 300 * np.sin(a)) for a in np.arange(14) * 0.43]  # no three on a line
link = st.tuples(*[st.integers(0, 13)] * 2).filter(lambda ends: ends[0] != ends[1])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(link, min_size=1, max_size=30), st.lists(st.integers(0, 13), min_size=1, max_size=4)
)
def test_the_same_as_networkx_on_random_graphs(ends, picks):
    made = lines(*[(CIRCLE[a], CIRCLE[b]) for a, b in ends])
    nodes = sorted({CIRCLE[i] for pair in ends for i in pair})
    sources = [nodes[p % len(nodes)] for p in picks]
    net = noded(made, np.ones(len(made), bool), 0.0)
    expected, parts = nearest_by_networkx(made, sources, nodes)
    assert components(net).count == parts
    np.testing.assert_allclose(distances(net, sources, nodes, 1e-6), expected, atol=1e-5)


def town_distances(kept, order=None, more=()):
    """Distances from all crossings of a town of streets of which some are left out."""
    blocks = [
        [(x, y), (x + dx, y + dy)]
        for x in range(0, 400, 100)
        for y in range(0, 400, 100)
        for dx, dy in ((100, 0), (0, 100))
    ]
    chosen = [b for b, keep in zip(blocks, kept, strict=True) if keep] + list(more)
    chosen = [chosen[i] for i in order] if order is not None else chosen
    if not chosen:
        return np.full(25, np.nan)
    points = [(x, y) for x in range(0, 500, 100) for y in range(0, 500, 100)]
    return np.array(distances(network(*chosen), [(0, 0), (300, 300)], points, offset=1.0))


town = st.lists(st.booleans(), min_size=32, max_size=32)


@settings(max_examples=60, deadline=None)
@given(town, st.integers(0, 4), st.integers(0, 4), st.integers(0, 4), st.integers(0, 4))
def test_adding_a_road_never_lengthens_a_distance(kept, x1, y1, x2, y2):
    if (x1, y1) == (x2, y2):
        return
    before = town_distances(kept)
    after = town_distances(kept, more=[[(x1 * 100, y1 * 100), (x2 * 100, y2 * 100)]])
    known = np.isfinite(before)
    assert (after[known] <= before[known] + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(town, st.randoms(use_true_random=False))
def test_order_of_the_links_changes_nothing(kept, random):
    order = list(range(sum(kept)))
    random.shuffle(order)
    np.testing.assert_array_equal(town_distances(kept), town_distances(kept, order))


@pytest.mark.realdata
def test_the_same_as_networkx_on_the_roads_of_n1000(realdata):
    import pyogrio  # noqa: PLC0415

    path = realdata / "landuse/n1000_trondheimsregionen.gpkg"
    frame = pyogrio.read_dataframe(path, layer="Veglenke")
    made = shapely.get_parts(shapely.force_2d(frame.geometry.to_numpy()))
    net = noded(made, np.ones(len(made), dtype=bool), 0.0)
    ends = np.array([line.coords[i] for line in made for i in (0, -1)])
    sources = np.unique(ends, axis=0)[::200]
    way = routes(net, shapely.points(sources), 1.0)
    metres = search(way, np.ones(len(sources), dtype=bool))
    at = attach(way.network, ends, 0.001)
    found = distance_at(way.network, at, metres, len(ends))
    expected, parts = nearest_by_networkx(made, map(tuple, sources), map(tuple, ends))
    assert components(net).count == parts
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6)


def test_ways_of_no_length_are_ways():
    net = network([(0, 0), (100, 0)])
    way = routes(net, np.array([shapely.Point(0, 0), shapely.Point(0, 0)]), 1)
    matrix = graph(way.network)
    assert (matrix.data == 0).any()
    assert search(way, np.array([True, False])).max() == pytest.approx(100)
