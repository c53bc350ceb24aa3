"""What a planned area means for building: the rule that purpose and status decide.

Kommuneplan: purposes 1000-1999, 2000-2999 and 4030 are development; arealbruksstatus 2 is future,
3 further development, 1 adopted. Reguleringsplan has no status of use: planstatus 3 is adopted.
LNFR spredt (5200-5230) is a line of its own. What is missing or unknown is `unclear`, never none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.kinds.codes import Code, code_list
from ikap.model import Development
from ikap.sources.ledger import Ledger
from ikap.sources.names import fold

__all__ = ["SPREAD", "development_of", "is_detail_plan"]

SPREAD = ("5200", "5230")
DETAIL_TYPES = range(30, 36)
ADOPTED = (3, 8)
DEFERRED = 6
BY_USE_STATUS = {1: Development.ADOPTED, 2: Development.FUTURE, 3: Development.FURTHER}
BY_ROLE = {
    "adopted": Development.ADOPTED,
    "proposal": Development.FUTURE,
    "alternative": Development.FUTURE,
}


def is_detail_plan(frame: GeoDataFrame, layer: str, purpose_column: str) -> NDArray[np.bool_]:
    """Which rows are of a reguleringsplan, by object type, plan type, layer or column name.

    Parameters
    ----------
    frame : GeoDataFrame
        With `objtype` and `plantype`.
    layer : str
        The layer's name in the file.
    purpose_column : str
        The file's own name of the purpose column.

    Returns
    -------
    array of bool
        One value a row.
    """
    types = frame["objtype"].map(lambda t: fold(t)[:2] if isinstance(t, str) else "")
    detail = ((types == "rp") | (frame["plantype"].isin(DETAIL_TYPES))).to_numpy(dtype=bool)
    column = fold(purpose_column)  # a kommuneplan's own column goes before what a file is called
    if column.startswith("rp") or (fold(layer).startswith("rp") and not column.startswith("kp")):
        detail = detail | (types != "kp").to_numpy(dtype=bool)
    return detail


def development_of(frame: GeoDataFrame, role: str, ledger: Ledger) -> pd.Series:
    """Development of each planned area.

    Parameters
    ----------
    frame : GeoDataFrame
        With `arealformål`, `arealbruksstatus` (0 for missing), `planstatus` and `plan_level`.
    role : str
        Role of the plan (adopted, proposal, alternative), for detail plans without planstatus.
    ledger : Ledger
        Is told of missing and unknown purposes and statuses, with codes and counts.

    Returns
    -------
    Series of str
        Values of `model.Development`.
    """
    detail = (frame["plan_level"] == "rp").to_numpy(dtype=bool)
    purposes = frame["arealformål"].fillna("")
    meaning = np.full(len(frame), Development.UNCLEAR, dtype=object)
    for level, rows in (("kp", ~detail), ("rp", detail)):
        codes = code_list(f"{level}_arealformal")
        found = {p: codes.find(p) for p in purposes[rows].unique()}
        _tell_purposes(purposes[rows], found, level, ledger)
        kinds = purposes[rows].map({p: _kind(p, code) for p, code in found.items()})
        meaning[rows] = kinds.to_numpy(dtype=object)
    building = meaning == "building"
    meaning[building & ~detail] = _by_use_status(frame[building & ~detail], ledger)
    meaning[building & detail] = _by_plan_status(frame[building & detail], role, ledger)
    return pd.Series([str(m) for m in meaning], index=frame.index, dtype=object)


def _kind(purpose: str, code: Code | None) -> str:
    if code is None or code.unclear:
        return Development.UNCLEAR
    if SPREAD[0] <= purpose <= SPREAD[1]:
        return Development.SPREAD
    return "building" if code.development else Development.NONE


def _tell_purposes(
    purposes: pd.Series, found: dict[str, Code | None], level: str, ledger: Ledger
) -> None:
    missing = int((purposes == "").sum())
    if missing:
        ledger.told("purpose.missing", missing)
    for code in sorted(p for p, row in found.items() if p and row is None):
        ledger.told("purpose.unknown", int((purposes == code).sum()), code=code, level=level)


def _by_use_status(frame: GeoDataFrame, ledger: Ledger) -> NDArray[np.object_]:
    status = frame["arealbruksstatus"]
    missing = int((status == 0).sum())
    if missing:
        ledger.told("use_status.missing", missing)
    for code in sorted(set(status) - {0, *BY_USE_STATUS}):
        ledger.told("use_status.unknown", int((status == code).sum()), code=int(code))
    meaning = status.map(lambda s: BY_USE_STATUS.get(int(s), Development.UNCLEAR))
    return meaning.to_numpy(dtype=object)


def _by_plan_status(frame: GeoDataFrame, role: str, ledger: Ledger) -> NDArray[np.object_]:
    status = frame["planstatus"]
    missing = int(status.isna().sum())
    if missing:
        ledger.told("planstatus.missing", missing, role=role)
    deferred = int((status == DEFERRED).sum())
    if deferred:
        ledger.told("planstatus.deferred", deferred)
    known = code_list("planstatus")
    for code in known.unknown(str(s) for s in status.dropna().unique()):
        ledger.told("planstatus.unknown", int((status == int(code)).sum()), code=code)
    return np.array([_of_plan_status(s, role) for s in status], dtype=object)


def _of_plan_status(status: object, role: str) -> Development:
    if status is pd.NA or status is None:
        return BY_ROLE.get(role, Development.UNCLEAR)
    if status in ADOPTED:
        return Development.ADOPTED
    if status in (0, 1, 2, DEFERRED):
        return Development.FUTURE
    return Development.UNCLEAR
