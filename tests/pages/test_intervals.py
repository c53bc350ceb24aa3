"""Intervals on pages: beside the figure that they belong to, never without what they leave out."""

import json

import numpy as np
import pytest

from ikap.pages.figures import Figure
from ikap.pages.method import layer_rows
from ikap.pages.plan import open_plan
from ikap.pages.tables import areas
from ikap.pages.words import Words
from ikap.results import interval_parts, interval_sentence
from ikap.texts import Catalogue

NB, EN = Catalogue.load("nb"), Catalogue.load("en")
FACTS = {"deviations": {}, "land_oldest": "2019-08-20", "land_newest": "2021-07-05"}


def finding(low=404.0, high=796.0, within=False, **facts):
    return {
        "measured": 600.0,
        "low": low,
        "high": high,
        "within_accuracy": within,
        "status": "warning",
        "facts_json": json.dumps(FACTS | facts),
    }


def test_interval_is_told_with_what_it_leaves_out():
    text = interval_sentence(finding(), NB)
    assert "0,4\u202fdaa til 0,8\u202fdaa" in text
    for said in ("20. august 2019 til 5. juli 2021", "feil arealtype", "Planens egen linje"):
        assert said in text
    assert "wrong class" in interval_sentence(finding(), EN)


def test_one_date_is_told_once_and_none_is_told_too():
    one = interval_sentence(finding(land_oldest="2021-07-05"), NB)
    assert one.count("5. juli 2021") == 1
    row = finding()
    row["facts_json"] = json.dumps({"deviations": {}})
    assert "datoen er ikke oppgitt" in interval_sentence(row, NB)


def test_interval_is_not_told_twice_where_the_finding_tells_it():
    said, dates = interval_parts(finding(within=True), NB)
    assert said == ""
    assert dates


def test_unknown_interval_is_said_to_be_unknown():
    row = finding(low=np.nan, high=np.nan)
    assert interval_parts(row, NB)[0].startswith("Kartet oppgir ikke")
    assert interval_parts(row, NB)[1] == ""


def test_area_without_a_line_in_it_is_certain():
    assert "Ingen linjer" in interval_sentence(finding(low=600.0, high=600.0), NB)


def test_checks_without_intervals_say_nothing():
    row = finding()
    row["facts_json"] = "{}"
    assert interval_sentence(row, NB) == ""


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (968_700.0, 1_009_000.0, "968,7–1\u202f009,0\u202fdaa"),
        (np.nan, np.nan, ""),
    ],
)
def test_interval_of_a_figure_is_short(low, high, text):
    figure = Figure(988_800.0, 0.0, "m2", "", low, high)
    assert Words(NB).interval(figure) == text


def test_declared_accuracy_stands_with_the_source_and_says_that_it_is_an_assumption():
    layer = {"name": "ar5", "title": {"nb": "AR5"}, "present": True}
    layer["accuracy"] = {"metres": 2.0, "status": "assumption", "source": "Kilde X", "methods": {}}
    (row,) = layer_rows({"layers": [layer]}, Words(NB))
    assert "2,0 m" in row.accuracy
    assert "forutsetning" in row.accuracy
    assert "Kilde X" in row.accuracy
    (silent,) = layer_rows({"layers": [layer | {"accuracy": None}]}, Words(NB))
    assert silent.accuracy == ""


def test_results_made_before_there_were_intervals_are_shown_without(folders, catalogues):
    plan = open_plan(next(iter(folders.values())))
    words = Words(catalogues["nb"])
    checks = [c["name"] for c in plan.run["checks"]]
    rows = [f for area in areas(plan, checks, words) for f in area.findings]
    assert rows
    assert not any(f.within or f.interval for f in rows)
