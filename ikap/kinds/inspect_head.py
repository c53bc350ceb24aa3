"""What the head of a layer's file says, without reading its features: quick for any size."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
from shapely import box

from ikap.errors import InputError
from ikap.kinds.inspect_facts import file_date
from ikap.kinds.place import Extent, place_of
from ikap.model import LayerDeclaration, Region
from ikap.sources.crs import crs_name
from ikap.sources.files import path_of
from ikap.sources.head import Head, head

__all__ = ["head_of"]


def head_of(declaration: LayerDeclaration, region: Region, extent: Extent | None) -> dict[str, Any]:
    """Count, geometry type, CRS and place of a declared layer, as its file's head says.

    Parameters
    ----------
    declaration : LayerDeclaration
        A layer whose source is a file.
    region : Region
        For its CRS.
    extent : tuple of float or None
        The region's bounds in its CRS, metres.

    Returns
    -------
    dict
        `count`, `geometry`, `crs`, `place` (of the layer's bounds as a whole) and `dated` (when
        the file was last changed). Empty where the file is not there, cannot be read, or is of a
        format without a head.
    """
    if declaration.source.get("from") != "files":
        return {}
    try:
        path = path_of(declaration)
        found = head(path, str(declaration.source.get("layer") or "")) if path.exists() else None
    except InputError:
        return {}
    if found is None:
        return {}
    return {
        "count": found.count,
        "geometry": found.geometry,
        "crs": crs_name(found.crs) if found.crs else "",
        "place": _place(found, region, extent),
        "dated": file_date(path),
    }


def _place(found: Head, region: Region, extent: Extent | None) -> str:
    if found.crs is None or not np.isfinite(found.bounds).all():
        return ""
    whole = gpd.GeoDataFrame(geometry=[box(*found.bounds)], crs=found.crs)
    return place_of(whole, region.crs, extent)[0]
