"""AR50 as an overview: it may say that ground above the tree line is not farmland, no more.

AR5 stops at the tree line. AR50 (1:50 000) goes on, but figures below 15 daa are merged with what
lies round them, so it must never tell of a loss, nor that there is none where fields may be. Only
bare ground (50 snaumark) and glaciers (70) answer; farmland, forest, bog, built-up ground and water
are as unknown as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.code_checks import first_ids, nearest
from ikap.kinds.codes import code_list
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["CLASSES_IN", "COLUMNS", "KIND", "LAYERS", "USES", "canonical"]

KIND = "overview"
USES = ("farmland", "landcover")
CLASSES_IN = "oversikt"
LAYERS: Sequence[str] = ("AR50", "ArealressursFlate50")
COLUMNS = (Column("artype", ("ARTYPE", "arealtype"), required=True, type="code"),)
NOT_FARMLAND, NOT_MAPPED = "overview", "99"
SAYS: Mapping[str, str] = MappingProxyType({"50": NOT_FARMLAND, "70": NOT_FARMLAND})


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Ground that is certainly no farmland, and the rest as not mapped.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML. Under `[use] farmland` it must stand after AR5.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `oversikt` is `overview` (not farmland) or 99 (not mapped).

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    ledger, frame = opened.ledger, opened.frame
    ledger.stop()
    for code in code_list("ar50_artype").unknown(frame["artype"].dropna()):
        hit = frame["artype"] == code
        near, ids = nearest("ar50_artype", code), first_ids(frame.loc[hit, "source_id"])
        ledger.told("class.unknown", int(hit.sum()), code=code, nearest=near, ids=ids)
    said = frame["artype"].map(SAYS)
    frame = frame.assign(oversikt=np.where(said.notna(), said, NOT_MAPPED).astype(object))
    frame = tidy(frame, region.crs, ledger, areas=True)
    return finish(KIND, raw, opened, frame, extent=extent, checked=True)
