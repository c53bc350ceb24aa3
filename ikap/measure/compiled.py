"""Compiling of the loops over edges, and where the machine code is kept.

Imported only where areas are measured, for numba takes a while to import. Compiled functions hold
no lock of Python's, so that plain threads share the work (see `threads`); numba's own parallel
loops are not used: two callers at once, or a fork after one, would kill the process.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import numba
import numpy as np
from numba.core import config
from numpy.typing import NDArray

from ikap.measure.cache_root import cache_root

__all__ = ["FOLDER", "compiled", "forget_code", "read_only"]

P = ParamSpec("P")
R = TypeVar("R")
Scalar = TypeVar("Scalar", bound=np.generic)


def _code_folder() -> Path | None:
    """Folder for machine code of exactly these sources; None where nothing can be written.

    The name holds a checksum of all compiled modules: numba alone would not notice that a function
    of another module, which it has built in, has changed.
    """
    sources = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        text = source.read_bytes()
        if b"compiled" in text:
            sources.update(text)
    try:
        folder = cache_root() / "numba" / sources.hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError):  # no home folder, a full disk, no right to write
        return None


FOLDER = _code_folder()


def forget_code() -> None:
    """Throw away the machine code that is kept, so that it is made anew."""
    if FOLDER is not None:
        shutil.rmtree(FOLDER, ignore_errors=True)


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile at the first call; kept for later runs where there is a folder for it."""
    before = getattr(config, "CACHE_DIR", "")
    try:
        config.CACHE_DIR = str(FOLDER or "")  # type: ignore[attr-defined] # read by njit
        wrap = numba.njit(nogil=True, cache=FOLDER is not None, error_model="numpy")
        made: Callable[P, R] = wrap(function)
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]
    return made


def read_only(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """View that cannot be written to, so that one compiled version serves all inputs."""
    view = np.asarray(array).view(np.ndarray)
    view.flags.writeable = False
    return view
