"""Which kind a file's layer would be used as, by its name and its columns, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from ikap.kinds import (
    buildings,
    centres,
    core_farmland,
    cultivable,
    hazards,
    landcover,
    municipality,
    network,
    services,
    soil_quality,
    stops,
    zoning,
)
from ikap.kinds.columns import match_columns
from ikap.sources.names import fold

__all__ = ["Recognised", "recognise", "recognised"]

BY_NAME: Sequence[ModuleType] = (
    zoning,
    landcover,
    buildings,
    municipality,
    hazards,
    stops,
    network,
    centres,
    services,
    cultivable,
    soil_quality,
    core_farmland,
)
BY_COLUMNS: Sequence[tuple[ModuleType, tuple[str, ...]]] = (
    (zoning, ("arealformål",)),
    (zoning, ("reguleringsformål",)),
    (zoning, ("arealbruk", "arealbruksstatus")),
    (landcover, ("arealtype",)),
    (hazards, ("fare",)),
    (cultivable, ("dyrkbarJord",)),
    (soil_quality, ("jordkvalitet",)),
    (core_farmland, ("angittHensyn",)),
    (network, ("typeVeg",)),
    (stops, ("transportmiddel",)),
)
"""Columns that only one kind has; a kind may be known by any of its rows."""


@dataclass(frozen=True)
class Recognised:
    """A kind, and what it is known by."""

    kind: str = ""
    by: str = ""  # name | columns | declared: text key under [recognised_by]
    names: tuple[str, ...] = ()


def recognise(layer: str, columns: Sequence[str]) -> str:
    """Word of the kind, or empty where none fits.

    Parameters
    ----------
    layer : str
        Name in the file.
    columns : sequence of str
        Names in the file.

    Returns
    -------
    str
        Such as `zoning`, `landcover`, `buildings` or `municipality`.

    Examples
    --------
    >>> recognise("x", ["KPAREALFORMAL", "KOMM"])
    'zoning'
    """
    return recognised(layer, columns).kind


def recognised(layer: str, columns: Sequence[str]) -> Recognised:
    """Kind of a layer, and what it is known by.

    Parameters
    ----------
    layer : str
        Name in the file.
    columns : sequence of str
        Names in the file.

    Returns
    -------
    Recognised
        `by` is `name` with the layer's name, or `columns` with the file's own names of them.

    Examples
    --------
    >>> recognised("AR5_flate", [])
    Recognised(kind='landcover', by='name', names=('AR5_flate',))
    """
    for kind in BY_NAME:
        if fold(layer) in {fold(name) for name in kind.LAYERS}:
            return Recognised(kind.KIND, "name", (layer,))
    for kind, wanted in BY_COLUMNS:
        found = match_columns(columns, kind.COLUMNS, {})
        if set(wanted) <= set(found):
            return Recognised(kind.KIND, "columns", tuple(found[name] for name in wanted))
    found = match_columns(columns, buildings.COLUMNS, {})
    if found:
        return Recognised(buildings.KIND, "columns", tuple(found.values()))
    found = match_columns(columns, municipality.COLUMNS, {})
    if {"kommunenummer", "navn"} <= set(found):
        return Recognised(municipality.KIND, "columns", tuple(found.values()))
    return Recognised()
