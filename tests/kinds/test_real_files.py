"""Files that other people made, faults included."""

from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from ikap.errors import InputError
from ikap.workspace import open_workspace

EXTENT = (507_330.0, 6_947_292.0, 635_346.0, 7_082_737.0)


@pytest.fixture
def trondheim(layers, root: Path):
    """Layers read into Trondheimsregionen."""
    return replace(layers, region=open_workspace(root).region)


def told(layer) -> dict[str, float]:
    return {row.what: row.amount for row in layer.quality}


@pytest.mark.parametrize(
    "name", ["kommuner_2024_m.geojson", "kommuner_2020_l.geojson", "kommuner_land.gpkg"]
)
def test_boundaries_give_eight_valid_members(realdata, trondheim, name: str) -> None:
    layer = trondheim.read(realdata / "municipalities" / name, "municipality")
    members = layer.frame[layer.frame["role"] == "member"]
    assert tuple(members["kommunenummer"]) == trondheim.region.numbers
    assert len(members) == 8
    assert shapely.is_valid(layer.frame.geometry.to_numpy()).all()
    if name == "kommuner_2024_m.geojson":
        repaired = {row.source_id for row in layer.quality if row.what == "geometry.repaired"}
        assert len(repaired) == 3  # Malvik, Stjørdal and one neighbour
    if name == "kommuner_2020_l.geojson":
        assert told(layer)["number.mended"] == 1  # one with a zero lost: Oslo, 301


def test_land_area_of_the_region(realdata, trondheim) -> None:
    layer = trondheim.read(realdata / "municipalities" / "kommuner_land.gpkg", "municipality")
    members = layer.frame[layer.frame["role"] == "member"]
    assert members.geometry.area.sum() / 1e6 == pytest.approx(7296.59, abs=0.01)


def test_n50_sample_with_heights_in_degrees(realdata, trondheim) -> None:
    trondheim.extent = EXTENT
    values = {
        "DyrketMark": "20",
        "Skog": "30",
        "Havflate": "82",
        "TettBebyggelse": "11",
        "ÅpentOmråde": "50",
    }
    layer = trondheim.read(
        realdata / "landuse" / "trondheim_n50_arealbruk.geojson",
        "landcover",
        columns={"arealtype": "objtype"},
        values={"arealtype": values},
    )
    counts = layer.frame["arealtype"].value_counts().to_dict()
    assert counts == {"11": 7, "20": 4, "30": 3, "82": 2, "50": 2}
    assert not shapely.has_z(layer.frame.geometry.to_numpy()).any()
    assert layer.frame.crs == "EPSG:25832"
    assert {"heights.dropped", "letters.lost", "crs.changed"} <= set(told(layer))


def test_stemtjonn_plan(realdata, trondheim, role) -> None:
    path = realdata / "plan" / "plankart_4204_1536_stemtjonn.geojson"
    layer = trondheim.read(path, "zoning", plan=role("adopted"))
    assert len(layer.frame) == 10
    assert set(layer.frame["plan_level"]) == {"rp"}
    assert layer.frame["development"].value_counts().to_dict() == {"adopted": 5, "none": 5}
    assert layer.frame["zone_key"].str.len().eq(36).all()  # lokalId
    assert list(layer.frame["områdenavn"])[:2] == ["BSK1", "BSK2"]
    others = {row.facts["type"]: row.amount for row in layer.quality if row.what == "objects.other"}
    assert sum(others.values()) == 83
    concerns = [row for row in layer.quality if row.what == "core_farmland.other"]
    assert [(row.facts["code"], row.amount) for row in concerns] == [("560", 6)]
    assert others["RpFormålGrense"] == 38


def test_stemtjonn_plan_lies_outside_the_region(realdata, trondheim) -> None:
    trondheim.extent = EXTENT
    with pytest.raises(InputError) as caught:
        trondheim.read(realdata / "plan" / "plankart_4204_1536_stemtjonn.geojson", "zoning")
    fault = caught.value.faults[0]
    assert (fault.key, fault.facts["distance_km"]) == ("place.outside", 503)
