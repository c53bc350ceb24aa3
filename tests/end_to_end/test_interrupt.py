"""Ctrl-C leaves the old output whole, and a half swap is finished or undone at the next start."""

import os
import signal
import subprocess
import sys
import time

import pytest
import shapely

from ikap.results import recover
from ikap.results.swap import fresh, swap_in

SQUARE = shapely.box(569_000, 7_034_000, 569_100, 7_034_100)
SLOW = """
import sys, time
from ikap import cli, flow
from ikap.results import store
writer = store.to_arrow
def slow(name, frame):
    print("WRITING", flush=True)
    time.sleep(30)
    return writer(name, frame)
store.to_arrow = slow
sys.exit(cli.main(["check", "--workspace", sys.argv[1]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_leaves_the_old_output_whole(squares):
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, SQUARE))
    folder = squares.check().folder
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(squares.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "default"},
    )
    assert process.stdout.readline().strip() == "WRITING"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Avbrutt" in complaint
    assert "Traceback" not in complaint
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_interrupted_swap_is_finished_or_undone(tmp_path, moment):
    target = tmp_path / "resultater"
    target.mkdir()
    (target / "old").touch()
    new = fresh(target)
    (new / "new").touch()
    journal, old = tmp_path / "resultater.bytte", tmp_path / "resultater.gammel"
    journal.touch()
    if moment != "before":
        target.rename(old)
    if moment == "after":
        new.rename(target)
    recover(target)
    assert {p.name for p in target.iterdir()} == {"old" if moment == "before" else "new"}
    assert not journal.exists()
    assert not old.exists()


def test_swap_puts_the_new_folder_in_the_place_of_the_old(tmp_path):
    target = tmp_path / "x"
    target.mkdir()
    (target / "old").touch()
    new = fresh(target)
    (new / "new").touch()
    swap_in(new, target)
    assert [p.name for p in target.iterdir()] == ["new"]
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
