"""T5: quality of what is set aside: area inside each theme, as herav columns outside any sum.

A theme without a layer is unknown, never 0; one that is mapped in part has the rest as unknown.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ikap.accounts.cell_intervals import of_themes, with_intervals
from ikap.accounts.cells import StatementInputs, TableSpec, cells, of_zones
from ikap.accounts.reserve import ReserveMethod
from ikap.facts.theme_area import THEMES, unknown_of
from ikap.model import Development

__all__ = ["TABLE", "overlaps", "table"]

TABLE = TableSpec("T5", needs=("theme_area", "theme_accuracy"))
SET_ASIDE = "set_aside"
CULTIVABLE = "cultivable"
ROUNDING_M2 = 1.0
"""Less known ground than this in all areas of a purpose is rounding."""


def table(inputs: StatementInputs) -> pd.DataFrame:
    """Cells purpose × theme in m², and what is set aside, of all planned areas."""
    whole = of_zones(inputs, "landcover_by_class")
    whole = whole[whole["development"] != Development.NONE]
    areas = whole.rename(columns={"development": "part", "purpose": "row", "area_m2": "value"})
    shown = tuple(name for name in THEMES if name != CULTIVABLE)
    whole_and_herav = [
        cells(inputs, TABLE.name, areas.assign(column=SET_ASIDE)),
        cells(inputs, TABLE.name, overlaps(inputs, shown), herav=True),
    ]
    found = pd.concat(whole_and_herav, ignore_index=True)
    return with_intervals(found, of_themes(inputs, shown), whole=SET_ASIDE)


def overlaps(
    inputs: StatementInputs, themes: tuple[str, ...], method: ReserveMethod | None = None
) -> pd.DataFrame:
    """Area inside each theme by municipality, development and purpose.

    Parameters
    ----------
    inputs : StatementInputs
        With the fact `theme_area`.
    themes : tuple of str
        Names in `theme_area.THEMES`.
    method : ReserveMethod, optional
        Only areas that it judges.

    Returns
    -------
    DataFrame
        `municipality`, `part`, `row`, `column`, `value` and `unknown` in m²; `value` is NaN where
        nothing of the theme is known.
    """
    found = _judged(of_zones(inputs, "theme_area"), method)
    gaps = {unknown_of(name): name for name in themes}
    known = found[found["class"].isin(list(themes))]
    known = known.assign(column=known["class"], value=known["area_m2"], unknown=0.0)
    gap = found[found["class"].isin(list(gaps))]
    gap = gap.assign(column=gap["class"].map(gaps), value=0.0, unknown=gap["area_m2"])
    keys = ["municipality", "part", "row"]
    joined = pd.concat([known, gap], ignore_index=True)
    summed = joined.groupby([*keys, "column"])[["value", "unknown"]].sum()
    whole = _judged(of_zones(inputs, "landcover_by_class"), method)
    size = whole[whole["part"] != Development.NONE].groupby(keys)["area_m2"].sum().reset_index()
    every = size.merge(pd.DataFrame({"column": list(themes)}), how="cross")
    filled = every.join(summed, on=[*keys, "column"]).fillna({"value": 0.0, "unknown": 0.0})
    nothing = filled["unknown"] >= filled["area_m2"] - ROUNDING_M2
    return filled.assign(value=filled["value"].mask(nothing)).drop(columns="area_m2")


def _judged(table: pd.DataFrame, method: ReserveMethod | None) -> pd.DataFrame:
    """Rows of the areas that a method judges, by part and row."""
    named = table.rename(columns={"development": "part", "purpose": "row"})
    if method is None:
        return named
    keys = zip(named["row"], named["level"], named["part"], strict=True)
    return named[np.array([method.judges(*key) for key in keys], dtype=bool)]
