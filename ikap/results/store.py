"""Writing and reading of one result folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio

from ikap.errors import InputError
from ikap.model import Status
from ikap.results.package import settle, written_aside
from ikap.results.swap import fresh, recover, swap_in
from ikap.results.tables import EMPTY, SCHEMAS, completed, to_arrow

__all__ = ["Results", "read", "records", "write"]

GEODATA = "results.gpkg"
RUN = "run.json"
ADDED_LATER = ("accounts", "topology", "sensitivity")
ON_REQUEST = ("sensitivity",)
"""Tables that a run has only where it was asked for them."""
IN_GEODATA = ("finding_id", "zone_key", "check", "status", "measured", "limit", "unit")
"""Columns of the table `findings` in `results.gpkg`; all of them are in `findings.parquet`."""
STAMP = "2000-01-01T00:00:00Z"  # fixed, so that the same input gives the same file


@dataclass(frozen=True)
class Results:
    """The tables of one plan; geometry is read on demand."""

    findings: pd.DataFrame
    statement: pd.DataFrame
    indicators: pd.DataFrame
    quality: pd.DataFrame
    provenance: pd.DataFrame
    run: Mapping[str, Any]
    accounts: pd.DataFrame = field(default_factory=EMPTY["accounts"].copy)
    topology: pd.DataFrame = field(default_factory=EMPTY["topology"].copy)
    sensitivity: pd.DataFrame = field(default_factory=EMPTY["sensitivity"].copy)
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    folder: Path | None = None

    def table(self, name: str) -> pd.DataFrame:
        """Table by its name in the contract."""
        frame = getattr(self, name)
        assert isinstance(frame, pd.DataFrame)
        return frame

    def geodata(self, name: str) -> gpd.GeoDataFrame | None:
        """Layer of `results.gpkg`, in the region's CRS; None if there is no such layer."""
        if name in self.layers:
            return self.layers[name]
        if self.folder is None or name not in self._stored:
            return None
        return gpd.read_file(self.folder / GEODATA, layer=name)

    @cached_property
    def _stored(self) -> frozenset[str]:
        """Names of the layers in `results.gpkg`."""
        path = None if self.folder is None else self.folder / GEODATA
        if path is None or not path.is_file():
            return frozenset()
        return frozenset(str(row[0]) for row in pyogrio.list_layers(path))


def write(
    results: Results, target: Path, *, exports: Callable[[Results, Path], object] | None = None
) -> Results:
    """Write all tables to `target`, whole or not at all; returns the results as read back from it.

    Parameters
    ----------
    results : Results
        Tables by `SCHEMAS`; layers in the region's CRS.
    target : Path
        `ut/resultater/<plan>/`; replaced in whole.
    exports : callable, optional
        Writes exports (CSV) of the results into the folder it is given, before the swap.

    Returns
    -------
    Results
        Same tables, with `folder` set.

    Raises
    ------
    InputError
        `output.held` if a program holds a file of the old result open, `output.denied` if the
        folder cannot be written to.
    """
    new = fresh(target)
    for name in SCHEMAS:
        if name not in ON_REQUEST or len(results.table(name)):
            pq.write_table(to_arrow(name, results.table(name)), new / f"{name}.parquet")
    _write_layers(results.layers, results.findings, new / GEODATA)
    text = json.dumps(results.run, ensure_ascii=False, indent=1, sort_keys=True)
    (new / RUN).write_text(text + "\n", encoding="utf-8")
    if exports is not None:
        exports(results, new)
    swap_in(new, target)
    return read(target)


def read(folder: Path | str) -> Results:
    """Read the result folder of one plan.

    Parameters
    ----------
    folder : Path or str
        `ut/resultater/<plan>/`.

    Returns
    -------
    Results
        Tables by `SCHEMAS`; areas in m², geometry on demand.

    Raises
    ------
    InputError
        `results.missing` if the folder holds no results.
    """
    path = Path(folder)
    recover(path)
    if not (path / RUN).is_file():
        raise InputError("results.missing", file=str(path))
    tables: dict[str, Any] = {name: _table(path, name) for name in SCHEMAS}
    run = json.loads((path / RUN).read_text(encoding="utf-8"))
    return Results(**tables, run=run, folder=path)


def _table(folder: Path, name: str) -> pd.DataFrame:
    """Table of a result folder; empty where the folder is older than the table."""
    path = folder / f"{name}.parquet"
    if name in ADDED_LATER and not path.is_file():
        return EMPTY[name]
    return completed(name, pq.read_table(path).to_pandas())


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as dictionaries, in its order."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].to_list() for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _write_layers(
    layers: Mapping[str, gpd.GeoDataFrame], findings: pd.DataFrame, path: Path
) -> None:
    with written_aside():
        _write_each(layers, path)
        if path.exists() and len(findings):
            _write_findings(findings, path)
    if path.exists():
        settle(path, STAMP)


def _write_findings(findings: pd.DataFrame, path: Path) -> None:
    """Table beside the areas; `zone_key` joins them in QGIS."""
    told = findings[findings["status"] != Status.NOT_APPLICABLE].sort_values("finding_id")
    told = told[[*IN_GEODATA]].reset_index(drop=True)
    pyogrio.write_dataframe(told, path, layer="findings", driver="GPKG", append=True)


def _write_each(layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    for name in sorted(layers):
        frame = layers[name]
        if len(frame) == 0:
            continue
        kinds = frame.geometry.geom_type.unique()
        geometry_type = f"Multi{kinds[0].removeprefix('Multi')}" if len(kinds) > 1 else kinds[0]
        mixed = len({k.removeprefix("Multi") for k in kinds}) > 1
        pyogrio.write_dataframe(
            frame,
            path,
            layer=name,
            driver="GPKG",
            append=path.exists(),
            promote_to_multi=not mixed and str(geometry_type).startswith("Multi"),
            geometry_type="Unknown" if mixed else geometry_type,
        )
