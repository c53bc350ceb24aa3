"""Fact: jordkvalitet of the full- and overflatedyrka jord in each area that may be built on, in m².

Measured on the pieces of farmland alone. Farmland without a mapped class is `not_covered`: only
about half of it is mapped (NIBIO), and what is not mapped is not poor. Innmarksbeite has no class.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import shapely

from ikap.facts.land import land_areas, land_pieces
from ikap.facts.partition import Partition
from ikap.facts.plans import for_building
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, OTHER, merge
from ikap.kinds.soil_quality import CLASSES
from ikap.measure.pieces import polygons_of
from ikap.model import Reason

__all__ = ["FACT", "measure"]

FARMLAND = ("21", "22", "23", "20")
CLASSED = ("21", "22", "20")
"""Classes of farmland that soil quality is mapped for; 20 may be any, so it is asked about too."""

FACT = FactSpec(
    name="soil_quality", uses=("farmland", "soil_quality"), classes=tuple(sorted(CLASSES))
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × class in m²; the rows of a zone add up to its farmland of `CLASSED`."""
    tables = []
    for pieces in land_pieces(for_building(partition), "farmland", FARMLAND):
        keep = np.isin(pieces.classes, CLASSED)
        shapes = polygons_of(pieces.geometry[keep].copy())
        field = dataclasses.replace(
            partition,
            zone=pieces.zone[keep],
            geometry=shapes,
            area=np.asarray(shapely.area(shapes), dtype=np.float64),
            answers={},
        )
        tables.append(_unmapped_is_unknown(land_areas(field, "soil_quality")))
    return merge(tables)


def _unmapped_is_unknown(table: pd.DataFrame) -> pd.DataFrame:
    """Table where ground inside the map's coverage without a class is unknown as well."""
    silent = table["class"] == OTHER
    why = table["reason"].mask(silent, str(Reason.NO_COVERAGE))
    layer = table["layer"].mask(silent, "")
    return table.assign(
        layer=layer, reason=why, **{"class": table["class"].mask(silent, NOT_COVERED)}
    )
