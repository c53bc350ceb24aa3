"""Area statement (*arealregnskap*): zones × land classes, each row adding up to the zone."""

from __future__ import annotations

import pandas as pd

from ikap.model import Zones

__all__ = ["statement"]

TOLERANCE_M2 = 0.01
"""A row adds up to the zone's area within this (design.md, Statements)."""


def statement(zones: Zones, table: pd.DataFrame) -> pd.DataFrame:
    """Long statement of one plan.

    Parameters
    ----------
    zones : Zones
        All zones of the plan.
    table : DataFrame
        Long table of the land fact, zone × municipality × layer × class in m².

    Returns
    -------
    DataFrame
        `plan, zone_key, class, area_m2, zone_area_m2`; the classes of a zone, `not_covered`
        among them, add up to its area within 0.01 m².
    """
    summed = table.groupby(["zone", "class"], sort=True)["area_m2"].sum().reset_index()
    total = summed.groupby("zone")["area_m2"].sum()
    gap = (total - pd.Series(zones.area_m2[total.index], index=total.index)).abs()
    assert (gap <= TOLERANCE_M2).all(), f"statement does not add up: {gap.max()} m²"
    index = summed["zone"].to_numpy()
    return pd.DataFrame(
        {
            "plan": zones.plan,
            "zone_key": zones.keys[index],
            "class": summed["class"],
            "area_m2": summed["area_m2"],
            "zone_area_m2": zones.area_m2[index],
        }
    )
