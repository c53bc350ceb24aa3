"""Hazards as areas: plans' hensynssoner, mapped faresoner and aktsomhetsområder, kept apart.

A faresone is mapped in detail for a stated probability; an aktsomhetsområde only says where a
hazard has to be looked into. One is never read as the other.
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
from ikap.kinds.words import canonical_words
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = [
    "CLASSES_IN",
    "CODES",
    "COLUMNS",
    "EXCLUSIVE",
    "HAZARDS",
    "KIND",
    "LAYERS",
    "LEVELS",
    "canonical",
]

KIND = "hazards"
EXCLUSIVE = False
CLASSES_IN = "fareklasse"
LAYERS: Sequence[str] = ("KpFareSone", "RpFareSone", "Faresone")
COLUMNS = (
    Column("fare", ("KPFARE", "RPFARE", "faretype", "skredtype", "flomtype"), required=True),
    Column("kartnivå", ("kartniva", "sonetype")),
    Column("hensynSonenavn", ("HENSYNSONENAVN",)),
    Column("sannsynlighet", ("skredSannsynlighet", "gjentaksintervall")),
)
CODES: Mapping[str, str] = MappingProxyType(
    {
        "310": "skred",
        "320": "flom",
        "330": "radon",
        "350": "brann",
        "360": "skytebane",
        "370": "høyspenning",
        "380": "militær",
        "390": "annen",
    }
)
"""Codes of H3xx (domain.md 4.5), with a leading H or without."""
HAZARDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "skred": ("ras- og skredfare", "snøskred", "steinsprang", "jordskred", "flomskred"),
        "kvikkleire": ("kvikkleireskred", "leirskred"),
        "flom": ("flomfare", "elveflom"),
        "stormflo": ("stormflo og havnivå",),
        "radon": ("radonfare",),
        "brann": ("brann- og eksplosjonsfare",),
        "skytebane": (),
        "høyspenning": ("høyspenningsanlegg",),
        "militær": ("militær virksomhet",),
        "annen": ("annen fare", "annet"),
    }
)
LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "hensynssone": ("hensyn", "H310", "H320"),
        "faresone": ("fareområde", "faresoner"),
        "aktsomhet": ("aktsomhetsområde", "aktsomhetskart", "aktsomhetssone"),
    }
)


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Hazard areas; they may lie on top of one another.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { fare = "kvikkleire", "kartnivå" = "aktsomhet" }` where
        all are alike (TOML wants å in quotes).
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `fare` (one of `HAZARDS`), `kartnivå` (one of `LEVELS`), `fareklasse` (both, for example
        `hensynssone_skred`), polygons. An unknown hazard is told and becomes `annen`.

    Raises
    ------
    InputError
        `column.missing`, `hazard.level` (a hazard that is no code of a hensynssone, and nothing
        says whether it is a faresone or an aktsomhetsområde), and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    ledger = opened.ledger
    ledger.stop()
    frame = _named(opened.frame, ledger)
    ledger.stop()
    frame = tidy(frame, region.crs, ledger, areas=True, ahead=raw.ahead)
    return finish(KIND, raw, opened, frame, extent=extent)


def _named(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Table with canonical hazards, levels and both as one class."""
    code = frame["fare"].fillna("").astype(str).str.upper().str.lstrip("H").str[:3]
    by_code = code.map(CODES)
    is_code = by_code.notna()
    words = by_code.where(is_code, frame["fare"])
    hazard = canonical_words(words, HAZARDS, ledger, column="fare", other="annen")
    stated = frame["kartnivå"].where(frame["kartnivå"].notna(), None)
    stated = stated.mask(stated.isna() & is_code, "hensynssone")
    level = _levels(stated, frame["source_id"], ledger)
    return frame.assign(fare=hazard, kartnivå=level, fareklasse=level + "_" + hazard)


def _levels(stated: pd.Series, ids: pd.Series, ledger: Ledger) -> pd.Series:
    """Canonical levels; what is not a level is a fault, because the two must not be mixed."""
    quiet = Ledger(ledger.file, ledger.layer)
    level = canonical_words(stated, LEVELS, quiet, column="kartnivå", other=None)
    if level.isna().any():
        valid = ", ".join(LEVELS)
        wrong = ids[level.isna()].astype(str)
        ledger.fault("hazard.level", ids=wrong.head(10), count=len(wrong), valid=valid)
    return level.fillna("").astype(object)
