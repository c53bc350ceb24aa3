"""Ground inside shapes that lie on top of one another: variances against simulation and by hand."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ikap.facts import Partition, certify
from ikap.facts.hazard_accuracy import measure as hazard_accuracy
from ikap.facts.union_accuracy import shapes_of, union_variances
from ikap.facts.variance_table import to_deviations
from ikap.model import Accuracy, Coverage, LayerDeclaration, Parameters, ParameterStatus

RUNS, DEVIATION = 3000, 1.5
ERROR = np.sqrt(2 / (RUNS - 1))
ZONES = [shapely.box(0, 0, 200, 200), shapely.box(300, 0, 420, 200)]
ROUND = shapely.Point(90, 90).buffer(60, 4)
SHAPES = {
    "one, cut by the zone": [shapely.Point(190, 100).buffer(70, 4)],
    "two that overlap": [ROUND, shapely.Point(140, 110).buffer(55, 4)],
    "one inside the other": [ROUND, shapely.Point(90, 90).buffer(20, 4)],
    "the same twice": [ROUND, ROUND],
    "side by side": [shapely.box(20, 20, 100, 170), shapely.box(100, 20, 180, 170)],
    "three, in both zones": [
        shapely.box(-20, 50, 350, 120),
        shapely.Point(100, 120).buffer(50, 4),
        shapely.Point(330, 100).buffer(60, 4),
    ],
}


def layer_of(polygons, classes="hensynssone_flom", accuracy=DEVIATION):
    declaration = LayerDeclaration(
        name="fare",
        kind="hazards",
        title={"nb": "Fare"},
        owner="",
        licence="",
        source={},
        root=Path(),
        coverage=Coverage(municipalities=("all",)),
        accuracy=accuracy and Accuracy(accuracy, "Oppdiktet", ParameterStatus.ADOPTED),
    )
    ids = [f"h{i}" for i in range(len(polygons))]
    columns = {"source_id": ids, "fareklasse": classes}
    frame = gpd.GeoDataFrame(columns, geometry=polygons, crs="EPSG:25832")
    return certify(frame, declaration, classes="fareklasse", exclusive=False)


def partition_of(*layers):
    zones = np.array(ZONES, dtype=object)
    area = shapely.area(zones)
    where = {"hazards": layers}
    return Partition("9901", np.arange(len(zones)), zones, area, where, Parameters({}))


def simulated(polygons, zone):
    """Area of the union in the zone, every vertex moved by itself; equal ones together."""
    shapes = np.array(polygons, dtype=object)
    distinct, which = np.unique(shapely.get_coordinates(shapes), axis=0, return_inverse=True)
    rng = np.random.default_rng(20261125)
    found = np.empty(RUNS)
    for k in range(RUNS):
        moved = distinct + rng.normal(size=distinct.shape) * DEVIATION
        new = shapely.set_coordinates(shapes.copy(), moved[which.ravel()])
        found[k] = shapely.area(shapely.intersection(shapely.union_all(new), zone))
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_simulation(name):
    layer = layer_of(SHAPES[name])
    every = np.ones(len(layer.classes), dtype=bool)
    (table,) = union_variances(partition_of(layer), shapes_of([(layer, every)]), "flom")
    for row in table.itertuples():
        zone = ZONES[row.zone]
        area = shapely.area(shapely.intersection(shapely.union_all(SHAPES[name]), zone))
        assert row.area_m2 == pytest.approx(area)
        seen = np.var(simulated(SHAPES[name], zone), ddof=1)
        assert abs(row.single - seen) <= 3 * ERROR * seen
        assert row.shared_single >= row.single - 1e-6
    assert len(table) == (2 if name.endswith("zones") else 1)


def test_a_line_that_crosses_the_zone_moved_as_one():
    # x = 100 runs through zone 0 over 200 m, and is 2 m uncertain: deviation 400 m²
    layer = layer_of([shapely.box(100, -50, 260, 250)], accuracy=2.0)
    found = to_deviations(hazard_accuracy(partition_of(layer)), 2)
    for classes in ({"hensynssone_flom"}, {"natural"}):
        assert found.shift[frozenset(classes)][0] == pytest.approx(400.0)


def test_without_accuracy_it_is_unknown_and_nothing_is_made_up():
    layer = layer_of([shapely.box(100, -50, 260, 250)], accuracy=None)
    found = to_deviations(hazard_accuracy(partition_of(layer)), 2)
    assert np.isnan(found.of(frozenset({"natural"}))[0])
    assert found.of(frozenset({"natural"}))[1] == 0  # no hazard there
    nowhere = hazard_accuracy(partition_of())
    assert set(nowhere["class"]) == {"whole"}
