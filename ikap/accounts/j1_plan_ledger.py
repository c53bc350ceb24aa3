"""J1, the plan ledger: farmland that a proposal newly plans to build on, and what it takes out.

Both stand gross, by purpose, land class and kind of plan. It says what plans would take, not what
has been decided by cases (J2) or built (J3), and is never netted with them. Taking an unbuilt area
out of a plan avoids a loss; it makes no farmland.

Development is future, further and adopted; LNFR with scattered building is a part of its own.
Ground is *new* where the proposal has it for building and the plan now has not, *out* the other way
round, and *left* where the proposal has no area at all. Of what is adopted, only what is unbuilt
counts. Where either side is not known, the area is unknown beside, never a smaller loss.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ikap.accounts.cells import (
    NOT_IN_PLAN,
    UNKNOWN_PLAN,
    StatementInputs,
    TableSpec,
    cells,
    of_zones,
)
from ikap.facts.farmland_old_plan import ALL, FARMLAND, OUTSIDE, UNBUILT
from ikap.facts.table import NOT_COVERED
from ikap.kinds.codes import code_list
from ikap.model import Development

__all__ = ["GROUPS", "LEFT", "NEW", "OUT", "TABLE", "table"]

TABLE = TableSpec(
    "J1", needs=("farmland_compared",), ground=("farmland_before_plan",), compares=True
)
NEW, OUT, LEFT = "new", "out", "left"
GROUPS = {name: tuple(f"{name}_{c}" for c in (*FARMLAND, NOT_COVERED)) for name in (NEW, OUT, LEFT)}
"""Columns that may be added up to one; those of different groups must not."""
BUILDING = (str(Development.FUTURE), str(Development.FURTHER), str(Development.ADOPTED))
SPREAD, UNCLEAR = str(Development.SPREAD), str(Development.UNCLEAR)
DOUBT = (UNCLEAR, UNKNOWN_PLAN)
"""Ground that may be for building or not: nobody has said, or nobody has delivered the plan."""
OBJECTION, ALL_PURPOSES = "objection", "all"
KEYS = ["municipality", "counted", "land", "was", "was_for"]
NAN = float("nan")


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells part × purpose × {new, out, left}_{land class}, in m²; unknown under `*_not_covered`.

    The part is that of the proposal for `new`, of the plan now for `out` and `left`.
    """
    both = _both(inputs)
    frames = [_new(both, BUILDING), _new(both, (SPREAD,)), _taken(both, BUILDING)]
    frames += [_taken(both, (SPREAD,)), _doubtful(both), _without_plan(inputs)]
    frames += [_without_size(inputs), _objections(inputs)]
    filled = [frame for frame in frames if len(frame)]
    return cells(inputs, TABLE.name, pd.concat(filled, ignore_index=True))


def _both(inputs: StatementInputs) -> pd.DataFrame:
    """Farmland by old and new plan: what is in areas of the proposal, then what is in none."""
    mine = _told(of_zones(inputs, "farmland_compared"), inputs)
    mine = mine.rename(columns={"purpose": "becomes", "development": "becomes_for"})
    ground = inputs.ground["farmland_before_plan"]
    before = _told(ground[ground["municipality"].isin(list(inputs.area_m2))], inputs)
    inside = mine[mine["was_for"].isin([*BUILDING, SPREAD, UNCLEAR])]
    rest = (
        before.groupby(KEYS)["area_m2"]
        .sum()
        .sub(inside.groupby(KEYS)["area_m2"].sum(), fill_value=0.0)
    )
    assert (rest > -1.0).all(), "a statement counts ground twice"
    left = rest[rest > 0.01].rename("area_m2").reset_index()  # noqa: PLR2004 (as cells.NOISE_M2)
    outside = [_outside(m, inputs.planned) for m in left["municipality"]]
    left = left.assign(becomes=outside, becomes_for=outside)
    return pd.concat([mine, left], ignore_index=True)[[*KEYS, "becomes", "becomes_for", "area_m2"]]


def _told(table: pd.DataFrame, inputs: StatementInputs) -> pd.DataFrame:
    """Table with what is counted, land class, and purpose and use of the plan now."""
    labels = table["class"].unique()
    told = {label: _parts(str(label)) for label in labels}
    columns = {}
    for k, name in enumerate(("counted", "land", "was", "was_for")):
        mine = [told[label][k] for label in table["class"]]
        if name.startswith("was"):
            places = table["municipality"]
            pairs = zip(mine, places, strict=True)
            mine = [_outside(m, inputs.planned_before) if old is None else old for old, m in pairs]
        columns[name] = np.array(mine, dtype=object)
    return table.assign(**columns)


def _parts(label: str) -> tuple[str, str, str | None, str | None]:
    """What is counted, land class, and purpose and use in the plan now: None outside it."""
    counted, land, old = label.split("|", 2)
    if old == OUTSIDE:
        return counted, land, None, None
    purpose, development, _ = old.rsplit("/", 2)
    return counted, land, purpose, development


def _outside(municipality: str, planned: frozenset[str]) -> str:
    return NOT_IN_PLAN if municipality in planned else UNKNOWN_PLAN


def _counted(both: pd.DataFrame, side: str) -> pd.DataFrame:
    """Rows that count on one side: what is adopted there counts where it is unbuilt."""
    adopted = both[side] == str(Development.ADOPTED)
    return both[both["counted"] == np.where(adopted, UNBUILT, ALL)]


def _new(both: pd.DataFrame, group: tuple[str, ...]) -> pd.DataFrame:
    rows = _counted(both, "becomes_for")
    rows = rows[rows["becomes_for"].isin(group) & ~rows["was_for"].isin(group)]
    return _cells(rows, NEW, "becomes", in_doubt=rows["was_for"].isin(DOUBT))


def _taken(both: pd.DataFrame, group: tuple[str, ...]) -> pd.DataFrame:
    rows = _counted(both, "was_for")
    rows = rows[rows["was_for"].isin(group) & ~rows["becomes_for"].isin(group)]
    gone = rows["becomes_for"] == NOT_IN_PLAN
    in_doubt = rows["becomes_for"].isin(DOUBT)
    taken = _cells(rows[~gone], OUT, "was", in_doubt=in_doubt[~gone])
    return pd.concat([taken, _cells(rows[gone], LEFT, "was", in_doubt=in_doubt[gone])])


def _doubtful(both: pd.DataFrame) -> pd.DataFrame:
    """Areas without purpose or status: they may be new, or may have been taken out."""
    new = both[(both["counted"] == ALL) & (both["becomes_for"] == UNCLEAR)]
    new = new[~new["was_for"].isin(BUILDING)]
    out = both[(both["counted"] == ALL) & (both["was_for"] == UNCLEAR)]
    out = out[~out["becomes_for"].isin(BUILDING)]
    every = [pd.Series(data=True, index=rows.index, dtype=bool) for rows in (new, out)]
    return pd.concat(
        [
            _cells(new, NEW, "becomes", in_doubt=every[0]),
            _cells(out, OUT, "was", in_doubt=every[1]),
        ]
    )


def _cells(rows: pd.DataFrame, group: str, side: str, *, in_doubt: pd.Series[bool]) -> pd.DataFrame:
    """Cells of one group; what is not known stands beside as unknown."""
    unknown = in_doubt | (rows["land"] == NOT_COVERED)
    land = rows["land"].where(~unknown, NOT_COVERED)
    return pd.DataFrame(
        {
            "municipality": rows["municipality"],
            "part": rows[f"{side}_for"],
            "row": rows[side],
            "column": f"{group}_" + land.astype(str),
            "value": rows["area_m2"].where(~unknown, 0.0),
            "unknown": rows["area_m2"].where(unknown, 0.0),
        }
    )


def _without_plan(inputs: StatementInputs) -> pd.DataFrame:
    """Municipalities that one of the plans does not speak for: nobody knows what is new or out."""
    found = list(_missing(inputs))
    return _frame([(m, UNCLEAR, UNKNOWN_PLAN, group, NAN) for m, group in found])


def _missing(inputs: StatementInputs) -> Iterator[tuple[str, str]]:
    for group, planned in ((NEW, inputs.planned), (OUT, inputs.planned_before)):
        yield from ((m, group) for m in sorted(inputs.area_m2) if m not in planned)


def _without_size(inputs: StatementInputs) -> pd.DataFrame:
    """Areas without geometry may lie in any municipality that the plan speaks for."""
    zones = inputs.zones
    kinds = [*BUILDING, SPREAD, UNCLEAR]
    lost = ~zones.measurable & np.isin(zones.development.astype(str), kinds)
    pairs = sorted(
        {(str(zones.development[i]), str(zones.purpose[i])) for i in np.flatnonzero(lost)}
    )
    rows = [
        (m, part, purpose, NEW, 0.0)
        for m in sorted(inputs.planned & set(inputs.area_m2))
        for part, purpose in pairs
    ]
    rows += [
        (m, UNCLEAR, purpose, OUT, 0.0)  # whether it was built on is lost with the area
        for m in sorted(inputs.planned_before & set(inputs.area_m2))
        for purpose in sorted(inputs.lost_before)
        if _may_be_built(purpose)
    ]
    return _frame(rows)


def _may_be_built(purpose: str) -> bool:
    codes = [code_list(f"{level}_arealformal").find(purpose) for level in ("kp", "rp")]
    known = [code for code in codes if code is not None]
    return not known or any(code.development or code.unclear for code in known)


def _objections(inputs: StatementInputs) -> pd.DataFrame:
    """Whether an area is under objection (innsigelse) is not in plan data: unknown, not none."""
    places = sorted(inputs.area_m2)
    return _frame([(m, OBJECTION, ALL_PURPOSES, NEW, NAN) for m in places])


def _frame(rows: list[tuple[str, str, str, str, float]]) -> pd.DataFrame:
    found = [
        {
            "municipality": m,
            "part": part,
            "row": row,
            "column": f"{group}_{NOT_COVERED}",
            "value": value,
            "unknown": NAN,
        }
        for m, part, row, group, value in rows
    ]
    return pd.DataFrame(found)
