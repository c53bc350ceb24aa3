"""Where people live, on foot to the nearest station: along the roads, inclusive, or unknown."""

import numpy as np
import pytest
import shapely

E0, N0 = 569_000, 7_034_000
GOALS = """
[[goals]]
number = 1
title = { nb = "Transport", en = "Transport" }
document = "Oppdiktet"
[use]
farmland = ["ar5"]
municipality = ["kommuner"]
network = ["veger"]
stops = ["stasjoner"]
population_grid = ["rutenett"]
[distance.stop_walk_rail]
unit = "m"
[[distance.stop_walk_rail.values]]
from = 2020-01-01
value = 700
source = "Oppdiktet vedtak 1/20"
status = "adopted"
"""
COMPLETE = 'coverage = { municipalities = ["all"] }'


def point(x, y):
    return shapely.Point(E0 + x, N0 + y)


def line(*xy):
    return shapely.LineString([(E0 + x, N0 + y) for x, y in xy])


@pytest.fixture
def people(squares):
    """Streets along x, then y, to one station at (300, 400); cells by the streets and far off."""
    squares.toml("goals", GOALS)
    squares.layer(
        "veger",
        "network",
        [line((0, 0), (300, 0), (300, 400)), line((900, 900), (950, 900))],
        COMPLETE,
        typeVeg=["gangveg", "gangveg"],
    )
    squares.layer("stasjoner", "stops", [point(300, 400)], COMPLETE, transportmiddel=["tog"])
    squares.layer(
        "rutenett",
        "population_grid",
        [point(0, 0), point(0, -0.5), point(300, 200), point(-800, 800), point(900, 900)],
        COMPLETE,
        rute_id=["a", "b", "c", "d", "e"],
        personer=[10.0, 20.0, 40.0, 80.0, 160.0],
    )
    squares.plan(("1110", 2, shapely.box(E0, N0, E0 + 100, N0 + 100)))
    return squares


def figures(squares):
    rows = squares.check(as_of="2026-01-01").indicators
    rows = rows[rows["indicator"].str.startswith("people_")]
    keys = zip(rows["indicator"], rows["municipality"], strict=True)
    return dict(zip(keys, zip(rows["value"], rows["unknown"], strict=True), strict=True))


def test_network_distance_not_air_line(people):
    found = figures(people)
    assert found["people_counted", "9901"] == (150, 0)
    # 0,0 is 500 m away in air line and 700 m along the streets: within, because 700 is inclusive;
    # half a metre more is beyond; (-800, 800) has no street within 200 m
    assert found["people_near_station", "9901"] == (10 + 40, 80)
    value, unknown = found["people_near_station", "9902"]
    assert np.isnan(value)  # a street that leads nowhere
    assert unknown == 160
    assert found["people_near_station", "region"] == (50, 240)


def test_stations_that_may_be_missing_make_the_rest_unknown(people):
    people.layer("stasjoner", "stops", [point(300, 400)], transportmiddel=["tog"])
    assert figures(people)["people_near_station", "9901"] == (50, 20 + 80)


def test_without_a_network_nothing_is_known(people):
    people.toml("goals", GOALS.replace('network = ["veger"]\n', ""))
    found = figures(people)
    assert found["people_counted", "region"] == (310, 0)
    assert all(np.isnan(v) for (name, _), (v, _) in found.items() if name == "people_near_station")


def test_without_a_grid_nothing_is_said(people):
    people.toml("goals", GOALS.replace('population_grid = ["rutenett"]\n', ""))
    assert figures(people) == {}


def test_no_cell_reaches_the_results(people):
    results = people.check(as_of="2026-01-01")
    for path in results.folder.rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            assert b"rute_id" not in path.read_bytes(), path.name
    assert not set(results.layers) & {"population_grid", "rutenett"}
