"""The verb `statement`: areas by purpose and land class, or one of the statement's tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from ikap.errors import InputError
from ikap.facts.ellipsoid import ellipsoidal_area
from ikap.flow.discovery import discover
from ikap.flow.progress import Report, quiet
from ikap.flow.purpose_intervals import half_widths, with_ends
from ikap.flow.verbs import check
from ikap.results import Results
from ikap.results.tables import completed
from ikap.workspace import Workspace

__all__ = [
    "ALL_TABLES",
    "DEFAULT_METHOD",
    "areas_by_purpose",
    "chosen_cells",
    "half_by_purpose",
    "stated",
    "statement",
]

ALL_TABLES = "all"
ROWS = ["purpose", "purpose_name", "development"]
DEFAULT_METHOD = "KDD"
"""Which reserve is meant when nobody says (domain.md 11, question 17); always named."""


def statement(
    workspace: Workspace,
    plan: Path | str | None = None,
    *,
    against: Path | str | None = None,
    table: str | None = None,
    method: str | None = None,
    ellipsoidal: bool = False,
    intervals: bool = False,
    as_of: date | str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    report: Report = quiet,
) -> pd.DataFrame:
    """Area statement of one plan, whose rows add up to its areas.

    Parameters
    ----------
    workspace : Workspace
        Region, goals and layers.
    plan : Path or str, optional
        As for `check`.
    against : Path or str, optional
        Plan to compare with: an id or a file; else the one that the plan names in `compare_with`.
    table : str, optional
        `T1` to `T7`, `J1` to `J3` (the ledgers of farmland), or `all`; if not given, purpose ×
        status × land class.
    method : str, optional
        How reserve is counted (`KDD`, `SSB`, `NINA`, `egen`); all methods if not given.
    ellipsoidal : bool
        Without `table`: the area on the ellipsoid too, in the column `sum_ellipsoid`.
    intervals : bool
        Without `table`: the ends of each class's 95 % interval too, in the columns `CLASS_low`
        and `CLASS_high`. Cells of a table always have `low` and `high`.
    as_of : date or str, optional
        As for `check`.
    workers, scheduler : int, str
        As for `run`.
    report : Report
        Told each step.

    Returns
    -------
    DataFrame
        Without `table`: one row per purpose and development, one column per class in m², and
        `sum`; ground in several areas counts in one of them. With it: the cells of the table in
        full precision, columns as in the result table `accounts`; areas in m² in the region's CRS.

    Raises
    ------
    InputError
        `statement.table`, `statement.method`, `statement.no_against` (the table compares, and no
        plan is named to compare with), `option.not_together`, and what `check` raises.
    """
    if ellipsoidal and table is not None:
        raise InputError("option.not_together", option="ellipsoidal", other="table")
    done = stated(
        workspace,
        plan,
        against=against,
        table=table,
        method=method,
        as_of=as_of,
        workers=workers,
        scheduler=scheduler,
        report=report,
    )
    if table is None:
        return areas_by_purpose(done, ellipsoidal=ellipsoidal, intervals=intervals)
    return chosen_cells(done, table, method)


def stated(
    workspace: Workspace,
    plan: Path | str | None = None,
    *,
    against: Path | str | None = None,
    table: str | None = None,
    method: str | None = None,
    as_of: date | str | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    report: Report = quiet,
) -> Results:
    """Results that hold the wanted table; names are held against what there is before measuring."""
    registry = discover(workspace)
    tables = (*registry.tables, ALL_TABLES)
    if table is not None and table not in tables:
        raise InputError("statement.table", name=table, valid=", ".join(tables))
    if method is not None and method not in registry.methods:
        raise InputError("statement.method", name=method, valid=", ".join(registry.methods))
    compares = table in registry.tables and registry.tables[str(table)].spec.compares
    if compares and against is None and not _names_another(workspace, plan):
        raise _nothing_to_compare(workspace, table)
    how = {"as_of": as_of, "workers": workers, "scheduler": scheduler, "report": report}
    done = check(workspace, plan, against=against, **how)  # type: ignore[arg-type]
    if compares and not done.run["against"]:  # named, but its file is not there
        raise _nothing_to_compare(workspace, table)
    return done


def _names_another(workspace: Workspace, plan: Path | str | None) -> bool:
    """Whether the declared plan says which one it is compared with; a bare file cannot."""
    declared = [p.plan for p in workspace.plans() if p.plan is not None]
    asked = [p for p in declared if plan is None or p.id == str(plan)]
    return bool(asked) and asked[0].compare_with is not None


def _nothing_to_compare(workspace: Workspace, table: str | None) -> InputError:
    named = ", ".join(p.plan.id for p in workspace.plans() if p.plan is not None)
    return InputError("statement.no_against", name=str(table), valid=named)


def areas_by_purpose(
    results: Results, *, ellipsoidal: bool = False, intervals: bool = False
) -> pd.DataFrame:
    """Purpose × development × land class in m², one column a class, and `sum`.

    Ground in several areas counts in one of them. Where all that there is of a purpose are areas
    without geometry, its figures are NaN. With `ellipsoidal`, `sum_ellipsoid` is the same ground
    on the ellipsoid, beside the planar sum (of an area that shares ground: its share of the whole
    area there); with `intervals`, `CLASS_low` and `CLASS_high` are the ends of the 95 % intervals.
    """
    zones = results.geodata("zones")
    if zones is None:
        return pd.DataFrame()
    joined = _joined(results, zones)
    table = joined.pivot_table(
        index=ROWS, columns="class", values="area_m2", aggfunc="sum", fill_value=0.0
    )
    table["sum"] = table.sum(axis=1)
    table = table.reindex(pd.MultiIndex.from_frame(zones[ROWS].drop_duplicates()).sort_values())
    if intervals:
        table = with_ends(table, half_by_purpose(results))
    if ellipsoidal:
        sizes = _on_ellipsoid(results, zones, joined).reindex(table.index)
        table["sum_ellipsoid"] = sizes.where(table["sum"].notna())
    return table.reset_index().rename_axis(columns=None)


def _on_ellipsoid(
    results: Results, zones: gpd.GeoDataFrame, joined: pd.DataFrame
) -> pd.Series[float]:
    shapes = zones[~zones.geometry.isna()]
    crs = str(results.run["region"]["crs"])
    size = ellipsoidal_area(np.asarray(shapes.geometry.values, dtype=object), crs)
    counted = joined.groupby("zone_key")["area_m2"].sum().reindex(shapes["zone_key"]).to_numpy()
    whole = shapes.geometry.area.to_numpy()
    share = np.divide(counted, whole, out=np.zeros(len(whole)), where=whole > 0)
    return shapes[ROWS].assign(m2=size * share).groupby(ROWS)["m2"].sum()


def half_by_purpose(results: Results) -> pd.DataFrame:
    """Half the 95 % interval of each figure of `areas_by_purpose`, with the same rows as index."""
    zones = results.geodata("zones")
    return pd.DataFrame() if zones is None else half_widths(_joined(results, zones), ROWS)


def _joined(results: Results, zones: pd.DataFrame) -> pd.DataFrame:
    keys = zones[["zone_key", *ROWS, "municipality"]]
    told = completed("statement", results.statement)
    counted = told["once_m2"].fillna(told["area_m2"])  # older results have areas in full alone
    return told.assign(area_m2=counted).merge(pd.DataFrame(keys), on="zone_key")


def chosen_cells(results: Results, table: str, method: str | None = None) -> pd.DataFrame:
    """Cells of one table or all, by one method or all; tables without a method always."""
    cells = results.accounts
    keep = pd.Series(True, index=cells.index) if table == ALL_TABLES else cells["table"] == table
    if method is not None:
        keep &= cells["method"].isin([method, ""])
    return cells[keep].reset_index(drop=True)
