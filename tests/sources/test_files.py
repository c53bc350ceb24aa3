"""Any format gives the same table; every fault of a file has its one key."""

import hashlib
import json
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely import box

from ikap.errors import InputError
from ikap.model import LayerDeclaration
from ikap.sources import list_layers, present, read, read_path


def key_of(path: Path, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read_path(path, **options)
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].file == str(path)
    return caught.value.key


def facts_of(path: Path, **options: object) -> dict:
    with pytest.raises(InputError) as caught:
        read_path(path, **options)
    return dict(caught.value.faults[0].facts)


def told(raw, what: str) -> list:
    return [row for row in raw.quality if row.what == what]


def declared(path: Path | str, root: Path = Path("/"), **source: object) -> LayerDeclaration:
    table = {"from": "files", "path": str(path), **source}
    return LayerDeclaration("lag", "landcover", {}, "", "", table, root, file="lag.toml")


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.shp", "a.parquet"])
def test_every_format_gives_the_same_table(write, squares, name: str) -> None:
    raw = read_path(write(squares, name))
    raw = replace(raw, frame=raw.frame.sort_values("knr"))  # FlatGeobuf has an order of its own
    assert list(raw.frame["navn"]) == ["Åsen på Øya", "Vær"]
    assert list(raw.frame["knr"]) == ["0301", "5001"]  # text stays text
    assert raw.frame.crs == "EPSG:25832"
    equal = shapely.equals(raw.frame.geometry.to_numpy(), squares.geometry.to_numpy())
    assert equal.all()
    assert min(raw.frame.index) == ("fid:1" if name == "a.gpkg" else "fid:0")
    assert raw.quality == ()


def test_checksum_is_that_of_the_file(write, squares) -> None:
    path = write(squares, "a.gpkg")
    raw = read_path(path)
    assert raw.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert raw.size == path.stat().st_size


def test_checksum_of_a_shapefile_covers_its_attributes(write, squares) -> None:
    before = read_path(write(squares, "a.shp")).sha256
    squares.loc[0, "objtype"] = "Myr"
    assert read_path(write(squares, "a.shp")).sha256 != before


def test_path_counts_from_layers(tmp_path, write, squares) -> None:
    (tmp_path / "layers").mkdir()
    write(squares, "layers/a.gpkg")
    declaration = declared("a.gpkg", tmp_path)
    assert present(declaration)
    assert len(read(declaration).frame) == 2
    assert not present(declared("b.gpkg", tmp_path))


def test_file_is_missing(tmp_path, write, squares) -> None:
    write(squares, "kommuneplan.gpkg")
    path = tmp_path / "komuneplan.gpkg"
    assert key_of(path) == "file.missing"
    assert facts_of(path)["nearest"] == "kommuneplan.gpkg"


def test_file_is_empty(tmp_path) -> None:
    path = tmp_path / "a.gpkg"
    path.touch()
    assert key_of(path) == "file.empty"


def test_layer_without_features(write, squares) -> None:
    assert key_of(write(squares.iloc[:0], "a.gpkg")) == "file.no_features"


@pytest.mark.parametrize("name", ["a.txt", "a.gpkg", "a.geojson", "a.shp", "a.parquet", "a.fgb"])
def test_text_is_no_map(tmp_path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Dette er et notat.", encoding="utf-8")
    assert key_of(path) == "file.type"


def test_json_that_is_no_map(tmp_path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"svar": 42}), encoding="utf-8")
    assert key_of(path) == "file.type"


def test_wrong_ending_is_told_with_the_right_format(write, squares, tmp_path) -> None:
    write(squares, "a.gpkg").rename(tmp_path / "a.geojson")
    assert key_of(tmp_path / "a.geojson") == "file.type"
    assert facts_of(tmp_path / "a.geojson")["found"] == "GeoPackage"


def test_a_folder_is_no_file(tmp_path) -> None:
    assert key_of(tmp_path) == "file.type"


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.parquet"])
def test_truncated_file(write, squares, name: str) -> None:
    many = gpd.GeoDataFrame(pd.concat([squares] * 500), crs=squares.crs).reset_index(drop=True)
    path = write(many, name)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert key_of(path) == "file.unreadable"


def test_table_without_geometry(tmp_path, squares) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame(squares.drop(columns="geometry")).to_parquet(path)
    assert key_of(path) == "file.no_layers"


def test_several_layers_must_be_chosen_from(write, squares) -> None:
    path = write(squares, "a.gpkg", layer="KpArealformalOmrade")
    write(squares, "a.gpkg", layer="KpOmrade")
    assert list_layers(path) == ("KpArealformalOmrade", "KpOmrade")
    assert key_of(path) == "file.layer_choice"
    assert facts_of(path)["there"] == "KpArealformalOmrade, KpOmrade"
    raw = read_path(path, layer="kparealformålområde")  # case and letters do not matter
    assert (raw.layer, raw.others) == ("KpArealformalOmrade", ("KpOmrade",))
    assert read_path(path, prefer=("KpArealformålOmråde",)).layer == "KpArealformalOmrade"


def test_layer_that_is_not_there(write, squares) -> None:
    path = write(squares, "a.gpkg", layer="arealdekke")
    assert key_of(path, layer="arealdekk") == "file.layer_missing"
    assert facts_of(path, layer="arealdekk")["nearest"] == "arealdekke"


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.fgb"])
def test_no_crs(write, squares, name: str) -> None:
    squares = squares.set_crs(None, allow_override=True)
    path = write(squares, name)
    assert key_of(path) == "crs.missing"
    assert "EPSG:25832" in facts_of(path)["likely"]


def test_degrees_are_refused_only_where_areas_are_measured(write, squares) -> None:
    path = write(squares.to_crs("EPSG:4258"), "a.gpkg")
    assert len(read_path(path).frame) == 2
    assert key_of(path, measured=True) == "crs.geographic"


def test_web_mercator_is_refused_where_areas_are_measured(write, squares) -> None:
    path = write(squares.to_crs("EPSG:3857"), "a.gpkg")
    assert len(read_path(path).frame) == 2
    assert key_of(path, measured=True) == "crs.web_mercator"


def test_metres_that_are_said_to_be_degrees(write, squares) -> None:
    path = write(squares.set_crs("EPSG:4326", allow_override=True), "a.gpkg")
    assert key_of(path) == "crs.impossible"


def test_degrees_that_are_said_to_be_metres(write, squares) -> None:
    degrees = squares.to_crs("EPSG:4258").set_crs("EPSG:25832", allow_override=True)
    assert key_of(write(degrees, "a.gpkg")) == "crs.impossible"


def test_geojson_without_crs_is_in_degrees(tmp_path) -> None:
    path = tmp_path / "a.geojson"
    ring = [[570000, 7030000], [570100, 7030000], [570100, 7030100], [570000, 7030000]]
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    assert key_of(path) == "crs.impossible"


@pytest.mark.parametrize(
    ("crs", "known"), [("EPSG:25832", "geojson_member"), ("EPSG:4326", "geojson_standard")]
)
def test_how_the_crs_of_geojson_is_known(write, squares, crs: str, known: str) -> None:
    path = write(squares.to_crs(crs), "a.geojson")
    if crs == "EPSG:4326":
        table = json.loads(path.read_text(encoding="utf-8"))
        table.pop("crs", None)
        path.write_text(json.dumps(table), encoding="utf-8")
    assert read_path(path).crs_known_by == known


@pytest.mark.parametrize(
    ("three", "two"), [("EPSG:5972", "EPSG:25832"), ("EPSG:5973", "EPSG:25833")]
)
def test_heights_are_dropped_and_told(write, squares, three: str, two: str) -> None:
    heights = shapely.force_3d(squares.to_crs(two).geometry.to_numpy(), 12.5)
    path = write(gpd.GeoDataFrame(squares[["navn"]], geometry=heights, crs=three), "a.gpkg")
    raw = read_path(path)
    assert raw.frame.crs.to_epsg() == int(two[5:])
    assert not shapely.has_z(raw.frame.geometry.to_numpy()).any()
    assert told(raw, "heights.dropped")[0].amount == 2
    assert told(raw, "crs.vertical")[0].facts == {"stated": three, "used": two}


def test_unknown_key_of_source_names_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        read(declared("a.gpkg", layr="x"))
    fault = caught.value.faults[0]
    assert (fault.key, fault.facts["nearest"], fault.file) == (
        "source.key_unknown",
        "layer",
        "lag.toml",
    )


def test_source_without_path() -> None:
    with pytest.raises(InputError) as caught:
        present(declared(""))
    assert caught.value.key == "source.path_missing"


def test_filter_compares_as_text(write, squares) -> None:
    squares["klasse"] = [21, 30]
    raw = read_path(write(squares, "a.gpkg"), where={"KLASSE": ["21"]})
    assert list(raw.frame["objtype"]) == ["DyrketMark"]
    assert told(raw, "filter.left_out")[0].amount == 1


def test_filter_without_a_hit_tells_what_there_is(write, squares) -> None:
    path = write(squares, "a.gpkg")
    assert key_of(path, where={"objtype": ["Dyrket"]}) == "filter.nothing"
    assert facts_of(path, where={"objtype": ["Dyrket"]})["there"] == "DyrketMark (1), Skog (1)"


def test_filter_on_a_missing_column_names_the_nearest(write, squares) -> None:
    path = write(squares, "a.gpkg")
    assert key_of(path, where={"objtyp": ["Skog"]}) == "column.missing"
    assert facts_of(path, where={"objtyp": ["Skog"]})["nearest"] == "objtype"


def test_nested_attributes_get_their_official_names(tmp_path) -> None:
    path = tmp_path / "a.geojson"
    properties = {
        "identifikasjon": {"Identifikasjon": {"lokalId": "abc", "navnerom": "x"}},
        "kvalitet": {"Posisjonskvalitet": {"målemetode": "82", "nøyaktighet": "20"}},
        "arealformål": "1110",
    }
    ring = [[10.0, 63.0], [10.1, 63.0], [10.1, 63.1], [10.0, 63.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    table = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(table), encoding="utf-8")
    row = read_path(path).frame.iloc[0]
    assert (row["lokalId"], row["nøyaktighet"], row["målemetode"]) == ("abc", "20", "82")
    assert json.loads(row["identifikasjon"]) == properties["identifikasjon"]


def test_nested_text_in_a_table_is_laid_flat(write, squares) -> None:
    squares["identifikasjon"] = ['{"lokalId": "a"}', None]
    raw = read_path(write(squares, "a.gpkg"))
    assert list(raw.frame["lokalId"].fillna("")) == ["a", ""]


def test_text_in_brackets_is_text(write, squares) -> None:
    squares["navn"] = ["[ikke oppgitt]", "{x"]
    assert list(read_path(write(squares, "a.gpkg")).frame["navn"]) == ["[ikke oppgitt]", "{x"]


def test_missing_geometry_is_kept_for_the_kind_to_tell(write, squares) -> None:
    squares.loc[1, "geometry"] = None
    assert read_path(write(squares, "a.gpkg")).frame.geometry.isna().sum() == 1


def test_what_gdal_remarks_is_told_and_does_not_leak(write, squares, tmp_path) -> None:
    path = write(squares, "a.gpkg")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 1")
    connection.commit()
    connection.close()
    raw = read_path(path)  # warnings are errors here
    assert len(raw.frame) == 2


def test_five_thousand_polygons_in_a_second(write) -> None:
    circles = [box(i, 0, i + 1, 1).buffer(5, quad_segs=24) for i in range(5000)]
    frame = gpd.GeoDataFrame({"id": range(5000)}, geometry=circles, crs="EPSG:25832")
    path = write(frame, "a.gpkg")
    start = time.process_time()  # of the processor: other work on the machine is not ours
    read_path(path)
    assert time.process_time() - start < 1.0
