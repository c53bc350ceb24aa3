"""Which way areas are measured: compiled, or by GEOS."""

from __future__ import annotations

import os

__all__ = ["has_compiler"]


def has_compiler() -> bool:
    """Tell whether numba is here and may be used, and a folder for machine code can be written.

    `IKAP_NO_NUMBA=1` says no.
    """
    if os.environ.get("IKAP_NO_NUMBA", "0") not in ("", "0"):
        return False
    try:
        from ikap.measure import compiled  # noqa: PLC0415 (numba is slow to import)
    except ImportError:
        return False
    return compiled.FOLDER is not None
