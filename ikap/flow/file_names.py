"""What a layer and its columns are called in the planner's own file."""

from __future__ import annotations

from ikap.facts import CertifiedLayer
from ikap.flow.reading import Reader

__all__ = ["FID", "class_column", "id_column", "layer_in_file"]

CLASS, SOURCE_ID = "arealtype", "source_id"
FID = "fid"
"""Feature numbers, which stand for ids where the file has none (`fid:12`)."""
WITH_CLASSES = ("landcover", "farmland")


def layer_in_file(reader: Reader, name: str) -> str:
    """Name of the layer inside its file; empty where the file does not say."""
    declared = reader.workspace.layers[name]
    loaded = reader.layer(declared)
    of_rows = loaded.canonical.rows_of if loaded else ""
    return str(declared.source.get("layer") or of_rows)


def id_column(reader: Reader, layer: CertifiedLayer) -> str:
    """Column with the features' ids; `FID` where the file has none, empty where none can be had."""
    named = _names(reader, layer).get(SOURCE_ID, "")
    if named or not len(layer.ids):
        return named
    return FID if str(layer.ids[0]).startswith(f"{FID}:") else ""


def class_column(reader: Reader, layer: CertifiedLayer) -> str:
    """Column with AR5's classes; empty where values are translated, or stand elsewhere."""
    declared = layer.declaration
    translated = CLASS in declared.values or CLASS in declared.constants
    if declared.kind not in WITH_CLASSES or translated:
        return ""
    return _names(reader, layer).get(CLASS, "")


def _names(reader: Reader, layer: CertifiedLayer) -> dict[str, str]:
    loaded = reader.layer(reader.workspace.layers[layer.name])
    return dict(loaded.canonical.names) if loaded else {}
