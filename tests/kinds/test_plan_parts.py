"""What is settled in a plan, what is not, and what lies beside its areas."""

import geopandas as gpd
import pytest
from shapely import LineString

from ikap.kinds.columns import match_columns
from ikap.kinds.objects import object_type
from ikap.kinds.zoning import COLUMNS


def rows(layer, what: str) -> list:
    return [row for row in layer.quality if row.what == what]


def lacking(layers, at, columns: dict) -> list[str]:
    n = len(next(iter(columns.values())))
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(n)])
    return list(layer.frame["unsettled"])


def test_areas_that_must_be_settled_in_a_kommuneplan(layers, at) -> None:
    columns = {
        "KPAREALFORMÅL": ["1110", None, "1234", "1110", "1110", "1001", "1001", "5100", "1001"],
        "arealbruksstatus": [2, 2, 2, None, 7, 2, 2, None, None],
        "byggesone": [None, None, None, None, None, "Sone 2", None, None, None],
    }
    assert lacking(layers, at, columns) == [
        "",
        "purpose",
        "purpose_unknown",
        "use_status",
        "use_status",
        "",
        "byggesone",
        "",
        "use_status,byggesone",
    ]


def test_areas_that_must_be_settled_in_a_reguleringsplan(layers, at) -> None:
    columns = {
        "RPAREALFORMÅL": ["1110", "1110", "1110", "3040", "1001"],
        "planstatus": [3, 6, None, None, 3],
    }
    assert lacking(layers, at, columns) == ["", "deferred", "plan_status", "", ""]


def test_what_is_missing_is_told_with_file_ids_and_size(layers, at) -> None:
    columns = {
        "KPAREALFORMÅL": ["1115", "1110", None],
        "lokalid": ["a", "b", "c"],
        "AREALST": [2, None, 2],
    }
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(3)])
    wrong = rows(layer, "purpose.unknown")[0].facts
    assert (wrong["ids"], wrong["nearest"], wrong["area_m2"]) == ("a", "1110", 10_000)
    assert wrong["file"].endswith(".gpkg")
    assert rows(layer, "use_status.missing")[0].facts["ids"] == "b"
    assert rows(layer, "purpose.missing")[0].facts["ids"] == "c"


def test_codes_of_the_plan_that_no_list_has_are_told_and_kept(layers, at) -> None:
    columns = {"arealformål": ["1110", "1110"], "plantype": [35, 36], "vertikalnivå": [2, 9]}
    layer = layers.make("zoning", columns, [at(0, 0), at(100, 0)])
    found = {(r.facts["column"], r.facts["code"]): r.facts for r in rows(layer, "code.unknown")}
    assert set(found) == {("plantype", "36"), ("vertikalnivå", "9")}
    assert found["vertikalnivå", "9"]["nearest"] == "1, 2, 3, 4, 5"
    assert len(layer.frame) == 2  # an unknown level is no tunnel


def test_plan_types_34_and_35_are_both_detail_plans(layers, at) -> None:
    columns = {"arealformål": ["1110"] * 4, "plantype": ["34", 35, 20, "21"]}
    layer = layers.make("zoning", columns, [at(100 * i, 0) for i in range(4)])
    assert list(layer.frame["plan_level"]) == ["rp", "rp", "kp", "kp"]


def test_zones_of_the_same_layer_are_shown_and_decide_nothing(layers, at) -> None:
    columns = {
        "objtype": [
            "KpArealformalOmrade",
            "KPDETALJERINGSONE",
            "KpBestemmelseOmråde",
            "KpFareSone",
        ],
        "arealformål": ["1110", None, None, None],
        "arealbruksstatus": [2, None, None, None],
        "detaljering": [None, "H910", None, None],
        "hensynSonenavn": [None, "H910_1", None, None],
    }
    shapes = [at(0, 0), at(0, 0, 50, 50), at(0, 0, 20, 20), at(0, 0)]
    layer = layers.make("zoning", columns, shapes)
    assert list(layer.frame["development"]) == ["future"]
    zones = layer.zones_shown
    assert list(zones["objtype"]) == ["KpDetaljeringSone", "KpBestemmelseOmråde"]
    assert list(zones["kode"].fillna("")) == ["910", ""]
    assert list(zones["navn"].fillna("")) == ["H910_1", ""]
    assert list(zones["theme"]) == ["detailing", "provision"]
    assert list(zones["area_m2"]) == [2_500, 400]
    assert {r.facts["type"] for r in rows(layer, "zones.shown")} == set(zones["objtype"])
    assert [r.facts["type"] for r in rows(layer, "objects.other")] == ["KpFareSone"]


def test_h510_among_the_rows_of_a_plan_is_read_and_other_concerns_are_told(layers, at) -> None:
    columns = {
        "objtype": ["KpArealformålOmråde", "KPANGITTHENSYNSONE", "KpAngittHensynSone"],
        "arealformål": ["1110", None, None],
        "arealbruksstatus": [2, None, None],
        "KPANGITTHENSYN": [None, "H510", "530"],
    }
    layer = layers.make("zoning", columns, [at(0, 0), at(0, 0, 50, 50), at(0, 0)])
    assert len(layer.frame) == 1
    assert [float(a) for a in layer.concerns.geometry.area] == [2_500]
    assert rows(layer, "concerns.farming")[0].facts["count"] == 1
    assert [r.facts["code"] for r in rows(layer, "core_farmland.other")] == ["530"]
    assert not rows(layer, "objects.other")


def test_zones_of_layers_of_their_own(layers, at) -> None:
    areas = gpd.GeoDataFrame({"arealformål": ["1110"]}, geometry=[at(0, 0)], crs="EPSG:25832")
    zones = gpd.GeoDataFrame({"RPDETALJERING": [911]}, geometry=[at(0, 0)], crs="EPSG:25832")
    path = layers.write(areas, "plan.gpkg", layer="RpArealformalOmrade")
    layers.write(zones, "plan.gpkg", layer="RpDetaljeringSone")
    layer = layers.read(path, "zoning")
    assert list(layer.zones_shown["objtype"]) == ["RpDetaljeringSone"]
    facts = rows(layer, "zones.code_unknown")[0].facts
    assert (facts["code"], facts["nearest"], facts["ids"]) == ("911", "910", "fid:1")


def test_plan_without_zones_has_none(layers, at) -> None:
    layer = layers.make("zoning", {"arealformål": ["1110"]}, [at(0, 0)])
    assert (layer.lines, layer.zones_shown) == (None, None)


def test_lines_keep_their_purpose_status_and_length(layers, at) -> None:
    columns = {
        "objtype": ["KpArealformålOmråde", "KpSamferdselLinje"],
        "KPAREALFORMAL": [1110, 2010],
        "AREALST": [2, 1],
    }
    line = LineString([(569000, 7034000), (569300, 7034400)])
    frame = gpd.GeoDataFrame(columns, geometry=[at(0, 0), line], crs="EPSG:25832")
    lines = layers.read(layers.write(frame, "plan.geojson"), "zoning").lines
    assert lines[["arealformål", "arealbruksstatus", "length_m"]].values.tolist() == [
        ["2010", 1, 500.0]
    ]


@pytest.mark.parametrize(
    ("own", "official"),
    [
        ("KPOMRADE", "KpOmråde"),
        ("kparealformalomrade", "KpArealformålOmråde"),
        ("RbForm\ufffdlOmr\ufffdde", "RbFormålOmråde"),
        ("KpSamferdselLinje", "KpSamferdselLinje"),
    ],
)
def test_object_types_are_known_whatever_was_done_to_their_letters(own, official) -> None:
    assert object_type(own).code == official


def test_cut_name_that_may_be_several_columns_is_none_of_them() -> None:
    found = match_columns(["UTNYTTINGS", "KPAREALFOR", "AREALBRUKS"], COLUMNS, {})
    assert found == {"arealformål": "KPAREALFOR", "arealbruksstatus": "AREALBRUKS"}
