"""Change of CRS that keeps straight borders where they were drawn, and mends nothing by itself."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from ikap.measure.straight import cut_up
from ikap.sources.crs import crs_name, same_crs
from ikap.sources.ledger import Ledger

__all__ = ["TOLERANCE_M", "Geometries", "not_finite", "reproject"]

Geometries = NDArray[np.object_]

TOLERANCE_M = 1e-4
"""Farthest that a straight edge may be from where it was drawn, in m, after a change of CRS."""

DEGREE_M = 111_700.0
"""The longest degree on the ellipsoid, in m."""

MULTIPOINT, COLLECTION = 4, 7  # GEOS type numbers

FARTHEST = 1e8
"""Metres; nothing on earth has a larger coordinate in any projected CRS."""


def reproject(frame: GeoDataFrame, crs: CRS | str, ledger: Ledger) -> GeoDataFrame:
    """Table in the given CRS; edges are cut up first, so that straight borders stay in place.

    Parameters
    ----------
    frame : GeoDataFrame
        In any CRS.
    crs : CRS or str
        Where to; projected, in metres.
    ledger : Ledger
        Is told that the CRS was changed, and how far an edge may be from where it was.

    Returns
    -------
    GeoDataFrame
        The same table if the CRS is the same. A vertex that has no place in the new CRS is
        infinite. A border that two features share is the same for both, within `TOLERANCE_M`
        where one of them has a vertex more on it, else to the bit.
    """
    wanted, own = CRS.from_user_input(crs), frame.crs
    assert own is not None  # a file without a CRS is refused by its source
    if same_crs(own, wanted):
        return frame
    change = Transformer.from_crs(own, wanted, always_xy=True)
    unit = DEGREE_M if own.is_geographic else own.axis_info[0].unit_conversion_factor

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(change.transform(xy[:, 0], xy[:, 1]))

    moved = shapely.transform(cut_up(frame.geometry.to_numpy(), move, TOLERANCE_M, unit=unit), move)
    names = {"stated": crs_name(own), "used": crs_name(wanted)}
    ledger.told("crs.changed", len(frame), **names, tolerance_mm=TOLERANCE_M * 1000)
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=wanted))


def not_finite(
    geometries: Geometries, *, sure: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Which geometries have a vertex that is not a number, infinite or out in space.

    Parameters
    ----------
    geometries : array of Geometry
        None missing.
    sure : array of bool, optional
        Those whose vertices are known to be numbers.

    Returns
    -------
    array of bool
        One value each.
    """
    bad = np.zeros(len(geometries), dtype=bool)
    far = ~(np.abs(shapely.bounds(geometries)) < FARTHEST).all(axis=1)
    # A NaN in a line or a ring makes its length NaN; bounds may leave it out.
    with np.errstate(invalid="ignore", over="ignore"):
        doubtful = np.flatnonzero(~sure) if sure is not None else np.arange(len(geometries))
        unknown = np.zeros(len(geometries), dtype=bool)
        unknown[doubtful] = ~np.isfinite(shapely.length(geometries[doubtful]))
    mixed = np.isin(shapely.get_type_id(geometries), (MULTIPOINT, COLLECTION))
    suspect = np.flatnonzero(far | unknown | mixed)
    coordinates, owner = shapely.get_coordinates(geometries[suspect], return_index=True)
    bad[suspect[owner[~(np.abs(coordinates) < FARTHEST).all(axis=1)]]] = True
    return bad
