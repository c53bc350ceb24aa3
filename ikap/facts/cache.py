"""The cache of certified layers: a file that was read once is not read and checked again.

A layer is known by the checksum of its file, and by everything else that shapes it: declaration,
region, ikap's own code and the libraries' versions. Folders are made aside and put in place by one
rename, so that several processes may work at once, and a damaged one is made again. A layer's
vertices may be thrown away by themselves (see `cache_space`).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache as once
from pathlib import Path
from uuid import uuid4

import pyogrio
import pyproj
import shapely

from ikap.facts.cache_space import KEEP_S, NEW, prune, put_aside
from ikap.facts.certificate import CertifiedLayer
from ikap.facts.draft import Draft
from ikap.facts.entry import read_entry, write_entry
from ikap.facts.stored_columns import Unstorable
from ikap.facts.stored_shapes import VERTICES
from ikap.kinds.canonical import Canonical
from ikap.measure.cache_root import cache_root
from ikap.model import LayerDeclaration, Region
from ikap.sources.arrays import Damaged, read_folder
from ikap.sources.seen import forget_old

__all__ = ["LayerCache", "layer_key"]

FORMAT = 2
NOT_SHAPING = ("root", "file", "title", "note", "style", "owner", "attribution", "metadata")
ROOMS = ("facts", "history", "kinds", "measure", "sources")
LIBRARIES = ("geopandas", "numpy", "pandas", "pyarrow", "pyogrio", "pyproj", "shapely")

Pair = tuple[Canonical, CertifiedLayer]


def layer_key(
    declaration: LayerDeclaration,
    region: Region,
    extent: tuple[float, float, float, float] | None,
    file: tuple[Path, str, int],
) -> str:
    """Name of a layer in the cache.

    Parameters
    ----------
    declaration : LayerDeclaration
        How the file is read.
    region : Region
        Its CRS and municipalities.
    extent : tuple of float or None
        The region's bounds in m.
    file : tuple of Path, str and int
        The file with checksum and size in bytes.

    Returns
    -------
    str
        Another one for anything that could give another table.
    """
    path, sha256, size = file
    declared = {k: v for k, v in asdict(declaration).items() if k not in NOT_SHAPING}
    declared["source"] = {**declared["source"], "path": path.name}
    shaping = (FORMAT, sha256, size, declared, asdict(region), extent, _made_by())
    return f"{size}-{hashlib.sha256(json.dumps(shaping, default=str).encode()).hexdigest()}"


@once
def _made_by() -> str:
    """Checksum of the code that reads and certifies, and versions of the libraries."""
    engine, code = Path(__file__).parent.parent, hashlib.sha256()
    files = [engine / "model.py", *(f for room in ROOMS for f in (engine / room).rglob("*"))]
    for file in sorted(f for f in files if f.is_file() and "__pycache__" not in f.parts):
        code.update(file.relative_to(engine).as_posix().encode() + file.read_bytes())
    versions = [importlib.metadata.version(name) for name in LIBRARIES]
    below = (shapely.geos_version, pyproj.proj_version_str, pyogrio.__gdal_version__)
    return f"{code.hexdigest()} {versions} {below}"


@dataclass
class LayerCache:
    """Certified layers in the user's cache folder; without one everything is read each time."""

    unwritable: Callable[[Path], object]
    """Told once if nothing can be kept."""
    told: bool = False

    def may_have(self, size: int) -> bool:
        """Whether a layer of a file of so many bytes is here; if not, none need be looked for."""
        folder = self._folder()
        return folder is not None and any(folder.glob(f"{size}-*"))

    def find(
        self, key: str, declaration: LayerDeclaration, file: tuple[Path, str, int]
    ) -> Pair | None:
        """Layer of that name, or None if it is not there or not as it was written."""
        folder = self._folder()
        if folder is None or not (folder / key).is_dir():
            return None
        try:
            found = read_entry(folder / key, declaration, file)
        except Damaged:
            return None
        with suppress(OSError):
            os.utime(folder / key)
        return found

    @contextmanager
    def drafted(self, canonical: Canonical) -> Iterator[Draft | None]:
        """Begin to write a layer before its certificate is made, if its rings were read ahead."""
        folder, ahead = self._folder(), canonical.ahead
        if ahead is None or folder is None:
            yield None
            return
        new = folder / f"{NEW}{uuid4().hex}"
        try:
            new.mkdir(parents=True)
        except OSError:  # told when the layer is to be kept
            yield None
            return
        draft = Draft.begin(new, ahead.rings, canonical.frame)
        try:
            yield draft
        finally:
            draft.end()
            shutil.rmtree(new, ignore_errors=True)

    def keep(
        self, key: str, pair: Pair, classes: str | None, draft: Draft | None = None
    ) -> Path | None:
        """Keep a layer, and say where; what would not come back the same is not kept."""
        folder = self._folder()
        if folder is None:
            return None
        new = draft.folder if draft else folder / f"{NEW}{uuid4().hex}"
        try:
            if draft is None:
                new.mkdir(parents=True)
            write_entry(new, *pair, classes, draft)
            kept = _put(new, folder / key)
            prune(folder, keep=key)
            forget_old(KEEP_S)
        except Unstorable:
            return None
        except OSError:
            self._tell(folder)
            return None
        finally:
            shutil.rmtree(new, ignore_errors=True)
        return kept

    def _folder(self) -> Path | None:
        try:
            return cache_root() / "layers"
        except RuntimeError:  # no home folder
            self._tell(Path())
            return None

    def _tell(self, folder: Path) -> None:
        if not self.told:
            self.told = True
            self.unwritable(folder)


def _put(new: Path, target: Path) -> Path | None:
    """Give a new folder its name; one that is there and whole is used, a damaged one replaced."""
    with suppress(OSError):
        new.rename(target)
        return target
    try:
        light = read_folder(target)
        _put_vertices(new, target, light.facts["vertices"])
    except (Damaged, KeyError):
        put_aside(target, target.parent)
        try:
            new.rename(target)
        except OSError:  # another process was there first, or has it open
            return None
    return target


def _put_vertices(new: Path, target: Path, seal: int) -> None:
    """Give a layer back the vertices that it lacks; `Damaged` if its own are not those written."""
    with suppress(OSError):
        if read_folder(new / VERTICES, check=False).seal == seal:
            (new / VERTICES).rename(target / VERTICES)
    if (target / VERTICES).is_dir() and read_folder(target / VERTICES).seal != seal:
        raise Damaged(VERTICES)
