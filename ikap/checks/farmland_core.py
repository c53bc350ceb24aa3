"""Goal 2: areas planned for building inside kjerneområder for landbruk or hensynssone H510.

A kjerneområde binds only as far as somebody has decided that it does. The limit
`core_farmland.max_conversion` names that decision; unless it is adopted, the runner lets no finding
be more than something to consider.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.facts.core_farmland_area import TOTAL
from ikap.kinds.core_farmland import CONCERN, CORE
from ikap.model import Check, Development, Fact, Facts, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

CHECK = Check(
    goal=2,
    needs=("core_farmland_area",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    valid_from=date(2015, 1, 1),
    parameters={"core_farmland.max_conversion": "daa", "core_farmland.map_limit": "m2"},
    legal=("Plan- og bygningsloven § 11-8 tredje ledd bokstav c",),
    texts={
        "nb": {
            "title": "Kjerneområde for landbruk og H510",
            "question": "Ligger områder som er planlagt utbygd, i kjerneområde for landbruk?",
            "over": "{measured} av området ({share}) ligger i {where}. Grensen er {limit} "
            "({source}).",
            "within": "{measured} av området ({share}) ligger i {where}. Det er innenfor grensen "
            "på {limit} ({source}), men må vurderes.",
            "sliver": "{measured} av området berører {where}, under kartteknisk grense på "
            "{map_limit}.",
            "none": "Området ligger ikke i kjerneområde for landbruk i kartgrunnlaget.",
        },
        "en": {
            "title": "Core farmland and H510",
            "question": "Are areas planned for development inside core farmland?",
            "over": "{measured} of the area ({share}) lies in {where}. The limit is {limit} "
            "({source}).",
            "within": "{measured} of the area ({share}) lies in {where}. That is within the limit "
            "of {limit} ({source}), but must be considered.",
            "sliver": "{measured} of the area touches {where}, below the map limit of {map_limit}.",
            "none": "The area does not lie in core farmland in the map data.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Area in m² of each zone inside core farmland of either sort, held against the limit."""
    fact = facts["core_farmland_area"]
    inside = fact.total((TOTAL,))
    limit = parameters["core_farmland.max_conversion"].m2
    map_limit = parameters["core_farmland.map_limit"].m2
    some = inside.value > 0
    sliver = some & (inside.value < map_limit)
    over = some & ~sliver & (inside.value > limit)
    status = np.full(len(zones), str(Status.OK), dtype=object)
    status[some] = str(Status.WARNING)
    status[over] = str(Status.CONFLICT)
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "within"
    text_key[sliver] = "sliver"
    text_key[over] = "over"
    told = [{"where_key": _where(fact, i)} for i in range(len(zones))]
    return Verdicts(status, inside, limit, "m2", text_key, sliver, told=told)


def _where(fact: Fact, i: int) -> str:
    """Key of the words for what the zone lies in."""
    there = [name for name in (CORE, CONCERN) if fact.values[i, fact.classes.index(name)] > 0]
    return f"core_farmland.{'both' if len(there) > 1 else 'h510' if CONCERN in there else 'core'}"
