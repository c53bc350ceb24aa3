"""Farmland alone: a layer that shows jordbruksareal and nothing else (class 20 to 23)."""

from __future__ import annotations

from collections.abc import Sequence

from ikap.kinds import landcover
from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["CLASSES", "COLUMNS", "KIND", "LAYERS", "USES", "canonical"]

KIND = "farmland"
USES = ("farmland",)
LAYERS: Sequence[str] = ()
COLUMNS = landcover.COLUMNS
CLASSES = ("20", "21", "22", "23")


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Farmland polygons with their class.

    Parameters
    ----------
    raw : Raw
        As read; other land classes are counted and left out.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { arealtype = "20" }` where the map gives no class.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `arealtype` is 20 (class not given), 21, 22 or 23.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = landcover.known_classes(opened.frame, opened.ledger)
    other = ~frame["arealtype"].isin(CLASSES)
    for code, count in frame.loc[other, "arealtype"].value_counts().sort_index().items():
        opened.ledger.told("farmland.other", int(count), code=str(code))
    frame = tidy(frame[~other], region.crs, opened.ledger, areas=True, ahead=raw.ahead)
    return finish(KIND, raw, opened, frame, extent=extent, checked=True)
