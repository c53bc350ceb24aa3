"""One layer of the cache: its canonical table and its certificate, and both back again.

Coordinates are kept as measured: flat rings without overlap, with their boxes and areas. They lie
in a folder by themselves, which may be thrown away (see `stored_shapes`). Polygons that gave up
ground to others are kept beside them as they were. The canonical table is made when it is asked
for; measuring alone never needs it.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.draft import Draft
from ikap.facts.stored_columns import Unstorable, taken_column
from ikap.facts.stored_shapes import StoredPolygons, stored_shapes
from ikap.kinds.canonical import Canonical
from ikap.model import LayerDeclaration, QualityRow
from ikap.sources.arrays import Damaged, Stored, read_folder, read_known_folder, write_folder
from ikap.sources.files import path_of

__all__ = ["read_certified", "read_entry", "write_entry"]

POLYGON, MULTIPOLYGON = 3, 6  # GEOS type numbers


class _StoredCanonical(Canonical):
    """Canonical layer whose table is made when it is asked for."""

    _make: Callable[[], gpd.GeoDataFrame]

    def __init__(self, known: Mapping[str, object], make: Callable[[], gpd.GeoDataFrame]) -> None:
        empty = {"lines": None, "unmeasurable": pd.DataFrame()}
        for name, value in (empty | dict(known) | {"_make": make}).items():
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> gpd.GeoDataFrame:
        if name != "frame":
            raise AttributeError(name)
        made = self._make()
        object.__setattr__(self, "frame", made)
        return made


class _StoredLayer(CertifiedLayer):
    """Certified layer whose ids and attributes are made when they are asked for."""

    @classmethod
    def of(cls, known: Mapping[str, object], make: Callable[[], pd.DataFrame]) -> _StoredLayer:
        made = object.__new__(cls)
        made.__dict__.update(known, _make=make)
        return made

    def __getattr__(self, name: str) -> object:
        if name not in ("attributes", "ids") or "_make" not in self.__dict__:
            raise AttributeError(name)
        attributes = self.__dict__["_make"]()
        ids = attributes["source_id"].to_numpy(dtype=object)
        self.__dict__.update(attributes=attributes, ids=ids)
        return self.__dict__[name]

    def __getstate__(self) -> dict[str, object]:
        """Leave out how the attributes are made; the other process reads the cache itself."""
        return {k: v for k, v in super().__getstate__().items() if k != "_make"}


def write_entry(
    folder: Path,
    canonical: Canonical,
    certified: CertifiedLayer,
    classes: str | None,
    draft: Draft | None = None,
) -> None:
    """Write a layer into an empty folder.

    Parameters
    ----------
    folder : Path
        Where to.
    canonical : Canonical
        The layer as read.
    certified : CertifiedLayer
        Made of the same table, row for row.
    classes : str or None
        Column that the classes are from.
    draft : Draft, optional
        What of it is in the folder already; of the same canonical table.

    Raises
    ------
    Unstorable
        The layer has something that would not come back the same: lines, points, other types.
    OSError
        The folder cannot be written to.
    """
    frame = canonical.frame
    own = np.asarray(frame.geometry.values, dtype=object)
    kind = shapely.get_type_id(own)
    if canonical.lines is not None or len(canonical.unmeasurable) or not len(own):
        raise Unstorable("parts")
    if not np.isin(kind, (POLYGON, MULTIPOLYGON)).all() or shapely.has_z(own).any():
        raise Unstorable("geometry")
    shapes = certified.shapes
    once = certified.polygons
    changed = np.array([a is not b for a, b in zip(own, once, strict=True)], dtype=bool)
    rings = shapes.rings
    single = (shapely.get_type_id(once) == MULTIPOLYGON) & (np.diff(rings.feature_start) == 1)
    arrays = {"boxes": shapes.boxes, "areas": shapes.areas, "single": single}
    arrays |= _packed(np.flatnonzero(changed), own[changed])
    draft = draft.of(rings) if draft else Draft.begin(folder, rings, frame)
    draft.end()
    columns = draft.columns
    rows_of = "" if changed.any() else canonical.rows_of
    facts = {
        "file": {"rows_of": rows_of, "sha256": canonical.sha256, "size": canonical.size},
        "known": {n: getattr(canonical, n) for n in ("kind", "layer", "crs_known_by")},
        "names": dict(canonical.names),
        "quality": [asdict(row) for row in canonical.quality],
        "certificate": [asdict(row) for row in certified.quality],
        "classes": classes,
        "columns": {name: kind for name, (_, kind) in columns.items()},
        "order": [str(c) for c in frame.columns],
        "geometry": str(frame.geometry.name),
        "crs": _crs_text(frame),
        "vertices": draft.seal,
    }
    if not _comes_back(facts):
        raise Unstorable("facts")
    table = pa.table({name: column for name, (column, _) in columns.items()})
    write_folder(folder, facts, arrays, table)


def read_entry(
    folder: Path, declaration: LayerDeclaration, file: tuple[Path, str, int]
) -> tuple[Canonical, CertifiedLayer]:
    """Layer of a folder, every byte of it checked once, and again if a file has changed.

    Parameters
    ----------
    folder : Path
        As written by `write_entry`.
    declaration : LayerDeclaration
        The layer's declaration.
    file : tuple of Path, str and int
        The layer's own file with checksum and size in bytes.

    Returns
    -------
    tuple of Canonical and CertifiedLayer
        The certificate without coverage polygons.

    Raises
    ------
    Damaged
        Something is not as it was written.
    """
    stored = read_known_folder(folder)
    shapes = stored_shapes(folder, stored, file[0])
    certified = _certified(stored, shapes, folder, declaration)
    try:
        known = {**stored.facts["known"], "names": stored.facts["names"]}
        known |= dict(zip(("path", "sha256", "size"), file, strict=True))
        known["quality"] = _rows(stored.facts["quality"])
    except (KeyError, TypeError) as fault:
        raise Damaged(str(fault)) from fault
    return _StoredCanonical(known, lambda: _frame(stored, certified)), certified


def read_certified(folder: Path, declaration: LayerDeclaration) -> CertifiedLayer:
    """Certified layer of a folder that another process has checked already.

    Raises
    ------
    Damaged
        The folder is gone, or files have other sizes.
    """
    stored = read_folder(folder, check=False)
    shapes = stored_shapes(folder, stored, path_of(declaration), check=False)
    return _certified(stored, shapes, folder, declaration)


def _certified(
    stored: Stored, shapes: StoredPolygons, folder: Path, declaration: LayerDeclaration
) -> CertifiedLayer:
    try:
        if stored.table is None:
            raise Damaged("table")
        table, kinds = stored.table, stored.facts["columns"]
        labels = np.full(table.num_rows, "", dtype=object)
        if column := stored.facts["classes"]:
            labels = taken_column(table[column], kinds[column]).to_numpy(dtype=object)
        known = {"declaration": declaration, "given": shapes, "classes": labels, "stored": folder}
        known |= {"quality": _rows(stored.facts["certificate"]), "coverage_polygons": None}
        return _StoredLayer.of(
            known,
            lambda: pd.DataFrame({n: taken_column(table[n], k) for n, k in kinds.items()}),
        )
    except (KeyError, TypeError, ValueError, pa.ArrowException) as fault:
        raise Damaged(str(fault)) from fault


def _frame(stored: Stored, certified: CertifiedLayer) -> gpd.GeoDataFrame:
    """Canonical table, with polygons as they were before they gave up ground."""
    rows = np.asarray(stored.arrays["changed"])
    geometries = certified.polygons
    if len(rows):
        geometries = geometries.copy()
        geometries[rows] = _unpacked(stored.arrays)
    crs = CRS.from_wkt(stored.facts["crs"])
    name = stored.facts["geometry"]
    shapes = {name: gpd.GeoSeries(geometries, crs=crs)}
    columns = {str(c): certified.attributes[c] for c in certified.attributes}
    whole = {column: (columns | shapes)[column] for column in stored.facts["order"]}
    return gpd.GeoDataFrame(whole, geometry=name, crs=crs)


def _packed(rows: NDArray[np.int64], geometries: NDArray[np.object_]) -> dict[str, NDArray[Any]]:
    wkb = list(shapely.to_wkb(geometries)) if len(geometries) else []
    ends = np.cumsum([0, *(len(b) for b in wkb)])
    data = np.frombuffer(b"".join(wkb), dtype=np.uint8)
    return {"changed": rows, "changed_wkb": data, "changed_at": ends.astype(np.int64)}


def _unpacked(arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.object_]:
    data, at = arrays["changed_wkb"].tobytes(), arrays["changed_at"]
    return np.asarray(shapely.from_wkb([data[a:b] for a, b in itertools.pairwise(at)]))


def _rows(told: list[dict[str, Any]]) -> tuple[QualityRow, ...]:
    return tuple(QualityRow(**row) for row in told)


def _crs_text(frame: gpd.GeoDataFrame) -> str:
    """WKT of a table's CRS, if the same CRS comes back from it."""
    crs = frame.crs
    text = "" if crs is None else crs.to_wkt()
    if not text or CRS.from_wkt(text).to_wkt() != text or CRS.from_wkt(text) != crs:
        raise Unstorable("crs")
    return text


def _comes_back(facts: Mapping[str, object]) -> bool:
    try:
        return bool(json.loads(json.dumps(facts)) == facts)
    except (TypeError, ValueError):
        return False
