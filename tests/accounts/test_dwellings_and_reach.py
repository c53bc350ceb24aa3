"""Dwelling potential (worked example 13) and share within walking distance, counted by hand."""

import dataclasses
import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikap.accounts import dwelling_potential, reach_share
from ikap.model import Parameter, ParameterStatus, Place

VALUES = {
    "housing_density.city": 6,
    "housing_density.centre": 3,
    "housing_density.local": 2,
    "distance.centre_walk": 1000,
    "distance.stop_walk_bus": 500,
    "distance.stop_walk_rail": 1000,
}
PLACES = (Place("By", "9902", "regionsenter"),)


def parameters(status=ParameterStatus.ADOPTED):
    day = date(2020, 1, 1)
    return {n: Parameter(n, float(v), "m", "test", day, status) for n, v in VALUES.items()}


@pytest.fixture
def planned(inputs):
    """`planned(zones, samples)`: a sample is (zone, class, m2, distance in m, certain)."""

    def make(zones, samples, *, values=None, planned=("9901", "9902")):
        rows = [
            (z, zones[z][3], kind, m2, metres, certain, float(n), 0.0)
            for n, (z, kind, m2, metres, certain) in enumerate(samples)
        ]
        names = ["zone", "municipality", "class", "area_m2", "distance_m", "certain"]
        table = pd.DataFrame(rows, columns=[*names, "north", "east"])
        table["zone"] = table["zone"].astype("int64")
        made = inputs(zones=zones, parameters=values or parameters())
        tables = {**made.tables, "centre_distance": table, "walk_distance": table}
        return dataclasses.replace(made, tables=tables, places=PLACES, planned=frozenset(planned))

    return make


def home(number="9901", *, purpose="1110", development="future", area=1000.0):
    return (purpose, development, area, number)


def test_example_13_holds_600_dwellings(planned, cells):
    far = planned([home(area=300_000.0)], [(0, "own", 300_000.0, 2000.0, True)])
    found = cells(dwelling_potential.account(far))
    assert found["dwelling_potential", "9901", 0] == (600, 0)
    assert found["dwelling_potential", "9902", 0] == (0, 0)
    assert found["dwelling_potential", "region", 0] == (600, 0)


@pytest.mark.parametrize(
    ("number", "metres", "dwellings"),
    [("9901", 1000.0, 3), ("9901", 1000.1, 2), ("9902", 1000.0, 6), ("9902", 1000.1, 2)],
)
def test_density_follows_the_way_to_the_own_centre(planned, cells, number, metres, dwellings):
    made = planned([home(number)], [(0, "own", 1000.0, metres, True)])
    assert cells(dwelling_potential.account(made))["dwelling_potential", number, 0][0] == dwellings


def test_land_that_can_hold_housing_is_a_row_of_its_own(planned, cells):
    zones = [home(purpose=p) for p in ("1110", "1001", "1800", "1300", "1120")]
    made = planned(zones, [(z, "own", 1000.0, 5000.0, True) for z in range(5)])
    found = cells(dwelling_potential.account(made))
    assert found["dwelling_potential", "9901", 0] == (2, 0)
    assert found["dwelling_possible", "9901", 0] == (4, 0)


def test_only_future_areas_are_new_land(planned, cells):
    zones = [home(development=d) for d in ("future", "further", "adopted", "none")]
    made = planned(zones, [(z, "own", 1000.0, 5000.0, True) for z in range(4)])
    assert cells(dwelling_potential.account(made))["dwelling_potential", "9901", 0] == (2, 0)


def test_unknown_distance_is_unknown_dwellings_at_their_most(planned, cells):
    nan = float("nan")
    made = planned([home()], [(0, "own", 1400.0, 5000.0, True), (0, "own", 600.0, nan, False)])
    assert cells(dwelling_potential.account(made))["dwelling_potential", "9901", 0] == (
        2,
        2,
    )  # 2.8 rounded down, 1.8 up
    lost = planned([home()], [(0, "own", 1000.0, nan, False)])
    value, unknown = cells(dwelling_potential.account(lost))["dwelling_potential", "9901", 0]
    assert math.isnan(value)
    assert unknown == 3


def test_unclear_area_and_a_plan_that_is_not_there_are_unknown(planned, cells):
    made = planned([home(development="unclear")], [(0, "own", 1000.0, 5.0, True)])
    value, unknown = cells(dwelling_potential.account(made))["dwelling_potential", "9901", 0]
    assert math.isnan(value)
    assert unknown == 3
    none = planned([home()], [(0, "own", 1000.0, 5.0, True)], planned=())
    found = cells(dwelling_potential.account(none))
    assert found["dwelling_potential", "9901", 0][0] == 3
    assert math.isnan(found["dwelling_potential", "9901", 0][1])
    assert math.isnan(found["dwelling_potential", "9902", 0][0])


def test_a_missing_density_gives_no_figure_and_an_assumed_one_says_so(planned):
    samples = [(0, "own", 1000.0, 5.0, True)]
    some = {n: v for n, v in parameters().items() if n != "housing_density.city"}
    assert dwelling_potential.account(planned([home()], samples, values=some)) == []
    mixed = parameters() | {
        "housing_density.local": parameters(ParameterStatus.ASSUMPTION)["housing_density.local"]
    }
    rows = dwelling_potential.account(planned([home()], samples, values=mixed))
    assert {row.parameter_status for row in rows} == {"assumption"}


def test_share_within_walking_distance_weighs_area(planned, cells):
    zones = [home(), home("9902", purpose="1300"), home(purpose="3040")]
    made = planned(
        zones,
        [
            (0, "bus", 300.0, 500.0, True),
            (0, "bus", 100.0, 500.1, True),
            (1, "train", 600.0, 999.0, False),
            (2, "bus", 5000.0, 1.0, True),
        ],
    )
    found = cells(reach_share.account(made))
    assert found["reach_share", "9901", 0] == (pytest.approx(0.75), 0)
    assert found["reach_share", "9902", 0] == (1, 0)
    assert found["reach_share", "region", 0] == (pytest.approx(0.9), 0)


def test_what_the_network_does_not_reach_is_an_unknown_share(planned, cells):
    nan = float("nan")
    made = planned([home()], [(0, "bus", 300.0, 10.0, True), (0, "bus", 700.0, nan, False)])
    assert cells(reach_share.account(made))["reach_share", "9901", 0] == (
        pytest.approx(0.3),
        pytest.approx(0.7),
    )
    lost = planned([home()], [(0, "bus", 700.0, nan, False)])
    value, unknown = cells(reach_share.account(lost))["reach_share", "9901", 0]
    assert math.isnan(value)
    assert unknown == 1


def test_share_to_the_centre_is_of_housing_alone(planned, cells):
    zones = [home(), home(purpose="1300")]
    made = planned(zones, [(0, "own", 100.0, 1000.0, True), (1, "own", 900.0, 1.0, True)])
    found = cells(reach_share.account(made))
    assert found["reach_share_centre", "9901", 0] == (1, 0)
    assert math.isnan(found["reach_share_centre", "9902", 0][0])  # no planned land


def test_a_plan_without_areas_has_no_share(planned):
    for row in reach_share.account(planned([], [])):
        assert math.isnan(row.value)


@given(st.lists(st.tuples(st.floats(0.1, 1e5), st.floats(0, 4e3)), min_size=1, max_size=8))
def test_order_and_division_change_no_sum(areas):
    table = pd.DataFrame(
        {
            "zone": 0,
            "municipality": "9901",
            "class": "own",
            "area_m2": [a for a, _ in areas],
            "distance_m": [d for _, d in areas],
            "certain": True,
        }
    )
    halves = pd.concat([table, table]).assign(area_m2=lambda t: t["area_m2"] / 2)
    found = [_total(t) for t in (table, table[::-1], halves)]
    assert found == [pytest.approx(found[0])] * 3


def _total(table):
    rows = dwelling_potential.account(_one_zone(table))
    return next(r.value for r in rows if r.municipality == "region")


def _one_zone(table):
    import numpy as np  # noqa: PLC0415

    from ikap.accounts import AccountInputs  # noqa: PLC0415
    from ikap.model import Parameters, Zones  # noqa: PLC0415

    text = np.array(["1110"], dtype=object), np.array(["future"], dtype=object)
    zones = Zones(
        "p", *(np.array([x], dtype=object) for x in ("z", "9901")), text[0], np.ones(1, int),
        text[1], np.ones(1), np.ones(1, bool),
    )  # fmt: skip
    return AccountInputs(
        "p", zones, {"centre_distance": table}, {}, ("9901",), frozenset({"9901"}),
        Parameters(parameters()), places=PLACES,
    )  # fmt: skip
