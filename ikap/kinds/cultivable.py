"""Dyrkbar jord: land that could be brought to fulldyrka standard, and that jordlova § 9 protects.

It lies on top of AR5 (22, 23, 30, 50 and 60), so it is herav and stands outside every sum. The map
was drawn anew in 2025 (NIBIO, «Dyrkbar jord», specification 2025-09-12) with other columns; both
forms are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.kinds.words import canonical_words, letters_only
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = ["CHANGED", "CLASSES_IN", "COLUMNS", "CULTIVABLE", "KIND", "LAYERS", "canonical"]

KIND = "cultivable"
CLASSES_IN = "dyrkbar"
LAYERS: Sequence[str] = ("DyrkbarJord", "Dyrkbarjord")
COLUMNS = (
    Column("dyrkbarJord", ("ARDYRKING", "dyrkbar_jord"), required=True, type="code"),
    Column("endretEtter2008", ("ENDRETETTER2008", "fulldyrka2008"), type="code"),
    Column("nøyaktighet", ("NOYAKTIGHET", "posisjonskvalitet_nøyaktighet"), type="number"),
    Column("målemetode", ("MAALEMETODE", "datafangstmetode"), type="code"),
    Column("datafangstdato", ("DATAFANGSTDATO", "kartleggingsdato"), type="date"),
)
CULTIVABLE, CHANGED = "dyrkbar", "dyrkbar_endret"
"""Class of the ground; the second where the map says that its state has changed since 2008."""
CODES = ("82", "dyrkbarjord")
"""ARDYRKING 82 (objektkatalog «Dyrkbar jord» 20170315), and the value of the map of 2025."""
SINCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        CULTIVABLE: ("0", "nei", "false", "ikke fulldyrka"),
        CHANGED: ("1", "ja", "true", "fulldyrka2008", "fulldyrka 2008"),
    }
)


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Cultivable land, with a class that says whether it has changed since 2008.

    Parameters
    ----------
    raw : Raw
        As read; polygons of other kinds are counted and left out.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { dyrkbarJord = "82" }` where the file has polygons alone.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `dyrkbar` is one of `SINCE`; where the file says nothing, as if nothing has changed.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = _classed(_only_cultivable(opened.frame, opened.ledger), opened.ledger)
    frame = tidy(frame, region.crs, opened.ledger, areas=True, ahead=raw.ahead)
    return finish(KIND, raw, opened, frame, extent=extent, checked=True)


def _only_cultivable(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    code = frame["dyrkbarJord"].map(letters_only)
    own = code.isin(CODES)
    for name, count in (
        frame.loc[~own, "dyrkbarJord"].fillna("").value_counts().sort_index().items()
    ):
        ledger.told("cultivable.other", int(count), code=str(name))
    return frame[own]


def _classed(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Table with `dyrkbar`; a word that is not known is told, and changes nothing."""
    stated: pd.Series = frame["endretEtter2008"]
    known = canonical_words(
        stated.fillna("0"), SINCE, ledger, column="endretEtter2008", other=CULTIVABLE
    )
    return frame.assign(dyrkbar=known.astype(object))
