"""Columns and types of the result tables; the contract with everybody who reads them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
import pyarrow as pa

__all__ = ["EMPTY", "SCHEMAS", "SORT_KEYS", "completed", "to_arrow"]

_TEXT, _FLOAT = pa.string(), pa.float64()

SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        "findings": pa.schema(
            {
                "finding_id": _TEXT,
                "check": _TEXT,
                "goal": pa.int64(),
                "plan": _TEXT,
                "zone_key": _TEXT,
                "municipality": _TEXT,
                "status": _TEXT,
                "reason": _TEXT,
                "measured": _FLOAT,
                "low": _FLOAT,
                "high": _FLOAT,
                "within_accuracy": pa.bool_(),
                "limit": _FLOAT,
                "unit": _TEXT,
                "parameter_status": _TEXT,
                "layer": _TEXT,
                "sliver": pa.bool_(),
                "text_key": _TEXT,
                "facts_json": _TEXT,
            }
        ),
        "statement": pa.schema(
            {
                "plan": _TEXT,
                "zone_key": _TEXT,
                "class": _TEXT,
                "area_m2": _FLOAT,
                "once_m2": _FLOAT,
                "zone_area_m2": _FLOAT,
                "low": _FLOAT,
                "high": _FLOAT,
                "variance_single": _FLOAT,
                "variance_shift": _FLOAT,
            }
        ),
        "accounts": pa.schema(
            {
                "table": _TEXT,
                "plan": _TEXT,
                "against": _TEXT,
                "method": _TEXT,
                "municipality": _TEXT,
                "part": _TEXT,
                "row": _TEXT,
                "column": _TEXT,
                "value": _FLOAT,
                "unknown": _FLOAT,
                "unit": _TEXT,
                "herav": pa.bool_(),
                "low": _FLOAT,
                "high": _FLOAT,
                "variance_single": _FLOAT,
                "variance_shift": _FLOAT,
            }
        ),
        "indicators": pa.schema(
            {
                "indicator": _TEXT,
                "goal": pa.int64(),
                "plan": _TEXT,
                "municipality": _TEXT,
                "value": _FLOAT,
                "unknown": _FLOAT,
                "low": _FLOAT,
                "high": _FLOAT,
                "unit": _TEXT,
                "direction": _TEXT,
                "parameter_status": _TEXT,
                "year": pa.int64(),
            }
        ),
        "quality": pa.schema(
            {
                "layer": _TEXT,
                "source_id": _TEXT,
                "what": _TEXT,
                "amount": _FLOAT,
                "unit": _TEXT,
                "facts_json": _TEXT,
            }
        ),
        "topology": pa.schema(
            {
                "fault_id": _TEXT,
                "rule": _TEXT,
                "status": _TEXT,
                "plan": _TEXT,
                "municipality": _TEXT,
                "ids": _TEXT,
                "area_m2": _FLOAT,
                "width_m": _FLOAT,
                "east": _FLOAT,
                "north": _FLOAT,
                "facts_json": _TEXT,
            }
        ),
        "sensitivity": pa.schema(
            {
                "check": _TEXT,
                "goal": pa.int64(),
                "plan": _TEXT,
                "parameter": _TEXT,
                "parameter_status": _TEXT,
                "value": _FLOAT,
                "unit": _TEXT,
                "in_force": pa.bool_(),
                "areas": pa.int64(),
                "turned": pa.int64(),
                "turned_area_m2": _FLOAT,
                "turned_measured_m2": _FLOAT,
                "conflict": pa.int64(),
                "warning": pa.int64(),
                "ok": pa.int64(),
                "unknown": pa.int64(),
                "sliver": pa.int64(),
                "within_accuracy": pa.int64(),
            }
        ),
        "provenance": pa.schema(
            {
                "layer": _TEXT,
                "kind": _TEXT,
                "path": _TEXT,
                "sha256": _TEXT,
                "size": pa.int64(),
                "dated": _TEXT,
                "licence": _TEXT,
                "owner": _TEXT,
                "redistribute": pa.bool_(),
                "constructed": pa.bool_(),
            }
        ),
    }
)
"""Arrow schema of each table. Areas in m², distances in m."""

SORT_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "findings": ("goal", "check", "municipality", "zone_key"),
        "statement": ("zone_key", "class"),
        "accounts": ("table", "method", "municipality", "part", "row", "column"),
        "indicators": ("goal", "indicator", "municipality", "year"),
        "quality": ("layer", "what", "source_id", "amount"),
        "topology": ("rule", "plan", "east", "north", "fault_id"),
        "sensitivity": ("goal", "check", "parameter", "value"),
        "provenance": ("layer", "path"),
    }
)
"""Stable order of rows: same input, same tables."""

_NO_INTERVAL = {"low": float("nan"), "high": float("nan")}
_NO_VARIANCE = {"variance_single": float("nan"), "variance_shift": float("nan")}
WITHOUT: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "findings": {"within_accuracy": False},
        "statement": {"once_m2": float("nan"), **_NO_INTERVAL, **_NO_VARIANCE},
        "accounts": {**_NO_INTERVAL, **_NO_VARIANCE},
        "indicators": {"year": 0, **_NO_INTERVAL},
    }
)
"""What a column is in rows that were made without it."""

EMPTY: Mapping[str, pd.DataFrame] = MappingProxyType(
    {name: schema.empty_table().to_pandas() for name, schema in SCHEMAS.items()}
)
"""One empty frame per table, with the right columns."""


def completed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Table `name` with the columns that older results lack."""
    missing = {c: v for c, v in WITHOUT.get(name, {}).items() if c not in frame.columns}
    return frame.assign(**missing) if missing else frame


def to_arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    """Table `name` as Arrow, columns and types by the schema, rows in stable order."""
    frame = completed(name, frame)
    keys = list(SORT_KEYS[name])
    ordered = frame.sort_values(keys, kind="stable") if len(frame) else frame
    return pa.Table.from_pandas(ordered, schema=SCHEMAS[name], preserve_index=False)
