"""A real Dask cluster: scheduler and workers are processes of their own, and may be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from ikap.cli import main
from ikap.errors import InputError
from ikap.flow import cluster
from ikap.flow.workers import alone, crew
from ikap.texts import Catalogue, error_text

from .conftest import the_same

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="kills with POSIX signals"),
    pytest.mark.filterwarnings("default"),  # those of Dask itself are not ours
]


def nothing(part):
    """Listen to nothing."""


class Cluster:
    """A scheduler and its workers, started by hand as a user does."""

    def __init__(self, folder, path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        self.env = os.environ | {"PYTHONPATH": str(path)}
        self.processes = {}

    def start(self, name, *words):
        command = [sys.executable, "-m", "distributed.cli.dask_" + name.rstrip("0123456789")]
        log = (self.folder / f"{name}.log").open("wb")
        with log:
            self.processes[name] = subprocess.Popen(
                [*command, *words], stdout=log, stderr=log, env=self.env, cwd=self.folder
            )

    def kill(self, name):
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()


@contextmanager
def running(folder, path, workers):
    made = Cluster(folder, path)
    host, port = made.address.removeprefix("tcp://").split(":")
    made.start("scheduler", "--host", host, "--port", port, "--no-dashboard", "--no-show")
    for i in range(workers):
        own = ("--no-nanny", "--nthreads", "2", "--name", f"w{i}", "--no-dashboard")
        made.start(f"worker{i}", made.address, *own)
    try:
        if workers:
            with distributed.Client(made.address, timeout=60, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=60)
        yield made
    finally:
        for process in made.processes.values():
            process.kill()
            process.wait()


def test_a_worker_is_killed_in_the_middle_and_nothing_is_lost(parts, wanted, helpers, tmp_path):
    slow = replace(wanted, measurers={"farmland_by_class": helpers.slow})
    told = []
    with running(tmp_path, helpers.HERE, workers=2) as there:

        def done(part):
            told.append(part.municipality)
            if len(told) == 2:
                there.kill("worker0")

        with crew(scheduler=there.address) as hired:
            before = len(list(helpers.HERE.glob("started-*")))
            found = hired.measure(parts, slow, done)
            again = hired.measure(parts[3:], wanted, nothing)
        assert there.processes["worker0"].returncode == -signal.SIGKILL
    assert before == 0
    assert f"started-{there.processes['worker0'].pid}" in {p.name for p in helpers.HERE.iterdir()}
    assert sorted(told) == [part.municipality for part in parts]
    assert the_same(found, alone.measure(parts, wanted, nothing))
    assert the_same(again, found[3:])


def test_a_lost_scheduler_is_told(parts, wanted, helpers, tmp_path):
    slow = replace(wanted, measurers={"farmland_by_class": helpers.slow})
    with running(tmp_path, helpers.HERE, workers=1) as there:
        with pytest.raises(InputError) as told, crew(scheduler=there.address) as hired:
            hired.measure(parts, slow, lambda _: there.kill("scheduler"))
        assert told.value.key == "workers.lost"
        for lang in ("nb", "en"):
            assert there.address in error_text(told.value, Catalogue.load(lang))


def test_a_partition_that_ends_the_last_worker_is_no_endless_wait(
    parts, wanted, helpers, tmp_path, monkeypatch
):
    monkeypatch.setattr(cluster, "WAIT_S", 2)
    dies = replace(wanted, measurers={"farmland_by_class": helpers.dies})
    with running(tmp_path, helpers.HERE, workers=1) as there:
        with pytest.raises(InputError) as told, crew(scheduler=there.address) as hired:
            hired.measure(parts, dies, nothing)
        assert told.value.key == "workers.none"


def test_answers_that_die_with_the_last_worker_are_no_endless_wait(
    parts, wanted, helpers, tmp_path, monkeypatch
):
    monkeypatch.setattr(cluster, "WAIT_S", 2)
    with running(tmp_path, helpers.HERE, workers=1) as there:

        def done(part):
            with distributed.Client(there.address, set_as_default=False) as client:
                while any(client.processing().values()):
                    time.sleep(0.05)
            there.kill("worker0")  # all is measured, and one answer has been fetched

        with pytest.raises(InputError) as told, crew(scheduler=there.address) as hired:
            hired.measure(parts, wanted, done)
        assert told.value.key == "workers.none"


def test_a_fault_in_a_worker_is_told_as_in_this_process(parts, wanted, helpers, tmp_path):
    refuses = replace(wanted, measurers={"farmland_by_class": helpers.refuses})
    with running(tmp_path, helpers.HERE, workers=1) as there:
        with pytest.raises(InputError) as told, crew(scheduler=there.address) as hired:
            hired.measure(parts, refuses, nothing)
        assert [f.key for f in told.value.faults] == ["crs.missing", "crs.missing"]


def test_scheduler_without_workers_or_without_an_answer(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "WAIT_S", 1)
    assert main(["init", str(tmp_path / "w")]) == 0
    with running(tmp_path, tmp_path, workers=0) as there:
        words = ["check", "--scheduler", there.address, "--workspace", str(tmp_path / "w")]
        with distributed.Client(there.address, timeout=60, set_as_default=False):
            pass  # the scheduler is up
        assert main(words) == 2
        assert "ingen arbeidere" in capsys.readouterr().err
    assert main(words) == 2
    assert "svarer ikke" in capsys.readouterr().err


def test_without_the_extra_it_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError) as told, crew(scheduler="tcp://127.0.0.1:1"):
        pass
    assert told.value.key == "workers.extra"
    assert "ikap[cluster]" in error_text(told.value, Catalogue.load("nb"))
