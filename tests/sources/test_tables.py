"""Tables as files: delimiters, letters, sheets, rows told by their number, geometry as text."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from ikap.errors import InputError
from ikap.model import LayerDeclaration
from ikap.sources import tables


@pytest.fixture
def declare(tmp_path):
    def make(path="x.csv", **source):
        return LayerDeclaration(
            name="x",
            kind="commercial",
            title={},
            owner="",
            licence="",
            source={"from": "tables", "path": str(tmp_path / path), **source},
            root=tmp_path,
            file="x.toml",
        )

    return make


@pytest.fixture
def csv_file(tmp_path):
    def write(text, name="x.csv", encoding="utf-8"):
        (tmp_path / name).write_bytes(text.encode(encoding))

    return write


@pytest.fixture
def workbook(tmp_path):
    def write(sheets, name="x.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)

    return write


def plain(raw):
    return raw.frame.drop(columns="geometry").to_dict("records")


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_delimiter_is_seen_in_the_header(csv_file, declare, mark, encoding):
    csv_file(mark.join(["id", "navn"]) + "\n" + mark.join(["1", "Ås"]) + "\n\n", encoding=encoding)
    raw = tables.read(declare())
    assert plain(raw) == [{"id": "1", "navn": "Ås"}]
    assert list(raw.frame.index) == ["rad:2"]
    assert raw.quality == ()


def test_latin_1_is_told(csv_file, declare):
    csv_file("id;navn\n1;Ås\n", encoding="cp1252")
    raw = tables.read(declare())
    assert plain(raw)[0]["navn"] == "Ås"
    assert [row.what for row in raw.quality] == ["letters.guessed"]


def test_rows_keep_their_number_in_the_file_and_leading_zeros(csv_file, declare):
    csv_file('knr;navn\n0301;"to\nlinjer"\n\n5001;x\n')
    raw = tables.read(declare())
    assert list(raw.frame.index) == ["rad:3", "rad:5"]
    assert raw.frame["knr"].tolist() == ["0301", "5001"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "file.empty"),
        ("id;navn\n", "file.no_features"),
        ("id;id\n1;2\n", "table.column_twice"),
        ("id;navn\n1;2;3\n", "table.row_wide"),
        ("id;\x00\n1;2\n", "file.unreadable"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(csv_file, declare, text, key):
    csv_file(text)
    with pytest.raises(InputError) as error:
        tables.read(declare())
    assert error.value.key == key


def test_missing_file_wrong_ending_and_unknown_key(declare, csv_file):
    csv_file("id\n1\n", name="y.csv")
    with pytest.raises(InputError) as error:
        tables.read(declare())
    assert error.value.key == "file.missing"
    assert not tables.present(declare())
    csv_file("id\n1\n", name="x.pdf")
    with pytest.raises(InputError) as error:
        tables.read(declare("x.pdf"))
    assert error.value.key == "file.type"
    with pytest.raises(InputError) as error:
        tables.present(declare(shet="a"))
    assert error.value.key == "source.key_unknown"


def test_excel_dates_numbers_and_empty_rows(workbook, declare):
    day = datetime.datetime(2026, 6, 1)  # noqa: DTZ001 (as a spreadsheet has it)
    workbook(
        {"Ark1": [["id", "dato", "m2"], [None, None, None], ["0301", day, 12.5], [2.0, "", 3]]}
    )
    raw = tables.read(declare("x.xlsx"))
    assert plain(raw) == [
        {"id": "0301", "dato": "2026-06-01", "m2": "12.5"},
        {"id": "2", "dato": "", "m2": "3"},
    ]
    assert list(raw.frame.index) == ["rad:3", "rad:4"]


def test_sheet_is_named_or_the_only_filled_one(workbook, declare):
    one, two = [["id"], [1]], [["id"], [2]]
    workbook({"Tom": [], "Data": one})
    assert plain(tables.read(declare("x.xlsx"))) == [{"id": "1"}]
    workbook({"En": one, "To": two})
    assert plain(tables.read(declare("x.xlsx", sheet="to"))) == [{"id": "2"}]
    assert plain(tables.read(declare("x.xlsx"), prefer=("To",))) == [{"id": "2"}]
    for sheet, key in ((None, "file.layer_choice"), ("Tre", "file.layer_missing")):
        with pytest.raises(InputError) as error:
            tables.read(declare("x.xlsx", **({"sheet": sheet} if sheet else {})))
        assert error.value.key == key


def test_a_text_file_called_xlsx_is_told(csv_file, declare):
    csv_file("id\n1\n", name="x.xlsx")
    with pytest.raises(InputError) as error:
        tables.read(declare("x.xlsx"))
    assert error.value.key == "file.unreadable"


def test_geometry_as_text(csv_file, declare):
    csv_file('id;form\n1;"POLYGON((0 0,1 0,1 1,0 0))"\n2;POLYGON((\n3;\n')
    raw = tables.read(declare(wkt="form", crs="EPSG:25832"))
    assert raw.frame.geometry.area.tolist()[0] == 0.5
    assert raw.frame.geometry.isna().tolist() == [False, True, True]
    assert [(row.what, row.amount) for row in raw.quality] == [("table.wkt_unreadable", 1)]
    for keys, key in (
        ({"wkt": "form"}, "table.crs_missing"),
        ({"wkt": "form", "crs": "EPSG:1"}, "table.crs_unknown"),
        ({"wkt": "shape", "crs": "EPSG:25832"}, "column.missing"),
    ):
        with pytest.raises(InputError) as error:
            tables.read(declare(**keys))
        assert error.value.key == key


def test_rows_are_chosen(csv_file, declare):
    csv_file("id;status\n1;Ledig\n2;utbygd\n")
    raw = tables.read(declare(where={"status": ["ledig"]}))
    assert plain(raw) == [{"id": "1", "status": "Ledig"}]
    assert isinstance(raw.path, Path)
