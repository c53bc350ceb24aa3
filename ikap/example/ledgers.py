"""What the ledgers of farmland need: an earlier AR5 of one municipality, and a table of decisions.

Both are invented. The earlier map is today's with some yards and roads still fields, and some
fields still forest, open land or mire; the other municipalities have none, so that there the ground
ledger is unknown.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikap.example.geography import MUNICIPALITIES
from ikap.example.noise import hash_unit

__all__ = ["EARLIER", "make_decisions", "make_earlier_ar5"]

EARLIER = "9904"
"""The municipality that has an earlier map."""
FIELD = "21"
SMALL = 40_000.0  # m²: a larger yard, road or field was there before
BUILT_SINCE, CULTIVATED_SINCE = 0.12, 0.03  # shares of small yards and of small fields
BEFORE = np.array(["30", "50", "60"], dtype=object)
YEARS = range(2019, 2025)
COLUMNS = ("dyrka_jordloven_daa", "dyrka_pbl_daa", "dyrkbar_jordloven_daa", "dyrkbar_pbl_daa")
MOST = {"9901": 60, "9902": 40, "9903": 12, "9904": 8}
"""Most daa that a municipality released by one law in one year."""
UNPUBLISHED = ("9903", 2024)
"""A municipality and year without figures."""


def make_earlier_ar5(ar5: gpd.GeoDataFrame, municipalities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """AR5 of one municipality as it is said to have been ten years earlier."""
    place = municipalities.geometry[municipalities["kommunenummer"] == EARLIER].iloc[0]
    shapely.prepare(place)
    near = ar5.iloc[np.sort(shapely.STRtree(ar5.geometry.to_numpy()).query(place))]
    point = shapely.point_on_surface(near.geometry.to_numpy())
    inside = shapely.contains(place, point)
    own = near[inside]
    x, y = (get(point[inside]) for get in (shapely.get_x, shapely.get_y))
    draw = hash_unit(x.astype(np.int64), y.astype(np.int64), seed=981)
    code = own["arealtype"].to_numpy(dtype=object).copy()
    small = shapely.area(own.geometry.to_numpy()) < SMALL
    built = np.isin(code, ["11", "12"]) & small & (draw < BUILT_SINCE)
    grown = np.isin(code, ["21", "22", "23"]) & small & (draw < CULTIVATED_SINCE)
    code[built] = FIELD
    code[grown] = BEFORE[(draw[grown] / CULTIVATED_SINCE * len(BEFORE)).astype(np.int64)]
    return own.assign(arealtype=code, datafangstdato="2015-06-15")


def make_decisions() -> pd.DataFrame:
    """Decisions by municipality and year, in whole daa; one municipality lacks a year."""
    rows = []
    for row, number in enumerate(MUNICIPALITIES):
        for year in YEARS:
            if (number, year) == UNPUBLISHED:
                continue
            drawn = [float(hash_unit(year, 10 * row + k, seed=983)) for k in range(5)]
            figures = [round(MOST[number] * share**2) for share in drawn]
            rows.append((number, year, *figures))
    return pd.DataFrame(rows, columns=["kommunenummer", "år", *COLUMNS, "tilbakeført_daa"])
