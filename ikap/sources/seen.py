"""A memory of files that were read through once: what is as it was, need not be read again.

A file counts as unchanged while its size, its time of change to the nanosecond, the system's own
time of change of everything about it (ctime), its number on the disk and the disk are the same.
A time of change can be put back by any program, the ctime cannot: it tells on a file that was
replaced by one of the same size and date.

Times have grains, and a file may change twice within one. So nothing is remembered of a file whose
times are less than two seconds older than the moment it was looked at (as in git's index); it is
read through again the next time.

Windows has no ctime (there, that is when the file was made). Only files that ikap wrote itself,
and nobody else has a reason to write, are remembered there; others are always read through.

Each remembered set of files is one small file in the cache folder with its own checksum, put in
place by one rename. Two processes may write it at once: each writes what is true. One that is
damaged, or cannot be read or written, is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ikap.measure.cache_root import cache_root

__all__ = ["Look", "forget_old", "look_at"]

GRAIN_NS = 2_000_000_000
"""Times of some disks (FAT) have no finer grain than this."""
CTIME = os.name == "posix"
"""Whether the system tells when anything about a file was changed."""

State = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Look:
    """Some files as they were at one moment."""

    paths: tuple[Path, ...]
    what: str
    states: tuple[State, ...]  # none where they cannot be remembered
    at_ns: int

    @property
    def settled(self) -> bool:
        """Whether any later change of the files can be told by their states."""
        newest = max((max(mtime, ctime) for _, mtime, ctime, _, _ in self.states), default=0)
        return bool(self.states) and newest + GRAIN_NS < self.at_ns

    @property
    def size(self) -> int:
        """Bytes of all the files."""
        return sum(size for size, *_ in self.states)

    @property
    def unchanged(self) -> bool:
        """Whether the files are still as they were."""
        return bool(self.states) and _states(self.paths) == self.states

    def recall(self) -> str | None:
        """What is remembered of the files, if they are as they were then."""
        if not self.states:
            return None
        try:
            outer = json.loads(self._place().read_text(encoding="utf-8"))
            if zlib.crc32(outer["body"].encode()) != outer["sum"]:
                return None
            body = json.loads(outer["body"])
            states = tuple(tuple(state) for state in body["states"])
            then = Look(self.paths, self.what, states, body["at_ns"])
            same = body["names"] == self._names() and states == self.states
            return str(body["value"]) if same and then.settled else None
        except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def remember(self, value: str) -> None:
        """Remember what was found of the files, if they are still as when they were looked at.

        Parameters
        ----------
        value : str
            Was found after the look, by reading all of them.
        """
        if not (self.settled and self.unchanged):
            return
        known = {"names": self._names(), "states": self.states, "at_ns": self.at_ns}
        body = json.dumps(known | {"value": value})
        text = json.dumps({"body": body, "sum": zlib.crc32(body.encode())})
        with suppress(OSError, RuntimeError):
            place = self._place()
            place.parent.mkdir(parents=True, exist_ok=True)
            new = place.with_name(f".new-{uuid4().hex}")
            try:
                new.write_text(text, encoding="utf-8")
                new.replace(place)
            finally:
                new.unlink(missing_ok=True)

    def _names(self) -> list[str]:
        return [self.what, *(str(path.absolute()) for path in self.paths)]

    def _place(self) -> Path:
        """Where it is kept: another file for any other set of paths."""
        name = hashlib.sha256("\0".join(self._names()).encode("utf-8", "surrogateescape"))
        return _folder() / f"{name.hexdigest()}.json"


def look_at(paths: Sequence[Path], what: str, *, own: bool = False) -> Look:
    """Look at files before they are read.

    Parameters
    ----------
    paths : sequence of Path
        All that are read, in a fixed order.
    what : str
        What is looked for in them.
    own : bool
        Whether ikap wrote them, and nobody else does.

    Returns
    -------
    Look
        To ask what is remembered, and to remember what was found.
    """
    at_ns = time.time_ns()
    return Look(tuple(paths), what, _states(paths) if CTIME or own else (), at_ns)


def forget_old(age_s: float) -> None:
    """Forget what was found so many seconds ago or earlier."""
    with suppress(OSError, RuntimeError):
        for place in _folder().iterdir():
            with suppress(OSError):
                if time.time() - place.stat().st_mtime >= age_s:
                    place.unlink()


def _states(paths: Sequence[Path]) -> tuple[State, ...]:
    """State of each file, or nothing if one is gone."""
    try:
        told = [path.stat() for path in paths]
    except OSError:
        return ()
    return tuple((s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino, s.st_dev) for s in told)


def _folder() -> Path:
    return cache_root() / "seen"
