"""Things that lie in one place: points, and the places that stand for areas and lines."""

from __future__ import annotations

import geopandas as gpd
import shapely
from geopandas import GeoDataFrame

from ikap.sources.ledger import Ledger

__all__ = ["as_points"]


def as_points(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Table of points: a point on the surface of each area or line, and of points their middle.

    Parameters
    ----------
    frame : GeoDataFrame
        Tidy, in the region's CRS.
    ledger : Ledger
        Gets `point.stands_for` with the count of geometries that were not single points.

    Returns
    -------
    GeoDataFrame
        Same rows.
    """
    shapes = frame.geometry.to_numpy().copy()
    single = shapely.get_type_id(shapes) == 0
    if single.all():
        return frame
    ledger.told("point.stands_for", int((~single).sum()))
    shapes[~single] = shapely.point_on_surface(shapes[~single])
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))
