"""Plain threads for work that holds no lock of Python's: compiled loops and GEOS."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

__all__ = ["beside", "in_threads", "thread_count"]

R = TypeVar("R")

PARTS_PER_THREAD = 8
"""Work is handed out in so many parts a thread, so that one slow part does not hold up the rest."""
FEW_STEPS = 100_000
"""Work of fewer elementary steps (some nanoseconds each) is done before threads have started."""


def thread_count() -> int:
    """Threads to work with: `IKAP_THREADS`, else as many as there are processors to use."""
    given = os.environ.get("IKAP_THREADS", "")
    if given.isdigit() and int(given) > 0:
        return int(given)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(
    work: Callable[[int, int], R], count: int, *, least: int = 256, steps: int | None = None
) -> list[R]:
    """Call `work(start, stop)` for stretches of `range(count)`, answers in order.

    The threads end with the call: none is left that a later fork or another caller could meet.

    Parameters
    ----------
    work : callable
        What is done with one stretch; must not depend on other stretches.
    count : int
        How many there are in all.
    least : int
        Shortest stretch that is worth handing out.
    steps : int, optional
        About how many elementary steps (vertices, pieces) the whole work has; few are not handed
        out at all.

    Returns
    -------
    list
        One answer for each stretch. The first fault of a stretch is raised.
    """
    threads = thread_count()
    few = threads == 1 or (steps is not None and steps < FEW_STEPS)
    parts = 1 if few else max(1, min(threads * PARTS_PER_THREAD, count // least))
    ends = np.linspace(0, count, parts + 1).astype(np.int64).tolist()
    if parts == 1:
        return [work(0, count)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, ends[:-1], ends[1:]))


def beside(work: Callable[[], R]) -> Future[R]:
    """Begin work in a thread of its own, which ends with it.

    Parameters
    ----------
    work : callable
        Holds no lock of Python's for long, and reads nothing that others change meanwhile.

    Returns
    -------
    Future
        Has the answer, or the fault, when it is there.
    """
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return begun
