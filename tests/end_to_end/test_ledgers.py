"""The three ledgers of farmland through the whole flow: worked example 12, and counts by GEOS.

The large world is three grids of boxes that do not fit one another: plan now, proposal and land,
with a building, an area in two parts and holes in each. Every cell of the ledgers is counted anew
by overlaying geometry with shapely, by rules that are written out here once more.
"""

import csv
import io
import random

import pandas as pd
import pytest
import shapely
from shapely import box as plain_box

import ikap
from ikap.errors import InputError
from ikap.flow.account_screen import account_text
from ikap.flow.discovery import catalogues, discover
from ikap.flow.stating import stated
from ikap.pages.ledgers import ledgers
from ikap.pages.plan import open_plan
from ikap.pages.words import Words
from ikap.results.account_csv import account_csv
from ikap.results.account_tables import LAYOUTS, REGION, SUM, printed_tables
from ikap.results.ledgers import LEDGERS

from .conftest import E0, N0, squares_at

TABLE = """
kind = "farmland_decisions"
title = { nb = "Vedtak", en = "Decisions" }
owner = "Konstruerte data"
licence = "CC0-1.0"
constructed = true
source = { from = "tables", path = "data/vedtak.csv" }
"""
USES = '[use]\nfarmland_before = ["ar5_gammel"]\nfarmland_decisions = ["vedtak"]\n'


def box(x1, y1, x2, y2):
    return plain_box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def cells(results, table):
    """`{(municipality, part, row, column): (value, unknown)}`, strips (herav) left out."""
    rows = results.accounts
    rows = rows[(rows["table"] == table) & ~rows["herav"]]
    keys = rows[["municipality", "part", "row", "column"]].itertuples(index=False, name=None)
    return dict(zip(keys, zip(rows["value"], rows["unknown"], strict=True), strict=True))


def shown(results, table, lang="nb", place=None):
    words = catalogues(discover(ikap.open_workspace(results.folder.parents[2])).checks)[lang]
    text = account_text(results, table, words, method=None, place=place, width=80)
    return [" ".join(line.split()) for line in text.splitlines()]


def sheet(results, table, lang="nb"):
    """`{(place, part, row): {heading: text}}` of the CSV."""
    words = catalogues(discover(ikap.open_workspace(results.folder.parents[2])).checks)[lang]
    lines = list(csv.reader(io.StringIO(account_csv(results, table, words)), delimiter=";"))
    head = next(i for i, line in enumerate(lines) if len(line) > 3)
    rows = [line for line in lines[head + 1 :] if len(line) == len(lines[head])]
    return {tuple(row[:3]): dict(zip(lines[head][3:], row[3:], strict=True)) for row in rows}


def farmland_layer(squares, name, cells, dated="2025-06-01"):
    squares.layer(
        name,
        "landcover",
        [geometry for _, geometry in cells],
        f"coverage = {{ own_polygons = true }}\ndated = {dated}",
        arealtype=[code for code, _ in cells],
        lokalid=[f"{name}-{i}" for i in range(len(cells))],
    )


# --- worked example 12 ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    """282 × 300 m of new housing on ploughed land (84.6 daa); 70 × 300 m taken out (21.0 daa)."""
    squares = squares_at(tmp_path_factory.mktemp("tolv") / "ws")
    land = [("21", box(0, 0, 282, 300)), ("22", box(300, 0, 370, 300))]
    hole = shapely.union_all([geometry for _, geometry in land])
    farmland_layer(squares, "ar5", [*land, ("30", box(-1000, -1000, 2000, 1000) - hole)])
    east = ("5100", None, box(500, 0, 600, 100))  # the plans speak for both municipalities
    now = [("5100", None, box(0, 0, 282, 300)), ("1110", 2, box(300, 0, 370, 300)), east]
    then = [("1110", 2, box(0, 0, 282, 300)), ("5100", None, box(300, 0, 370, 300)), east]
    squares.plan(*now, name="gjeldende", role="adopted")
    squares.plan(*then, name="forslag")
    return stated(ikap.open_workspace(squares.root), "forslag", against="gjeldende")


def test_worked_example_12_to_the_digit(twelve):
    found = {k: v for k, v in cells(twelve, "J1").items() if k[1] != "objection"}
    assert found == {
        ("9901", "future", "1110", "new_21"): (pytest.approx(84_600), 0.0),
        ("9901", "future", "1110", "out_22"): (pytest.approx(21_000), 0.0),
    }
    lines = shown(twelve, "J1")
    assert "1110 Boligbebyggelse 84,6 21,0 +63,6 7,05" in lines  # 84.6 / 12 years = 7.05
    assert "Sum 84,6 21,0 +63,6 7,05" in lines
    english = shown(twelve, "J1", "en")
    assert "1110 Housing 84.6 21.0 +63.6 7.05" in english
    row = sheet(twelve, "J1")["Hele regionen", "Framtidig (status 2)", "1110 Boligbebyggelse"]
    assert row["Nytt: Fulldyrka jord (daa)"] == row["Nytt (daa)"] == "84,6"
    assert row["Tatt ut: Overflatedyrka jord (daa)"] == row["Tatt ut (daa)"] == "21"
    assert row["Endring i planlagt omdisponering, minst (daa)"] == "63,6"
    assert row["Endring i planlagt omdisponering, mest (daa)"] == "63,6"
    assert row["Nytt per år (daa)"] == "7,05"


def test_each_ledger_says_what_it_is_and_that_they_are_never_added(twelve):
    told = {name: " ".join(shown(twelve, name)) for name in ("J1", "J2", "J3")}
    for text in told.values():
        assert "De skal ikke legges sammen eller trekkes fra hverandre." in text
    assert "Planperiode = 12 år (forutsetning, ikke vedtatt)" in told["J1"]
    goal = "Nasjonalt jordvernmål: høyst 2 000 daa per år"
    plain = {
        name: text.replace("\u202f", " ").replace("\u00a0", " ") for name, text in told.items()
    }
    assert [goal in plain[name] for name in ("J1", "J2", "J3")] == [False, True, False]


def test_ledgers_without_data_are_unknown_with_the_reason(twelve):
    for name, reason in (
        ("J2", "Vedtaksregnskapet er ukjent: ingen tabell med vedtak er lagt inn."),
        ("J3", "Grunnregnskapet er ukjent: det trengs to årganger av AR5, og den eldste"),
    ):
        values = cells(twelve, name)
        assert values
        assert all(pd.isna(v) and pd.isna(u) for v, u in values.values())
        assert reason in " ".join(shown(twelve, name))


def test_under_objection_is_unknown_and_never_none(twelve):
    values = {k: v for k, v in cells(twelve, "J1").items() if k[1] == "objection"}
    assert {k[0] for k in values} == {"9901", "9902"}
    assert all(pd.isna(v) and pd.isna(u) for v, u in values.values())
    assert "Alle formål Ukjent Ukjent Ukjent Ukjent" in shown(twelve, "J1")


# --- a world of grids, counted anew --------------------------------------------------------------

SEED = 12
PURPOSES = [
    ("1110", 2),
    ("1110", 1),
    ("1300", 3),
    ("2010", 2),
    ("5100", None),
    ("5100", None),
    ("5200", None),
    ("1110", None),
    (None, None),
]
LAND = ["21", "21", "22", "23", "30", "50", "60", "11", "12", "81", "99", None]
BUILDING = {"future", "further", "adopted"}
MUNICIPALITIES = {"9901": box(-1000, -1000, 500, 1000), "9902": box(500, -1000, 2000, 1000)}
HOUSE = (180, 180, 200, 200)


def grid(chance, step, choices):
    """Boxes over 0 to 1,000 m east and 0 to 400 m north, with a code each; None is a hole."""
    found = []
    for x in range(0, 1000, step):
        for y in range(0, 400, step):
            code = chance.choice(choices)
            if code not in (None, (None, None)):
                found.append((code, box(x, y, min(x + step, 1000), min(y + step, 400))))
    return found


def meaning(purpose, status):
    if purpose.startswith("51"):
        return "none"
    if purpose.startswith("52"):
        return "spread"
    return {1: "adopted", 2: "future", 3: "further", None: "unclear"}[status]


@pytest.fixture(scope="module")
def world():
    chance = random.Random(SEED)  # noqa: S311 (the same world every time)
    around = box(-1000, -1000, 2000, 1000) - box(0, 0, 1000, 400)  # wood, so that all is mapped
    land = [[*grid(chance, step, LAND), ("30", around)] for step in (110, 90)]
    return {
        "now": grid(chance, 150, PURPOSES),
        "then": grid(chance, 130, PURPOSES),
        "land": land[0],
        "before": land[1],
    }


def built(squares, world):
    farmland_layer(squares, "ar5", world["land"])
    farmland_layer(squares, "ar5_gammel", world["before"], "2015-06-01")
    for name, key, role in (("gjeldende", "now", "adopted"), ("forslag", "then", "proposal")):
        zones = [(purpose, status, g) for (purpose, status), g in world[key]]
        squares.plan(*zones, name=name, role=role)
    squares.buildings(HOUSE)
    rows = [
        "kommunenummer;år;dyrka_jordloven_daa;dyrka_pbl_daa;tilbakeført_daa",
        "9901;2022;3,5;10;2",
        "9901;2023;0;1 250;",
        "9902;2023;4;;0",
    ]
    (squares.root / "layers/data/vedtak.csv").write_text("\n".join(rows), encoding="utf-8")
    squares.toml("vedtak", TABLE)
    with_uses(squares, *USES.splitlines()[1:])
    return stated(ikap.open_workspace(squares.root), "forslag", against="gjeldende")


@pytest.fixture(scope="module")
def made(world, tmp_path_factory):
    return built(squares_at(tmp_path_factory.mktemp("rutene") / "ws"), world)


def with_outside(plan, place):
    """Areas of a plan in a municipality, and what it leaves out."""
    own = [(*code, meaning(*code), shapely.intersection(g, place)) for code, g in plan]
    rest = place - shapely.union_all([g for *_, g in own])
    return [*((p, m, g) for p, _, m, g in own if g.area > 0), ("not_in_plan", "not_in_plan", rest)]


def counted_plan(world):
    """J1 by overlay: `{key: value}` and `{key: unknown}`."""
    house = shapely.buffer(box(*HOUSE), 10, quad_segs=128)
    known, unknown = {}, {}

    def add(key, land, area):
        if land == "hole" or key[3].endswith("?"):
            key = (*key[:3], key[3].rstrip("?") + "_not_covered")
            unknown[key] = unknown.get(key, 0.0) + area
        elif land in ("21", "22", "23"):
            key = (*key[:3], f"{key[3]}_{land}")
            known[key] = known.get(key, 0.0) + area

    pieces = {"hole": [shapely.union_all([g for c, g in world["land"] if c == "99"])]}
    for code in ("21", "22", "23"):
        pieces[code] = [g for c, g in world["land"] if c == code]
    mapped = shapely.union_all([g for _, g in world["land"]])
    pieces["hole"].append(box(0, 0, 1000, 400) - mapped)
    for number, place in MUNICIPALITIES.items():
        for new, new_for, mine in with_outside(world["then"], place):
            for old, old_for, theirs in with_outside(world["now"], place):
                both = shapely.intersection(mine, theirs)
                if both.area == 0:
                    continue
                for land, shapes in pieces.items():
                    ground = shapely.intersection(both, shapely.union_all(shapes))
                    for key in keys_of(number, (new, new_for), (old, old_for)):
                        adopted = key[1] == "adopted" and land != "hole"
                        area = (ground - house if adopted else ground).area
                        farmland = land != "hole"
                        if area > 0 and (farmland or land == "hole"):
                            add(key, land, area)
    return known, unknown


def keys_of(number, new, old):
    """Which cells ground belongs to; a question mark where nobody knows whether it does."""
    (becomes, becomes_for), (was, was_for) = new, old
    for group in (BUILDING, {"spread"}):
        if becomes_for in group and was_for not in group:
            doubt = "?" if was_for == "unclear" else ""
            yield (number, becomes_for, becomes, f"new{doubt}")
        if was_for in group and becomes_for not in group:
            side = "left" if becomes_for == "not_in_plan" else "out"
            yield (number, was_for, was, side + ("?" if becomes_for == "unclear" else ""))
    if becomes_for == "unclear" and was_for not in BUILDING:
        yield (number, "unclear", becomes, "new?")
    if was_for == "unclear" and becomes_for not in BUILDING:
        yield (number, "unclear", was, "out?")


def test_plan_ledger_is_what_an_overlay_by_hand_counts(world, made):
    known, unknown = counted_plan(world)
    mine = {k: v for k, v in cells(made, "J1").items() if k[1] != "objection"}
    assert {k: v for k, (v, _) in mine.items() if v} == pytest.approx(known, abs=0.01)
    assert {k: u for k, (_, u) in mine.items() if u} == pytest.approx(unknown, abs=0.01)
    columns = {key[3] for key in known}
    assert {column.split("_")[0] for column in columns} == {"new", "out", "left"}
    assert {column.split("_")[1] for column in columns} == {"21", "22", "23"}
    assert {key[1] for key in known} == {"future", "further", "adopted", "spread"}
    assert {key[3] for key in unknown} >= {"new_not_covered", "out_not_covered"}


def test_ground_ledger_is_what_an_overlay_by_hand_counts(world, made):
    names = {"30": "cultivated", "50": "cultivated", "60": "cultivated"}
    expected = {}

    def add(number, land, column, area):
        if area > 0:
            key = (number, "", land, column)
            expected[key] = expected.get(key, 0.0) + area

    for number, place in MUNICIPALITIES.items():
        for old, a in world["before"]:
            own = shapely.intersection(a, place)
            if old in ("21", "22", "23"):
                add(number, old, "before", own.area)
            for new, b in world["land"]:
                area = shapely.intersection(own, b).area
                if old in ("21", "22", "23") and new in ("11", "12"):
                    add(number, old, "built", area)
                elif old in ("21", "22", "23") and new in ("30", "50", "60", "81"):
                    add(number, old, "to_other", area)
                elif new in ("21", "22", "23") and old in ("11", "12", "81", *names):
                    add(number, new, names.get(old, "from_other"), area)
                elif {old, new} <= {"21", "22", "23"} and old != new:
                    add(number, old, "to_class", area)
                    add(number, new, "from_class", area)
        for new, b in world["land"]:
            if new in ("21", "22", "23"):
                add(number, new, "after", shapely.intersection(b, place).area)
    mine = {k: v for k, (v, _) in cells(made, "J3").items() if v}
    assert mine == pytest.approx(expected, abs=0.01)
    assert len(expected) > 30
    unknown = {k: u for k, (_, u) in cells(made, "J3").items() if k[2] == "unmapped"}
    for number, place in MUNICIPALITIES.items():  # where a vintage has a hole, nobody knows
        for side, other, codes, column in (
            ("land", "before", ("11", "12"), "built"),
            ("before", "land", ("30", "50", "60"), "cultivated"),
        ):
            mapped = shapely.union_all([g for c, g in world[other] if c != "99"])
            there = shapely.union_all([g for c, g in world[side] if c in codes])
            lost = shapely.intersection(there - mapped, place).area
            assert unknown.get((number, "", "unmapped", column), 0.0) == pytest.approx(
                lost, abs=0.01
            )


def test_ground_adds_up_class_by_class_with_what_is_not_mapped(made):
    """before − all that left + all that came = after, once what one vintage lacks is let in."""
    mine = cells(made, "J3")
    assert sum(u for (_, _, _, column), (_, u) in mine.items() if column == "built") > 1_000
    for number in MUNICIPALITIES:
        for land in ("21", "22", "23"):
            at = {c: mine.get((number, "", land, c), (0.0, 0.0)) for c in LOST + CAME}
            low = at["before"][0] - sum(at[c][0] for c in LOST[1:]) - at["built"][1]
            came = sum(at[c][0] for c in CAME[:-1]) + at["cultivated"][1]
            assert low + came == pytest.approx(at["after"][0], abs=0.01)


LOST = ("before", "built", "to_other", "to_class")
CAME = ("cultivated", "from_other", "from_class", "after")


def test_a_hole_in_the_map_makes_the_change_a_range_and_a_class_unknown(made):
    lines = shown(made, "J3")
    change = next(line for line in lines if line.startswith("Endring "))
    assert change.startswith("Endring Ukjent Ukjent Ukjent Ukjent ")  # three classes, and no class
    assert " til " in change or change.endswith("Ukjent")
    built_down = next(line for line in lines if line.startswith("Nedbygd "))
    assert "≥" in built_down
    assert "Sammenliknet: ar5_gammel (1. juni 2015) mot ar5 (1. juni 2025)." in " ".join(lines)


def test_decisions_stand_as_published_and_what_is_not_is_unknown(made):
    mine = cells(made, "J2")
    part = "decided_cultivated"
    assert mine["9901", part, "2022", "land_act"] == (3_500, 0)
    assert mine["9901", part, "2023", "planning_act"] == (1_250_000, 0)  # «1 250» in the file
    assert mine["9902", part, "2023", "returned"] == (0, 0)  # a published nought
    for key in (("9901", "2023", "returned"), ("9902", "2022", "land_act")):
        value, unknown = mine[key[0], part, key[1], key[2]]
        assert pd.isna(value)
        assert pd.isna(unknown)
    lines = [line.replace("\u202f", " ").replace("\u00a0", " ") for line in shown(made, "J2")]
    assert "2022 ≥ 3,5 ≥ 10,0 ≥ 13,5 ≥ 2,0" in lines  # the other municipality is not known
    assert "2023 4,0 ≥ 1 250,0 ≥ 1 254,0 Ukjent" in lines
    own = [line.replace("\u202f", " ") for line in shown(made, "J2", place="9901")]
    assert "2022 3,5 10,0 13,5 2,0" in own


def test_side_by_side_has_the_figures_of_the_tables_and_no_sum_of_them(made):
    workspace = ikap.open_workspace(made.folder.parents[2])
    words = Words(catalogues(discover(workspace).checks)["nb"])
    view = ledgers(open_plan(made.folder), words)
    heads = [head for part in view.parts for head in part.heads]
    rows = {number: dict(zip(heads, cells, strict=True)) for number, _, cells in view.rows}
    assert list(rows) == ["9901", "9902", "region"]
    assert [part.title for part in view.parts] == ["Plan", "Vedtak", "Grunn"]
    screen = next(x for x in reversed(shown(made, "J1")) if x.startswith("Sum "))
    assert rows["region"]["Nytt"] in screen
    assert rows["9901"]["Omdisponert, år 2023"].replace("\u202f", " ") == "1 250,0"
    assert rows["9902"]["Omdisponert, år 2023"] == "≥ 4,0"  # one law is not published
    ground = next(x for x in shown(made, "J3") if x.startswith("Nedbygd "))
    assert ground.endswith(rows["region"]["Nedbygd"].replace("\u202f", " "))
    goals = [part.name for part in view.parts if "jordvernmål" in " ".join(part.notes)]
    assert goals == ["J2"]


@pytest.mark.parametrize("name", LEDGERS)
def test_printed_figures_add_up_over_places_rows_and_classes(made, name):
    tables = printed_tables(made.accounts, name)
    groups = LAYOUTS[name].groups

    for place in tables:
        for row in tables[place].rows:
            for group, columns in groups.items():
                parts = [row.values.get(c, 0.0) for c in columns]
                known = [value for value in parts if not pd.isna(value)]
                if not pd.isna(row.values[group]):
                    assert row.values[group] == pytest.approx(sum(known), abs=1e-9)
    known = {}
    for place, table in tables.items():
        for row in table.rows:
            for group in groups:
                value = row.values[group]
                known[place, row.part, row.row, group] = 0.0 if pd.isna(value) else value
    for (place, part, row, group), value in known.items():
        if place == REGION:
            own = [v for k, v in known.items() if k[0] != REGION and k[1:] == (part, row, group)]
            assert value == pytest.approx(sum(own), abs=1e-9)
        if row == SUM:
            own = [
                v
                for k, v in known.items()
                if (k[0], k[1], k[3]) == (place, part, group) and k[2] != SUM
            ]
            assert value == pytest.approx(sum(own), abs=1e-9)
    assert any(value > 0 for value in known.values())


def test_gross_figures_are_kept_and_nothing_is_netted(made):
    """No column of any ledger is a difference; the differences stand beside, within one ledger."""
    names = {(k[0], c[3]) for k in [(t,) for t in ("J1", "J2", "J3")] for c in cells(made, k[0])}
    assert {c for t, c in names if t == "J2"} == {"land_act", "planning_act", "returned"}
    assert not [c for _, c in names if "net" in c or "change" in c]
    assert all(
        v >= 0 for t in ("J1", "J2", "J3") for v, _ in cells(made, t).values() if not pd.isna(v)
    )
    heads = next(iter(sheet(made, "J2").values()))
    assert not [head for head in heads if "ndring" in head]


def test_order_and_splitting_change_no_figure(world, made, tmp_path_factory):
    chance = random.Random(1)  # noqa: S311 (the same order every time)
    other = {key: halved(rows) for key, rows in world.items()}
    for rows in other.values():
        chance.shuffle(rows)
    again = built(squares_at(tmp_path_factory.mktemp("delt") / "ws"), other)
    for name in ("J1", "J2", "J3"):
        one, two = cells(made, name), cells(again, name)
        assert one.keys() == two.keys()
        for k in one:
            assert two[k] == pytest.approx(one[k], abs=0.01, nan_ok=True), (name, k)


def halved(rows):
    """Every polygon in two, cut where its box is widest."""
    found = []
    for code, shape in rows:
        x1, y1, x2, y2 = shape.bounds
        middle = round((x1 + x2) / 2 + 3)
        sides = plain_box(x1, y1, middle, y2), plain_box(middle, y1, x2, y2)
        found += [(code, shapely.intersection(shape, side)) for side in sides]
    return found


def with_uses(squares, *lines):
    path = squares.root / "layers/goals.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[use]\n", "\n".join(["[use]", *lines, ""])), encoding="utf-8")


def test_a_municipality_without_the_older_map_is_unknown_and_never_nought(squares):
    """A road of 1.0 daa over each municipality's field; the older map has one of the fields."""
    road = [("12", box(0, 0, 100, 10)), ("12", box(600, 0, 700, 10))]
    fields = box(-1000, -1000, 2000, 1000) - shapely.union_all([g for _, g in road])
    farmland_layer(squares, "ar5", [*road, ("21", fields)])
    farmland_layer(squares, "ar5_gammel", [("21", box(-1000, -1000, 500, 1000))], "2015-06-01")
    with_uses(squares, USES.splitlines()[1])
    squares.plan(("1110", 2, box(0, 0, 10, 10)))
    results = squares.check()
    assert cells(results, "J3")["9901", "", "21", "built"] == (pytest.approx(1_000), 0.0)
    assert cells(results, "J3")["9902", "", "unmapped", "built"] == (0.0, pytest.approx(1_000))
    assert "Nedbygd 1,0 1,0" in shown(results, "J3", place="9901")
    assert "Nedbygd Ukjent Ukjent Ukjent" in shown(results, "J3", place="9902")
    assert "Nedbygd ≥ 1,0 Ukjent ≥ 1,0" in shown(results, "J3")
    assert "Nedbygd per år 0,10 0,10" in shown(results, "J3", place="9901")  # 1.0 / 10 years
    row = sheet(results, "J3")["9902 Øst", "", "Sum"]
    assert (row["Nedbygd (daa)"], row["Nedbygd, ukjent del (daa)"]) == ("Ukjent", "1")
    assert sheet(results, "J3")["9902 Øst", "", "Fulldyrka jord"]["Nedbygd (daa)"] == "Ukjent"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("2025-06-01", "2015-06-01", "vintages.order"),
        ("2025-06-01", "2025-06-01", "vintages.order"),
    ],
)
def test_vintages_in_the_wrong_order_are_refused(squares, old, new, key):
    farmland_layer(squares, "ar5", [("21", box(0, 0, 10, 10))], new)
    farmland_layer(squares, "ar5_gammel", [("21", box(0, 0, 10, 10))], old)
    squares.plan(("1110", 2, box(0, 0, 10, 10)))
    with_uses(squares, USES.splitlines()[1])
    with pytest.raises(InputError) as told:
        squares.check()
    assert key in str([fault.key for fault in told.value.faults])
