"""Goal 2: farmland that is left over, too small or too narrow to be farmed (oppdeling).

The limits are what a farmer is taken to need, not law: 5 daa and 20 m are general knowledge that
planners must confirm (domain.md F4). Nothing here is more than something to consider.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ikap.facts.farmland_remnants import AREA, WIDTH, too_little
from ikap.model import (
    Check,
    Development,
    Distances,
    End,
    Facts,
    Measure,
    Parameters,
    Reason,
    Status,
    Verdicts,
    Zones,
)

__all__ = ["CHECK", "check"]

MAP_LIMIT = "farmland.map_limit"
Floats = NDArray[np.float64]

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
    across = left.column("width")
    turn = {None: 0, End.LOW: -1, End.HIGH: 1}[left.end]
    bad = _bad(left, parameters, turn)
    measured = _by_zone(left, bad, left.area_m2, len(zones))
    some = measured > 0
    sliver = some & (measured < map_limit)
    silent = ~some & (land.unknown > 0) & (land.unknown >= map_limit)
    status = np.where(some, str(Status.WARNING), str(Status.OK)).astype(object)
    status[silent] = str(Status.UNKNOWN)
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "some"
    text_key[sliver] = "sliver"
    pieces: list[list[Mapping[str, object]]] = [[] for _ in range(len(zones))]
    for k in np.flatnonzero(bad):
        told = {"size_m2": round(float(left.area_m2[k]), 6), "across_m": round(float(across[k]), 2)}
        pieces[left.zone[k]].append({"say": "finding.item_remnant", **told})
    return Verdicts(
        status=status,
        measured=Measure(measured, land.unknown, *_interval(left, parameters, len(zones))),
        limit=parameters[AREA].m2,
        unit="m2",
        text_key=text_key,
        sliver=sliver,
        reason=np.where(land.reason == "", str(Reason.NO_COVERAGE), land.reason),
        told=[{"pieces_list": rows} for rows in pieces],
    )


def _bad(left: Distances, parameters: Parameters, turn: int) -> NDArray[np.bool_]:
    """Remnants that are too little, as mapped (0) or if they were so much less (-1) or more (1)."""
    far = turn * np.nan_to_num(np.stack([left.column("area_error"), left.column("width_error")]))
    return too_little(
        left.area_m2 + far[0],
        left.column("width") + far[1],
        (left.column("before_area"), left.column("before_width")),
        (parameters[AREA].m2, parameters[WIDTH].value),
    )


def _interval(left: Distances, parameters: Parameters, count: int) -> tuple[Floats, Floats]:
    """From what is too little even if it is larger, to all that may be; NaN where not known."""
    error = left.column("area_error")
    low = np.maximum(left.area_m2 - error, 0.0)
    sure, maybe = (_bad(left, parameters, turn) for turn in (1, -1))
    found = (_by_zone(left, sure, low, count), _by_zone(left, maybe, left.area_m2 + error, count))
    nothing = ~_by_zone(left, maybe, np.ones(len(error)), count).astype(bool)
    silent = nothing | np.isnan(found[1])
    return np.where(silent, np.nan, found[0]), np.where(silent, np.nan, found[1])


def _by_zone(left: Distances, rows: NDArray[np.bool_], values: Floats, count: int) -> Floats:
    return np.bincount(left.zone[rows], values[rows], minlength=count).astype(np.float64)
