"""What a statement's table gets and gives: cells that add up, never sums that hide their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.accounts.reserve import ReserveMethod
from ikap.model import Development, Indicator, Zones

__all__ = [
    "CELL_COLUMNS",
    "DEVELOPMENTS",
    "KEYS",
    "NOT_IN_PLAN",
    "SPREAD",
    "UNKNOWN_PLAN",
    "StatementInputs",
    "TableSpec",
    "cells",
    "of_zones",
    "without_noise",
]

CELL_COLUMNS = (
    "table",
    "plan",
    "against",
    "method",
    "municipality",
    "part",
    "row",
    "column",
    "value",
    "unknown",
    "unit",
    "herav",
    "low",
    "high",
    "variance_single",
    "variance_shift",
)
"""`low` and `high` are the 95 % interval of `value`, NaN where it rests on no map, or on one that
states no accuracy. The variances (m⁴, both cases of `measure.uncertainty`) may be added up over
cells of one column: so sums of cells get an interval too (`intervals.half_width`)."""
KEYS = ["municipality", "part", "row", "column"]
SPREAD = CELL_COLUMNS[-2:]
NOT_IN_PLAN, UNKNOWN_PLAN = "not_in_plan", "unknown_plan"
"""Ground that a plan leaves out, and ground of a municipality whose plan nobody has delivered."""
DEVELOPMENTS = tuple(str(d) for d in Development if d != Development.NONE)
NOISE_M2 = 0.01
"""Sums of exact areas may miss each other by this much; the row it stands in takes it."""


@dataclass(frozen=True)
class TableSpec:
    """A table's name, the facts of zones and of the ground it needs, and whether it compares."""

    name: str
    needs: tuple[str, ...] = ()
    ground: tuple[str, ...] = ()
    compares: bool = False


@dataclass(frozen=True)
class StatementInputs:
    """What a table gets: one plan, the one it is compared with, and what was measured of both.

    `tables` are long tables over the plan's zones with ground counted once, `ground` the same
    over the municipalities, `area_m2` the municipalities themselves. `planned` and
    `planned_before` name the municipalities that each of the plans speaks for, `lost_before` the
    purposes of areas without geometry in the plan compared with. `level` is kp or
    rp, and has the zones' length, as have all arrays of `zones`. `statistics` are tables without
    geometry by their name under `[use]`; empty where the file is not there.
    """

    plan: str
    against: str
    zones: Zones
    level: NDArray[np.object_]
    tables: Mapping[str, pd.DataFrame]
    ground: Mapping[str, pd.DataFrame]
    area_m2: Mapping[str, float]
    planned: frozenset[str]
    planned_before: frozenset[str] = frozenset()
    lost_before: frozenset[str] = frozenset()
    methods: Sequence[ReserveMethod] = ()
    indicators: Sequence[Indicator] = field(default_factory=tuple)
    statistics: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def cells(
    inputs: StatementInputs,
    table: str,
    frame: pd.DataFrame,
    *,
    method: str = "",
    unit: str = "m2",
    herav: bool = False,
) -> pd.DataFrame:
    """Cells of one table.

    Parameters
    ----------
    inputs : StatementInputs
        Names of the plans.
    table : str
        Name of the table, for example `T1`.
    frame : DataFrame
        `municipality`, `row`, `column`, `value`; `part` and `unknown` where there are any. Equal
        cells are added up.
    method, unit : str
        Written on each cell.
    herav : bool
        Whether the cells lie on top of others, outside every sum.

    Returns
    -------
    DataFrame
        Columns `CELL_COLUMNS`, in the order municipality, part, row, column; without intervals.
    """
    whole = frame.assign(part=frame.get("part", ""), unknown=frame.get("unknown", 0.0))
    grouped = whole.groupby(KEYS, sort=True)[["value", "unknown"]]
    some_unknown = grouped.count().lt(grouped.size(), axis=0)
    summed = grouped.sum().mask(some_unknown).reset_index()
    made = summed.assign(
        table=table,
        plan=inputs.plan,
        against=inputs.against,
        method=method,
        unit=unit,
        herav=herav,
        **dict.fromkeys(("low", "high", *SPREAD), float("nan")),
    )
    return made[list(CELL_COLUMNS)]


def of_zones(inputs: StatementInputs, fact: str) -> pd.DataFrame:
    """Table of a fact with what is known of each zone, in the region's municipalities alone."""
    table = inputs.tables[fact]
    table = table[table["municipality"].isin(list(inputs.area_m2))]
    zone, zones = table["zone"].to_numpy(), inputs.zones
    return table.assign(
        purpose=zones.purpose[zone],
        development=zones.development[zone],
        level=inputs.level[zone],
    )


def without_noise(value: pd.Series) -> pd.Series:
    """Differences of sums with what is only rounding set to 0; more below 0 is a fault in ikap."""
    assert (value > -1.0).all(), "a statement counts ground twice"
    return value.mask(value < NOISE_M2, 0.0)
