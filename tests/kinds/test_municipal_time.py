"""A merger is not growth: old numbers, predecessors, splits, and zeros that are no figures."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.errors import InputError
from ikap.history import history_faults
from ikap.kinds.municipal_time import on_todays_borders, parts_of, todays_number
from ikap.model import Municipality, ParameterStatus, Region, Weights
from ikap.sources.ledger import Ledger
from ikap.workspace import open_workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def region() -> Region:
    """The region as it ships, with its history."""
    return open_workspace(ROOT).region


def frame(rows, inndeling=None):
    table = pd.DataFrame(rows, columns=["kommunenummer", "år", "personer"])
    table["inndeling"] = pd.Series([inndeling] * len(table), dtype="Int64")
    table["source_id"] = [f"rad:{i}" for i in range(len(table))]
    return table


def resolved(region, rows, inndeling=None):
    ledger = Ledger("x.csv", "x")
    table = on_todays_borders(frame(rows, inndeling), region, "personer", ledger)
    cells = table.set_index(["kommunenummer", "år"])
    return cells, [row.what for row in ledger.quality], ledger


@pytest.mark.parametrize(
    ("number", "year", "parts"),
    [
        ("5001", 2024, {"5001"}),
        ("5001", 2020, {"5001"}),
        ("5001", 2019, {"5001", "5030"}),
        ("5001", 2017, {"1601", "1662"}),
        ("5054", 2017, {"1624", "1718", "5039"}),
        ("5059", 2019, {"5012", "5016", "5023", "5024"}),
        ("5059", 2017, {"1613", "1622", "1636", "1638"}),
        ("5035", 2010, {"1714"}),
    ],
)
def test_what_a_municipality_was(region, number, year, parts):
    found = parts_of(region, number, date(year, 1, 1))
    assert {p.number for p in found} == parts
    split = {"5012", "1613", "5039"}
    assert {p.number for p in found if p.split} == parts & split


def test_merged_municipalities_are_added_up(region):
    cells, said, _ = resolved(region, [("5001", 2019, 200.0), ("5030", 2019, 6.0)])
    assert cells.loc[("5001", 2019), "personer"] == 206
    assert cells.loc[("5001", 2019), "delt_av"] == "5001+5030"
    assert "municipal_time.summed" in said


def test_old_numbers_are_followed(region):
    cells, _, _ = resolved(region, [("1714", 2015, 23.0), ("1653", 2015, 16.0)])
    assert cells.loc[("5035", 2015), "personer"] == 23
    assert cells.loc[("5028", 2015), "personer"] == 16


def test_the_new_number_of_the_same_ground_is_known_in_old_years(region):
    """Statistics that were renumbered: 5027 is 1648, but 5001 in 2015 is not all of today's."""
    cells, _, _ = resolved(region, [("5027", 2015, 6.0), ("5001", 2015, 150.0)])
    assert cells.loc[("5027", 2015), "personer"] == 6
    assert cells.loc[("5001", 2015), "mangler"] == "1662 Klæbu"
    cells, _, _ = resolved(region, [("5001", 2015, 150.0), ("5030", 2015, 6.0)])
    assert cells.loc[("5001", 2015), "personer"] == 156
    cells, _, _ = resolved(region, [("5001", 2015, 150.0), ("1662", 2015, 6.0)])
    assert cells.loc[("5001", 2015), "personer"] == 156
    cells, _, _ = resolved(region, [("5054", 2015, 10.0)])  # a merger is more than a new number
    assert pd.isna(cells.loc[("5054", 2015), "personer"])


def test_a_missing_predecessor_makes_the_year_unknown(region):
    cells, _, ledger = resolved(region, [("5001", 2019, 200.0), ("5001", 2020, 206.0)])
    assert pd.isna(cells.loc[("5001", 2019), "personer"])
    assert cells.loc[("5001", 2019), "mangler"] == "5030 Klæbu"
    assert cells.loc[("5001", 2020), "personer"] == 206
    (row,) = [
        q
        for q in ledger.quality
        if q.what == "municipal_time.unknown" and q.facts["missing"] == "5030 Klæbu"
    ]
    assert row.facts["years"] == "2019"


def test_a_split_municipality_makes_the_year_unknown_even_with_its_figure(region):
    rows = [("5016", 2019, 2.0), ("5023", 2019, 4.0), ("5024", 2019, 12.0), ("5012", 2019, 1.0)]
    cells, _, _ = resolved(region, [*rows, ("5059", 2020, 18.0)])
    assert pd.isna(cells.loc[("5059", 2019), "personer"])
    assert cells.loc[("5059", 2019), "mangler"] == "5012 Snillfjord (delt)"
    assert cells.loc[("5059", 2020), "personer"] == 18


def test_a_series_on_the_borders_of_one_year_stands_as_it_is(region):
    cells, said, _ = resolved(region, [("5001", 2010, 176.0), ("5059", 2010, 17.0)], 2020)
    assert cells.loc[("5001", 2010), "personer"] == 176
    assert cells.loc[("5059", 2010), "personer"] == 17
    assert "municipal_time.summed" not in said


def test_zero_before_the_municipality_existed_is_no_figure(region):
    rows = [("5059", y, v) for y, v in ((2018, 0.0), (2019, 0.0), (2020, 36.74))]
    cells, _, _ = resolved(region, rows, 2020)
    assert cells.loc[("5059", 2018), "personer"] != cells.loc[("5059", 2018), "personer"]  # NaN
    assert cells.loc[("5059", 2020), "personer"] == 36.74


def test_two_figures_for_one_year_stop(region):
    with pytest.raises(InputError) as told:
        resolved(region, [("5001", 2020, 1.0), ("5001", 2020, 2.0)])
    assert told.value.key == "table.twice"


def test_municipalities_elsewhere_are_told_and_left_out(region):
    cells, said, _ = resolved(region, [("0301", 2020, 1.0), ("5001", 2020, 2.0)])
    assert "municipal_time.others" in said
    assert "0301" not in cells.index.get_level_values(0)


@settings(deadline=None)  # the clock of a loaded machine is no part of the claim
@given(order=st.permutations(range(12)))
def test_order_of_rows_changes_nothing(order):
    here = open_workspace(ROOT).region
    numbers = ("5001", "5030", "5029", "5031")
    rows = [(n, y, 1.0 + y % 7) for n in numbers for y in (2018, 2019, 2020)]
    once, _, _ = resolved(here, rows)
    again, _, _ = resolved(here, [rows[i] for i in order])
    pd.testing.assert_frame_equal(once, again)


SHARES = {"5055": 0.35, "5056": 0.40, "5059": 0.25}


def with_shares(region, *, figures=(), status=ParameterStatus.ASSUMPTION):
    """The region, Snillfjord shared out by made-up shares."""
    stated = (Weights(SHARES, "oppdiktet", status, figures),)
    history = [replace(u, weights=stated) if u.number == "5012" else u for u in region.history]
    return replace(region, history=tuple(history))


ORKLAND = [("5016", 2.0), ("5023", 4.0), ("5024", 12.0), ("5012", 1.0)]


def test_a_split_municipality_is_shared_out_as_stated_and_that_is_told(region):
    rows = [(n, 2019, v) for n, v in ORKLAND]
    cells, _, ledger = resolved(with_shares(region), rows)
    assert cells.loc[("5059", 2019), "personer"] == 18.25  # 2 + 4 + 12 + 0.25 × 1
    assert cells.loc[("5059", 2019), "fordeling"] == "assumption"
    (told,) = [q for q in ledger.quality if q.what == "municipal_time.shared_assumed"]
    assert told.facts["part"] == "5012 Snillfjord"
    assert (told.facts["percent"], told.facts["source"]) == (25.0, "oppdiktet")


def test_shares_follow_the_number_of_the_years_before(region):
    """1613 is the Snillfjord of before 2018."""
    rows = [("1622", 2015, 2.0), ("1636", 2015, 4.0), ("1638", 2015, 12.0), ("1613", 2015, 1.0)]
    cells, said, _ = resolved(with_shares(region, status=ParameterStatus.ADOPTED), rows)
    assert cells.loc[("5059", 2015), "personer"] == 18.25
    assert "municipal_time.shared" in said


def test_shares_of_other_figures_are_not_used(region):
    rows = [(n, 2019, v) for n, v in ORKLAND]
    cells, _, _ = resolved(with_shares(region, figures=("bebygd_km2",)), rows)
    assert pd.isna(cells.loc[("5059", 2019), "personer"])
    assert cells.loc[("5059", 2019), "kjent_del"] == 18.0  # at least what is known


def test_what_is_known_of_an_unknown_sum_is_said_beside_it(region):
    """Verrabotn came to Indre Fosen in 2020: its figure of 2019 is the least that it can be."""
    cells, _, _ = resolved(region, [("5054", 2019, 10.0), ("5039", 2019, 2.5)])
    assert pd.isna(cells.loc[("5054", 2019), "personer"])
    assert cells.loc[("5054", 2019), "kjent_del"] == 10
    assert cells.loc[("5054", 2019), "mangler"] == "5039 Verran (delt)"


def test_county_of_the_year(region):
    """Indre Fosen was in two counties before 2018; nobody's county is known before history."""
    rows = [("1624", 2015, 6.0), ("1718", 2015, 3.0), ("5054", 2019, 9.0)]
    cells, _, _ = resolved(region, rows)
    assert cells.loc[("5054", 2015), "fylke"] == "16+17"
    assert cells.loc[("5054", 2019), "fylke"] == "50"
    assert cells.loc[("5035", 2015), "fylke"] == "17"


def test_numbers_of_another_time_are_told_with_the_year(region):
    """5030 in 2021: the series stands on older borders, and must say so."""
    rows = [("5001", 2021, 200.0), ("5030", 2021, 6.0)]
    _, _, ledger = resolved(region, rows)
    (row,) = [q for q in ledger.quality if q.what == "municipal_time.not_then"]
    assert (row.facts["numbers"], row.facts["division"]) == ("5030", 2021)
    cells, said, _ = resolved(region, rows, 2019)
    assert cells.loc[("5001", 2021), "personer"] == 206
    assert "municipal_time.not_then" not in said


def test_a_nought_beside_a_split_makes_its_twin_unknown_too(region):
    """A series on the borders of 2024 that gave Haram's ground to Ålesund until then."""
    here = replace(
        region,
        municipalities=(
            Municipality("1508", "Ålesund", date(2024, 1, 1)),
            Municipality("1580", "Haram", date(2024, 1, 1)),
        ),
        neighbours=(),
        history=(
            Municipality("1507", "Ålesund", date(2020, 1, 1), date(2023, 12, 31), ("1508", "1580")),
        ),
    )
    rows = [("1508", 2022, 46.84), ("1580", 2022, 0.0), ("1508", 2019, 33.2), ("1580", 2019, 10.7)]
    cells, _, _ = resolved(here, rows, 2024)
    assert cells.loc[("1508", 2022), "mangler"] == "1580 Haram (0)"
    assert cells.loc[("1508", 2019), "personer"] == 33.2


@st.composite
def countries(draw):
    """Municipalities that were renumbered, merged and split with shares, in up to three steps."""
    count = draw(st.integers(1, 6))
    units, alive = [], [f"{1000 + i}" for i in range(count)]
    first, serial = alive, 2000
    for step in range(draw(st.integers(0, 3))):
        span = (date(2000 + 5 * step, 1, 1), date(2004 + 5 * step, 12, 31))
        fresh = [f"{serial + i}" for i in range(draw(st.integers(1, 6)))]
        serial += 100
        used = set()
        for number in alive:
            into = draw(st.lists(st.sampled_from(fresh), min_size=1, max_size=3, unique=True))
            parts = [draw(st.integers(1, 9)) for _ in into]
            shares = {n: part / sum(parts) for n, part in zip(into, parts, strict=True)}
            weights = (Weights(shares, "oppdiktet", ParameterStatus.ASSUMPTION),)
            split = weights if len(into) > 1 else ()
            units.append(Municipality(number, number, *span, tuple(into), split))
            used |= set(into)
        alive = sorted(used)
    start = units[-1].valid_to + timedelta(days=1) if units else date(2000, 1, 1)
    members = tuple(Municipality(n, n, start) for n in alive)
    return Region("x", {}, "EPSG:25832", members, history=tuple(units)), first


@given(made=countries(), data=st.data())
def test_nothing_is_lost_or_made_on_the_way_to_today(made, data):
    country, first = made
    assert list(history_faults(country, "region.toml")) == []
    rows = [(n, 2000, float(data.draw(st.integers(1, 1000)))) for n in first]
    cells, _, _ = resolved(country, rows)
    assert cells["personer"].sum() == pytest.approx(sum(v for _, _, v in rows))
    bare = replace(country, history=tuple(replace(u, weights=()) for u in country.history))
    unknown, _, _ = resolved(bare, rows)
    assert unknown["kjent_del"].sum() <= sum(v for _, _, v in rows)
    assert (unknown["personer"].isna() | (unknown["personer"] == cells["personer"])).all()


def test_todays_number(region):
    assert todays_number(region, "1662") == "5001"  # Klæbu, twice on its way
    assert todays_number(region, "5001") == "5001"
    assert todays_number(region, "5012") is None  # split
    assert todays_number(region, "4204") is None  # elsewhere


def test_history_agrees_with_the_list_of_mergers_in_2020(region, realdata):
    """NINA's list, read cell by cell: every way into the region is in region.toml, no other."""
    book = openpyxl.load_workbook(realdata / "codes" / "nina_kommune_fylker.xlsx", read_only=True)
    _, *rows = book.active.iter_rows(values_only=True)
    ways = {(f"{int(r[2]):04}", f"{int(r[6]):04}") for r in rows if r[2] and r[6]}
    book.close()
    into = {(old, new) for old, new in ways if new in region.numbers and old != new}
    ours = {
        (u.number, s)
        for u in region.history
        if u.valid_to == date(2019, 12, 31)
        for s in u.successor
        if s in region.numbers
    }
    assert into == ours - {("5039", "5054")}  # Verrabotn: the list has Verran → Steinkjer alone
    assert into == {(n, "5059") for n in ("5012", "5016", "5023", "5024")} | {("5030", "5001")}
