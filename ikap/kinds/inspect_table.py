"""A table (CSV, Excel) described for the person who has to mend it; plain data, without words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from ikap.errors import InputError
from ikap.kinds import builtup, commercial, commuting, population, population_grid
from ikap.kinds.columns import Column, match_columns
from ikap.model import LayerDeclaration, Region
from ikap.sources import tables

__all__ = ["describe_table", "is_table"]

KINDS: Mapping[str, ModuleType] = MappingProxyType(
    {m.KIND: m for m in (commercial, builtup, commuting, population, population_grid)}
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


def describe_table(target: Path | str | LayerDeclaration, region: Region) -> dict[str, Any]:
    """All that can be said of a table, faults included.

    Parameters
    ----------
    target : Path, str or LayerDeclaration
        A file, or a layer of the workspace.
    region : Region
        Its municipalities and their history.

    Returns
    -------
    dict
        The same keys as `inspect.describe`, ready for JSON.
    """
    declaration = target if isinstance(target, LayerDeclaration) else _declaration(Path(target))
    head: dict[str, Any] = {"path": str(tables.path_of(declaration)), "layers": [], "faults": []}
    try:
        raw = tables.read(declaration)
    except InputError as error:
        return {**head, "faults": _faults(error)}
    columns = [str(c) for c in raw.frame.columns if c != raw.frame.geometry.name]
    kind = declaration.kind or _recognise(columns)
    guessed = any(row.what == "letters.guessed" for row in raw.quality)
    layer: dict[str, Any] = {
        "name": raw.layer,
        "count": len(raw.frame),
        "geometry": {},
        "crs": "",
        "crs_known_by": "",
        "bounds": [],
        "columns": columns,
        "encoding": "Latin-1" if guessed else "UTF-8",
        "used_as": kind,
        "place": "",
        "names": {},
        "codes": {},
        "area_by_class_m2": {},
        "quality": _rows(raw.quality),
        "faults": [],
        "mend_first": [],
        "sha256": raw.sha256,
        "size": raw.size,
    }
    if kind in KINDS:
        try:
            made = KINDS[kind].canonical(raw, declaration, region)
            layer |= {"names": dict(made.names), "quality": _rows(made.quality)}
        except InputError as error:
            layer["faults"] = _faults(error)
            layer["mend_first"] = [fault.key for fault in error.faults]
    return {**head, "layers": [layer]}


def _recognise(columns: Sequence[str]) -> str:
    """Word of the kind whose required columns are all there, or empty."""
    for name, kind in KINDS.items():
        schema: Sequence[Column] = kind.COLUMNS
        required = {column.name for column in schema if column.required}
        if required <= set(match_columns(columns, schema, {})):
            return name
    return ""


def _declaration(path: Path) -> LayerDeclaration:
    source = {"from": "tables", "path": str(path.absolute())}
    return LayerDeclaration(path.stem, "", {}, "", "", source, path.parent)


def _rows(quality: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "what": row.what,
            "unit": row.unit,
            "amount": float(row.amount),
            "count": 1,
            "ids": [row.source_id] if row.source_id else [],
            "facts": dict(row.facts),
        }
        for row in quality
    ]


def _faults(error: InputError) -> list[dict[str, Any]]:
    return [{"key": f.key, "ids": list(f.ids), "facts": dict(f.facts)} for f in error.faults]
