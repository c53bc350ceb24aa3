"""Limits moved over facts alone, held against runs with the limit really changed."""

import contextlib
import importlib.util
import io
import re
from pathlib import Path

import pytest

import ikap
from ikap.cli import main

KEYS = ["status", "text_key"]
NEW_LIMITS = """
[farmland.min_remaining_area]
unit = "daa"
[[farmland.min_remaining_area.values]]
from = 2020-01-01
value = 5
source = "Oppdiktet vedtak 2/20"
status = "adopted"
[farmland.min_remaining_width]
unit = "m"
[[farmland.min_remaining_width.values]]
from = 2020-01-01
value = 20
source = "Oppdiktet vedtak 2/20"
status = "adopted"
"""
DECLARED = 'accuracy = { metres = 2.0, source = "Oppdiktet", status = "adopted" }\n'


@pytest.fixture(scope="module")
def squares(squares_at, tmp_path_factory):
    made = squares_at(tmp_path_factory.mktemp("grenser") / "arbeidsområde")
    goals = made.root / "layers/goals.toml"
    goals.write_text(goals.read_text(encoding="utf-8") + NEW_LIMITS, encoding="utf-8")
    box = _box_of(made)
    # fields cut so that what is left is 7, 15 and 35 m wide; one field was 30 m wide to begin with
    made.land(
        a21=[(0, 0, 300, 100), (0, 200, 300, 300), (0, 400, 300, 500), (0, 600, 300, 630)],
        a30=[(-1000, -1000, -10, 1000)],
        a99=[(700, 0, 800, 100)],
    )
    toml = made.root / "layers/ar5.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + DECLARED, encoding="utf-8")
    made.plan(
        ("1110", 2, box(0, 7, 300, 100)),  # takes 27,9 daa, leaves 2,1 daa
        ("1110", 2, box(0, 215, 300, 300)),  # leaves 4,5 daa, 15 m wide
        ("1110", 2, box(0, 435, 300, 500)),  # leaves 10,5 daa, 35 m wide
        ("1110", 2, box(0, 612, 300, 630)),  # 30 m before, leaves 12 m
        ("1110", 2, box(-50, 0, 1, 400)),  # touches 300 m² of farmland
        ("1110", 2, box(700, 0, 800, 100)),  # not mapped
        ("3040", 2, box(-900, -900, -800, -800)),  # no building
    )
    return made


def _box_of(made):
    path = Path(__file__).parents[1] / "end_to_end" / "conftest.py"
    spec = importlib.util.spec_from_file_location("squares_box", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.box


def changed(squares, name, value):
    """Findings of a run with one limit really changed."""
    goals = squares.root / "layers/goals.toml"
    before = goals.read_text(encoding="utf-8")
    pattern = rf"(\[\[{re.escape(name)}\.values\]\]\nfrom = [\d-]+\nvalue = )[\d.]+"
    after, count = re.subn(pattern, rf"\g<1>{value}", before)
    assert count == 1
    goals.write_text(after, encoding="utf-8")
    try:
        return squares.check().findings
    finally:
        goals.write_text(before, encoding="utf-8")


@pytest.fixture(scope="module")
def shown(squares):
    """What `ikap check --sensitivity` prints, and the rows of its CSV."""
    asked = ["check", "--workspace", str(squares.root), "--plan", "forslag", "--sensitivity"]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(asked) == 0
    (path,) = (squares.root / "ut/resultater/forslag").glob("*folsomhet.nb.csv")
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    return out.getvalue().replace("\u202f", " ").replace("\xa0", " "), rows


@pytest.fixture(scope="module")
def moved(squares, shown):
    """The same run's results, as read back."""
    del shown
    return ikap.read_results(squares.root / "ut/resultater/forslag")


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("farmland.max_new_conversion", 20.0),
        ("farmland.map_limit", 250.0),
        ("farmland.min_remaining_area", 10.0),
        ("farmland.min_remaining_width", 40.0),
    ],
)
def test_moving_a_limit_over_facts_gives_what_a_run_with_it_gives(squares, moved, limit, value):
    rows = moved.sensitivity
    rows = rows[(rows["parameter"] == limit) & (rows["value"] == value)]
    assert len(rows)
    then = changed(squares, limit, value)
    for _, row in rows.iterrows():
        one, other = (
            f[f["check"] == row["check"]].set_index("zone_key") for f in (moved.findings, then)
        )
        turned = (one[KEYS] != other.loc[one.index, KEYS]).any(axis=1)
        statuses = other["status"].value_counts()
        told = {name: row[name] for name in ("conflict", "warning", "ok", "unknown")}
        assert told == {name: statuses.get(name, 0) for name in told}, row["check"]
        assert row["turned"] == turned.sum(), row["check"]
        assert row["turned_measured_m2"] == pytest.approx(one.loc[turned, "measured"].sum())
        assert row["sliver"] == other["sliver"].sum()
        assert row["within_accuracy"] == other["within_accuracy"].sum()


def test_counts_are_those_that_you_see_in_the_squares(moved):
    rows = moved.sensitivity.set_index(["check", "parameter", "value"])
    row = rows.loc[("farmland_conversion", "farmland.max_new_conversion", 20.0)]
    # 27,9, 25,5, 19,5 and 5,4 daa: two of the four stay above 20 daa
    assert (row["areas"], row["conflict"], row["turned"]) == (6, 2, 2)
    assert row["turned_measured_m2"] == pytest.approx(19_500 + 5400)
    base = rows.loc[("farmland_conversion", "farmland.max_new_conversion", 0.0)]
    assert (bool(base["in_force"]), base["turned"], base["conflict"]) == (True, 0, 4)
    wider = rows.loc[("farmland_fragments", "farmland.min_remaining_width", 40.0)]
    # the 35 m strip joins; the field of 30 m was too narrow before the plan, and leaves
    assert (base["areas"], wider["turned"]) == (6, 2)


def test_what_decides_the_measuring_is_not_moved(moved):
    rows = moved.sensitivity
    assert "reserve.building_buffer" not in set(rows["parameter"])


def test_without_a_date_no_limit_is_moved(squares):
    region = squares.root / "layers/region.toml"
    text = region.read_text(encoding="utf-8")
    region.write_text(text.replace("as_of = 2026-06-01\n", ""), encoding="utf-8")
    try:
        results = ikap.check(ikap.open_workspace(squares.root), "forslag", sensitivity=True)
    finally:
        region.write_text(text, encoding="utf-8")
    assert len(results.sensitivity) == 0
    assert not list(results.folder.glob("*folsomhet*"))


def test_strip_near_its_limit_is_within_the_accuracy_of_the_map(moved):
    rows = moved.findings[moved.findings["check"] == "farmland_fragments"].set_index("zone_key")
    # the strip is x 1 to 300, y 0 to 7; the plan decides its upper and its left side, so 299 + 7 m
    # of outline may err, σ = 2 m: by 1,96 · 2 · 306 = 1 199,5 m² of 2 093, and the width by
    # 1,96 · 2 · 2 = 7,8 m
    low, high = rows.loc["z0", ["low", "high"]]
    half = 1.959964 * 2 * 306
    assert (low, high) == pytest.approx((2093 - half, 2093 + half), abs=1)
    assert not rows.loc["z0", "within_accuracy"]  # 3,3 daa and 15 m at most: too little anyhow
    assert rows.loc["z1", "within_accuracy"]  # 15 + 7,8 m is wide enough, and 5,8 daa large enough
    assert not rows.loc["z2", "within_accuracy"]  # 9,0 daa and 27 m at least


def test_csv_and_screen_tell_the_same(moved, shown):
    out, rows = shown
    assert len(rows) == len(moved.sensitivity) + 2  # the mark of constructed data, and the head
    assert "Ny omdisponering av jordbruksareal, mest tillatt" in out
    row = next(line for line in out.splitlines() if line.startswith("20,0 daa"))
    assert row.split()[2:5] == ["2", "24,9", "2"]
    (same,) = [r for r in rows if "jordbruksareal, mest tillatt;20;" in r]
    assert ";6;2;" in same
    assert ";24,9;2;" in same
    assert "kan ikke flyttes uten å måle på nytt" in out
