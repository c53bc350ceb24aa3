"""Where ikap may keep what it can make again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["cache_root"]


def cache_root() -> Path:
    """The user's cache folder; `IKAP_CACHE` moves it.

    Returns
    -------
    Path
        May not be there yet.

    Raises
    ------
    RuntimeError
        The user has no home folder.
    """
    if given := os.environ.get("IKAP_CACHE"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "ikap/Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/ikap"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ikap"
