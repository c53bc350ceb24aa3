"""The head of a file that GDAL reads: what it says of a layer before any feature is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from ikap.sources.formats import check_format
from ikap.sources.guard import guarded
from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name

__all__ = ["Head", "head"]

WITH_HEAD = ("GeoPackage", "FlatGeobuf", "Shapefile", "FileGDB")


@dataclass(frozen=True)
class Head:
    """One layer, as its file's head says."""

    count: int
    geometry: str
    crs: CRS | None
    bounds: tuple[float, float, float, float]  # in the file's CRS; NaN where there are none


def head(path: Path, layer: str = "") -> Head | None:
    """Head of one layer of a file.

    Parameters
    ----------
    path : Path
        A file that is there.
    layer : str
        Its name; the only layer if empty.

    Returns
    -------
    Head or None
        None for formats without a head, and where the layer is not one of the file's.

    Raises
    ------
    InputError
        `file.*`.
    """
    ledger = Ledger(str(path), path.stem)
    if path.suffix.lower() == ".zip" or check_format(path, ledger) not in WITH_HEAD:
        return None
    names = [str(name) for name in guarded(lambda: pyogrio.list_layers(path)[:, 0], ledger)]
    name = find_name(layer, names) if layer else (names[0] if len(names) == 1 else None)
    if name is None:
        return None
    said = guarded(
        lambda: pyogrio.read_info(
            path,
            layer=name,
            encoding="ISO-8859-1",
            force_feature_count=True,
            force_total_bounds=True,
        ),
        ledger,
    )
    try:
        crs = CRS.from_user_input(said["crs"]) if said["crs"] else None
    except CRSError:
        crs = None
    bounds = said["total_bounds"] if said["total_bounds"] is not None else [float("nan")] * 4
    west, south, east, north = (float(b) for b in bounds)
    return Head(int(said["features"]), str(said["geometry_type"]), crs, (west, south, east, north))
