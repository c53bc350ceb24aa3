"""Municipal areas: one polygon a number, those of the region and its neighbours only."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import only_areas, tidy
from ikap.kinds.municipal_borders import on_todays_numbers
from ikap.kinds.numbers import NUMBER_ALIASES, mended_numbers
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = ["COLUMNS", "KIND", "LAYERS", "canonical"]

KIND = "municipality"
LAYERS: Sequence[str] = ("Kommune",)
COLUMNS = (
    Column("kommunenummer", NUMBER_ALIASES, required=True, type="code"),
    Column("navn", ("kommunenavn", "name")),
)


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Municipalities of the region and its neighbours.

    Parameters
    ----------
    raw : Raw
        As read; a number may stand on several rows, and be of another year.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        Which numbers are members and neighbours, and the CRS.
    extent : tuple of float, optional
        Bounds in the region's CRS, if they are known from elsewhere.

    Returns
    -------
    Canonical
        One row a number in number order: `kommunenummer`, `navn`, `role` (member or neighbour).

    Raises
    ------
    InputError
        `column.missing`, `municipality.missing` (members without a polygon), and the faults of
        all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = opened.frame.assign(
        kommunenummer=mended_numbers(opened.frame["kommunenummer"], opened.ledger)
    )
    frame = on_todays_numbers(frame, region, opened.ledger)
    members = set(region.numbers)
    neighbours = {m.number for m in region.neighbours} - members
    frame = frame[frame["kommunenummer"].isin(members | neighbours)]
    frame = tidy(frame, region.crs, opened.ledger, areas=True)
    missing = sorted(members - set(frame["kommunenummer"]))
    if missing:
        names = {m.number: m.name for m in region.municipalities}
        listed = ", ".join(f"{number} {names[number]}" for number in missing)
        opened.ledger.fault("municipality.missing", numbers=listed)
    opened.ledger.stop()
    frame = _one_each(frame, opened.ledger)
    role = np.where(frame["kommunenummer"].isin(members), "member", "neighbour")
    return finish(KIND, raw, opened, frame.assign(role=role.astype(object)), extent=extent)


def _one_each(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """One row a number, its parts united, in number order."""
    frame = frame.sort_values("kommunenummer", kind="stable")
    first = frame.drop_duplicates("kommunenummer")
    parts = frame.groupby("kommunenummer", sort=True).groups
    geometries = first.geometry.to_numpy().copy()
    for i, (number, rows) in enumerate(parts.items()):
        if len(rows) > 1:
            united = shapely.union_all(frame.loc[rows].geometry.to_numpy())
            geometries[i], _ = only_areas(united)
            ledger.told("municipality.united", len(rows), source_id=str(number))
    return first.set_geometry(gpd.GeoSeries(geometries, index=first.index, crs=frame.crs))
