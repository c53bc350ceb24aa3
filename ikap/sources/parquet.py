"""GeoParquet, by pyarrow: one layer a file, named after the file."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq
from geopandas import GeoDataFrame

from ikap.sources.ledger import Ledger

__all__ = ["frame", "layers"]


def layers(path: Path, ledger: Ledger) -> tuple[str, ...]:  # noqa: ARG001 (see formats.Reader)
    """The file's name, if it has geometry."""
    return (path.stem,) if b"geo" in (pq.read_schema(path).metadata or {}) else ()


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:  # noqa: ARG001 (see formats.Reader)
    """The table as it lies in the file; its index is the row's number there."""
    return gpd.read_parquet(path).reset_index(drop=True)
