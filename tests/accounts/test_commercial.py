"""Reserve of the register and purposes of the plan: sums against a recount, nothing twice."""

import math
from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikap.accounts import commercial_plan, commercial_reserve
from ikap.kinds.commercial import STATUSES

COLUMNS = ["kommunenummer", "status", "abc", "brutto_m2", "netto_m2", "ledig_m2"]
NONE = float("nan")


def register(*rows):
    return pd.DataFrame(list(rows), columns=COLUMNS)


row = st.tuples(
    st.sampled_from(["9901", "9902"]),
    st.sampled_from([*STATUSES, None]),
    st.sampled_from(["A", "B", "C", None]),
    st.integers(0, 10**6).map(float),
    st.integers(0, 10**6).map(float),
    st.one_of(st.just(NONE), st.integers(0, 10**6).map(float)),
)
same_inputs = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_reserve_by_class_and_status(inputs, cells):
    table = register(
        ("9901", "ledig regulert", "C", 50_000.0, 37_500.0, 10_000.0),
        ("9901", "framtidig i KP", None, 20_000.0, 15_000.0, 15_000.0),
        ("9901", "utgår", "C", 9_000.0, 9_000.0, 9_000.0),
        ("9902", "delvis utbygd", "A", 4_000.0, 3_000.0, NONE),
    )
    found = cells(commercial_reserve.account(inputs(commercial=table)))
    assert found["commercial_gross", "9901", 0] == (70_000, 0)
    assert found["commercial_vacant", "9901", 0] == (25_000, 0)
    assert found["commercial_vacant_c", "9901", 0] == (10_000, 0)
    assert found["commercial_vacant_unclassed", "9901", 0] == (15_000, 0)
    assert found["commercial_vacant_in_future", "9901", 0] == (15_000, 0)
    value, unknown = found["commercial_vacant", "9902", 0]
    assert math.isnan(value)  # nothing is known of it but that it is at most the net area
    assert unknown == 3_000
    assert found["commercial_vacant", "region", 0] == (25_000, 3_000)
    assert found["commercial_vacant_c", "9902", 0] == (0, 0)


def test_outside_the_register_nothing_is_said(inputs, cells):
    table = register(("9901", "utbygd", "A", 10.0, 10.0, 0.0))
    found = cells(commercial_reserve.account(inputs(commercial=table, covered=("9901",))))
    assert found["commercial_vacant", "9901", 0] == (0, 0)
    assert all(math.isnan(v) for v in found["commercial_vacant", "9902", 0])
    assert math.isnan(found["commercial_vacant", "region", 0][1])


def test_a_register_that_is_not_there_is_unknown_not_nothing(inputs, cells):
    found = cells(commercial_reserve.account(inputs(commercial=pd.DataFrame(), covered=())))
    assert all(math.isnan(v) for pair in found.values() for v in pair)
    assert commercial_reserve.account(inputs()) == []


@same_inputs
@given(st.lists(row, max_size=8))
def test_classes_and_statuses_each_add_up_to_the_whole_and_to_a_recount(inputs, cells, rows):
    found = cells(commercial_reserve.account(inputs(commercial=register(*rows))))
    recount = defaultdict(float)
    for number, status, abc, _, _, vacant in rows:
        if status != "utgår" and not math.isnan(vacant):
            recount[number] += vacant
            recount[number, (abc or "unclassed").lower()] += vacant
    for number in ("9901", "9902"):
        known = {k[0]: v[0] for k, v in found.items() if k[1] == number}
        zero = {k: 0.0 if math.isnan(v) else v for k, v in known.items()}
        assert zero["commercial_vacant"] == recount[number]
        by_class = ("a", "b", "c", "unclassed")
        for name in by_class:
            assert zero[f"commercial_vacant_{name}"] == recount[number, name]
        assert sum(zero[f"commercial_vacant_{n}"] for n in by_class) == recount[number]
        by_status = sum(v for k, v in zero.items() if k.startswith("commercial_vacant_in_"))
        assert by_status == recount[number]


@same_inputs
@given(st.lists(row, min_size=1, max_size=6), st.data())
def test_splitting_an_area_and_shuffling_change_no_sum(inputs, cells, rows, data):
    whole = cells(commercial_reserve.account(inputs(commercial=register(*rows))))
    i = data.draw(st.integers(0, len(rows) - 1))
    half = (*rows[i][:3], *(v / 2 for v in rows[i][3:]))
    parts = data.draw(st.permutations([*rows[:i], half, half, *rows[i + 1 :]]))
    split = cells(commercial_reserve.account(inputs(commercial=register(*parts))))
    for key, pair in whole.items():
        assert split[key] == pytest.approx(pair, nan_ok=True)


def test_purposes_of_the_plan_are_rows_of_their_own(inputs, cells):
    zones = [
        ("1300", "future", 1000.0, "9901"),
        ("1310", "future", 10.0, "9901"),
        ("1810", "future", 5.0, "9901"),
        ("1800", "future", 100.0, "9901"),
        ("1001", "further", 7.0, "9902"),
        ("1300", "unclear", 3.0, "9902"),
        ("1110", "future", 1e6, "9901"),
        ("1130", "future", 1e6, "9901"),
    ]
    found = cells(commercial_plan.account(inputs(zones=zones)))
    assert found["commercial_planned_future", "9901", 0] == (1015, 0)
    assert found["commercial_possible_future", "9901", 0] == (100, 0)
    assert found["commercial_possible_further", "9902", 0] == (7, 0)
    for development in ("future", "further", "adopted"):  # status missing: it may be any of them
        value, unknown = found[f"commercial_planned_{development}", "9902", 0]
        assert math.isnan(value)
        assert unknown == 3
    counted = sum(v[0] for k, v in found.items() if k[1] != "region" and not math.isnan(v[0]))
    assert counted == 1015 + 100 + 7  # nothing stands in two rows
