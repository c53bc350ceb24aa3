"""Purposes of older law: translated by the table, told, and never guessed."""

import geopandas as gpd
import pytest

from ikap.kinds.recognise import recognise

KP, RP = "KpArealbrukOmråde", "RbFormålOmråde"


def told(layer, what: str) -> dict[str, dict]:
    return {r.facts["code"]: {"n": r.amount, **r.facts} for r in layer.quality if r.what == what}


def plan(layers, at, columns: dict, **keys: object):
    n = len(next(iter(columns.values())))
    return layers.make("zoning", columns, [at(100 * i, 0) for i in range(n)], **keys)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (110, 2, ("1110", "future")),
        (130, 1, ("1300", "adopted")),
        (300, 2, ("1200", "future")),
        (680, 3, ("2040", "further")),
        (170, 2, ("3040", "none")),
        (210, 1, ("5100", "none")),
        (220, 1, ("5200", "spread")),
        (521, 2, ("6230", "none")),
        (110, None, ("1110", "unclear")),
        (400, 2, ("1001", "unclear")),
    ],
)
def test_purposes_of_the_kommuneplan(layers, at, code, status, expected) -> None:
    columns = {"objtype": [KP], "KPAREALBRUK": [code], "AREALST": [status]}
    row = plan(layers, at, columns).frame.iloc[0]
    assert (row["arealformål"], row["development"]) == expected
    assert (row["plan_level"], row["arealbruk"]) == ("kp", str(code))


@pytest.mark.parametrize(
    ("code", "purpose", "meaning"),
    [
        ("110", "1110", "adopted"),
        ("130", "1300", "adopted"),
        ("300", "2001", "adopted"),
        ("240", "1600", "adopted"),
        ("390", "6200", "adopted"),  # sea, yet not in NINA's exclude list
        ("400", "3040", "none"),
        ("540", "5100", "none"),
        ("910", "1800", "adopted"),
    ],
)
def test_purposes_of_the_reguleringsplan(layers, at, code, purpose, meaning) -> None:
    columns = {"objtype": [RP], "REGFORM": [code], "PLANSTAT": [3]}
    row = plan(layers, at, columns).frame.iloc[0]
    assert (row["arealformål"], row["development"]) == (purpose, meaning)
    assert (row["plan_level"], row["reguleringsformål"]) == ("rp", code)


@pytest.mark.parametrize("code", ["600", "660", "661", "662", "699", "999"])
def test_undefined_purposes_are_unknown_and_told(layers, at, code: str) -> None:
    layer = plan(layers, at, {"objtype": [RP], "REGFORM": [code], "PLANSTAT": [3]})
    row = layer.frame.iloc[0]
    assert (row["arealformål"], row["development"]) == (None, "unclear")
    assert (row["reguleringsformål"], row["unsettled"]) == (code, "purpose_unknown")
    facts = told(layer, "purpose.undefined")[code]
    assert (facts["n"], facts["area_m2"], facts["ids"]) == (1, 10_000, "fid:1")
    assert not told(layer, "purpose.unknown")
    assert not [r for r in layer.quality if r.what == "purpose.missing"]


def test_translation_is_told_once_for_each_code(layers, at) -> None:
    columns = {"objtype": [KP] * 4, "KPAREALBRUK": [110, 110, 400, 888], "AREALST": [2] * 4}
    layer = plan(layers, at, columns)
    facts = told(layer, "purpose.translated")["110"]
    assert (facts["n"], facts["to"], facts["ids"]) == (2, "1110", "fid:1, fid:2")
    assert facts["name"] == {"nb": "Boligområde", "en": "Housing area"}
    assert told(layer, "purpose.doubtful")["400"]["to"] == "1001"
    assert told(layer, "purpose.unknown")["888"]["ids"] == "fid:4"
    assert list(layer.frame["arealformål"]) == ["1110", "1110", "1001", "888"]
    assert layer.frame["arealbruk"].isna().tolist() == [False, False, False, True]


def test_the_same_number_means_other_things_at_the_two_levels(layers, at) -> None:
    columns = {
        "objtype": ["KpArealformålOmråde", "RpArealformålOmråde"],
        "arealformål": ["300", "300"],
        "arealbruksstatus": [2, None],
        "planstatus": [3, 3],
    }
    assert list(plan(layers, at, columns).frame["arealformål"]) == ["1200", "2001"]


def test_an_old_code_is_not_guessed_at_where_nothing_states_the_level(layers, at) -> None:
    layer = plan(layers, at, {"arealformål": ["300"], "arealbruksstatus": [2]})
    assert list(layer.frame["development"]) == ["unclear"]
    assert told(layer, "purpose.unknown")["300"]["n"] == 1


def test_a_purpose_of_today_goes_before_an_old_one(layers, at) -> None:
    columns = {"objtype": [KP], "arealformål": ["1300"], "KPAREALBRUK": ["110"], "AREALST": [2]}
    row = plan(layers, at, columns).frame.iloc[0]
    assert (row["arealformål"], row["arealbruk"]) == ("1300", None)


def test_file_with_old_law_alone_needs_no_purpose_of_today(layers, at) -> None:
    frame = gpd.GeoDataFrame({"REGFORM": ["110"]}, geometry=[at(0, 0)], crs="EPSG:25832")
    path = layers.write(frame, "plan.gpkg", layer="RbFormålOmråde")
    row = layers.read(path, "zoning").frame.iloc[0]
    assert (row["arealformål"], row["plan_level"]) == ("1110", "rp")


def test_layers_of_two_laws_are_told(layers, at) -> None:
    new = gpd.GeoDataFrame({"arealformål": ["1110"]}, geometry=[at(0, 0)], crs="EPSG:25832")
    old = gpd.GeoDataFrame({"REGFORM": ["110"]}, geometry=[at(100, 0)], crs="EPSG:25832")
    path = layers.write(new, "plan.gpkg", layer="RpArealformålOmråde")
    layers.write(old, "plan.gpkg", layer="RbFormålOmråde")
    layer = layers.read(path, "zoning")
    assert [r.facts["other"] for r in layer.quality if r.what == "plan.other_law"] == [RP]


@pytest.mark.parametrize(
    "columns", [["REGFORM"], ["reguleringsformål"], ["KPAREALBRUK", "AREALST"]]
)
def test_old_plans_are_recognised_by_their_columns(columns: list[str]) -> None:
    assert recognise("x", columns) == "zoning"
    assert recognise("x", ["arealbruk"]) == ""
