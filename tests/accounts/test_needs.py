"""Worked examples 13 and 14, and what must always hold of plain arithmetic."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikap.accounts.needs import dwelling_capacity, dwellings_needed, jobs, reserve_years

people = st.floats(0, 1e6)
positive = st.floats(0.1, 1e4)


def test_example_13_need_against_reserve():
    need = dwellings_needed(8484, 9437, 2.2)  # 953 / 2.2 = 433.2
    capacity = dwelling_capacity(300_000, 2)
    assert (need, capacity, capacity - need) == (434, 600, 166)


def test_example_14_jobs():
    assert 50_000 * 0.75 == 37_500
    assert jobs(50_000, 0.75, 50, 150) == 125


def test_a_whole_number_of_dwellings_is_not_rounded_up():
    assert dwellings_needed(0, 2.2 * 3, 2.2) == 3


def test_fewer_people_need_no_new_dwellings_and_unknown_stays_unknown():
    assert dwellings_needed(100, 90, 2.2) == 0
    assert math.isnan(dwellings_needed(float("nan"), 90, 2.2))
    assert math.isnan(reserve_years(1000, 0))


@given(people, people, positive)
def test_dwellings_hold_the_growth_and_no_more_than_one_is_spare(now, later, persons):
    need = dwellings_needed(now, later, persons)
    growth = max(later - now, 0)
    assert need * persons >= growth - 1e-6 * max(growth, 1)
    assert (need - 1) * persons < growth + 1e-6 or need == 0


@given(positive, positive, st.floats(0, 1), positive)
def test_jobs_of_two_areas_add_up(one, other, net, per_employee):
    both = jobs(one + other, net, 50, per_employee)
    assert both == pytest.approx(
        jobs(one, net, 50, per_employee) + jobs(other, net, 50, per_employee)
    )
