"""Residents in grid cells, as points in the middle of each cell.

A cell id of Statistics Norway is the lower left corner (EPSG:25833, metres) with 2 000 000 added
to the east coordinate, seven digits each. Small numbers are rounded by the owner so that nobody
can be recognised: a figure of one cell means nothing, and none is ever shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, finish
from ikap.kinds.columns import Column
from ikap.kinds.figures import open_table
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = ["COLUMNS", "KIND", "LAYERS", "canonical"]

KIND = "population_grid"
LAYERS: Sequence[str] = ()
COLUMNS = (
    Column("rute_id", ("SSBID0250M", "ssbid250m", "ssbid")),
    Column("personer", ("pop_tot", "folkemengde"), required=True, type="number"),
)
CELL_M = 250
CELL_CRS = "EPSG:25833"
SHIFT_M = 2_000_000
ID = r"\d{14}"
DIGITS = 7
ROUNDED_TO = 5
ROUNDED_FROM = (1, 2, 3, 4, 6, 7, 8, 9)


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Cells with their residents.

    Parameters
    ----------
    raw : Raw
        As read: a table with cell ids, or features with geometry.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `rute_id`, `personer`, and the middle of the cell as a point in the region's CRS.

    Raises
    ------
    InputError
        `column.missing`, `grid.id` (not SSB 250 m), `table.twice`.
    """
    opened = open_table(raw, declaration, region, COLUMNS)
    ledger = opened.ledger
    ledger.stop()
    frame = opened.frame
    if frame.geometry.isna().all():
        frame = _placed(frame, region, ledger)
    else:
        points = shapely.point_on_surface(frame.geometry.to_numpy())
        frame = frame.set_geometry(gpd.GeoSeries(points, frame.index, frame.crs)).to_crs(region.crs)
    empty = frame["personer"].isna() | frame.geometry.is_empty
    if empty.any():
        ledger.told("grid.empty", int(empty.sum()))
    frame = frame[~empty]
    _tell_rounding(frame["personer"], ledger)
    return finish(KIND, raw, opened, frame, extent=extent)


def _placed(frame: GeoDataFrame, region: Region, ledger: Ledger) -> GeoDataFrame:
    ids = frame["rute_id"].fillna("").astype(str)
    wrong = ~ids.str.fullmatch(ID)
    if wrong.any():
        sick = frame.loc[wrong, "source_id"].astype(str)
        ledger.fault("grid.id", ids=sick, count=int(wrong.sum()), example=ids[wrong].iloc[0])
    twice = ids.duplicated(keep=False) & ~wrong
    if twice.any():
        sick = frame.loc[twice, "source_id"].astype(str)
        ledger.fault("table.twice", ids=sick, count=int(twice.sum()))
    ledger.stop()
    east = ids.str[:DIGITS].astype(int) - SHIFT_M + CELL_M / 2
    north = ids.str[DIGITS:].astype(int) + CELL_M / 2
    points = gpd.GeoSeries.from_xy(east, north, index=frame.index, crs=CELL_CRS)
    return frame.set_geometry(points).to_crs(region.crs)


def _tell_rounding(people: pd.Series, ledger: Ledger) -> None:
    """Tell that 1 to 9 residents were all written as 5, where the figures show it."""
    figures = set(np.unique(people.to_numpy()).tolist())
    if ROUNDED_TO in figures and not figures & set(ROUNDED_FROM):
        ledger.told("grid.rounded", int((people == ROUNDED_TO).sum()), of=len(people))
