"""Walking distances and natural hazards through the whole flow, with the figures written out."""

import json

import pytest
import shapely
from shapely import affinity

import ikap
from ikap.flow.discovery import catalogues, discover
from ikap.results.sentences import finding_sentence

E0, N0 = 569_000, 7_034_000
ALL = 'coverage = { municipalities = ["all"] }'

GOALS = """
[[goals]]
number = 1
title = { nb = "Korte reiser", en = "Short trips" }
document = "Oppdiktet vedtak"
dated = 2020-01-01
[[goals]]
number = 3
title = { nb = "Godt å bo", en = "Good to live in" }
document = "Oppdiktet vedtak"
dated = 2020-01-01
"""
USE = """
network = ["veger"]
stops = ["holdeplasser"]
centres = ["sentre"]
services = ["tjenester"]
hazards = ["fare", "aktsomhet"]
"""


def at(geometry):
    return affinity.translate(geometry, E0, N0)


def point(x, y):
    return at(shapely.Point(x, y))


def box(x1, y1, x2, y2):
    return at(shapely.box(x1, y1, x2, y2))


def streets(first=-200, last=600, step=100):
    """Streets along x and along y that meet at shared vertices."""
    along = range(first, last + 1, step)
    east = [shapely.LineString([(x, y) for x in along]) for y in along]
    north = [shapely.LineString([(x, y) for y in along]) for x in along]
    return [at(line) for line in (*east, *north)]


@pytest.fixture
def town(squares):
    """The squares with goals 1 and 3, and declared layers for them; no files yet."""
    goals = squares.root / "layers/goals.toml"
    text = goals.read_text("utf-8")
    text = text.replace('buildings = ["bygninger"]\n', 'buildings = ["bygninger"]' + USE)
    goals.write_text(GOALS + text, "utf-8")
    kinds = ("network", "stops", "centres", "services", "hazards", "hazards")
    names = ("veger", "holdeplasser", "sentre", "tjenester", "fare", "aktsomhet")
    for name, kind in zip(names, kinds, strict=True):
        squares.layer(name, kind, [point(0, 0)], ALL)
        (squares.root / f"layers/data/{name}.gpkg").unlink()
    return squares


def roads(town, lines, more=ALL, **columns):
    count = len(lines)
    given = {
        "lokalid": [f"v{i}" for i in range(count)],
        "typeVeg": ["enkelBilveg"] * count,
        "vegkategori": ["K"] * count,
        "medium": ["T"] * count,
    }
    return town.layer("veger", "network", lines, more, **(given | columns))


def stops(town, *places, more=ALL):
    modes = [mode for mode, _, _ in places]
    shapes = [point(x, y) for _, x, y in places]
    ids = [f"h{i}" for i in range(len(places))]
    return town.layer("holdeplasser", "stops", shapes, more, lokalid=ids, transportmiddel=modes)


def limit(town, name, value, unit="m", status="adopted"):
    path = town.root / "layers/goals.toml"
    text = f"""
[{name}]
unit = "{unit}"
[[{name}.values]]
from = 2020-01-01
value = {value}
source = "Oppdiktet vedtak 2/20"
status = "{status}"
"""
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def finding(results, check, zone="z0"):
    rows = results.findings
    (row,) = rows[(rows["check"] == check) & (rows["zone_key"] == zone)].to_dict("records")
    return row


def sentence(town, results, row, lang="nb"):
    words = catalogues(discover(ikap.open_workspace(town.root)).checks)[lang]
    return finding_sentence(row, results.run["parameters"], words)


HOUSE = ("1110", 2, box(-1, -1, 1, 1))  # sampled at one point: its middle


def test_example_8_network_not_air_line(town):
    """Stop at (300, 400): 500 m as the crow flies, 700 m along the streets."""
    roads(town, streets())
    stops(town, ("bus", 300, 400))
    town.plan(HOUSE)
    results = town.check()
    row = finding(results, "stop_distance")
    assert row["measured"] == pytest.approx(700, abs=1e-6)
    assert (row["unit"], row["limit"]) == ("m", 500)
    assert row["status"] == "warning"  # the air line would have passed
    told = json.loads(row["facts_json"])
    assert told["walk_min"] == pytest.approx(8.4)  # 700 m at 5 km/h
    said = sentence(town, results, row)
    assert "700\u202fm" in said
    assert "8,4\u202fmin" in said or "8,4 min" in said
    assert "500\u202fm" in said


def test_example_8_passes_at_800(town):
    limit(town, "distance.stop_walk_bus", 800)
    roads(town, streets())
    stops(town, ("bus", 300, 400))
    town.plan(HOUSE)
    row = finding(town.check(), "stop_distance")
    assert (row["status"], row["limit"]) == ("ok", 800)
    assert row["measured"] == pytest.approx(700, abs=1e-6)


def test_threshold_is_inclusive(town):
    limit(town, "distance.stop_walk_bus", 700)
    roads(town, streets())
    stops(town, ("bus", 300, 400))
    town.plan(HOUSE)
    assert finding(town.check(), "stop_distance")["status"] == "ok"


def test_people_walk_farther_to_a_train(town):
    roads(town, streets())
    stops(town, ("tog", 300, 400), ("bus", 600, 600))
    town.plan(HOUSE)
    row = finding(town.check(), "stop_distance")
    assert (row["status"], row["limit"]) == ("ok", 1000)
    assert row["measured"] == pytest.approx(700, abs=1e-6)
    assert json.loads(row["facts_json"])["target_key"] == "mode.rail"


def test_half_of_the_area_decides(town):
    """One road along x, stop at 0; area from 300 to 700 along it: half of it within 500 m."""
    roads(town, [at(shapely.LineString([(0, 25), (1000, 25)]))])
    stops(town, ("bus", 0, 25))
    town.plan(("1110", 2, box(300, 0, 700, 50)), ("1110", 2, box(350, 0, 750, 50)))
    results = town.check()
    near, far = (finding(results, "stop_distance", z) for z in ("z0", "z1"))
    told = json.loads(near["facts_json"])
    assert (near["status"], told["within_share"]) == ("ok", 0.5)  # cells at 325 … 475 of eight
    assert near["measured"] == pytest.approx(475)
    assert told["minimum_m"] == pytest.approx(325)
    assert (far["status"], far["measured"]) == ("warning", pytest.approx(525))
    assert json.loads(far["facts_json"])["within_share"] == 0.375


@pytest.mark.parametrize(
    ("purpose", "status", "applies"),
    [
        ("1110", 2, True),
        ("1300", 3, True),
        ("1001", 2, True),
        ("1800", 2, True),
        ("1120", 2, False),
        ("2010", 2, False),
        ("1110", 1, False),
        ("5100", 0, False),
    ],
)
def test_rule_is_about_areas_where_people_live_or_work(town, purpose, status, applies):
    roads(town, streets())
    stops(town, ("bus", 0, 0))
    town.plan((purpose, status, box(-1, -1, 1, 1)))
    row = finding(town.check(), "stop_distance")
    assert (row["status"] != "not_applicable") == applies


def test_no_stops_layer_is_unknown(town):
    roads(town, streets())
    town.plan(HOUSE)
    row = finding(town.check(), "stop_distance")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")


def test_no_network_is_unknown_and_never_an_air_line(town):
    stops(town, ("bus", 10, 10))
    town.plan(HOUSE)
    row = finding(town.check(), "stop_distance")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")
    assert not row["measured"] > 0


def test_too_far_from_any_road_is_unknown(town):
    roads(town, [at(shapely.LineString([(201.5, -500), (201.5, 500)]))])
    stops(town, ("bus", 201.5, 0))
    town.plan(HOUSE, ("1110", 2, box(1, -1, 3, 1)))
    results = town.check()
    assert finding(results, "stop_distance")["reason"] == "no_network"
    near = finding(results, "stop_distance", "z1")
    assert (near["status"], near["measured"]) == ("ok", pytest.approx(199.5))


def test_no_path_is_unknown(town):
    roads(town, [at(shapely.LineString([(x, -500), (x, 500)])) for x in (0, 300)])
    stops(town, ("bus", 300, 0))
    town.plan(HOUSE)
    results = town.check()
    row = finding(results, "stop_distance")
    assert (row["status"], row["reason"]) == ("unknown", "no_path")
    (told,) = results.quality[results.quality["what"] == "network.components"].to_dict("records")
    assert told["amount"] == 2


@pytest.mark.parametrize("incomplete", ["network", "stops"])
def test_incomplete_layers_can_say_within_but_not_beyond(town, incomplete):
    roads(town, streets(), more="" if incomplete == "network" else ALL)
    stops(town, ("bus", 300, 0), more="" if incomplete == "stops" else ALL)
    town.plan(HOUSE, ("1110", 2, box(-101, 599, -99, 601)))
    results = town.check()
    assert finding(results, "stop_distance")["status"] == "ok"
    far = finding(results, "stop_distance", "z1")
    assert (far["status"], far["reason"]) == ("unknown", "no_coverage")
    assert "1\u202f000\u202fm" in sentence(town, results, far)  # known so far: 400 + 600


def test_layer_of_stations_alone_says_nothing_of_buses(town):
    roads(town, streets())
    town.layer(
        "holdeplasser",
        "stops",
        [point(600, 600)],
        f'{ALL}\nconstants = {{ transportmiddel = "train" }}',
        navn=["Stasjon"],
    )
    town.plan(HOUSE)
    row = finding(town.check(), "stop_distance")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")


def test_european_roads_motorways_and_ferries_are_not_walked(town):
    line = [at(shapely.LineString([(0, 0), (400, 0)]))] * 4
    for columns in (
        {"vegkategori": ["E", "R", "E", "R"]},
        {"motorvegtype": ["Motorveg"] * 4},
    ):
        roads(town, line, **columns)
        stops(town, ("bus", 400, 0))
        town.plan(HOUSE)
        results = town.check()
        assert finding(results, "stop_distance")["reason"] == "no_network"
        assert any("network.not_walked" in what for what in results.quality["what"])
    roads(town, line, typeVeg=["Gang- og sykkelveg"] * 4, vegkategori=["E"] * 4)
    assert finding(town.check(), "stop_distance")["status"] == "ok"


def test_area_across_the_border_has_each_part_its_own_centre(town):
    """Centres 9901 at x = 0 and 9902 at x = 1000; border at x = 500; area from 450 to 550."""
    roads(town, [at(shapely.LineString([(0, 0), (1000, 0)]))])
    shapes = [point(0, 0), box(900, -50, 1000, 50)]
    numbers = ["9901", "9902"]
    town.layer("sentre", "centres", shapes, ALL, kommunenummer=numbers, navn=["A", "B"])
    town.plan(("1110", 2, box(450, -25, 550, 25)), ("1110", 2, box(920, -10, 940, 10)))
    results = town.check()
    row = finding(results, "centre_distance")
    assert row["status"] == "ok"
    # one point a part, on the road: 475 m to the point in the west, 900 − 525 m in the east
    assert row["measured"] == pytest.approx(375)
    inside = finding(results, "centre_distance", "z1")
    assert (inside["status"], inside["measured"]) == ("ok", 0)


def test_municipality_without_a_centre_of_its_own_is_unknown(town):
    roads(town, [at(shapely.LineString([(0, 0), (1000, 0)]))])
    town.layer("sentre", "centres", [point(0, 0)], ALL, kommunenummer=["9902"], navn=["B"])
    town.plan(HOUSE)
    row = finding(town.check(), "centre_distance")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")


def services(town, *places):
    sorts = [sort for sort, _, _ in places]
    shapes = [point(x, y) for _, x, y in places]
    return town.layer("tjenester", "services", shapes, ALL, tjeneste=sorts)


def test_services_within_reach(town):
    roads(town, streets())
    services(town, ("barnehage", 300, 0), ("skole", 300, 400), ("dagligvare", 0, 600))
    town.plan(HOUSE)
    results = town.check()
    row = finding(results, "service_distance")
    assert row["status"] == "ok"
    assert (row["measured"], row["limit"]) == (pytest.approx(600), 800)  # nearest its limit
    said = sentence(town, results, row)
    assert "barnehage 300\u202fm (grense 500\u202fm)" in said
    assert "dagligvarebutikk 600\u202fm" in said


def test_one_service_too_far_is_told_and_one_not_mapped_is_unknown(town):
    roads(town, streets())
    services(town, ("barnehage", 600, 0), ("skole", 300, 400), ("dagligvare", 0, 600))
    town.plan(HOUSE)
    row = finding(town.check(), "service_distance")
    assert (row["status"], row["measured"], row["limit"]) == ("warning", pytest.approx(600), 500)
    services(town, ("barnehage", 300, 0), ("skole", 300, 400))
    row = finding(town.check(), "service_distance")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")


FAR = box(-900, 800, -800, 900)


def hazard_zones(town, *zones, more=ALL):
    codes = [code for code, _ in zones]
    return town.layer("fare", "hazards", [g for _, g in zones], more, fare=codes)


def test_hazard_is_measured_and_must_be_considered(town):
    hazard_zones(town, ("310", box(60, 0, 200, 100)), ("H320", FAR))
    town.plan(("1110", 2, box(0, 0, 100, 100)))
    results = town.check()
    row = finding(results, "hazard")
    assert (row["status"], row["measured"]) == ("warning", pytest.approx(4000))  # 40 × 100
    said = sentence(town, results, row)
    assert "4,0\u202fdaa" in said
    assert "hensynssone ras- og skredfare" in said


def test_overlapping_hazards_of_one_code_count_once_and_codes_are_kept_apart(town):
    hazard_zones(
        town,
        ("310", box(0, 0, 50, 100)),
        ("310", box(40, 0, 60, 100)),
        ("320", box(50, 0, 100, 100)),
        ("330", box(0, 0, 100, 100)),
    )
    town.plan(("1110", 2, box(0, 0, 100, 100)))
    row = finding(town.check(), "hazard")
    found = json.loads(row["facts_json"])["by_class"]
    assert found == pytest.approx(
        {
            "hensynssone_skred": 6000,
            "hensynssone_flom": 5000,
            "hensynssone_radon": 10_000,
            "natural": 10_000,
        }
    )
    assert row["measured"] == pytest.approx(10_000)


def test_susceptibility_is_not_a_hazard_zone(town):
    hazard_zones(town, ("310", FAR), ("320", FAR))
    more = f'{ALL}\nconstants = {{ fare = "kvikkleire", "kartnivå" = "aktsomhet" }}'
    town.layer("aktsomhet", "hazards", [box(0, 0, 100, 100)], more, navn=["x"])
    town.plan(("1110", 2, box(0, 0, 100, 100)))
    results = town.check()
    row = finding(results, "hazard")
    assert (row["status"], row["text_key"]) == ("warning", "susceptible")
    assert "ikke en faresone" in sentence(town, results, row)


def test_hazard_under_the_map_limit_is_a_sliver(town):
    hazard_zones(town, ("310", box(99.5, 0, 200, 100)), ("320", FAR))
    town.plan(("1110", 2, box(0, 0, 100, 100)))
    row = finding(town.check(), "hazard")
    assert (row["status"], row["sliver"]) == ("warning", True)
    assert row["measured"] == pytest.approx(50, abs=1e-4)


def test_no_mapped_hazard_is_never_said_to_be_safe(town):
    hazard_zones(town, ("310", FAR), ("320", FAR))
    town.plan(("1110", 2, box(0, 0, 100, 100)))
    results = town.check()
    row = finding(results, "hazard")
    assert row["status"] == "ok"
    said = sentence(town, results, row)
    assert "Ingen kartlagt naturfare i kartgrunnlaget" in said
    assert "trygg" not in said.lower()


def test_what_is_not_mapped_is_unknown(town):
    town.plan(("1110", 2, box(0, 0, 100, 100)))
    row = finding(town.check(), "hazard")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")
    hazard_zones(town, ("310", FAR))  # nobody has mapped floods
    row = finding(town.check(), "hazard")
    assert (row["status"], row["reason"]) == ("unknown", "no_layer")
    hazard_zones(town, ("310", FAR), ("320", FAR), more='coverage = { municipalities = ["9902"] }')
    row = finding(town.check(), "hazard")
    assert (row["status"], row["reason"]) == ("unknown", "no_coverage")


def test_region_without_the_goals_is_not_held_against_them(squares):
    squares.plan(HOUSE)
    assert set(squares.check().findings["goal"]) == {2}


def test_exports_have_metres_in_columns_of_their_own(town):
    roads(town, streets())
    stops(town, ("bus", 300, 400))
    town.plan(HOUSE)
    results = town.check()
    text = next(results.folder.glob("*vurderinger.nb.csv")).read_text("utf-8-sig")
    head, *rows = [line.split(";") for line in text.splitlines()[1:]]
    (row,) = [r for r in rows if "Gangavstand til kollektivtransport" in r]
    found = dict(zip(head, row, strict=True))
    assert (found["Målt (m)"], found["Grense (m)"], found["Målt (daa)"]) == ("700", "500", "")


def test_second_run_and_more_plans_give_the_same(town):
    roads(town, streets())
    stops(town, ("bus", 300, 400))
    town.plan(HOUSE)
    town.plan(HOUSE, name="annen")
    one = finding(town.check("forslag"), "stop_distance")
    both = ikap.check_all(ikap.open_workspace(town.root))
    assert {finding(r, "stop_distance")["measured"] for r in both} == {one["measured"]}
    assert all((r.quality["what"] == "network.components").sum() == 1 for r in both)
