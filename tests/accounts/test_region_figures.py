"""The region's own figures, held against the planner's reference (typed in, not computed)."""

import math
from pathlib import Path

import numpy as np
import pytest

from ikap.accounts import AccountInputs, builtup, commuting, population
from ikap.checks import parameters_on
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader
from ikap.model import Zones
from ikap.workspace import open_workspace

ROOT = Path(__file__).resolve().parents[2]
YEARS = (2000, 2010, 2018, 2022, 2024, 2030, 2040, 2050)
POPULATION = {
    "5001": (153_734, 176_737, 199_595, 210_496, 214_565, 226_129, 241_454, 250_341),
    "5027": (5_779, 6_012, 6_225, 6_120, 6_140, 6_112, 6_043, 5_986),
    "5028": (13_169, 14_841, 16_424, 17_123, 17_560, 18_201, 19_014, 19_615),
    "5029": (5_843, 6_626, 8_142, 8_360, 8_484, 8_815, 9_437, 9_947),
    "5031": (11_132, 12_550, 13_958, 14_425, 14_783, 15_719, 16_684, 17_357),
    "5035": (18_238, 21_375, 23_964, 24_287, 24_717, 25_097, 25_780, 26_298),
    "5054": (10_015, 9_970, 10_090, 9_899, 10_023, 9_887, 9_665, 9_501),
    "5059": (17_920, 17_863, 18_234, 18_502, 18_793, 18_876, 19_252, 19_459),
    "region": (235_830, 265_974, 296_632, 309_212, 315_065, 328_836, 347_329, 358_504),
}
BUILTUP_2022_KM2 = {
    "5001": 73.87,
    "5027": 18.14,
    "5028": 21.13,
    "5029": 8.65,
    "5031": 9.60,
    "5035": 28.69,
    "5054": 22.39,
    "5059": 38.25,
    "region": 220.72,
}
COMMUTERS = {  # number of 2018: 2000, 2018, share 2000, share 2018, printed growth
    "5030": (1560, 1976, 0.585, 0.635, 26.7),
    "5031": (3299, 4118, 0.569, 0.581, 24.8),
    "5029": (1222, 1976, 0.430, 0.464, 61.7),
    "5028": (2921, 3939, 0.429, 0.469, 34.9),
    "5035": (1421, 2466, 0.151, 0.209, 73.5),
    "5024": (527, 1007, 0.106, 0.169, 91.1),
    "5054": (563, 650, 0.116, 0.135, 15.5),
    "5027": (371, 407, 0.131, 0.121, 9.7),
}


@pytest.fixture(scope="module")
def figures():
    """Value by indicator, municipality and year, from the files that are shipped."""
    workspace = open_workspace(ROOT)
    reader = Reader(workspace, discover(workspace), quiet)
    none = np.zeros(0, dtype=object)
    zones = Zones("p", none, none, none, np.zeros(0, int), none, np.zeros(0), np.zeros(0, bool))
    inputs = AccountInputs(
        plan="p",
        zones=zones,
        tables={},
        ground={},
        municipalities=workspace.region.numbers,
        planned=frozenset(),
        parameters=parameters_on(workspace.region.as_of, workspace.parameters),
        statistics=reader.statistics(),
    )
    rows = [row for a in (population, builtup, commuting) for row in a.account(inputs)]
    assert len({(r.indicator, r.municipality, r.year) for r in rows}) == len(rows)
    return {(r.indicator, r.municipality, r.year): r.value for r in rows}


@pytest.mark.parametrize("number", POPULATION)
def test_population_and_projection(figures, number):
    for year, expected in zip(YEARS, POPULATION[number], strict=True):
        name = "population" if year <= 2022 else "population_projected"
        other = "population_projected" if year <= 2022 else "population"
        assert figures[name, number, year] == expected
        assert (other, number, year) not in figures  # observed and projected are never mixed


def test_every_year_is_there(figures):
    assert {y for n, m, y in figures if n == "population"} == set(range(2000, 2023))
    assert {y for n, m, y in figures if n == "population_projected"} == set(range(2023, 2051))


@pytest.mark.parametrize("number", BUILTUP_2022_KM2)
def test_built_up_area(figures, number):
    expected = BUILTUP_2022_KM2[number] * 1e6
    assert figures["builtup_area", number, 2022] == pytest.approx(expected, abs=1)


def test_orkland_did_not_grow_from_nothing(figures):
    for year in (2017, 2018, 2019):
        assert math.isnan(figures["builtup_area", "5059", year])
        assert math.isnan(figures["builtup_area", "region", year])
    assert figures["builtup_area", "5059", 2020] == pytest.approx(36.74e6)


@pytest.mark.parametrize("number", COMMUTERS)
def test_commuting_as_printed(figures, number):
    before, after, share, later, growth = COMMUTERS[number]
    assert figures["commuters_to_centre", number, 2000] == before
    assert figures["commuters_to_centre", number, 2018] == after
    assert figures["commuters_share", number, 2000] == pytest.approx(share)
    assert figures["commuters_share", number, 2018] == pytest.approx(later)
    assert round(100 * (after / before - 1), 1) == growth


def test_sums_of_the_case_paper(figures):
    before, after = (figures["commuters_to_centre", "region", year] for year in (2000, 2018))
    assert (before, after) == (11_884, 16_539)
    assert round(100 * (after / before - 1), 1) == 39.2
    out, later = (figures["commuters_from_centre", "5001", year] for year in (2000, 2018))
    assert (out, later) == (2_088, 4_700)
    assert round(100 * (later / out - 1), 1) == 125.1  # the paper writes 123 %
    twins = {n for n in COMMUTERS if figures["commuters_to_centre", n, 2018] == 1976}
    assert twins == {"5029", "5030"}


def test_example_13_through_the_parameters(figures):
    assert figures["dwellings_needed", "5029", 2040] == 434
    assert figures["dwellings_needed", "5027", 2040] == 0  # fewer people
    parts = [v for (n, m, _), v in figures.items() if n == "dwellings_needed" and m != "region"]
    assert figures["dwellings_needed", "region", 2040] == sum(parts)


def test_notes_say_what_the_table_is_worth():
    layer = open_workspace(ROOT).layers["pendling"]
    for lang, words in (("nb", ("123 %", "11 884", "1 976")), ("en", ("123 %", "11,884", "1,976"))):
        assert all(word in layer.note[lang] for word in words)
