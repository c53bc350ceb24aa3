"""A Shapefile whose parts are missing, cut off or from another file is told, not read in part."""

from pathlib import Path

import pytest

from ikap.errors import InputError
from ikap.sources import read_path


def faults_of(path: Path) -> list:
    with pytest.raises(InputError) as caught:
        read_path(path)
    return [(fault.key, fault.facts.get("name")) for fault in caught.value.faults]


def cut(path: Path, count: int) -> None:
    path.write_bytes(path.read_bytes()[:-count])


def test_missing_index(write, squares) -> None:
    path = write(squares, "a.shp")
    path.with_suffix(".shx").unlink()
    assert faults_of(path) == [("shape.part_missing", "a.shx")]
    assert not path.with_suffix(".shx").exists()  # nothing is made beside the planner's file


def test_missing_table_is_told_and_the_outlines_are_kept(write, squares) -> None:
    path = write(squares, "a.shp")
    path.with_suffix(".dbf").unlink()
    raw = read_path(path)
    assert len(raw.frame) == 2
    assert [row.what for row in raw.quality] == ["shape.no_table"]


def test_missing_projection(write, squares) -> None:
    path = write(squares, "a.shp")
    path.with_suffix(".prj").unlink()
    assert faults_of(path) == [("crs.missing", None)]
    assert read_path(path, crs="EPSG:25832").crs_known_by == "declared"


def test_all_parts_that_are_cut_off_are_told_together(write, squares) -> None:
    path = write(squares, "a.shp")
    for ending in (".shp", ".shx", ".dbf"):
        cut(path.with_suffix(ending), 40)
    told = faults_of(path)
    assert told[:3] == [("shape.cut_off", f"a{ending}") for ending in (".shp", ".shx", ".dbf")]


def test_table_of_another_file(write, squares, tmp_path) -> None:
    path = write(squares, "a.shp")
    other = write(squares.iloc[:1], "b.shp")
    path.with_suffix(".dbf").write_bytes(other.with_suffix(".dbf").read_bytes())
    assert faults_of(path) == [("shape.rows", "a.dbf")]


def test_endings_in_capitals(write, squares, tmp_path) -> None:
    path = write(squares, "a.shp", encoding="ISO-8859-1")
    for part in list(tmp_path.glob("a.*")):
        part.rename(tmp_path / f"A{part.suffix.upper()}")
    raw = read_path(path.parent / "A.SHP")
    assert list(raw.frame["navn"]) == ["Åsen på Øya", "Vær"]
    assert raw.letters_known_by == "code_page"
