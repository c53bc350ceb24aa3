"""Plan areas: purposes, statuses, keys; nothing that could be development becomes none."""

import geopandas as gpd
import pytest
from shapely import LineString, from_wkt

from ikap.errors import InputError
from ikap.kinds.development import is_detail_plan


def rows(layer, what: str) -> list:
    return [row for row in layer.quality if row.what == what]


def meanings(layers, at, columns: dict, **keys: object) -> list[str]:
    n = len(next(iter(columns.values())))
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(n)], **keys)
    return list(layer.frame["development"])


@pytest.mark.parametrize(
    ("purpose", "status", "meaning"),
    [
        ("1110", 2, "future"),
        ("1110", 3, "further"),
        ("1110", 1, "adopted"),
        ("1110", None, "unclear"),
        ("1110", 7, "unclear"),
        ("1000", 2, "future"),
        ("1800", 2, "future"),
        ("2010", 2, "future"),
        ("4030", 2, "future"),
        ("4020", 2, "none"),
        ("3040", 2, "none"),
        ("5100", None, "none"),
        ("5200", None, "spread"),
        ("5230", 2, "spread"),
        ("6400", 2, "none"),
        ("1234", 2, "unclear"),
        (None, 2, "unclear"),
    ],
)
def test_rule_of_the_kommuneplan(layers, at, purpose, status, meaning) -> None:
    columns = {"arealformål": [purpose, "1110"], "arealbruksstatus": [status, 2]}
    assert meanings(layers, at, columns)[0] == meaning


@pytest.mark.parametrize(
    ("purpose", "planstatus", "meaning"),
    [
        ("1111", 3, "adopted"),
        ("1111", 8, "adopted"),
        ("1111", 2, "future"),
        ("1111", 1, "future"),
        ("1111", 6, "future"),
        ("1111", 7, "unclear"),
        ("2011", 3, "adopted"),
        ("3040", 3, "none"),
        ("5200", 3, "spread"),
        ("9999", 3, "unclear"),
        ("1587", 3, "none"),
        ("2044", 3, "adopted"),
        ("4030", 3, "adopted"),
        ("6420", 3, "adopted"),
        ("600", 3, "unclear"),
    ],
)
def test_rule_of_the_reguleringsplan(layers, at, purpose, planstatus, meaning) -> None:
    columns = {"arealformål": [purpose], "planstatus": [planstatus], "plantype": [35]}
    assert meanings(layers, at, columns) == [meaning]


@pytest.mark.parametrize(("role_", "meaning"), [("adopted", "adopted"), ("proposal", "future")])
def test_detail_plan_without_planstatus_is_read_by_its_role(
    layers, at, role, role_: str, meaning: str
) -> None:
    columns = {"arealformål": ["1110"], "objtype": ["RpArealformålOmråde"]}
    assert meanings(layers, at, columns, plan=role(role_)) == [meaning]
    assert meanings(layers, at, columns) == ["unclear"]


def test_codes_may_be_numbers(layers, at) -> None:
    columns = {"KPAREALFORMAL": [1110, 1110], "AREALST": [2.0, None], "KOMM": [301, 5001]}
    layer = layers.make("zoning", columns, [at(0, 0), at(100, 0)])
    assert list(layer.frame["arealformål"]) == ["1110", "1110"]
    assert list(layer.frame["arealbruksstatus"]) == [2, 0]
    assert list(layer.frame["kommunenummer"]) == ["0301", "5001"]
    assert rows(layer, "number.mended")[0].facts == {"example": "301", "mended": "0301"}


def test_unknown_purposes_are_listed_counted_and_kept(layers, at) -> None:
    columns = {"arealformål": ["1234", "1234", "77", None, "1110"], "arealbruksstatus": [2] * 5}
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(5)])
    assert len(layer.frame) == 5
    told = {row.facts["code"]: row.amount for row in rows(layer, "purpose.unknown")}
    assert told == {"1234": 2, "77": 1}
    assert rows(layer, "purpose.missing")[0].amount == 1
    assert layer.frame.geometry.area.sum() == pytest.approx(5 * 10_000)


def test_plans_that_do_not_apply_are_left_out_and_told(layers, at) -> None:
    columns = {"arealformål": ["1110"] * 5, "planstatus": [3, 4, 5, 9, 10]}
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(5)])
    assert list(layer.frame["planstatus"]) == [3]
    assert [row.facts["planstatus"] for row in rows(layer, "plan.ended")] == [4, 5, 9, 10]
    assert rows(layer, "plan.ended")[0].facts["area_m2"] == 10_000


def test_only_the_ground_level_is_measured(layers, at) -> None:
    columns = {"arealformål": ["2010"] * 4, "vertikalnivå": ["1", "2", "3", None]}
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(4)])
    assert len(layer.frame) == 2
    assert [row.facts["level"] for row in rows(layer, "plan.level")] == [1, 3]


def test_nothing_left_is_an_error(layers, at) -> None:
    with pytest.raises(InputError) as caught:
        layers.make("zoning", {"arealformål": ["1110"], "planstatus": [4]}, [at(0, 0)])
    assert caught.value.key == "zoning.no_areas"


def test_municipalities_outside_are_listed(layers, at) -> None:
    columns = {"arealformål": ["1110"] * 4, "kommunenummer": ["5001", "0301", "1103", "4601"]}
    with pytest.raises(InputError) as caught:
        layers.make("zoning", columns, [at(100 * i, 0) for i in range(4)])
    fault = caught.value.faults[0]
    assert (fault.key, fault.facts["numbers"]) == ("municipality.outside", "1103, 4601")
    assert fault.ids == ("fid:3", "fid:4")


def test_old_number_is_told_with_its_successor_and_stays_for_the_plan_id(layers, at) -> None:
    """An area is of the municipality that it lies in; its plan's id holds for the old number."""
    layer = layers.make("zoning", {"arealformål": ["1110"], "KOMM": [5030]}, [at(0, 0)])
    (row,) = rows(layer, "municipality.old")
    assert (row.amount, row.facts["number"], row.facts["successor"]) == (1, "5030", "5001")
    assert list(layer.frame["kommunenummer"]) == ["5030"]


def test_areas_without_usable_geometry_are_kept_apart(layers, at) -> None:
    columns = {"arealformål": ["1110", "1110"], "AREALST": [2, 2], "lokalid": ["a", "b"]}
    layer = layers.make("zoning", columns, [at(0, 0), None])
    assert list(layer.frame["zone_key"]) == ["a"]
    lost = layer.unmeasurable
    assert list(lost["zone_key"]) == ["b"]
    assert list(lost["development"]) == ["future"]


def test_only_other_object_types_is_no_plan(layers, at) -> None:
    columns = {"objtype": ["KpOmråde"], "arealformål": [None]}
    with pytest.raises(InputError) as caught:
        layers.make("zoning", columns, [at(0, 0)])
    assert caught.value.key == "zoning.no_areas"


def test_words_of_another_kind_in_the_type_column_are_no_object_types(layers, at) -> None:
    layer = layers.make("zoning", {"objtype": ["Flate"], "arealformål": ["1110"]}, [at(0, 0)])
    assert len(layer.frame) == 1


def test_codes_that_were_written_with_decimals(layers, at) -> None:
    columns = {"arealformål": ["1110.0"], "KOMM": ["301.0"]}
    row = layers.make("zoning", columns, [at(0, 0)]).frame.iloc[0]
    assert (row["arealformål"], row["kommunenummer"]) == ("1110", "0301")


@pytest.mark.parametrize(("crs", "key"), [(4258, "crs.geographic"), (3857, "crs.web_mercator")])
def test_plan_must_be_measurable(layers, at, crs: int, key: str) -> None:
    frame = gpd.GeoDataFrame({"arealformål": ["1110"]}, geometry=[at(0, 0)], crs=25832)
    with pytest.raises(InputError) as caught:
        layers.read(layers.write(frame.to_crs(crs)), "zoning")
    assert [fault.key for fault in caught.value.faults] == [key]


def test_key_is_the_official_id(layers, at) -> None:
    columns = {"arealformål": ["1110"] * 2, "lokalid": ["a", "b"]}
    layer = layers.make("zoning", columns, [at(0, 0), at(100, 0)])
    assert list(layer.frame["zone_key"]) == ["a", "b"]
    assert list(layer.frame["source_id"]) == ["a", "b"]
    assert rows(layer, "id.none") == rows(layer, "id.missing") == []


def test_key_without_id_is_that_of_the_shape(layers, at) -> None:
    columns = {"arealformål": ["1110"] * 2}
    layer = layers.make("zoning", columns, [at(0, 0), at(100, 0)])
    again = layers.make("zoning", columns, [at(100, 0), at(0, 0)])
    assert list(layer.frame["zone_key"]) == list(again.frame["zone_key"])[::-1]
    assert layer.frame["zone_key"].str.fullmatch("[0-9a-f]{16}").all()
    assert list(layer.frame["source_id"]) == ["fid:1", "fid:2"]
    assert rows(layer, "id.none")[0].amount == 2


def test_key_of_a_shape_is_the_same_for_any_start_and_direction(layers) -> None:
    one = from_wkt("POLYGON((569000 7034000,569100 7034000,569100 7034100,569000 7034000))")
    other = from_wkt("POLYGON((569100 7034100,569100 7034000,569000 7034000,569100 7034100))")
    keys = [
        layers.make("zoning", {"arealformål": ["1110"]}, [shape]).frame["zone_key"].iloc[0]
        for shape in (one, other)
    ]
    assert keys[0] == keys[1]


def test_missing_ids_fall_back_on_the_shape(layers, at) -> None:
    columns = {"arealformål": ["1110"] * 3, "lokalid": ["a", None, ""]}
    layer = layers.make("zoning", columns, [at(0, 0), at(100, 0), at(200, 0)])
    assert layer.frame["zone_key"].iloc[0] == "a"
    assert layer.frame["zone_key"].nunique() == 3
    assert (rows(layer, "id.missing")[0].amount, rows(layer, "id.missing")[0].facts["ids"]) == (
        2,
        "fid:2, fid:3",
    )


def test_duplicate_keys_get_an_ordinal_by_shape(layers, at) -> None:
    columns = {"arealformål": ["1110"] * 3, "lokalid": ["a", "a", "b"]}
    shapes = [at(0, 0), at(100, 0), at(200, 0)]
    layer = layers.make("zoning", columns, shapes)
    turned = layers.make("zoning", {**columns, "lokalid": ["b", "a", "a"]}, shapes[::-1])
    assert sorted(layer.frame["zone_key"]) == ["a", "a~2", "b"]
    assert list(layer.frame["zone_key"]) == list(turned.frame["zone_key"])[::-1]
    assert rows(layer, "id.duplicate")[0].amount == 2


def test_same_shape_twice_without_id(layers, at) -> None:
    layer = layers.make("zoning", {"arealformål": ["1110"] * 2}, [at(0, 0), at(0, 0)])
    first, second = layer.frame["zone_key"]
    assert second == f"{first}~2"
    assert rows(layer, "geometry.duplicate")[0].source_id == "fid:2"


def test_other_object_types_are_counted(layers, at) -> None:
    columns = {
        "OBJTYPE": ["KpArealformalOmrade", "KpOmrade", "KPAREALFORMÅLOMRÅDE", "KpFareSone"],
        "arealformål": ["1110", None, "5100", None],
    }
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(4)])
    assert list(layer.frame["arealformål"]) == ["1110", "5100"]
    told = {row.facts["type"]: row.amount for row in rows(layer, "objects.other")}
    assert told == {"KpOmrade": 1, "KpFareSone": 1}


def test_name_of_the_area_is_not_its_object_type(layers, at) -> None:
    columns = {"arealformål": ["1110"], "name": ["B12 Ranheim"], "områdenavn": ["B12"]}
    layer = layers.make("zoning", columns, [at(0, 0)])
    assert layer.frame["objtype"].isna().all()
    assert list(layer.frame["områdenavn"]) == ["B12"]


def test_lines_of_the_same_layer_have_length_and_no_area(layers, at) -> None:
    line = LineString([(569000, 7034000), (569300, 7034400)])  # 3-4-5: 500 m
    frame = gpd.GeoDataFrame(
        {"objtype": ["KpArealformålOmråde", "KpSamferdselLinje"], "arealformål": ["1110", "2010"]},
        geometry=[at(0, 0), line],
        crs="EPSG:25832",
    )
    layer = layers.read(layers.write(frame, "plan.geojson"), "zoning")
    assert len(layer.frame) == 1
    assert list(layer.lines["length_m"]) == [500.0]
    row = rows(layer, "transport.lines")[0]
    assert (row.amount, row.unit, row.facts["count"]) == (500.0, "m", 1)


def test_lines_of_a_layer_of_their_own(layers, at) -> None:
    areas = gpd.GeoDataFrame({"arealformål": ["1110"]}, geometry=[at(0, 0)], crs="EPSG:25832")
    line = LineString([(569000, 7034000), (569300, 7034400)])
    roads = gpd.GeoDataFrame({"arealformål": ["2010"]}, geometry=[line], crs="EPSG:25832")
    path = layers.write(areas, "plan.gpkg", layer="KpArealformålOmråde")
    layers.write(roads, "plan.gpkg", layer="KpSamferdselLinje")
    layer = layers.read(path, "zoning")  # the layer need not be named
    assert len(layer.frame) == 1
    assert list(layer.lines["arealformål"]) == ["2010"]
    assert layer.lines["length_m"].sum() == 500.0


def test_shapefile_with_cut_names(layers, at) -> None:
    columns = {
        "arealformål": ["1110"],
        "arealbruksstatus": [2],
        "kommunenummer": ["5001"],
        "områdenavn": ["Åsen"],
    }
    frame = gpd.GeoDataFrame(columns, geometry=[at(0, 0)], crs="EPSG:25832")
    for encoding in ("UTF-8", "ISO-8859-1"):
        path = layers.write(frame, f"{encoding}.shp", encoding=encoding)
        row = layers.read(path, "zoning").frame.iloc[0]
        assert (row["arealformål"], row["arealbruksstatus"]) == ("1110", 2)
        assert (row["kommunenummer"], row["områdenavn"]) == ("5001", "Åsen")


def test_areas_of_older_law_are_kept_as_unknown(layers, at) -> None:
    columns = {
        "objtype": ["KpArealformålOmråde", "KpArealbrukOmråde", "RbFormålOmråde"],
        "arealformål": ["1110", None, None],
        "arealbruksstatus": [2, 2, None],
    }
    assert meanings(layers, at, columns) == ["future", "unclear", "unclear"]


def test_file_name_does_not_make_a_kommuneplan_a_detail_plan() -> None:
    frame = gpd.GeoDataFrame({"objtype": [None], "plantype": [None]})
    assert not is_detail_plan(frame, "rp_kommune", "KPAREALFORMAL").any()
    assert is_detail_plan(frame, "rp_kommune", "arealformål").all()
    assert is_detail_plan(frame, "plan", "RPAREALFORMÅL").all()


def test_keys_are_unique_whatever_the_file_calls_its_areas(layers, at) -> None:
    columns = {
        "lokalid": ["a", "a", "a~2"],
        "arealformål": ["1110"] * 3,
        "arealbruksstatus": [2] * 3,
    }
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(3)])
    assert layer.frame["zone_key"].is_unique
    assert layer.frame["zone_key"].iloc[2] == "a~2"
