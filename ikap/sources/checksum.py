"""Checksum and size of what was read, so that a figure can be led back to its file."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ikap.sources.seen import look_at

__all__ = ["checksum", "parts_of"]

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
CHUNK = 1 << 20


def parts_of(path: Path) -> tuple[Path, ...]:
    """Files that make up the data set: several for a Shapefile or a folder, else the file itself.

    Parameters
    ----------
    path : Path
        The named file.

    Returns
    -------
    tuple of Path
        Files that exist, in fixed order.
    """
    if path.is_dir():
        return tuple(p for p in sorted(path.rglob("*")) if p.is_file() and p.suffix != ".lock")
    if path.suffix.lower() != ".shp":
        return (path,)
    beside = {p.suffix.lower(): p for p in sorted(path.parent.glob(f"{path.stem}.*"))}
    return tuple(beside[suffix] for suffix in SHAPEFILE_PARTS if suffix in beside)


def checksum(path: Path) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and size in bytes of a data set; streamed, once for each state of it.

    Parameters
    ----------
    path : Path
        The named file; the parts of a Shapefile or folder are hashed one after the other.

    Returns
    -------
    tuple of str and int
        Digest and number of bytes. Files that have not changed since they were hashed last are
        not read again (see `seen`).
    """
    parts = parts_of(path)
    look = look_at(parts, "sha256")
    if (known := look.recall()) is not None:
        return known, look.size
    digest, size = _hashed(parts)
    look.remember(digest)
    return digest, size


def _hashed(parts: tuple[Path, ...]) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    for part in parts:
        with part.open("rb") as stream:
            while block := stream.read(CHUNK):
                digest.update(block)
                size += len(block)
    return digest.hexdigest(), size
