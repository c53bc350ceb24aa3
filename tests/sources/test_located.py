"""Tables with coordinates: columns known by name, CRS stated and never guessed."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from ikap.errors import InputError
from ikap.model import LayerDeclaration
from ikap.sources import tables


@pytest.fixture
def read(tmp_path: Path):
    """Read text as the CSV file of a layer."""

    def _read(text: str, encoding: str = "utf-8", **source: object):
        path = tmp_path / "a.csv"
        path.write_bytes(text.encode(encoding))
        return read_file(path, **source)

    return _read


def read_file(path: Path, **source: object):
    table = {"from": "tables", "path": str(path), **source}
    return tables.read(
        LayerDeclaration("lag", "stops", {}, "", "", table, Path("/"), file="lag.toml")
    )


def places(raw) -> list:
    return [None if g is None else (g.x, g.y) for g in raw.frame.geometry]


def told(raw) -> dict:
    return {row.what: (row.source_id, row.amount) for row in raw.quality}


@pytest.mark.parametrize(
    "header",
    [
        "id;øst;nord",
        "id;Øst;Nord",
        "id;east;north",
        "id;X;Y",
        "id;x-koordinat;y-koordinat",
        "id;Koordinat øst;Koordinat nord",
        "id;EASTING;NORTHING",
        "id;utm32_ost;utm32_nord",
    ],
)
def test_columns_are_known_by_their_names(read, header: str) -> None:
    raw = read(f"{header}\n0301;569000,5;7034000\n", crs="EPSG:25832")
    assert places(raw) == [(569000.5, 7034000.0)]
    assert (raw.frame.crs.to_epsg(), raw.crs_known_by) == (25832, "declared")
    assert list(raw.frame["id"]) == ["0301"]


@pytest.mark.parametrize("header", ["lat;lon", "breddegrad;lengdegrad", "Latitude;Longitude"])
def test_degrees_are_north_first_or_east_first_by_name(read, header: str) -> None:
    raw = read(f"{header}\n63,43;10,39\n", crs="EPSG:4258")
    assert places(raw) == [(10.39, 63.43)]


def test_no_system_is_not_guessed(read) -> None:
    raw = read("id;øst;nord\na;569000;7034000\n")
    assert places(raw) == [None]
    assert told(raw) == {"table.not_placed": ("", 1)}
    with pytest.raises(InputError) as caught:
        read("id;a;b\na;569000;7034000\n", x="a", y="b")
    assert caught.value.key == "table.crs_missing"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("id;øst_25832;nord_25832", 25832),
        ("id;x (EPSG:25833);y (EPSG:25833)", 25833),
        ("id;Øst EUREF89 UTM 33;Nord EUREF89 UTM 33", 25833),
    ],
)
def test_system_that_the_header_states(read, header: str, code: int) -> None:
    raw = read(f"{header}\na;270000;7041000\n")
    assert (raw.frame.crs.to_epsg(), raw.crs_known_by) == (code, "header")


def test_header_that_states_two_systems(read) -> None:
    with pytest.raises(InputError) as caught:
        read("id;x_25832;y_25833\na;270000;7041000\n")
    assert (caught.value.key, caught.value.faults[0].facts["there"]) == (
        "table.crs_mixed",
        "EPSG:25832, EPSG:25833",
    )


@pytest.mark.parametrize("year", [" 2022", "_2022"])
def test_a_year_in_the_header_is_no_system(read, year: str) -> None:
    raw = read(f"id;nord{year};øst{year}\na;7041000;270000\n")
    assert places(raw) == [None]


def test_wkt_is_known_by_its_name_and_its_srid(read) -> None:
    area = "POLYGON ((570000 7030000, 570100 7030000, 570100 7030100, 570000 7030000))"
    raw = read(f'nr,geometri\n1,"SRID=25832;{area}"\n2,\n')
    assert raw.frame.geometry.iloc[0].area == 5000
    assert (raw.frame.crs.to_epsg(), raw.crs_known_by) == (25832, "header")
    assert list(raw.frame.columns) == ["nr", "geometry"]


def test_cells_that_are_no_coordinates_are_told_by_row(read) -> None:
    raw = read("x;y;n\n569 000;7 034 000;a\nukjent;7034000;b\n;;c\n", crs="EPSG:25832")
    assert places(raw) == [(569000.0, 7034000.0), None, None]
    assert told(raw) == {"table.coordinate_unreadable": ("rad:3", 1)}


def test_degrees_that_are_said_to_be_metres(read) -> None:
    with pytest.raises(InputError) as caught:
        read("x;y\n10,39;63,43\n", crs="EPSG:25832")
    assert caught.value.key == "crs.impossible"


def test_one_of_two_columns(read) -> None:
    with pytest.raises(InputError) as caught:
        read("a;b\n1;2\n", x="a", crs="EPSG:25832")
    assert caught.value.key == "column.missing"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_of_a_table(read, encoding: str) -> None:
    raw = read("navn;øst;nord\nÅsen på Øya;569000;7034000\n", encoding, crs="EPSG:25832")
    assert list(raw.frame["navn"]) == ["Åsen på Øya"]
    known = {"utf-8": "tested", "cp1252": "guessed"}.get(encoding, "bom")
    assert raw.letters_known_by == known


def test_line_that_tells_excel_the_separator(read) -> None:
    raw = read("sep=,\nnavn,x,y\na;b,569000,7034000\n", crs="EPSG:25832")
    assert list(raw.frame["navn"]) == ["a;b"]
    assert list(raw.frame.index) == ["rad:3"]


def test_workbook_with_coordinates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("nr", "Øst", "Nord"), ("0301", 569000.25, 7034000), ("5001", "569 100,5", None)):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    raw = read_file(tmp_path / "a.xlsx", crs="EPSG:25832")
    assert places(raw) == [(569000.25, 7034000.0), None]
    assert list(raw.frame["nr"]) == ["0301", "5001"]


def test_table_in_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("en.csv", "navn;x;y\nÅ;569000;7034000\n")
        archive.writestr("to.csv", "navn;x;y\n")
    raw = read_file(tmp_path / "a.zip", file="en.csv", crs="EPSG:25832")
    assert places(raw) == [(569000.0, 7034000.0)]
    assert (raw.file, raw.layer) == ("en.csv", "en")
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / "a.zip")
    assert caught.value.key == "archive.table_choice"
