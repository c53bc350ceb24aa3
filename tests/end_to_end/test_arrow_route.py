"""Without its vertices in the cache a layer is measured from its file's own bytes, or read anew."""

import json
import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import ikap
from ikap.facts import stored_shapes
from ikap.flow import reading
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.measure.cache_root import cache_root
from ikap.measure.route import has_compiler
from ikap.sources import files, gdal_columns
from ikap.sources.geometry_column import geometry_column

TABLES = ("findings", "statement", "indicators", "quality", "provenance")
E0, N0 = 569_000, 7_034_000
TOML = """
kind = "landcover"
title = {{ nb = "AR5", en = "AR5" }}
owner = "Konstruerte data"
licence = "CC0-1.0"
constructed = true
source = {{ from = "files", path = "data/{file}"{more} }}
coverage = {{ own_polygons = true }}
"""


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def land():
    """No overlap: one with a hole, multipolygons of one part and of two, and odd coordinates."""
    field = shapely.difference(box(0, -20, 200, 60), box(20, 0, 40.1, 30.3))
    shapes = [
        field,
        box(20, 0, 40.1, 30.3),
        shapely.multipolygons([box(200, -20, 600.7, 90)]),
        shapely.multipolygons([box(0, 300, 50, 350), box(60, 300, 70 + 1 / 3, 350)]),
    ]
    return gpd.GeoDataFrame(
        {"arealtype": ["21", "30", "30", "22"], "lokalid": [f"ar5-{i}" for i in range(4)]},
        geometry=shapes,
        crs="EPSG:25832",
    )


def prepared(squares, file, frame, more=""):
    path = squares.root / "layers" / "data" / file
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    squares.toml("ar5", TOML.format(file=file, more=more))
    squares.buildings((70, 0, 80, 10))
    squares.plan(("1110", 2, box(10, 0, 600, 100)), ("1110", 1, box(0, 200, 90, 400)))
    return path


@pytest.fixture
def read_again(monkeypatch):
    """Names of the layers that were read from their own file the ordinary way."""
    names = []
    kept = reading.files.read
    monkeypatch.setattr(
        reading.files, "read", lambda d, **more: names.append(d.name) or kept(d, **more)
    )
    return names


@pytest.fixture
def layers(tmp_path, monkeypatch):
    """Folder of the layers in a cache of our own."""
    own = tmp_path / "mellomlager"
    own.mkdir()
    (own / "numba").symlink_to(cache_root() / "numba")
    monkeypatch.setenv("IKAP_CACHE", str(own))
    return own / "layers"


def found(squares):
    """All tables of a run as bytes, and what its record says but for the time."""
    squares.check()
    folder = squares.root / "ut" / "resultater" / "forslag"
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    bytes_of = {name: (folder / f"{name}.parquet").read_bytes() for name in TABLES}
    return bytes_of, {k: v for k, v in run.items() if k not in ("started", "seconds")}


def land_layer(squares):
    workspace = ikap.open_workspace(squares.root)
    reader = reading.Reader(workspace, discover(workspace), quiet)
    return reader.certified(workspace.layers["ar5"])


def figures(squares):
    """All that is measured of the land, as bytes, and what was told of it."""
    layer = land_layer(squares)
    told = (layer.quality, layer.ids.tolist(), layer.classes.tolist())
    return *(getattr(layer.shapes, n).tobytes() for n in ("areas", "boxes")), *told


def without_vertices(layers):
    for entry in layers.iterdir():
        shutil.rmtree(entry / "vertices")


@pytest.mark.parametrize("file", ["land.gpkg", "land.parquet", "land.fgb"])
def test_first_second_and_third_contact_give_the_same_bits(squares, layers, read_again, file):
    prepared(squares, file, land())
    first = found(squares)
    assert "ar5" in read_again
    read_again.clear()
    assert found(squares) == first
    mapped = land_layer(squares)
    without_vertices(layers)
    assert found(squares) == first
    assert read_again == ["forslag", "forslag"]
    layer = land_layer(squares)
    assert not any((entry / "vertices").exists() for entry in layers.iterdir())
    assert layer.shapes.areas.tobytes() == mapped.shapes.areas.tobytes()
    assert layer.shapes.boxes.tobytes() == mapped.shapes.boxes.tobytes()
    assert layer.classes.tolist() == mapped.classes.tolist()
    assert layer.shapes.areas.sum() > 0
    if has_compiler():
        assert layer.shapes._geometries is None
    one = np.array([2, 3])
    assert shapely.to_wkb(layer.shapes.geometries_of(one)).tolist() == (
        shapely.to_wkb(mapped.shapes.geometries_of(one)).tolist()
    )
    assert shapely.to_wkb(layer.polygons).tolist() == shapely.to_wkb(mapped.polygons).tolist()


def crossing():
    shape = shapely.Polygon([(E0, N0), (E0 + 9, N0), (E0, N0 + 9), (E0 + 9, N0 + 9)])
    return land().set_geometry([shape, *land().geometry[1:]])


def with_a_line():
    return land().set_geometry([shapely.LineString([(E0, N0), (E0 + 9, N0)]), *land().geometry[1:]])


OTHERS = {
    "overlap": lambda: land().set_geometry([box(0, -20, 300, 60), *land().geometry[1:]]),
    "repaired": crossing,
    "dropped": with_a_line,
    "heights": lambda: land().set_geometry(shapely.force_3d(land().geometry.to_numpy(), 7.0)),
    "other crs": lambda: land().to_crs("EPSG:25833"),
    "nothing there": lambda: land().set_geometry([None, *land().geometry[1:]]),
}


@pytest.mark.filterwarnings("ignore:.*Geometry column does not contain geometry")
@pytest.mark.parametrize("other", OTHERS)
def test_geometry_that_is_not_the_files_own_is_read_anew(squares, layers, read_again, other):
    prepared(squares, "land.parquet", OTHERS[other]())
    first = figures(squares)
    without_vertices(layers)
    read_again.clear()
    assert figures(squares) == first
    assert read_again == ["ar5"]
    assert any((entry / "vertices").exists() for entry in layers.iterdir())


def stored(layers):
    """Bytes of all files of the cache but the headers, by name."""
    files = [f for f in layers.rglob("*") if f.suffix in (".npy", ".arrow")]
    return sorted((f.relative_to(layers).parts[1:], f.read_bytes()) for f in files)


@pytest.mark.skipif(not has_compiler(), reason="nothing is compiled")
@pytest.mark.filterwarnings("ignore:.*Geometry column does not contain geometry")
@pytest.mark.parametrize("harm", ["overlap", "repaired", "other crs", "chosen", "twice"])
def test_a_large_file_gives_the_same_bits_as_a_small_one(squares, layers, monkeypatch, harm):
    made = OTHERS.get(harm, land)()
    made = pd.concat([made, made.tail(2)]) if harm == "twice" else made
    made = made.assign(sett=pd.Timestamp("2024-05-01T10:00:00"), egenskaper='{"a": 1}')
    prepared(squares, "land.gpkg", made, SOME if harm == "chosen" else "")
    ways = []
    for large in (gdal_columns.LARGE, 0):
        monkeypatch.setattr(gdal_columns, "LARGE", large)
        layer = figures(squares)
        ways.append((layer, stored(layers), kept_as_read(squares)))
        shutil.rmtree(layers)
    assert ways[0] == ways[1]


def test_small_layers_and_lines_are_not_read_twice(tmp_path, monkeypatch):
    land().to_file(tmp_path / "land.gpkg")
    way = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (9, 9)])], crs=25832)
    way.to_file(tmp_path / "way.gpkg")
    asked = []
    monkeypatch.setattr(gdal_columns.pyogrio.raw, "read_arrow", lambda *a, **_: asked.append(a))
    assert gdal_columns.by_columns(tmp_path / "land.gpkg", "land") is None
    monkeypatch.setattr(gdal_columns, "LARGE", 0)
    assert gdal_columns.by_columns(tmp_path / "way.gpkg", "way") is None
    assert asked == []


def kept_as_read(squares):
    """Table of the land as it lies in its file, geometry as bytes."""
    frame = files.read_path(squares.root / "layers" / "data" / "land.gpkg").frame
    return frame.to_wkb().to_csv(), frame.dtypes.astype(str).to_dict(), str(frame.crs)


SOME = ', where = { arealtype = ["21", "30"] }'


@pytest.mark.parametrize(("file", "more"), [("land.gpkg", SOME), ("land.zip", "")])
def test_chosen_rows_and_files_in_a_zip_are_read_anew(squares, layers, read_again, file, more):
    path = prepared(squares, "land.gpkg", land())
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as pack:
        pack.write(path, "land.gpkg")
    squares.toml("ar5", TOML.format(file=file, more=more))
    first = figures(squares)
    without_vertices(layers)
    read_again.clear()
    assert figures(squares) == first
    assert read_again == ["ar5"]


def other_land(path):
    frame = land()
    frame.set_geometry(frame.geometry.translate(1.0)).to_parquet(path)


def test_a_changed_file_is_never_read_by_an_old_entry(squares, layers, monkeypatch):
    path = prepared(squares, "land.parquet", land())
    east = land_layer(squares).shapes.boxes[0, 0]
    without_vertices(layers)
    other_land(path)
    assert land_layer(squares).shapes.boxes[0, 0] == east + 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_file_that_changes_while_it_is_read_is_not_taken(squares, layers, monkeypatch, when):
    path = prepared(squares, "land.parquet", land())
    east = land_layer(squares).shapes.boxes[0, 0]
    without_vertices(layers)

    def disturbed(*given):
        if when == "before":
            other_land(path)
        column = geometry_column(*given)
        other_land(path)
        return column

    monkeypatch.setattr(stored_shapes, "geometry_column", disturbed)
    assert land_layer(squares).shapes.boxes[0, 0] == east + 1  # read anew, the ordinary way


def test_rows_that_are_not_those_certified_are_not_taken(squares, layers, monkeypatch, read_again):
    prepared(squares, "land.parquet", land())
    areas = land_layer(squares).shapes.areas
    without_vertices(layers)
    [(data, starts)] = geometry_column(squares.root / "layers" / "data" / "land.parquet", "land")
    for wrong in (starts[:-1], np.delete(starts, 1), starts[:0]):
        monkeypatch.setattr(stored_shapes, "geometry_column", lambda *_, w=wrong: [(data, w)])
        read_again.clear()
        assert land_layer(squares).shapes.areas.tobytes() == areas.tobytes()
        assert "ar5" in read_again
        without_vertices(layers)


FINDER = """
import sys
import ikap
from ikap.flow import reading
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
for _ in range(60):
    workspace = ikap.open_workspace(sys.argv[1])
    reader = reading.Reader(workspace, discover(workspace), quiet)
    layer = reader.certified(workspace.layers["ar5"])
    found = (layer.shapes.areas.tobytes(), layer.shapes.rings.xy.tobytes())
    print(hash(found), flush=True)
"""


def test_vertices_may_go_and_come_while_another_process_reads(squares, layers):
    prepared(squares, "land.gpkg", land())
    land_layer(squares)
    (entry,) = [e for e in layers.iterdir() if b"ar5-1" in (e / "table.arrow").read_bytes()]
    whole, aside = entry / "vertices", layers.parent / "aside"
    call = [sys.executable, "-c", FINDER, str(squares.root)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as other:
        while other.poll() is None:
            with suppress(OSError):
                whole.rename(aside)
            with suppress(OSError):
                aside.rename(whole)
            shutil.rmtree(aside, ignore_errors=True)  # where the other process put its own there
        told = other.stdout.read().split()
    assert other.returncode == 0
    assert len(told) == 60
    assert len(set(told)) == 1
