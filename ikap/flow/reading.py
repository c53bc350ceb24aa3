"""Layers on their way in: source -> kind -> certificate, with everything that was noticed."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from ikap.errors import Fault, InputError
from ikap.facts import CertifiedLayer, Memo, certify
from ikap.facts.cache import LayerCache, layer_key
from ikap.flow.carrying import carried_by_place
from ikap.flow.discovery import Registry
from ikap.flow.progress import Report
from ikap.kinds.canonical import Canonical
from ikap.kinds.place import Extent
from ikap.kinds.situation import Situation
from ikap.measure.read_ahead import reading_ahead
from ikap.model import LayerDeclaration, QualityRow
from ikap.sources import Raw, files
from ikap.sources.checksum import checksum, parts_of
from ikap.sources.seen import Look, look_at
from ikap.workspace import Workspace

__all__ = ["LoadedLayer", "Reader", "ground", "region_extent"]

CLASS_COLUMN = {
    "farmland": "arealtype",
    "landcover": "arealtype",
    "municipality": "kommunenummer",
    "commercial": "abc",
}


@dataclass(frozen=True)
class LoadedLayer:
    """A layer that is there: its canonical table and the file that it came from."""

    declaration: LayerDeclaration
    canonical: Canonical
    path: str
    sha256: str
    size: int

    key: str = ""  # its name in the cache
    certified: CertifiedLayer | None = None  # where it is from the cache
    situation: Situation | None = None  # where it is interpreted from other layers
    raw: Raw | None = None  # plans: as read, for the faults of the file itself

    @property
    def quality(self) -> tuple[QualityRow, ...]:
        """What reading noticed."""
        return self.canonical.quality

    @property
    def has_shapes(self) -> bool:
        """Whether it lies somewhere; a table of figures does not."""
        return self.certified is not None or bool(self.canonical.frame.geometry.notna().any())


@dataclass
class Reader:
    """Reads each layer of a workspace once, and keeps it."""

    workspace: Workspace
    registry: Registry
    report: Report
    as_of: date | None = None  # date of judgement given by the user
    memo: Memo = field(default_factory=Memo)
    cache: LayerCache = field(init=False)
    _layers: dict[str, LoadedLayer | None] = field(default_factory=dict)
    _certified: dict[str, CertifiedLayer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cache = LayerCache(lambda folder: self.report("run.no_cache", path=str(folder)))

    def layer(self, declaration: LayerDeclaration) -> LoadedLayer | None:
        """Return the layer, or None if its file is declared but not there."""
        name = declaration.name
        if name not in self._layers:
            self._layers[name] = self._of_today(self._read(declaration))
        return self._layers[name]

    def _of_today(self, loaded: LoadedLayer | None) -> LoadedLayer | None:
        """Layer with the numbers of split municipalities carried to today's by place."""
        if loaded is None:
            return None
        found = carried_by_place(loaded.canonical, self.workspace.region, lambda: ground(self))
        unchanged = found is loaded.canonical
        return loaded if unchanged else replace(loaded, canonical=found, key="", certified=None)

    def certified(self, declaration: LayerDeclaration) -> CertifiedLayer | None:
        """Return the layer with its certificate, ready to be measured."""
        loaded = self.layer(declaration)
        if loaded is None:
            return None
        if declaration.name not in self._certified:
            made = loaded.certified or self._certify(loaded)
            if loaded.canonical.ahead:  # has served its turn
                canonical = replace(loaded.canonical, ahead=None)
                self._layers[declaration.name] = replace(loaded, canonical=canonical)
            coverage = self._coverage(declaration)
            if coverage is not None:
                made = replace(made, coverage_polygons=coverage)
            self._certified[declaration.name] = made
        return self._certified[declaration.name]

    def _certify(self, loaded: LoadedLayer) -> CertifiedLayer:
        """Make the certificate, and keep it with the layer for the next run."""
        kind = self.registry.kind_of(loaded.declaration)
        classes = getattr(kind, "CLASSES_IN", CLASS_COLUMN.get(loaded.declaration.kind))
        canonical = loaded.canonical
        with self.cache.drafted(canonical) if loaded.key else nullcontext() as draft:
            made = certify(
                canonical.frame,
                loaded.declaration,
                classes=classes,
                exclusive=getattr(kind, "EXCLUSIVE", True),
                checked=canonical.checked,
                ahead=canonical.ahead,
            )
            if not loaded.key:
                return made
            stored = self.cache.keep(loaded.key, (canonical, made), classes, draft)
            return replace(made, stored=stored)

    def used(self) -> dict[str, tuple[CertifiedLayer, ...]]:
        """Certified layers by use (`[use]` in goals.toml), only those that are there."""
        found = {}
        for use, names in self.workspace.use.items():
            declared = [self.workspace.layers[name] for name in names]
            layers = (self.certified(layer) for layer in declared if self.has_shapes(layer))
            found[use] = tuple(layer for layer in layers if layer is not None)
        return found

    def has_shapes(self, declaration: LayerDeclaration) -> bool:
        """Whether the layer is there and lies somewhere; a table of figures does not."""
        loaded = self.layer(declaration)
        return loaded is not None and loaded.has_shapes

    def is_table(self, declaration: LayerDeclaration) -> bool:
        """Whether accounts get the layer's rows as figures (`TABLE` of its kind)."""
        return bool(getattr(self.registry.kind_of(declaration), "TABLE", False))

    def statistics(self) -> dict[str, pd.DataFrame]:
        """Tables by use (`[use]` in goals.toml); empty where no file is there.

        Several layers of one use are put after one another in the order they are named; the
        column `source_layer` says which one a row is from.
        """
        found = {}
        for use, names in self.workspace.use.items():
            declared = [self.workspace.layers[name] for name in names]
            tables = [d for d in declared if self.is_table(d)]
            if tables:
                loaded = [layer for d in tables if (layer := self.layer(d)) is not None]
                whole = [pd.DataFrame(layer.canonical.frame) for layer in loaded]
                frames = [frame.drop(columns="geometry", errors="ignore") for frame in whole]
                found[use] = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
        return found

    def covered(self, numbers: tuple[str, ...]) -> dict[str, frozenset[str]]:
        """Municipalities where the tables of each use say that they are complete."""
        found = {}
        for use, names in self.workspace.use.items():
            declared = [self.workspace.layers[name] for name in names]
            there = [d for d in declared if self.is_table(d) and self.layer(d) is not None]
            listed = {n for d in there for n in d.coverage.municipalities}
            found[use] = frozenset(numbers if "all" in listed else listed)
        return found

    def read_for(self, plan: LayerDeclaration) -> dict[str, LoadedLayer]:
        """Layers that were read for one plan, by name: not the other plans of the same run."""
        parts = {part for layer in self.workspace.layers.values() for part in layer.made_of}
        own = {plan.name, *plan.made_of}
        return {
            name: loaded
            for name, loaded in sorted(self._layers.items())
            if loaded is not None
            and (name in own or (loaded.declaration.plan is None and name not in parts))
        }

    def certificates(self) -> dict[str, CertifiedLayer]:
        """Certificates that were made, by layer."""
        return dict(self._certified)

    def present(self, declaration: LayerDeclaration) -> bool:
        """Whether the layer's file is there; of a layer made of others: all their files."""
        if declaration.made_of:
            layers = self.workspace.layers
            return all(self.present(layers[name]) for name in declaration.made_of)
        return bool(self.registry.source_of(declaration).present(declaration))

    def _read(self, declaration: LayerDeclaration) -> LoadedLayer | None:
        if declaration.made_of:
            from ikap.flow.situation import interpreted  # noqa: PLC0415 (needs this module)

            return interpreted(self, declaration)
        source = self.registry.source_of(declaration)
        if not source.present(declaration):
            return None
        self.report("run.reading", name=declaration.name)
        extent = None if declaration.kind == "municipality" else region_extent(self)
        look = _look(declaration)
        early = look is not None and (not look.settled or self.cache.may_have(look.size))
        file = _file(declaration) if early else None
        known = self._known(declaration, extent, file) if file else None
        if known is not None:
            return known
        kind = self.registry.kind_of(declaration)
        with reading_ahead(borders=getattr(kind, "EXCLUSIVE", True)):
            raw = source.read(declaration, prefer=kind.LAYERS)
        canonical = kind.canonical(raw, declaration, self.workspace.region, extent=extent)
        found = LoadedLayer(declaration, canonical, str(raw.path), raw.sha256, raw.size)
        found = replace(found, raw=raw if declaration.plan else None)
        read = (raw.path, raw.sha256, raw.size)
        if look is None or not look.unchanged or (file or read) != read:
            return found
        return replace(found, key=layer_key(declaration, self.workspace.region, extent, read))

    def _known(
        self, declaration: LayerDeclaration, extent: Extent | None, file: tuple[Path, str, int]
    ) -> LoadedLayer | None:
        """Layer from the cache, if its file has been read before."""
        key = layer_key(declaration, self.workspace.region, extent, file)
        known = self.cache.find(key, declaration, file)
        if known is None:
            return None
        path, sha256, size = file
        return LoadedLayer(declaration, known[0], str(path), sha256, size, key, known[1])

    def _coverage(self, declaration: LayerDeclaration) -> np.ndarray[Any, Any] | None:
        name = declaration.coverage.layer
        if name is None:
            return None
        if name not in self.workspace.layers:
            facts = {"name": name, "where": "coverage.layer", "nearest": ""}
            raise InputError.of([Fault("toml.layer_unknown", declaration.file, facts=facts)])
        loaded = self.layer(self.workspace.layers[name])
        if loaded is None:
            return np.zeros(0, dtype=object)
        return np.asarray(loaded.canonical.frame.geometry.values, dtype=object)


def _look(declaration: LayerDeclaration) -> Look | None:
    """Look at a layer's file before it is read, if it is kept.

    No plan is, for these are new, and no GeoPackage that another program has open and has changed:
    the change is not in the file itself yet, but in a log beside it.
    """
    if declaration.plan or declaration.source.get("from") != "files":
        return None
    path = files.path_of(declaration)
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        return None
    return look_at(parts_of(path), "layer", own=True)


def _file(declaration: LayerDeclaration) -> tuple[Path, str, int]:
    path = files.path_of(declaration)
    return (path, *checksum(path))


def ground(reader: Reader) -> CertifiedLayer:
    """Municipal areas of the region's own municipalities, without overlap.

    Raises
    ------
    InputError
        `municipality.layer`: no layer under `[use] municipality` is there.
    """
    for name in reader.workspace.use.get("municipality", ()):
        certified = reader.certified(reader.workspace.layers[name])
        if certified is not None:
            own = np.isin(certified.classes, reader.workspace.region.numbers)
            order = np.flatnonzero(own)[np.argsort(certified.classes[own].astype(str))]
            return CertifiedLayer(
                certified.declaration,
                certified.polygons[order],
                certified.classes[order],
                certified.ids[order],
                certified.quality,
            )
    raise InputError("municipality.layer", file=str(reader.workspace.root))


def region_extent(reader: Reader) -> tuple[float, float, float, float]:
    """Bounds in metres of the region's municipalities, against which layers are held."""
    left, bottom, right, top = shapely.total_bounds(ground(reader).polygons).tolist()
    return left, bottom, right, top
