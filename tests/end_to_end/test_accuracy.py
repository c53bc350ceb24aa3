"""Intervals from a layer's own accuracy, and findings that the map cannot decide, worked by hand.

The field's line x = k runs from y = -20 to 120 and crosses the zone box(0, 0, 100, 100) over 100 m.
Moved as one, with standard deviation s, it changes the area by 100 m · s.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import ikap
from ikap.errors import InputError
from ikap.texts import Catalogue

Z = 1.959964
DECLARED = """
coverage = { own_polygons = true }
[accuracy]
metres = 1.0
source = "Oppdiktet"
status = "STATUS"
"""
SILENT = "coverage = { own_polygons = true }"


def box(x1, y1, x2, y2):
    return shapely.box(569_000 + x1, 7_034_000 + y1, 569_000 + x2, 7_034_000 + y2)


def field(squares, line, more=SILENT, **columns):
    """Farmland right of x = `line`, forest left of it, both beyond the zone."""
    return squares.layer(
        "ar5",
        "landcover",
        [box(line, -20, 500, 120), box(-900, -20, line, 120)],
        more,
        arealtype=["21", "30"],
        lokalid=["åker", "skog"],
        **columns,
    )


def checked(squares, *zones):
    squares.plan(*(zones or [("1110", 2, box(0, 0, 100, 100))]))
    return squares.check()


def row_of(results, check="farmland_conversion", zone="z0"):
    rows = results.findings
    (row,) = rows[(rows["check"] == check) & (rows["zone_key"] == zone)].to_dict("records")
    return row


def sheet(results, name):
    """CSV export as it is read by a spreadsheet."""
    (path,) = results.folder.glob(f"*{name}.nb.csv")
    return pd.read_csv(path, sep=";", skiprows=1, encoding="utf-8-sig", dtype=str)


NEAR = [
    (6.0, True, "warning", "over"),  # 600 m², 404 to 796: the limit of 500 m² is inside
    (4.8, True, "warning", "sliver"),  # 480 m², 284 to 676
    (0.1, True, "warning", "sliver"),  # 10 m²: perhaps nothing
    (24.0, False, "conflict", "over"),  # 2400 m², 2204 to 2596
    (7.1, False, "conflict", "over"),  # 710 m², 514 to 906
    (2.5, False, "warning", "sliver"),  # 250 m², 54 to 446
]


def test_finding_near_the_limit_is_within_the_accuracy(squares):
    squares.layer(
        "ar5",
        "landcover",
        [box(0, -20, 500, 900), box(-900, -20, 0, 900)],
        SILENT,
        arealtype=["21", "30"],
        lokalid=["åker", "skog"],
        nøyaktighet=[100, 100],
    )
    zones = [box(w - 100, 110 * i, w, 110 * i + 100) for i, (w, *_) in enumerate(NEAR)]
    results = checked(squares, *(("1110", 2, zone) for zone in zones))
    for i, (width, within, status, key) in enumerate(NEAR):
        row = row_of(results, zone=f"z{i}")
        measured = 100 * width
        assert row["measured"] == pytest.approx(measured)
        assert row["low"] == pytest.approx(max(measured - Z * 100, 0))
        assert row["high"] == pytest.approx(measured + Z * 100)
        assert (row["within_accuracy"], row["status"], row["text_key"]) == (within, status, key)


def test_it_is_told_in_words_and_in_the_export(squares):
    field(squares, 94, nøyaktighet=[100, 100], datafangstdato=["2019-08-20", "2021-07-05"])
    results = checked(squares)
    told = sheet(results, "vurderinger").iloc[0]
    assert told["Kartnøyaktighet"] == "Innenfor kartnøyaktigheten"
    assert "Innenfor kartnøyaktigheten" in told["Begrunnelse"]
    assert "«Må vurderes»" in told["Begrunnelse"]
    assert (told["Nedre grense, 95 % (daa)"], told["Øvre grense, 95 % (daa)"]) == ("0,4", "0,8")
    words = ikap.results.interval_sentence(row_of(results), Catalogue.load("nb"))
    assert "20. august 2019 til 5. juli 2021" in words
    assert "feil arealtype" in words
    english = ikap.results.interval_sentence(row_of(results), Catalogue.load("en"))
    assert "wrong class" in english


def test_far_from_the_limit_says_no_such_thing(squares):
    field(squares, 50, nøyaktighet=[100, 100])
    told = sheet(checked(squares), "vurderinger").iloc[0]
    assert pd.isna(told["Kartnøyaktighet"])
    assert "Innenfor kartnøyaktigheten" not in told["Begrunnelse"]
    assert told["Vurdering"] == "I strid med vedtatt regel"


def test_no_accuracy_stated_is_an_unknown_interval(squares):
    field(squares, 94)
    results = checked(squares)
    row = row_of(results)
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])
    assert not row["within_accuracy"]
    assert row["status"] == "conflict"  # nothing says that the map cannot tell
    words = ikap.results.interval_sentence(row, Catalogue.load("nb"))
    assert "oppgir ikke" in words
    assert results.statement["low"].isna().all()
    sums = results.indicators[results.indicators["indicator"] == "farmland_planned_conversion"]
    assert sums["low"].isna().all()


def test_larger_accuracy_of_the_two_sides_counts(squares):
    field(squares, 50, nøyaktighet=[50, 300])
    row = row_of(checked(squares))
    assert row["high"] - row["measured"] == pytest.approx(Z * 3 * 100)


def test_declared_accuracy_stands_in_and_says_when_it_is_an_assumption(squares):
    field(squares, 50, DECLARED.replace("STATUS", "assumption"))
    row = row_of(checked(squares))
    assert row["high"] - row["measured"] == pytest.approx(Z * 100)
    assert "forutsetning" in ikap.results.interval_sentence(row, Catalogue.load("nb"))
    field(squares, 50, DECLARED.replace("STATUS", "adopted"))
    row = row_of(checked(squares))
    assert "forutsetning" not in ikap.results.interval_sentence(row, Catalogue.load("nb"))


def test_declared_accuracy_by_method_goes_before_that_of_the_layer(squares):
    more = DECLARED.replace("STATUS", "adopted") + '[accuracy.methods]\n"24" = 4.0\n'
    field(squares, 50, more, målemetode=["24", "11"])
    row = row_of(checked(squares))
    assert row["high"] - row["measured"] == pytest.approx(Z * 4 * 100)


@pytest.mark.parametrize("metres", ["0", "-1", "nan", "inf"])
def test_declared_accuracy_is_a_length(squares, metres):
    field(squares, 50, DECLARED.replace("1.0", metres).replace("STATUS", "adopted"))
    with pytest.raises(InputError, match=r"toml\.accuracy"):
        ikap.open_workspace(squares.root)


def test_misspelt_key_is_told(squares):
    field(squares, 50, DECLARED.replace("metres", "meters").replace("STATUS", "adopted"))
    with pytest.raises(InputError, match=r"toml\.key"):
        ikap.open_workspace(squares.root)


def test_interval_stays_within_the_zone(squares):
    field(squares, 0.5, nøyaktighet=[100, 100])
    row = row_of(checked(squares))
    assert row["high"] == pytest.approx(10_000)
    assert row["low"] == pytest.approx(9950 - Z * 100)


def test_statement_has_each_class_with_its_own_interval(squares):
    field(squares, 60, nøyaktighet=[100, 100])
    rows = checked(squares).statement.set_index("class")
    for name, area in (("21", 4000), ("30", 6000)):
        assert rows.loc[name, "low"] == pytest.approx(area - Z * 100)
        assert rows.loc[name, "high"] == pytest.approx(area + Z * 100)


def test_classes_of_farmland_count_as_one_for_a_finding(squares):
    squares.layer(
        "ar5",
        "landcover",
        [box(60, -20, 500, 120), box(30, -20, 60, 120), box(-900, -20, 30, 120)],
        SILENT,
        arealtype=["21", "22", "30"],
        lokalid=["a", "b", "c"],
        nøyaktighet=[100, 100, 100],
    )
    results = checked(squares)
    row = row_of(results)
    assert row["high"] - row["measured"] == pytest.approx(Z * 100)  # x = 30 alone
    middle = results.statement.set_index("class").loc["22"]
    assert middle["high"] - 3000 == pytest.approx(Z * np.sqrt(2) * 100)  # both its lines


def test_sum_of_two_zones_on_one_line_allows_for_their_erring_together(squares):
    field(squares, 50, nøyaktighet=[100, 100])
    halves = [("1110", 2, box(0, 0, 100, 50)), ("1110", 2, box(0, 50, 100, 100))]
    results = checked(squares, *halves)
    (one,) = results.indicators[
        (results.indicators["indicator"] == "farmland_planned_conversion")
        & (results.indicators["municipality"] == "9901")
    ].to_dict("records")
    assert one["value"] == pytest.approx(5000)
    assert one["high"] - 5000 == pytest.approx(Z * 100)  # one line of 100 m, moved as one


def test_unknown_part_is_no_part_of_the_interval(squares):
    squares.layer(
        "ar5",
        "landcover",
        [box(50, -20, 500, 120), box(30, -20, 50, 120)],
        SILENT,
        arealtype=["21", "30"],
        lokalid=["a", "b"],
        nøyaktighet=[100, 100],
    )
    row = row_of(checked(squares))
    assert row["measured"] == pytest.approx(5000)
    assert row["high"] == pytest.approx(5000 + Z * 100)  # 3000 m² more are not mapped at all


def test_results_made_before_there_were_intervals_can_be_read(squares):
    field(squares, 50, nøyaktighet=[100, 100])
    results = checked(squares)
    for name, columns in (
        ("findings", ["within_accuracy"]),
        ("statement", ["low", "high"]),
        ("indicators", ["low", "high"]),
    ):
        path = results.folder / f"{name}.parquet"
        pd.read_parquet(path).drop(columns=columns).to_parquet(path)
    old = ikap.results.read(results.folder)
    assert not old.findings["within_accuracy"].any()
    assert old.statement["low"].isna().all()
    assert old.indicators["high"].isna().all()


def test_pieces_still_tell_the_stated_accuracy(squares):
    field(squares, 50, nøyaktighet=[100, 100])
    pieces = checked(squares).geodata("pieces")
    assert isinstance(pieces, gpd.GeoDataFrame)
    assert pieces["accuracy_cm"].tolist() == [100]


def test_lines_in_lnf_take_no_part_in_the_limits_of_planned_totals(squares):
    """One line runs through a planned area (100 m of it) and on through LNF (10 m)."""
    field(squares, 60, DECLARED.replace("STATUS", "adopted"))
    squares.plan(("1110", 2, box(0, 0, 100, 100)), ("5100", 0, box(0, 100, 100, 110)))
    results = squares.check()
    found = results.findings
    row = found[(found["check"] == "farmland_conversion") & (found["zone_key"] == "z0")].iloc[0]
    assert row["high"] - row["low"] == pytest.approx(2 * Z * 100)
    sums = results.indicators.set_index(["indicator", "municipality"])
    total = sums.loc[("farmland_planned_conversion", "9901")]
    assert (total["low"], total["high"]) == pytest.approx((row["low"], row["high"]))
    stated = results.statement.set_index(["zone_key", "class"])
    lnf = stated.loc[("z1", "21")]  # 40 × 10 of field, sure to 10 m · 1 m
    assert lnf["high"] - lnf["low"] == pytest.approx(2 * Z * 10)
