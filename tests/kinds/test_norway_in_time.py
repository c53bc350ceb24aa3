"""All of Norway through 2020 and 2024, from other people's files: sums are kept, jumps unknown.

NINA's list has every municipality of 2019 and what it became in 2020. The population file has the
numbers of 2023 and of 2024 for each row. SSB's built-up series has the numbers of 2024 and noughts
where a municipality was not there, which look like growth from nothing (peers.md T11).
"""

import math
from collections import defaultdict
from dataclasses import replace
from datetime import date

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from ikap.history import history_faults
from ikap.kinds import population
from ikap.kinds.counties import county_on
from ikap.kinds.municipal_borders import on_todays_numbers
from ikap.kinds.municipal_time import on_todays_borders
from ikap.kinds.numbers import mended_numbers
from ikap.model import LayerDeclaration, Municipality, ParameterStatus, Region, Weights
from ikap.sources import tables
from ikap.sources.ledger import Ledger

pytestmark = pytest.mark.realdata
JUMPS = ("1806", "1875", "5055", "5056", "5059")
END, START = date(2019, 12, 31), date(2020, 1, 1)


def region_of(members, history=()):
    return Region("norge", {"nb": "Norge"}, "EPSG:25833", tuple(members), history=tuple(history))


@pytest.fixture(scope="module")
def ways(realdata):
    """Pairs of old and new number with their counties, 2019 and 2020, cell by cell."""
    path = realdata / "codes" / "nina_kommune_fylker.xlsx"
    book = openpyxl.load_workbook(path, read_only=True)
    _, *rows = book.active.iter_rows(values_only=True)
    book.close()
    return [(f"{int(r[2]):04}", f"{int(r[6]):04}", r[0], r[4]) for r in rows]


@pytest.fixture(scope="module")
def norway(ways):
    """Norway of 2020 with what each municipality was in 2019."""
    became = defaultdict(list)
    for old, new, *_ in ways:
        became[old].append(new)
    members = [Municipality(n, n, START) for n in sorted({new for _, new, *_ in ways})]
    history = [
        Municipality(old, old, date(1964, 1, 1), END, tuple(new))
        for old, new in sorted(became.items())
        if new != [old]
    ]
    members = [  # those that kept their number were there before
        replace(m, valid_from=date(1964, 1, 1)) if became.get(m.number) == [m.number] else m
        for m in members
    ]
    grown = {h.number for h in history}
    assert not grown & {m.number for m in members if m.valid_from < START}
    return region_of(members, history)


def carried(region, figures, value="personer", inndeling=None):
    """Table on today's borders from `{(number, year): figure}`."""
    rows = [(n, y, v, inndeling, f"{n}:{y}") for (n, y), v in figures.items()]
    frame = pd.DataFrame(rows, columns=["kommunenummer", "år", value, "inndeling", "source_id"])
    ledger = Ledger("x.csv", "x")
    table = on_todays_borders(frame, region, value, ledger)
    return table.set_index("kommunenummer"), ledger


def test_the_whole_country_is_a_possible_history(norway):
    assert list(history_faults(norway, "region.toml")) == []
    assert (len(norway.municipalities), len(norway.history)) == (356, 309)


def test_sums_are_kept_and_only_the_split_ones_are_unknown(norway, ways):
    """Old figures 1, 2, 4 ... by place in the list: what is known and what is not is the whole."""
    old = sorted({o for o, *_ in ways})
    figures = {(number, 2019): float(i + 1) for i, number in enumerate(old)}
    table, _ = carried(norway, figures)
    unknown = table[table["personer"].isna()]
    assert tuple(sorted(unknown.index)) == JUMPS
    split = figures["1850", 2019] + figures["5012", 2019]  # Tysfjord and Snillfjord
    assert table["kjent_del"].sum() + split == sum(figures.values())
    for number in JUMPS:
        assert "(delt)" in unknown.loc[number, "mangler"]


def test_with_stated_shares_nothing_is_lost_or_made(norway, ways):
    shares = {
        "1850": {"1806": 0.4, "1875": 0.6},
        "5012": {"5055": 0.35, "5056": 0.40, "5059": 0.25},
    }
    stated = {n: (Weights(s, "oppdiktet", ParameterStatus.ASSUMPTION),) for n, s in shares.items()}
    history = [replace(u, weights=stated.get(u.number, ())) for u in norway.history]
    region = replace(norway, history=tuple(history))
    assert list(history_faults(region, "region.toml")) == []
    old = sorted({o for o, *_ in ways})
    figures = {(number, 2019): float(i + 1) for i, number in enumerate(old)}
    table, ledger = carried(region, figures)
    assert table["personer"].notna().all()
    assert table["personer"].sum() == pytest.approx(sum(figures.values()), rel=1e-12)
    assert sorted(table.index[table["fordeling"] == "assumption"]) == list(JUMPS)
    told = [q for q in ledger.quality if q.what == "municipal_time.shared_assumed"]
    assert sorted(q.source_id for q in told) == list(JUMPS)


def test_counties_of_2019_and_2020_are_those_of_the_list(ways):
    for old, new, county_2019, county_2020 in ways:
        assert county_on(old, date(2019, 1, 1)).number == f"{int(county_2019):02}"
        assert county_on(new, date(2020, 1, 1)).number == f"{int(county_2020):02}"


@pytest.fixture(scope="module")
def people(realdata):
    table = pd.read_csv(realdata / "statistics" / "population_2000_2050.csv", dtype=str)
    for column in ("kommunenummer", "iKomNr2023"):
        table[column] = mended_numbers(table[column], Ledger("x", "x"))  # Oslo is 301 there
    return table.set_index("kommunenummer")


@pytest.fixture(scope="module")
def norway_2024(people):
    """Norway of 2024 with what each municipality was in 2023: Ålesund alone was split."""
    became = defaultdict(list)
    for now, before in people["iKomNr2023"].items():
        became[before].append(now)
    kept = {before for before, now in became.items() if now == [before]}
    members = [
        Municipality(n, people.loc[n, "KomNavn"], START if n in kept else date(2024, 1, 1))
        for n in sorted(people.index)
    ]
    history = [
        Municipality(b, b, START, date(2023, 12, 31), tuple(now))
        for b, now in sorted(became.items())
        if b not in kept
    ]
    return region_of(members, history)


def test_population_on_the_numbers_of_2023_is_carried_with_its_sum(norway_2024, people):
    before = people.assign(p=people["pop2022"].astype(float)).groupby("iKomNr2023")["p"].sum()
    table, _ = carried(norway_2024, {(n, 2022): p for n, p in before.items()})
    unknown = table[table["personer"].isna()]
    assert list(unknown.index) == ["1508", "1580"]
    assert table["personer"].sum() + before["1507"] == before.sum() == 5_425_270
    known = table["personer"].dropna()
    pd.testing.assert_series_equal(
        known, people.loc[known.index, "pop2022"].astype(float), check_names=False
    )


def test_residents_of_a_split_are_right_with_the_share_that_the_office_gives(norway_2024, people):
    """Ålesund 57,690 and Haram 9,424 of 67,114 in 2022."""
    shares = {"1508": 57690 / 67114, "1580": 9424 / 67114}
    weights = (Weights(shares, "SSB, 1.1.2022", ParameterStatus.ADOPTED, ("personer",)),)
    history = [
        replace(u, weights=weights) if u.number == "1507" else u for u in norway_2024.history
    ]
    region = replace(norway_2024, history=tuple(history))
    table, ledger = carried(region, {("1507", 2022): 67114.0})
    assert table.loc["1508", "personer"] == pytest.approx(57690)
    assert table.loc["1580", "personer"] == pytest.approx(9424)
    assert {q.what for q in ledger.quality} >= {"municipal_time.shared"}
    built, _ = carried(region, {("1507", 2022): 46.84}, "bebygd_km2")
    assert math.isnan(built.loc["1508", "bebygd_km2"])  # shares of residents are none of ground


@pytest.fixture(scope="module")
def built(realdata):
    """SSB's series as `{(number, year): km²}`, numbers as text with their leading nought."""
    path = realdata / "statistics" / "ssb_arealbruk_2011_2022.csv"
    table = pd.read_csv(path, dtype={"kommunenummer": str})
    table["kommunenummer"] = mended_numbers(table["kommunenummer"], Ledger("x", "x"))
    years = {f"areal_{y}": y for y in range(2017, 2023)}
    long = table.melt("kommunenummer", list(years), "år", "km2")
    return {(n, years[y]): float(v) for n, y, v in long.itertuples(index=False)}


@pytest.fixture(scope="module")
def history_2017(norway, norway_2024):
    """Norway of 2024 back through 2020 to 2019."""
    today = {m.number: m for m in norway_2024.municipalities}
    middle = {m.number: m for m in norway_2024.history}
    for m in norway.municipalities:  # of 2020, and there today or renumbered in 2024
        if m.number in today and m.valid_from == START:
            today[m.number] = replace(today[m.number], valid_from=START)
        elif m.number in today:
            today[m.number] = replace(today[m.number], valid_from=date(1964, 1, 1))
        elif m.valid_from < START:
            middle[m.number] = replace(middle[m.number], valid_from=date(1964, 1, 1))
    region = region_of(today.values(), (*norway.history, *middle.values()))
    assert list(history_faults(region, "region.toml")) == []
    return region


@pytest.mark.parametrize("inndeling", [None, 2020, 2024])
def test_false_jumps_of_the_built_up_series_are_unknown(history_2017, built, inndeling):
    """Whatever division the table is said to stand on, no municipality grows out of nothing."""
    table, _ = carried(history_2017, built, "bebygd_km2", inndeling)
    for number in JUMPS:
        rows = table.loc[number].set_index("år")["bebygd_km2"]
        assert rows[[2017, 2018, 2019]].isna().all(), number
        assert rows[[2020, 2021, 2022]].notna().all(), number
        assert rows[2022] == built[number, 2022]
    haram = table.loc["1580"].set_index("år")["bebygd_km2"]
    assert haram[[2020, 2021, 2022]].isna().all()  # 0 in the file, while Ålesund has the ground
    twin = table.loc["1508"].set_index("år")["bebygd_km2"]
    assert twin[[2020, 2021, 2022]].isna().all()
    known = table.dropna(subset="bebygd_km2")
    for number, rows in known.groupby(level=0):
        figures = rows.set_index("år")["bebygd_km2"]
        steps = (figures / figures.shift()).dropna()
        assert steps.between(0.7, 1.6).all(), number  # Flekkefjord 2022: 55 % in the file


def test_on_the_borders_of_2024_every_other_figure_stands_as_it_is(history_2017, built):
    table, _ = carried(history_2017, built, "bebygd_km2", 2024)
    known = table.dropna(subset="bebygd_km2").reset_index()
    assert len(known) == len(built) - 3 * 5 - 2 * 3
    for number, year, value in known[["kommunenummer", "år", "bebygd_km2"]].itertuples(index=False):
        assert value == built[number, year]


def test_a_border_file_of_2020_gives_the_municipalities_of_2024(norway_2024, realdata):
    """Numbers as integers, Oslo 301; Viken, Vestfold og Telemark, Troms og Finnmark renumbered."""
    file = gpd.read_file(realdata / "municipalities" / "kommuner_2020_l.geojson")
    numbers = mended_numbers(file["kommunenummer"].astype(str), Ledger("x", "x"))
    frame = file.assign(kommunenummer=numbers, navn="gammelt navn")
    ledger = Ledger("x", "x")
    made = on_todays_numbers(frame, norway_2024, ledger)
    today = {m.number: m.name for m in norway_2024.municipalities}
    assert set(today) - set(made["kommunenummer"]) == {"1508", "1580"}
    assert made.set_index("kommunenummer").loc["3205", "navn"] == today["3205"] == "Lillestrøm"
    assert (
        sum(q.what == "municipality.carried" for q in ledger.quality) == 113
    )  # all that were renumbered in 2024
    assert made.geometry.equals(frame.geometry)


def test_population_is_read_from_other_regions_with_numbers_as_excel_has_them(tmp_path):
    """Oslo as 301.0 and Lillestrøm by its number of 2023."""
    path = tmp_path / "folkemengde.csv"
    path.write_text("kommunenummer;år;personer\n301.0;2022;699827\n3030;2022;89095\n", "utf-8")
    region = region_of(
        [
            Municipality("0301", "Oslo", date(1964, 1, 1)),
            Municipality("3205", "Lillestrøm", date(2024, 1, 1)),
        ],
        [Municipality("3030", "Lillestrøm", START, date(2023, 12, 31), ("3205",))],
    )
    declared = LayerDeclaration(
        "folk", "population", {}, "", "", {"from": "tables", "path": str(path)}, tmp_path
    )
    layer = population.canonical(tables.read(declared), declared, region)
    cells = layer.frame.set_index("kommunenummer")
    assert dict(cells["personer"]) == {"0301": 699827, "3205": 89095}
    assert dict(cells["fylke"]) == {"0301": "03", "3205": "30"}
