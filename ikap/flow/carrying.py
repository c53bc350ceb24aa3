"""Features with a municipality number that was split: carried to today's by where they lie.

Numbers that were renumbered or merged are carried by the kinds, by key. Where one number became
several, only the place tells which: a feature goes to the municipality that holds it, and one that
lies across a border stays as it is, because its figures cannot be cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.facts import CertifiedLayer
from ikap.history import History
from ikap.kinds.canonical import Canonical
from ikap.model import QualityRow, Region

__all__ = ["carried_by_place"]

COLUMN = "kommunenummer"
ALL_OF_IT = 0.99
"""Least share of a feature inside a municipality for it to be all there: boundaries are drawn more
coarsely than the features, so that a sliver outside is no part of another municipality. [K]"""


def carried_by_place(
    canonical: Canonical, region: Region, ground: Callable[[], CertifiedLayer]
) -> Canonical:
    """Layer whose features with the number of a split municipality have today's number.

    Parameters
    ----------
    canonical : Canonical
        Any layer; tables without places and plans, whose numbers are part of their ids, are
        handed on untouched.
    region : Region
        Municipalities and history.
    ground : callable
        Gives the municipal areas of today; asked only where something is to be carried.

    Returns
    -------
    Canonical
        The same one where there was nothing to carry.
    """
    if COLUMN not in canonical.names or canonical.kind in ("zoning", "municipality"):
        return canonical  # before its table is asked for, which a layer of the cache has to make
    split, frame = _split_numbers(region), canonical.frame
    if COLUMN not in frame:
        return canonical
    nowhere = frame.geometry.isna() | frame.geometry.is_empty
    old = (frame[COLUMN].isin(split) & ~nowhere).to_numpy(dtype=bool)
    if not old.any():
        return canonical
    places = ground()
    rows = np.flatnonzero(old)
    found = [_holder(shape, places) for shape in frame.geometry.to_numpy()[rows]]
    told = list(_told(canonical.layer, frame.iloc[rows], found))
    numbers = frame[COLUMN].to_numpy(dtype=object).copy()
    for row, number in zip(rows, found, strict=True):
        numbers[row] = number or numbers[row]
    carried = frame.assign(**{COLUMN: pd.Series(numbers, index=frame.index, dtype=object)})
    return replace(canonical, frame=carried, quality=(*canonical.quality, *told))


def _split_numbers(region: Region) -> list[str]:
    """Old numbers that became several municipalities."""
    history = History(region)
    today = {m.number for m in (*region.municipalities, *region.neighbours)}
    units = [u for u in region.history if u.number not in today]
    return [u.number for u in units if not any(w.whole for w in history.ways(u).values())]


def _holder(shape: shapely.Geometry, places: CertifiedLayer) -> str:
    """Number of the municipality that holds a feature, "" where none holds all of it.

    A point on a border is of the municipality with the lowest number.
    """
    near = np.flatnonzero(shapely.intersects(places.polygons, shape))
    if not len(near):
        return ""
    inside = shapely.intersection(places.polygons[near], shape)
    if shapely.area(shape) > 0:
        shares = shapely.area(inside) / shapely.area(shape)
    elif shapely.length(shape) > 0:
        shares = shapely.length(inside) / shapely.length(shape)
    else:
        shares = np.ones(len(near))
    numbers: NDArray[np.object_] = places.classes[near[shares >= ALL_OF_IT]]
    return min((str(n) for n in numbers), default="")


def _told(layer: str, rows: GeoDataFrame, found: list[str]) -> list[QualityRow]:
    pairs = Counter(zip(map(str, rows[COLUMN]), found, strict=True))
    told = []
    for (number, successor), count in sorted(pairs.items()):
        what = "municipality.placed" if successor else "municipality.not_placed"
        facts = {"number": number, "successor": successor}
        told.append(QualityRow(layer, "", what, float(count), "count", facts))
    return told
