"""Room that the cache of layers takes, and what goes when there is too little.

Vertices go first, the longest unused first: a layer whose geometry is that of its file does as well
without. Then whole layers go. What was used within the hour may be in use, and stays.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ikap.facts.stored_shapes import VERTICES

__all__ = ["KEEP_S", "NEW", "prune", "put_aside"]

GIGABYTE = 1_000_000_000
LIMIT_GB = 20.0
"""Space that the cache may take; `IKAP_CACHE_GB` says otherwise."""
KEEP_S = 90 * 86_400
"""Layers that were not used for so long are thrown away."""
YOUNG_S = 3600
"""What was used so recently may be in use, and is never thrown away."""
NEW, OLD = ".new-", ".old-"


@dataclass(frozen=True)
class _Kept:
    """One layer: when it was last used, and its bytes with and without vertices."""

    folder: Path
    used: float
    light: int
    heavy: int


def prune(folder: Path, keep: str = "") -> None:
    """Throw away what was not used for long, and the oldest while there is too much.

    Parameters
    ----------
    folder : Path
        Where the layers are; need not be there.
    keep : str
        A name that stays.
    """
    now = time.time()
    there = sorted(_layers(folder), key=lambda layer: (layer.used, layer.folder.name))
    left = _limit() - sum(layer.light + layer.heavy for layer in there)
    old = [k for k in there if now - k.used >= YOUNG_S and k.folder.name != keep]
    for layer in old:
        if now - layer.used >= KEEP_S or layer.folder.name.startswith((NEW, OLD)):
            put_aside(layer.folder, folder)
            left += layer.light + layer.heavy
    there_yet = [layer for layer in old if layer.folder.is_dir()]
    for layer in there_yet:
        if left < 0 and layer.heavy and put_aside(layer.folder / VERTICES, folder):
            left += layer.heavy
            with suppress(OSError):  # it was not used by this
                os.utime(layer.folder, (layer.used, layer.used))
    for layer in there_yet:
        if left < 0 and put_aside(layer.folder, folder):
            left += layer.light


def put_aside(gone: Path, folder: Path) -> bool:
    """Take a folder away in one step, then throw it away.

    Parameters
    ----------
    gone : Path
        What nobody is to find there any more; whoever has it open keeps it.
    folder : Path
        Of the whole cache, on the same disk.

    Returns
    -------
    bool
        False where it is gone already, or held open (Windows).
    """
    aside = folder / f"{OLD}{uuid4().hex}"
    try:
        gone.rename(aside)
    except OSError:
        return False
    shutil.rmtree(aside, ignore_errors=True)
    return True


def _limit() -> float:
    with suppress(ValueError):
        return float(os.environ.get("IKAP_CACHE_GB", "")) * GIGABYTE
    return LIMIT_GB * GIGABYTE


def _layers(folder: Path) -> list[_Kept]:
    found = []
    with suppress(OSError):
        for entry in folder.iterdir():
            with suppress(OSError):
                used = entry.stat().st_mtime
                found.append(_Kept(entry, used, _bytes(entry), _bytes(entry / VERTICES)))
    return found


def _bytes(folder: Path) -> int:
    if not folder.is_dir():
        return 0
    return sum(file.stat().st_size for file in folder.iterdir() if not file.is_dir())
