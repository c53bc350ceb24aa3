"""Who measures the partitions: this process, several processes, or a Dask cluster.

All three call `measure_partition`, and what comes back is put together in the order of the
partitions, so that figures are the same to the bit for any number of workers.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import platform
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from uuid import uuid4

from ikap.errors import InputError
from ikap.facts import CertifiedLayer, Partition
from ikap.flow.partwise import MeasuredPart, Recalling, Wanted, by_size, measure_partition
from ikap.measure.cache_root import cache_root
from ikap.sources.arrays import Damaged

__all__ = ["Crew", "Done", "Job", "Jobs", "alone", "crew", "measure_job", "unpacked"]

Done = Callable[[MeasuredPart], None]
"""Told each partition as soon as it is measured."""

ATTEMPTS = 2
"""A worker may have been ended by chance; a partition that ends two of them will end the next."""

PATIENCE_S = 5.0
"""How long a worker that was told to end may take."""


class Crew(Protocol):
    """Measures partitions, wherever."""

    def measure(self, parts: list[Partition], wanted: Wanted, done: Done) -> list[MeasuredPart]:
        """Measure partitions that have the same layers; answers in the order of the partitions."""


class _Alone:
    """Measures in this process, one partition after the other."""

    def measure(self, parts: list[Partition], wanted: Wanted, done: Done) -> list[MeasuredPart]:
        """Measure all; what the partitions' memo keeps stays there."""
        found = []
        for part in parts:
            found.append(measure_partition(part, wanted))
            done(found[-1])
        return found


alone: Crew = _Alone()


@contextmanager
def crew(workers: int = 1, scheduler: str | None = None) -> Iterator[Crew]:
    """Get hold of those who measure, until the block ends.

    Parameters
    ----------
    workers : int
        Processes on this machine; 1 measures in this process.
    scheduler : str, optional
        Address of a Dask scheduler, `tcp://HOST:PORT` or `tls://HOST:PORT`.

    Yields
    ------
    Crew
        When the block is left in haste (an error, Ctrl-C), its processes are ended.

    Raises
    ------
    InputError
        `workers.count` (fewer than 1), `workers.both` (workers and a scheduler), and what
        `cluster.connect` raises.
    """
    if workers < 1:
        raise InputError("workers.count", count=workers)
    if scheduler is None:
        if workers == 1:
            yield alone
            return
        with TemporaryDirectory(prefix="ikap-", ignore_cleanup_errors=True) as folder:
            processes = _Processes(workers, Path(folder))
            try:
                yield processes
            except BaseException:
                processes.close(at_once=True)
                raise
            processes.close()
        return
    if workers != 1:
        raise InputError("workers.both")
    from ikap.flow.cluster import connect  # noqa: PLC0415 (the extra `cluster`)

    with connect(scheduler) as cluster:
        yield cluster


@dataclass(frozen=True)
class Job:
    """One partition on its way to a worker; its layers go apart, each one once."""

    run: str
    partition: Partition  # without layers and memo
    layers: Mapping[str, tuple[int, ...]]  # numbers by use
    wanted: Wanted

    @property
    def numbers(self) -> list[int]:
        """Numbers of the layers that the partition needs, each once."""
        return sorted({number for numbers in self.layers.values() for number in numbers})


@dataclass
class Jobs:
    """The jobs of one run, and the layers that they speak of by number."""

    run: str = field(default_factory=lambda: uuid4().hex)
    layers: list[CertifiedLayer] = field(default_factory=list)

    def of(self, partition: Partition, wanted: Wanted) -> Job:
        """Job of one partition."""
        numbers = {use: tuple(map(self._number, own)) for use, own in partition.layers.items()}
        bare = replace(partition, layers={}, memo=Recalling(), answers={})
        return Job(self.run, bare, numbers, wanted)

    def _number(self, layer: CertifiedLayer) -> int:
        for number, known in enumerate(self.layers):
            if known is layer:
                return number
        self.layers.append(layer)
        return len(self.layers) - 1


_memos: dict[str, Recalling] = {}
_one_at_a_time = threading.Lock()  # prepared geometry must not be shared by a worker's threads


def measure_job(job: Job, layers: Mapping[int, CertifiedLayer]) -> MeasuredPart:
    """Measure one partition in a worker, which keeps one memo for each run.

    Parameters
    ----------
    job : Job
        The partition.
    layers : mapping
        Its layers by number.

    Returns
    -------
    MeasuredPart
        As by `measure_partition`.
    """
    with _one_at_a_time:
        for old in set(_memos) - {job.run}:
            del _memos[old]
        memo = _memos.setdefault(job.run, Recalling())
        own = {use: tuple(layers[n] for n in numbers) for use, numbers in job.layers.items()}
        return measure_partition(replace(job.partition, layers=own, memo=memo), job.wanted)


def unpacked(packed: bytes, place: str = "") -> CertifiedLayer:
    """Layer as a worker gets it: in whole, or as its place in the cache.

    Parameters
    ----------
    packed : bytes
        Pickled by the process that hands out the work.
    place : str
        Where that process keeps the layer, for the message; the cache of this one, if not given.

    Returns
    -------
    CertifiedLayer
        Ready to be measured.

    Raises
    ------
    InputError
        `workers.files`: the cache that the layer is kept in is not there for this worker.
    """
    try:
        layer: CertifiedLayer = pickle.loads(packed)  # noqa: S301 (this run packed it)
    except (Damaged, OSError) as error:
        folder = place or str(cache_root())
        raise InputError("workers.files", folder=folder, machine=platform.node()) from error
    return layer


# --- processes on this machine ------------------------------------------------------------------


class _Context(SpawnContext):
    """Context whose processes are known, so that they can be ended."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **keys: Any) -> SpawnProcess:  # type: ignore[override]  # noqa: ANN401, N802
        """Process of this context, remembered."""
        made = SpawnProcess(*args, **keys)
        self.started.append(made)
        return made

    def end(self) -> None:
        """End all processes at once, whatever they are doing."""
        for process in self.started:
            with suppress(ValueError):  # closed by its pool
                process.terminate()
        for process in self.started:
            with suppress(ValueError, AssertionError):
                process.join(PATIENCE_S)
                if process.is_alive():
                    process.kill()


@dataclass
class _Processes:
    """Measures in processes of its own, started when the first partitions come.

    Jobs and answers go by files: what goes through the pool's pipes is so small that it is written
    at once. A process that ends in the middle of a large message would leave the others waiting.
    """

    workers: int
    folder: Path
    _jobs: Jobs = field(default_factory=Jobs)
    _asked: int = 0
    _written: int = 0
    _context: _Context = field(default_factory=_Context)
    _pool: ProcessPoolExecutor | None = None

    def measure(self, parts: list[Partition], wanted: Wanted, done: Done) -> list[MeasuredPart]:
        """Measure all; partitions of a worker that died are measured once more."""
        jobs = {i: self._jobs.of(parts[i], wanted) for i in by_size(parts)}
        self._write_layers()
        found: dict[int, MeasuredPart] = {}
        for _ in range(ATTEMPTS):
            left = {i: job for i, job in jobs.items() if i not in found}
            try:
                for i, part in self._each(left):
                    found[i] = part
                    done(part)
            except BrokenProcessPool:
                self.close(at_once=True)
            else:
                return [found[i] for i in range(len(parts))]
        names = [parts[i].municipality for i in range(len(parts)) if i not in found]
        raise InputError("workers.died", names=", ".join(name or "–" for name in names))

    def _each(self, jobs: Mapping[int, Job]) -> Iterator[tuple[int, MeasuredPart]]:
        """Measure jobs, answers as they come."""
        pool = self._started()
        futures = {}
        for i, job in jobs.items():
            self._asked += 1
            _job_file(self.folder, self._asked).write_bytes(pickle.dumps(job))
            futures[pool.submit(_in_process, self._asked, self.folder)] = (i, self._asked)
        for future in as_completed(futures):
            future.result()
            i, number = futures[future]
            answer = _answer_file(self.folder, number)
            yield i, pickle.loads(answer.read_bytes())  # noqa: S301 (a worker of this run made it)
            answer.unlink()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._context = _Context()
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=self._context, initializer=_begin
            )
        return self._pool

    def close(self, *, at_once: bool = False) -> None:
        """End the processes, when they are done or at once."""
        if self._pool is None:
            return
        pool, self._pool = self._pool, None
        if at_once:
            self._context.end()
        pool.shutdown(wait=True, cancel_futures=True)

    def _write_layers(self) -> None:
        """Write each layer that is new since the last time to a file of its own."""
        for number in range(self._written, len(self._jobs.layers)):
            (self.folder / str(number)).write_bytes(pickle.dumps(self._jobs.layers[number]))
        self._written = len(self._jobs.layers)


def _begin() -> None:
    """Make a new worker work alone, leave Ctrl-C to its parent, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["IKAP_THREADS"] = os.environ["NUMBA_NUM_THREADS"] = "1"
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:  # noqa: ANN401 (a class that multiprocessing does not name)
    parent.join()
    os._exit(1)


_opened: dict[int, CertifiedLayer] = {}


def _job_file(folder: Path, number: int) -> Path:
    return folder / f"job-{number}"


def _answer_file(folder: Path, number: int) -> Path:
    return folder / f"answer-{number}"


def _in_process(asked: int, folder: Path) -> None:
    """Measure the job of a number; its answer is a file."""
    job: Job = pickle.loads(_job_file(folder, asked).read_bytes())  # noqa: S301 (as below)
    for number in set(_opened) - set(job.numbers):
        del _opened[number]
    for number in set(job.numbers) - set(_opened):
        _opened[number] = unpacked((folder / str(number)).read_bytes())
    _answer_file(folder, asked).write_bytes(pickle.dumps(measure_job(job, _opened)))
    _job_file(folder, asked).unlink()
