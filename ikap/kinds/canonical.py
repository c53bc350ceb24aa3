"""What a kind hands on, and the way that all kinds go from `Raw` to there."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.columns import Column, canonical_columns
from ikap.kinds.corrections import correct
from ikap.kinds.place import Extent, check_place, features_outside
from ikap.measure.read_ahead import ReadAhead
from ikap.model import LayerDeclaration, QualityRow, Region
from ikap.sources import Raw
from ikap.sources.ledger import Ledger

__all__ = ["Canonical", "Opened", "Parts", "finish", "open_raw"]


@dataclass(frozen=True)
class Canonical:
    """One layer as everything above can rely on it.

    The frame is in the region's CRS, 2D and valid, rows in the file's order, index 0 to n - 1,
    with `source_layer`, `source_id`, the kind's columns and `geometry`.
    """

    kind: str
    layer: str
    frame: GeoDataFrame
    quality: tuple[QualityRow, ...]
    path: Path
    sha256: str
    size: int
    crs_known_by: str
    names: Mapping[str, str] = field(default_factory=dict)  # canonical -> the file's own name
    lines: GeoDataFrame | None = None  # zoning: roads and railways without area
    unmeasurable: pd.DataFrame = field(default_factory=pd.DataFrame)  # zoning: no usable geometry
    rows_of: str = ""  # layer of the file whose geometry this is: all rows, in order, untouched
    zones_shown: GeoDataFrame | None = None  # zoning: lie on top of the areas, decide nothing
    concerns: GeoDataFrame | None = None  # zoning: H510 (landbruk) in the plan's own file
    checked: bool = False  # its geometry is just as `geometry.tidy` left it, so valid
    ahead: ReadAhead | None = None  # rings of the geometry as read, if they are known; see `fits`


@dataclass(frozen=True)
class Parts:
    """What a plan has besides its areas."""

    lines: GeoDataFrame | None = None
    unmeasurable: pd.DataFrame = field(default_factory=pd.DataFrame)
    zones_shown: GeoDataFrame | None = None
    concerns: GeoDataFrame | None = None


@dataclass(frozen=True)
class Opened:
    """A raw layer with canonical columns, its geometry still as in the file."""

    frame: GeoDataFrame
    ledger: Ledger
    names: Mapping[str, str]


def open_raw(
    raw: Raw,
    declaration: LayerDeclaration,
    region: Region,
    columns: Sequence[Column],
    extent: Extent | None,
) -> Opened:
    """Raw layer with the declared corrections made and its columns canonical.

    Parameters
    ----------
    raw : Raw
        As read.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    columns : sequence of Column
        Schema of the kind.
    extent : tuple of float or None
        The region's bounds, metres in its CRS; None where they are not known.

    Returns
    -------
    Opened
        Faults are in the ledger, not raised yet, so that the kind can add its own.
    """
    ledger = Ledger(str(raw.path), declaration.name, quality=list(raw.quality))
    check_place(raw.frame, region.crs, extent, ledger)
    frame = correct(raw.frame, declaration, ledger)
    frame, names = canonical_columns(frame, columns, declaration, ledger)
    return Opened(frame, ledger, names)


def finish(
    kind: str,
    raw: Raw,
    opened: Opened,
    frame: GeoDataFrame,
    *,
    extent: Extent | None = None,
    parts: Parts | None = None,
    checked: bool = False,
) -> Canonical:
    """Canonical layer of a table that is ready.

    Parameters
    ----------
    kind : str
        The kind's word.
    raw : Raw
        Where it came from.
    opened : Opened
        Its ledger and names.
    frame : GeoDataFrame
        Rows that are left, geometry tidy.
    extent : tuple of float or None
        The region's bounds; features wholly outside are counted, and kept.
    parts : Parts or None
        What the layer has besides its areas.
    checked : bool
        Whether the geometry is just as `geometry.tidy` left it.

    Returns
    -------
    Canonical
        With all that the ledger was told.
    """
    parts = parts or Parts()
    outside = int(features_outside(frame, extent).sum())
    if outside:
        opened.ledger.told("place.partly_outside", outside, of=len(frame))
    return Canonical(
        kind=kind,
        layer=opened.ledger.layer,
        frame=frame.reset_index(drop=True),
        quality=tuple(opened.ledger.quality),
        path=raw.path,
        sha256=raw.sha256,
        size=raw.size,
        crs_known_by=raw.crs_known_by,
        names=opened.names,
        lines=parts.lines,
        unmeasurable=parts.unmeasurable,
        rows_of=raw.layer if _untouched(raw, frame) else "",
        zones_shown=parts.zones_shown,
        concerns=parts.concerns,
        checked=checked,
        ahead=raw.ahead,
    )


def _untouched(raw: Raw, frame: GeoDataFrame) -> bool:
    """Whether the geometry is still that of the file: the very same objects, row for row."""
    if not raw.untouched or len(frame) != len(raw.frame):
        return False
    return all(map(operator.is_, raw.frame.geometry.to_numpy(), frame.geometry.to_numpy()))
