"""Roads and paths as lines, with what they are to somebody on foot (domain.md 5.2)."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.kinds.words import letters_only
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = ["COLUMNS", "EXCLUSIVE", "KIND", "LAYERS", "canonical"]

KIND = "network"
EXCLUSIVE = False
LAYERS: Sequence[str] = ("Veglenke", "veglenke")
COLUMNS = (
    Column("typeVeg", ("TYPEVEG", "vegtype", "veglenketype"), required=True),
    Column("vegkategori", ("VEGKATEGORI",)),
    Column("vegfase", ("VEGFASE", "vegstatus")),
    Column("medium", ("MEDIUM",)),
    Column("motorvegtype", ("MOTORVEGTYPE",)),
    Column("vegnummer", ("VEGNUMMER",)),
)
FOOT = {
    "fortau",
    "gangveg",
    "gangogsykkelveg",
    "gangfelt",
    "trapp",
    "gagate",
    "gatetun",
    "traktorveg",
    "sti",
}
"""typeVeg that one may walk whoever owns it."""
CAR = {"enkelbilveg", "kanalisertveg", "rundkjoring", "rampe"}
"""typeVeg that one may walk unless it is a motorway or a European or national road."""
MOTORWAY = {"motorveg", "motortrafikkveg"}
MAIN = {"E", "R"}
NOT_THERE = {"P", "A", "F"}
"""vegfase: planned, under building, fictional. V (existing) and nothing are there."""
GROUND = {"", "T", "PATERRENG", "ON"}
"""medium: on the ground. U (tunnel), L (bridge) and all others are not."""


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Links of a road network.

    Parameters
    ----------
    raw : Raw
        As read; lines of several parts are taken apart.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `typeVeg`, `vegkategori`, `vegfase`, `medium`, `motorvegtype`, `vegnummer`, and `walk`
        and `ground` (bool). Planned roads, ferries and links of no length are told and left out;
        roads not to be walked stay, and are told with their length in m.

    Raises
    ------
    InputError
        `column.missing`, `network.empty` (no line at all), and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    ledger = opened.ledger
    ledger.stop()
    frame = _single_lines(opened.frame, ledger)
    frame = tidy(frame, region.crs, ledger, areas=False)
    frame = _there(frame, ledger)
    if frame.empty:
        raise ledger.error("network.empty")
    medium = frame["medium"].map(lambda m: letters_only(m).upper())
    frame = frame.assign(walk=_walkable(frame, ledger), ground=medium.isin(GROUND).to_numpy(bool))
    return finish(KIND, raw, opened, frame, extent=extent)


def _single_lines(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """One row a line of some length; other geometry is counted and left out."""
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    several = int((shapely.get_num_geometries(shapes) > 1).sum())
    parts, row = shapely.get_parts(shapes, return_index=True)
    if several:
        ledger.told("network.parts", several, parts=len(parts) - len(shapes) + several)
    line = np.isin(shapely.get_type_id(parts), (1, 2))
    if not line.all():
        ledger.told("network.no_line", int((~line).sum()))
    none = int(shapely.is_missing(shapes).sum() + shapely.is_empty(shapes).sum())
    if none:
        ledger.told("network.no_geometry", none)
    parts, row = parts[line], row[line]
    some = ~(shapely.length(parts) <= 0.0)  # a line with NaN is told by `tidy`
    if not some.all():
        ledger.told("network.zero_length", int((~some).sum()))
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name)).iloc[row[some]]
    lines = gpd.GeoSeries(parts[some], crs=frame.crs)
    return GeoDataFrame(table.reset_index(drop=True), geometry=lines, crs=frame.crs)


def _there(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Links that exist today and are on land or under it."""
    phase = frame["vegfase"].map(lambda p: letters_only(p).upper()[:1])
    ferry = frame["typeVeg"].map(letters_only).isin({"bilferje", "passasjerferje"})
    for what, out in (("network.planned", phase.isin(NOT_THERE)), ("network.ferry", ferry)):
        if out.any():
            metres = float(shapely.length(frame.geometry.to_numpy()[out.to_numpy(bool)]).sum())
            ledger.told(what, metres, "m", count=int(out.sum()))
    return frame[~(phase.isin(NOT_THERE) | ferry)]


def _walkable(frame: GeoDataFrame, ledger: Ledger) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether one may walk each link; what may not be walked is told by its reason, in m."""
    sort = frame["typeVeg"].map(letters_only)
    category = frame["vegkategori"].map(lambda c: letters_only(c).upper()[:1])
    car = sort.isin(CAR)
    motorway = car & frame["motorvegtype"].map(letters_only).isin(MOTORWAY)
    main = car & ~motorway & category.isin(MAIN)
    foot = sort.isin(FOOT)
    other = ~foot & ~car
    length = shapely.length(frame.geometry.to_numpy())
    for what, out in (("motorway", motorway), ("main", main), ("other", other)):
        if out.any():
            names = ", ".join(sorted(set(frame.loc[out, "typeVeg"].fillna("?"))))
            metres, count = float(length[out].sum()), int(out.sum())
            ledger.told(f"network.not_walked.{what}", metres, "m", count=count, types=names)
    uncertain = int((car & (category == "")).sum())
    if uncertain:
        ledger.told("network.no_category", uncertain)
    return np.asarray(foot | (car & ~motorway & ~main), dtype=bool)
