"""J3, the ledger of the ground: what happened to farmland between two vintages of AR5.

It alone can say whether farmland was kept. Built down (to AR5 11 and 12) and newly cultivated (from
forest, open land and mire) stand gross, class by class. What only changed class, what left or
became farmland without being built or cultivated, and what a vintage has not mapped, stand apart;
*herav* is what is so narrow that a line may only have been drawn anew. Never netted with plans (J1)
or decisions (J2).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ikap.accounts.cells import StatementInputs, TableSpec, cells
from ikap.facts.farmland_vintages import ANY, BUILT, CULTIVATED_FROM, FARMLAND, NARROW
from ikap.facts.table import NOT_COVERED

__all__ = ["COLUMNS", "NARROW_BUILT", "NARROW_CULTIVATED", "TABLE", "UNMAPPED", "table"]

TABLE = TableSpec("J3", ground=("farmland_vintages",))
LOST = ("before", "built", "to_other", "to_class")
GAINED = ("cultivated", "from_other", "from_class", "after")
COLUMNS = (*LOST, *GAINED)
"""Of each class: before − built − to_other − to_class + cultivated + from_other + from_class
= after, where both vintages are mapped."""
NARROW_BUILT, NARROW_CULTIVATED = "narrow_built", "narrow_cultivated"
UNMAPPED = "unmapped"
NAN = float("nan")


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells land class × `COLUMNS` in m²; what nobody knows is `unknown` of the column it may be.

    Without both vintages all of it is unknown.
    """
    found = inputs.ground["farmland_vintages"]
    nowhere = set(found.loc[found["class"] == f"{NOT_COVERED}/{NOT_COVERED}", "municipality"])
    told = [
        (str(m), *cell, float(area))
        for m, label, area in zip(
            found["municipality"], found["class"], found["area_m2"], strict=True
        )
        if m not in nowhere
        for cell in _columns(str(label))
    ]
    rows = [_row(m, row, column, area, known=known) for m, row, column, known, area in told]
    rows += [
        _nothing(m, c, column) for m in sorted(nowhere) for c in FARMLAND[:3] for column in COLUMNS
    ]
    places = sorted(set(inputs.area_m2) - nowhere)
    rows += [_row(m, c, k, 0.0, known=True) for m in places for c in FARMLAND[:3] for k in COLUMNS]
    frame = pd.DataFrame(rows)
    strips = frame["column"].isin([NARROW_BUILT, NARROW_CULTIVATED])
    made = [cells(inputs, TABLE.name, frame[~strips])]
    if strips.any():
        made.append(cells(inputs, TABLE.name, frame[strips], herav=True))
    return pd.concat(made, ignore_index=True)


def _columns(label: str) -> Iterator[tuple[str, str, bool]]:
    """Row, column and whether it is known, of ground that was one class and is another."""
    *strip, old, new = label.split("/")
    if strip == [NARROW]:
        yield (old, NARROW_BUILT, True) if old in FARMLAND else (new, NARROW_CULTIVATED, True)
        return
    if ANY in (old, new):
        yield UNMAPPED, "after" if old == ANY else "before", False
        return
    if NOT_COVERED in (old, new) and not {old, new} & set(FARMLAND):
        yield UNMAPPED, "built" if old == NOT_COVERED else "cultivated", False
        return
    if old in FARMLAND:
        yield old, "before", True
    if new in FARMLAND:
        yield new, "after", True
    if old == new:
        return
    if old in FARMLAND:
        yield old, _lost(new), new != NOT_COVERED
    if new in FARMLAND:
        yield new, _gained(old), old != NOT_COVERED


def _lost(new: str) -> str:
    """Where farmland went; what may have been built is unknown of what is built."""
    if new in BUILT or new == NOT_COVERED:
        return "built"
    return "to_class" if new in FARMLAND else "to_other"


def _gained(old: str) -> str:
    """Where farmland came from; strips of it that are narrow are told of what is cultivated."""
    if old in CULTIVATED_FROM or old == NOT_COVERED:
        return "cultivated"
    return "from_class" if old in FARMLAND else "from_other"


def _row(m: str, row: str, column: str, area: float, *, known: bool) -> dict[str, object]:
    value, unknown = (area, 0.0) if known else (0.0, area)
    return {"municipality": m, "row": row, "column": column, "value": value, "unknown": unknown}


def _nothing(municipality: str, row: str, column: str) -> dict[str, object]:
    return {
        "municipality": municipality,
        "row": row,
        "column": column,
        "value": NAN,
        "unknown": NAN,
    }
