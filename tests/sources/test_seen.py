"""What was read through is not read again, and a change is never missed."""

import json
import os
import subprocess
import sys
import time
import zlib

import pytest

from ikap.sources import checksum as reading
from ikap.sources import seen
from ikap.sources.checksum import checksum
from ikap.sources.seen import look_at

HOUR = 3_600_000_000_000
posix = pytest.mark.skipif(os.name != "posix", reason="no time of change of everything")


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("IKAP_CACHE", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def later(monkeypatch):
    """The clock an hour on, so that files which were just made are old."""
    now = time.time_ns
    monkeypatch.setattr(seen.time, "time_ns", lambda: now() + HOUR)


@pytest.fixture
def hashed(monkeypatch):
    """Paths that were read through, each time."""
    told = []
    kept = reading._hashed
    monkeypatch.setattr(reading, "_hashed", lambda parts: told.extend(parts) or kept(parts))
    return told


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ar5.gpkg"
    path.write_bytes(b"abc" * 999)
    return path


@posix
def test_a_file_is_hashed_once(file, later, hashed):
    first = checksum(file)
    assert checksum(file) == first
    assert first[1] == 2997
    assert hashed == [file]


def test_a_file_that_was_just_written_is_hashed_each_time(file, hashed):
    assert checksum(file) == checksum(file)
    assert hashed == [file, file]


@posix
def test_both_times_must_be_old(file, hashed):
    """A file that was given an old date now may be changed again within the same grain."""
    os.utime(file, ns=(0, file.stat().st_mtime_ns - HOUR))
    assert checksum(file) == checksum(file)
    assert len(hashed) == 2


def test_what_is_dated_ahead_is_not_remembered(file, hashed):
    ahead = time.time_ns() + 9 * HOUR
    os.utime(file, ns=(ahead, ahead))
    assert checksum(file) == checksum(file)
    assert len(hashed) == 2


def replaced(path, data):
    new = path.with_name("new")
    new.write_bytes(data)
    new.replace(path)


def in_place(path, data):
    with path.open("r+b") as stream:
        stream.write(data)


@posix
@pytest.mark.parametrize("change", [replaced, in_place])
def test_same_size_and_a_date_put_back_do_not_hide_a_change(file, later, hashed, change):
    first = checksum(file)
    then = file.stat()
    time.sleep(0.02)  # a tick of the system's clock
    change(file, b"abd" * 999)
    os.utime(file, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert file.stat().st_size == then.st_size
    assert file.stat().st_mtime_ns == then.st_mtime_ns
    assert checksum(file) != first
    assert len(hashed) == 2


@posix
def test_a_part_that_comes_or_changes_is_noticed(tmp_path, later, hashed):
    for ending in (".shp", ".shx"):
        (tmp_path / f"a{ending}").write_bytes(b"x")
    found = [checksum(tmp_path / "a.shp")]
    (tmp_path / "a.dbf").write_bytes(b"y")
    found.append(checksum(tmp_path / "a.shp"))
    time.sleep(0.02)
    (tmp_path / "a.dbf").write_bytes(b"z")
    found.append(checksum(tmp_path / "a.shp"))
    assert len(set(found)) == 3
    assert checksum(tmp_path / "a.shp") == found[-1]
    assert len(hashed) == 2 + 3 + 3


@posix
@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text[:-9],
        lambda text: text[:0],
        lambda text: text.replace("0", "1"),
        lambda text: f"[{text}]",
        lambda text: json.dumps({"body": text, "sum": zlib.crc32(text.encode())}),
        lambda text: text.encode() + b"\xff",
    ],
)
def test_a_damaged_memory_is_as_good_as_none(file, later, hashed, own_cache, harm):
    first = checksum(file)
    (place,) = (own_cache / "seen").iterdir()
    harmed = harm(place.read_text())
    place.write_bytes(harmed if isinstance(harmed, bytes) else harmed.encode())
    assert checksum(file) == first
    assert len(hashed) == 2
    assert checksum(file) == first
    assert len(hashed) == 2


@posix
def test_without_a_folder_to_write_in_nothing_is_remembered(file, later, hashed, own_cache):
    own_cache.write_text("in the way")
    assert checksum(file) == checksum(file)
    assert len(hashed) == 2


@posix
def test_what_changes_while_it_is_read_is_not_remembered(file, later):
    look = look_at([file], "sha256")
    time.sleep(0.02)
    file.write_bytes(b"x" * 2997)
    look.remember("of the old one")
    assert look_at([file], "sha256").recall() is None


@posix
def test_one_memory_is_not_taken_for_another(file, later):
    look = look_at([file], "sha256")
    look.remember("a")
    assert look_at([file], "sha256").recall() == "a"
    assert look_at([file], "whole").recall() is None
    assert look_at([file, file], "sha256").recall() is None


def test_without_a_time_of_change_only_own_files_are_remembered(file, later, monkeypatch):
    monkeypatch.setattr(seen, "CTIME", False)
    for own, found in ((False, None), (True, "a")):
        look_at([file], "whole", own=own).remember("a")
        assert look_at([file], "whole", own=own).recall() == found


@posix
def test_what_is_old_is_forgotten(file, later, own_cache):
    checksum(file)
    seen.forget_old(3600)
    assert len(list((own_cache / "seen").iterdir())) == 1
    seen.forget_old(0)
    assert not list((own_cache / "seen").iterdir())


WRITER = """
import sys, time
from pathlib import Path
from ikap.sources import seen
now = time.time_ns
seen.time.time_ns = lambda: now() + 3_600_000_000_000
for _ in range(300):
    look = seen.look_at([Path(sys.argv[1])], "sha256")
    look.remember("a")
    assert look.recall() == "a"
"""


@posix
def test_two_processes_write_at_once(file, own_cache):
    many = [subprocess.Popen([sys.executable, "-c", WRITER, str(file)]) for _ in range(2)]
    assert [one.wait() for one in many] == [0, 0]
    assert len(list((own_cache / "seen").iterdir())) == 1
