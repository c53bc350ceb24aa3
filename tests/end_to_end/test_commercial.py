"""Goal 4 through the whole flow: class from the register alone, unknown where it says nothing."""

import pytest
import shapely

E0, N0 = 569_000, 7_034_000
GOALS = """
[[goals]]
number = 4
title = { nb = "Næring", en = "Business" }
document = "Oppdiktet"
[use]
farmland = ["ar5"]
municipality = ["kommuner"]
commercial = ["naering"]
[commercial.map_limit]
unit = "m2"
[[commercial.map_limit.values]]
from = 2020-01-01
value = 500
source = "Oppdiktet vedtak 1/20"
status = "adopted"
"""


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


@pytest.fixture
def business(squares):
    """Register with one area of each class, each 100 × 100 m."""
    squares.toml("goals", GOALS)
    squares.layer(
        "naering",
        "commercial",
        [box(0, 0, 100, 100), box(100, 0, 200, 100), box(200, 0, 300, 100), box(600, 0, 700, 100)],
        'coverage = { municipalities = ["9901"] }',
        område_id=["1", "2", "3", "4"],
        kommunenummer=["9901", "9901", "9901", "9902"],
        abc=["A", "B", "C", None],
        status=["ledig regulert", "delvis utbygd", "ledig ikke regulert", "utgår"],
        brutto_m2=[10_000.0] * 4,
        netto_m2=[7_500.0] * 4,
        ledig_m2=[7_500.0, 2_000.0, 7_000.0, 7_000.0],
    )
    return squares


def verdicts(results):
    rows = results.findings[results.findings["check"] == "commercial_abc"]
    return {r["zone_key"]: r for r in rows.to_dict("records")}


def test_class_against_purpose(business):
    business.plan(
        ("1150", 2, box(200, 0, 300, 100)),  # shops in a C area
        ("1150", 2, box(0, 0, 100, 100)),  # shops in an A area
        ("2040", 2, box(0, 0, 100, 100)),  # a port in an A area
        ("1300", 2, box(100, 0, 200, 100)),  # business without subtype, class B
        ("1300", 2, box(300, 0, 400, 100)),  # not in the register
        ("1800", 1, box(600, 0, 700, 100)),  # in the register, without a class
        ("1110", 2, box(0, 0, 100, 100)),  # housing: not this rule's business
    )
    found = verdicts(business.check(as_of="2026-01-01"))
    said = {k: (r["status"], r["text_key"]) for k, r in found.items()}
    assert said["z0"] == ("warning", "a_in_c")
    assert said["z1"] == ("ok", "match")
    assert said["z2"] == ("warning", "c_in_a")
    assert said["z3"] == ("ok", "no_subtype")
    assert said["z4"] == ("unknown", "unknown.no_coverage")
    assert said["z5"] == ("unknown", "unknown.no_coverage")
    assert said["z6"][0] == "not_applicable"
    assert found["z0"]["measured"] == pytest.approx(10_000)
    assert found["z0"]["layer"] == "naering"


def test_without_a_register_every_class_is_unknown(squares):
    squares.toml("goals", GOALS.replace('commercial = ["naering"]\n', ""))
    squares.plan(("1300", 2, box(0, 0, 100, 100)), ("1150", 2, box(100, 0, 200, 100)))
    found = verdicts(squares.check(as_of="2026-01-01"))
    assert {(r["status"], r["reason"]) for r in found.values()} == {("unknown", "no_layer")}


def test_reserve_and_plan_stand_in_the_indicators(business):
    business.plan(("1300", 2, box(400, 0, 600, 100)), ("1800", 2, box(0, 0, 100, 100)))
    rows = business.check(as_of="2026-01-01").indicators
    cells = rows.set_index(["indicator", "municipality"])["value"]
    assert cells["commercial_vacant", "9901"] == 16_500
    assert cells["commercial_vacant_c", "9901"] == 7_000
    assert cells["commercial_planned_future", "9901"] == pytest.approx(10_000)  # split at 500 m
    assert cells["commercial_planned_future", "9902"] == pytest.approx(10_000)
    assert cells["commercial_possible_future", "9901"] == pytest.approx(10_000)
    assert set(rows["year"]) == {0}
