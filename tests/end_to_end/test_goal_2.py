"""Goal 2 through the whole flow: lines without area, plan files with H510, borders, holes."""

import json
import math

import geopandas as gpd
import pytest
import shapely

import ikap

E0, N0 = 569_000, 7_034_000


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def line(*points):
    return shapely.LineString([(E0 + x, N0 + y) for x, y in points])


def row_of(results, check, zone="z0"):
    rows = results.findings
    return rows[(rows["check"] == check) & (rows["zone_key"] == zone)].iloc[0]


def indicator(results, name, municipality="9901"):
    rows = results.indicators
    row = rows[(rows["indicator"] == name) & (rows["municipality"] == municipality)].iloc[0]
    return row["value"], row["unknown"]


def use(squares, text):
    goals = squares.root / "layers/goals.toml"
    whole = goals.read_text(encoding="utf-8")
    goals.write_text(whole.replace("[use]\n", f"[use]\n{text}\n"), encoding="utf-8")


def with_lines(squares, *lines, ids=None):
    """Put `KpSamferdselLinje` into the plan's file, as (status, line)."""
    frame = gpd.GeoDataFrame(
        {
            "lokalid": ids or [f"l{k}" for k in range(len(lines))],
            "arealformål": "2010",
            "arealbruksstatus": [status for status, _ in lines],
        },
        geometry=[shape for _, shape in lines],
        crs="EPSG:25832",
    )
    path = squares.root / "layers/data/forslag.gpkg"
    areas = gpd.read_file(path)
    path.unlink()
    areas.to_file(path, layer="KpArealformålOmråde")
    frame.to_file(path, layer="KpSamferdselLinje")
    toml = squares.root / "layers/forslag.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(
        text.replace('"data/forslag.gpkg"', '"data/forslag.gpkg", layer = "KpArealformålOmråde"'),
        encoding="utf-8",
    )


def test_lines_without_area_leave_the_sum_open_and_stand_with_their_length(squares):
    squares.land(a21=[(0, 0, 300, 100)], a30=[(0, 100, 300, 400)])
    squares.plan(
        ("2010", 2, box(0, 0, 100, 10)),
        ("1110", 2, box(200, 0, 250, 50)),
        more='coverage = { municipalities = ["all"] }\n',
    )
    # 480 m: 80 m on fields, 300 m in the wood, 100 m not mapped; the old road does not count
    with_lines(squares, (2, line((50, 20), (50, 500))), (1, line((10, 20), (10, 90))))
    results = squares.check()
    value, unknown = indicator(results, "farmland_transport")
    assert value == pytest.approx(1000)
    assert math.isnan(unknown)  # so much more may be taken: nobody knows
    assert indicator(results, "transport_lines") == pytest.approx((480, 0))
    assert indicator(results, "transport_lines_on_farmland") == pytest.approx((80, 100))
    assert row_of(results, "farmland_transport")["measured"] == pytest.approx(1000)
    assert row_of(results, "farmland_transport", "z1")["status"] == "not_applicable"
    assert indicator(results, "farmland_planned_conversion")[0] == pytest.approx(3500)


def test_each_planned_line_is_met_as_unknown_with_its_length(squares):
    squares.land(a21=[(0, 0, 300, 100)], a30=[(0, 100, 1000, 400)])
    squares.plan(("2010", 2, box(0, 0, 100, 10)))
    # l0: 480 m, of which 80 m on fields, 300 m in the wood, 100 m not mapped; l1 is there already;
    # l2: 400 m on fields and wood across the border at x = 500, most of it in 9902
    shapes = (line((50, 20), (50, 500)), line((10, 20), (10, 90)), line((400, 300), (800, 300)))
    with_lines(squares, (2, shapes[0]), (1, shapes[1]), (None, shapes[2]))
    results = squares.check()
    row = row_of(results, "farmland_transport_lines", "l0")
    assert (row["status"], row["reason"], row["unit"]) == ("unknown", "no_width", "m")
    assert (row["municipality"], row["layer"]) == ("9901", "ar5")
    assert row["measured"] == pytest.approx(480)
    facts = json.loads(row["facts_json"])
    assert facts["by_class"] == {"on_farmland": 80.0, "elsewhere": 300.0}
    assert facts["unknown_m"] == pytest.approx(100)
    assert row_of(results, "farmland_transport_lines", "l1")["status"] == "not_applicable"
    open_ = row_of(results, "farmland_transport_lines", "l2")
    assert (open_["reason"], open_["municipality"]) == ("no_use_status", "9902")
    assert open_["measured"] == pytest.approx(400)
    assert json.loads(open_["facts_json"])["by_class"] == {"elsewhere": 400.0}
    # an area has no finding by the check of lines, and a line none by the checks of areas
    found = results.findings.groupby("check")["zone_key"].apply(set)
    assert found.pop("farmland_transport_lines") == {"l0", "l1", "l2"}
    assert all(keys == {"z0"} for keys in found)
    drawn = results.geodata("plan_lines").set_index("zone_key")
    assert drawn["municipality"].to_dict() == {"l0": "9901", "l1": "9901", "l2": "9902"}


def test_lines_stand_in_the_list_and_on_the_page_with_their_length(squares):
    squares.land(a21=[(0, 0, 300, 100)], a30=[(0, 100, 300, 600)])
    squares.plan(("2010", 2, box(0, 0, 100, 10)))
    with_lines(squares, (2, line((50, 20), (50, 500))))
    kart = (
        'title = { nb = "Jordvern", en = "Farmland" }\ngoal = 2\nlayers = ["ar5"]\n'
        'checks = ["farmland_transport", "farmland_transport_lines"]\n'
    )
    (squares.root / "maps/jordvern.toml").write_text(kart, encoding="utf-8")
    done, portal = ikap.run(ikap.open_workspace(squares.root))
    text = next(done[0].folder.glob("*vurderinger.nb.csv")).read_text("utf-8-sig")
    row = next(r for r in text.splitlines() if "farmland_transport_lines:" in r)
    assert "Veg og bane tegnet som linje" in row
    assert "Linjen er 480\u202fm lang, og 80\u202fm av den går over jordbruksareal." in row
    assert ";480;" in row
    pages = [p.read_text("utf-8") for p in portal.parent.rglob("*.html")]
    held = [p for p in pages if "480\u202fm, tegnet som linje" in p]
    assert held
    assert any("Linjen er 480\u202fm lang" in p for p in held)


def test_a_line_with_the_key_of_an_area_gets_its_own(squares):
    squares.land(a21=[(0, 0, 300, 100)])
    squares.plan(("1110", 2, box(0, 0, 10, 10)))
    with_lines(squares, (2, line((50, 20), (50, 90))), ids=("z0",))
    results = squares.check()
    assert row_of(results, "farmland_transport_lines", "z0~2")["measured"] == pytest.approx(70)


def test_lines_alone_are_never_nought(squares):
    squares.land(a21=[(0, 0, 300, 100)])
    squares.plan(("1110", 2, box(0, 0, 10, 10)))
    with_lines(squares, (None, line((50, 20), (50, 90))))  # without status it may be planned
    results = squares.check()
    assert all(math.isnan(v) for v in indicator(results, "farmland_transport"))
    assert indicator(results, "transport_lines")[0] == pytest.approx(70)


def test_h510_is_read_from_the_plan_file_itself(squares):
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    path = squares.root / "layers/data/forslag.gpkg"
    zones = gpd.GeoDataFrame(
        {"angittHensyn": [510, 530], "lokalid": ["h1", "h2"]},
        geometry=[box(0, 0, 30, 100), box(0, 0, 100, 100)],
        crs="EPSG:25832",
    )
    zones.to_file(path, layer="KpAngittHensynSone")
    text = (squares.root / "layers/forslag.toml").read_text(encoding="utf-8")
    own = text.replace('"zoning"', '"core_farmland"')
    own = "\n".join(row for row in own.splitlines() if not row.startswith("plan ="))
    own = own.replace('"data/forslag.gpkg"', '"data/forslag.gpkg", layer = "KpAngittHensynSone"')
    squares.toml("h510", own + '\ncoverage = { municipalities = ["9901"] }\n')
    layer = 'source = { from = "files", path = "data/forslag.gpkg", layer = "forslag" }'
    squares.toml(
        "forslag", text.replace('source = { from = "files", path = "data/forslag.gpkg" }', layer)
    )
    use(squares, 'core_farmland = ["h510"]')
    results = squares.check()
    row = row_of(results, "farmland_core")
    assert row["measured"] == pytest.approx(3000)  # 30 × 100; the zone for recreation is not it
    assert row["status"] == "warning"  # the national limit is an assumption
    told = results.quality[results.quality["what"] == "core_farmland.other"]
    assert told["amount"].tolist() == [1]


def with_h510(squares, *zones):
    """Put `KpAngittHensynSone` into the plan's file, as (code, box)."""
    path = squares.root / "layers/data/forslag.gpkg"
    frame = gpd.GeoDataFrame(
        {
            "angittHensyn": [code for code, _ in zones],
            "hensynSonenavn": [f"H{code}_{k}" for k, (code, _) in enumerate(zones, 1)],
            "lokalid": [f"h{k}" for k in range(len(zones))],
        },
        geometry=[shape for _, shape in zones],
        crs="EPSG:25832",
    )
    frame.to_file(path, layer="KpAngittHensynSone")
    text = (squares.root / "layers/forslag.toml").read_text(encoding="utf-8")
    layer = 'source = { from = "files", path = "data/forslag.gpkg", layer = "forslag" }'
    squares.toml(
        "forslag", text.replace('source = { from = "files", path = "data/forslag.gpkg" }', layer)
    )


def test_h510_of_the_plan_itself_is_core_farmland_without_any_other_layer(squares):
    squares.plan(("1110", 2, box(0, 0, 100, 100)), ("1110", 2, box(200, 0, 300, 100)))
    # 30 × 100 and 20 × 100 that share 10 × 100: 4 daa; the zone for recreation is not counted
    zones = ((510, box(0, 0, 30, 100)), ("H510", box(20, 0, 40, 100)), (530, box(0, 0, 400, 100)))
    with_h510(squares, *zones)
    results = squares.check()
    row = row_of(results, "farmland_core")
    assert (row["status"], row["layer"]) == ("warning", "forslag")  # the limit is an assumption
    assert row["measured"] == pytest.approx(4000)
    facts = json.loads(row["facts_json"])
    assert facts["where_key"] == "core_farmland.h510"
    assert facts["unknown_m2"] == pytest.approx(6000)  # nobody has said that there is no more
    beside = row_of(results, "farmland_core", "z1")
    assert (beside["status"], beside["reason"]) == ("unknown", "no_layer")
    told = results.quality.set_index("what")["amount"]
    assert told["concerns.farming"] == pytest.approx(5000)  # both zones as drawn
    assert "core_farmland.other" not in told  # zones for other concerns are no matter here


def test_h510_of_the_plan_and_of_a_layer_is_the_same_ground_once(squares):
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    squares.layer(
        "kjerne",
        "core_farmland",
        [box(0, 0, 50, 100)],
        'coverage = { municipalities = ["9901"] }',
        navn=["Kjerne 1"],
    )
    use(squares, 'core_farmland = ["kjerne"]')
    with_h510(squares, (510, box(40, 0, 60, 100)))
    row = row_of(squares.check(), "farmland_core")
    assert row["measured"] == pytest.approx(6000)
    facts = json.loads(row["facts_json"])
    assert facts["by_class"] == {"core": 6000.0, "kjerneområde": 5000.0, "h510": 2000.0}
    assert facts["unknown_m2"] == 0  # the layer is complete here
    assert row["layer"] == "kjerne+forslag"


def test_remnant_of_an_area_across_a_border_is_told_once(squares):
    """The municipal border runs at x = 500; the strip is 10 m wide and 400 m long."""
    squares.land(a21=[(300, 0, 700, 100)], a30=[(-1000, 100, 2000, 1000)])
    squares.plan(("1110", 2, box(300, 10, 700, 100)))
    row = row_of(squares.check(), "farmland_fragments")
    assert row["measured"] == pytest.approx(4000)
    pieces = json.loads(row["facts_json"])["pieces_list"]
    assert [(p["size_m2"], round(p["across_m"], 1)) for p in pieces] == [(4000.0, 10.0)]


def test_equal_remnants_on_either_side_are_two(squares):
    squares.land(a21=[(0, 0, 100, 200)], a30=[(100, 0, 2000, 1000)])
    squares.plan(("1110", 2, box(0, 15, 100, 185)))
    row = row_of(squares.check(), "farmland_fragments")
    assert row["measured"] == pytest.approx(3000)  # two strips of 15 × 100
    assert len(json.loads(row["facts_json"])["pieces_list"]) == 2


def test_hole_in_a_municipality_leaves_its_totals_open_in_every_sum_of_goal_2(squares):
    squares.land(a21=[(0, 0, 100, 100)], a99=[(100, 0, 200, 100)])
    squares.plan(
        ("1110", 2, box(0, 0, 300, 100)),
        ("1110", 1, box(0, 200, 300, 300)),
        more='coverage = { municipalities = ["all"] }\n',
    )
    results = squares.check()
    assert indicator(results, "farmland_planned_conversion") == pytest.approx((10_000, 20_000))
    value, unknown = indicator(results, "farmland_planned_conversion", "region")
    assert value == pytest.approx(10_000)
    assert math.isnan(unknown)  # Øst has no area in the plan: its plan is unknown, not empty
    value, unknown = indicator(results, "farmland_adopted_unbuilt")
    assert math.isnan(value)  # nothing of it is mapped: unknown, not nought
    assert unknown == pytest.approx(30_000)
    value, unknown = indicator(results, "farmland_stock")
    assert value == pytest.approx(10_000)
    assert unknown == pytest.approx(1500 * 2000 - 10_000)  # the rest of Vest


def test_hole_is_grey_on_the_map_and_stands_beside_the_total(squares):
    """10 daa known, 10 daa of code 99 and 10 daa without a polygon; a second area all in a hole."""
    squares.land(a21=[(0, 0, 100, 100)], a99=[(100, 0, 200, 100)])
    areas = (("1110", 2, box(0, 0, 300, 100)), ("1110", 2, box(0, 300, 100, 400)))
    squares.plan(*areas, more='coverage = { municipalities = ["9901"] }\n')
    kart = (
        'title = { nb = "Jordvern", en = "Farmland" }\ngoal = 2\nlayers = ["ar5"]\n'
        'checks = ["farmland_conversion"]\n'
    )
    (squares.root / "maps/jordvern.toml").write_text(kart, encoding="utf-8")
    done, portal = ikap.run(ikap.open_workspace(squares.root))
    assert row_of(done[0], "farmland_conversion")["status"] == "conflict"
    assert row_of(done[0], "farmland_conversion", "z1")["status"] == "unknown"
    pages = [p.read_text("utf-8") for p in portal.parent.rglob("*.html")]
    text = next(t for t in pages if '<html lang="nb"' in t and 'id="data"' in t)
    data = json.loads(text.split('id="data"')[1].split(">", 1)[1].split("</script>")[0])
    shown = {area["k"]: area["s"] for area in data["areas"]}
    assert shown == {"z0": "conflict", "z1": "unknown"}  # the class that is drawn grey
    said = next(area["f"][0]["t"] for area in data["areas"] if area["k"] == "z0")
    assert "I tillegg er 20,0\u202fdaa av området ikke kartlagt" in said
    assert "30,0\u202fdaa er ikke kartlagt" in text  # beside the municipality's 10,0 daa


def test_unclear_area_in_core_farmland_is_not_said_to_hold_farmland(squares):
    squares.plan(("1110", 0, box(0, 0, 100, 100)))
    with_h510(squares, (510, box(0, 0, 50, 100)))
    results = squares.check()
    assert row_of(results, "farmland_core")["reason"] == "no_use_status"
    text = next(results.folder.glob("*vurderinger.nb.csv")).read_text("utf-8-sig")
    row = next(r for r in text.splitlines() if "farmland_core:" in r)
    assert "Målt hittil: 5,0\u202fdaa." in row
    assert "jordbruksareal" not in row.split("Målt hittil")[1]


def test_portal_of_all_checks_is_built(squares):
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("2010", 2, box(0, 12, 100, 100)), ("1110", 2, box(100, 0, 200, 100)))
    done, portal = ikap.run(ikap.open_workspace(squares.root))
    assert portal.exists()
    text = next(done[0].folder.glob("*vurderinger.nb.csv")).read_text("utf-8-sig")
    assert "Samferdsel på jordbruksareal" in text
    assert "Fulldyrka jord" in text
