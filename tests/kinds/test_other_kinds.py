"""Municipalities, land cover, farmland, buildings and background."""

import pytest
from shapely import LineString, Point

from ikap.errors import InputError


def rows(layer, what: str) -> list:
    return [row for row in layer.quality if row.what == what]


def test_members_and_neighbours_only_in_number_order(layers, at) -> None:
    columns = {
        "kommunenummer": [5031, 5001, 301, 1103],
        "navn": ["Malvik", "Trondheim", "Oslo", "S"],
    }
    layer = layers.make("municipality", columns, [at(100 * i, 0) for i in range(4)])
    assert list(layer.frame["kommunenummer"]) == ["0301", "5001", "5031"]
    assert list(layer.frame["role"]) == ["neighbour", "member", "member"]
    assert list(layer.frame["navn"]) == ["Oslo", "Trondheim", "Malvik"]
    assert rows(layer, "number.mended")[0].amount == 1


def test_parts_of_one_municipality_are_united(layers, at) -> None:
    columns = {"KOMM": ["5001", "5031", "5001"]}
    shapes = [at(0, 0), at(500, 0), at(50, 0)]
    layer = layers.make("municipality", columns, shapes)
    # 100 × 100 m twice, half of one over the other: 15 000 m²
    assert list(layer.frame.geometry.area) == [pytest.approx(15_000), pytest.approx(10_000)]
    assert (rows(layer, "municipality.united")[0].source_id) == "5001"


def test_member_without_polygon_is_an_error(layers, at) -> None:
    with pytest.raises(InputError) as caught:
        layers.make("municipality", {"kommunenummer": ["5001"]}, [at(0, 0)])
    fault = caught.value.faults[0]
    assert (fault.key, fault.facts["numbers"]) == ("municipality.missing", "5031 Malvik")


def test_codes_of_forest_and_ground_that_no_list_has_are_told_and_kept(layers, at) -> None:
    columns = {"ARTYPE": [30, 30], "ARTRESLAG": [31, 37], "ARSKOGBON": [13, 13]}
    layer = layers.make("landcover", columns, [at(0, 0), at(100, 0)])
    (row,) = rows(layer, "code.unknown")
    assert (row.facts["column"], row.facts["code"], row.facts["ids"]) == ("treslag", "37", "fid:2")
    assert list(layer.frame["treslag"]) == ["31", "37"]


def test_unknown_class_is_not_mapped(layers, at) -> None:
    columns = {"ARTYPE": [21, 77, 77, None], "ARTRESLAG": [39, 31, 31, 31]}
    layer = layers.make("landcover", columns, [at(100 * i, 0) for i in range(4)])
    assert list(layer.frame["arealtype"]) == ["21", "99", "99", "99"]
    assert list(layer.frame["treslag"]) == ["39", "31", "31", "31"]
    assert (rows(layer, "class.unknown")[0].amount, rows(layer, "class.missing")[0].amount) == (
        2,
        1,
    )


def test_farmland_keeps_farmland_and_tells_of_the_rest(layers, at) -> None:
    columns = {"arealtype": ["20", "21", "22", "23", "30", "30", "x"]}
    layer = layers.make("farmland", columns, [at(100 * i, 0) for i in range(7)])
    assert list(layer.frame["arealtype"]) == ["20", "21", "22", "23"]
    told = {row.facts["code"]: row.amount for row in rows(layer, "farmland.other")}
    assert told == {"30": 2, "99": 1}


def test_buildings_are_footprints(layers, at) -> None:
    columns = {"bygningsnummer": [1, 2, 3], "BYGGTYP_NBR": [111, 111, 111]}
    shapes = [
        at(0, 0, 10, 10),
        Point(569000, 7034000),
        LineString([(569000, 7034000), (569001, 7034000)]),
    ]
    layer = layers.make("buildings", columns, shapes)
    assert list(layer.frame["bygningsnummer"]) == ["1"]
    assert rows(layer, "geometry.point")[0].amount == rows(layer, "geometry.line")[0].amount == 1


def test_background_has_themes_that_can_be_drawn(layers, at) -> None:
    columns = {"objtype": ["Veg", "Gjerde"], "navn": ["E6", None]}
    layer = layers.make(
        "context",
        columns,
        [LineString([(569000, 7034000), (569001, 7034000)]), at(0, 0)],
        columns={"theme": "objtype"},
        values={"theme": {"Veg": "road"}},
    )
    assert list(layer.frame["theme"]) == ["road"]
    assert list(layer.frame["label"]) == ["E6"]
    assert rows(layer, "theme.unknown")[0].facts["theme"] == "Gjerde"


def test_theme_by_constant(layers, at) -> None:
    layer = layers.make("context", {"a": [1]}, [at(0, 0)], constants={"theme": "sea"})
    assert list(layer.frame["theme"]) == ["sea"]


def test_empty_after_reading_keeps_its_columns(layers, at) -> None:
    layer = layers.make("farmland", {"arealtype": ["30"]}, [at(0, 0)])
    assert layer.frame.empty
    assert layer.frame.crs == "EPSG:25832"
    assert {"source_layer", "source_id", "arealtype", "geometry"} <= set(layer.frame.columns)
