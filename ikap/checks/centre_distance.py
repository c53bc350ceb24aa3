"""Goal 3: distance on foot from planned housing to the municipality's own centre."""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.checks.reach import reach, told_of, why
from ikap.facts.centre_distance import NEAREST, OWN
from ikap.model import Check, Development, Facts, Measure, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "HOUSING", "check"]

LIMIT, SPEED = "distance.centre_walk", "distance.walk_speed"
HOUSING = ("1000", "1001", "111", "113", "1800", "1801", "1802", "1803", "1804")
"""Purposes where people may live: 1001 and 1800 «kan romme bolig» (domain.md 4.6, 4.7)."""

CHECK = Check(
    goal=3,
    needs=("centre_distance",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    purposes=HOUSING,
    valid_from=date(2015, 1, 1),
    parameters={LIMIT: "m", SPEED: "km/h"},
    texts={
        "nb": {
            "title": "Gangavstand til eget senter",
            "question": "Hvor langt er det å gå langs veg til et senter i egen kommune?",
            "within": "{within_share} av området ligger innenfor {centre_walk} fra kanten av et "
            "senter i egen kommune. Gangavstanden er {measured} for midten av området (median), "
            "om lag {walk}. Den korteste er {minimum}.",
            "over": "Gangavstanden langs veg til kanten av nærmeste senter i egen kommune er "
            "{measured} for midten av området (median), om lag {walk}. Grensen er {limit}. Den "
            "korteste er {minimum}, og {within_share} av området ligger innenfor grensen.",
        },
        "en": {
            "title": "Walking distance to own centre",
            "question": "How far is it to walk along roads to a centre of one's municipality?",
            "within": "{within_share} of the area is within {centre_walk} of the edge of a centre "
            "of its own municipality. The way is {measured} for the middle of the area (median), "
            "about {walk}. The shortest is {minimum}.",
            "over": "The way along roads to the edge of the nearest centre of its own "
            "municipality is {measured} for the middle of the area (median), about {walk}. The "
            "limit is {limit}. The shortest is {minimum}, and {within_share} of the area is "
            "within the limit.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Median way in m from each zone to a centre of its own, held against the limit."""
    distances = facts.distances("centre_distance")
    limit, speed = parameters[LIMIT].value, parameters[SPEED].value
    own = reach(distances, {OWN: limit})
    nearest = reach(distances, {NEAREST: limit})
    status = own.status
    told = [told_of(own, i, speed) for i in range(len(zones))]
    for i in np.flatnonzero(np.isfinite(nearest.median)):
        told[i]["nearest_centre_m"] = round(float(nearest.median[i]), 3)
    nothing = np.full(len(zones), np.nan)
    return Verdicts(
        status=status,
        measured=Measure(own.median, own.unknown, nothing, nothing),
        limit=limit,
        unit="m",
        text_key=np.where(status == Status.OK, "within", "over").astype(object),
        sliver=np.zeros(len(zones), dtype=bool),
        reason=why(distances, {OWN: limit}),
        told=told,
    )
