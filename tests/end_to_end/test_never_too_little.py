"""What a plan takes is never told as less than it is: overlaps, gaps in the plan, lost shapes."""

import csv
import math

import geopandas as gpd
import pytest
import shapely

import ikap

E0, N0 = 569_000, 7_034_000


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def indicator(results, name, municipality):
    rows = results.indicators
    row = rows[(rows["indicator"] == name) & (rows["municipality"] == municipality)].iloc[0]
    return row["value"], row["unknown"]


@pytest.mark.parametrize("under", ["5100", "3040", "5200"])
@pytest.mark.parametrize("lnf_first", [True, False])
def test_building_drawn_on_top_of_lnf_stays_in_the_sums(squares, under, lnf_first):
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    zones = [(under, 1, box(-500, -500, 400, 500)), ("1110", 2, box(0, 0, 100, 100))]
    squares.plan(*(zones if lnf_first else reversed(zones)))
    results = squares.check()
    for name in ("farmland_planned_conversion", "planned_area"):
        assert indicator(results, name, "9901") == pytest.approx((10_000, 0)), name


def test_ground_both_adopted_and_future_is_planned_conversion_once(squares):
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", 1, box(0, 0, 100, 100)), ("1110", 2, box(50, 0, 150, 100)))
    results = squares.check()
    assert indicator(results, "farmland_planned_conversion", "9901")[0] == pytest.approx(10_000)
    assert indicator(results, "farmland_adopted_unbuilt", "9901")[0] == pytest.approx(5000)


def test_municipality_without_one_area_in_the_plan_file_is_unknown(squares):
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)), more='coverage = { municipalities = ["all"] }\n')
    results = squares.check()
    assert indicator(results, "farmland_planned_conversion", "9901") == pytest.approx((10_000, 0))
    value, unknown = indicator(results, "farmland_planned_conversion", "9902")
    assert math.isnan(value)
    assert math.isnan(unknown)
    assert math.isnan(indicator(results, "farmland_planned_conversion", "region")[1])


def test_area_without_status_is_unknown_in_every_sum_it_may_belong_to(squares):
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", None, box(0, 0, 100, 100)), ("1110", 2, box(200, 0, 300, 100)))
    results = squares.check()
    for name in ("farmland_planned_conversion", "farmland_adopted_unbuilt", "planned_area"):
        assert indicator(results, name, "9901")[1] == pytest.approx(10_000), name


def test_lost_shape_has_a_key_of_its_own_and_leaves_the_sums_open(squares):
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)), ("1110", 2, box(200, 0, 300, 100)))
    path = squares.root / "layers/data/forslag.gpkg"
    frame = gpd.read_file(path)
    frame["lokalid"] = "z0"
    frame.loc[1, "geometry"] = None
    frame.to_file(path, layer="forslag")
    results = squares.check()
    assert sorted(results.statement["zone_key"].unique()) == ["z0"]
    rows = results.findings[results.findings["check"] == "farmland_conversion"]
    assert rows.set_index("zone_key")["status"].to_dict() == {"z0": "conflict", "z0~2": "unknown"}
    assert rows["finding_id"].is_unique
    assert math.isnan(rows.set_index("zone_key").loc["z0~2", "measured"])
    value, unknown = indicator(results, "farmland_planned_conversion", "9901")
    assert value == pytest.approx(10_000)
    assert math.isnan(unknown)


def cells(results, column):
    path = next(results.folder.glob("*vurderinger.nb.csv"))
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    table = list(csv.DictReader(lines[1:], delimiter=";"))
    own = "Planlagt omdisponering av jordbruksareal"
    return [row[column] for row in table if row["Kontroll"] == own]


def test_export_shows_a_sliver_and_no_nought_for_what_is_unknown(squares):
    squares.land(a21=[(99.7, 0, 200, 100)], a30=[(0, 0, 99.7, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)), ("1110", 2, box(0, 200, 100, 300)))
    results = squares.check()
    assert cells(results, "Vurdering") == ["Må vurderes", "Ukjent"]
    assert cells(results, "Målt (daa)") == ["0,03", ""]


@pytest.mark.parametrize("name", ["kommuner", "ar5", "forslag"])
def test_plan_file_never_stands_in_for_a_declared_layer_or_plan(squares, tmp_path, name):
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    declared = squares.check()
    path = tmp_path / f"{name}.gpkg"
    columns = {"lokalId": ["x"], "arealformål": ["1110"], "arealbruksstatus": [2]}
    frame = gpd.GeoDataFrame(columns, geometry=[box(0, 0, 200, 200)], crs="EPSG:25832")
    frame.to_file(path)
    other = ikap.check(ikap.open_workspace(squares.root), path)
    assert other.folder.name == f"{name}_fil"
    assert other.statement["area_m2"].sum() == pytest.approx(40_000)
    assert ikap.read_results(declared.folder).statement["area_m2"].sum() == pytest.approx(10_000)
