"""Kjerneområder for landbruk, and hensynssone H510, which is where plans put them.

A kjerneområde is a contiguous area that a council has adopted as important for food production; it
is not graded (Landbruksdirektoratet). Both may lie on top of one another and of anything else. A
line that has been decided errs by nothing, so there is no accuracy to state.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = [
    "CLASSES_IN",
    "COLUMNS",
    "CONCERN",
    "CORE",
    "EXCLUSIVE",
    "FARMING",
    "KIND",
    "LAYERS",
    "canonical",
]

KIND = "core_farmland"
EXCLUSIVE = False
CLASSES_IN = "jordvern"
LAYERS: Sequence[str] = ("KpAngittHensynSone", "RpAngittHensynSone", "Kjerneområde")
COLUMNS = (
    Column("angittHensyn", ("KPANGITTHENSYN", "RPANGITTHENSYN"), type="code"),
    Column("navn", ("hensynSonenavn", "HENSYNSONENAVN", "HENSYNSONE", "områdenavn")),
)
CORE, CONCERN = "kjerneområde", "h510"
FARMING = "510"
"""angittHensyn: landbruk (SOSI Plan, domain.md 4.5). The other concerns are not about farmland."""


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Areas that a plan or a council keeps for farming.

    Parameters
    ----------
    raw : Raw
        As read; hensynssoner for other concerns are counted and left out.
    declaration : LayerDeclaration
        The layer's TOML; without `angittHensyn` every area is a kjerneområde.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `jordvern` is `h510` or `kjerneområde`; polygons that may overlap.

    Raises
    ------
    InputError
        The faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    stated = "angittHensyn" in opened.names or "angittHensyn" in declaration.constants
    frame = opened.frame
    frame = _for_farming(frame, opened.ledger) if stated else frame
    frame = frame.assign(jordvern=np.full(len(frame), CONCERN if stated else CORE, dtype=object))
    frame = tidy(frame, region.crs, opened.ledger, areas=True, ahead=raw.ahead)
    return finish(KIND, raw, opened, frame, extent=extent)


def _for_farming(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    code = frame["angittHensyn"].fillna("").astype(str).str.upper().str.lstrip("H").str[:3]
    own = code == FARMING
    for name, count in code[~own].value_counts().sort_index().items():
        ledger.told("core_farmland.other", int(count), code=str(name))
    return frame[own]
