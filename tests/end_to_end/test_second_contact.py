"""A second run takes its layers from the cache, and writes the same bytes."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
import shapely

import ikap
from ikap.facts import entry
from ikap.flow import reading
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.sources import checksum, seen

TABLES = ("findings", "statement", "indicators", "quality", "provenance")
E0, N0 = 569_000, 7_034_000
OVERLAPPING = {"a21": [(60, -20, 200, 60), (0, 300, 50, 350)], "a30": [(190, -20, 600, 90)]}


def box(x1, y1, x2, y2):
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def tables(squares):
    """Bytes of all tables that the last run wrote, and what its record says but for the time."""
    folder = squares.root / "ut" / "resultater" / "forslag"
    found = {name: (folder / f"{name}.parquet").read_bytes() for name in TABLES}
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found, {k: v for k, v in run.items() if k not in ("started", "seconds")}


@pytest.fixture
def read_again(monkeypatch):
    """Names of the layers that were read from their own file."""
    names = []
    kept = reading.files.read

    def noted(declaration, **options):
        names.append(declaration.name)
        return kept(declaration, **options)

    monkeypatch.setattr(reading.files, "read", noted)
    return names


def prepared(squares):
    squares.land(**OVERLAPPING)
    squares.buildings((70, 0, 80, 10), (75, 5, 90, 20))
    squares.plan(("1110", 2, box(0, 0, 600, 100)), ("1110", 1, box(0, 200, 90, 400)))


def test_second_contact_gives_the_same_bytes_and_reads_no_layer_again(squares, read_again):
    prepared(squares)
    squares.check()
    first, read_first = tables(squares), list(read_again)
    read_again.clear()
    squares.check()
    assert set(read_first) == {"kommuner", "ar5", "bygninger", "forslag"}
    assert read_again == ["forslag"]
    assert tables(squares) == first


@pytest.mark.parametrize("no_numba", ["0", "1"])
def test_another_process_takes_them_from_the_cache(squares, no_numba):
    prepared(squares)
    call = f"import ikap; ikap.check(ikap.open_workspace({str(squares.root)!r}), 'forslag')"
    found = []
    for _ in range(2):
        given = os.environ | {"IKAP_NO_NUMBA": no_numba}
        subprocess.run([sys.executable, "-c", call], check=True, env=given)
        found.append(tables(squares))
    assert found[0] == found[1]


def test_a_file_that_changed_behind_the_same_size_and_time_is_read_again(squares, read_again):
    prepared(squares)
    squares.check()
    path = squares.root / "layers" / "data" / "ar5.gpkg"
    then = path.stat()
    data = path.read_bytes()
    assert data.count(b"ar5-1") == 1
    path.write_bytes(data.replace(b"ar5-1", b"ar5-7"))
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert path.stat().st_size == then.st_size
    read_again.clear()
    squares.check()
    assert sorted(read_again) == ["ar5", "forslag"]


def test_a_change_that_lies_in_a_log_beside_the_file_is_read(squares):
    prepared(squares)
    path = squares.root / "layers" / "data" / "ar5.gpkg"
    with closing(sqlite3.connect(path)) as qgis:
        qgis.execute("PRAGMA journal_mode=WAL")
        triggers = qgis.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            qgis.execute(f'DROP TRIGGER "{name}"')  # they call functions that sqlite3 lacks
    squares.check()
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as qgis:
        qgis.execute("UPDATE ar5 SET lokalid = 'ar5-7' WHERE lokalid = 'ar5-1'")
        qgis.commit()
        assert path.read_bytes() == before
        workspace = ikap.open_workspace(squares.root)
        reader = reading.Reader(workspace, discover(workspace), quiet)
        assert "ar5-7" in reader.certified(workspace.layers["ar5"]).ids


@pytest.fixture
def hour_later(monkeypatch):
    """The clock an hour on, so that files which were just made are old."""
    now = time.time_ns
    monkeypatch.setattr(seen.time, "time_ns", lambda: now() + 3_600_000_000_000)


@pytest.mark.skipif(os.name != "posix", reason="no time of change of everything")
def test_a_file_is_hashed_once_beside_its_reading_and_not_again(squares, monkeypatch, hour_later):
    prepared(squares)
    hashed = []
    kept = checksum._hashed
    monkeypatch.setattr(
        checksum, "_hashed", lambda parts: hashed.extend(p.stem for p in parts) or kept(parts)
    )
    squares.check()
    assert sorted(hashed) == ["ar5", "bygninger", "forslag", "kommuner"]
    first = tables(squares)
    squares.check()
    assert len(hashed) == 4
    assert tables(squares) == first


@pytest.mark.parametrize("old", [False, True])
def test_a_file_that_changes_while_it_is_read_is_not_kept(squares, monkeypatch, request, old):
    if old:
        request.getfixturevalue("hour_later")
    prepared(squares)
    path = squares.root / "layers" / "data" / "ar5.gpkg"
    whole = path.read_bytes()
    workspace = ikap.open_workspace(squares.root)

    def changing(declaration, **options):
        raw = kept(declaration, **options)
        if declaration.name == "ar5":
            time.sleep(0.02)  # a tick of the system's clock
            path.write_bytes(whole.replace(b"ar5-1", b"ar5-7"))
        return raw

    kept = reading.files.read
    monkeypatch.setattr(reading.files, "read", changing)
    reader = reading.Reader(workspace, discover(workspace), quiet)
    assert reader.certified(workspace.layers["ar5"]).stored is None or not old
    again = reading.Reader(workspace, discover(workspace), quiet)
    assert "ar5-7" in again.certified(workspace.layers["ar5"]).ids


def test_coordinates_of_the_cache_are_not_made_into_geometry_to_be_measured(squares, monkeypatch):
    prepared(squares)
    squares.check()
    workspace = ikap.open_workspace(squares.root)
    reader = reading.Reader(workspace, discover(workspace), quiet)
    monkeypatch.setattr(entry, "_frame", lambda *_: pytest.fail("the table was made"))
    (layer,) = reader.used()["farmland"]
    assert layer.stored is not None
    assert layer.shapes.areas.sum() > 0
    assert layer.shapes._geometries is None
