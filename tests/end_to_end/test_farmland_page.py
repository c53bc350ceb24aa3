"""Sections of the farmland page: the ten largest, and the reserve by method, purpose and class."""

import pytest

import ikap
from ikap.flow.discovery import catalogues, discover
from ikap.pages.farmland_reserve import reserve
from ikap.pages.largest import largest
from ikap.pages.plan import open_plan
from ikap.pages.tables import areas
from ikap.pages.words import Words
from ikap.results.account_words import left_out_notes

from .conftest import box


@pytest.fixture(scope="module")
def words(shared_squares):
    return Words(catalogues(discover(ikap.open_workspace(shared_squares.root)).checks)["nb"])


@pytest.fixture(scope="module")
def plan(shared_squares):
    """Twelve areas in the west of 1 to 12 daa, on farmland all but the last 100 m² of each.

    The east has no plan: what is set aside there is unknown.
    """
    made = shared_squares
    sides = [(0, 20 * i, 50 * (i + 1), 20 * i + 20) for i in range(12)]
    made.layer(
        "kommuner",
        "municipality",
        [box(-1000, -1000, 800, 1000), box(800, -1000, 2000, 1000)],
        kommunenummer=["9901", "9902"],
        navn=["Vest", "Øst"],
    )
    made.land(
        a21=[(5, 0, 900, 120)],
        a23=[(5, 120, 900, 300)],
        a30=[(-1000, -1000, 5, 1000), (5, -1000, 2000, 0), (5, 300, 2000, 1000)],
    )
    made.plan(*(("1110", 2, box(*b)) for b in sides[:-1]), ("1300", 1, box(*sides[-1])))
    return open_plan(made.check().folder)


def test_the_ten_largest_in_falling_order_with_their_sentences(plan, words):
    found = largest(areas(plan, ["farmland_conversion", "farmland_adopted_unbuilt"], words))
    assert [one.measured for one in found] == [
        words.area(20 * (50 * i - 5)) for i in range(11, 1, -1)
    ]  # the twelfth is adopted: another check judges it
    for one in found:
        assert one.measured in one.sentence
        assert one.finding.endswith(one.area.key)
        assert one.finding.startswith("farmland_conversion:forslag:")


def test_reserve_is_that_of_the_table_and_names_its_method(plan, words):
    shown = reserve(plan, words)
    assert shown.method == shown.methods[0].label == "KDD"
    assert {m.label.split(" ")[0] for m in shown.methods} == {"KDD", "SSB", "NINA", "egen"}
    future = "Framtidig (status 2)"
    figures = {m.label: m.figures for m in shown.methods if m.part == future}
    housing = sum(20 * 50 * i for i in range(1, 12)) / 1000
    farmland = sum(20 * (50 * i - 5) for i in range(1, 12)) / 1000
    assert figures["KDD"] == tuple(words.number(v, 1) for v in (housing, housing, farmland, 0.0))
    sums = [row for row in shown.rows if row.whole]
    cells = dict(zip(shown.heads, sums[0].figures, strict=True))
    assert cells["Fulldyrka jord"] == words.number(
        sum(20 * (50 * i - 5) for i in range(1, 7)) / 1000, 1
    )
    assert cells["Innmarksbeite"] == words.number(
        sum(20 * (50 * i - 5) for i in range(7, 12)) / 1000, 1
    )


def test_a_municipality_without_a_plan_is_told_under_the_table(plan, words):
    told = left_out_notes(plan.run, words.catalogue, compared=False)
    assert any("9902 Øst" in note and "ukjent, ikke null" in note for note in told)
    assert set(told) <= set(reserve(plan, words).notes)
