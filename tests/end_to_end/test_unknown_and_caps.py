"""Unknown travels, assumptions are capped, sums count ground once."""

import json
import math

import pytest
import shapely

import ikap

E0, N0 = 569_000, 7_034_000


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def row_of(results, zone="z0", check="farmland_conversion"):
    rows = results.findings
    return rows[(rows["check"] == check) & (rows["zone_key"] == zone)].iloc[0]


def indicator(results, name, municipality):
    rows = results.indicators
    row = rows[(rows["indicator"] == name) & (rows["municipality"] == municipality)].iloc[0]
    return row["value"], row["unknown"]


def test_hole_in_land_cover_is_unknown_never_ok(squares):
    squares.land(a30=[(0, 0, 50, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = squares.check()
    row = row_of(results)
    assert (row["status"], row["reason"]) == ("unknown", "no_coverage")
    assert json.loads(row["facts_json"])["unknown_m2"] == pytest.approx(5000)
    assert indicator(results, "farmland_planned_conversion", "9901") == pytest.approx((0, 5000))


def test_code_99_is_as_unknown_as_a_hole(squares):
    squares.land(a30=[(0, 0, 50, 100)], a99=[(50, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    assert row_of(squares.check())["status"] == "unknown"


def test_known_loss_is_not_hidden_by_an_unknown_part(squares):
    squares.land(a21=[(0, 0, 50, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    row = row_of(squares.check())
    assert (row["status"], row["measured"]) == ("conflict", pytest.approx(5000))


def test_no_farmland_layer_is_unknown_and_its_sum_too(squares):
    (squares.root / "layers/data/ar5.gpkg").unlink()
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = squares.check()
    assert (row_of(results)["status"], row_of(results)["reason"]) == ("unknown", "no_layer")
    value, unknown = indicator(results, "farmland_planned_conversion", "9901")
    assert math.isnan(value)  # nothing is known
    assert unknown == pytest.approx(10_000)
    assert (results.quality["what"] == "layer.missing").sum() == 1


def test_missing_plan_makes_every_figure_unknown(squares):
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    (squares.root / "layers/data/forslag.gpkg").unlink()
    results = squares.check()
    assert results.run["plan"]["missing"]
    assert results.findings.empty
    rows = results.indicators
    assert rows.loc[rows["indicator"] == "farmland_planned_conversion", "value"].isna().all()


def test_buildings_take_their_belt_from_unbuilt_farmland(squares):
    """Box 100 × 100, building 20 × 20 in the middle: 400 + 800 + four quarter circles."""
    squares.land(a21=[(0, 0, 100, 100)])
    squares.buildings((40, 40, 60, 60))
    squares.plan(("1300", 1, box(0, 0, 100, 100)))
    row = row_of(squares.check(), check="farmland_adopted_unbuilt")
    # `reserve.circle_segments` is 128 a quarter: a 512-sided polygon of radius 10 has
    # 256 · sin(2π/512) · 100 = 314.1514 m² in place of 100π = 314.1593
    assert row["measured"] == pytest.approx(10_000 - 400 - 800 - 314.1514, abs=1e-3)


def test_without_buildings_unbuilt_farmland_is_unknown(squares):
    squares.land(a21=[(0, 0, 100, 100)], a30=[(100, 0, 300, 100)])
    (squares.root / "layers/data/bygninger.gpkg").unlink()
    squares.plan(("1300", 1, box(0, 0, 100, 100)), ("1300", 1, box(150, 0, 200, 100)))
    results = squares.check()
    row = row_of(results, check="farmland_adopted_unbuilt")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")
    assert row_of(results, "z1", "farmland_adopted_unbuilt")["status"] == "ok"  # no farmland there


def test_assumption_is_capped_at_warning(squares):
    goals = squares.root / "layers/goals.toml"
    text = goals.read_text(encoding="utf-8")
    goals.write_text(text.replace('"adopted"', '"assumption"', 1), encoding="utf-8")
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    row = row_of(squares.check())
    assert (row["status"], row["parameter_status"]) == ("warning", "assumption")


def test_before_the_first_value_the_answer_is_unknown(squares):
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    goals = squares.root / "layers/goals.toml"
    text = goals.read_text(encoding="utf-8").replace("from = 2020-01-01", "from = 2024-01-01", 1)
    goals.write_text(text, encoding="utf-8")
    row = row_of(squares.check(as_of="2023-12-31"))
    assert (row["status"], row["reason"]) == ("unknown", "no_parameter")
    assert row_of(squares.check(as_of="2024-01-01"))["status"] == "conflict"


def test_no_date_at_all_is_unknown(squares):
    region = squares.root / "layers/region.toml"
    region.write_text(region.read_text(encoding="utf-8").replace("as_of = 2026-06-01", ""), "utf-8")
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    row = row_of(squares.check())
    assert (row["status"], row["reason"]) == ("unknown", "no_date")


@pytest.mark.parametrize(
    ("purpose", "status", "reason"),
    [("", 2, "no_purpose"), ("7777", 2, "no_purpose"), ("1110", 0, "no_use_status")],
)
def test_unclear_areas_are_kept_and_unknown(squares, purpose, status, reason):
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan((purpose, status, box(0, 0, 100, 100)))
    results = squares.check()
    assert row_of(results)["reason"] == reason
    value, unknown = indicator(results, "farmland_planned_conversion", "9901")
    assert unknown == pytest.approx(10_000)  # all of it may be planned conversion
    assert not value > 0


def test_area_across_a_border_is_split_and_told(squares):
    """T26: box of 400 m on each side of the border at x = 500; never by centroid."""
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", 2, box(100, 0, 600, 10)))
    results = squares.check()
    assert row_of(results)["municipality"] == "9901"
    assert indicator(results, "farmland_planned_conversion", "9901")[0] == pytest.approx(4000)
    assert indicator(results, "farmland_planned_conversion", "9902")[0] == pytest.approx(1000)
    beyond = indicator(results, "farmland_planned_conversion", "9902")[1]
    assert math.isnan(beyond)  # the plan does not speak for all of Øst
    assert indicator(results, "farmland_planned_conversion", "region")[0] == pytest.approx(5000)
    assert (results.quality["what"] == "zone.border").sum() == 1


def test_part_outside_the_region_is_unknown_and_told(squares):
    squares.land(a30=[(-1000, -1000, 3000, 1000)])
    squares.plan(("1110", 2, box(1900, 0, 2100, 100)))
    results = squares.check()
    assert row_of(results)["status"] == "unknown"
    told = results.quality[results.quality["what"] == "zone.outside"]
    assert told["amount"].tolist() == pytest.approx([10_000])


def test_overlapping_areas_of_a_plan_count_once_in_sums(squares):
    squares.land(a21=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)), ("1300", 2, box(50, 0, 150, 100)))
    results = squares.check()
    assert row_of(results, "z1")["measured"] == pytest.approx(10_000)  # the area itself, in full
    assert indicator(results, "farmland_planned_conversion", "9901")[0] == pytest.approx(15_000)
    assert (results.quality["what"] == "overlap.zone").sum() == 1


def test_second_layer_answers_where_the_first_does_not_cover(squares):
    squares.land(a30=[(0, 0, 50, 100)])
    squares.layer(
        "n50",
        "farmland",
        [box(60, 0, 80, 100)],
        'coverage = { municipalities = ["9901"] }\n[values.arealtype]\nDyrketMark = "20"',
        arealtype=["DyrketMark"],
    )
    goals = squares.root / "layers/goals.toml"
    text = goals.read_text(encoding="utf-8").replace(
        'farmland = ["ar5"]', 'farmland = ["ar5", "n50"]'
    )
    goals.write_text(text, encoding="utf-8")
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    results = squares.check()
    row = row_of(results)
    assert row["measured"] == pytest.approx(2000)
    assert row["layer"] == "ar5+n50"
    rows = results.statement
    found = dict(zip(rows["class"], rows["area_m2"], strict=True))
    assert found == pytest.approx({"30": 5000, "20": 2000, "other": 3000})


def test_order_of_features_changes_no_figure(squares):
    def tables(reverse):
        land = [("21", (0, 0, 60, 100)), ("23", (50, 0, 100, 100)), ("30", (100, 0, 200, 100))]
        zones = [("1110", 2, box(0, 0, 100, 100)), ("1300", 2, box(100, 0, 150, 80))]
        if reverse:
            land, zones = land[::-1], zones[::-1]
        squares.layer(
            "ar5",
            "landcover",
            [box(*b) for _, b in land],
            "coverage = { own_polygons = true }",
            arealtype=[c for c, _ in land],
            lokalid=[str(b) for _, b in land],
        )
        squares.layer(
            "forslag",
            "zoning",
            [g for _, _, g in zones],
            'plan = { id = "forslag", role = "proposal" }',
            lokalid=[p for p, _, _ in zones],
            arealformål=[p for p, _, _ in zones],
            arealbruksstatus=[s for _, s, _ in zones],
        )
        results = squares.check()
        return results.findings, results.statement, results.indicators

    for one, other in zip(tables(False), tables(True), strict=True):
        assert one.equals(other)


def test_same_input_gives_the_same_bytes(squares):
    squares.land(a21=[(0, 0, 60, 100)], a30=[(60, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    first = squares.check()
    before = {p.name: p.read_bytes() for p in first.folder.iterdir() if p.name not in ("run.json",)}
    squares.check()
    assert {p.name: p.read_bytes() for p in first.folder.iterdir() if p.name in before} == before
    assert ikap.read_results(first.folder).run["seconds"] >= 0


def test_area_without_geometry_is_unknown_and_not_lost(squares):
    squares.land(a30=[(-1000, -1000, 2000, 1000)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)), ("1110", 2, None))
    results = squares.check()
    row = row_of(results, "z1")
    assert (row["status"], row["reason"]) == ("unknown", "bad_geometry")
    assert row_of(results)["status"] == "ok"
    assert set(results.statement["zone_key"]) == {"z0"}
