"""A register of commercial land: figures are the register's, and what does not fit is told."""

import geopandas as gpd
import pytest

from ikap.errors import InputError
from ikap.kinds import commercial
from ikap.sources import tables

HEAD = "område_id;navn;kommunenummer;abc;status;brutto_m2;netto_m2;ledig_m2\n"


@pytest.fixture
def register(tmp_path, layers, region):
    def read(text, **keys):
        path = tmp_path / "x.csv"
        path.write_text(text, encoding="utf-8")
        declaration = layers.declare(path, "commercial", source={"from": "tables"}, **keys)
        return commercial.canonical(tables.read(declaration), declaration, region)

    return read


def told(canonical):
    return [(row.what, row.source_id, row.amount) for row in canonical.quality]


def test_a_clean_register_says_nothing(register):
    read = register(HEAD + "1;Torgård;5001;C;delvis utbygd;50000;37500;10000\n")
    row = read.frame.iloc[0]
    assert (row["brutto_m2"], row["netto_m2"], row["ledig_m2"]) == (50_000, 37_500, 10_000)
    assert (row["abc"], row["status"], row["source_id"]) == ("C", "delvis utbygd", "rad:2")
    assert told(read) == []
    assert read.frame.geometry.isna().all()


def test_daa_words_in_capitals_and_old_numbers(register):
    text = "id;kommune;klasse;STATUS;brutto_daa\n7;5030;c;Ledig Regulert;12,5\n"
    read = register(text)
    row = read.frame.iloc[0]
    assert (row["kommunenummer"], row["abc"], row["status"]) == ("5001", "C", "ledig regulert")
    assert row["brutto_m2"] == 12_500
    assert [w for w, _, _ in told(read)] == ["number.norwegian", "commercial.number_old"]


def test_order_of_gross_net_and_vacant_is_told_not_mended(register):
    read = register(HEAD + "1;a;5001;A;utbygd;100;120;50\n2;b;5001;A;utbygd;100;;110\n")
    assert told(read) == [("commercial.order", "rad:2", 20), ("commercial.order", "rad:3", 10)]
    assert read.frame["netto_m2"].tolist()[0] == 120


def test_codes_that_are_not_known_become_not_given(register):
    read = register(HEAD + "1;a;5001;D;solgt;1;1;1\n2;b;5001;;;1;1;1\n")
    assert read.frame["abc"].isna().all()
    assert read.frame["status"].isna().all()
    assert [(w, n) for w, _, n in told(read)] == [("commercial.code", 1), ("commercial.code", 1)]


def test_values_of_the_register_can_be_translated(register):
    read = register(
        HEAD + "1;a;5001;B;solgt;1;1;1\n", values={"status": {"solgt": "delvis utbygd"}}
    )
    assert read.frame["status"].tolist() == ["delvis utbygd"]


def test_the_same_area_twice_counts_once(register):
    read = register(
        HEAD + "1;a;5001;B;utbygd;5;5;5\n1;a;5001;B;utbygd;9;9;9\n1;a;5031;B;utbygd;1;1;1\n"
    )
    assert read.frame["brutto_m2"].tolist() == [5, 1]
    assert told(read) == [("commercial.twice", "rad:3", 1)]


def test_numbers_that_lead_nowhere_are_told(register):
    read = register(HEAD + "1;a;5012;B;utbygd;5;5;5\n2;b;;B;utbygd;5;5;5\n3;c;5001;B;utbygd;-5;;\n")
    whats = [w for w, _, _ in told(read)]
    assert whats == ["commercial.negative", "commercial.number", "commercial.number_missing"]
    assert read.frame["brutto_m2"].isna().tolist() == [False, False, True]


def test_m2_and_daa_that_differ_are_told(register):
    text = (
        "id;kommune;status;brutto_m2;brutto_daa\n1;5001;utbygd;10000;20\n2;5001;utbygd;10040;10,0\n"
    )
    read = register(text)
    assert read.frame["brutto_m2"].tolist() == [10_000, 10_040]
    assert [t for t in told(read) if t[0] == "commercial.units"] == [
        ("commercial.units", "rad:2", 10_000)
    ]


def test_a_missing_column_stops(register):
    with pytest.raises(InputError) as error:
        register("id;kommune\n1;5001\n")
    assert error.value.key == "column.missing"


def test_shapes_are_measured_and_rows_without_one_keep_their_figures(layers, at):
    table = {
        "område_id": ["1", "2"],
        "kommunenummer": ["5001", "5001"],
        "status": ["utbygd", "utbygd"],
        "brutto_m2": [10_000.0, 500.0],
    }
    frame = gpd.GeoDataFrame(table, geometry=[at(0, 0), None], crs="EPSG:25832")
    declaration = layers.declare(layers.write(frame), "commercial")
    from ikap.sources import files  # noqa: PLC0415

    read = commercial.canonical(files.read(declaration), declaration, layers.region)
    assert read.frame["geometri_m2"].tolist() == [10_000, 0]
    assert read.frame["brutto_m2"].sum() == 10_500
    assert read.frame.geometry.is_valid.all()
