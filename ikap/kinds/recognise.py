"""Which kind a file's layer would be used as, by its columns and its name."""

from __future__ import annotations

from collections.abc import Sequence

from ikap.kinds import buildings, landcover, municipality, zoning
from ikap.kinds.columns import match_columns
from ikap.sources.names import fold

__all__ = ["recognise"]


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
        `zoning`, `landcover`, `buildings`, `municipality` or empty.

    Examples
    --------
    >>> recognise("x", ["KPAREALFORMAL", "KOMM"])
    'zoning'
    """
    layers = {
        zoning.KIND: zoning.LAYERS,
        landcover.KIND: landcover.LAYERS,
        buildings.KIND: buildings.LAYERS,
        municipality.KIND: municipality.LAYERS,
    }
    for kind, names in layers.items():
        if fold(layer) in {fold(name) for name in names}:
            return kind
    if "arealformål" in match_columns(columns, zoning.COLUMNS, {}):
        return zoning.KIND
    if "arealtype" in match_columns(columns, landcover.COLUMNS, {}):
        return landcover.KIND
    if match_columns(columns, buildings.COLUMNS, {}):
        return buildings.KIND
    found = match_columns(columns, municipality.COLUMNS, {})
    return municipality.KIND if {"kommunenummer", "navn"} <= set(found) else ""
