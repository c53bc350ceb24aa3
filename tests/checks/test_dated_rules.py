"""Values have a day that they begin: before it nothing is decided, and what is assumed says so."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ikap
from ikap import example
from ikap.checks import national_parameters, parameters_on
from ikap.errors import InputError
from ikap.flow.discovery import catalogues, discover
from ikap.model import Parameter, ParameterStatus, Status
from ikap.results import finding_sentence, records

NO_RULE = {"no_purpose", "no_use_status", "no_precedence", "bad_geometry", "no_width"}
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def value(day, number):
    return Parameter("x.max", number, "m2", "kilde", day, ParameterStatus.ADOPTED)


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_value_is_the_last_that_has_begun_and_none_before_the_first(days, as_of):
    history = {"x.max": tuple(value(day, i) for i, day in enumerate(sorted(days)))}
    found = parameters_on(as_of, history)
    begun = [i for i, day in enumerate(sorted(days)) if day <= as_of]
    assert [p.value for p in found.values()] == ([begun[-1]] if begun else [])
    assert len(parameters_on(None, history)) == 0


def test_no_value_is_in_force_the_day_before_and_one_is_on_the_day():
    for name, values in national_parameters().items():
        first = values[0].valid_from
        assert name not in parameters_on(first - timedelta(days=1), {name: values})
        assert parameters_on(first, {name: values})[name] == values[0]


@pytest.fixture(scope="module")
def assumed(tmp_path_factory):
    """The example with every limit an assumption."""
    folder = tmp_path_factory.mktemp("antatt")
    example.build(folder, size="small")
    goals = folder / "layers/goals.toml"
    text = goals.read_text(encoding="utf-8")
    goals.write_text(text.replace('"adopted"', '"assumption"'), encoding="utf-8")
    return ikap.open_workspace(folder)


def test_before_the_regions_first_value_every_check_is_unknown(assumed):
    """The region's values begin in 2020; national ones of 2015 must not stand in for them."""
    found = ikap.check(assumed, "forslag", as_of="2019-12-31").findings
    asked = found[found["status"] != "not_applicable"]
    assert set(asked["check"]) == set(discover(assumed).checks)
    assert set(asked["status"]) == {"unknown"}
    assert set(asked["reason"]) - NO_RULE == {"no_parameter"}
    assert asked["limit"].isna().all()


def test_what_rests_on_an_assumption_is_no_breach_and_says_so(assumed):
    results = ikap.check(assumed, "forslag")
    words = catalogues(discover(assumed).checks)["nb"]
    rows = [row for row in records(results.findings) if row["status"] in ("warning", "ok")]
    assert {row["status"] for row in records(results.findings)}.isdisjoint({Status.CONFLICT})
    told = {
        row["finding_id"]: finding_sentence(row, results.run["parameters"], words) for row in rows
    }
    rests = [row for row in rows if row["status"] == "warning" or row["measured"] > 0]
    none_there = {
        "farmland_cultivable",  # the small example plans nothing on dyrkbar jord
        "farmland_transport_lines",  # what a line takes is unknown, whatever the limits
    }
    assert {row["check"] for row in rests} == set(discover(assumed).checks) - none_there
    silent = [row["finding_id"] for row in rests if "forutsetning" not in told[row["finding_id"]]]
    assert silent == []


def test_two_values_from_one_day_are_refused(squares_at, tmp_path):
    squares = squares_at(tmp_path / "arbeidsområde")
    goals = squares.root / "layers/goals.toml"
    again = '\n[[reserve.building_buffer.values]]\nfrom = 2020-01-01\nvalue = 12\nsource = "x"\n'
    text = goals.read_text(encoding="utf-8") + f'{again}status = "proposal"\n'
    goals.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"parameter\.twice"):
        ikap.open_workspace(squares.root)
