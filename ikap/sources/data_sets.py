"""Data sets behind a path: the file itself, or the files of a zip while it is unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ikap.sources.archive import unpacked
from ikap.sources.formats import ENDINGS, Reader, check_format, reader_of
from ikap.sources.guard import guarded
from ikap.sources.ledger import Ledger

__all__ = ["DataSet", "data_sets"]


@dataclass(frozen=True)
class DataSet:
    """One file that can be read, or a folder that counts as one."""

    path: Path  # where it lies while it is read
    name: str  # its name in the zip; empty where it is not in one
    ledger: Ledger  # of the whole reading, with this file's name

    @cached_property
    def format(self) -> str:
        """Key of `formats.FORMATS`; raises `InputError` where the content is another."""
        return check_format(self.path, self.ledger)

    @cached_property
    def reader(self) -> Reader:
        """Module that reads the format."""
        return reader_of(self.format)

    def layers(self) -> tuple[str, ...]:
        """Names of the layers that have geometry."""
        reader = self.reader
        return guarded(lambda: reader.layers(self.path, self.ledger), self.ledger)


@contextmanager
def data_sets(
    path: Path, ledger: Ledger, *, file: str | None = None
) -> Iterator[tuple[DataSet, ...]]:
    """Data sets of a path, for as long as the block lasts.

    Parameters
    ----------
    path : Path
        A file, a folder `.gdb`, or a zip.
    ledger : Ledger
        For the messages; those of a file in a zip name it too.
    file : str or None
        The one file of a zip that is wanted.

    Yields
    ------
    tuple of DataSet
        At least one.

    Raises
    ------
    InputError
        `file.*`, `archive.*`.
    """
    if check_format(path, ledger) != "ZIP":
        if file is not None:
            raise ledger.error("archive.no_zip", name=file)
        yield (DataSet(path, "", ledger),)
        return
    with unpacked(path, file, ENDINGS, ledger) as members:
        yield tuple(
            DataSet(
                member.path,
                member.name,
                Ledger(f"{path}/{member.name}", ledger.layer, ledger.faults, ledger.quality),
            )
            for member in members
        )
