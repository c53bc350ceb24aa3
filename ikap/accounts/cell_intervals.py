"""How sure the cells of a statement's table are.

A cell that sums land or a theme inside planned areas has variances that may be added up over other
cells of its column, and from them its interval. The plan's own line is taken as decided, so a cell
that sums planned areas alone has none. Where a method takes belts round buildings and strips out,
these are taken as given: what is left is some part of each area, and the bound of
`measure.uncertainty` holds for any part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ikap.accounts.cells import KEYS, SPREAD, StatementInputs, of_zones
from ikap.accounts.reserve import ReserveMethod
from ikap.facts.landcover_accuracy import BUILT, UNBUILT, WATER
from ikap.facts.landcover_by_class import FACT as LANDCOVER
from ikap.facts.variance_table import named
from ikap.model import Z_95, Development

__all__ = [
    "LAND_CLASSES",
    "Sureness",
    "built_and_not",
    "of_land",
    "of_themes",
    "with_intervals",
]

ACCURACY = "landcover_accuracy"
LAND_CLASSES = {c: (c,) for c in LANDCOVER.classes if c not in (*BUILT, *WATER)}
LAND_CLASSES |= {"_".join(WATER): (named(WATER),)}
"""Classes of `landcover_accuracy` by column of land cover."""


@dataclass(frozen=True)
class Sureness:
    """Variances of the cells of some columns.

    `rows` has `KEYS` and `SPREAD`, infinite where the map states no accuracy. A cell of `columns`
    without a row has no line of the map in it.
    """

    rows: pd.DataFrame
    columns: frozenset[str]


def built_and_not(method: ReserveMethod) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Classes of `landcover_accuracy` whose lines bound what a method calls built, and reserve."""
    water = (named(WATER),) if method.takes_water else ()
    return (named(BUILT), *water), (named(UNBUILT), *water)


def of_land(
    inputs: StatementInputs, method: ReserveMethod, columns: Mapping[str, tuple[str, ...]]
) -> Sureness:
    """Variances of the land that a method judges.

    Parameters
    ----------
    inputs : StatementInputs
        With the fact `landcover_accuracy`.
    method : ReserveMethod
        Which areas; of a method with a fact of its own only a part of each is land.
    columns : mapping
        Classes of `landcover_accuracy` by column of the table. The variance of several is taken
        as their sum times their number, which is no less than that of the sum.

    Returns
    -------
    Sureness
        Of the columns; of none where the method has its own idea of what is built, which nobody
        has measured.
    """
    exact = method.fact == LANDCOVER.name
    known = {} if exact and set(method.built) != set(BUILT) else columns
    return _gathered(inputs, ACCURACY, known, method, "shared" if exact else "part")


def of_themes(
    inputs: StatementInputs, themes: tuple[str, ...], method: ReserveMethod | None = None
) -> Sureness:
    """Variances of the ground inside each theme, as `of_land`."""
    return _gathered(inputs, "theme_accuracy", {t: (t,) for t in themes}, method, "shared")


def _gathered(
    inputs: StatementInputs,
    fact: str,
    columns: Mapping[str, tuple[str, ...]],
    method: ReserveMethod | None,
    kind: str,
) -> Sureness:
    table = of_zones(inputs, fact)
    table = table[table["development"] != Development.NONE]
    if method is not None:
        keys = zip(table["purpose"], table["level"], table["development"], strict=True)
        table = table[np.array([method.judges(*key) for key in keys], dtype=bool)]
    cases = [f"{kind}_{case.removeprefix('variance_')}" for case in SPREAD]
    pairs = [(column, c, len(own)) for column, own in columns.items() for c in own]
    wanted = pd.DataFrame(pairs, columns=["column", "class", "times"]).astype({"class": object})
    made = table.merge(wanted, on="class")
    made[[*SPREAD]] = made[cases].to_numpy(np.float64) * made[["times"]].to_numpy(np.float64)
    named_so = made.rename(columns={"development": "part", "purpose": "row"})
    summed = named_so.groupby(KEYS)[[*SPREAD]].sum()
    return Sureness(summed.reset_index(), frozenset(columns))


def with_intervals(cells: pd.DataFrame, *sure: Sureness, whole: str = "") -> pd.DataFrame:
    """Cells with their variances and 95 % intervals.

    Parameters
    ----------
    cells : DataFrame
        Columns `CELL_COLUMNS`, one cell per place, part, row and column.
    *sure : Sureness
        Of some of the columns; the others have no interval.
    whole : str
        Column that holds all of a row's ground; else the columns of a row add up to it.

    Returns
    -------
    DataFrame
        `low` and `high` within 0 and the row's ground; NaN where nothing was found or stated.
    """
    rows = pd.concat([one.rows for one in sure], ignore_index=True)
    own = cells.drop(columns=[*SPREAD]).merge(rows, on=KEYS, how="left")
    value = own["value"].to_numpy(np.float64)
    about = own["column"].isin(frozenset().union(*(one.columns for one in sure))).to_numpy()
    case = own[[*SPREAD]].fillna(0.0).to_numpy(np.float64)
    case[~(about & (value > 0)) | ~np.isfinite(case).all(axis=1)] = np.nan
    half = Z_95 * np.sqrt(case.max(axis=1))
    ground = cells[cells["column"] == whole] if whole else cells[~cells["herav"]]
    size = ground.groupby(KEYS[:-1])["value"].sum().rename("most")
    most = own.join(size, on=KEYS[:-1])["most"].to_numpy(np.float64)
    ends = {"low": np.maximum(value - half, 0.0), "high": np.minimum(value + half, most)}
    return own.assign(**ends, **dict(zip(SPREAD, case.T, strict=True)))[list(cells.columns)]
