"""Goal 3: planned areas inside mapped natural hazards, which have to be looked into.

An area is never said to be safe: the most that maps can say is that they show no hazard there.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.facts.hazard_area import NATURAL, NATURAL_HAZARDS
from ikap.model import Check, Development, Fact, Facts, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

LIMIT = "hazard.map_limit"
DETAILED = ("hensynssone", "faresone")

CHECK = Check(
    goal=3,
    needs=("hazard_area",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    valid_from=date(2015, 1, 1),
    parameters={LIMIT: "m2"},
    legal=("Plan- og bygningsloven §§ 4-3 og 28-1", "TEK17 §§ 7-2 og 7-3"),
    texts={
        "nb": {
            "title": "Naturfare",
            "question": "Ligger områder som er planlagt utbygd, i kartlagt naturfare?",
            "zone": "{measured} av området ligger i kartlagt naturfare: {hazards}. Sikkerheten "
            "må vurderes og dokumenteres.",
            "susceptible": "{measured} av området ligger i aktsomhetsområde: {hazards}. Et "
            "aktsomhetsområde er ikke en faresone: kartet sier bare at faren må undersøkes.",
            "sliver": "{measured} av området berører kartlagt naturfare ({hazards}), under "
            "kartteknisk grense på {map_limit}.",
            "none": "Ingen kartlagt naturfare i kartgrunnlaget. Det betyr ikke at området er "
            "undersøkt.",
        },
        "en": {
            "title": "Natural hazards",
            "question": "Are areas planned for development inside mapped natural hazards?",
            "zone": "{measured} of the area lies in mapped natural hazards: {hazards}. Safety "
            "must be considered and documented.",
            "susceptible": "{measured} of the area lies in a susceptibility area: {hazards}. A "
            "susceptibility area is not a hazard zone: the map only says that the hazard must be "
            "looked into.",
            "sliver": "{measured} of the area touches mapped natural hazards ({hazards}), below "
            "the map limit of {map_limit}.",
            "none": "No mapped natural hazard in the map data. That does not mean that the area "
            "has been investigated.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Area in m² of each zone inside natural hazards of any level; one verdict per zone."""
    fact = facts["hazard_area"]
    touched = fact.total((NATURAL,))
    limit = parameters[LIMIT].m2
    some = touched.value > 0
    sliver = some & (touched.value < limit)
    detailed = fact.total([f"{level}_{h}" for level in DETAILED for h in NATURAL_HAZARDS])
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "susceptible"
    text_key[some & (detailed.value > 0)] = "zone"
    text_key[sliver] = "sliver"
    return Verdicts(
        status=np.where(some, str(Status.WARNING), str(Status.OK)).astype(object),
        measured=touched,
        limit=limit,
        unit="m2",
        text_key=text_key,
        sliver=sliver,
        told=[{"hazards_list": _list(fact, i)} for i in range(len(zones))],
    )


def _list(fact: Fact, i: int) -> list[dict[str, object]]:
    """Rows of the natural hazards in one zone, detailed ones first."""
    rows: list[dict[str, object]] = []
    for name, value in zip(fact.classes, fact.values[i], strict=True):
        level, _, hazard = name.rpartition("_")
        if value > 0 and hazard in NATURAL_HAZARDS:
            row = {"say": "finding.item_hazard", "covered_m2": round(float(value), 6)}
            rows.append(
                row | {"level_key": f"hazard_level.{level}", "name_key": f"hazard.{hazard}"}
            )
    return rows
