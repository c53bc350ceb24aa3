"""GeoJSON in all the forms that are sent, and the coordinate system where it is stated."""

import json
from pathlib import Path

import pytest

from ikap.errors import InputError
from ikap.sources import list_layers, read_path

RING = [[570000, 7030000], [570100, 7030000], [570100, 7030100], [570000, 7030000]]
AREA = {"type": "Polygon", "coordinates": [RING]}
POINT = {"type": "Point", "coordinates": [570000, 7030000]}
UTM32 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
UTM33 = {"type": "name", "properties": {"name": "EPSG:25833"}}


def feature(geometry=AREA, **properties: object) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict, **members: object) -> dict:
    return {"type": "FeatureCollection", **members, "features": list(features)}


@pytest.fixture
def saved(tmp_path: Path):
    def _saved(content: object) -> Path:
        path = tmp_path / "a.geojson"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return path

    return _saved


def fault_of(path: Path):
    with pytest.raises(InputError) as caught:
        read_path(path)
    return caught.value.faults[0]


@pytest.mark.parametrize(
    "content",
    [
        collection(feature(a=1), crs=UTM32),
        {"features": [feature(a=1)], "crs": UTM32, "type": "FeatureCollection"},
        {**feature(a=1), "crs": UTM32},
        {**AREA, "crs": UTM32},
        {"type": "GeometryCollection", "geometries": [AREA, POINT], "crs": UTM32},
        collection({**feature(a=1), "crs": UTM32}, {**feature(a=2), "crs": UTM32}),
        "\ufeff" + json.dumps(collection(feature(a=1), crs=UTM32)),
        collection(feature(a=float("nan")), crs=UTM32),
    ],
    ids=["usual", "type last", "feature", "bare", "mixed bare", "in features", "bom", "nan"],
)
def test_forms_of_one_collection(saved, content: object) -> None:
    raw = read_path(saved(content))
    assert raw.frame.crs.to_epsg() == 25832
    assert raw.crs_known_by == "geojson_member"
    assert raw.frame.geometry.iloc[0].area == 5000


@pytest.mark.parametrize(
    "member",
    [
        {"type": "name", "properties": {"name": "EPSG:25832"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
        {"type": "name", "properties": {"name": "http://www.opengis.net/def/crs/EPSG/0/25832"}},
        {"type": "EPSG", "properties": {"code": 25832}},
    ],
)
def test_forms_of_the_member(saved, member: dict) -> None:
    assert read_path(saved(collection(feature(), crs=member))).frame.crs.to_epsg() == 25832


@pytest.mark.parametrize(
    "member", [None, {"type": "link", "properties": {"href": "http://example.org/25832"}}]
)
def test_member_that_does_not_say_is_not_taken_for_degrees(saved, member: object) -> None:
    ring = [[10.0, 63.0], [10.1, 63.0], [10.1, 63.1], [10.0, 63.0]]
    degrees = {"type": "Polygon", "coordinates": [ring]}
    path = saved(collection(feature(degrees), crs=member))
    assert fault_of(path).key == "crs.missing"
    assert read_path(path, crs="EPSG:4258").frame.crs.to_epsg() == 4258


def test_attribute_of_that_name_is_no_member(saved) -> None:
    content = collection(feature(crs=None), feature(crs="EPSG:25833"), crs=UTM32)
    assert read_path(saved(content)).frame.crs.to_epsg() == 25832


def test_different_systems_in_one_file_are_refused(saved) -> None:
    content = collection({**feature(), "crs": UTM32}, {**feature(), "crs": UTM33})
    fault = fault_of(saved(content))
    assert fault.key == "geojson.crs_mixed"
    assert fault.facts["there"] == "EPSG:25832, EPSG:25833"


def test_system_of_some_features_only_is_refused(saved) -> None:
    fault = fault_of(saved(collection({**feature(), "crs": UTM32}, feature())))
    assert (fault.key, fault.facts["there"]) == ("geojson.crs_mixed", "EPSG:25832, EPSG:4326")


def test_crs_of_the_toml_against_the_file(saved) -> None:
    path = saved(collection(feature(), crs=UTM32))
    assert read_path(path, crs="EPSG:25832").crs_known_by == "geojson_member"
    with pytest.raises(InputError) as caught:
        read_path(path, crs="EPSG:25833")
    assert caught.value.key == "crs.contradicted"


def test_several_collections_are_several_layers(saved) -> None:
    path = saved(
        {
            "Fylke": collection(feature(a=1), crs=UTM32),
            "Grense": collection(feature(b="x"), feature(b="å"), crs=UTM33),
        }
    )
    assert list_layers(path) == ("Fylke", "Grense")
    assert fault_of(path).key == "file.layer_choice"
    raw = read_path(path, layer="grense")
    assert list(raw.frame["b"]) == ["x", "å"]
    assert raw.frame.crs.to_epsg() == 25833
    assert read_path(path, layer="Fylke").frame.crs.to_epsg() == 25832


def test_codes_and_nested_attributes_stay_as_they_are(saved) -> None:
    nested = {"Identifikasjon": {"lokalId": "abc"}}
    content = collection(feature(nr="0301", identifikasjon=nested), feature(nr="301"), crs=UTM32)
    frame = read_path(saved(content)).frame
    assert list(frame["nr"]) == ["0301", "301"]
    assert frame["lokalId"].iloc[0] == "abc"


def test_open_ring_is_closed_and_told_by_feature(saved) -> None:
    square = [*RING[:3], [570000, 7030100]]
    content = collection(
        feature(), feature({"type": "Polygon", "coordinates": [square]}), crs=UTM32
    )
    raw = read_path(saved(content))
    assert list(raw.frame.area) == [5000, 10_000]
    assert [(r.what, r.source_id) for r in raw.quality if r.source_id] == [("ring.closed", "fid:1")]


def test_mixed_types_and_dimensions_are_kept(saved) -> None:
    high = {"type": "Polygon", "coordinates": [[[*xy, 5] for xy in RING]]}
    raw = read_path(
        saved(collection(feature(), feature(POINT), feature(high), feature(None), crs=UTM32))
    )
    assert [t or "" for t in raw.frame.geom_type.fillna("")] == ["Polygon", "Point", "Polygon", ""]
    assert [(r.what, r.amount) for r in raw.quality] == [("heights.dropped", 1)]


@pytest.mark.parametrize("end", ["half", "tail"])
def test_broken_text(saved, end: str) -> None:
    text = json.dumps(collection(*[feature(a=i) for i in range(50)], crs=UTM32))
    assert fault_of(saved(text[:4000] if end == "half" else f"{text} ;x")).key == "file.unreadable"


def test_real_file_with_several_collections(realdata: Path) -> None:
    path = realdata / "municipalities" / "Basisdata_0000_Norge_25833_Fylker_GeoJSON.zip"
    assert list_layers(path) == ("Fylke", "Grense")
    counties = read_path(path, layer="Fylke")
    assert len(counties.frame) == 15
    assert counties.frame.crs.to_epsg() == 25833
    assert counties.crs_known_by == "geojson_member"
    assert len(read_path(path, layer="Grense").frame) == 4636
