"""Decisions that release farmland (*omdisponering*), by municipality and year, as KOSTRA has them.

KOSTRA counts decisions, after jordlova and after plan- og bygningsloven, and what was returned to
farmland apart. A cell that is empty is unknown; a 0 is a published 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, finish
from ikap.kinds.columns import Column
from ikap.kinds.figures import open_table
from ikap.kinds.place import Extent
from ikap.kinds.population import SERIES, series
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["COLUMNS", "FIGURES", "KIND", "LAYERS", "TABLE", "canonical"]

KIND = "farmland_decisions"
TABLE = True
LAYERS: Sequence[str] = ()
FIGURES = (
    Column("dyrka_jordloven_daa", ("dyrka_jordlova_daa",), required=True, type="number"),
    Column("dyrka_pbl_daa", ("dyrka_plan_daa",), required=True, type="number"),
    Column("tilbakeført_daa", ("tilbakefort_daa",), required=True, type="number"),
    Column("dyrkbar_jordloven_daa", ("dyrkbar_jordlova_daa",), type="number"),
    Column("dyrkbar_pbl_daa", ("dyrkbar_plan_daa",), type="number"),
    Column("dyrkbar_tilbakeført_daa", ("dyrkbar_tilbakefort_daa",), type="number"),
)
COLUMNS = (*SERIES, *FIGURES)
KEYS = ["kommunenummer", "år"]
BELOW = "farmland_decisions.negative"


def canonical(
    raw: Raw,
    declaration: LayerDeclaration,
    region: Region,
    *,
    extent: Extent | None = None,  # noqa: ARG001
) -> Canonical:
    """Decisions in the region's municipalities, one row a municipality and year.

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
        `kommunenummer`, `år` and `FIGURES` in daa (NaN is unknown) on the borders of today; no
        geometry.

    Raises
    ------
    InputError
        `column.missing`, `table.twice`, `farmland_decisions.negative`.
    """
    opened = open_table(raw, declaration, region, COLUMNS)
    for column in FIGURES:
        below = opened.frame[column.name] < 0
        if below.any():
            ids = opened.frame.loc[below, "source_id"].astype(str)
            opened.ledger.fault(BELOW, ids=ids, column=column.name)
    opened.ledger.stop()
    table: GeoDataFrame | None = None
    for column in FIGURES:
        one = series(opened.frame, column.name, opened, region)
        if table is None:
            table = one
            continue
        more = pd.DataFrame(one)[[*KEYS, column.name]]
        table = GeoDataFrame(
            table.merge(more, on=KEYS, how="left"), geometry="geometry", crs=one.crs
        )
    assert table is not None
    first: list[object] = []  # what is the same for all columns is told once
    for row in opened.ledger.quality:
        if row not in first:
            first.append(row)
    opened.ledger.quality[:] = first  # type: ignore[assignment] # the same rows
    return finish(KIND, raw, opened, table)
