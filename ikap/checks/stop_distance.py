"""Goal 1: distance on foot from planned areas to public transport, along the network."""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.checks.reach import reach, times_limit, told_of, why
from ikap.model import Check, Development, Facts, Measure, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

BUS, RAIL = "distance.stop_walk_bus", "distance.stop_walk_rail"
SPEED = "distance.walk_speed"
BUS_LIKE = ("bus", "tram", "ferry", "other")
RAIL_LIKE = ("train", "metrobuss")
"""Modes that people walk farther to (domain.md 2: train and metrobuss)."""

CHECK = Check(
    goal=1,
    needs=("walk_distance",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    purposes=("1000", "1001", "111", "113", "114", "115", "116", "13", "18"),
    valid_from=date(2015, 1, 1),
    parameters={BUS: "m", RAIL: "m", SPEED: "km/h"},
    legal=("Statlige planretningslinjer for arealbruk og mobilitet (2025)",),
    texts={
        "nb": {
            "title": "Gangavstand til kollektivtransport",
            "question": "Hvor langt er det å gå langs veg til nærmeste holdeplass eller stasjon?",
            "within": "{within_share} av området ligger innenfor gangavstand ({stop_walk_bus} til "
            "buss, {stop_walk_rail} til tog og metrobuss). Gangavstanden langs veg til nærmeste "
            "{target} er {measured} for midten av området (median), om lag {walk}. Den korteste "
            "er {minimum}.",
            "over": "Gangavstanden langs veg til nærmeste {target} er {measured} for midten av "
            "området (median), om lag {walk}. Grensen er {limit}. Den korteste er {minimum}, og "
            "{within_share} av området ligger innenfor grensen.",
            "none": "Ingen holdeplass i kartgrunnlaget kan nås langs veg fra området.",
        },
        "en": {
            "title": "Walking distance to public transport",
            "question": "How far is it to walk along roads to the nearest stop or station?",
            "within": "{within_share} of the area is within walking distance ({stop_walk_bus} to "
            "a bus, {stop_walk_rail} to a train or metrobuss). The way along roads to the nearest "
            "{target} is {measured} for the middle of the area (median), about {walk}. The "
            "shortest is {minimum}.",
            "over": "The way along roads to the nearest {target} is {measured} for the middle of "
            "the area (median), about {walk}. The limit is {limit}. The shortest is {minimum}, "
            "and {within_share} of the area is within the limit.",
            "none": "No stop in the map data can be reached along roads from the area.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Median way in m from each zone to the mode that serves it best, held against its limit."""
    distances = facts.distances("walk_distance")
    bus, rail, speed = (parameters[name].value for name in (BUS, RAIL, SPEED))
    limits = dict.fromkeys(BUS_LIKE, bus) | dict.fromkeys(RAIL_LIKE, rail)
    either = reach(distances, limits)
    by_bus = reach(distances, dict.fromkeys(BUS_LIKE, bus))
    by_rail = reach(distances, dict.fromkeys(RAIL_LIKE, rail))
    ratio = [
        np.nan_to_num(times_limit(r.median, m), nan=np.inf)
        for r, m in ((by_bus, bus), (by_rail, rail))
    ]
    is_rail = ratio[1] < ratio[0]
    median = np.where(is_rail, by_rail.median, by_bus.median)
    status = either.status
    text_key = np.full(len(zones), "over", dtype=object)
    text_key[status == Status.OK] = "within"
    text_key[np.isnan(median)] = "none"
    nothing = np.full(len(zones), np.nan)
    told = []
    for i in range(len(zones)):
        best = by_rail if is_rail[i] else by_bus
        shares = {k: v for k, v in told_of(either, i, speed).items() if k.endswith("share")}
        told.append(
            told_of(best, i, speed)
            | shares
            | {"target_key": "mode.rail" if is_rail[i] else "mode.bus"}
        )
    return Verdicts(
        status=status,
        measured=Measure(median, either.unknown, nothing, nothing),
        limit=np.where(is_rail, rail, bus),
        unit="m",
        text_key=text_key,
        sliver=np.zeros(len(zones), dtype=bool),
        reason=why(distances, limits),
        told=told,
    )
