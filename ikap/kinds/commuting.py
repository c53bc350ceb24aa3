"""Commuters by municipality and year, exactly as printed: old numbers and shares are kept.

Commuting between two municipalities that have merged is no commuting any more, so figures on old
borders are not added up to today's. `inndeling` says which year's municipalities they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from geopandas import GeoDataFrame, GeoSeries

from ikap.kinds.canonical import Canonical, finish
from ikap.kinds.columns import Column
from ikap.kinds.figures import open_table
from ikap.kinds.numbers import mended_numbers
from ikap.kinds.place import Extent
from ikap.kinds.population import SERIES
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["COLUMNS", "KIND", "LAYERS", "TABLE", "canonical"]

KIND = "commuting"
TABLE = True
LAYERS: Sequence[str] = ()
COLUMNS = (
    *SERIES,
    Column("navn", ("kommunenavn",)),
    Column("til", ("arbeidssted",)),
    Column("pendlere", ("antall",), required=True, type="number"),
    Column("andel_prosent", ("andel",), type="number"),
)


def canonical(
    raw: Raw,
    declaration: LayerDeclaration,
    region: Region,
    *,
    extent: Extent | None = None,  # noqa: ARG001
) -> Canonical:
    """Commuters as the table gives them, one row a municipality and year.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        Not used: a table lies nowhere.

    Returns
    -------
    Canonical
        `kommunenummer` (of the division in `inndeling`), `navn`, `til`, `år`, `pendlere`,
        `andel_prosent` (share of employed residents, per cent); no geometry.

    Raises
    ------
    InputError
        `column.missing`, `table.twice`.
    """
    opened = open_table(raw, declaration, region, COLUMNS)
    frame = opened.frame
    twice = frame.duplicated(["kommunenummer", "år", "til"], keep=False)
    if twice.any():
        ids = frame.loc[twice, "source_id"].astype(str)
        opened.ledger.fault("table.twice", ids=ids, count=int(twice.sum()))
    opened.ledger.stop()
    numbers = mended_numbers(frame["kommunenummer"], opened.ledger)
    nothing = GeoSeries([None] * len(frame), index=frame.index)  # type: ignore[arg-type]
    table = GeoDataFrame(frame.assign(kommunenummer=numbers), geometry=nothing, crs=region.crs)
    return finish(KIND, raw, opened, table)
