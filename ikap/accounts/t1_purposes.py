"""T1: area of each arealformål in the plan now and in the proposal, per municipality.

Both columns add up to the municipality: ground that a plan leaves out is a row of its own, and so
is the ground of a municipality whose plan is not known. What there is of a purpose is unknown where
all that the plan has of it are areas without geometry.
"""

from __future__ import annotations

import pandas as pd

from ikap.accounts.cells import (
    NOT_IN_PLAN,
    UNKNOWN_PLAN,
    StatementInputs,
    TableSpec,
    cells,
    of_zones,
    without_noise,
)

__all__ = ["TABLE", "table"]

TABLE = TableSpec("T1", needs=("landcover_by_class",), ground=("compared_purpose",))
BEFORE, AFTER = "before", "after"


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells purpose × {before, after} in m²; `before` only with a plan to compare with."""
    after = of_zones(inputs, "landcover_by_class").rename(columns={"purpose": "row"})
    lost = frozenset(inputs.zones.purpose[~inputs.zones.measurable])
    frames = [_whole(inputs, after, AFTER, inputs.planned, lost)]
    if inputs.against:
        ground = inputs.ground["compared_purpose"]
        before = ground[ground["layer"] != ""]
        before = before.assign(row=before["class"].str.split("/").str[0])
        frames.append(_whole(inputs, before, BEFORE, inputs.planned_before, inputs.lost_before))
    return cells(inputs, TABLE.name, pd.concat(frames, ignore_index=True))


def _whole(
    inputs: StatementInputs,
    known: pd.DataFrame,
    column: str,
    planned: frozenset[str],
    lost: frozenset[str],
) -> pd.DataFrame:
    """Areas by purpose and what is left of each municipality; a plan's lost areas are not sized."""
    summed = known.groupby(["municipality", "row"])["area_m2"].sum().rename("value").reset_index()
    whole = pd.Series(inputs.area_m2, name="value", dtype="float64")
    rest = whole.sub(summed.groupby("municipality")["value"].sum(), fill_value=0.0)
    left = without_noise(rest).rename_axis("municipality").reset_index()
    left["row"] = [NOT_IN_PLAN if m in planned else UNKNOWN_PLAN for m in left["municipality"]]
    places = sorted(planned & set(inputs.area_m2)) or sorted(inputs.area_m2)
    nothing = [(m, row) for m in places for row in sorted(lost - set(summed["row"]))]
    unknown = pd.DataFrame(nothing, columns=["municipality", "row"]).assign(value=float("nan"))
    parts = [part for part in (summed, left[left["value"] > 0], unknown) if len(part)]
    joined = pd.concat(parts, ignore_index=True)
    unsized = joined["row"].isin(list(lost))
    return joined.assign(column=column, unknown=unsized.map({True: float("nan"), False: 0.0}))
