"""Partitions measured on a Dask cluster that the user has started (extra `ikap[cluster]`).

The scheduler computes, nothing else: no data are fetched by it and no results are sent on. Layers
that are kept in files must be in the same place for the workers.
"""

from __future__ import annotations

import importlib
import pickle
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import numpy
import shapely

import ikap
from ikap.errors import InputError
from ikap.facts import Partition
from ikap.flow.partwise import MeasuredPart, Wanted, by_size
from ikap.flow.workers import Done, Jobs, measure_job, unpacked

__all__ = ["connect"]

WAIT_S = 15
"""How long the scheduler may take to answer, and then to have a worker."""


@contextmanager
def connect(address: str) -> Iterator[_Cluster]:
    """Reach a Dask scheduler, until the block ends.

    Parameters
    ----------
    address : str
        `tcp://HOST:PORT`, or `tls://HOST:PORT` with Dask's own settings for certificates.

    Yields
    ------
    Crew
        Measures on the cluster's workers; nothing is left there when the block ends.

    Raises
    ------
    InputError
        `workers.scheduler` (not such an address), `workers.extra` (distributed is not there),
        `workers.unreachable` (no answer), `workers.none` (no workers), `workers.differ` (a worker
        has other versions, with which figures could differ).
    """
    if not _is_address(address):
        raise InputError("workers.scheduler", value=address)
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise InputError("workers.extra") from error
    try:
        client = distributed.Client(address, timeout=WAIT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError("workers.unreachable", value=address, detail=str(error)) from error
    try:
        _hold_against_own(client, address)
        yield _Cluster(distributed, client, address)
    finally:
        client.close()


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("tcp", "tls") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        return False


def versions() -> tuple[tuple[str, str], ...]:
    """What figures depend on: as it is in this process."""
    return (
        ("ikap", ikap.__version__),
        ("numpy", numpy.__version__),
        ("shapely", shapely.__version__),
        ("GEOS", shapely.geos_version_string),
    )


def _hold_against_own(client: Any, address: str) -> None:  # noqa: ANN401 (a type of an extra)
    _wait_for_workers(client, address)
    own = versions()
    for worker, told in client.run(versions, on_error="return").items():
        if told != own:
            found = told if isinstance(told, Exception) else _listed(told)
            raise InputError("workers.differ", worker=worker, found=found, own=_listed(own))


def _wait_for_workers(client: Any, address: str) -> None:  # noqa: ANN401
    try:
        client.wait_for_workers(1, timeout=WAIT_S)
    except TimeoutError as error:
        raise InputError("workers.none", value=address) from error


def _listed(told: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(" ".join(pair) for pair in told)


@dataclass
class _Cluster:
    """Measures on the workers of a cluster; what a lost worker had is measured by another."""

    distributed: Any
    client: Any
    address: str
    _jobs: Jobs = field(default_factory=Jobs)
    _layers: list[Any] = field(default_factory=list)  # futures, by number

    def measure(self, parts: list[Partition], wanted: Wanted, done: Done) -> list[MeasuredPart]:
        """Measure all partitions; answers in their order."""
        futures = self._submitted(parts, wanted)
        found: dict[int, MeasuredPart] = {}
        try:
            for future in self._as_completed(futures):
                found[futures[future]] = self._result(future)
                done(found[futures[future]])
        except self.distributed.KilledWorker as error:
            names = [part.municipality for i, part in enumerate(parts) if i not in found]
            raise InputError(
                "workers.died", names=", ".join(name or "–" for name in names)
            ) from error
        except (OSError, CancelledError) as error:  # how Dask says that the scheduler is gone
            raise InputError("workers.lost", value=self.address) from error
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if self.client.status == "running":
                    self.client.cancel(list(futures))
        return [found[i] for i in range(len(parts))]

    def _as_completed(self, futures: Mapping[Any, int]) -> Iterator[Any]:
        """Futures as they are done, as long as there is anybody to do them."""
        arrived: SimpleQueue[Any] = SimpleQueue()
        for future in futures:
            future.add_done_callback(arrived.put)
        left = len(futures)
        while left:
            try:
                yield arrived.get(timeout=WAIT_S)
                left -= 1
            except Empty:
                _wait_for_workers(self.client, self.address)

    def _result(self, future: Any) -> MeasuredPart:  # noqa: ANN401 (a type of an extra)
        """Answer of a future that is done; made again if its worker ended before it told it."""
        while True:
            try:
                answer: MeasuredPart = future.result(timeout=WAIT_S)
                return answer
            except TimeoutError:
                _wait_for_workers(self.client, self.address)

    def _submitted(self, parts: list[Partition], wanted: Wanted) -> dict[Any, int]:
        """Futures with the number of their partition, the largest partitions first."""
        order = by_size(parts)
        jobs = [self._jobs.of(parts[i], wanted) for i in order]
        futures = {}
        with warnings.catch_warnings():  # Dask holds that large tasks should be files
            warnings.filterwarnings("ignore", message="Sending large graph", category=UserWarning)
            self._send_layers()
            for rank, (i, job) in enumerate(zip(order, jobs, strict=True)):
                layers = {number: self._layers[number] for number in job.numbers}
                key = f"ikap-part-{uuid4().hex}"
                future = self.client.submit(measure_job, job, layers, key=key, priority=-rank)
                futures[future] = i
        return futures

    def _send_layers(self) -> None:
        """Send each layer that is new, as a task: it can be made again when its worker is lost."""
        for layer in self._jobs.layers[len(self._layers) :]:
            key = f"ikap-layer-{uuid4().hex}"
            packed, place = pickle.dumps(layer), str(layer.stored or "")
            self._layers.append(self.client.submit(unpacked, packed, place, key=key))
