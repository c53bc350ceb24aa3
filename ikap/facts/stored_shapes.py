"""Shapes of a layer in the cache: from the vertices kept there, else from the layer's own file.

Vertices take most of the room, and are the first to go. Where a layer's geometry is that of its
file, row for row, the file's own well-known binary serves as well, with the boxes and areas that
were kept, so that all figures are the same to the bit. No GEOS objects are made on either way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure import Polygons, Rings
from ikap.sources.arrays import Damaged, Stored, read_folder, read_known_folder, write_folder
from ikap.sources.checksum import checksum
from ikap.sources.geometry_column import geometry_column

__all__ = ["VERTICES", "StoredPolygons", "stored_shapes", "write_vertices"]

VERTICES = "vertices"
"""Folder within the layer's own that holds its vertices."""
RINGS = ("xy", "ring_start", "polygon_start", "feature_start")
MULTIPOLYGON = 6  # GEOS type number


class StoredPolygons(Polygons):
    """Polygons of the cache; a multipolygon of one part comes back as what it was."""

    single: NDArray[np.bool_]

    @property
    def geometries(self) -> NDArray[np.object_]:
        """All polygons as GEOS objects."""
        if self._geometries is None:
            self._geometries = _as_multi(self.rings.geometries(), self.single)
        return self._geometries

    def geometries_of(self, index: NDArray[np.int64]) -> NDArray[np.object_]:
        """GEOS objects of the polygons at `index`; no others are made."""
        return _as_multi(super().geometries_of(index), self.single[index])


def write_vertices(folder: Path, rings: Rings) -> int:
    """Write the vertices of a layer into its folder.

    Parameters
    ----------
    folder : Path
        The layer's own.
    rings : Rings
        As measured.

    Returns
    -------
    int
        Their seal, for the layer's header.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    (folder / VERTICES).mkdir()
    return write_folder(folder / VERTICES, {}, {name: getattr(rings, name) for name in RINGS})


def stored_shapes(folder: Path, light: Stored, path: Path, *, check: bool = True) -> StoredPolygons:
    """Shapes of a layer in the cache.

    Parameters
    ----------
    folder : Path
        The layer's own.
    light : Stored
        What it holds but for the vertices.
    path : Path
        The layer's file.
    check : bool
        Whether the vertices are held against their checksums, if they were not before.

    Returns
    -------
    StoredPolygons
        With the boxes and areas that were kept.

    Raises
    ------
    Damaged
        The vertices are not those that were written, or are gone and the file cannot stand in.
    """
    heavy = folder / VERTICES
    try:
        held = read_known_folder(heavy) if check else read_folder(heavy, check=False)
    except Damaged:
        if heavy.is_dir():
            raise
        made = _of_file(light, path)
    else:
        if held.seal != light.facts["vertices"]:
            raise Damaged(VERTICES)
        made = StoredPolygons(rings=Rings(*(held.arrays[name] for name in RINGS)))
    made._boxes, made._areas = (np.array(light.arrays[name]) for name in ("boxes", "areas"))
    made.single = np.asarray(light.arrays["single"])
    return made


def _of_file(light: Stored, path: Path) -> StoredPolygons:
    """Polygons as they lie in the layer's file, if that still is the one that was certified."""
    file: Mapping[str, Any] = light.facts["file"]
    if not file["rows_of"]:
        raise Damaged(VERTICES)
    boxes, areas = (np.array(light.arrays[name]) for name in ("boxes", "areas"))
    try:
        chunks = geometry_column(path, file["rows_of"])
        if checksum(path) != (file["sha256"], file["size"]):  # of what was just read
            raise Damaged(VERTICES)
        made = StoredPolygons.of_chunks(chunks, boxes=boxes, areas=areas)
    except (OSError, ValueError) as fault:
        raise Damaged(str(fault)) from fault
    if len(made) != len(boxes):
        raise Damaged(VERTICES)
    assert isinstance(made, StoredPolygons)
    return made


def _as_multi(geometries: NDArray[np.object_], single: NDArray[np.bool_]) -> NDArray[np.object_]:
    at = np.flatnonzero(single & (shapely.get_type_id(geometries) != MULTIPOLYGON))
    if len(at):
        geometries[at] = shapely.multipolygons(geometries[at], indices=np.arange(len(at)))
    return geometries
