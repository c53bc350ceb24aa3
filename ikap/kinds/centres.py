"""Centres of the region's hierarchy of places, as outlines (better) or points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.numbers import NUMBER_ALIASES, mended_numbers, numbers_of_today
from ikap.kinds.place import Extent
from ikap.kinds.words import canonical_words
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["CLASSES_IN", "COLUMNS", "EXCLUSIVE", "KIND", "LAYERS", "LEVELS", "canonical"]

KIND = "centres"
EXCLUSIVE = False
CLASSES_IN = "kommunenummer"
LAYERS: Sequence[str] = ("Sentrum", "Sentrumssone", "Sentrumssoner")
COLUMNS = (
    Column("navn", ("sentrumssonenavn", "tettstednavn", "name")),
    Column("sentertype", ("level", "nivå", "senternivå")),
    Column("kommunenummer", NUMBER_ALIASES),
)
LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "regionsenter": ("regional", "by"),
        "kommunesenter": ("kommune", "municipal"),
        "lokalsenter": ("lokal", "bydelssenter", "nærsenter", "local"),
        "sentrum": ("sentrumssone", "annet"),
    }
)


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Centres.

    Parameters
    ----------
    raw : Raw
        As read; lines are counted and left out.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `navn`, `sentertype` (one of `LEVELS`; `sentrum` where it is not known), `kommunenummer`
        (missing where the file has none: such a centre is nobody's own, and is told), points and
        polygons.

    Raises
    ------
    InputError
        The faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    ledger = opened.ledger
    ledger.stop()
    numbers = mended_numbers(opened.frame["kommunenummer"], ledger)
    frame = opened.frame.assign(kommunenummer=numbers_of_today(numbers, region, ledger))
    frame = tidy(frame, region.crs, ledger, areas=False)
    line = frame.geometry.geom_type.isin(("LineString", "MultiLineString", "LinearRing"))
    if line.any():
        ledger.told("geometry.line", int(line.sum()))
    frame = frame[~line]
    level = canonical_words(
        frame["sentertype"], LEVELS, ledger, column="sentertype", other="sentrum"
    )
    homeless = int(frame["kommunenummer"].isna().sum())
    if homeless:
        ledger.told("centre.no_municipality", homeless)
    return finish(KIND, raw, opened, frame.assign(sentertype=level), extent=extent)
