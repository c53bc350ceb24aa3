"""Area of each land class inside each zone, for two plain GeoSeries: the library's short way in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from ikap.errors import InputError
from ikap.facts.certificate import refuse_unmeasurable
from ikap.facts.table import NOT_COVERED
from ikap.measure import find_overlaps, pair_areas

__all__ = ["area_by_class"]

ROUNDING_M2 = 1e-6


def area_by_class(zones: gpd.GeoSeries, classes: gpd.GeoSeries, labels: ArrayLike) -> pd.DataFrame:
    """Area of each land class inside each zone, in m².

    Parameters
    ----------
    zones : GeoSeries, n polygons
        Valid, in a projected CRS with metre as unit. May overlap one another.
    classes : GeoSeries, m polygons
        Same CRS as `zones`. Must not overlap one another.
    labels : array of str, shape (m,)
        Class of each polygon.

    Returns
    -------
    DataFrame, n rows in the order of `zones`, one float64 column a class, and `not_covered`
        Each row adds up to the zone's area within 0.01 m².

    Raises
    ------
    InputError
        The CRS differ (`crs.differ`), cannot be measured in (`crs.geographic`,
        `crs.web_mercator`, `crs.unit`, `crs.missing`), a geometry is invalid
        (`geometry.invalid`), or classes overlap (`classes.overlap`).

    Notes
    -----
    Planar area in the given CRS. Areas that were measured in two CRS must not be added up: at
    Trondheim EPSG:25832 and EPSG:25833 differ by 0.12 %.

    Examples
    --------
    >>> field = gpd.GeoSeries([shapely.box(60, -20, 200, 60)], crs="EPSG:25832")
    >>> area = gpd.GeoSeries([shapely.box(0, 0, 100, 100)], crs="EPSG:25832")
    >>> area_by_class(area, field, ["21"]).to_dict("records")
    [{'21': 2400.0, 'not_covered': 7600.0}]
    """
    refuse_unmeasurable(zones.crs, file="zones")
    refuse_unmeasurable(classes.crs, file="classes")
    assert zones.crs is not None
    assert classes.crs is not None
    if zones.crs != classes.crs:
        raise InputError("crs.differ", one=zones.crs.name, other=classes.crs.name)
    areas, land = (np.asarray(series.values, dtype=object) for series in (zones, classes))
    for name, given in (("zones", areas), ("classes", land)):
        bad = np.flatnonzero(~shapely.is_valid(given))
        if len(bad):
            raise InputError("geometry.invalid", file=name, ids=bad.astype(str).tolist())
    overlaps = find_overlaps(land, np.zeros(len(land), dtype=np.int64))
    if overlaps:
        pairs = [f"{o.keeper}–{o.loser}" for o in overlaps]
        raise InputError(
            "classes.overlap", ids=pairs, area=round(sum(o.area_m2 for o in overlaps), 2)
        )
    names, code = np.unique(np.asarray(labels, dtype=str), return_inverse=True)
    table = np.zeros((len(areas), len(names)))
    found = pair_areas(areas, land)
    np.add.at(table, (found.zone, code[found.land]), found.area)
    result = pd.DataFrame(table, columns=[str(n) for n in names], index=zones.index)
    rest = shapely.area(areas) - table.sum(axis=1)
    return result.assign(**{NOT_COVERED: np.where(rest < ROUNDING_M2, 0.0, rest)})
