"""File geodatabases: arcs within 1 cm, a curved hole stays a hole, coded values get names."""

import math
import zipfile
from pathlib import Path

import pytest
import shapely

from ikap.errors import InputError
from ikap.sources import list_layers, read_path
from ikap.sources.fgdb import by_nesting

FIXTURE = Path(__file__).parent / "files" / "plan.gdb.zip"


@pytest.fixture
def geodatabase(tmp_path: Path) -> Path:
    zipfile.ZipFile(FIXTURE).extractall(tmp_path)
    return tmp_path / "plan.gdb"


def test_hole_that_is_an_ellipse_stays_a_hole(geodatabase: Path) -> None:
    raw = read_path(geodatabase)
    donut = raw.frame.set_index("lokalid").geometry["a2"]
    assert len(donut.interiors) == 1
    assert donut.area == pytest.approx(40_000 - 1500 * math.pi, abs=1)
    (row,) = [row for row in raw.quality if row.what == "hole.restored"]
    assert row.source_id == "fid:2"
    assert row.amount == pytest.approx(-2 * 1500 * math.pi, abs=1)  # counted twice before


def test_arc_is_within_a_centimetre(geodatabase: Path) -> None:
    raw = read_path(geodatabase)
    bay = raw.frame.set_index("lokalid").geometry["a1"]
    assert bay.area == pytest.approx(10_000 + 1250 * math.pi, abs=0.01 * 50 * math.pi)
    assert bay.area < 10_000 + 1250 * math.pi
    assert "curves.straightened" in {row.what for row in raw.quality}


def test_coded_values_keep_their_codes_and_get_names(geodatabase: Path) -> None:
    frame = read_path(geodatabase).frame
    assert [str(code) for code in frame["arealformal"]] == ["1110", "5100"]
    assert list(frame["arealformal_navn"]) == [
        "Boligbebyggelse",
        "LNFR-areal for nødvendige tiltak",
    ]


def test_layers_and_feature_numbers(geodatabase: Path) -> None:
    assert list_layers(geodatabase) == ("KpArealformalOmrade",)
    assert list(read_path(geodatabase).frame.index) == ["fid:1", "fid:2"]


def test_checksum_covers_all_files_of_the_folder(geodatabase: Path) -> None:
    before = read_path(geodatabase)
    assert before.size == sum(p.stat().st_size for p in geodatabase.iterdir())
    (geodatabase / "timestamps").write_bytes(b"x" * 400)
    assert read_path(geodatabase).sha256 != before.sha256


def test_folder_that_is_no_geodatabase(tmp_path: Path) -> None:
    folder = tmp_path / "a.gdb"
    folder.mkdir()
    with pytest.raises(InputError) as caught:
        read_path(folder)
    assert caught.value.key == "file.type"


def test_geodatabase_that_was_only_partly_copied(geodatabase: Path) -> None:
    table = geodatabase / "a00000009.gdbtable"
    table.write_bytes(table.read_bytes()[:1200])
    with pytest.raises(InputError) as caught:
        read_path(geodatabase)
    assert caught.value.key == "file.unreadable"


def test_islands_in_holes() -> None:
    boxes = [shapely.box(0, 0, 10, 10), shapely.box(2, 2, 8, 8), shapely.box(4, 4, 6, 6)]
    made = by_nesting(shapely.MultiPolygon([*boxes, shapely.box(20, 0, 21, 1)]))
    assert made.is_valid
    assert made.area == 100 - 36 + 4 + 1
