"""The eight municipalities: numbers, history, and the land that the boundary file gives them."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ikap.workspace import Workspace

MEMBERS = ("5001", "5027", "5028", "5029", "5031", "5035", "5054", "5059")
# Bounds of the land in EPSG:25832, from another file of Kartverket's (kommuner_land.gpkg).
WEST, EAST, SOUTH, NORTH = 509_326, 635_345, 6_947_293, 7_082_737
# Land in km², EPSG:25832, as kommuner_2024_m.geojson gives it after repair.
LAND_KM2 = {
    "5001": 528.24,
    "5027": 1859.54,
    "5028": 694.19,
    "5029": 223.94,
    "5031": 168.15,
    "5035": 937.75,
    "5054": 1095.18,
    "5059": 1905.02,
}


def municipalities(root: Path, layer: str) -> gpd.GeoDataFrame:
    path = root / "layers" / "data" / "kommuner.gpkg"
    return gpd.read_file(path, layer=layer).set_index("kommunenummer")


@pytest.fixture(scope="module")
def with_sea(root: Path) -> gpd.GeoDataFrame:
    return municipalities(root, "kommuner")


@pytest.fixture(scope="module")
def on_land(root: Path) -> gpd.GeoDataFrame:
    return municipalities(root, "kommuner_land")


def test_region_is_the_eight_municipalities(workspace: Workspace) -> None:
    assert workspace.region.numbers == MEMBERS
    assert workspace.region.crs == "EPSG:25832"
    assert not workspace.region.constructed
    assert workspace.region.as_of == date(2026, 11, 1)


def test_every_declared_municipality_has_one_valid_area(
    workspace: Workspace, with_sea: gpd.GeoDataFrame, on_land: gpd.GeoDataFrame
) -> None:
    declared = {*workspace.region.numbers, *(m.number for m in workspace.region.neighbours)}
    for table in (with_sea, on_land):
        assert set(table.index) == declared
        assert table.index.is_unique
        assert table.is_valid.all()
        assert not table.has_z.any()


def test_names_are_those_of_the_boundary_file(
    workspace: Workspace, with_sea: gpd.GeoDataFrame
) -> None:
    for unit in (*workspace.region.municipalities, *workspace.region.neighbours):
        official = with_sea.loc[unit.number, "kommunenavn"]
        assert unit.name.replace("–", "-") == official


def test_land_areas_are_those_of_the_source(on_land: gpd.GeoDataFrame) -> None:
    for number, km2 in LAND_KM2.items():
        assert on_land.area[number] / 1e6 == pytest.approx(km2, abs=0.01)


def test_sea_is_added_to_the_land_and_takes_none_of_it(
    with_sea: gpd.GeoDataFrame, on_land: gpd.GeoDataFrame
) -> None:
    for number in MEMBERS:
        whole, land = with_sea.geometry[number], on_land.geometry[number]
        assert land.difference(whole).area < 50  # m², long edges rounded to 1 mm
        assert with_sea.loc[number, "landareal_m2"] == pytest.approx(land.area, abs=1)
    inland = ["5027", "5028"]  # Midtre Gauldal has no coast, Melhus a short one
    added = with_sea.area - on_land.area
    assert added[inland].max() < 3e6
    assert added["5054"] > 300e6  # Indre Fosen: half of the Trondheimsfjord and the Stjørnfjord


def test_members_lie_edge_to_edge(with_sea: gpd.GeoDataFrame) -> None:
    shapes = with_sea.loc[list(MEMBERS)].geometry.to_numpy()
    union = shapely.union_all(shapes)
    assert shapely.coverage_is_valid(shapes)
    assert union.geom_type == "Polygon"
    assert len(union.interiors) == 0
    assert shapely.area(shapes).sum() == pytest.approx(union.area, abs=0.01)


def test_bounds_are_those_of_the_region(on_land: gpd.GeoDataFrame) -> None:
    bounds = on_land.loc[list(MEMBERS)].total_bounds
    assert bounds == pytest.approx([WEST, SOUTH, EAST, NORTH], abs=600)  # two generalisations


def test_neighbours_touch_the_region_but_for_the_two_that_are_asked_for(
    workspace: Workspace, on_land: gpd.GeoDataFrame
) -> None:
    region = shapely.union_all(on_land.loc[list(MEMBERS)].geometry.to_numpy())
    away = [
        m.number
        for m in workspace.region.neighbours
        if on_land.geometry[m.number].distance(region) > 0.01
    ]
    assert away == ["5021", "5036"]  # Oppdal; Frosta, which touches in the fjord only


@pytest.mark.realdata
def test_no_other_municipality_touches_the_region(workspace: Workspace, realdata: Path) -> None:
    every = gpd.read_file(realdata / "municipalities" / "kommuner_2024_m.geojson").to_crs(25832)
    shapes = shapely.make_valid(every.geometry.to_numpy())
    inside = every["kommunenummer"].isin(MEMBERS).to_numpy()
    touching = shapely.distance(shapes, shapely.union_all(shapes[inside])) < 0.01
    declared = {m.number for m in workspace.region.neighbours} | set(MEMBERS)
    assert set(every.loc[touching, "kommunenummer"]) <= declared


def test_history_leads_from_every_old_number_to_one_that_exists(workspace: Workspace) -> None:
    region = workspace.region
    old = {m.number: m for m in region.history}
    today = {m.number for m in (*region.municipalities, *region.neighbours)}
    assert len(old) == len(region.history)
    for unit in region.history:
        assert unit.valid_to is not None
        assert unit.valid_from < unit.valid_to
        for number in unit.successor:
            assert number in old or number in today, (unit.name, number)
            if number in old:
                assert old[number].valid_from > unit.valid_to
    assert old["5030"].successor == ("5001",)  # Klæbu
    assert old["5012"].successor == ("5055", "5056", "5059")  # Snillfjord, split three ways


def test_places_are_in_the_region_and_not_yet_confirmed(workspace: Workspace) -> None:
    places = workspace.region.places
    assert {p.municipality for p in places} == set(MEMBERS)
    assert [p.name for p in places if p.level == "regionsenter"] == ["Trondheim"]
    assert not any(p.confirmed for p in places)


def test_n50_sample_lies_in_trondheim_without_overlap(
    root: Path, with_sea: gpd.GeoDataFrame
) -> None:
    sample = gpd.read_file(root / "layers" / "data" / "n50.gpkg")
    shapes = sample.geometry.to_numpy()
    union = shapely.union_all(shapes)
    assert len(sample) == 18
    assert sample.is_valid.all()
    assert not sample.has_z.any()
    assert union.area == pytest.approx(12.13e6, abs=0.01e6)
    assert shapely.area(shapes).sum() == pytest.approx(union.area, abs=1)
    trondheim = shapely.area(shapely.intersection(union, with_sea.geometry["5001"]))
    assert trondheim / union.area > 0.98
    farmland = sample.loc[sample["objtype"] == "DyrketMark"].area.sum()
    assert np.round(farmland / 1000, 1) == 5130.1  # daa
