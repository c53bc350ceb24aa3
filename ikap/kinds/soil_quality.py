"""Jordkvalitet: NIBIO's three classes of mapped farmland soil. What is not mapped is not poor.

Only about half of full- and overflatedyrka jord is mapped (NIBIO, «Jordkvalitet»); ground without
a polygon, or with another value, is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.kinds.words import canonical_words
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["CLASSES", "CLASSES_IN", "COLUMNS", "KIND", "LAYERS", "canonical"]

KIND = "soil_quality"
CLASSES_IN = "jordkvalitet"
LAYERS: Sequence[str] = ("Jordkvalitet",)
COLUMNS = (
    Column(
        "jordkvalitet",
        ("JORDKVALITET", "jordkval", "jordkvalitetsklasse"),
        required=True,
        type="code",
    ),
    Column("nøyaktighet", ("NOYAKTIGHET", "posisjonskvalitet_nøyaktighet"), type="number"),
    Column("målemetode", ("MAALEMETODE", "datafangstmetode"), type="code"),
    Column("datafangstdato", ("DATAFANGSTDATO", "kartleggingsdato"), type="date"),
)
CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "1": ("svært god", "svært god jordkvalitet"),
        "2": ("god", "god jordkvalitet"),
        "3": ("mindre god", "mindre god jordkvalitet"),
    }
)
"""Codes and their names (NIBIO kartkatalog, «Jordkvalitet»)."""
NOT_MAPPED = "99"


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Mapped soil with its class.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `jordkvalitet` is 1, 2 or 3, or 99 for what is told and counts as not mapped.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    ledger = opened.ledger
    ledger.stop()
    stated = opened.frame["jordkvalitet"]
    found = canonical_words(stated, CLASSES, ledger, column="jordkvalitet", other=NOT_MAPPED)
    frame = opened.frame.assign(jordkvalitet=found)
    frame = tidy(frame, region.crs, ledger, areas=True, ahead=raw.ahead)
    return finish(KIND, raw, opened, frame, extent=extent, checked=True)
