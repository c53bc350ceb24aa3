"""Every result says which CRS its areas were measured in, and two of them are never mixed."""

import csv
import json

import geopandas as gpd
import pytest
import shapely

import ikap
from ikap.cli import main
from ikap.errors import InputError

from .conftest import box


@pytest.fixture
def region(squares):
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    squares.plan(("1110", 2, box(0, 0, 100, 100)), name="annet")
    return squares


def test_tables_run_and_screen_name_the_crs(region, capsys):
    results = region.check()
    assert results.run["areas"] == {"measured_in": "EPSG:25832", "planar": True, "unit": "m2"}
    for name in ("vurderinger", "arealregnskap", "kommuner"):
        for lang, column in (("nb", "Arealer målt i"), ("en", "Areas measured in")):
            (path,) = results.folder.glob(f"*{name}.{lang}.csv")
            lines = path.read_text(encoding="utf-8-sig").splitlines()[1:]  # constructed data
            rows = list(csv.DictReader(lines, delimiter=";"))
            assert rows
            assert {row[column] for row in rows} == {"EPSG:25832"}
    words = ["check", "--plan", "forslag", "--workspace", str(region.root)]
    assert main(words) == 0
    assert "Arealer er målt i planet i EPSG:25832." in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    assert {row["crs"] for row in json.loads(capsys.readouterr().out)} == {"EPSG:25832"}


def test_plans_measured_in_two_zones_make_no_portal_together(region):
    ikap.check(ikap.open_workspace(region.root), "forslag")
    path = region.root / "layers" / "region.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("25832", "25833"), encoding="utf-8")
    workspace = ikap.open_workspace(region.root)
    other = ikap.check(workspace, "annet")
    whole = other.statement["area_m2"].sum()
    assert whole == pytest.approx(10_000 * 1.0011755, rel=1e-5)  # worked example 15
    with pytest.raises(InputError) as told:
        ikap.publish(workspace)
    assert told.value.key == "crs.mixed"
    assert not (workspace.output / "portal").exists()


def test_land_from_another_zone_leaves_no_gap_at_a_shared_edge(region):
    """Two neighbours drawn in zone 33, one with a vertex more on the edge that they share."""
    wide = gpd.GeoSeries([box(-900, -900, 1900, 900)], crs=25832)
    halves = [
        shapely.Polygon([(e, n) for e, n in part])
        for part in (
            [(0, 0), (1, 0), (1, 0.5), (0, 0.5)],
            [(0, 0.5), (0.3, 0.5), (1, 0.5), (1, 1), (0, 1)],
        )
    ]
    west, south, east, north = wide.to_crs(25833).total_bounds
    scale = [east - west, 0, 0, north - south, west, south]
    land = [shapely.affinity.affine_transform(half, scale) for half in halves]
    region.layer(
        "ar5",
        "landcover",
        land,
        "coverage = { own_polygons = true }",
        crs="EPSG:25833",
        arealtype=["21", "30"],
        lokalid=["a", "b"],
    )
    region.plan(("1110", 2, box(-700, -700, 1700, 700)))
    results = region.check()
    found = results.statement.groupby("class")["area_m2"].sum()
    assert found.get("not_covered", 0.0) < 0.01  # a triangle beside the vertex more, 0.1 mm high
    assert found.sum() == pytest.approx(2400 * 1400, abs=1e-6)
    overlap = results.quality.loc[results.quality["what"] == "overlap.other_class", "amount"]
    assert overlap.sum() < 0.01
