"""What a statement leaves out or counts once is told under it, on screen, in CSV and in JSON."""

import json
from types import SimpleNamespace

import pytest
from shapely import box as shapely_box

import ikap
from ikap.flow.statement_command import Wanted, show
from ikap.flow.stating import areas_by_purpose, stated
from ikap.texts import Catalogue

E0, N0 = 569_000, 7_034_000
NB = Catalogue.load("nb")
THIN = "\u202f"


def box(x1, y1, x2, y2):
    return shapely_box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


NOW = [
    ("1110", 2, box(0, 0, 100, 100)),
    ("5100", None, box(0, 100, 400, 200)),
    ("1300", 2, box(200, 0, 300, 100)),
    ("1120", 2, None),  # nobody knows where
]
PROPOSAL = [
    ("1110", 2, None),
    ("1300", 2, box(200, 0, 300, 100)),
    ("1300", 2, None),
    ("1300", 2, None),
    ("5100", None, box(250, 0, 350, 100)),  # 5 daa of it on top of business
    ("", 2, box(0, 300, 100, 400)),
    ("9999", 2, box(100, 300, 200, 400)),
    ("5100", None, box(1950, 0, 2050, 100)),  # half of it outside the region, 5 daa
]


@pytest.fixture(scope="module")
def made(shared_squares):
    """Results of two plans with all sorts of faults, and what is shown of them."""
    squares = shared_squares
    squares.plan(*NOW, name="gjeldende", role="adopted")
    squares.plan(*PROPOSAL, name="forslag")
    done = stated(ikap.open_workspace(squares.root), "forslag", against="gjeldende")

    def shown(table=None, **more):
        none = dict.fromkeys(("method", "municipality", "csv"))
        given = {"table": table, "json": False, "ellipsoidal": False, "intervals": False}
        text = show(done, Wanted(**{**none, **given, **more}), NB, 100)
        return text if more.get("json") or "csv" in more else " ".join(text.split())

    return SimpleNamespace(done=done, shown=shown)


def figures(made, table=None):
    return {(row["row"], row["column"], row["municipality"]): row for row in rows(made, table)}


def rows(made, table=None):
    return json.loads(made.shown(table, json=True))


def csv_rows(made, table):
    lines = [line.split(";") for line in made.shown(table, csv="").splitlines()]
    return {(line[0], line[2]): line[3:] for line in lines if len(line) > 3}


# --- areas without geometry -------------------------------------------------------------------


def test_a_purpose_with_no_geometry_at_all_is_unknown_and_not_nought(made):
    cell = figures(made, "T1")["1110", "after", "9901"]
    assert cell["value"] is None
    assert cell["unknown"] is None
    assert figures(made, "T1")["1120", "before", "9901"]["value"] is None
    assert "1110 Boligbebyggelse 10,0 ukjent ukjent –" in made.shown("T1")
    assert "1120 Fritidsbebyggelse ukjent 0 ukjent –" in made.shown("T1")
    row = csv_rows(made, "T1")["Hele regionen", "1110 Boligbebyggelse"]
    assert row == ["10", "Ukjent", "Ukjent", "–"]


def test_what_is_known_of_a_purpose_stands_and_the_rest_is_told(made):
    cell = figures(made, "T1")["1300", "after", "9901"]
    assert cell["value"] == pytest.approx(10_000)
    assert cell["unknown"] is None
    t1 = [row for row in rows(made, "T1") if row["column"] == "after" and row["value"]]
    assert sum(row["value"] for row in t1) == pytest.approx(2 * 3_000_000, abs=0.01)


LOST = "1110 Boligbebyggelse, antall 1; 1300 Næringsvirksomhet, antall 2"


@pytest.mark.parametrize("table", ["T1", "T2", "T3", "T4", "T5", "T7", None])
def test_areas_without_geometry_are_counted_under_every_table(made, table):
    assert LOST in made.shown(table)
    if table:
        assert LOST in made.shown(table, csv="")
        now = "1120 Fritidsbebyggelse, antall 1" in made.shown(table)
        assert now == (table in ("T1", "T2", "T7"))


def test_without_a_table_the_purpose_without_geometry_has_its_row(made):
    row = next(row for row in rows(made) if row["purpose"] == "1110")
    assert row["sum"] is None
    assert row["21" if "21" in row else "not_covered"] is None
    text = made.shown()
    assert "1110 Boligbebyggelse Framtidig ukjent" in text
    assert made.shown(intervals=True)


# --- ground outside the region ----------------------------------------------------------------


@pytest.mark.parametrize("table", ["T1", "T2", "T3", "T4", "T5", "T7"])
def test_ground_outside_the_region_is_told_under_every_table(made, table):
    told = f"5,0{THIN}daa av planen «forslag» ligger utenfor regionens kommuner"
    assert told in made.shown(table, csv="")
    assert told.replace(THIN, " ") in made.shown(table)


def test_without_a_table_ground_outside_the_region_is_part_of_what_is_unknown(made):
    assert "Av «Ukjent» ligger 5,0 daa utenfor regionens kommuner." in made.shown()


# --- ground in several areas ------------------------------------------------------------------


def test_without_a_table_shared_ground_counts_once_too(made):
    table = areas_by_purpose(made.done, ellipsoidal=True, intervals=True)
    sums = table.groupby("purpose")["sum"].sum()
    assert sums["1300"] == pytest.approx(10_000)
    assert sums["5100"] == pytest.approx(5_000 + 10_000)
    t1 = {k[0]: v["value"] for k, v in figures(made, "T1").items() if k[1:] == ("after", "9901")}
    assert t1["1300"] == pytest.approx(sums["1300"])
    on = table.set_index("purpose")["sum_ellipsoid"]
    assert on["5100"] / on["1300"] == pytest.approx(1.5, rel=1e-4)
    assert "Areal i flere områder telles én gang: 5,0 daa er ikke talt om igjen." in made.shown()


def test_results_of_an_older_version_are_shown_in_full(made):
    old = made.done.statement.drop(columns="once_m2")
    left = {k: v for k, v in made.done.run.items() if k != "left_out"}
    from dataclasses import replace  # noqa: PLC0415

    table = areas_by_purpose(replace(made.done, statement=old, run=left))
    assert table.groupby("purpose")["sum"].sum()["5100"] == pytest.approx(20_000)


# --- words ------------------------------------------------------------------------------------


def test_a_missing_and_a_strange_purpose_have_the_same_words_everywhere(made):
    for text in (made.shown(), made.shown("T1"), made.shown("T1", csv="")):
        assert "Formål mangler" in text
        assert "9999 Udefinert (ukjent kode)" in text


def test_one_area_is_one_in_the_quality_record(made):
    path = next(made.done.folder.glob("*datakvalitet.nb.csv"))
    text = path.read_text("utf-8-sig")
    assert "(1 område, " in text
    assert "1 områder" not in text


def test_a_table_without_areas_says_so(squares):
    squares.plan(("5100", None, box(0, 0, 100, 100)))
    done = stated(ikap.open_workspace(squares.root), "forslag")
    none = dict.fromkeys(("method", "municipality"))
    on = {"ellipsoidal": False, "intervals": False, "json": False}
    for csv in (None, ""):
        for table, told in (
            ("T4", "Planen har ingen områder som metoden vurderer."),
            ("T5", "Planen har ingen områder med utbyggingsformål."),
        ):
            assert told in show(done, Wanted(table, csv=csv, **none, **on), NB, 80)


def test_t7_says_what_its_columns_are(made):
    assert "«Ikke i plan»" in made.shown("T7")
    assert "som forslaget ikke har med" in made.shown("T7")


def test_ground_whose_plan_is_not_known_has_no_change(squares):
    """No plan now in 9902: 3 000 daa of unknown plan become 2 990 daa outside the proposal."""
    squares.plan(("1110", 2, box(0, 0, 100, 100)), name="gjeldende", role="adopted")
    squares.plan(("1110", 2, box(0, 0, 50, 100)), ("1110", 2, box(500, 0, 600, 100)))
    done = stated(ikap.open_workspace(squares.root), "forslag", against="gjeldende")
    none = dict.fromkeys(("method", "csv"))
    given = {"json": False, "ellipsoidal": False, "intervals": False}

    def lines(**more):
        text = show(done, Wanted("T1", **{**none, **given, "municipality": None, **more}), NB, 100)
        return [" ".join(line.replace(";", " ").split()) for line in text.splitlines()]

    def ends(found, start):
        return [line.removeprefix(start).split()[-2:] for line in found if line.startswith(start)]

    for label in ("Ikke i plan", "Ukjent plan"):
        assert ends(lines(), label) == [["ukjent", "–"]]
        assert ends(lines(municipality="9902"), label) == [["ukjent", "–"]]
        assert ends(lines(csv=""), f"9902 Øst {label}") == [["Ukjent", "–"]]
    assert ends(lines(municipality="9901"), "Ikke i plan") == [["5,0", "0,2"]]
    for found, start in ((lines(municipality="9902"), ""), (lines(csv=""), "9902 Øst ")):
        assert ends(found, f"{start}1110 Boligbebyggelse")[0][-1] == "–"  # nothing before it
