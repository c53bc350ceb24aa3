"""Ids, lengths and codes of a plan's areas, held against the product specification.

Sources: SOSI Plan 5.0 (draft) for PLANID, `planstatus` and `vertikalnivå`; Arkitektum/
UML-modellering-VU053 for `arealbruksstatus` (2 and 3 not for LNF); the lists of `kinds/codes`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.kinds.codes import code_list
from ikap.kinds.topology.fault import MEND, WARNING, PlanFault
from ikap.kinds.topology.plan import PlanFile, moved, plan_keys

__all__ = ["attribute_faults"]

LONGEST_PLAN_ID = 16
LNF = (5000, 5199)
"""LNFR; spredt bebyggelse (5200-series) is future in many plans, and is not held to it [K]."""
NOT_FOR_LNF = (2, 3)
LEVELS = range(1, 6)
OWN_AREAS = r"(kparealform|rparealform|kparealbruk|rbform)"


def attribute_faults(file: PlanFile, crs: str) -> Iterator[PlanFault]:
    """Faults of the attributes of a file's areas.

    Parameters
    ----------
    file : PlanFile
        Areas, those without usable geometry too.
    crs : str
        The region's.

    Yields
    ------
    PlanFault
        `id_none`, `id_missing`, `id_twice`, `plan_id_none`, `plan_id_missing`, `plan_id_long`,
        `purpose_missing`, `purpose_unknown`, `use_status_unknown`, `use_status_lnf`,
        `planstatus_unknown` and `level_unknown`.
    """
    table = _table(file)
    yield from _ids(table)
    yield from _plan_ids(table)
    yield from _purposes(table)
    yield from _use_status(table)
    yield from _codes(table)
    yield from _levels(file, crs)


def _table(file: PlanFile) -> pd.DataFrame:
    """All areas with shape (empty where there is none) and plan key."""
    lost = file.unmeasurable
    shapes = np.concatenate([file.areas.geometry.to_numpy(), _nowhere(len(lost))])
    table = pd.concat([pd.DataFrame(file.areas.drop(columns="geometry")), lost], ignore_index=True)
    return table.assign(shape=shapes, plan=plan_keys(table), id=table["source_id"].astype(str))


def _nowhere(count: int) -> NDArray[np.object_]:
    return np.full(count, shapely.Polygon(), dtype=object)


def _each(rows: pd.DataFrame, rule: str, status: str = MEND, **columns: str) -> Iterator[PlanFault]:
    """One fault an area; `columns` are facts and the columns they are from."""
    for row in rows.to_dict("records"):
        facts = {fact: str(row[column]) for fact, column in columns.items()}
        yield PlanFault(rule, status, str(row["plan"]), (str(row["id"]),), row["shape"], facts)


def _ids(table: pd.DataFrame) -> Iterator[PlanFault]:
    none = table["id"].str.fullmatch(r"fid:\d+")
    if none.all():
        yield PlanFault("id_none", MEND, facts={"count": len(table)})
        return
    yield from _each(table[none], "id_missing")
    named = table[~none]
    for name, rows in named[named["id"].duplicated(keep=False)].groupby("id", sort=True):
        shape = shapely.union_all(rows["shape"].to_numpy())
        facts = {"id": str(name), "count": len(rows)}
        yield PlanFault("id_twice", MEND, str(rows["plan"].iloc[0]), (str(name),), shape, facts)


def _plan_ids(table: pd.DataFrame) -> Iterator[PlanFault]:
    own = table["planidentifikasjon"].fillna("").astype(str)
    if (own == "").all():
        yield PlanFault("plan_id_none", WARNING, facts={"count": len(table)})
        return
    yield from _each(table[own == ""], "plan_id_missing")
    for plan, rows in table[own.str.len() > LONGEST_PLAN_ID].groupby(own, sort=True):
        ids = tuple(sorted(rows["id"]))
        facts = {"plan_id": plan, "length": len(str(plan)), "longest": LONGEST_PLAN_ID}
        shape = shapely.union_all(rows["shape"].to_numpy())
        yield PlanFault("plan_id_long", MEND, str(rows["plan"].iloc[0]), ids, shape, facts)


def _purposes(table: pd.DataFrame) -> Iterator[PlanFault]:
    purpose = table["arealformål"].fillna("").astype(str)
    yield from _each(table[purpose == ""], "purpose_missing")
    for level, rows in table[purpose != ""].groupby("plan_level", sort=True):
        known = code_list(f"{level}_arealformal")
        strange = rows["arealformål"].isin(known.unknown(rows["arealformål"].unique()))
        yield from _each(rows[strange], "purpose_unknown", code="arealformål")


def _use_status(table: pd.DataFrame) -> Iterator[PlanFault]:
    """Use status, which a kommuneplan has; LNF has no future and no further development."""
    rows = table[(table["plan_level"] == "kp") & (table["arealbruksstatus"] != 0)]
    known = {int(code) for code in code_list("arealbruksstatus").codes}
    strange = ~rows["arealbruksstatus"].isin(known)
    yield from _each(rows[strange], "use_status_unknown", code="arealbruksstatus")
    purpose = pd.to_numeric(rows["arealformål"], errors="coerce")
    on_lnf = purpose.between(*LNF) & rows["arealbruksstatus"].isin(NOT_FOR_LNF)
    facts = {"code": "arealbruksstatus", "purpose": "arealformål"}
    yield from _each(rows[on_lnf], "use_status_lnf", **facts)


def _codes(table: pd.DataFrame) -> Iterator[PlanFault]:
    """Plan status; the codes of ended plans are not here, for their areas do not apply."""
    status = table["planstatus"]
    known = {int(code) for code in code_list("planstatus").codes}
    yield from _each(
        table[status.notna() & ~status.isin(known)],
        "planstatus_unknown",
        WARNING,
        code="planstatus",
    )


def _levels(file: PlanFile, crs: str) -> Iterator[PlanFault]:
    """Vertical levels that are none; such areas count as lying on the ground."""
    stated = file.stated
    level = stated["vertikalnivå"]
    strange = (level.notna() & ~level.isin(LEVELS)).to_numpy(dtype=bool)
    types = stated["objtype"].fillna("").astype(str)
    strange &= ((types == "") | types.str.match(OWN_AREAS)).to_numpy(dtype=bool)
    rows = stated[strange]
    rows = rows.assign(plan=plan_keys(rows))
    shapes = moved(rows, crs)
    for (_, row), shape in zip(rows.iterrows(), shapes, strict=True):
        facts = {"code": str(row["vertikalnivå"])}
        plan = str(row["plan"])
        yield PlanFault("level_unknown", MEND, plan, (str(row["source_id"]),), shape, facts)
