"""Any number of workers gives the same bits; none is left behind, and none dies in silence."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import ikap
from ikap import example
from ikap.cli import main
from ikap.errors import InputError
from ikap.facts import Memo
from ikap.flow.discovery import discover
from ikap.flow.partwise import Recalling, Wanted, by_size, noticed
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader
from ikap.flow.workers import alone, crew, unpacked
from ikap.model import QualityRow
from ikap.texts import Catalogue, error_text
from ikap.workspace import open_workspace

from .conftest import the_same


def nothing(part):
    """Listen to nothing."""


def test_two_workers_measure_the_same_as_this_process(parts, wanted) -> None:
    told = []
    with crew(2) as hired:
        found = hired.measure(parts, wanted, lambda part: told.append(part.municipality))
        again = hired.measure(parts[2:5], wanted, nothing)
    here = alone.measure(parts, wanted, nothing)
    assert len(found) == 9
    assert sorted(told) == [part.municipality for part in parts]
    assert the_same(found, here)
    assert the_same(again, here[2:5])


def test_largest_partitions_are_measured_first(parts) -> None:
    few = [replace(parts[i], geometry=parts[i].geometry[:n]) for i, n in ((1, 3), (2, 9), (3, 5))]
    assert by_size(few) == [1, 2, 0]


def test_results_of_a_whole_workspace_are_the_same_files(tmp_path) -> None:
    example.build(tmp_path, size="small")
    workspace = ikap.open_workspace(tmp_path)
    found = []
    for workers in (1, 2):
        folder = ikap.check(workspace, "forslag", workers=workers).folder
        found.append({p.name: p.read_bytes() for p in folder.iterdir() if p.name != "run.json"})
    assert len(found[0]) > 10
    assert found[0] == found[1]


def test_a_worker_that_dies_by_chance_is_replaced(parts, wanted, helpers) -> None:
    with crew(2) as hired:
        found = hired.measure(parts, with_measurer(wanted, helpers.dies_once), nothing)
    assert the_same(found, alone.measure(parts, wanted, nothing))


def with_measurer(wanted, measurer):
    return replace(wanted, measurers={"farmland_by_class": measurer})


def test_a_partition_that_no_worker_survives_is_told_once(parts, wanted, helpers) -> None:
    with pytest.raises(InputError) as told, crew(2) as hired:
        hired.measure(parts, with_measurer(wanted, helpers.dies), nothing)
    (fault,) = told.value.faults
    assert fault.key == "workers.died"
    assert "9905" in fault.facts["names"]


def test_a_fault_in_a_worker_is_told_as_in_this_process(parts, wanted, helpers) -> None:
    with pytest.raises(InputError) as told, crew(2) as hired:
        hired.measure(parts, with_measurer(wanted, helpers.refuses), nothing)
    assert [(f.key, f.file, f.ids) for f in told.value.faults] == [
        ("crs.missing", "a.gpkg", ()),
        ("crs.missing", "b.gpkg", ("1", "2")),
    ]


def test_layers_in_the_cache_are_not_copied_and_their_loss_is_told(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("IKAP_CACHE", str(tmp_path / "mellomlager"))
    example.build(tmp_path, size="small")
    reader = Reader(open_workspace(tmp_path), discover(open_workspace(tmp_path)), quiet)
    (layer,) = reader.used()["landcover"]
    packed = pickle.dumps(layer)
    assert len(packed) < 20_000
    assert (unpacked(packed).shapes.areas == layer.shapes.areas).all()
    assert layer.stored is not None
    shutil.rmtree(layer.stored)
    for place, named in (("", "mellomlager"), ("/annet/sted", "/annet/sted")):
        with pytest.raises(InputError) as told:
            unpacked(packed, place)
        assert told.value.key == "workers.files"
        assert named in error_text(told.value, Catalogue.load("nb"))


# --- what the memo notices ------------------------------------------------------------------------


def row(what):
    return QualityRow("lag", "", what, 1.0, "count")


def asks(*keys):
    def measure(partition):
        for key in keys:
            if key == "outer":
                partition.memo.once(key, lambda: (inner(partition), (row("outer"),)))
            else:
                partition.memo.once(key, lambda key=key: (key, (row(key),)))

    def inner(partition):
        return partition.memo.once("inner", lambda: (1, (row("inner"),)))

    return measure


def test_what_is_noticed_does_not_depend_on_who_made_it_first(parts) -> None:
    wanted = [Wanted({"f": asks("a", "outer")}), Wanted({"f": asks("outer", "b")})]
    orders = []
    for first, second in ((0, 1), (1, 0)):
        memo = Recalling()  # of one worker
        found = {}
        for i in (first, second):
            (found[i],) = alone.measure([replace(parts[i], memo=memo)], wanted[i], nothing)
        told = Memo()
        noticed([found[0], found[1]], told)
        orders.append([r.what for r in told.rows()])
    assert orders[0] == orders[1] == ["a", "inner", "outer", "b"]


def test_each_thing_is_noticed_once_for_all_plans_of_a_run(parts) -> None:
    memo = Memo()
    for _ in range(2):
        shared = [replace(part, memo=memo) for part in parts]
        noticed(alone.measure(shared, Wanted({"f": asks("outer")}), nothing), memo)
    assert [r.what for r in memo.rows()] == ["inner", "outer"]


# --- ended in the middle --------------------------------------------------------------------------

SCRIPT = """
import sys
from ikap import cli
from ikap.facts import farmland_by_class
import ikap_test_measurers
farmland_by_class.measure = ikap_test_measurers.stuck
if __name__ == "__main__":
    sys.exit(cli.main(["check", "--plan", "forslag", "--workers", "2", "--workspace", sys.argv[1]]))
"""


@pytest.fixture
def stuck(tmp_path, helpers):
    """Process of the command line whose two workers are both in the middle of a partition."""
    workspace, script = tmp_path / "område", tmp_path / "script.py"
    example.build(workspace, size="small")
    script.write_text(SCRIPT, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(workspace)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(helpers.HERE)},
        start_new_session=True,
    )
    until(lambda: len(list(helpers.HERE.glob("started-*"))) == 2 or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    yield process, psutil.Process(process.pid).children(recursive=True), workspace
    process.kill()
    process.communicate()


def until(met, seconds=60.0):
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:
        time.sleep(0.05)
    assert met()


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_ctrl_c_ends_all_workers_and_writes_nothing(stuck) -> None:
    process, children, workspace = stuck
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to parent and workers
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Avbrutt" in complaint
    assert "Traceback" not in complaint
    until(lambda: not any(child.is_running() for child in children))
    assert not list(workspace.rglob("*.parquet"))


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals")
def test_workers_end_when_their_parent_is_killed(stuck) -> None:
    process, children, _ = stuck
    assert len(children) >= 2
    process.kill()
    process.communicate()
    until(lambda: not any(alive(child) for child in children), seconds=15)


def alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# --- the options ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["--workers", "0"], "minst 1"),
        (["--workers", "-2"], "minst 1"),
        (["--workers", "2", "--scheduler", "tcp://localhost:1"], "Velg én"),
        (["--scheduler", "http://localhost:8786"], "tcp://"),
        (["--scheduler", "inproc://a"], "tcp://"),
        (["--scheduler", "tcp://localhost"], "tcp://"),
        (["--scheduler", "tcp://:x"], "tcp://"),
    ],
)
@pytest.mark.parametrize("verb", ["check", "run", "statement"])
def test_wrong_options_are_told(verb, words, key, tmp_path, capsys) -> None:
    (Path(tmp_path) / "w").mkdir()
    assert main(["init", str(tmp_path / "w")]) == 0
    capsys.readouterr()
    assert main([verb, *words, "--workspace", str(tmp_path / "w")]) == 2
    assert key in capsys.readouterr().err
