"""Letters come out right whatever the file says of its encoding, and guesses are told."""

from pathlib import Path

import pytest

from ikap.errors import InputError
from ikap.sources import read_path

NAMES = ["Åsen på Øya", "Vær"]


def guessed(raw) -> list:
    return [dict(row.facts)["used"] for row in raw.quality if row.what == "letters.guessed"]


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1"])
def test_shapefile_with_code_page(write, squares, encoding: str) -> None:
    raw = read_path(write(squares, "a.shp", encoding=encoding))
    assert list(raw.frame["navn"]) == NAMES
    assert guessed(raw) == []


@pytest.mark.parametrize(("encoding", "used"), [("UTF-8", "UTF-8"), ("ISO-8859-1", "Latin-1")])
def test_shapefile_without_code_page(write, squares, encoding: str, used: str) -> None:
    path = write(squares, "a.shp", encoding=encoding)
    path.with_suffix(".cpg").unlink()
    raw = read_path(path)
    assert list(raw.frame["navn"]) == NAMES
    assert guessed(raw) == [used]


@pytest.mark.parametrize(("encoding", "wrong"), [("UTF-8", "ISO-8859-1"), ("ISO-8859-1", "UTF-8")])
def test_shapefile_with_the_wrong_code_page(write, squares, encoding: str, wrong: str) -> None:
    path = write(squares, "a.shp", encoding=encoding)
    path.with_suffix(".cpg").write_text(wrong, encoding="ascii")
    raw = read_path(path)
    assert list(raw.frame["navn"]) == NAMES
    assert len(guessed(raw)) == 1


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1"])
def test_column_name_that_was_cut_in_a_letter(write, squares, encoding: str) -> None:
    squares = squares.rename(columns={"navn": "arealformål"})
    path = write(squares, "a.shp", encoding=encoding)
    names = list(read_path(path).frame.columns)
    assert "arealform" in names or "arealformå" in names


def test_plain_ascii_without_code_page_is_no_guess(write, squares) -> None:
    path = write(squares[["knr", "geometry"]], "a.shp", encoding="UTF-8")
    path.with_suffix(".cpg").unlink()
    assert guessed(read_path(path)) == []


def test_geojson_in_latin_1(write, squares) -> None:
    path = write(squares, "a.geojson")
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    raw = read_path(path)
    assert list(raw.frame["navn"]) == NAMES
    assert guessed(raw) == ["Latin-1"]


def test_declared_encoding_goes_first(write, squares) -> None:
    path = write(squares, "a.geojson")
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    raw = read_path(path, encoding="latin-1")
    assert list(raw.frame["navn"]) == NAMES
    assert guessed(raw) == []


def test_declared_encoding_that_does_not_exist(write, squares) -> None:
    with pytest.raises(InputError) as caught:
        read_path(write(squares, "a.gpkg"), encoding="klingon")
    assert caught.value.key == "encoding.unknown"


def test_letters_encoded_twice_are_mended(write, squares) -> None:
    squares["navn"] = ["Ã…sen pÃ¥ Ã˜ya", "Vær"]
    raw = read_path(write(squares, "a.gpkg"))
    assert list(raw.frame["navn"]) == NAMES
    assert guessed(raw) == ["UTF-8"]


def test_lost_letters_are_told_and_still_found(write, squares) -> None:
    squares["objtype"] = ["\ufffdpentOmr\ufffdde", "Skog"]
    raw = read_path(write(squares, "a.gpkg"), where={"objtype": ["ÅpentOmråde"]})
    assert len(raw.frame) == 1
    row = next(row for row in raw.quality if row.what == "letters.lost")
    assert (row.amount, row.facts["column"]) == (1, "objtype")


def test_real_file_with_lost_letters_and_heights(realdata: Path) -> None:
    raw = read_path(realdata / "landuse" / "trondheim_n50_arealbruk.geojson")
    assert len(raw.frame) == 18
    assert raw.frame.crs.to_epsg() == 4326  # from EPSG:4979, with heights
    told = {row.what: row.amount for row in raw.quality}
    assert told == {"heights.dropped": 18, "crs.vertical": 18, "letters.lost": 2}


def as_dos(path: Path, language: int) -> Path:
    """Shapefile as DOS programs wrote it: no .cpg, code page 865, and a language byte."""
    path.with_suffix(".cpg").unlink()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = language
    for name in NAMES:
        table[:] = table.replace(name.encode("latin-1"), name.encode("cp865"))
    path.with_suffix(".dbf").write_bytes(table)
    return path


def test_language_byte_of_dbase_is_believed(write, squares) -> None:
    raw = read_path(as_dos(write(squares, "a.shp", encoding="ISO-8859-1"), 0x66))
    assert list(raw.frame["navn"]) == NAMES
    assert (raw.letters, raw.letters_known_by, guessed(raw)) == ("cp865", "dbase", [])


def test_dos_letters_are_detected_and_told(write, squares) -> None:
    raw = read_path(as_dos(write(squares, "a.shp", encoding="ISO-8859-1"), 0))
    assert list(raw.frame["navn"]) == NAMES
    assert (raw.letters, raw.letters_known_by, guessed(raw)) == ("CP865", "guessed", ["CP865"])


@pytest.mark.parametrize("stated", ["1252", "ANSI 1252", "ISO 8859-1", "88591", "windows-1252"])
def test_forms_of_the_code_page(write, squares, stated: str) -> None:
    path = write(squares, "a.shp", encoding="ISO-8859-1")
    path.with_suffix(".cpg").write_text(stated, encoding="ascii")
    raw = read_path(path)
    assert list(raw.frame["navn"]) == NAMES
    assert (raw.letters, raw.letters_known_by) == (stated, "code_page")


def test_windows_signs_are_not_lost(write, squares) -> None:
    squares["navn"] = ["Åsen – Øya", "Vær"]
    path = write(squares, "a.shp", encoding="CP1252")
    path.with_suffix(".cpg").unlink()
    assert list(read_path(path).frame["navn"]) == ["Åsen – Øya", "Vær"]


@pytest.mark.parametrize(
    ("name", "known"), [("a.gpkg", ("UTF-8", "format")), ("a.shp", ("UTF-8", "code_page"))]
)
def test_how_the_letters_are_known(write, squares, name: str, known: tuple[str, str]) -> None:
    raw = read_path(write(squares, name))
    assert (raw.letters, raw.letters_known_by) == known
