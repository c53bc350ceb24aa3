"""The cache: the same tables from it as from the file, and nothing from a damaged one."""

import os
import pickle
import shutil
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from ikap.facts import certify
from ikap.facts.cache import LayerCache, layer_key
from ikap.facts.cache_space import prune
from ikap.facts.stored_columns import Unstorable, stored_column, taken_column
from ikap.kinds.canonical import Canonical
from ikap.model import LayerDeclaration, QualityRow, Region
from ikap.sources import arrays, seen
from ikap.sources.arrays import Damaged, read_folder

FILE = (Path("ar5.gpkg"), "ab" * 32, 1234)


def declared(**given):
    known = {"name": "ar5", "kind": "landcover", "title": {"nb": "AR5"}, "owner": "", "licence": ""}
    source = {"from": "files", "path": "data/ar5.gpkg"}
    return LayerDeclaration(**(known | {"source": source, "root": Path()} | given))


@pytest.fixture
def canonical():
    """Polygons, a multipolygon of one part and one of two; the first two overlap."""
    square = shapely.box(0, 0, 10, 10)
    shapes = [
        shapely.difference(square, shapely.box(2, 2, 4, 4)),
        shapely.box(8, 0, 18, 10),
        shapely.multipolygons([shapely.box(20, 0, 30, 10)]),
        shapely.multipolygons([shapely.box(40, 0, 50, 10), shapely.box(60, 0, 70, 10)]),
        shapely.box(9, 0, 10, 10),
    ]
    frame = gpd.GeoDataFrame(
        {
            "source_layer": pd.Series(["ar5"] * 5, dtype=object),
            "source_id": pd.Series(["a", "b", "c", "æ", "e"], dtype=object),
            "arealtype": pd.Series(["21", "30", "99", "21", "60"], dtype=object),
            "nøyaktighet": [20.0, np.nan, 50.0, 7.25, -0.0],
            "antall": pd.Series([1, None, 3, 4, 5], dtype="Int64"),
            "dato": pd.Series(["2020-01-01", None, None, "2020-01-01", None], dtype=object),
        },
        geometry=gpd.GeoSeries(shapes, crs=25832),
    )
    frame["role"] = pd.Series(["x", np.nan, "x", "x", "x"], dtype=object)
    told = QualityRow("ar5", "b", "geometry.repaired", 0.1 + 0.2, "m2", {"reason": "bøyd", "n": 3})
    known = {"crs_known_by": "file", "names": {"arealtype": "ARTYPE"}}
    return Canonical("landcover", "ar5", frame, (told,), *FILE, **known)


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("IKAP_CACHE", str(tmp_path / "own"))
    return LayerCache(lambda path: pytest.fail(f"not writable: {path}"))


@pytest.fixture
def kept(store, canonical):
    """Folder of the layer in the cache."""
    made = certify(canonical.frame, declared(), classes="arealtype")
    return store.keep("key", (canonical, made), "arealtype")


def wkb(geometries):
    return shapely.to_wkb(geometries).tolist()


def test_table_and_certificate_come_back_as_they_were(store, canonical, kept):
    made = certify(canonical.frame, declared(), classes="arealtype")
    table, found = store.find("key", declared(), FILE)
    assert found.quality == made.quality
    assert len(found.quality) == 3
    assert wkb(found.polygons) == wkb(made.polygons)
    assert found.shapes.areas.tobytes() == made.shapes.areas.tobytes()
    assert found.shapes.boxes.tobytes() == made.shapes.boxes.tobytes()
    assert found.classes.tolist() == made.classes.tolist()
    assert found.ids.tolist() == made.ids.tolist()
    assert_frame_equal(found.attributes, made.attributes, check_exact=True)
    assert table.frame["role"].isna().tolist() == [False, True, False, False, False]
    assert table.frame["dato"].tolist() == canonical.frame["dato"].tolist()
    assert table.frame.crs == canonical.frame.crs
    assert list(table.frame.columns) == list(canonical.frame.columns)
    assert wkb(table.frame.geometry.to_numpy()) == wkb(canonical.frame.geometry.to_numpy())
    assert np.signbit(table.frame["nøyaktighet"][4])
    for name in ("kind", "layer", "quality", "path", "sha256", "size", "crs_known_by", "names"):
        assert getattr(table, name) == getattr(canonical, name)
    assert table.lines is None
    assert table.unmeasurable.empty


def test_chosen_geometry_is_that_of_the_whole(store, kept):
    some = store.find("key", declared(), FILE)[1].shapes.geometries_of(np.array([3, 2]))
    whole = store.find("key", declared(), FILE)[1].polygons
    assert wkb(some) == wkb(whole[[3, 2]])
    assert shapely.get_type_id(some).tolist() == [6, 6]


def test_a_layer_of_the_cache_travels_as_its_path(store, canonical, kept):
    found = store.find("key", declared(), FILE)[1]
    sent = pickle.dumps(found)
    assert b"xy" not in sent
    there = pickle.loads(sent)  # noqa: S301 (made here)
    assert wkb(there.polygons) == wkb(found.polygons)
    assert there.classes.tolist() == found.classes.tolist()
    shutil.rmtree(kept)
    with pytest.raises(Damaged):
        pickle.loads(sent)  # noqa: S301 (made here)
    loose = certify(canonical.frame, declared(), classes="arealtype")
    there = pickle.loads(pickle.dumps(loose))  # noqa: S301 (made here)
    assert wkb(there.polygons) == wkb(loose.polygons)


HEAVY = ("vertices/header.json", "vertices/xy.npy", "vertices/ring_start.npy")
FILES = ("header.json", "areas.npy", "changed_wkb.npy", "table.arrow", *HEAVY)


def harmed(path, harm):
    data = bytearray(path.read_bytes())
    if harm == "flipped":
        data[len(data) * 2 // 3] ^= 16
    changed = {"cut": data[:-7], "longer": data + b"\0", "empty": b""}.get(harm, data)
    path.unlink()
    if harm != "gone":
        path.write_bytes(changed)


@pytest.fixture(params=["new to us", "known to be whole"])
def entry(request, store, kept, monkeypatch):
    """Folder of a layer, before and after it is remembered that it was whole."""
    if request.param == "known to be whole":
        monkeypatch.setattr(seen, "GRAIN_NS", 0)
        time.sleep(0.02)  # a tick of the system's clock
        assert store.find("key", declared(), FILE) is not None
    return kept


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["flipped", "cut", "gone", "longer", "empty"])
def test_a_damaged_folder_is_made_again(store, canonical, entry, name, harm):
    harmed(entry / name, harm)
    assert store.find("key", declared(), FILE) is None
    made = certify(canonical.frame, declared(), classes="arealtype")
    assert store.keep("key", (canonical, made), "arealtype") == entry
    assert store.find("key", declared(), FILE) is not None
    assert [p.name for p in entry.parent.iterdir()] == ["key"]


def test_every_flipped_bit_of_the_coordinates_is_noticed(kept):
    path = kept / "vertices" / "xy.npy"
    whole = path.read_bytes()
    for at in range(0, len(whole), 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        with pytest.raises(Damaged):
            read_folder(kept / "vertices")
    path.write_bytes(whole)
    read_folder(kept / "vertices")


def test_every_byte_is_checked_once_and_again_when_a_file_changes(store, kept, monkeypatch):
    read = []
    kept_one = arrays._checksum
    monkeypatch.setattr(arrays, "_checksum", lambda path: read.append(path.name) or kept_one(path))
    monkeypatch.setattr(seen, "GRAIN_NS", 0)
    time.sleep(0.02)  # a tick of the system's clock
    assert store.find("key", declared(), FILE) is not None
    assert {"xy.npy", "areas.npy", "table.arrow"} < set(read)
    read.clear()
    assert store.find("key", declared(), FILE) is not None
    assert read == []
    (kept / "areas.npy").touch()
    assert store.find("key", declared(), FILE) is not None
    assert "areas.npy" in read
    assert "xy.npy" not in read


def test_vertices_of_another_layer_are_not_taken(store, canonical, kept):
    frame = canonical.frame.set_geometry(canonical.frame.geometry.translate(1.0))
    moved = replace(canonical, frame=frame)
    made = certify(frame, declared(), classes="arealtype")
    other = store.keep("other", (moved, made), "arealtype")
    shutil.rmtree(kept / "vertices")
    shutil.copytree(other / "vertices", kept / "vertices")
    assert store.find("key", declared(), FILE) is None


def test_a_layer_gets_its_vertices_back(store, canonical, kept):
    shutil.rmtree(kept / "vertices")
    areas = (kept / "areas.npy").stat()
    assert store.find("key", declared(), FILE) is None  # ground was given up: no file has it so
    made = certify(canonical.frame, declared(), classes="arealtype")
    assert store.keep("key", (canonical, made), "arealtype") == kept
    assert (kept / "areas.npy").stat() == areas
    assert wkb(store.find("key", declared(), FILE)[1].polygons) == wkb(made.polygons)
    assert [p.name for p in kept.parent.iterdir()] == ["key"]


def test_arrays_that_hold_objects_are_never_loaded(kept):
    np.save(kept / "areas.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(Damaged):
        read_folder(kept, check=False)


def test_two_at_once_leave_one_whole_folder(store, canonical):
    made = certify(canonical.frame, declared(), classes="arealtype")
    found = []
    many = [
        threading.Thread(
            target=lambda: found.append(store.keep("key", (canonical, made), "arealtype"))
        )
        for _ in range(8)
    ]
    for thread in many:
        thread.start()
    for thread in many:
        thread.join()
    assert len(set(found)) == 1
    assert [p.name for p in found[0].parent.iterdir()] == ["key"]
    assert store.find("key", declared(), FILE) is not None


def test_without_a_writable_folder_it_is_told_once_and_nothing_is_kept(
    canonical, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("IKAP_CACHE", str(tmp_path / "file"))
    told = []
    store = LayerCache(told.append)
    made = certify(canonical.frame, declared(), classes="arealtype")
    for _ in range(2):
        assert store.find("key", declared(), FILE) is None
        assert store.keep("key", (canonical, made), "arealtype") is None
    assert told == [tmp_path / "file" / "layers"]


def aged(folders, now, **ages):
    for name, age in ages.items():
        os.utime(folders / name, (now - age, now - age))


def test_old_layers_go_and_those_in_use_stay(store, canonical, monkeypatch):
    made = certify(canonical.frame, declared(), classes="arealtype")
    folders = {k: store.keep(k, (canonical, made), "arealtype") for k in ("a", "b", "c", "d")}
    layers, now = folders["a"].parent, folders["d"].stat().st_mtime
    (layers / ".new-left").mkdir()
    aged(layers, now, a=100 * 86_400, b=8000, c=7000)
    os.utime(layers / ".new-left", (now - 9000, now - 9000))
    prune(layers)
    assert sorted(p.name for p in layers.iterdir()) == ["b", "c", "d"]
    monkeypatch.setenv("IKAP_CACHE_GB", "0")
    prune(layers, keep="c")
    assert sorted(p.name for p in layers.iterdir()) == ["c", "d"]
    prune(layers)
    assert sorted(p.name for p in layers.iterdir()) == ["d"]


def test_vertices_go_first_the_oldest_first(store, canonical, monkeypatch):
    made = certify(canonical.frame, declared(), classes="arealtype")
    folders = {k: store.keep(k, (canonical, made), "arealtype") for k in ("a", "b", "c", "d")}
    layers, now = folders["a"].parent, folders["d"].stat().st_mtime
    aged(layers, now, b=9000, a=8000, c=7000)
    heavy = sum(f.stat().st_size for f in (folders["d"] / "vertices").iterdir())
    light = sum(f.stat().st_size for f in folders["d"].iterdir() if f.is_file())

    def left(room):
        monkeypatch.setenv("IKAP_CACHE_GB", str(room / 1e9))
        prune(layers)
        whole = [p.name for p in sorted(layers.iterdir()) if (p / "vertices").is_dir()]
        return whole, [p.name for p in sorted(layers.iterdir())]

    assert left(4 * light + 4 * heavy) == (["a", "b", "c", "d"], ["a", "b", "c", "d"])
    assert left(4 * light + 3 * heavy) == (["a", "c", "d"], ["a", "b", "c", "d"])
    assert left(4 * light + 2.9 * heavy) == (["c", "d"], ["a", "b", "c", "d"])
    assert left(4 * light + heavy) == (["d"], ["a", "b", "c", "d"])
    assert left(3 * light + heavy) == (["d"], ["a", "c", "d"])
    assert left(light + heavy) == (["d"], ["d"])


def key(declaration=None, region=None, extent=None, file=FILE):
    region = region or Region("r", {"nb": "R"}, "EPSG:25832", ())
    return layer_key(declaration or declared(), region, extent, file)


def test_the_name_holds_all_that_shapes_the_table():
    other = (FILE[0], "cd" * 32, FILE[2])
    keys = [
        key(),
        key(declared(columns={"arealtype": "KODE"})),
        key(declared(values={"arealtype": {"a": "21"}})),
        key(declared(kind="farmland")),
        key(declared(source={"from": "files", "path": "data/ar5.gpkg", "layer": "B"})),
        key(declared(dated=date(2026, 1, 1))),
        key(region=Region("r", {"nb": "R"}, "EPSG:25833", ())),
        key(extent=(0.0, 0.0, 1.0, 1.0)),
        key(file=other),
        key(file=(Path("annet.gpkg"), *FILE[1:])),
    ]
    assert len(set(keys)) == len(keys)
    assert key() == key(declared(root=Path("elsewhere"), title={"nb": "Annet navn"}))


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([1, "a"], dtype=object),
        pd.Series([None, float("nan"), "a"], dtype=object),
        pd.Series([pd.Timestamp("2020-01-01")]),
    ],
)
def test_what_would_not_come_back_is_not_kept(cells):
    with pytest.raises(Unstorable):
        stored_column(cells)


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series(["a", None, "b"] * 9, dtype=object),
        pd.Series(["a", None, "b"], dtype=object),
        pd.Series([None, None], dtype=object),
        pd.Series([], dtype=object),
        pd.Series([1.5, np.nan]),
        pd.Series([1, 2]),
        pd.Series([True, False]),
        pd.Series([1, None], dtype="Int64"),
        pd.Series(["a", None, "å"], dtype="str"),
    ],
)
def test_columns_come_back(cells):
    import pyarrow as pa  # noqa: PLC0415

    column, kind = stored_column(cells)
    found = taken_column(pa.table({"c": column})["c"], kind)
    assert found.dtype == cells.dtype
    assert found.tolist() == cells.tolist() or found.isna().any()
    assert_frame_equal(found.to_frame(), cells.to_frame())
    assert [type(v) for v in found] == [type(v) for v in cells]


def test_lines_are_not_kept(store, canonical):
    line = canonical.frame.geometry.to_numpy().copy()
    line[0] = shapely.LineString([(0, 0), (1, 1)])
    frame = canonical.frame.set_geometry(gpd.GeoSeries(line, crs=25832))
    made = certify(frame, declared(), exclusive=False)
    known = {"crs_known_by": "file", "names": {}}
    lines = Canonical("network", "ar5", frame, (), *FILE, **known)
    assert store.keep("key", (lines, made), None) is None
    assert store.find("key", declared(), FILE) is None
