"""Hensynssone H510 (landbruk) in a plan's own file: farmland that the plan itself sets apart.

Of the zones of stated concern (KpAngittHensynSone, RpAngittHensynSone) only those with
`angittHensyn` 510 are about farmland (SOSI Plan, domain.md 4.5). They are no planned areas: they
lie on top of them, and count as core farmland.
"""

from __future__ import annotations

import pandas as pd
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Opened
from ikap.kinds.columns import Column
from ikap.kinds.core_farmland import FARMING
from ikap.kinds.geometry import tidy
from ikap.kinds.plan_parts import OBJECT_TYPE, gathered
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw

__all__ = ["CONCERNS", "concerns_of", "is_for_farming"]

CONCERNS = ("KpAngittHensynSone", "RpAngittHensynSone")
COLUMNS = (
    OBJECT_TYPE,
    Column("angittHensyn", ("KPANGITTHENSYN", "RPANGITTHENSYN"), type="code"),
    Column("navn", ("hensynSonenavn", "HENSYNSONENAVN", "HENSYNSONE")),
)


def concerns_of(
    own: Raw, raw: Raw, declaration: LayerDeclaration, region: Region, opened: Opened
) -> GeoDataFrame | None:
    """Zones H510 of the plan, of its own layer or of another one in the same file.

    Parameters
    ----------
    own : Raw
        The rows of the plan's own layer that are zones of concern.
    raw : Raw
        The plan's own layer, which knows the others of the file.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.
    opened : Opened
        Its ledger gets `concerns.farming`: how many there are, and their area in m²; and how many
        zones among the plan's own rows are for other concerns.

    Returns
    -------
    GeoDataFrame or None
        `source_layer`, `source_id`, `navn`; polygons that may lie on top of one another. None
        where the plan has no zone of stated concern at all, of whatever code.
    """
    table = gathered(own, raw, CONCERNS, COLUMNS, (declaration, region, opened.ledger))
    if table is None or not table["objtype"].isin(CONCERNS).any():
        return None
    stated = table["objtype"].isin(CONCERNS)
    farming = stated & is_for_farming(table["angittHensyn"])
    others = (stated & ~farming).iloc[: len(own.frame)]  # other layers of the file are not ours
    codes = table["angittHensyn"].iloc[: len(own.frame)][others]
    for code, count in codes.fillna("").value_counts().sort_index().items():
        opened.ledger.told("core_farmland.other", int(count), code=str(code))
    zones = tidy(table[farming], region.crs, opened.ledger, areas=True)
    zones = zones[["source_layer", "source_id", "navn", zones.geometry.name]]
    if len(zones):
        area = float(zones.geometry.area.sum())
        opened.ledger.told("concerns.farming", area, "m2", count=len(zones))
    return zones.reset_index(drop=True)


def is_for_farming(codes: pd.Series) -> pd.Series:
    """Whether each code of `angittHensyn` is that of farming, written 510, H510 or H510_1."""
    return codes.fillna("").astype(str).str.upper().str.lstrip("H").str[:3] == FARMING
