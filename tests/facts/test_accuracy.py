"""What a layer states of its lines, and variances by class and group, against dissolved land."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ikap.facts import Partition, certify
from ikap.facts.accuracy import land_variances, stated
from ikap.facts.variance_table import WHOLE, merge_variances, to_deviations
from ikap.model import Accuracy, Coverage, LayerDeclaration, Parameters, ParameterStatus

FARMLAND = ("21", "22", "23", "20")
ADOPTED = ParameterStatus.ADOPTED


def layer_of(polygons, classes, accuracy=None, **columns):
    declaration = LayerDeclaration(
        name="ar5",
        kind="landcover",
        title={"nb": "AR5"},
        owner="",
        licence="",
        source={},
        root=Path(),
        coverage=Coverage(own_polygons=True),
        accuracy=accuracy,
    )
    ids = [f"p{i}" for i in range(len(polygons))]
    frame = gpd.GeoDataFrame(
        {"source_id": ids, "arealtype": classes, **columns}, geometry=polygons, crs="EPSG:25832"
    )
    return certify(frame, declaration, classes="arealtype")


def partition_of(zones, *layers, municipality="9901"):
    zones = np.array(zones, dtype=object)
    return Partition(
        municipality,
        np.arange(len(zones)),
        zones,
        shapely.area(zones),
        {"farmland": layers},
        Parameters({}),
    )


def row(table, name, zone=0):
    (found,) = table[(table["class"] == name) & (table["zone"] == zone)].to_dict("records")
    return found


SQUARES = [shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100), shapely.box(100, 0, 150, 100)]
FAR = shapely.box(-500, -500, 1500, 1500)


@pytest.mark.parametrize("code", [0, -1, 99_999, 999_999, np.nan])
def test_codes_for_not_stated_are_no_accuracy(code):
    silent = layer_of(SQUARES, ["21", "30", "30"], nøyaktighet=[code, 200, 50_000])
    np.testing.assert_allclose(stated(silent).deviation, [np.nan, 2.0, 500.0])
    declared = Accuracy(3.0, "Oppdiktet", ParameterStatus.ASSUMPTION, {"24": 4.0})
    filled = layer_of(SQUARES, ["21", "30", "30"], declared, nøyaktighet=[code, 200, 50_000])
    np.testing.assert_allclose(stated(filled).deviation, [3.0, 2.0, 500.0])
    assert stated(filled).assumed.tolist() == [True, False, False]


def test_method_goes_before_the_layer_and_after_the_feature():
    declared = Accuracy(3.0, "Oppdiktet", ADOPTED, {"24": 4.0})
    layer = layer_of(
        SQUARES,
        ["21", "30", "30"],
        declared,
        nøyaktighet=[np.nan, 200.0, np.nan],
        målemetode=["24", "24", "11"],
    )
    np.testing.assert_allclose(stated(layer).deviation, [4.0, 2.0, 3.0])
    assert not stated(layer).assumed.any()


def test_a_layer_that_says_nothing_is_unknown():
    assert np.isnan(stated(layer_of(SQUARES, ["21", "30", "30"])).deviation).all()


def random_land(rng, side=12, size=100.0):
    """Squares with shaken corners, classes at random: a coverage with nodes everywhere."""
    grid = np.stack(np.meshgrid(*[np.arange(side + 1) * size] * 2), axis=2)
    grid[1:-1, 1:-1] += rng.uniform(-30, 30, size=(side - 1, side - 1, 2))
    polygons = [
        shapely.Polygon([grid[i, j], grid[i, j + 1], grid[i + 1, j + 1], grid[i + 1, j]])
        for i in range(side)
        for j in range(side)
    ]
    return polygons, rng.choice(["21", "22", "23", "30", "60"], size=len(polygons)).tolist()


def test_group_is_that_of_dissolved_land():
    """Independent way: dissolve farmland first, then nothing is left to cancel."""
    rng = np.random.default_rng(4)
    polygons, classes = random_land(rng)
    zones = [shapely.box(130, 140, 700, 655), shapely.Point(800, 500).buffer(333), FAR]
    table = land_variances(
        partition_of(zones, layer_of(polygons, classes, nøyaktighet=[150] * len(polygons))),
        "farmland",
        [FARMLAND],
    )
    merged = ["21" if c in FARMLAND else c for c in classes]
    dissolved = gpd.GeoDataFrame({"c": merged}, geometry=polygons).dissolve("c").explode()
    parts, names = dissolved.geometry.tolist(), dissolved.index.tolist()
    plain = land_variances(
        partition_of(zones, layer_of(parts, names, nøyaktighet=[150] * len(parts))), "farmland", []
    )
    for zone in range(len(zones)):
        one, other = row(table, "20+21+22+23", zone), row(plain, "21", zone)
        for name in ("area_m2", "single", "shift", "shared_single", "shared_shift"):
            assert one[name] == pytest.approx(other[name], rel=1e-9), name


def test_same_land_twice_over_in_two_layers_adds_deviations():
    near = layer_of([shapely.box(-50, -50, 50, 150)], ["21"], nøyaktighet=[100])
    far = layer_of([shapely.box(50, -50, 150, 150)], ["21"], nøyaktighet=[100])
    part = partition_of([shapely.box(0, 0, 100, 100)], near, far)
    table = land_variances(part, "farmland", [])
    found = to_deviations(table, 1)
    each = np.sqrt(table.loc[table["class"] == "21", "shift"].sum())
    assert found.of(frozenset({"21"}))[0] == pytest.approx(each)
    assert found.whole[0] == pytest.approx(10_000)


def test_other_ground_errs_as_the_land_beside_it():
    declared = Accuracy(2.0, "Oppdiktet", ADOPTED)
    layer = layer_of([shapely.box(50, -50, 150, 150)], ["20"], declared)
    told = layer.declaration.__class__(
        **{
            **vars(layer.declaration),
            "kind": "farmland",
            "coverage": Coverage(municipalities=("all",)),
        }
    )
    layer = layer.__class__(**{**vars(layer), "declaration": told})
    table = land_variances(
        partition_of([shapely.box(0, 0, 100, 100)], layer), "farmland", [FARMLAND]
    )
    assert row(table, "other")["shift"] == pytest.approx(row(table, "20")["shift"])
    assert row(table, "other")["shift"] == pytest.approx((2.0 * 100) ** 2)
    assert row(table, "other")["area_m2"] == pytest.approx(5000)


def test_outside_the_region_and_without_layers_there_is_only_ground():
    for part in (partition_of([FAR]), partition_of([FAR], municipality="")):
        table = land_variances(part, "farmland", [FARMLAND])
        assert table["class"].tolist() == [WHOLE]
    assert merge_variances([]).empty


def test_unstated_stays_unknown_when_tables_are_merged():
    layer = layer_of(SQUARES, ["21", "30", "21"], nøyaktighet=[100, np.nan, 100])
    table = land_variances(partition_of([FAR], layer), "farmland", [FARMLAND])
    both = merge_variances([table, pd.concat([table]).assign(municipality="9902")])
    assert np.isnan(to_deviations(both, 1).of(frozenset(FARMLAND))).all()
