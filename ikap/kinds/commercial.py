"""Commercial land: a municipality's or region's register of *næringsareal*, with or without shapes.

Figures are the register's own, in m². Nothing is mended: what does not fit (vacant over net, net
over gross, unknown codes, the same area twice) is told row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame, GeoSeries

from ikap.kinds.canonical import Canonical, finish
from ikap.kinds.columns import Column
from ikap.kinds.figures import open_table
from ikap.kinds.geometry import tidy
from ikap.kinds.municipal_time import todays_number
from ikap.kinds.numbers import NUMBER_ALIASES, mended_numbers
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger
from ikap.sources.names import fold

__all__ = ["CLASSES", "COLUMNS", "KIND", "LAYERS", "STATUSES", "TABLE", "canonical"]

KIND = "commercial"
TABLE = True
LAYERS: Sequence[str] = ("Næringsareal", "naeringsareal")
CLASSES = ("A", "B", "C")
STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "utbygd": "built",
        "delvis utbygd": "partly_built",
        "ledig regulert": "vacant_zoned",
        "ledig ikke regulert": "vacant_unzoned",
        "framtidig i KP": "future",
        "utgår": "leaving",
    }
)
"""Status as the register writes it, and its key in the indicators."""
LEVELS = ("regional", "kommunal")
AREAS = ("brutto", "netto", "ledig")
ROUNDING_M2 = 100.0
"""Figures in daa have one decimal, so the same area in m² may differ by this much."""
COLUMNS = (
    Column("område_id", ("omrade_id", "areal_id", "id"), required=True, type="code"),
    Column("navn", ("områdenavn",)),
    Column("kommunenummer", (*NUMBER_ALIASES, "kommune"), required=True, type="code"),
    Column("arealformål", ("KPAREALFORMÅL", "formål"), type="code"),
    Column("abc", ("abc_klasse", "klasse")),
    Column("status", required=True),
    Column("nivå", ("niva",)),
    *(Column(f"{name}_m2", (name,), type="number") for name in AREAS),
    *(Column(f"{name}_daa", type="number") for name in AREAS),
    Column("utnytting", type="number"),
    Column("utnyttingstype"),
    Column("eierform"),
    *(Column(f"{name}_km", type="number") for name in ("vei", "bane", "havn")),
    Column("kraft"),
    Column("rekkefølgekrav", ("rekkefolgekrav",)),
    Column("kilde"),
    Column("dato", type="date"),
)


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Register of commercial land, one row an area.

    Parameters
    ----------
    raw : Raw
        As read: a table, or features with polygons.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS, municipalities and their history.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        Columns of `COLUMNS` but those in daa; `brutto_m2`, `netto_m2`, `ledig_m2` in m² (NaN
        where the register says nothing), `abc` A, B, C or missing, `status` a key of `STATUSES`
        or missing, `kommunenummer` of today.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_table(raw, declaration, region, COLUMNS)
    ledger = opened.ledger
    ledger.stop()
    frame = _numbers_of_today(_areas(opened.frame, ledger), region, ledger)
    frame = frame.assign(
        status=_known(frame["status"], STATUSES, "status", ledger),
        abc=_known(frame["abc"], CLASSES, "abc", ledger),
        nivå=_known(frame["nivå"], LEVELS, "nivå", ledger),
    )
    frame = _each_once(frame, ledger)
    _tell_order(frame, ledger)
    if frame.geometry.isna().all():
        nothing = GeoSeries(np.full(len(frame), None, dtype=object), frame.index, region.crs)
        return finish(KIND, raw, opened, frame.set_geometry(nothing))
    return finish(KIND, raw, opened, _shaped(frame, region, ledger), extent=extent)


def _shaped(frame: GeoDataFrame, region: Region, ledger: Ledger) -> GeoDataFrame:
    """Rows with a shape that can be measured; those without one keep their figures."""
    tidied = tidy(frame, region.crs, ledger, areas=True)
    shapes = tidied.geometry.reindex(frame.index)
    shapes = shapes.where(shapes.notna(), shapely.Polygon())
    whole = frame.set_geometry(GeoSeries(shapes, frame.index, region.crs))
    return whole.assign(geometri_m2=shapely.area(whole.geometry.to_numpy()))


def _areas(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Areas in m²; daa where the register has no m². Negative ones are no figures."""
    made: dict[str, pd.Series] = {}
    for name in AREAS:
        in_m2, in_daa = frame[f"{name}_m2"], frame[f"{name}_daa"] * 1000
        both = in_m2.notna() & in_daa.notna() & ((in_m2 - in_daa).abs() > ROUNDING_M2)
        gaps = (in_m2 - in_daa).abs()[both]
        for sick, gap in zip(frame.loc[both, "source_id"], gaps, strict=True):
            ledger.told("commercial.units", float(gap), "m2", source_id=str(sick), column=name)
        area = in_m2.fillna(in_daa)
        below = area < 0
        if below.any():
            ledger.told("commercial.negative", int(below.sum()), column=name)
        made[f"{name}_m2"] = area.mask(below)
    return frame.drop(columns=[f"{name}_daa" for name in AREAS]).assign(**made)


def _numbers_of_today(frame: GeoDataFrame, region: Region, ledger: Ledger) -> GeoDataFrame:
    numbers = mended_numbers(frame["kommunenummer"], ledger)
    today = {n: todays_number(region, n) for n in sorted(set(numbers.dropna()))}
    for number, now in today.items():
        count = int((numbers == number).sum())
        if now is None:
            ledger.told("commercial.number", count, number=number)
        elif now != number:
            ledger.told("commercial.number_old", count, number=number, successor=now)
    missing = int(numbers.isna().sum())
    if missing:
        ledger.told("commercial.number_missing", missing)
    mapped = numbers.map(lambda n: today.get(n) or n)
    return frame.assign(kommunenummer=mapped.astype(object))


def _known(
    cells: pd.Series, valid: Sequence[str] | Mapping[str, str], column: str, ledger: Ledger
) -> pd.Series:
    """Values of a short list, whatever their case; others are told and left out."""
    by_fold = {fold(word): word for word in valid}
    known = cells.map(lambda c: by_fold.get(fold(c)) if isinstance(c, str) else None)
    strange = cells.notna() & known.isna()
    for value, count in cells[strange].value_counts().sort_index().items():
        facts = {"column": column, "value": str(value), "valid": ", ".join(valid)}
        ledger.told("commercial.code", int(count), **facts)
    return known.astype(object)


def _each_once(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Area that stands twice counts once: the row that stands first in the file is kept."""
    keys = frame[["kommunenummer", "område_id"]]
    again = keys.duplicated(keep="first") & keys["område_id"].notna()
    told = frame.loc[again, ["source_id", "område_id"]].astype(str)
    for sick, area in zip(told["source_id"], told["område_id"], strict=True):
        ledger.told("commercial.twice", 1, source_id=sick, id=area)
    return frame[~again]


def _tell_order(frame: GeoDataFrame, ledger: Ledger) -> None:
    """Gross at least net, net at least vacant."""
    for larger, smaller in (("brutto", "netto"), ("netto", "ledig"), ("brutto", "ledig")):
        over = frame[f"{smaller}_m2"] - frame[f"{larger}_m2"]
        if larger == "brutto" and smaller == "ledig":
            over = over.where(frame["netto_m2"].isna())
        for sick, gap in zip(frame.loc[over > 0, "source_id"], over[over > 0], strict=True):
            facts = {"larger": larger, "smaller": smaller}
            ledger.told("commercial.order", float(gap), "m2", source_id=str(sick), **facts)
