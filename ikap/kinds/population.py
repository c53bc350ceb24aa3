"""Residents by municipality and year, registered or projected, on the borders of today."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
from geopandas import GeoDataFrame, GeoSeries

from ikap.kinds.canonical import Canonical, Opened, finish
from ikap.kinds.columns import Column
from ikap.kinds.figures import open_table
from ikap.kinds.municipal_time import on_todays_borders
from ikap.kinds.numbers import NUMBER_ALIASES, mended_numbers
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["COLUMNS", "KIND", "LAYERS", "SERIES", "TABLE", "canonical", "series"]

KIND = "population"
TABLE = True
LAYERS: Sequence[str] = ()
SERIES = (
    Column("kommunenummer", (*NUMBER_ALIASES, "region", "kommune"), required=True),
    Column("år", ("year", "aar", "tid"), required=True, type="int"),
    Column("inndeling", ("kommuneinndeling",), type="int"),
)
COLUMNS = (
    *SERIES,
    Column("personer", ("folkemengde", "innbyggere", "befolkning"), required=True, type="number"),
    Column("grunnlag"),
)
REGISTERED, PROJECTED = "registrert", "framskrevet"


def canonical(
    raw: Raw,
    declaration: LayerDeclaration,
    region: Region,
    *,
    extent: Extent | None = None,  # noqa: ARG001
) -> Canonical:
    """Residents of the region's municipalities, one row a municipality and year.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { grunnlag = "framskrevet" }` for a projection, and
        `inndeling` where a whole series stands on the municipal borders of one year.
    region : Region
        Municipalities and their history.
    extent : tuple of float, optional
        Not used: a table lies nowhere.

    Returns
    -------
    Canonical
        `kommunenummer`, `år`, `personer` (NaN is unknown), `grunnlag` (registrert, framskrevet),
        `delt_av`, `mangler`; no geometry.

    Raises
    ------
    InputError
        `column.missing`, `population.basis`, `table.twice`.
    """
    opened = open_table(raw, declaration, region, COLUMNS)
    basis = opened.frame["grunnlag"].fillna(REGISTERED).str.lower()
    wrong = ~basis.isin((REGISTERED, PROJECTED))
    if wrong.any():
        ids = opened.frame.loc[wrong, "source_id"].astype(str)
        opened.ledger.fault(
            "population.basis",
            ids=ids,
            found=", ".join(sorted(set(basis[wrong]))),
            valid=f"{REGISTERED}, {PROJECTED}",
        )
    opened.ledger.stop()
    frame = opened.frame.assign(grunnlag=basis)
    return finish(KIND, raw, opened, series(frame, "personer", opened, region, by="grunnlag"))


def series(
    frame: GeoDataFrame, value: str, opened: Opened, region: Region, *, by: str | None = None
) -> GeoDataFrame:
    """Series on the borders of today, as a table without geometry.

    Parameters
    ----------
    frame : GeoDataFrame
        Columns of `SERIES` and the value.
    value : str
        Column that can be added up.
    opened : Opened
        Its ledger.
    region : Region
        Municipalities and history.
    by : str, optional
        Column that tells several series apart.

    Returns
    -------
    GeoDataFrame
        `source_layer`, `source_id` (municipality and year), the series, and `by`.
    """
    ledger = opened.ledger
    numbers = frame["kommunenummer"].map(_leading_number)
    frame = frame.assign(kommunenummer=mended_numbers(numbers, ledger))
    groups = [("", frame)] if by is None else sorted(frame.groupby(by, sort=True))
    made = []
    for name, rows in groups:
        table = on_todays_borders(pd.DataFrame(rows), region, value, ledger)
        made.append(table if by is None else table.assign(**{by: str(name)}))
    whole = pd.concat(made, ignore_index=True)
    ids = whole["kommunenummer"] + ":" + whole["år"].astype(str)
    whole = whole.assign(source_layer=ledger.layer, source_id=ids)
    nothing = GeoSeries([None] * len(whole), index=whole.index)  # type: ignore[arg-type]
    return GeoDataFrame(whole, geometry=nothing, crs=region.crs)


def _leading_number(text: object) -> object:
    """`K-5001` and `5001 Trondheim` as statistics give them: the number alone."""
    match = re.match(r"(?:K[-_])?(\d{3,4})(?:\D|$)", text) if isinstance(text, str) else None
    return match[1] if match else text
