"""CSV exports: words, rounding that adds up, and text that a spreadsheet must not run."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikap.results.csv_export import csv_cell, rounded_to_sum


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=20))
def test_printed_parts_add_up_to_the_printed_sum(values):
    printed = rounded_to_sum(values, 1)
    assert round(sum(printed) * 10) == pytest.approx(sum(values) * 10, abs=0.5 + 1e-6)
    assert all(abs(p - v) < 0.1 + 1e-6 for p, v in zip(printed, values, strict=True))


@pytest.mark.parametrize("text", ["=1+1", "+47 123", "-2", "@SUM(A1)", "\tx"])
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(text):
    assert csv_cell(text, "nb") == f"'{text}"


def test_numbers_have_a_decimal_comma_in_norwegian_only():
    assert (csv_cell(1234.5, "nb"), csv_cell(1234.5, "en")) == ("1234,5", "1234.5")
    assert (csv_cell(float("nan"), "nb"), csv_cell(None, "nb")) == ("", "")


def test_exported_statement_adds_up_row_by_row(tmp_path):
    import pandas as pd  # noqa: PLC0415

    from ikap.results import EMPTY, Results, export_csv  # noqa: PLC0415
    from ikap.texts import Catalogue  # noqa: PLC0415

    statement = pd.DataFrame(
        {
            "plan": "p",
            "zone_key": ["b", "a", "a", "a"],
            "class": ["21", "21", "30", "60"],
            "area_m2": [5000.0, 3350.0, 3350.0, 3300.0],
            "zone_area_m2": [5000.0, 10_000.0, 10_000.0, 10_000.0],
        }
    )
    run = {"region": {"constructed": False}, "parameters": []}
    zones = pd.DataFrame(
        {"zone_key": ["a", "b"], "name": ["A", "=B"], "purpose": "1110", "municipality": "5001"}
    )
    tables = {name: EMPTY[name] for name in ("findings", "indicators", "quality", "provenance")}
    results = Results(
        statement=statement, run=run, layers={"zones": zones.assign(geometry=None)}, **tables
    )
    export_csv(results, tmp_path, Catalogue.load("nb"))
    raw = (tmp_path / "arealregnskap.nb.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [r[6] for r in rows[1:]] == ["5", "3,4", "3,3", "3,3"]  # 3,35 + 3,35 + 3,30 = 10,0
    assert [r[8] for r in rows[1:]] == ["5", "10", "10", "10"]
    assert rows[1][1] == "'=B"
