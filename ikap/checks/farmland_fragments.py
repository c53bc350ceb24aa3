"""Goal 2: farmland that is left over, too small or too narrow to be farmed (oppdeling).

The limits are what a farmer is taken to need, not law: 5 daa and 20 m are general knowledge that
planners must confirm (domain.md F4). Nothing here is more than something to consider.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from ikap.model import (
    Check,
    Development,
    Facts,
    Measure,
    Parameters,
    Reason,
    Status,
    Verdicts,
    Zones,
)

__all__ = ["CHECK", "check"]

AREA, WIDTH = "farmland.min_remaining_area", "farmland.min_remaining_width"
MAP_LIMIT = "farmland.map_limit"
ROUNDING_M = 0.05
"""A width is found within this; a strip of just the limit is not too narrow."""

CHECK = Check(
    goal=2,
    needs=("farmland_by_class", "farmland_remnants"),
    applies_to=(Development.FUTURE, Development.FURTHER),
    valid_from=date(2015, 1, 1),
    parameters={AREA: "daa", WIDTH: "m", MAP_LIMIT: "m2"},
    texts={
        "nb": {
            "title": "Gjenværende jordbruksareal",
            "question": "Blir det igjen jordstykker som er for små eller for smale å drive?",
            "some": "Planen deler opp jordbruksareal, og {measured} ved området blir liggende i "
            "stykker under {min_remaining_area} eller smalere enn {min_remaining_width}: "
            "{pieces}. Bredden er diameteren i den største sirkelen som får plass.",
            "sliver": "Planen deler opp jordbruksareal, og {measured} blir igjen ved området, "
            "under kartteknisk grense på {map_limit}.",
            "none": "Ingen gjenværende jordstykker ved området er under {min_remaining_area} "
            "eller smalere enn {min_remaining_width}.",
        },
        "en": {
            "title": "Remaining farmland",
            "question": "Are pieces of farmland left that are too small or too narrow to farm?",
            "some": "The plan cuts up farmland, and {measured} by the area is left in pieces "
            "below {min_remaining_area} or narrower than {min_remaining_width}: {pieces}. The "
            "width is the diameter of the largest circle that has room.",
            "sliver": "The plan cuts up farmland, and {measured} is left by the area, below the "
            "map limit of {map_limit}.",
            "none": "No remaining piece of farmland by the area is below {min_remaining_area} or "
            "narrower than {min_remaining_width}.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Area in m² of the remnants by each zone that are too small or too narrow."""
    land, left = facts["farmland_by_class"], facts.distances("farmland_remnants")
    map_limit = parameters[MAP_LIMIT].m2
    across = left.metres[:, 0]
    small = left.area_m2 < parameters[AREA].m2
    narrow = across < parameters[WIDTH].value - ROUNDING_M
    bad = small | narrow
    measured = np.bincount(left.zone[bad], left.area_m2[bad], minlength=len(zones))
    some = measured > 0
    sliver = some & (measured < map_limit)
    silent = ~some & (land.unknown >= map_limit)
    status = np.where(some, str(Status.WARNING), str(Status.OK)).astype(object)
    status[silent] = str(Status.UNKNOWN)
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "some"
    text_key[sliver] = "sliver"
    pieces: list[list[Mapping[str, object]]] = [[] for _ in range(len(zones))]
    for k in np.flatnonzero(bad):
        told = {"size_m2": round(float(left.area_m2[k]), 6), "across_m": round(float(across[k]), 2)}
        pieces[left.zone[k]].append({"say": "finding.item_remnant", **told})
    nothing = np.full(len(zones), np.nan)
    return Verdicts(
        status=status,
        measured=Measure(measured.astype(np.float64), land.unknown, nothing, nothing),
        limit=parameters[AREA].m2,
        unit="m2",
        text_key=text_key,
        sliver=sliver,
        reason=np.where(land.reason == "", str(Reason.NO_COVERAGE), land.reason),
        told=[{"pieces_list": rows} for rows in pieces],
    )
