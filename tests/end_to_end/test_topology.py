"""Plan topology through the whole flow: table, CSV, QGIS layer, municipality, inspect, one line."""

import csv
import json

import geopandas as gpd
import pytest
import shapely

import ikap
from ikap import example
from ikap.cli import main
from tests.end_to_end.conftest import box


@pytest.fixture
def crossed(squares):
    """Two areas that overlap by 10 × 100 m in 9902, and one apart that has a purpose of no list."""
    return squares.plan(
        ("1110", 2, box(600, 0, 700, 100)),
        ("1300", 2, box(690, 0, 790, 100)),
        ("9999", 2, box(0, 0, 100, 100)),
    )


def test_faults_are_a_table_a_sheet_and_a_layer(crossed):
    results = crossed.check(as_of="2026-06-01")
    table = results.topology.set_index("rule")
    assert list(table.index) == ["boundary_unknown", "overlap", "plan_id_none", "purpose_unknown"]
    overlap = table.loc["overlap"]
    assert (overlap["status"], overlap["municipality"]) == ("mend", "9902")
    assert overlap["ids"] == "z0, z1"
    assert overlap["area_m2"] == pytest.approx(1000)
    assert overlap["width_m"] == pytest.approx(10)
    assert (overlap["east"], overlap["north"]) == pytest.approx((569_695, 7_034_050))
    assert table.loc["purpose_unknown", "municipality"] == "9901"
    drawn = gpd.read_file(results.folder / "results.gpkg", layer="topology").set_index("rule")
    assert shapely.area(drawn.loc["overlap", "geometry"]) == pytest.approx(1000)
    assert "boundary_unknown" not in drawn.index  # it has no place
    path = next(results.folder.glob("*plantopologi.nb.csv"))
    text = path.read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader(text[1:], delimiter=";"))  # KONSTRUERTE DATA stands first
    (row,) = [r for r in rows if r["Hva"] == "Områder som overlapper"]
    assert (row["Vurdering"], row["Områder"], row["Areal (m²)"]) == ("Må rettes", "z0, z1", "1000")
    assert row["Begrunnelse"].startswith("z0 og z1 dekker begge 1,0\u202fdaa.")
    assert [r["Vurdering"] for r in rows] == ["Må rettes"] * 2 + ["Må vurderes", "Ukjent"]
    english = next(results.folder.glob("*plantopologi.en.csv")).read_text(encoding="utf-8-sig")
    assert "Areas that overlap" in english


def test_the_list_is_the_same_in_every_run(crossed):
    once = crossed.check().topology
    again = crossed.check().topology
    assert once.equals(again)
    assert once["fault_id"].is_unique


def test_a_limit_of_the_region_goes_before_the_assumption(crossed):
    with (crossed.root / "layers" / "goals.toml").open("a", encoding="utf-8") as goals:
        goals.write(
            '\n[topology.sliver_width]\nunit = "m"\n[[topology.sliver_width.values]]\n'
            'from = 2020-01-01\nvalue = 20\nsource = "Oppdiktet vedtak"\nstatus = "adopted"\n'
        )
    rules = set(crossed.check(as_of="2026-06-01").topology["rule"])
    assert "overlap_narrow" in rules  # 10 m wide
    assert "overlap" not in rules


def test_a_plan_that_is_not_there_has_no_faults(crossed):
    (crossed.root / "layers" / "data" / "forslag.gpkg").unlink()
    assert crossed.check().topology.empty


def test_check_and_inspect_say_how_many(crossed, capsys):
    where = ["--workspace", str(crossed.root)]
    assert main(["check", "--plan", "forslag", *where]) == 0
    said = capsys.readouterr().out
    assert "Plantopologi: 2 må rettes, 1 må vurderes, 1 ukjent." in said
    assert main(["inspect", "forslag", "--json", *where]) == 0
    (layer,) = json.loads(capsys.readouterr().out)["layers"]
    assert layer["topology"]["overlap"] == 1
    assert main(["inspect", "forslag", *where]) == 0
    assert "Områder som overlapper (1)" in capsys.readouterr().out


def test_age_is_held_against_the_adopted_plan_of_the_workspace(squares):
    squares.plan(("1110", 1, box(0, 0, 400, 400)), name="kommuneplan", role="adopted")
    path = squares.root / "layers" / "data" / "kommuneplan.gpkg"
    frame = gpd.read_file(path).assign(ikrafttredelsesdato="2024-09-26", plantype=20)
    frame.to_file(path, layer="kommuneplan")
    squares.plan(("1110", None, box(0, 0, 100, 100)), name="regulering")
    path = squares.root / "layers" / "data" / "regulering.gpkg"
    frame = gpd.read_file(path).assign(ikrafttredelsesdato="2010-05-01", plantype=34, planstatus=3)
    frame.to_file(path, layer="regulering")
    table = squares.check("regulering", as_of="2026-06-01").topology.set_index("rule")
    facts = json.loads(table.loc["older_than_kp", "facts_json"])
    assert facts == {"day": "2010-05-01", "kp_day": "2024-09-26"}


def test_the_constructed_region_is_clean_but_for_ground_that_it_leaves_open(tmp_path):
    """Nothing overlaps, no id or code is wrong. LNFR is drawn 10 cm clear of every other area, and
    streets between quarters have no purpose, so there are gaps, and they are real ones."""
    example.build(tmp_path, size="small")
    workspace = ikap.open_workspace(tmp_path)
    for plan in ("gjeldende", "forslag"):
        results = ikap.check(workspace, plan)
        table = results.topology
        assert set(table["rule"]) <= {"slit", "gap", "boundary_unknown"}
        zones = results.geodata("zones").geometry.to_numpy()
        gaps = results.geodata("topology").geometry.to_numpy()
        whole = shapely.union_all(zones)
        assert shapely.area(shapely.intersection(gaps, whole)).max() < 1e-3
        inner = [shapely.Polygon(r) for p in shapely.get_parts(whole) for r in p.interiors]
        islands = shapely.area(shapely.union_all(inner)) - sum(
            shapely.area(p) for p in shapely.get_parts(whole) if any(i.contains(p) for i in inner)
        )
        assert table["area_m2"].sum() == pytest.approx(islands, rel=1e-6)
