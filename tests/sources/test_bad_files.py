"""Files that are cut off, damaged or called something else: told by one message, never in part."""

import random
import shutil
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from ikap.errors import InputError
from ikap.model import LayerDeclaration
from ikap.sources import files, read_path, tables
from tests.kinds.same_formats import WRITERS, plan_areas

SOURCES = {"files": files, "tables": tables}
SHARES = (0.02, 0.3, 0.5, 0.8, 0.97)
MAPS = [name for name in WRITERS if not name.startswith(("CSV", "Excel"))]
TABLES = ("CSV, UTF-8",)
"""A text table has no end of its own; what is lost of its last row shows in its geometry."""


def many() -> gpd.GeoDataFrame:
    """Hundred areas, so that there is something to lose."""
    parts = [plan_areas().assign(lokalId=[f"{n}-{i}" for i in range(5)]) for n in range(20)]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs="EPSG:25832")


def main_file(source: dict[str, object]) -> Path:
    """The file with the rows: of a geodatabase the largest table."""
    path = Path(str(source["path"]))
    if path.is_dir():
        return max(path.glob("*.gdbtable"), key=lambda p: p.stat().st_size)
    return path


def read(source: dict[str, object]):
    declaration = LayerDeclaration("lag", "zoning", {}, "", "", source, Path("/"))
    return SOURCES[str(source["from"])].read(declaration)


@pytest.mark.parametrize("name", [*MAPS, "Excel"])
def test_file_that_is_cut_off_is_never_read_in_part(name: str, tmp_path: Path) -> None:
    source = WRITERS[name](many(), tmp_path)
    path = main_file(source)
    whole, count = path.read_bytes(), len(read(source).frame)
    for share in SHARES:
        path.write_bytes(whole[: int(len(whole) * share)])
        try:
            raw = read(source)
        except InputError as error:
            assert error.faults
            continue
        told = {row.what for row in raw.quality}
        lost = len(raw.frame) < count or raw.frame.geometry.isna().any()
        assert not lost or told & {"sosi.truncated", "sosi.no_end", "gml.cut_off"}, (share, told)


@pytest.mark.parametrize("name", MAPS)
def test_damaged_bytes_never_crash(name: str, tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 (the same damage every time)
    source = WRITERS[name](plan_areas(), tmp_path)
    path = main_file(source)
    whole = path.read_bytes()
    for _ in range(8):
        damaged = bytearray(whole)
        for _ in range(6):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            read(source)
        except InputError as error:
            assert error.faults[0].key


def test_row_of_a_text_table_that_was_cut_is_told(tmp_path: Path) -> None:
    source = WRITERS["CSV, UTF-8"](plan_areas(), tmp_path)
    path = main_file(source)
    path.write_bytes(path.read_bytes()[:-60])
    raw = read(source)
    assert raw.frame.geometry.isna().sum() == 1
    assert "table.wkt_unreadable" in {row.what for row in raw.quality}


@pytest.mark.parametrize(
    "ending", [".gpkg", ".geojson", ".shp", ".fgb", ".parquet", ".gml", ".sos"]
)
@pytest.mark.parametrize(
    "name", ["GeoPackage", "GeoJSON", "FlatGeobuf", "GeoParquet", "zip", "GML"]
)
def test_wrong_ending_is_told_with_what_the_content_is(
    name: str, ending: str, tmp_path: Path
) -> None:
    path = main_file(WRITERS[name](plan_areas(), tmp_path))
    if path.suffix == ending:
        return
    wrong = path.rename(tmp_path / f"b{ending}")
    with pytest.raises(InputError) as caught:
        read_path(wrong)
    (fault,) = caught.value.faults
    assert (fault.key, fault.facts["found"]) == ("file.type", "ZIP" if name == "zip" else name)


def test_empty_folder_and_folder_of_another_kind(tmp_path: Path) -> None:
    for name in ("a.gdb", "a.gpkg", "a.zip"):
        (tmp_path / name).mkdir()
        with pytest.raises(InputError) as caught:
            read_path(tmp_path / name)
        assert caught.value.key == "file.type"


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch) -> None:
    path = main_file(WRITERS["GeoJSON"](plan_areas(), tmp_path))

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)  # root may read anything
    with pytest.raises(InputError) as caught:
        read_path(path)
    assert caught.value.key == "file.unreadable"


def test_code_page_that_does_not_exist(tmp_path: Path) -> None:
    path = main_file(WRITERS["Shapefile, Latin-1"](plan_areas(), tmp_path))
    path.with_suffix(".cpg").write_text("klingon", encoding="ascii")
    raw = read_path(path)
    assert "Åsen på Øya" in set(raw.frame.iloc[:, 5])


def test_layers_in_two_systems_are_each_read_in_their_own(tmp_path: Path) -> None:
    areas = plan_areas().drop(columns="ikrafttredelsesdato")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        areas.to_file(tmp_path / "a.gpkg", layer="en")
        areas.to_crs(25833).to_file(tmp_path / "a.gpkg", layer="to")
    assert read_path(tmp_path / "a.gpkg", layer="en").frame.crs.to_epsg() == 25832
    assert read_path(tmp_path / "a.gpkg", layer="to").frame.crs.to_epsg() == 25833


def test_geodatabase_without_its_catalogue(tmp_path: Path) -> None:
    source = WRITERS["FileGDB"](plan_areas(), tmp_path)
    folder = Path(str(source["path"]))
    for path in folder.glob("a00000004.*"):
        path.unlink()
    with pytest.raises(InputError) as caught:
        read(source)
    assert caught.value.key in {"file.unreadable", "file.type", "file.no_layers"}
    shutil.rmtree(folder)
