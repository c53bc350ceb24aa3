"""Zip files: looked through before anything is unpacked, unpacked beside, and removed again.

In: a `.zip` as it was sent. Out: the data sets in it, in a temporary folder that lives as long as
the `with` block. What could do harm (paths that lead out, links, bombs) is refused by name.
"""

from __future__ import annotations

import difflib
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name

__all__ = ["LIMITS", "Limits", "Member", "unpacked"]

BESIDE = (".shx", ".dbf", ".prj", ".cpg")
"""Parts of a Shapefile; they come along with their `.shp`."""
GEODATABASE = ".gdb"
METADATA = (".shp.xml", ".gpkg.xml", ".gdb.xml", ".sos.xml", ".gml.xml")
UTF8_NAME, ENCRYPTED = 0x800, 0x1
CHUNK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What an honest delivery stays below: entries, bytes unpacked, and how well it packs."""

    entries: int = 20_000
    size: int = 32 << 30
    ratio: float = 300.0
    ratio_from: int = 64 << 20  # bytes; below this any ratio is harmless


LIMITS = Limits()


@dataclass(frozen=True)
class Member:
    """A data set of an archive: its name there, and where it lies while it is unpacked."""

    name: str
    path: Path


@dataclass(frozen=True)
class _Entry:
    name: str
    info: zipfile.ZipInfo


@contextmanager
def unpacked(
    path: Path, file: str | None, endings: Collection[str], ledger: Ledger, limits: Limits = LIMITS
) -> Iterator[tuple[Member, ...]]:
    """Data sets of a zip file, unpacked for as long as the block lasts.

    Parameters
    ----------
    path : Path
        The zip file.
    file : str or None
        Name of the one data set that is wanted, with or without its folders.
    endings : collection of str
        Endings that count as data (`.gpkg`); a folder `.gdb` is one data set.
    ledger : Ledger
        For the messages; all that is wrong with the archive is told together.
    limits : Limits
        Larger archives are refused before they are unpacked.

    Yields
    ------
    tuple of Member
        At least one, in the archive's order.

    Raises
    ------
    InputError
        `archive.path`, `archive.link`, `archive.encrypted`, `archive.bomb`, `archive.nothing`,
        `archive.nested`, `archive.file_missing`, `file.unreadable`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _looked_through(archive, limits, ledger)
            names = _chosen(_data_sets(entries, endings), file, entries, ledger)
            wanted = [e for e in entries if any(_belongs(e.name, name) for name in names)]
            with tempfile.TemporaryDirectory(prefix="ikap-", ignore_cleanup_errors=True) as folder:
                _extract(archive, wanted, Path(folder))
                yield tuple(Member(name, Path(folder, name)) for name in names)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ledger.error("file.unreadable", detail=str(error)) from error


def _looked_through(archive: zipfile.ZipFile, limits: Limits, ledger: Ledger) -> tuple[_Entry, ...]:
    """Files of an archive by their names as people wrote them; harmful ones stop it all."""
    infos = archive.infolist()
    entries = tuple(_Entry(_name(info), info) for info in infos if not info.is_dir())
    size = sum(entry.info.file_size for entry in entries)
    packed = max(sum(entry.info.compress_size for entry in entries), 1)
    swollen = size > limits.ratio_from and size / packed > limits.ratio
    if len(infos) > limits.entries or size > limits.size or swollen:
        facts = {"count": len(infos), "size_mb": size >> 20, "ratio": round(size / packed)}
        raise ledger.error("archive.bomb", **facts)
    for key, harmful in (("archive.path", _leads_out), ("archive.link", _is_link)):
        ids = [entry.name for entry in entries if harmful(entry)]
        if ids:
            ledger.fault(key, ids=ids)
    locked = [entry.name for entry in entries if entry.info.flag_bits & ENCRYPTED]
    if locked:
        ledger.fault("archive.encrypted", ids=locked)
    ledger.stop()
    return entries


def _name(info: zipfile.ZipInfo) -> str:
    """Name of an entry: marked as UTF-8, else UTF-8, else a DOS code page, else Windows."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME and not name.isascii():
        raw = name.encode("cp437")
        readings = [text for code in ("utf-8", "cp865", "cp1252") if (text := _read(raw, code))]
        name = next(
            (text for text in readings if _is_nordic(text)), readings[0] if readings else name
        )
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def _read(raw: bytes, code: str) -> str:
    try:
        return raw.decode(code)
    except UnicodeDecodeError:
        return ""


def _is_nordic(text: str) -> bool:
    """Whether all letters outside ASCII are letters of our alphabet, and nothing else."""
    other = {char for char in text if not char.isascii()}
    return all(unicodedata.name(char, "").startswith("LATIN") for char in other)


def _leads_out(entry: _Entry) -> bool:
    path = PurePosixPath(entry.name)
    drive = len(entry.name) > 1 and entry.name[1] == ":"
    return path.is_absolute() or drive or ".." in path.parts or "\x00" in entry.name


def _is_link(entry: _Entry) -> bool:
    mode = entry.info.external_attr >> 16
    return bool(mode) and not stat.S_ISREG(mode) and stat.S_IFMT(mode) != 0


def _data_sets(entries: Sequence[_Entry], endings: Collection[str]) -> tuple[str, ...]:
    """Names of the data sets, a geodatabase once for all its files."""
    found: dict[str, None] = {}
    for entry in entries:
        path = PurePosixPath(entry.name)
        folders = [p for p in (path, *path.parents) if p.suffix.lower() == GEODATABASE]
        hidden = path.name.startswith(".") or "__MACOSX" in path.parts
        if folders and GEODATABASE in endings:
            found[str(folders[-1])] = None
        elif path.suffix.lower() in endings and not path.name.lower().endswith(METADATA):
            found.update({} if hidden else {str(path): None})
    return tuple(found)


def _chosen(
    names: tuple[str, ...], file: str | None, entries: Sequence[_Entry], ledger: Ledger
) -> tuple[str, ...]:
    if not names:
        nested = [e.name for e in entries if e.name.lower().endswith(".zip")]
        if nested:
            raise ledger.error("archive.nested", there=", ".join(nested[:10]))
        there = ", ".join(e.name for e in entries[:10])
        raise ledger.error("archive.nothing", there=there)
    if file is None:
        return names
    wanted = file.replace("\\", "/")
    bare = {PurePosixPath(name).name: name for name in names}
    found = find_name(wanted, names) or bare.get(find_name(wanted, bare) or "")
    if found is None:
        near = next(iter(difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)), "")
        there = ", ".join(names)
        raise ledger.error("archive.file_missing", name=file, nearest=near, there=there)
    return (found,)


def _belongs(name: str, data_set: str) -> bool:
    """Whether a file of the archive is the data set, a part of it, or lies in it."""
    path, whole = PurePosixPath(name), PurePosixPath(data_set)
    if path == whole or whole in path.parents:
        return True
    beside = path.parent == whole.parent and path.stem.lower() == whole.stem.lower()
    return beside and path.suffix.lower() in BESIDE


def _extract(archive: zipfile.ZipFile, entries: Sequence[_Entry], folder: Path) -> None:
    """Write files below the folder; no more bytes than the archive has said."""
    for entry in entries:
        target = folder / entry.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry.info) as source, target.open("xb") as out:
            while block := source.read(CHUNK):
                out.write(block)
