"""Background of the maps: what a reader finds the way by. Never measured."""

from __future__ import annotations

from collections.abc import Sequence

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["COLUMNS", "KIND", "LAYERS", "THEMES", "canonical"]

KIND = "context"
LAYERS: Sequence[str] = ()
THEMES = (
    "sea",
    "lake",
    "river",
    "forest",
    "bog",
    "open",
    "urban",
    "road",
    "railway",
    "station",
    "mountain",
)
COLUMNS = (Column("theme", required=True), Column("label", ("navn", "name")))


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Points, lines and polygons with a theme that the maps know how to draw.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { theme = "sea" }` where the file has one theme only.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `theme` (one of `THEMES`) and `label`; other themes are counted and left out.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = opened.frame
    other = ~frame["theme"].isin(THEMES)
    for theme, count in frame.loc[other, "theme"].fillna("").value_counts().items():
        opened.ledger.told("theme.unknown", int(count), theme=str(theme), valid=", ".join(THEMES))
    frame = tidy(frame[~other], region.crs, opened.ledger, areas=False)
    return finish(KIND, raw, opened, frame, extent=extent)
