"""What the runner does for every check, on hand-made facts."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ikap.checks import run_check
from ikap.model import (
    Check,
    Development,
    Fact,
    Facts,
    Parameter,
    Parameters,
    ParameterStatus,
    Status,
    Verdicts,
    Zones,
)

DAY = date(2026, 1, 1)


def zones(*development, use_status=2, purpose="1110"):
    n = len(development)
    return Zones(
        "plan",
        np.array([f"z{i}" for i in range(n)], dtype=object),
        np.full(n, "9901", dtype=object),
        np.full(n, purpose, dtype=object),
        np.full(n, use_status),
        np.array([str(d) for d in development], dtype=object),
        np.full(n, 100.0),
        np.ones(n, dtype=bool),
    )


def facts(values, unknown):
    n = len(values)
    reason = np.where(np.array(unknown) > 0, "no_coverage", "").astype(object)
    land = Fact(
        "land",
        "m2",
        ("21",),
        np.array(values, float)[:, None],
        np.array(unknown, float),
        np.full(n, "ar5", dtype=object),
        reason,
    )
    return Facts({"land": land})


def over_ten(zones, facts, parameters):
    taken = facts["land"].total(("21",))
    limit = parameters["x.max"].m2
    status = np.where(
        taken.value > limit, str(Status.CONFLICT), np.where(taken.value > 0, "warning", "ok")
    ).astype(object)
    return Verdicts(
        status, taken, limit, "m2", np.full(len(zones), "t", object), np.zeros(len(zones), bool)
    )


CHECK = Check(
    goal=2,
    needs=("land",),
    applies_to=(Development.FUTURE,),
    valid_from=date(2020, 1, 1),
    valid_to=date(2030, 12, 31),
    parameters={"x.max": "m2"},
    texts={},
    name="c",
    function=over_ten,
)


def limit(status="adopted"):
    p = Parameter("x.max", 10, "m2", "kilde", date(2020, 1, 1), ParameterStatus(status))
    return Parameters({"x.max": p})


def statuses(zones, facts, parameters, day=DAY):
    rows = run_check(CHECK, zones, facts, parameters, day)
    return list(zip(rows["status"], rows["reason"], strict=True))


@pytest.mark.parametrize(
    ("known", "unknown", "expected"),
    [
        (0, 0, ("ok", "")),
        (5, 0, ("warning", "")),
        (50, 0, ("conflict", "")),
        (0, 1, ("unknown", "no_coverage")),  # could be a hit
        (5, 90, ("warning", "")),  # at least this
        (50, 50, ("conflict", "")),
    ],
)
def test_a_verdict_stands_only_when_the_unknown_part_cannot_turn_ok(known, unknown, expected):
    assert statuses(zones("future"), facts([known], [unknown]), limit()) == [expected]


@pytest.mark.parametrize("status", ["assumption", "proposal"])
def test_not_adopted_is_at_most_a_warning(status):
    assert statuses(zones("future"), facts([50], [0]), limit(status)) == [("warning", "")]


def test_before_the_rule_began_it_is_unknown_and_after_it_ended_not_applicable():
    before, after = date(2019, 12, 31), date(2031, 1, 1)
    found = statuses(zones("future"), facts([50], [0]), limit(), before)
    assert found == [("unknown", "no_parameter")]
    found = statuses(zones("future"), facts([50], [0]), limit(), after)
    assert found == [("not_applicable", "")]


def test_without_parameter_or_date_it_is_unknown():
    nothing = Parameters({})
    assert statuses(zones("future"), facts([0], [0]), nothing) == [("unknown", "no_parameter")]
    assert statuses(zones("future"), facts([0], [0]), nothing, None) == [("unknown", "no_date")]


def test_other_development_is_not_applicable_and_unclear_is_unknown():
    found = statuses(zones("none", "adopted", "unclear"), facts([50] * 3, [0] * 3), limit())
    assert found == [("not_applicable", ""), ("not_applicable", ""), ("unknown", "no_purpose")]
    found = statuses(zones("unclear", use_status=0), facts([50], [0]), limit())
    assert found == [("unknown", "no_use_status")]


def test_finding_ids_are_check_plan_and_zone():
    rows = run_check(CHECK, zones("future"), facts([0], [0]), limit(), DAY)
    assert rows["finding_id"].tolist() == ["c:plan:z0"]
    assert rows["measured"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("unit", "expected"), [("m", ("warning", "assumption")), ("count", ("conflict", None))]
)
def test_a_value_that_a_fact_was_measured_with_caps_too(unit, expected):
    """How finely circles are drawn is no assumption about the world."""
    belt = Parameter("belt", 10, unit, "kilde", date(2020, 1, 1), ParameterStatus.ASSUMPTION)
    land = replace(facts([50], [0])["land"], parameters=("belt",))
    both = Parameters({**limit(), "belt": belt})
    row = run_check(CHECK, zones("future"), Facts({"land": land}), both, DAY).iloc[0]
    told = json.loads(row["facts_json"])
    assert (row["status"], told.get("method_status")) == expected
    assert row["parameter_status"] == "adopted"


def test_a_figure_says_which_classes_it_is_the_sum_of():
    row = run_check(CHECK, zones("future"), facts([50], [0]), limit(), DAY).iloc[0]
    assert json.loads(row["facts_json"])["counted"] == {"fact": "land", "classes": ["21"]}
