"""The constructed region is a valid coverage, the same every time, and nowhere real."""

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from ikap import example
from ikap.errors import InputError
from ikap.example.geography import MUNICIPALITIES
from ikap.workspace import open_workspace

FIELDS = ["21", "22", "23"]


def test_landcover_is_a_valid_coverage(landcover: gpd.GeoDataFrame):
    assert landcover.is_valid.all()
    assert shapely.coverage_is_valid(landcover.geometry.to_numpy())


def test_landcover_fills_every_municipality(
    landcover: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame
):
    shapes = landcover.geometry.to_numpy()
    for municipality in municipalities.geometry:
        inside = shapely.covers(municipality.buffer(0.001), shapes)
        assert shapely.area(shapes[inside]).sum() == pytest.approx(municipality.area, abs=0.01)
    assert landcover.area.sum() == pytest.approx(municipalities.area.sum(), abs=0.01)


def test_municipalities_are_whole_and_share_their_borders(municipalities: gpd.GeoDataFrame):
    assert municipalities["kommunenummer"].tolist() == ["9901", "9902", "9903", "9904"]
    assert (municipalities.geom_type == "Polygon").all()
    assert municipalities.is_valid.all()
    assert shapely.coverage_is_valid(municipalities.geometry.to_numpy())


def test_landscape_has_every_class_of_ground(landcover: gpd.GeoDataFrame):
    wanted = {"11", "12", "21", "22", "23", "30", "50", "60", "81", "82"}
    assert set(landcover["arealtype"]) == wanted
    assert landcover["lokalid"].is_unique
    assert landcover["nøyaktighet"].between(100, 500).all()
    forest = landcover[landcover["arealtype"] == "30"]
    assert forest["treslag"].isin(["31", "32", "33"]).all()
    assert forest["skogbonitet"].isin(["11", "12", "13", "14", "15"]).all()


def test_fields_have_natural_size(landcover: gpd.GeoDataFrame):
    fields = landcover[landcover["arealtype"].isin(FIELDS)].area
    assert 5_000 < fields.median() < 150_000  # m2
    assert fields.quantile(0.95) < 400_000


def test_region_lies_in_the_open_sea(municipalities: gpd.GeoDataFrame):
    assert municipalities.crs.to_epsg() == 25832
    west, south, east, north = municipalities.to_crs(4326).total_bounds
    assert west > 5.5
    assert east < 8.5
    assert south > 64.2
    assert north < 64.8


def test_size_of_the_small_region(landcover: gpd.GeoDataFrame, plans: dict[str, gpd.GeoDataFrame]):
    assert len(landcover) == pytest.approx(735, rel=0.1)
    assert len(plans["gjeldende"]) == pytest.approx(60, rel=0.1)


def test_size_of_the_demo_region(tmp_path: Path):
    example.build(tmp_path, size="demo")
    data = tmp_path / "layers/data"
    land = pyogrio.read_info(data / "ar5_konstruert.gpkg")["features"]
    plan = data / "plan_gjeldende_konstruert.gpkg"
    zones = pyogrio.read_info(plan, layer="KpArealformålOmråde")["features"]
    assert land == pytest.approx(5_400, rel=0.1)
    assert zones == pytest.approx(400, rel=0.1)


def test_two_builds_give_the_same_files(small: Path, tmp_path: Path):
    example.build(tmp_path, size="small")
    first = {p.relative_to(small): _digest(p) for p in small.rglob("*") if p.is_file()}
    again = {p.relative_to(tmp_path): _digest(p) for p in tmp_path.rglob("*") if p.is_file()}
    assert first == again


def test_a_build_replaces_an_earlier_one(small: Path, tmp_path: Path):
    example.build(tmp_path, size="small", faults=["wrong_charset"])
    example.build(tmp_path, size="small")
    assert sorted(p.name for p in (tmp_path / "layers/data").iterdir()) == sorted(
        p.name for p in (small / "layers/data").iterdir()
    )


def test_workspace_opens_and_says_that_it_is_constructed(small: Path):
    workspace = open_workspace(small)
    assert workspace.region.constructed
    assert workspace.region.numbers == tuple(MUNICIPALITIES)
    assert {p.plan.id for p in workspace.plans() if p.plan} == {
        "gjeldende",
        "forslag",
        "alternativ",
        "situasjon",
    }
    for layer in workspace.layers.values():
        assert layer.constructed
        assert layer.redistribute
        assert (layer.licence, layer.owner) == ("CC0-1.0", "Konstruerte data")
        if not layer.made_of:  # what is interpreted from others has no file of its own
            assert "konstruert" in str(layer.source["path"])
            assert (small / "layers" / str(layer.source["path"])).is_file()
        assert "konstruerte data" in layer.title["nb"]
        assert "constructed data" in layer.title["en"]
    assert len(workspace.goals) == 4
    assert all("oppdiktet" in goal.document for goal in workspace.goals)
    for history in workspace.parameters.values():
        assert all(value.status == "adopted" and "Oppdiktet" in value.source for value in history)


def test_steps_are_told_as_they_start(tmp_path: Path):
    told: list[str] = []
    example.build(tmp_path, size="small", progress=told.append)
    assert told == ["terrain", "landcover", "plans", "files"]


def test_unknown_size_is_told_before_anything_is_written(tmp_path: Path):
    with pytest.raises(InputError) as error:
        example.build(tmp_path / "ny", size="huge")
    assert error.value.key == "example.size"
    assert not (tmp_path / "ny").exists()


def test_background_is_small(small: Path):
    background = gpd.read_file(small / "layers/data/kartbakgrunn_konstruert.gpkg")
    themes = {"sea", "lake", "urban", "forest", "road", "railway", "station", "river"}
    assert themes <= set(background["theme"])
    assert (background["theme"] == "station").sum() == 2
    assert {label.split(" ")[0] for label in background["label"]} >= {"E99", "Fv.", "Kommunal"}


def test_names_are_fictional(realdata: Path):
    """No municipality of the example has the name of a real one, or a part of it."""
    text = (realdata / "municipalities/kommuner_2024_m.geojson").read_text(encoding="utf-8")
    real = {
        str(value).lower()
        for feature in json.loads(text)["features"]
        for value in feature["properties"].values()
        if isinstance(value, str)
    }
    for name in MUNICIPALITIES.values():
        assert not any(name.lower() in other for other in real)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
