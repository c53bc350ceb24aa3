"""Purposes of plans under the acts of 1985 and before, as what they are today, told row by row.

The old code stays in `arealbruk` (kommuneplan) or `reguleringsformål` (reguleringsplan); the
translation is NINA's table, with the exceptions that `codes/nina_differences.csv` gives reasons
for. A code that today's law has no purpose for leaves the purpose unknown, never out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.kinds.code_checks import first_ids
from ikap.kinds.codes import Code, code_list
from ikap.kinds.columns import Column
from ikap.sources.ledger import Ledger

__all__ = ["OLD_COLUMNS", "OLD_LISTS", "UNDEFINED", "translated"]

OLD_COLUMNS = (
    Column("arealbruk", ("KPAREALBRUK",), type="code"),
    Column("reguleringsformål", ("REGFORM", "RBFORMÅL", "REGULERINGSFORMAL"), type="code"),
)
OLD_LISTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"kp": ("arealbruk", "kp_arealbruk"), "rp": ("reguleringsformål", "rp_regform")}
)
"""Plan level to the column that keeps the old code, and its official list."""
UNDEFINED = "9999"
"""What NINA translates a code to that is nothing under today's law."""


def translated(frame: GeoDataFrame, stated: NDArray[np.bool_], ledger: Ledger) -> GeoDataFrame:
    """Table whose purposes are those of today's law.

    Parameters
    ----------
    frame : GeoDataFrame
        With `arealformål`, `plan_level`, and the old codes in the columns `OLD_COLUMNS`.
    stated : array of bool
        Rows whose plan level the file states. An old code in `arealformål` is translated only
        there, because the same number means other things at the two levels.
    ledger : Ledger
        Gets `purpose.translated`, `purpose.doubtful` and `purpose.undefined`, one for each code.

    Returns
    -------
    GeoDataFrame
        Same rows. The old column has a code on translated rows alone; a code that no list knows
        stands in `arealformål`, where the kind tells it.
    """
    purposes = frame["arealformål"].astype(object)
    changed: dict[str, pd.Series] = {}
    for level, (column, listed) in OLD_LISTS.items():
        old, today = code_list(listed), code_list(f"{level}_arealformal")
        own = (frame["plan_level"] == level).to_numpy(dtype=bool)
        written = purposes.where(own).fillna("").astype(str)
        settled = written.map({p: today.find(p) is not None for p in written.unique()})
        beside = written.where(stated, "").where(written.str.len() == 3, "")  # noqa: PLR2004
        codes = frame[column].where(own).fillna("").astype(str)
        codes = codes.where(codes != "", beside).mask(settled.to_numpy(dtype=bool), "")
        rows = {code: old.find(code) for code in codes.unique() if code}
        known = {code: row for code, row in rows.items() if row}
        _tell(frame, codes, known, level, ledger)
        purposes = purposes.mask(codes.isin(list(rows)), codes)
        to = {c: None if r.purpose == UNDEFINED else r.purpose for c, r in known.items()}
        purposes = purposes.mask(codes.isin(list(known)), codes.map(to)).astype(object)
        changed[column] = codes.astype(object).where(codes.isin(list(known)), None)
    return frame.assign(arealformål=purposes.where(purposes.notna(), None), **changed)


def _tell(
    frame: GeoDataFrame, codes: pd.Series, known: Mapping[str, Code], level: str, ledger: Ledger
) -> None:
    """One row of the quality record for each old code, with what it became."""
    today = code_list(f"{level}_arealformal")
    area = pd.Series(shapely.area(frame.geometry.to_numpy()), index=frame.index)
    for code, row in sorted(known.items()):
        hit = codes == code
        facts: dict[str, Any] = {
            "code": code,
            "name": {"nb": row.name_nb, "en": row.name_en},
            "area_m2": round(float(np.nansum(area[hit])), 2),
            "ids": first_ids(frame.loc[hit, "source_id"]),
        }
        to = today.find(row.purpose)
        if row.purpose == UNDEFINED or to is None:
            ledger.told("purpose.undefined", int(hit.sum()), **facts)
            continue
        facts |= {"to": to.code, "to_name": {"nb": to.name_nb, "en": to.name_en}}
        what = "purpose.doubtful" if row.unclear else "purpose.translated"
        ledger.told(what, int(hit.sum()), **facts)
