"""Intervals of the statement's tables against simulation, and what is said where there are none.

The lines of the map are moved at random (fixed seed); the plan's lines, municipal borders and belts
round buildings stay. What GEOS then finds in the plan's areas is held against the stated variance.
"""

import csv
import io
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

import ikap
from ikap.cli import main
from ikap.flow.stating import areas_by_purpose, half_by_purpose
from ikap.measure.outlines import edges_of, outlines, stretches
from ikap.measure.rings import Rings
from ikap.results.account_csv import account_csv
from ikap.results.account_tables import REGION, printed_tables
from ikap.texts import Catalogue

E0, N0, Z = 569_000, 7_034_000, 1.959964
RUNS, DEVIATION = 1500, 1.5
NAMES = {"11": "built", "12": "built", "81": "81_82", "82": "81_82"}
ZONES = [  # purpose, status, box; the municipal border is at x = 500
    ("1110", 2, (0, 0, 210, 190)),
    ("1110", 2, (300, 0, 500, 200)),
    ("1110", 2, (300, 200, 480, 400)),  # beside the one before
    ("1110", 2, (500, 0, 700, 200)),  # and across the municipal border
    ("1120", 2, (900, 200, 1090, 420)),  # shares no line with any other
]
HOUSES = [(330, 60, 350, 80), (390, 240, 410, 260), (960, 300, 980, 330)]


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


@pytest.fixture
def land():
    """A coverage of shaken squares with classes at random, and forest with its site index."""
    rng = np.random.default_rng(12)
    grid = np.stack(np.meshgrid(np.arange(15) * 90.0, np.arange(7) * 90.0), axis=2)
    grid[1:-1, 1:-1] += rng.uniform(-25, 25, size=grid[1:-1, 1:-1].shape)
    grid += (E0 - 130, N0 - 60)
    rows, columns = grid.shape[0] - 1, grid.shape[1] - 1
    polygons = [
        shapely.Polygon([grid[i, j], grid[i, j + 1], grid[i + 1, j + 1], grid[i + 1, j]])
        for i in range(rows)
        for j in range(columns)
    ]
    classes = rng.choice(["21", "22", "11", "12", "30", "81", "82"], size=len(polygons))
    index = np.where(classes == "30", rng.choice(["13", "14"], size=len(polygons)), "98")
    return gpd.GeoDataFrame({"arealtype": classes, "skogbonitet": index}, geometry=polygons)


@pytest.fixture
def measured(squares, land):
    squares.layer(
        "ar5",
        "landcover",
        land.geometry,
        "coverage = { own_polygons = true }",
        arealtype=land["arealtype"].tolist(),
        skogbonitet=land["skogbonitet"].tolist(),
        nøyaktighet=[DEVIATION * 100] * len(land),
    )
    squares.buildings(*HOUSES)
    squares.plan(*((purpose, status, box(*b)) for purpose, status, b in ZONES))
    return squares.check()


def columns_of(land):
    """Column of table T4 that each polygon stands in."""
    forest = land["arealtype"] == "30"
    told = land["arealtype"].replace(NAMES)
    return told.mask(forest, "30_" + land["skogbonitet"]).to_numpy(dtype=object)


def single(land, labels, zones):
    """Area of each label in each zone, every vertex moved by itself: `{label: (runs, zones)}`."""
    polygons = np.array(land.geometry, dtype=object)
    distinct, which = np.unique(shapely.get_coordinates(polygons), axis=0, return_inverse=True)
    rng = np.random.default_rng(20261125)
    zone, polygon = shapely.STRtree(polygons).query(zones, predicate="dwithin", distance=10)
    found = {label: np.zeros((RUNS, len(zones))) for label in set(labels)}
    for k in range(RUNS):
        moved = distinct + rng.normal(size=distinct.shape) * DEVIATION
        new = shapely.set_coordinates(polygons.copy(), moved[which.ravel()])
        area = shapely.area(shapely.intersection(new[polygon], zones[zone]))
        for label, sums in found.items():
            mine = labels[polygon] == label
            sums[k] = np.bincount(zone[mine], area[mine], minlength=len(zones))
    return found


def shifted(land, labels, zones):
    """Area swept in each zone when every stretch of line between nodes is moved as one.

    A stretch goes on as far as land that some zone holds a part of; what lies beyond is not read.
    """
    near = shapely.area(shapely.intersection(land.geometry, shapely.union_all(zones))) > 0
    land, labels = land[near], labels[near]
    _, group = np.unique(labels.astype(str), return_inverse=True)
    every = edges_of(Rings.of_geometries(np.array(land.geometry, dtype=object)))
    edges = every.take(outlines(every, group))
    number = stretches(edges).number
    moves = np.random.default_rng(7).normal(size=(RUNS, int(number.max()) + 1, 2)) * DEVIATION
    ends = np.stack([edges.start, edges.start + edges.step], axis=1)
    lines = shapely.linestrings(ends)
    outward = np.stack([edges.step[:, 1], -edges.step[:, 0]], axis=1)
    outward /= shapely.length(lines)[:, None]
    found = {label: np.zeros((RUNS, len(zones))) for label in set(labels)}
    for z, zone in enumerate(zones):
        inside = shapely.length(shapely.intersection(lines, zone))
        for e in np.flatnonzero(inside):
            swept = inside[e] * (moves[:, number[e]] @ outward[e])
            found[labels[edges.polygon[e]]][:, z] += swept
    return found


def stated_cells(results, table, method):
    rows = results.accounts
    rows = rows[(rows["table"] == table) & (rows["method"] == method) & ~rows["herav"]]
    keys = ["municipality", "row", "column"]
    return {tuple(row[k] for k in keys): row for row in rows.to_dict("records")}


def chosen(place, purpose):
    """Zones of a purpose in a municipality."""
    east = np.array([b[0] >= 500 for _, _, b in ZONES])
    mine = np.array([p == purpose for p, _, _ in ZONES])
    return mine & (east == (place == "9902"))


ERROR = np.sqrt(2 / (RUNS - 1))
"""Standard error of the variance of a normal sample, as a share of it."""


@pytest.mark.parametrize("case", ["single", "shift"])
def test_land_cover_of_a_reserve_errs_as_stated(measured, land, case):
    labels, zones = columns_of(land), np.array([box(*b) for _, _, b in ZONES], dtype=object)
    moved = (single if case == "single" else shifted)(land, labels, zones)
    cells, alone = stated_cells(measured, "T4", "KDD"), 0
    for (place, purpose, column), cell in cells.items():
        if not cell["value"] > 0:
            continue
        if column == "built":
            continue  # its lines are those between built and not: see the next test
        sample = moved[column][:, chosen(place, purpose)].sum(axis=1)
        seen = np.var(sample, ddof=1)
        assert cell[f"variance_{case}"] >= seen * (1 - 3 * ERROR) - 1e-6, (place, purpose, column)
        if purpose == "1120":
            alone += 1
            assert cell[f"variance_{case}"] == pytest.approx(seen, rel=3 * ERROR, abs=1e-6)
        half = Z * np.sqrt(max(cell["variance_single"], cell["variance_shift"]))
        assert cell["low"] == pytest.approx(max(cell["value"] - half, 0))
        assert cell["high"] == pytest.approx(cell["value"] + half)
    assert alone >= 3
    region = printed_tables(measured.accounts, "T4", method="KDD")[REGION]
    (row,) = [r for r in region.rows if r.row == "1110"]
    for column, half in row.half_m2.items():
        if column != "built":
            sample = moved[column][:, [p == "1110" for p, _, _ in ZONES]].sum(axis=1)
            assert half >= Z * np.std(sample, ddof=1) * (1 - 1.5 * ERROR)


@pytest.mark.parametrize("case", ["single", "shift"])
def test_built_and_reserve_err_as_stated_and_alike(measured, land, case):
    built = land["arealtype"].isin(["11", "12"])
    labels = np.where(built, "built", "reserve").astype(object)
    zones = np.array([box(*b) for _, _, b in ZONES], dtype=object)
    moved = (single if case == "single" else shifted)(land, labels, zones)
    for method in ("KDD", "SSB"):
        for (place, purpose, column), cell in stated_cells(measured, "T3", method).items():
            if column not in ("built", "reserve") or not cell["value"] > 0:
                continue
            seen = np.var(moved[column][:, chosen(place, purpose)].sum(axis=1), ddof=1)
            assert cell[f"variance_{case}"] >= seen * (1 - 3 * ERROR) - 1e-6
            if purpose == "1120":
                assert cell[f"variance_{case}"] == pytest.approx(seen, rel=3 * ERROR, abs=1e-6)
    t3, t4 = (stated_cells(measured, table, "KDD") for table in ("T3", "T4"))
    for key in [k for k in t3 if k[2] == "built"]:
        twin = t3[*key[:2], "reserve"]
        assert t3[key]["high"] - t3[key]["value"] == pytest.approx(twin["value"] - twin["low"])
        assert t4[key]["high"] == pytest.approx(t3[key]["high"])


@pytest.mark.parametrize("case", ["single", "shift"])
def test_what_belts_leave_errs_no_more_than_stated(measured, land, case):
    labels = columns_of(land)
    belts = shapely.union_all([box(*h).buffer(10) for h in HOUSES])
    left = shapely.difference(np.array([box(*b) for _, _, b in ZONES], dtype=object), belts)
    moved = (single if case == "single" else shifted)(land, labels, left)
    seen_any = 0
    for (place, purpose, column), cell in stated_cells(measured, "T4", "egen").items():
        if column == "built" or column not in moved or not cell["value"] > 0:
            continue
        seen = np.var(moved[column][:, chosen(place, purpose)].sum(axis=1), ddof=1)
        assert cell[f"variance_{case}"] >= seen * (1 - 3 * ERROR)
        seen_any += 1
    assert seen_any > 8


def test_nina_takes_water_too_and_its_lines_count(measured):
    kdd, nina = (stated_cells(measured, "T3", m) for m in ("egen", "NINA"))
    for key, cell in nina.items():
        if key[2] == "built" and cell["value"] > 0:
            assert cell["variance_single"] > kdd[key]["variance_single"]


def test_statement_by_purpose_has_the_same_theory(measured, land):
    labels = land["arealtype"].to_numpy(dtype=object)
    zones = np.array([box(*b) for _, _, b in ZONES], dtype=object)
    table = areas_by_purpose(measured, intervals=True).set_index("purpose")
    halves = half_by_purpose(measured).droplevel([1, 2])
    for move in (single, shifted):
        moved = move(land, labels, zones)
        for purpose in ("1110", "1120"):
            mine = [p == purpose for p, _, _ in ZONES]
            for name in sorted(set(labels)):
                if table.loc[purpose, name] == 0:
                    continue
                sd = np.std(moved[name][:, mine].sum(axis=1), ddof=1)
                assert halves.loc[purpose, name] >= Z * sd * (1 - 1.5 * ERROR), (purpose, name)
                area, half = table.loc[purpose, name], halves.loc[purpose, name]
                assert table.loc[purpose, f"{name}_low"] == pytest.approx(max(area - half, 0))
            rest = sum(v for k, v in moved.items() if k not in ("21", "22"))[:, mine].sum(axis=1)
            assert halves.loc[purpose, "rest"] >= Z * np.std(rest, ddof=1) * (1 - 1.5 * ERROR)


STRIP = [("1110", 2, (0, 0, 100, 100))]


def strip(squares, more="coverage = { own_polygons = true }", **columns):
    """Farmland right of x = 40, built-up left of it: the line crosses the zone over 100 m."""
    squares.layer(
        "ar5",
        "landcover",
        [box(40, -50, 300, 150), box(-300, -50, 40, 150)],
        more,
        arealtype=["21", "11"],
        **columns,
    )
    squares.plan(*((p, s, box(*b)) for p, s, b in STRIP))
    return squares.check()


def test_by_hand_in_every_table_and_export(squares):
    done = strip(squares, nøyaktighet=[100, 100])
    half = Z * 100  # 100 m moved as one by 1 m
    t3, t4 = (stated_cells(done, t, "KDD") for t in ("T3", "T4"))
    assert t3["9901", "1110", "built"]["low"] == pytest.approx(4000 - half)
    assert t3["9901", "1110", "reserve"]["high"] == pytest.approx(6000 + half)
    assert t4["9901", "1110", "21"]["low"] == pytest.approx(6000 - half)
    assert np.isnan(t3["9901", "1110", "set_aside"]["low"])  # the plan's own line is decided
    rows = list(
        csv.reader(io.StringIO(account_csv(done, "T4", Catalogue.load("nb"))), delimiter=";")
    )
    (head,) = [r for r in rows if r[:1] == ["Kommune"]][:1]
    at = head.index("Fulldyrka jord: Nedre grense, 95 % (daa)")
    (told,) = [r for r in rows if r[:1] == ["9901 Vest"] and r[2].startswith("1110")][:1]
    assert told[at : at + 2] == ["5,8", "6,2"]  # 5 804 to 6 196 m², rounded outward


@pytest.mark.parametrize("table", ["T1", "T3", "T4", "T5", "T6"])
def test_every_table_says_what_its_intervals_cover_or_why_there_are_none(squares, table):
    squares.plan(*((p, s, box(*b)) for p, s, b in STRIP))
    text = account_csv(strip(squares, nøyaktighet=[100, 100]), table, Catalogue.load("nb"))
    if table == "T1":
        assert "regnet som vedtatt, uten feil" in text
    elif table == "T6":
        assert "ikke beregnet" in text or text.count("\n") < 8
    else:
        assert "feil klasse" in text
        assert "registrert" in text


def test_unstated_accuracy_is_said_and_no_figure_is_made_up(squares, capsys):
    done = strip(squares)
    cells = stated_cells(done, "T4", "KDD")
    assert all(np.isnan(cell["low"]) for cell in cells.values())
    assert all(np.isnan(cell["variance_single"]) for cell in cells.values())
    for name in ("T3", "T4"):
        text = account_csv(done, name, Catalogue.load("nb"))
        assert "Kartet oppgir ikke hvor nøyaktige linjene er for" in text
    asked = ["statement", "--workspace", str(squares.root), "--plan", "forslag"]
    assert main([*asked, "--intervals"]) == 0
    shown = capsys.readouterr().out
    assert "± 95 %" in shown
    assert "ukjent" in shown.split("± 95 %")[1].splitlines()[0]
    assert "Kartet oppgir ikke hvor nøyaktige linjene er for: Fulldyrka" in shown


def test_screen_tells_the_widest_or_all(squares, capsys, monkeypatch):
    strip(squares, nøyaktighet=[100, 100])
    monkeypatch.setenv("COLUMNS", "80")
    asked = ["statement", "--workspace", str(squares.root), "--plan", "forslag"]
    for more in ([], ["--table", "T3"], ["--table", "T4"]):
        assert main([*asked, *more]) == 0
        plain = capsys.readouterr().out
        assert "det bredeste" in plain
        assert "± 95 %" not in plain
        assert main([*asked, *more, "--intervals"]) == 0
        shown = capsys.readouterr().out
        (line, *_) = [row for row in shown.splitlines() if "± 95 %" in row]
        assert "0,2" in line  # 196 m², rounded up
        assert max(len(row) for row in shown.splitlines()) <= 80
    assert main([*asked, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["21_low"] == pytest.approx(6000 - Z * 100)
    assert row["21"] + row["11"] == pytest.approx(row["sum"])


def test_old_results_without_intervals_can_be_read(squares):
    done = strip(squares, nøyaktighet=[100, 100])
    import pandas as pd  # noqa: PLC0415

    for name in ("accounts", "statement"):
        path = done.folder / f"{name}.parquet"
        lost = ["low", "high", "variance_single", "variance_shift"]
        pd.read_parquet(path).drop(columns=lost).to_parquet(path)
    old = ikap.results.read(done.folder)
    assert "Ukjent" in account_csv(old, "T4", Catalogue.load("nb"))
    assert half_by_purpose(old)["21"].isna().all()
