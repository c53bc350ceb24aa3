"""Reserve facts by hand: what a house with its belt takes of land, mapped or not.

A house of 20 × 20 m with a belt of 10 m takes 400 + 4 · 200 + 100 π = 1 514.16 m², with 128
segments 1 514.15 m²; of a field of 1 ha with the house in its middle, half on either side.
"""

from datetime import date
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ikap.facts import Memo, Partition, certify, farmland_unbuilt, reserve_egen, reserve_nina
from ikap.facts.plans import PLAN, plan_layer
from ikap.model import Coverage, LayerDeclaration, Parameter, Parameters, ParameterStatus

EVERYWHERE = Coverage(municipalities=("all",))
HOUSE, TAKEN = shapely.box(40, 40, 60, 60), 1514.15
WEST, EAST = shapely.box(0, 0, 50, 100), shapely.box(50, 0, 100, 100)
FIELD, AWAY = shapely.box(0, 0, 100, 100), shapely.box(300, 0, 400, 100)
VALUES = {
    "reserve.building_buffer": 10,
    "reserve.circle_segments": 128,
    "reserve_nina.building_buffer": 10,
    "reserve_nina.building_buffer_present": 30,
    "reserve_nina.road_buffer": 5,
    "reserve_nina.opening": 7.5,
    "reserve_nina.smallest_piece": 250,
    "reserve_nina.smallest_piece_large": 1000,
    "reserve_nina.inscribed_radius": 10,
    "reserve_nina.smallest_water": 500,
}
UNITS = {"reserve_nina.smallest_piece", "reserve_nina.smallest_piece_large"}
UNITS |= {"reserve_nina.smallest_water"}


def parameters(**left_out):
    day, status = date(2020, 1, 1), ParameterStatus.ASSUMPTION
    return Parameters(
        {
            n: Parameter(n, v, "m2" if n in UNITS else "m", "kilde", day, status)
            for n, v in VALUES.items()
            if n not in left_out
        }
    )


def layer(name, kind, shapes, coverage=EVERYWHERE, classes=None, **columns):
    columns = {"source_id": [str(i) for i in range(len(shapes))], **columns}
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:25832")
    declared = LayerDeclaration(name, kind, {}, "", "", {}, Path(), coverage=coverage)
    return certify(frame, declared, classes=classes, exclusive=kind in ("landcover", "farmland"))


def partition(zones, *land, memo=None, values=None, purpose="1110"):
    many = len(zones)
    plan = layer(
        "plan",
        "zoning",
        zones,
        arealformål=[purpose] * many,
        arealbruksstatus=[2] * many,
        development=["future"] * many,
        plan_level=["kp"] * many,
    )
    roads = layer(
        "veger",
        "network",
        [shapely.LineString([(1000, 0), (1100, 0)])],
        typeVeg=["Enkel bilveg"],
        medium=["T"],
    )
    layers = {
        "landcover": land,
        "farmland": land,
        "buildings": (layer("bygg", "buildings", [HOUSE]),),
        "network": (roads,),
        PLAN: (plan_layer(plan, np.zeros(0, dtype=np.int64)),),
    }
    shapes = np.array(zones, dtype=object)
    values = values or parameters()
    memo = memo or Memo()
    return Partition("9901", np.arange(many), shapes, shapely.area(shapes), layers, values, memo)


def cover(shapes, classes):
    own = Coverage(own_polygons=True)
    return layer("ar5", "landcover", shapes, own, "arealtype", arealtype=classes)


def sums(table, zone=0):
    mine = table[table["zone"] == zone].groupby("class")["area_m2"].sum()
    return {str(name): round(float(area), 2) for name, area in mine.items()}


def test_a_house_takes_of_each_class_that_it_stands_on():
    found = sums(reserve_egen.measure(partition([FIELD], cover([WEST, EAST], ["21", "30"]))))
    assert found == {"21": 4242.92, "30": 4242.92, "built": TAKEN}  # 5 000 - 1 514.15 / 2


def test_land_that_is_built_on_is_built_beside_the_house_too():
    found = sums(reserve_egen.measure(partition([FIELD], cover([WEST, EAST], ["21", "11"]))))
    assert found == {"21": 4242.92, "built": 5757.08}


def test_ground_that_nobody_maps_is_unknown_but_for_the_house():
    table = reserve_egen.measure(partition([FIELD], cover([WEST], ["21"])))
    assert sums(table) == {"21": 4242.92, "not_covered": 4242.92, "built": TAKEN}
    assert set(table.loc[table["class"] == "not_covered", "reason"]) == {"no_coverage"}


def test_an_outline_map_of_farmland_leaves_the_rest_unknown():
    outline = layer("n50", "farmland", [WEST], EVERYWHERE, "arealtype", arealtype=["20"])
    table = reserve_egen.measure(partition([FIELD], outline))
    assert sums(table) == {"20": 4242.92, "not_covered": 4242.92, "built": TAKEN}
    assert set(table.loc[table["class"] == "not_covered", "layer"]) == {"n50"}


@pytest.mark.parametrize("method", [reserve_egen, reserve_nina])
def test_an_area_far_from_houses_has_nothing_built_not_even_rounding(method):
    odd = shapely.affinity.rotate(AWAY, 0.123)
    found = method.measure(partition([odd], cover([odd.buffer(50)], ["21"]), purpose="1130"))
    assert "built" not in set(found["class"])


def test_farmland_unbuilt_says_what_the_reserve_says_of_the_same_ground():
    part = partition([FIELD], cover([WEST, EAST], ["21", "30"]))
    assert sums(farmland_unbuilt.measure(part)) == {"21": 4242.92}


def test_farmland_is_unknown_where_no_one_says_how_circles_are_drawn():
    values = parameters(**{"reserve.circle_segments": None})
    part = partition([FIELD], cover([WEST, EAST], ["21", "30"]), values=values)
    table = farmland_unbuilt.measure(part)
    assert sums(table) == {"not_covered": 5000.0}
    assert set(table["reason"]) == {"no_parameter"}


@pytest.mark.parametrize("method", [reserve_egen, reserve_nina])
def test_a_plan_has_the_same_bits_whatever_plans_came_before(method):
    land = cover([WEST, EAST, AWAY], ["21", "30", "50"])
    halves = [shapely.box(0, 0, 100, 50), shapely.box(0, 50, 100, 100)]
    alone = method.measure(partition([*halves, AWAY], land))
    memo = Memo()
    method.measure(partition([FIELD, AWAY], land, memo=memo))
    after = method.measure(partition([*halves, AWAY], land, memo=memo))
    assert alone.equals(after)


def test_areas_that_were_merged_get_their_own_share_of_each_piece():
    halves = [shapely.box(0, 0, 100, 50), shapely.box(0, 50, 100, 100)]
    both = reserve_nina.measure(partition(halves, cover([FIELD], ["21"])))
    whole = sums(reserve_nina.measure(partition([FIELD], cover([FIELD], ["21"]))))
    first, second = sums(both, 0), sums(both, 1)
    assert first == pytest.approx(second)
    assert {k: 2 * v for k, v in first.items()} == pytest.approx(whole, abs=0.02)


@pytest.mark.parametrize("gap", [0.0, 1e-9, 1e-6, 0.001, 0.04])
def test_a_hairline_gap_between_areas_of_one_purpose_is_no_edge(gap):
    away = shapely.box(290, -10, 420, 110)
    halves = [shapely.box(300, 0, 310, 100), shapely.box(310 + gap, 0, 320, 100)]
    table = reserve_nina.measure(partition(halves, cover([away], ["21"])))
    found = [sums(table, zone) for zone in (0, 1)]
    kept = sum(one["21"] for one in found)
    assert kept == pytest.approx(1951.7 - 100 * gap, abs=0.05 + gap)
    for own, shape in zip(found, halves, strict=True):  # each counts with its own ground alone
        assert sum(own.values()) == pytest.approx(shape.area, abs=0.02)


def test_a_gap_that_somebody_drew_is_an_edge():
    away = shapely.box(290, -10, 420, 110)
    halves = [shapely.box(300, 0, 310, 100), shapely.box(310.1, 0, 320, 100)]
    assert "21" not in sums(reserve_nina.measure(partition(halves, cover([away], ["21"]))))


def test_three_areas_with_hairline_gaps_are_as_one_with_no_hole_where_they_meet():
    away = shapely.box(290, -10, 420, 110)
    three = [
        shapely.box(300, 0, 309.999, 50),
        shapely.box(310, 0, 320, 50),
        shapely.box(300, 50.001, 320, 100),
    ]
    table = reserve_nina.measure(partition(three, cover([away], ["21"])))
    kept = sum(sums(table, zone)["21"] for zone in range(3))
    assert kept == pytest.approx(1951.7 - 0.07, abs=0.05)  # 50 × 1 mm + 20 × 1 mm of gaps


def test_one_area_in_two_parts_keeps_no_more_than_its_own_ground():
    away = shapely.box(290, -10, 420, 110)
    parts = shapely.MultiPolygon([shapely.box(300, 0, 310, 100), shapely.box(310.01, 0, 320, 100)])
    found = sums(reserve_nina.measure(partition([parts], cover([away], ["21"]))))
    assert found["21"] == pytest.approx(1950.7, abs=0.05)
    assert sum(found.values()) == pytest.approx(parts.area, abs=0.02)


LAKE = shapely.box(300, 0, 330, 30)  # 900 m², larger than 500
SHORE = shapely.box(200, -100, 500, 100)


@pytest.mark.parametrize("at", [305, 315])
def test_a_lake_is_as_large_as_it_is_however_the_plan_parts_it(at):
    whole = shapely.box(300, -50, 360, 60)
    halves = [whole & shapely.box(0, -90, at, 90), whole & shapely.box(at, -90, 900, 90)]
    land = cover([SHORE - LAKE, LAKE], ["21", "81"])
    one = sums(reserve_nina.measure(partition([whole], land)))
    table = reserve_nina.measure(partition(halves, land))
    assert one["built"] == pytest.approx(900)
    assert sums(table, 0)["built"] + sums(table, 1)["built"] == pytest.approx(900, abs=0.02)


@pytest.mark.parametrize("cuts", [[], [315], [310, 320], [302, 305, 310, 320]])
def test_a_lake_that_the_map_has_in_parts_is_one_lake(cuts):
    """The area has 360 m² of it, in parts of 60 to 300 m²; all of the lake has 900 m²."""
    ends = [300, *cuts, 330]
    lake = [shapely.box(a, 0, b, 30) for a, b in pairwise(ends)]
    land = cover([SHORE - LAKE, *lake], ["21", *["81"] * len(lake)])
    area = shapely.box(300, -50, 312, 60)
    assert sums(reserve_nina.measure(partition([area], land)))["built"] == pytest.approx(360)


def test_a_pond_is_no_lake_and_a_pond_apart_does_not_make_it_one():
    ponds = [shapely.box(300, 0, 320, 20), shapely.box(320.1, 0, 340, 20)]  # 400 m² each
    land = cover([SHORE - shapely.union_all(ponds), *ponds], ["21", "81", "81"])
    area = shapely.box(290, -50, 350, 60)
    assert "built" not in sums(reserve_nina.measure(partition([area], land)))


def test_ground_that_is_built_up_in_another_plan_is_taken_anew():
    """The same area, but other built ground under it: what was kept before is not used."""
    memo = Memo()
    green = reserve_nina.measure(partition([FIELD], cover([WEST, EAST], ["21", "30"]), memo=memo))
    grey = reserve_nina.measure(partition([FIELD], cover([WEST, EAST], ["21", "11"]), memo=memo))
    assert "30" in sums(green)
    assert sums(grey)["built"] > sums(green)["built"] + 4000
