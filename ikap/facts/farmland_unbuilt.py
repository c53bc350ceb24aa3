"""Fact: farmland that no building stands on or close to, by class, in m².

Measured of areas that may be built on by the plan; of LNF and green areas it says nothing.

A building takes its footprint and a belt round it of `reserve.building_buffer` metres (NINA's
method, domain.md 8.3: 10 m), its circles drawn as for the other reserve facts, so that they say the
same of the same ground. Without a building layer all farmland in the zone is unknown: it may be
built on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.land import LandPieces, land_areas, land_pieces
from ikap.facts.listing import listed_rows
from ikap.facts.partition import Partition
from ikap.facts.plans import for_building
from ikap.facts.reserve import clear_of_buildings
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, merge, rows
from ikap.measure.pieces import polygons_of
from ikap.model import Reason

__all__ = [
    "BUFFER",
    "FACT",
    "FARMLAND",
    "SEGMENTS",
    "clear_pieces",
    "listed",
    "measure",
    "why_not_built",
]

FARMLAND = ("21", "22", "23", "20")
BUFFER, SEGMENTS = "reserve.building_buffer", "reserve.circle_segments"

FACT = FactSpec(
    name="farmland_unbuilt",
    uses=("farmland", "buildings"),
    classes=FARMLAND,
    parameters=(BUFFER, SEGMENTS),
    accuracy="farmland_accuracy",  # of all farmland in the zone: the belt round buildings is given
    by_hand="clear",
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table zone × farmland class in m², without what buildings take."""
    areas = for_building(partition)
    unknown = land_areas(areas, "farmland", overview=True)
    unknown = unknown[unknown["class"] == NOT_COVERED]
    tables = [unknown]
    for pieces in land_pieces(areas, "farmland", FARMLAND):
        area = shapely.area(pieces.geometry)
        reason = why_not_built(partition)
        if reason:
            where = {"municipality": partition.municipality, "layer": ""}
            tables.append(rows(pieces.zone, area, classes=NOT_COVERED, reason=reason, **where))
        else:
            tables.append(_without_buildings(pieces, partition))
    return merge(tables)


def why_not_built(partition: Partition) -> str:
    """Reason why nobody can tell built from unbuilt here; empty where the layers can."""
    if any(name not in partition.parameters for name in FACT.parameters):
        return str(Reason.NO_PARAMETER)
    layers = partition.layers.get("buildings", ())
    if not layers:
        return str(Reason.NO_LAYER)
    covering = [layer.declaration.coverage.municipalities for layer in layers]
    if any("all" in names or partition.municipality in names for names in covering):
        return ""
    return str(Reason.NO_COVERAGE)


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Pieces of unbuilt farmland (`listing.COLUMNS`); none where nobody knows what is built."""
    areas = for_building(partition)
    if why_not_built(areas):
        return []
    return [
        listed_rows(
            areas,
            p.zone,
            str(p.layer[0]),
            ids=p.ids,
            classes=p.classes,
            pieces=clear_pieces(p, areas),
        )
        for p in land_pieces(areas, "farmland", tuple(classes))
        if len(p.zone)
    ]


def clear_pieces(pieces: LandPieces, partition: Partition) -> NDArray[np.object_]:
    """Each piece without the belts round buildings; asked only where `why_not_built` is empty."""
    width, segments = (partition.parameters[name].value for name in FACT.parameters)
    shapes = polygons_of(pieces.geometry)
    return clear_of_buildings(partition, shapes, width, int(segments))


def _without_buildings(pieces: LandPieces, partition: Partition) -> pd.DataFrame:
    area = shapely.area(clear_pieces(pieces, partition))
    tables = [
        rows(
            pieces.zone[m],
            area[m],
            municipality=partition.municipality,
            layer=str(layer),
            classes=pieces.classes[m],
        )
        for layer in sorted(set(pieces.layer))
        for m in [pieces.layer == layer]
    ]
    return merge(tables)
