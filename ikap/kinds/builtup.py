"""Built-up area by municipality and year (SSB *arealbruk*), on the borders of today."""

from __future__ import annotations

from collections.abc import Sequence

from ikap.kinds.canonical import Canonical, finish
from ikap.kinds.columns import Column
from ikap.kinds.figures import open_table
from ikap.kinds.place import Extent
from ikap.kinds.population import SERIES, series
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["COLUMNS", "KIND", "LAYERS", "TABLE", "canonical"]

KIND = "builtup"
TABLE = True
LAYERS: Sequence[str] = ()
COLUMNS = (
    *SERIES,
    Column("bebygd_km2", ("bebygd", "areal_km2", "bebygd areal"), required=True, type="number"),
)


def canonical(
    raw: Raw,
    declaration: LayerDeclaration,
    region: Region,
    *,
    extent: Extent | None = None,  # noqa: ARG001
) -> Canonical:
    """Built-up area of the region's municipalities, one row a municipality and year.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { inndeling = 2020 }` where the whole series stands on the
        municipal borders of one year.
    region : Region
        Municipalities and their history.
    extent : tuple of float, optional
        Not used: a table lies nowhere.

    Returns
    -------
    Canonical
        `kommunenummer`, `år`, `bebygd_km2` (NaN is unknown), `delt_av`, `mangler`; no geometry.

    Raises
    ------
    InputError
        `column.missing`, `table.twice`.
    """
    opened = open_table(raw, declaration, region, COLUMNS)
    opened.ledger.stop()
    return finish(KIND, raw, opened, series(opened.frame, "bebygd_km2", opened, region))
