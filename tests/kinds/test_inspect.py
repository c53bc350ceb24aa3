"""A file is described with its faults, ready for JSON."""

import json

import geopandas as gpd

from ikap.kinds.inspect import describe


def test_plan_file_with_faults(layers, at) -> None:
    frame = gpd.GeoDataFrame(
        {"KPAREALFORMAL": ["1110", "1234"], "AREALST": [2, 2], "KOMM": ["5001", "5001"]},
        geometry=[at(0, 0), at(100, 0)],
        crs="EPSG:25832",
    )
    answer = describe(layers.write(frame), layers.region)
    layer = json.loads(json.dumps(answer))["layers"][0]
    assert (layer["used_as"], layer["crs"], layer["count"]) == ("zoning", "EPSG:25832", 2)
    assert layer["names"]["arealformål"] == "KPAREALFORMAL"
    assert layer["area_by_class_m2"] == {"1110": 10_000, "1234": 10_000}
    assert layer["codes"]["arealformål"][0]["nb"] == "Boligbebyggelse"
    assert layer["mend_first"] == ["purpose.unknown", "id.none"]


def test_file_that_cannot_be_read(layers, tmp_path) -> None:
    answer = describe(tmp_path / "a.gpkg", layers.region)
    assert [fault["key"] for fault in answer["faults"]] == ["file.missing"]


def test_file_without_crs_is_described_all_the_same(layers, at) -> None:
    frame = gpd.GeoDataFrame({"arealtype": ["21"]}, geometry=[at(0, 0)])
    layer = describe(layers.write(frame), layers.region)["layers"][0]
    assert (layer["count"], layer["used_as"], layer["mend_first"][0]) == (
        1,
        "landcover",
        "crs.missing",
    )


def test_file_elsewhere_still_shows_its_codes(placed, at) -> None:
    frame = gpd.GeoDataFrame({"arealtype": ["21"]}, geometry=[at(900_000, 0)], crs=25832)
    layer = describe(placed.write(frame), placed.region, extent=placed.extent)["layers"][0]
    assert layer["mend_first"][0] == "place.outside"
    assert layer["place"] == "elsewhere"
    assert layer["area_by_class_m2"] == {"21": 10_000}


def test_place_is_told_against_the_region(placed, at) -> None:
    for shapes, place in (([at(0, 0)], "inside"), ([at(0, 0), at(60_000, 0)], "partly")):
        columns = {"arealtype": ["21"] * len(shapes)}
        path = placed.write(gpd.GeoDataFrame(columns, geometry=shapes, crs=25832))
        layer = describe(path, placed.region, extent=placed.extent)["layers"][0]
        assert layer["place"] == place
        assert describe(path, placed.region)["layers"][0]["place"] == ""


def test_declared_layer(layers, at) -> None:
    frame = gpd.GeoDataFrame({"objtype": ["DyrketMark"]}, geometry=[at(0, 0)], crs=25832)
    path = layers.write(frame, "a.gpkg", layer="flater")
    layers.write(frame, "a.gpkg", layer="annet")
    declared = layers.declare(
        path,
        "landcover",
        source={"layer": "flater"},
        columns={"arealtype": "objtype"},
        values={"arealtype": {"DyrketMark": "20"}},
    )
    answer = describe(declared, layers.region)
    assert [layer["name"] for layer in answer["layers"]] == ["flater"]
    assert answer["layers"][0]["area_by_class_m2"] == {"20": 10_000}


def test_all_layers_of_a_file(layers, at) -> None:
    frame = gpd.GeoDataFrame({"a": ["x"]}, geometry=[at(0, 0)], crs=25832)
    path = layers.write(frame, "a.gpkg", layer="en")
    layers.write(frame, "a.gpkg", layer="to")
    answer = describe(path, layers.region)
    assert [(layer["name"], layer["used_as"]) for layer in answer["layers"]] == [
        ("en", ""),
        ("to", ""),
    ]


def test_lacks_and_nearest_codes_are_shown(layers, at) -> None:
    columns = {"KPAREALFORMAL": ["1001", "1115"], "AREALST": [None, 2], "PLANTYPE": [20, 29]}
    frame = gpd.GeoDataFrame(columns, geometry=[at(0, 0), at(100, 0)], crs="EPSG:25832")
    codes = describe(layers.write(frame), layers.region)["layers"][0]["codes"]
    lacks = {row["code"]: row["count"] for row in codes["unsettled"]}
    assert lacks == {"use_status": 1, "byggesone": 1, "purpose_unknown": 1}
    nearest = {row["code"]: row.get("nearest") for row in codes["arealformål"]}
    assert nearest == {"1001": None, "1115": "1110"}
    assert [row["nb"] for row in codes["plantype"]] == ["Kommuneplanens arealdel", ""]
