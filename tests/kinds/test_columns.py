"""Official columns are known again whatever a program did to their names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikap.errors import InputError
from ikap.kinds import buildings, landcover, municipality, zoning
from ikap.kinds.columns import Column, match_columns
from ikap.model import Correction
from ikap.texts import Catalogue, fault_text

ALL = {c.name for kind in (zoning, landcover, buildings, municipality) for c in kind.COLUMNS} - {
    "objtype"
}
PLAIN = str.maketrans({"å": "a", "ø": "o", "æ": "ae", "Å": "A", "Ø": "O", "Æ": "AE"})


def spoilt(name: str, upper: bool, plain: bool, cut: str) -> str:
    name = name.translate(PLAIN) if plain else name
    if cut == "letters":
        name = name[:10]
    elif cut == "bytes":
        name = name.encode()[:10].decode(errors="ignore")
    return name.upper() if upper else name


@given(
    st.sampled_from(sorted(ALL)),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["no", "letters", "bytes"]),
)
def test_official_name_is_known_again(name: str, upper: bool, plain: bool, cut: str) -> None:
    own = spoilt(name, upper, plain, cut)
    names = ["fid", own, "noe_annet"]
    assert match_columns(names, [Column(name)], {}) == {name: own}


@given(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=8))
def test_match_is_always_a_name_of_the_file(names: list[str]) -> None:
    found = match_columns(names, zoning.COLUMNS, {})
    assert set(found.values()) <= set(names)


@pytest.mark.parametrize(
    ("own", "canonical"),
    [
        ("KPAREALFORMÅL", "arealformål"),
        ("KPAREALFORMAL", "arealformål"),
        ("KPAREALFOR", "arealformål"),
        ("RPAREALFORMÅL", "arealformål"),
        ("AREALST", "arealbruksstatus"),
        ("AREALBRUKS", "arealbruksstatus"),
        ("KOMM", "kommunenummer"),
        ("PLANID", "planidentifikasjon"),
        ("VERTNIV", "vertikalnivå"),
        ("IKRAFT", "ikrafttredelsesdato"),
        ("nasjonalArealplanId.NasjonalArealplanId.kommunenummer", "kommunenummer"),
    ],
)
def test_names_of_other_formats(own: str, canonical: str) -> None:
    assert match_columns([own], zoning.COLUMNS, {})[canonical] == own


def test_old_purpose_is_not_taken_for_a_status() -> None:
    assert match_columns(["arealbruk"], zoning.COLUMNS, {}) == {"arealbruk": "arealbruk"}


def test_declared_name_goes_first() -> None:
    found = match_columns(
        ["formål_ny", "arealformål"], zoning.COLUMNS, {"arealformål": "FORMÅL_NY"}
    )
    assert found["arealformål"] == "formål_ny"


def test_ambiguous_cut_is_no_match() -> None:
    assert match_columns(["AREALFORMA", "arealforma"], [Column("arealformål")], {}) == {}


def test_missing_column_names_the_nearest(layers, at) -> None:
    with pytest.raises(InputError) as caught:
        layers.make("zoning", {"arealfrmål": ["1110"]}, [at(0, 0)])
    fault = caught.value.faults[0]
    assert (fault.key, fault.facts["nearest"]) == ("column.missing", "arealfrmål")


def test_unknown_canonical_name_in_the_toml(layers, at) -> None:
    with pytest.raises(InputError) as caught:
        layers.make("landcover", {"artype": ["21"]}, [at(0, 0)], columns={"arealtyp": "artype"})
    fault = caught.value.faults[0]
    assert (fault.key, fault.facts["nearest"]) == ("column.unknown", "arealtype")
    assert fault.facts["declaration"] == "lag.toml"


def test_all_faults_are_told_together(layers, at) -> None:
    with pytest.raises(InputError) as caught:
        layers.make(
            "zoning",
            {"KOMM": ["1601"]},
            [at(0, 0)],
            columns={"formal": "x"},
            crs="EPSG:3857",
        )
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["column.unknown", "column.missing", "crs.web_mercator", "municipality.outside"]


def test_declared_optional_column_that_is_missing_is_told(layers, at) -> None:
    layer = layers.make("landcover", {"ARTYPE": [21]}, [at(0, 0)], columns={"treslag": "treslag"})
    assert [row.what for row in layer.quality] == ["column.left_out"]
    assert layer.names["arealtype"] == "ARTYPE"


def test_values_and_constants_are_applied(layers, at) -> None:
    layer = layers.make(
        "landcover",
        {"OBJTYPE": ["DyrketMark", "\ufffdpentOmr\ufffdde"]},
        [at(0, 0), at(100, 0)],
        columns={"arealtype": "objtype"},
        values={"arealtype": {"DyrketMark": "20", "ÅpentOmråde": "50"}},
        constants={"nøyaktighet": 200},
    )
    assert list(layer.frame["arealtype"]) == ["20", "50"]
    assert list(layer.frame["nøyaktighet"]) == [200.0, 200.0]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2018-06-21", "2018-06-21"),
        ("20180621", "2018-06-21"),
        ("20180621000000", "2018-06-21"),
        ("2018-06-21T10:00:00+02:00", "2018-06-21"),
        ("2018/06/21", "2018-06-21"),
        ("21.06.2018", "2018-06-21"),
    ],
)
def test_dates_of_all_forms(layers, at, text: str, iso: str) -> None:
    layer = layers.make("zoning", {"arealformål": ["1110"], "IKRAFT": [text]}, [at(0, 0)])
    assert layer.frame["ikrafttredelsesdato"].iloc[0] == iso


def test_value_that_cannot_be_read_is_told(layers, at) -> None:
    columns = {"arealformål": ["1110", "1110"], "AREALST": ["framtidig", "2"]}
    layer = layers.make("zoning", columns, [at(0, 0), at(100, 0)])
    told = {row.what: row for row in layer.quality}
    assert told["value.unreadable"].facts == {"column": "arealbruksstatus", "examples": "framtidig"}
    assert list(layer.frame["arealbruksstatus"]) == [0, 2]


def correction(action: str, expect: int, **values: object) -> Correction:
    return Correction({"lokalId": ("b",)}, action, "to ganger", date(2025, 3, 14), expect, values)


def test_correction_drops_what_it_should(layers, at) -> None:
    columns = {"lokalId": ["a", "b"], "arealtype": ["21", "30"]}
    shapes = [at(0, 0), at(100, 0)]
    layer = layers.make("landcover", columns, shapes, corrections=(correction("drop", 1),))
    assert list(layer.frame["source_id"]) == ["a"]
    row = next(row for row in layer.quality if row.what == "corrections.drop")
    assert row.facts["reported"] == "2025-03-14"


def test_correction_sets_a_value(layers, at) -> None:
    columns = {"lokalId": ["a", "b"], "ARTYPE": [21, 30]}
    changed = correction("set", 1, arealtype="21")
    layer = layers.make(
        "landcover",
        columns,
        [at(0, 0), at(100, 0)],
        corrections=(changed,),
        columns={"arealtype": "ARTYPE"},
    )
    assert list(layer.frame["arealtype"]) == ["21", "21"]


@pytest.mark.parametrize(
    ("action", "expect", "key"),
    [
        ("drop", 2, "corrections.expect"),
        ("delete", 1, "corrections.action"),
        ("set", 1, "corrections.values"),
    ],
)
def test_correction_that_does_not_fit_stops(layers, at, action, expect, key) -> None:
    columns = {"lokalId": ["a", "b"], "arealtype": ["21", "30"]}
    shapes = [at(0, 0), at(100, 0)]
    with pytest.raises(InputError) as caught:
        layers.make("landcover", columns, shapes, corrections=(correction(action, expect),))
    assert [fault.key for fault in caught.value.faults] == [key]


def test_file_that_has_changed_is_told_with_the_rows_that_were_hit(layers, at) -> None:
    """The owner mended the fault: the correction hits nothing any more; or it hits more rows."""
    columns = {"lokalId": ["b", "b"], "arealtype": ["21", "30"]}
    shapes = [at(0, 0), at(100, 0)]
    with pytest.raises(InputError) as caught:
        layers.make("landcover", columns, shapes, corrections=(correction("drop", 1),))
    (fault,) = caught.value.faults
    assert (fault.facts["expect"], fault.facts["found"]) == (1, 2)
    assert fault.ids == ("fid:1", "fid:2")
    text = fault_text(fault, Catalogue.load("nb"))
    assert "skulle treffe 1 objekter, men traff 2" in text
    assert "to ganger" in text


def test_correction_of_all_rows_must_say_which(layers, at) -> None:
    columns = {"lokalId": ["a"], "arealtype": ["21"]}
    everywhere = Correction({}, "drop", "to ganger", date(2025, 3, 14), 1)
    with pytest.raises(InputError) as caught:
        layers.make("landcover", columns, [at(0, 0)], corrections=(everywhere,))
    assert caught.value.key == "corrections.where"
