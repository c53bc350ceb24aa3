"""Stop places of public transport: one point each, with the mode that calls there."""

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

__all__ = ["CLASSES_IN", "COLUMNS", "EXCLUSIVE", "KIND", "LAYERS", "MODES", "canonical"]

KIND = "stops"
EXCLUSIVE = False
CLASSES_IN = "transportmiddel"
LAYERS: Sequence[str] = ("StopPlace", "Stoppested", "Holdeplass")
COLUMNS = (
    Column("stoppested_id", ("stop_id", "nsr_id", "stopplaceid")),
    Column("navn", ("stop_name", "name")),
    Column("transportmiddel", ("mode", "stopplacetype", "transportmode"), required=True),
)
MODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "train": ("tog", "jernbane", "rail", "railStation"),
        "metrobuss": ("superbuss", "brt"),
        "tram": ("trikk", "sporvogn", "onstreetTram", "tramStation", "bane"),
        "bus": ("buss", "onstreetBus", "busStation", "coach", "coachStation", "trolleybus"),
        "ferry": ("ferje", "hurtigbåt", "båt", "water", "ferryStop", "harbourPort", "boat"),
        "other": ("annet", "metro", "metroStation", "air", "airport", "fly", "liftStation"),
    }
)
"""Canonical modes, and what files call them (Norwegian, NeTEx StopPlaceType and TransportMode)."""


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Stop places.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML; `constants = { transportmiddel = "train" }` where all are alike.
    region : Region
        For its CRS.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        `stoppested_id`, `navn`, `transportmiddel` (one of `MODES`; `other` where it is not known,
        which is told), points.

    Raises
    ------
    InputError
        `column.missing`, and the faults of all kinds.
    """
    opened = open_raw(raw, declaration, region, COLUMNS, extent)
    opened.ledger.stop()
    frame = tidy(opened.frame, region.crs, opened.ledger, areas=False)
    mode = canonical_words(
        frame["transportmiddel"], MODES, opened.ledger, column="transportmiddel", other="other"
    )
    frame = as_points(frame.assign(transportmiddel=mode), opened.ledger)
    return finish(KIND, raw, opened, frame, extent=extent)
