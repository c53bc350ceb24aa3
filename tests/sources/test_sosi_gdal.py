"""The same geometry as GDAL makes with Kartverket's FYBA, where the machine has that driver.

The wheels do not have it; Debian's gdal-bin does. It cannot open two of the real files (UTF-8 with
a mark, a head without TRANSPAR), wants a new ..NØ after each node, and leaves out circles.
"""

import shutil
import subprocess
from pathlib import Path

import pyogrio
import pytest
import shapely

from ikap.sources.ledger import Ledger
from ikap.sources.sosi import layers, objects

HEAD = """.HODE
..TEGNSETT ISO8859-10
..TRANSPAR
...KOORDSYS 22
...ORIGO-NØ 7030000 570000
...ENHET 0.01
..OMRÅDE
...MIN-NØ 7029000 569000
...MAX-NØ 7031000 571000
..SOSI-VERSJON 4.5
..SOSI-NIVÅ 4
"""
# A square of 100 m with an arc for its right side, a square hole that is an area of its own, and
# a surface that has its curves in the wrong order and without their direction.
PLAN = """.KURVE 1:
..OBJTYPE Grense
..NØ
0 0 ...KP 1
..NØ
0 5000
0 10000 ...KP 1
.BUEP 2:
..OBJTYPE Grense
..NØ
0 10000
5000 12000
10000 10000
.KURVE 3:
..OBJTYPE Grense
..NØH
10000 10000 100 ...KP 1
..NØH
10000 0 100 ...KP 1
.KURVE 9:
..OBJTYPE Grense
..NØ
10000 0
0 0
.KURVE 4:
..OBJTYPE Grense
..NØ
2000 2000
2000 4000
4000 4000
..NØ
4000 2000
2000 2000
.KURVE 5:
..OBJTYPE Grense
..NØ
10000 10000
20000 10000
10000 0
.FLATE 6:
..OBJTYPE Flate
..REF :1 :2 :3
:9 (:-4)
..NØ
6000 6000
.FLATE 7:
..OBJTYPE Flate
..REF :4
..NØ
3000 3000
.FLATE 8:
..OBJTYPE Flate
..REF :5 :3 ! skulle vært :-3
..NØ
12000 9000
.SLUTT
"""
REAL = (
    "0403_INNKJØRINGFORBUDT_VEGNETT.SOS",
    "RV150_NVDB_Kantstein_9_Tunnel_UTM32.sos",
    "valid_real_data.sos",
    "valid_real_data2.sos",
)


@pytest.fixture(scope="module")
def ogr2ogr() -> str:
    found = shutil.which("ogr2ogr")
    formats = ""
    if found:
        formats = subprocess.run(
            [found, "--formats"], check=True, capture_output=True, text=True
        ).stdout
    if not found or "SOSI" not in formats:
        pytest.skip("needs ogr2ogr with the SOSI driver")
    return found


def ours(path: Path) -> list[shapely.Geometry]:
    frames = [objects(path, name, None, Ledger("", "")) for name in layers(path, Ledger("", ""))]
    return in_order(shape for frame in frames for shape in frame.geometry)


def theirs(path: Path, ogr2ogr: str) -> list[shapely.Geometry]:
    """Geometry as GDAL writes it; points come as MultiPoint, and a vertex may stand twice."""
    out = path.with_suffix(".gpkg")
    subprocess.run([ogr2ogr, "-dim", "XY", str(out), str(path)], check=True, capture_output=True)
    names = [name for name, _ in pyogrio.list_layers(out)]
    frames = [pyogrio.read_dataframe(out, layer=name, columns=[]) for name in names]
    return in_order(shape for frame in frames for shape in frame.geometry)


def in_order(shapes) -> list[shapely.Geometry]:
    parts = (part for shape in shapes for part in shapely.get_parts(shape))
    return sorted(parts, key=lambda s: (s.geom_type, *(round(b, 2) for b in s.bounds), s.length))


@pytest.mark.realdata
@pytest.mark.parametrize("name", REAL)
def test_real_file(realdata, tmp_path, ogr2ogr, name: str) -> None:
    path = Path(shutil.copyfile(realdata / "sosi" / name, tmp_path / "a.sos"))
    mine, gdal = ours(path), theirs(path, ogr2ogr)
    assert len(mine) == len(gdal) > 0
    same = shapely.equals_exact(mine, gdal, tolerance=1e-6)
    assert same.all()


def test_surfaces_with_arcs_holes_and_wrong_order(tmp_path, ogr2ogr) -> None:
    path = tmp_path / "plan.sos"
    path.write_bytes((HEAD + PLAN).encode("iso8859-10"))
    mine, gdal = ours(path), theirs(path, ogr2ogr)
    assert [s.geom_type for s in mine] == ["LineString"] * 6 + ["Polygon"] * 3
    assert [s.geom_type for s in gdal] == [s.geom_type for s in mine]
    apart = shapely.hausdorff_distance(mine, gdal)
    assert apart.max() < 0.02  # two lines for one arc, each within a centimetre of it
    assert (apart > 1e-9).sum() == 2  # the arc and the surface that has it
    assert [len(s.interiors) for s in mine[6:]] == [len(s.interiors) for s in gdal[6:]]
