"""What a planned area means for building: the rule that purpose and status decide.

Kommuneplan: purposes 1000-1999, 2000-2999 and 4030 are development; arealbruksstatus 2 is future,
3 further development, 1 adopted. Reguleringsplan has no status of use: planstatus 3 is adopted.
LNFR spredt (5200-5230) is a line of its own. What is missing or unknown is `unclear`, never none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.kinds.code_checks import NONE_NEAR, first_ids, nearest
from ikap.kinds.codes import Code, code_list
from ikap.kinds.objects import LEVELS
from ikap.kinds.old_law import OLD_LISTS
from ikap.model import Development
from ikap.sources.ledger import Ledger
from ikap.sources.names import fold

__all__ = [
    "DEFERRED",
    "SPREAD",
    "development_of",
    "is_detail_plan",
    "level_is_stated",
    "purpose_codes",
]

SPREAD = ("5200", "5230")
DETAIL = ("rp", "rb")
DETAIL_TYPES = tuple(int(t.code) for t in code_list("plantype").codes.values() if t.group == "rp")
BUILDING = "building"
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
        With `objtype` and `plantype`, and `reguleringsformål` where there is one.
    layer : str
        The layer's name in the file.
    purpose_column : str
        The file's own name of the purpose column.

    Returns
    -------
    array of bool
        One value a row.
    """
    types = _type_letters(frame)
    detail = (types.isin(DETAIL) | (frame["plantype"].isin(DETAIL_TYPES))).to_numpy(dtype=bool)
    column = fold(purpose_column)  # a kommuneplan's own column goes before what a file is called
    by_column = column.startswith((*DETAIL, "reg"))
    by_layer = fold(layer).startswith(DETAIL) and not column.startswith("kp")
    others = (types != "kp").to_numpy(dtype=bool)
    if by_column or by_layer:
        detail = detail | others
    if "reguleringsformål" in frame:
        detail = detail | (others & frame["reguleringsformål"].notna().to_numpy(dtype=bool))
    return detail


def level_is_stated(frame: GeoDataFrame, layer: str, purpose_column: str) -> NDArray[np.bool_]:
    """Which rows say whether they are of a kommuneplan or a reguleringsplan.

    Parameters
    ----------
    frame, layer, purpose_column : GeoDataFrame, str, str
        As for `is_detail_plan`.

    Returns
    -------
    array of bool
        False where the level is only assumed.
    """
    if fold(purpose_column).startswith((*LEVELS, "reg")) or fold(layer).startswith(LEVELS):
        return np.ones(len(frame), dtype=bool)
    stated = _type_letters(frame).isin(LEVELS) | frame["plantype"].notna()
    return stated.to_numpy(dtype=bool)


def _type_letters(frame: GeoDataFrame) -> pd.Series:
    """First two letters of each object type, folded."""
    return frame["objtype"].map(lambda t: fold(t)[:2] if isinstance(t, str) else "")


def purpose_codes(frame: GeoDataFrame) -> pd.Series:
    """Row of the official list for each planned area: that of the old code where it has one.

    Parameters
    ----------
    frame : GeoDataFrame
        With `plan_level`, `arealformål`, and the old codes in `arealbruk` and `reguleringsformål`.

    Returns
    -------
    Series of Code
        None for a purpose that is missing, or that no list has.
    """
    old = frame["arealbruk"].where(frame["arealbruk"].notna(), frame["reguleringsformål"])
    keys = list(
        zip(frame["plan_level"], old.fillna(""), frame["arealformål"].fillna(""), strict=True)
    )
    found = {key: _code_of(*key) for key in set(keys)}
    return pd.Series([found[key] for key in keys], index=frame.index, dtype=object)


def _code_of(level: str, old: str, purpose: str) -> Code | None:
    if old:
        return code_list(OLD_LISTS[level][1]).find(old)
    return code_list(f"{level}_arealformal").find(purpose)


def development_of(frame: GeoDataFrame, role: str, ledger: Ledger) -> pd.Series:
    """Development of each planned area.

    Parameters
    ----------
    frame : GeoDataFrame
        With `arealformål`, `arealbruksstatus` (0 for missing), `planstatus`, `plan_level`, and
        old codes in `arealbruk` and `reguleringsformål`.
    role : str
        Role of the plan (adopted, proposal, alternative), for detail plans without planstatus.
    ledger : Ledger
        Is told of missing and unknown purposes and statuses, with codes, ids and counts.

    Returns
    -------
    Series of str
        Values of `model.Development`.
    """
    detail = (frame["plan_level"] == "rp").to_numpy(dtype=bool)
    codes = purpose_codes(frame)
    _tell_purposes(frame[codes.isna()], ledger)
    purposes = frame["arealformål"].fillna("")
    meaning = np.array([_kind(p, c) for p, c in zip(purposes, codes, strict=True)], dtype=object)
    building = meaning == BUILDING
    meaning[building & ~detail] = _by_use_status(frame[building & ~detail], ledger)
    meaning[building & detail] = _by_plan_status(frame[building & detail], role, ledger)
    return pd.Series([str(m) for m in meaning], index=frame.index, dtype=object)


def _kind(purpose: str, code: Code | None) -> str:
    if code is None or code.unclear:
        return Development.UNCLEAR
    if SPREAD[0] <= purpose <= SPREAD[1]:
        return Development.SPREAD
    return BUILDING if code.development else Development.NONE


def _tell_purposes(frame: GeoDataFrame, ledger: Ledger) -> None:
    """Areas without purpose, and those with a code that no list has, with the nearest that is."""
    purposes = frame["arealformål"].fillna("")
    _tell_rows("purpose.missing", frame[purposes == ""], ledger)
    for level, (_, old) in OLD_LISTS.items():
        own = frame["plan_level"] == level
        lists = (code_list(f"{level}_arealformal"), code_list(old))
        for code in sorted(set(purposes[own]) - {""}):
            near = next((n for listed in lists if (n := listed.nearest(code))), "") or NONE_NEAR
            hit = frame[own & (purposes == code)]
            _tell_rows("purpose.unknown", hit, ledger, code=code, level=level, nearest=near)


def _tell_rows(what: str, frame: GeoDataFrame, ledger: Ledger, **facts: Any) -> None:  # noqa: ANN401
    """Count of rows with their area and first ids, where there are any."""
    if len(frame):
        area = round(float(np.nansum(shapely.area(frame.geometry.to_numpy()))), 2)
        ids = first_ids(frame["source_id"])
        ledger.told(what, len(frame), file=Path(ledger.file).name, area_m2=area, ids=ids, **facts)


def _by_use_status(frame: GeoDataFrame, ledger: Ledger) -> NDArray[np.object_]:
    status = frame["arealbruksstatus"]
    _tell_rows("use_status.missing", frame[status == 0], ledger)
    for code in sorted(set(status) - {0, *BY_USE_STATUS}):
        near = nearest("arealbruksstatus", str(code))
        _tell_rows(
            "use_status.unknown", frame[status == code], ledger, code=int(code), nearest=near
        )
    meaning = status.map(lambda s: BY_USE_STATUS.get(int(s), Development.UNCLEAR))
    return meaning.to_numpy(dtype=object)


def _by_plan_status(frame: GeoDataFrame, role: str, ledger: Ledger) -> NDArray[np.object_]:
    status = frame["planstatus"]
    _tell_rows("planstatus.missing", frame[status.isna()], ledger, role=role)
    deferred = (status == DEFERRED).fillna(value=False).astype(bool)
    _tell_rows("planstatus.deferred", frame[deferred], ledger)
    known = code_list("planstatus")
    for code in known.unknown(str(s) for s in status.dropna().unique()):
        hit = (status == int(code)).fillna(value=False).astype(bool)
        near = nearest("planstatus", code)
        _tell_rows("planstatus.unknown", frame[hit], ledger, code=code, nearest=near)
    return np.array([_of_plan_status(s, role) for s in status], dtype=object)


def _of_plan_status(status: object, role: str) -> Development:
    if status is pd.NA or status is None:
        return BY_ROLE.get(role, Development.UNCLEAR)
    if status in ADOPTED:
        return Development.ADOPTED
    if status in (0, 1, 2, DEFERRED):
        return Development.FUTURE
    return Development.UNCLEAR
