"""Daily services: one point each, with what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ikap.kinds.canonical import Canonical, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.place import Extent
from ikap.kinds.points import as_points
from ikap.kinds.words import canonical_words
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["CLASSES_IN", "COLUMNS", "EXCLUSIVE", "KIND", "LAYERS", "SERVICES", "canonical"]

KIND = "services"
EXCLUSIVE = False
CLASSES_IN = "tjeneste"
LAYERS: Sequence[str] = ("Tjeneste", "Tjenester")
COLUMNS = (
    Column("tjeneste", ("type", "tjenestetype", "kategori"), required=True),
    Column("navn", ("name",)),
)
SERVICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "barnehage": ("kindergarten",),
        "barneskole": ("skole", "grunnskole", "barne- og ungdomsskole", "1-7", "1-10", "school"),
        "ungdomsskole": ("8-10",),
        "dagligvare": ("dagligvarebutikk", "matbutikk", "supermarket", "convenience"),
        "legekontor": ("lege", "fastlege", "doctors"),
        "idrettsanlegg": ("idrett", "idrettshall", "sports_centre"),
        "annet": ("other",),
    }
)
"""Canonical services, and what files call them (Norwegian, OpenStreetMap)."""


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Services.

    Parameters
    ----------
    raw : Raw
        As read; an area is taken as a point inside it.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { tjeneste = "barnehage" }` where all are alike.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `tjeneste` (one of `SERVICES`; `annet` where it is not known, which is told), `navn`,
        points.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = tidy(opened.frame, region.crs, opened.ledger, areas=False)
    service = canonical_words(
        frame["tjeneste"], SERVICES, opened.ledger, column="tjeneste", other="annet"
    )
    frame = as_points(frame.assign(tjeneste=service), opened.ledger)
    return finish(KIND, raw, opened, frame, extent=extent)
