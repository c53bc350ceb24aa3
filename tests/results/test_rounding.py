"""Printed figures add up: from the region's total down to each municipality's cell."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikap.results.account_tables import LAYOUTS, REGION, SUM, printed_tables
from ikap.results.rounding import shared_out, whole_units

AREAS = st.floats(0, 1e7, allow_nan=False)


@given(st.lists(AREAS, min_size=1, max_size=30))
def test_parts_are_within_one_unit_and_add_up(parts):
    units = whole_units(parts)
    assert sum(units) == int(sum(parts) + 0.5) or abs(sum(units) - sum(parts)) <= 0.5 + 1e-6
    assert all(abs(u - p) < 1 + 1e-6 for u, p in zip(units, parts, strict=True))


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("mno"), AREAS),
        min_size=1,
        max_size=40,
    )
)
def test_groups_add_up_on_every_level(rows):
    table = pd.DataFrame(rows, columns=["part", "row", "place", "value"])
    table = table.groupby(["part", "row", "place"], as_index=False).sum()
    units = shared_out(table, ["part", "row"], 100.0)
    total = int(table["value"].sum() / 100 + 0.5)
    assert abs(int(units.sum()) - total) <= 1  # half way between two units
    parts = table.assign(units=units).groupby("part")[["units", "value"]].sum()
    assert ((parts["units"] - parts["value"] / 100).abs() < 1 + 1e-6).all()


def cells(table, rows, method=""):
    names = ["municipality", "part", "row", "column", "value", "unknown", "herav"]
    return pd.DataFrame(rows, columns=names).assign(
        table=table, plan="p", against="q", method=method, unit="m2"
    )


@given(st.lists(st.tuples(*[AREAS] * 4), min_size=1, max_size=6), st.sampled_from(["T2", "T4"]))
def test_municipalities_add_up_to_the_region_cell_by_cell(values, name):
    method = "KDD" if LAYOUTS[name].by_method else ""
    columns = ("21", "30") if name == "T4" else ("1110", "5100")
    rows = [
        (place, "", str(i), column, cell[2 * p + c], 0.0, False)
        for i, cell in enumerate(values)
        for p, place in enumerate(("9901", "9902"))
        for c, column in enumerate(columns)
    ]
    tables = printed_tables(cells(name, rows, method), name, method=method)
    total = LAYOUTS[name].total
    region = {row.row: row.values for row in tables[REGION].rows}
    for row in region.values():
        assert sum(row.get(c, 0.0) for c in columns) == pytest.approx(row[total], abs=1e-6)
    for column in (*columns, total):
        assert sum(v[column] for k, v in region.items() if k != SUM) == pytest.approx(
            region[SUM][column], abs=1e-6
        )
        for key in region:
            places = [tables[p] for p in ("9901", "9902")]
            parts = [r.values.get(column, 0.0) for t in places for r in t.rows if r.row == key]
            assert sum(parts) == pytest.approx(region[key][column], abs=1e-6)
    exact = sum(sum(cell) for cell in values)
    assert region[SUM][total] == pytest.approx(exact / 1000, abs=0.0501)


def test_what_is_not_known_is_no_nought_and_stays_beside_the_sum():
    rows = [
        ("9901", "future", "1110", "set_aside", 1000.0, 0.0, False),
        ("9902", "future", "1110", "set_aside", 1000.0, 0.0, False),
        ("9901", "future", "1110", "flood", float("nan"), 1000.0, True),
        ("9902", "future", "1110", "flood", 400.0, 0.0, True),
        ("9901", "future", "1110", "protected", float("nan"), 1000.0, True),
        ("9902", "future", "1110", "protected", float("nan"), 1000.0, True),
    ]
    tables = printed_tables(cells("T5", rows), "T5")
    whole = tables[REGION].rows[-1]
    assert (whole.row, whole.values["flood"], whole.unknown["flood"]) == (SUM, 0.4, 1000.0)
    assert whole.values["protected"] != whole.values["protected"]  # NaN: nobody knows
    assert tables[REGION].herav == ("protected", "flood")
    assert tables["9901"].rows[0].values["flood"] != tables["9901"].rows[0].values["flood"]
