"""A GeoPackage with the same bytes in every run: no clock and no count of writes in it.

It is written aside and swapped in when it is whole, so SQLite need not make sure of every step on
the disk; that is done once, at the end.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyogrio

__all__ = ["settle", "written_aside"]

SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"

CHANGE_COUNTER, VALID_FOR = 24, 92  # places in SQLite's file header, four bytes each
FIRST = (1).to_bytes(4, "big")


@contextlib.contextmanager
def written_aside() -> Iterator[None]:
    """Let GDAL write GeoPackages without waiting for the disk, until the block ends."""
    before = pyogrio.get_gdal_config_option(SYNCHRONOUS)
    pyogrio.set_gdal_config_options({SYNCHRONOUS: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({SYNCHRONOUS: before})


def settle(path: Path, stamp: str) -> None:
    """Fix the time of writing and SQLite's counter of writes, which depends on timing.

    The file is on the disk when this is done.

    Parameters
    ----------
    path : Path
        Finished GeoPackage that nobody has open.
    stamp : str
        Time of writing to put in, as `2000-01-01T00:00:00Z`.
    """
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))
        db.commit()
    with path.open("r+b") as file:
        for place in (CHANGE_COUNTER, VALID_FOR):
            file.seek(place)
            file.write(FIRST)
        file.flush()
        os.fsync(file.fileno())
