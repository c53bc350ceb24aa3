"""Worked examples of the planner's check, through the whole flow, with the figures written out."""

import geopandas as gpd
import pytest
import shapely

import ikap
from ikap.errors import InputError

E0, N0 = 569_000, 7_034_000


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


AROUND = [(-1000, -1000, 2000, -20), (-1000, 100, 2000, 1000)]


def finding(results, check="farmland_conversion", zone="z0"):
    rows = results.findings
    (row,) = rows[(rows["check"] == check) & (rows["zone_key"] == zone)].to_dict("records")
    return row


def areas(results, zone="z0"):
    rows = results.statement[results.statement["zone_key"] == zone]
    return dict(zip(rows["class"], rows["area_m2"], strict=True))


def test_example_1_farmland_overlap(squares):
    squares.land(a21=[(60, -20, 200, 60)], a30=[(-1000, -1000, 60, 1000), (60, 60, 2000, 1000)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = squares.check()
    row = finding(results)
    assert row["measured"] == pytest.approx(2400, abs=1e-6)  # 40 × 60
    assert row["status"] == "conflict"  # over 500 m² and over the adopted limit of 0 daa
    assert areas(results)["21"] / 10_000 == pytest.approx(0.24)
    assert not row["sliver"]


def test_example_1_same_area_adopted_and_unbuilt_is_a_finding_too(squares):
    squares.land(a21=[(60, -20, 200, 60)], a30=[(-1000, -1000, 60, 1000), (60, 60, 2000, 1000)])
    squares.plan(("1110", 1, box(0, 0, 100, 100)))
    results = squares.check()
    assert finding(results)["status"] == "not_applicable"
    row = finding(results, "farmland_adopted_unbuilt")
    assert row["status"] == "warning"
    assert row["text_key"] == "unbuilt"
    assert row["measured"] == pytest.approx(2400, abs=1e-6)


def test_example_2_statement_adds_up(squares):
    squares.land(
        a21=[(0, 0, 30, 100)],
        a23=[(30, 0, 45, 100)],
        a30=[(45, 0, 80, 100)],
        a60=[(80, 0, 90, 100)],
        a12=[(90, 0, 100, 100)],
    )
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = squares.check()
    assert areas(results) == pytest.approx(
        {"21": 3000, "23": 1500, "30": 3500, "60": 1000, "12": 1000}, abs=1e-6
    )
    assert sum(areas(results).values()) == pytest.approx(10_000, abs=0.01)
    assert finding(results)["measured"] == pytest.approx(4500, abs=1e-6)  # 45 %


def test_example_3_overlapping_source_polygons_count_once(squares):
    squares.land(a21=[(0, 0, 50, 100), (40, 0, 90, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = squares.check()
    assert areas(results)["21"] == pytest.approx(9000, abs=1e-6)  # the union, not 10 000
    assert areas(results)["not_covered"] == pytest.approx(1000, abs=1e-6)
    rows = results.quality[results.quality["what"] == "overlap.same_class"]
    assert rows["amount"].tolist() == pytest.approx([1000])


def test_example_4_shared_edge_is_no_hit(squares):
    squares.land(a21=[(100, 0, 200, 100)], a30=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    row = finding(squares.check())
    assert (row["status"], row["measured"]) == ("ok", 0)


def test_example_4_sliver_stays_in_the_statement(squares):
    squares.land(a21=[(99.7, 0, 200, 100)], a30=[(0, 0, 99.7, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = squares.check()
    row = finding(results)
    assert row["measured"] == pytest.approx(30, abs=1e-4)  # 0.3 × 100
    assert (row["status"], row["sliver"], row["text_key"]) == ("warning", True, "sliver")
    assert areas(results)["21"] == pytest.approx(30, abs=1e-4)


def test_example_15_areas_of_two_zones_differ_and_are_not_added():
    square = gpd.GeoSeries([shapely.box(569000, 7034000, 570000, 7035000)], crs="EPSG:25832")
    assert square.area[0] == 1_000_000
    moved = square.to_crs("EPSG:25833")
    assert moved.area[0] == pytest.approx(1_001_175.54, abs=0.01)
    with pytest.raises(InputError) as told:
        ikap.area_by_class(square, moved, ["21"])
    assert told.value.key == "crs.differ"


def test_plan_in_the_neighbouring_zone_is_measured_in_the_regions_crs(squares):
    """Example 15 through the flow: 1 km² comes back as 1 km², not as 1 001 175.5 m²."""
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    zone = gpd.GeoSeries([box(-500, -500, 500, 500)], crs="EPSG:25832").to_crs("EPSG:25833")
    squares.plan(("1110", 2, zone[0]))
    frame = gpd.read_file(squares.root / "layers/data/forslag.gpkg")
    frame.set_crs("EPSG:25833", allow_override=True).to_file(
        squares.root / "layers/data/forslag.gpkg", layer="forslag"
    )
    results = squares.check()
    assert areas(results)["21"] == pytest.approx(1_000_000, abs=1.0)
    assert results.run["region"]["crs"] == "EPSG:25832"
