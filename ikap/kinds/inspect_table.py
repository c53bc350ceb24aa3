"""Which files are tables (CSV, Excel), and which kind a table without places would be used as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType

from ikap.kinds import (
    builtup,
    commercial,
    commuting,
    farmland_decisions,
    population,
    population_grid,
)
from ikap.kinds.columns import Column, match_columns
from ikap.kinds.recognise import Recognised
from ikap.model import LayerDeclaration
from ikap.sources import tables

__all__ = ["is_table", "kind_of_table"]

KINDS: Mapping[str, ModuleType] = MappingProxyType(
    {
        m.KIND: m
        for m in (
            commercial,
            farmland_decisions,
            builtup,
            commuting,
            population,
            population_grid,
        )
    }
)
"""Kinds that may come as tables, the one with most columns of its own first."""
ENDINGS = (*tables.TEXT, *tables.EXCEL)


def is_table(target: Path | str | LayerDeclaration) -> bool:
    """Whether a file or layer is read as a table.

    Parameters
    ----------
    target : Path, str or LayerDeclaration
        A file, or a layer of the workspace.

    Returns
    -------
    bool
        By the layer's source, or by the file's ending.
    """
    if isinstance(target, LayerDeclaration):
        return target.source.get("from") == "tables"
    return Path(target).suffix.lower() in ENDINGS


def kind_of_table(columns: Sequence[str]) -> Recognised | None:
    """Kind whose required columns are all there.

    Parameters
    ----------
    columns : sequence of str
        Names in the file.

    Returns
    -------
    Recognised or None
        None where no kind of table fits.
    """
    for name, kind in KINDS.items():
        schema: Sequence[Column] = kind.COLUMNS
        required = [column.name for column in schema if column.required]
        found = match_columns(columns, schema, {})
        if set(required) <= set(found):
            return Recognised(name, "columns", tuple(found[column] for column in required))
    return None
