"""A GeoPackage with the same bytes in every run: no clock and no count of writes in it."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

__all__ = ["settle"]

CHANGE_COUNTER, VALID_FOR = 24, 92  # places in SQLite's file header, four bytes each
FIRST = (1).to_bytes(4, "big")


def settle(path: Path, stamp: str) -> None:
    """Fix the time of writing and SQLite's counter of writes, which depends on timing.

    Parameters
    ----------
    path : Path
        Finished GeoPackage that nobody has open.
    stamp : str
        Time of writing to put in, as `2000-01-01T00:00:00Z`.
    """
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))
        db.commit()
    with path.open("r+b") as file:
        for place in (CHANGE_COUNTER, VALID_FOR):
            file.seek(place)
            file.write(FIRST)
