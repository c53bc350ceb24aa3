"""Where the ground of a municipality went: renumbered, merged, split, met again, number reused."""

import math
from datetime import date

import pytest

from ikap.history import History
from tests.history.declared import unit


def shares(history: History, number: str, day: date, figures: str = "") -> dict[str, float]:
    there = history.unit(number, day)
    assert there is not None
    return {n: way.share for n, way in history.ways(there, figures).items()}


DAY = date(2018, 6, 1)


def test_renumbered_twice_is_the_same_ground(region):
    old = [unit("0104", (1964, 2019), "3002"), unit("3002", (2020, 2023), "3103")]
    history = History(region([unit("3103", (2024, None))], old))
    assert shares(history, "0104", DAY) == {"3103": 1.0}
    assert history.same_ground(history.units["0104"][0]) == ("0104", "3002", "3103")
    assert history.same_ground(history.units["3103"][0]) == ("3103", "3002", "0104")


def test_a_number_after_a_merger_is_of_more_ground(region):
    old = [
        unit("1001", (1964, 2019), "3001"),
        unit("1002", (1964, 2021), "3001"),  # joins later
        unit("3001", (2020, 2023), "5001"),
    ]
    history = History(region([unit("5001", (2024, None))], old))
    assert history.same_ground(history.units["1001"][0]) == ("1001", "3001")
    assert history.same_ground(history.units["1002"][0]) == ("1002",)


def test_split_without_stated_shares_is_unknown(region):
    old = [unit("5012", (2018, 2019), "5055 5056 5059")]
    history = History(region([unit(n, (2020, None)) for n in ("5055", "5056", "5059")], old))
    found = shares(history, "5012", DAY)
    assert set(found) == {"5055", "5056", "5059"}
    assert all(math.isnan(share) for share in found.values())


def test_stated_shares_follow_a_chain_with_their_source(region):
    """1613 became 5012, of which 40 % came to 5059."""
    split = {"5055": 0.35, "5056": 0.25, "5059": 0.40}
    old = [
        unit("1613", (1964, 2017), "5012"),
        unit("5012", (2018, 2019), "5055 5056 5059", split),
    ]
    history = History(region([unit(n, (2020, None)) for n in split], old))
    assert shares(history, "1613", date(2010, 1, 1)) == pytest.approx(split)
    way = history.ways(history.units["1613"][0])["5059"]
    assert (way.source, way.status, way.whole) == ("kilde 5012", "assumption", False)


def test_shares_are_for_the_figures_that_they_name(region):
    old = [unit("1507", (2020, 2023), "1508 1580", {"1508": 0.9, "1580": 0.1}, ("personer",))]
    history = History(region([unit("1508", (2024, None)), unit("1580", (2024, None))], old))
    day = date(2022, 1, 1)
    assert shares(history, "1507", day, "personer") == pytest.approx({"1508": 0.9, "1580": 0.1})
    assert all(math.isnan(s) for s in shares(history, "1507", day, "bebygd_km2").values())


def test_what_was_split_and_met_again_is_whole(region):
    old = [
        unit("1001", (1964, 2009), "1002 1003"),
        unit("1002", (2010, 2019), "5001"),
        unit("1003", (2010, 2019), "5001"),
    ]
    history = History(region([unit("5001", (2020, None))], old))
    assert shares(history, "1001", date(2000, 1, 1)) == {"5001": 1.0}


def test_a_municipality_that_lost_a_part_and_kept_its_number(region):
    """One number, two units: the share of the older one stays with the number."""
    old = [unit("1001", (1964, 2019), "1001 1002", {"1001": 0.75, "1002": 0.25})]
    now = [unit("1001", (2020, None)), unit("1002")]
    history = History(region(now, old))
    assert shares(history, "1001", DAY) == pytest.approx({"1001": 0.75, "1002": 0.25})
    assert shares(history, "1001", date(2024, 1, 1)) == {"1001": 1.0}


def test_a_municipality_outside_the_region_may_be_a_successor(region):
    old = [unit("1850", (1964, 2019), "1806 1875"), unit("1875", (2020, None))]
    history = History(region([unit("1806", (2020, None))], old))
    assert set(shares(history, "1850", DAY)) == {"1806", "1875"}


def test_a_successor_that_nobody_declared_makes_the_rest_unknown(region):
    old = [unit("1850", (1964, 2019), "1806 1875")]
    history = History(region([unit("1806", (2020, None))], old))
    assert math.isnan(shares(history, "1850", DAY)["1806"])


def test_no_unit_of_another_time_is_taken(region):
    history = History(region([unit("3103", (2024, None))]))
    assert history.unit("3103", DAY) is None
    assert history.unit("9999", DAY) is None
