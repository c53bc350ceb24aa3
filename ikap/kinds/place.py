"""Where a file lies against the region: inside, outside, or inside if its CRS were another."""

from __future__ import annotations

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from ikap.sources.crs import crs_name, same_crs
from ikap.sources.ledger import Ledger

__all__ = ["Extent", "check_place", "features_outside", "place_of"]

Extent = tuple[float, float, float, float]
"""Smallest and largest east and north of the region, metres in the region's CRS."""

LIKELY = ("EPSG:25832", "EPSG:25833", "EPSG:25831", "EPSG:25835", "EPSG:4258", "EPSG:3857")
Boxes = NDArray[np.float64]


def check_place(frame: GeoDataFrame, crs: str, extent: Extent | None, ledger: Ledger) -> None:
    """Tell if nothing of the file lies in the region, and why that may be.

    Parameters
    ----------
    frame : GeoDataFrame
        As read, in its own CRS.
    crs : str
        The region's CRS.
    extent : tuple of float or None
        The region's bounds in `crs`, metres; None checks nothing.
    ledger : Ledger
        Gets the faults `place.swapped` (inside if east and north change places), `place.crs`
        (inside if the file is in another CRS than it says) or `place.outside` with the distance
        in km. Nothing is changed by itself.
    """
    boxes = _boxes(frame)
    own = frame.crs
    if extent is None or own is None or not len(boxes):
        return
    wanted = CRS.from_user_input(crs)
    there = _moved(boxes, own, wanted)
    if _meets(there, extent).any():
        return
    swapped = boxes[:, [1, 0, 3, 2]]
    if _meets(_moved(swapped, own, wanted), extent).any():
        ledger.fault("place.swapped", crs=crs_name(own), bounds=_bounds_text(boxes))
        return
    for likely in LIKELY:
        fits = _meets(_moved(boxes, CRS(likely), wanted), extent).any()
        if fits and not same_crs(own, CRS(likely)):
            ledger.fault("place.crs", stated=crs_name(own), likely=likely)
            return
    ledger.fault("place.outside", distance_km=_distance_km(there, extent), crs=crs_name(own))


def features_outside(frame: GeoDataFrame, extent: Extent | None) -> NDArray[np.bool_]:
    """Which features do not meet the region's bounds at all.

    Parameters
    ----------
    frame : GeoDataFrame
        In the region's CRS.
    extent : tuple of float or None
        The region's bounds, metres.

    Returns
    -------
    array of bool
        One value a row; all False without an extent.
    """
    if extent is None:
        return np.zeros(len(frame), dtype=bool)
    return ~_meets(shapely.bounds(frame.geometry.to_numpy()), extent)


def place_of(frame: GeoDataFrame, crs: str, extent: Extent | None) -> tuple[str, int]:
    """Where a layer lies against the region, and how many features lie wholly outside.

    Parameters
    ----------
    frame : GeoDataFrame
        As read, in its own CRS.
    crs : str
        The region's CRS.
    extent : tuple of float or None
        The region's bounds in `crs`, metres.

    Returns
    -------
    tuple of str and int
        `inside`, `partly`, `elsewhere`, or empty where it cannot be told.
    """
    boxes = _boxes(frame)
    if extent is None or frame.crs is None or not len(boxes):
        return "", 0
    inside = _meets(_moved(boxes, frame.crs, CRS.from_user_input(crs)), extent)
    outside = int((~inside).sum())
    if not inside.any():
        return "elsewhere", outside
    return ("partly" if outside else "inside"), outside


def _boxes(frame: GeoDataFrame) -> Boxes:
    boxes = np.asarray(shapely.bounds(frame.geometry.to_numpy()), dtype=float).reshape(-1, 4)
    finite: Boxes = boxes[np.isfinite(boxes).all(axis=1)]
    return finite


def _moved(boxes: Boxes, own: CRS, wanted: CRS) -> Boxes:
    """Boxes in another CRS by their corners, near enough to say where something lies."""
    if same_crs(own, wanted):
        return boxes
    change = Transformer.from_crs(own, wanted, always_xy=True)
    x, y = change.transform(boxes[:, [0, 0, 2, 2]].ravel(), boxes[:, [1, 3, 1, 3]].ravel())
    x, y = np.reshape(x, (-1, 4)), np.reshape(y, (-1, 4))
    return np.column_stack([x.min(1), y.min(1), x.max(1), y.max(1)])


def _meets(boxes: Boxes, extent: Extent) -> NDArray[np.bool_]:
    west, south, east, north = extent
    inside_x = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    meets: NDArray[np.bool_] = inside_x & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    return meets & np.isfinite(boxes).all(axis=1)


def _distance_km(boxes: Boxes, extent: Extent) -> int | str:
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        return "?"
    west, south, east, north = extent
    dx = np.maximum(0, np.maximum(west - boxes[:, 2], boxes[:, 0] - east))
    dy = np.maximum(0, np.maximum(south - boxes[:, 3], boxes[:, 1] - north))
    return max(1, round(float(np.hypot(dx, dy).min()) / 1000))


def _bounds_text(boxes: Boxes) -> str:
    low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    return ", ".join(f"{v:.0f}" for v in (*low, *high))
