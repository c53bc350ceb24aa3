"""Worked example 5 in its three forms, from files through the command line to results and pages."""

import csv

import geopandas as gpd
import pytest
import shapely

import ikap
from ikap.cli import main
from ikap.errors import InputError
from ikap.pages.passing import passable

E0, N0 = 569_000, 7_034_000
SITUATION = """
kind = "zoning"
title = { nb = "Tolket plansituasjon", en = "Interpreted plan situation" }
owner = "Konstruerte data"
licence = "CC0-1.0"
redistribute = true
constructed = true
[plan]
id = "situasjon"
role = "adopted"
made_of = ["kpa", "reguleringsplaner"]
"""
MAP = """
title = { nb = "Jordvern", en = "Farmland" }
goal = 2
order = 20
checks = ["farmland_conversion"]
layers = ["kommuner", "ar5", "situasjon"]
"""


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


@pytest.fixture
def example_5(squares):
    """Kommuneplan and reguleringsplan of worked example 5, as files, on farmland."""

    def made(kp_day, rp_day, more="", redistribute=True):
        squares.land(a21=[(-1000, -1000, 2000, 1000)])
        squares.layer(
            "kpa",
            "zoning",
            [box(0, 0, 100, 100)],
            lokalid=["kp1"],
            objtype=["KpArealformålOmråde"],
            arealformål=["1110"],
            arealbruksstatus=[2],
            planidentifikasjon=["K1"],
            planstatus=[3],
            plantype=[20],
            kommunenummer=["9901"],
            ikrafttredelsesdato=[kp_day],
        )
        squares.layer(
            "reguleringsplaner",
            "zoning",
            [box(0, 0, 40, 100), box(40, 0, 60, 100), box(0, 0, 100, 20)],
            lokalid=["r1", "r2", "r3"],
            objtype=["RpArealformålOmråde"] * 3,
            arealformål=["1110", "3040", "2010"],
            planidentifikasjon=["R1"] * 3,
            planstatus=[3] * 3,
            plantype=[35] * 3,
            kommunenummer=["9901"] * 3,
            vertikalnivå=[2, 2, 1],
            ikrafttredelsesdato=[rp_day] * 3,
        )
        if not redistribute:
            path = squares.root / "layers" / "reguleringsplaner.toml"
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("redistribute = true\n", ""), encoding="utf-8")
        squares.toml("situasjon", SITUATION + more)
        (squares.root / "maps" / "jordvern.toml").write_text(MAP, encoding="utf-8")
        return squares

    return made


def said(squares, capsys, *arguments):
    code = main([*arguments, "--workspace", str(squares.root)])
    shown = capsys.readouterr()
    assert code == 0, shown.err
    return shown.out


def daa_by_purpose(root):
    pieces = gpd.read_file(root / "ut/resultater/situasjon/results.gpkg", layer="situation")
    return (pieces.groupby("purpose")["area_m2"].sum() / 1000).round(6).to_dict()


@pytest.mark.parametrize(
    ("kp_day", "rp_day", "expected"),
    [
        ("2018-06-14", "2020-03-01", {"1110": 8.0, "3040": 2.0}),
        ("2022-06-14", "2020-03-01", {"1110": 10.0}),
        ("2022-06-14", None, {"1110": 8.0, "uavklart": 2.0}),
    ],
    ids=["rp-newer", "kp-newer", "no-date"],
)
def test_worked_example_5(example_5, capsys, kp_day, rp_day, expected):
    squares = example_5(kp_day, rp_day)
    text = said(squares, capsys, "check", "--plan", "situasjon")
    assert "Bestemmelsene er ikke vurdert." in text
    assert daa_by_purpose(squares.root) == expected  # sum 10.0 in each: the tunnel is ignored
    folder = squares.root / "ut/resultater/situasjon"
    pieces = gpd.read_file(folder / "results.gpkg", layer="situation")
    flagged = pieces[pieces["motstrid"] == "ja"]
    assert flagged["area_m2"].sum() == pytest.approx(2000.0)
    assert set(pieces["forbehold"]) == {"Bestemmelsene er ikke vurdert."}
    statement = said(squares, capsys, "statement", "--plan", "situasjon")
    assert "Boligbebyggelse" in statement


def test_piece_says_which_plan_why_and_what_lost(example_5, capsys):
    squares = example_5("2022-06-14", "2020-03-01")
    said(squares, capsys, "run")
    folder = squares.root / "ut/resultater/situasjon"
    path = folder / "konstruert-plansituasjon.nb.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()[1:]  # the first says: constructed
    rows = list(csv.DictReader(lines, delimiter=";"))
    row = next(r for r in rows if r["Motstrid"] == "ja")
    assert row["Plan"] == "K1"
    assert row["I kraft"] == "2022-06-14"
    assert row["Vunnet fordi"] == "Nyere enn, og i motstrid med"
    assert row["Tapte planer"] == "R1 (1. mars 2020, 3040)"
    assert row["Forenlighet bygger på"] == "antatt tabell"
    assert row["Bestemmelser"] == "Bestemmelsene er ikke vurdert."
    page = next(
        path
        for path in (squares.root / "ut/portal").rglob("*jordvern*.html")
        if not path.stem.endswith(".en")
    ).read_text(encoding="utf-8")
    assert "tolket plansituasjon" in page
    assert "gjeldende plan" not in page.partition('id="regnskap"')[0]
    assert "Nyere enn, og i motstrid med: R1 (1. mars 2020, 3040)" in page
    results = ikap.check(ikap.open_workspace(squares.root), "situasjon")
    assert set(results.provenance["layer"]) >= {"kpa", "reguleringsplaner", "situasjon"}


def test_open_piece_is_unknown_with_what_would_settle_it(example_5):
    squares = example_5("2022-06-14", None)
    found = squares.check("situasjon").findings
    row = found[found["status"] == "unknown"].iloc[0]
    assert row["reason"] == "no_precedence"


def test_statement_tables_add_up_with_an_open_piece(example_5, capsys):
    squares = example_5("2022-06-14", None)
    text = said(squares, capsys, "statement", "--plan", "situasjon", "--table", "T1")
    assert "uavklart" in text.lower()


def test_layers_tells_what_it_is_made_of(example_5, capsys):
    squares = example_5("2022-06-14", "2020-03-01")
    text = said(squares, capsys, "layers")
    assert "tolket av kpa, reguleringsplaner" in text


def test_without_a_layer_it_is_made_of_all_is_unknown(example_5):
    squares = example_5("2022-06-14", "2020-03-01")
    (squares.root / "layers/data/reguleringsplaner.gpkg").unlink()
    results = squares.check("situasjon")
    assert results.run["plan"]["missing"]
    assert "reguleringsplaner" in results.run["plan"]["how"]["nb"]  # which of them is missing
    assert len(results.findings) == 0


def test_inspect_points_to_the_layers_it_is_made_of(example_5):
    squares = example_5("2022-06-14", "2020-03-01")
    with pytest.raises(InputError) as error:
        ikap.inspect(ikap.open_workspace(squares.root), "situasjon")
    assert error.value.key == "inspect.made_of"


def test_ruling_stands_beside_what_the_law_says(example_5):
    ruling = (
        '[[plan_rulings]]\nplan = "R1"\nareas = ["r2"]\nreason = "Vedtak i sak 12/26"\n'
        'who = "Plansjefen"\ndate = 2026-02-01\n'
    )
    squares = example_5("2022-06-14", None, ruling)
    squares.check("situasjon")
    assert daa_by_purpose(squares.root) == {"1110": 8.0, "3040": 2.0}
    later = squares.check("situasjon", as_of="2026-01-01")  # not ruled yet
    assert daa_by_purpose(squares.root) == {"1110": 8.0, "uavklart": 2.0}
    assert "situation.ruling_later" in set(later.quality["what"])


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ('[[plan_rulings]]\nplan = "R1"\n', "toml.key_missing"),
        (
            '[[plan_rulings]]\nplan = "R7"\nreason = "x"\nwho = "y"\ndate = 2026-01-01\n',
            "rulings.plan",
        ),
        ('[source]\nfrom = "files"\npath = "x.gpkg"\n', "toml.key_unknown"),
    ],
)
def test_wrong_declaration_is_told(example_5, more, key):
    squares = example_5("2022-06-14", "2020-03-01", more)
    with pytest.raises(InputError) as error:
        squares.check("situasjon")
    assert error.value.key == key
    assert error.value.faults[0].file.endswith("situasjon.toml")


def test_layer_it_is_made_of_must_be_declared(example_5):
    squares = example_5("2022-06-14", "2020-03-01")
    squares.toml("situasjon", SITUATION.replace('"kpa"', '"kpå"'))
    with pytest.raises(InputError) as error:
        squares.check("situasjon")
    assert error.value.key == "toml.layer_unknown"
    squares.toml("situasjon", SITUATION.replace('"kpa"', '"ar5"'))
    with pytest.raises(InputError) as error:
        squares.check("situasjon")
    assert error.value.key == "toml.made_of"


def test_rule_of_precedence_stands_in_region_toml(example_5):
    squares = example_5("2022-06-14", "2010-03-01")
    path = squares.root / "layers/region.toml"
    rule = (
        '\n[[plan_precedence]]\nmunicipality = "9901"\nplan = "K1"\n'
        'adopted_before = 2013-02-21\nsource = "Bestemmelsene § 1"\nstatus = "adopted"\n'
    )
    path.write_text(path.read_text(encoding="utf-8") + rule, encoding="utf-8")
    squares.check("situasjon")
    frame = gpd.read_file(squares.root / "ut/resultater/situasjon/results.gpkg", layer="situation")
    row = frame[frame["motstrid"] == "ja"].iloc[0]
    assert (row["why"], row["source"]) == ("rule", "Bestemmelsene § 1")


@pytest.mark.parametrize("redistribute", [True, False])
def test_lines_of_a_plan_that_may_not_be_passed_on_are_not_drawn(example_5, redistribute):
    squares = example_5("2022-06-14", "2020-03-01", redistribute=redistribute)
    results = squares.check("situasjon")
    assert (passable(results, "zones") is not None) == redistribute
    assert results.run["plan"]["made_of"] == ["kpa", "reguleringsplaner"]
