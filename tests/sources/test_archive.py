"""Zip files: read where they are safe, refused by name where they are not, and nothing is left."""

import stat
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ikap.errors import InputError
from ikap.model import LayerDeclaration
from ikap.sources import list_layers, read, read_path
from ikap.sources.archive import Limits, unpacked
from ikap.sources.formats import ENDINGS
from ikap.sources.ledger import Ledger

FIXTURE = Path(__file__).parent / "files" / "plan.gdb.zip"


def packed(path: Path, **files: Path | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            data = content.read_bytes() if isinstance(content, Path) else content
            archive.writestr(name, data)
    return path


def fault_of(path: Path, **options: object):
    with pytest.raises(InputError) as caught:
        read_path(path, **options)
    assert len(caught.value.faults) == 1
    return caught.value.faults[0]


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path_factory, monkeypatch) -> Callable[[], None]:
    """Nothing unpacked is left behind, whatever happened."""
    folder = tmp_path_factory.mktemp("unpacked")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.fgb", "a.parquet"])
def test_one_file_in_a_zip_is_read_as_it_is(write, squares, tmp_path, name: str) -> None:
    path = write(squares, name)
    inside, beside = read_path(packed(tmp_path / "b.zip", **{name: path})), read_path(path)
    assert inside.frame.equals(beside.frame)
    assert (inside.layer, inside.file, inside.path) == (beside.layer, name, tmp_path / "b.zip")
    assert inside.size == (tmp_path / "b.zip").stat().st_size


def test_all_parts_of_a_shapefile_come_along(write, squares, tmp_path) -> None:
    path = write(squares, "a.shp", encoding="ISO-8859-1")
    parts = {f"mappe/A{p.suffix.upper()}": p for p in path.parent.glob("a.*")}
    raw = read_path(packed(tmp_path / "b.zip", **parts))
    assert list(raw.frame["navn"]) == ["Åsen på Øya", "Vær"]
    assert raw.frame.crs == "EPSG:25832"


def test_zipped_geodatabase_is_one_data_set() -> None:
    assert list_layers(FIXTURE) == ("KpArealformalOmrade",)
    assert len(read_path(FIXTURE).frame) == 2


def test_several_files_and_layers(write, squares, tmp_path) -> None:
    one, two = write(squares, "en.geojson"), write(squares.iloc[:1], "to.geojson")
    path = packed(tmp_path / "b.zip", **{"x/en.geojson": one, "y/to.geojson": two, "les.txt": b"a"})
    assert list_layers(path) == ("en", "to")
    assert fault_of(path).key == "file.layer_choice"
    assert len(read_path(path, layer="to").frame) == 1
    assert len(read_path(path, file="to.geojson").frame) == 1
    assert len(read_path(path, file="x/en.geojson").frame) == 2
    assert read_path(path, layer="to").others == ("en",)
    missing = fault_of(path, file="en.gpkg")
    assert (missing.key, missing.facts["nearest"]) == ("archive.file_missing", "x/en.geojson")


def test_layer_of_the_same_name_in_two_files(write, squares, tmp_path) -> None:
    one = write(squares, "a.gpkg", layer="flater")
    two = write(squares.iloc[:1], "b.gpkg", layer="flater")
    path = packed(tmp_path / "b.zip", **{"a.gpkg": one, "b.gpkg": two})
    assert fault_of(path, layer="flater").key == "archive.file_choice"
    assert len(read_path(path, file="b.gpkg", layer="flater").frame) == 1


def test_layer_declared_in_a_zip(write, squares, tmp_path) -> None:
    packed(tmp_path / "b.zip", **{"en.geojson": write(squares, "en.geojson"), "to.json": b"{}"})
    source = {"from": "files", "path": "b.zip", "file": "en.geojson"}
    (tmp_path / "layers").mkdir()
    (tmp_path / "b.zip").rename(tmp_path / "layers" / "b.zip")
    declaration = LayerDeclaration("lag", "landcover", {}, "", "", source, tmp_path)
    assert read(declaration).file == "en.geojson"


def test_file_of_something_that_is_no_zip(write, squares) -> None:
    assert fault_of(write(squares, "a.gpkg"), file="b.gpkg").key == "archive.no_zip"


def test_one_bad_file_does_not_cost_the_others(write, squares, tmp_path) -> None:
    good = write(squares, "en.geojson")
    path = packed(tmp_path / "b.zip", **{"en.geojson": good, "to.gpkg": b"SQLite format 3\x00 nei"})
    raw = read_path(path)
    assert len(raw.frame) == 2
    assert [(r.what, r.facts) for r in raw.quality] == [("archive.left_out", {"file": "to.gpkg"})]


@pytest.mark.parametrize("code", ["cp850", "cp865", "utf-8", "cp1252"])
def test_names_come_out_right(write, squares, tmp_path, code: str) -> None:
    name = "HøydeÅsÆbøå.geojson"
    plain = "x" * len(name.encode(code))
    path = packed(tmp_path / "b.zip", **{plain: write(squares, "a.geojson")})
    path.write_bytes(path.read_bytes().replace(plain.encode(), name.encode(code)))
    assert read_path(path).file == name


@pytest.mark.parametrize(
    "name", ["../a.geojson", "/a.geojson", "C:/a.geojson", "x\\..\\..\\a.gpkg"]
)
def test_names_that_lead_out_are_refused(tmp_path, name: str) -> None:
    fault = fault_of(packed(tmp_path / "b.zip", **{name: b"{}", "b.geojson": b"{}"}))
    assert fault.key == "archive.path"
    assert fault.ids == (name.replace("\\", "/"),)


def test_links_are_refused(tmp_path) -> None:
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert fault_of(tmp_path / "b.zip").key == "archive.link"


def test_all_that_is_wrong_is_told_together(tmp_path) -> None:
    link = zipfile.ZipInfo("b.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("../a.geojson", "{}")
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError) as caught:
        read_path(tmp_path / "b.zip")
    assert [fault.key for fault in caught.value.faults] == ["archive.path", "archive.link"]


def test_locked_with_a_password(tmp_path) -> None:
    path = packed(tmp_path / "b.zip", **{"a.geojson": b"{}"})
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + at] |= 1
    path.write_bytes(raw)
    assert fault_of(path).key == "archive.encrypted"


def test_bomb_is_refused_before_it_is_unpacked(tmp_path) -> None:
    packed(tmp_path / "b.zip", **{"a.geojson": bytes(80 << 20)})
    fault = fault_of(tmp_path / "b.zip")
    assert fault.key == "archive.bomb"
    assert fault.facts["size_mb"] == 80


@pytest.mark.parametrize("limits", [Limits(entries=2), Limits(size=10)])
def test_too_many_or_too_large(tmp_path, limits: Limits) -> None:
    path = packed(tmp_path / "b.zip", **{f"{i}.geojson": b"{}   " for i in range(3)})
    with pytest.raises(InputError) as caught, unpacked(path, None, ENDINGS, Ledger("", ""), limits):
        pass
    assert caught.value.key == "archive.bomb"


def test_size_that_the_archive_understates_is_not_unpacked(tmp_path) -> None:
    path = packed(tmp_path / "b.zip", **{"a.geojson": bytes(5_000_000)})
    raw = path.read_bytes().replace((5_000_000).to_bytes(4, "little"), (2).to_bytes(4, "little"))
    path.write_bytes(raw)
    assert fault_of(path).key == "file.unreadable"


def test_zip_in_a_zip(tmp_path) -> None:
    inner = packed(tmp_path / "a.zip", **{"a.geojson": b"{}"})
    assert fault_of(packed(tmp_path / "b.zip", **{"a.zip": inner})).key == "archive.nested"


def test_nothing_to_read(tmp_path) -> None:
    fault = fault_of(packed(tmp_path / "b.zip", **{"notat.docx": b"x"}))
    assert (fault.key, fault.facts["there"]) == ("archive.nothing", "notat.docx")
    assert fault_of(packed(tmp_path / "c.zip")).key == "archive.nothing"


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_zip_that_was_only_partly_sent(write, squares, tmp_path, share: float) -> None:
    path = packed(tmp_path / "b.zip", **{"a.gpkg": write(squares, "a.gpkg")})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert fault_of(path).key == "file.unreadable"


def test_damaged_content(write, squares, tmp_path) -> None:
    path = packed(tmp_path / "b.zip", **{"a.gpkg": write(squares, "a.gpkg")})
    raw = bytearray(path.read_bytes())
    raw[2000:2100] = bytes(100)
    path.write_bytes(raw)
    assert fault_of(path).key == "file.unreadable"


def test_message_names_the_file_inside(tmp_path) -> None:
    path = packed(tmp_path / "b.zip", **{"x/a.geojson": b'{"svar": 42}'})
    fault = fault_of(path)
    assert (fault.key, fault.file) == ("file.type", f"{path}/x/a.geojson")


def test_real_zip_with_names_of_a_dos_code_page(realdata: Path) -> None:
    ledger = Ledger("", "")
    path = realdata / "transport" / "0403_Hamar_fkbvn_GML.zip"
    with unpacked(path, None, (".gml",), ledger) as members:
        names = [member.name for member in members]
        assert all(member.path.stat().st_size > 0 for member in members)
    assert len(names) == 10
    assert {"Gågatereguleringer.gml", "Høydebegrensning.gml"} <= set(names)
    assert not any(member.path.exists() for member in members)
