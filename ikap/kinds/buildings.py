"""Buildings as footprints; buildings that are only a point or a line are counted and left out."""

from __future__ import annotations

from collections.abc import Sequence

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["COLUMNS", "KIND", "LAYERS", "canonical"]

KIND = "buildings"
LAYERS: Sequence[str] = ("Bygning", "fkb_bygning_omrade")
COLUMNS = (
    Column("bygningsnummer", ("BYGGNR", "bygningsnr"), type="code"),
    Column("bygningstype", ("BYGGTYP_NBR", "BYGGTYP", "bygningstypekode"), type="code"),
)


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Building footprints.

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
        `bygningsnummer` and `bygningstype` as text, polygons.

    Raises
    ------
    InputError
        The faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = tidy(opened.frame, region.crs, opened.ledger, areas=True, ahead=raw.ahead)
    return finish(KIND, raw, opened, frame, extent=extent)
