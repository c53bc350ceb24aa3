"""A history that cannot be is told with the file and the key."""

import pytest

from ikap.history import history_faults
from tests.history.declared import unit

FILE = "layers/region.toml"
NOW = unit("5001", (2020, None))


@pytest.mark.parametrize(
    ("units", "key", "where"),
    [
        ([unit("301", (1964, 2019), "5001")], "toml.municipality_number", "history.301.number"),
        ([unit("1601", (2020, 2019), "5001")], "toml.history_dates", "history.1601.valid_to"),
        ([unit("1601", (1964, 2019))], "toml.history_end", "history.1601.successor"),
        ([unit("1601", (1964, None), "5001")], "toml.history_end", "history.1601.valid_to"),
        ([unit("1601", (1964, 2019), "5002")], "toml.history_successor", "history.1601.successor"),
        ([unit("1601", (1964, 2018), "5001")], "toml.history_gap", "history.1601.successor"),
        (
            [unit("1601", (1964, 2019), "5001"), unit("1601", (2010, 2019), "5001")],
            "toml.history_overlap",
            "history.1601",
        ),
        (
            [unit("1601", (1964, 2009), "1602"), unit("1602", (2010, 2019), "1601")],
            "toml.history_cycle",
            "history.1602.successor",
        ),
        ([unit("1601", (1964, 2019), "1601")], "toml.history_cycle", "history.1601.successor"),
        (
            [unit("1601", (1964, 2019), "5001", {"5001": 0.9})],
            "toml.history_share",
            "history.1601.weights",
        ),
        (
            [unit("1601", (1964, 2019), "5001", {"5001": 0.5, "5002": 0.5})],
            "toml.history_weights",
            "history.1601.weights",
        ),
    ],
)
def test_impossible_history_is_told(region, units, key, where):
    (fault,) = history_faults(region([NOW], units), FILE)
    assert (fault.key, fault.file, fault.facts["where"]) == (key, FILE, where)


def test_the_nearest_number_is_asked_for(region):
    (fault,) = history_faults(region([NOW], [unit("1601", (1964, 2019), "5011")]), FILE)
    assert fault.facts["nearest"] == "5001"


def test_a_ring_is_shown(region):
    ring = [unit("1601", (1964, 2009), "1602"), unit("1602", (2010, 2019), "1601")]
    (fault,) = history_faults(region([NOW], ring), FILE)
    assert fault.facts["path"] == "1602 → 1601 → 1602"


def test_shares_below_nought_are_no_shares(region):
    shares = {"5001": 1.5, "5002": -0.5}
    split = [unit("1601", (1964, 2019), "5001 5002", shares)]
    (fault,) = history_faults(region([NOW, unit("5002")], split), FILE)
    assert fault.key == "toml.history_share"


def test_two_sets_of_shares_for_one_figure(region):
    one = unit("1601", (1964, 2019), "5001 5002", {"5001": 0.5, "5002": 0.5}, ("personer",))
    two = type(one)(
        one.number, one.name, one.valid_from, one.valid_to, one.successor, one.weights * 2
    )
    (fault,) = history_faults(region([NOW, unit("5002")], [two]), FILE)
    assert (fault.key, fault.facts["column"]) == ("toml.history_weights_twice", "personer")


def test_a_number_that_was_used_again_is_no_fault(region):
    old = [
        unit("5001", (1964, 2009), "5002"),
        unit("5002", (2010, 2019), "5001"),
    ]
    assert list(history_faults(region([NOW], old), FILE)) == []
