"""Change of CRS that keeps straight borders where they were drawn, and mends nothing by itself."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from ikap.sources.crs import crs_name, same_crs
from ikap.sources.ledger import Ledger

__all__ = ["Geometries", "cut_up", "not_finite", "reproject"]

Geometries = NDArray[np.object_]

STEP_DEGREES = 0.004
STEP_METRES = 2000.0
"""Longest edge before a change of CRS."""

FARTHEST = 1e8
"""Metres; nothing on earth has a larger coordinate in any projected CRS."""

POLYGON, MULTIPOLYGON = 3, 6


def reproject(frame: GeoDataFrame, crs: CRS | str, ledger: Ledger) -> GeoDataFrame:
    """Table in the given CRS; edges are cut up first, so that straight borders stay in place.

    Parameters
    ----------
    frame : GeoDataFrame
        In any CRS.
    crs : CRS or str
        Where to.
    ledger : Ledger
        Is told that the CRS was changed.

    Returns
    -------
    GeoDataFrame
        The same table if the CRS is the same. A vertex that has no place in the new CRS is
        infinite.
    """
    wanted, own = CRS.from_user_input(crs), frame.crs
    assert own is not None  # a file without a CRS is refused by its source
    if same_crs(own, wanted):
        return frame
    step = STEP_DEGREES if own.is_geographic else STEP_METRES
    change = Transformer.from_crs(own, wanted, always_xy=True)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(change.transform(xy[:, 0], xy[:, 1]))

    moved = shapely.transform(cut_up(frame.geometry.to_numpy(), step), move)
    ledger.told("crs.changed", len(frame), stated=crs_name(own), used=crs_name(wanted))
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=wanted))


def cut_up(geometries: Geometries, step: float) -> Geometries:
    """Geometries with no edge longer than `step`, valid or not as they were.

    Ring by ring, because `segmentize` on a polygon that is not valid repairs it by a zero-width
    buffer, which may lose parts without a word.

    Parameters
    ----------
    geometries : array of Geometry
        Any types.
    step : float
        In the unit of the coordinates.

    Returns
    -------
    array of Geometry
        Same types, in the same order.
    """
    types = shapely.get_type_id(geometries)
    is_area = np.isin(types, (POLYGON, MULTIPOLYGON)) & ~shapely.is_empty(geometries)
    area = np.flatnonzero(is_area)
    cut = np.array(geometries, dtype=object)
    cut[~is_area] = shapely.segmentize(cut[~is_area], step)
    if len(area):
        parts, owner = shapely.get_parts(cut[area], return_index=True)
        parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
        rings, part = shapely.get_rings(parts, return_index=True)
        whole = np.asarray(shapely.polygons(shapely.segmentize(rings, step), indices=part))
        first = whole[np.searchsorted(owner, np.arange(len(area)))]
        joined = np.asarray(shapely.multipolygons(whole, indices=owner))
        cut[area] = np.where(types[area] == MULTIPOLYGON, joined, first)
    return cut


def not_finite(geometries: Geometries) -> NDArray[np.bool_]:
    """Which geometries have a vertex that is not a number, infinite or out in space.

    Parameters
    ----------
    geometries : array of Geometry
        None missing.

    Returns
    -------
    array of bool
        One value each.
    """
    bad = np.zeros(len(geometries), dtype=bool)
    far = ~(np.abs(shapely.bounds(geometries)) < FARTHEST).all(axis=1)
    suspect = np.flatnonzero(far | ~shapely.is_valid(geometries))  # never valid with a NaN in it
    coordinates, owner = shapely.get_coordinates(geometries[suspect], return_index=True)
    bad[suspect[owner[~(np.abs(coordinates) < FARTHEST).all(axis=1)]]] = True
    return bad
