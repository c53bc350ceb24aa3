"""The flow on real files that other people made, with a small plan drawn over real farmland."""

import shutil

import geopandas as gpd
import numpy as np
import pytest
import shapely

import ikap
from ikap.cli import main
from ikap.workspace import shipped_workspace

MUNICIPALITIES = """
kind = "municipality"
title = { nb = "Kommuner", en = "Municipalities" }
owner = "Kartverket"
licence = "CC-BY-4.0"
redistribute = true
source = { from = "files", path = "%s" }
columns = { kommunenummer = "kommunenummer", navn = "kommunenavn" }
"""

FARMLAND = """
kind = "landcover"
title = { nb = "N50", en = "N50" }
owner = "Kartverket"
licence = "CC-BY-4.0"
redistribute = true
source = { from = "files", path = "%s" }
columns = { arealtype = "OBJTYPE" }
coverage = { own_polygons = true }
[values.arealtype]
DyrketMark = "20"
Skog = "30"
Havflate = "82"
TettBebyggelse = "11"
"""


@pytest.fixture
def region(realdata, tmp_path):
    """Trondheimsregionen on the raw files: EPSG:4326 with invalid polygons, EPSG:4979 with Z."""
    shutil.copytree(shipped_workspace() / "layers", tmp_path / "layers")
    (tmp_path / "maps").mkdir()
    for name, text, file in (
        ("municipalities", MUNICIPALITIES, "municipalities/kommuner_2024_m.geojson"),
        ("n50", FARMLAND, "landuse/trondheim_n50_arealbruk.geojson"),
    ):
        path = tmp_path / "layers" / f"{name}.toml"
        path.write_text(text % (realdata / file).as_posix(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def fields(realdata):
    frame = gpd.read_file(realdata / "landuse/trondheim_n50_arealbruk.geojson")
    frame = frame[frame["OBJTYPE"] == "DyrketMark"].to_crs("EPSG:25832")
    return np.asarray(shapely.force_2d(frame.geometry.values))


def test_plan_over_real_farmland(region, fields):
    largest = fields[np.argmax(shapely.area(fields))]
    x, y = largest.representative_point().coords[0]
    zone = shapely.box(x - 150, y - 100, x + 150, y + 100)
    plan = gpd.GeoDataFrame(
        {"arealformål": ["1110"], "arealbruksstatus": [2], "lokalid": ["b1"]},
        geometry=[zone],
        crs="EPSG:25832",
    )
    plan.to_file(region / "forslag.gpkg")

    results = ikap.check(ikap.open_workspace(region), region / "forslag.gpkg")

    (row,) = results.findings[results.findings["check"] == "farmland_conversion"].to_dict("records")
    oracle = shapely.intersection(zone, shapely.union_all(fields)).area
    assert row["municipality"] == "5001"
    assert row["measured"] == pytest.approx(oracle, abs=1.0)  # edges in degrees are densified
    assert row["status"] == "warning"  # the region's limit is an assumption
    assert row["parameter_status"] == "assumption"
    assert row["layer"] == "n50"
    told = set(results.quality["what"])
    assert any(what.startswith("geometry.") for what in told), told


def test_plan_of_another_part_of_the_country_is_told_to_lie_outside(region, realdata, capsys):
    plan = realdata / "plan/plankart_4204_1536_stemtjonn.geojson"
    code = main(["check", "--workspace", str(region), "--plan", str(plan)])
    text = capsys.readouterr().err
    assert code == 2
    assert "utenfor" in text
    assert "km" in text
