"""Goal 2: farmland taken by areas planned for building (status 2 and 3)."""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.model import Check, Development, Facts, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

FARMLAND = ("21", "22", "23", "20")

CHECK = Check(
    goal=2,
    needs=("farmland_by_class",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    valid_from=date(2015, 1, 1),
    parameters={"farmland.max_new_conversion": "daa", "farmland.map_limit": "m2"},
    legal=("Jordlova § 9 (LOV-1995-05-12-23)", "Plan- og bygningsloven § 11-7"),
    texts={
        "nb": {
            "title": "Planlagt omdisponering av jordbruksareal",
            "question": "Hvor mye jordbruksareal tar områder som er planlagt utbygd?",
            "over": "Området tar {measured} jordbruksareal ({share} av området). "
            "Grensen er {limit} ({source}).",
            "within": "Området tar {measured} jordbruksareal. Det er innenfor grensen på {limit} "
            "({source}), men må vurderes.",
            "sliver": "Området berører {measured} jordbruksareal, under kartteknisk grense på "
            "{map_limit}. Arealet står i arealregnskapet.",
            "none": "Ikke noe jordbruksareal i kartgrunnlaget innenfor området.",
        },
        "en": {
            "title": "Planned conversion of farmland",
            "question": "How much farmland is taken by areas planned for development?",
            "over": "The area takes {measured} of farmland ({share} of the area). "
            "The limit is {limit} ({source}).",
            "within": "The area takes {measured} of farmland. That is within the limit of {limit} "
            "({source}), but must be considered.",
            "sliver": "The area touches {measured} of farmland, below the map limit of "
            "{map_limit}. It stands in the area statement.",
            "none": "No farmland in the map data inside the area.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Farmland in m² inside each zone, held against the limit; one verdict per zone."""
    taken = facts["farmland_by_class"].total(FARMLAND)
    limit = parameters["farmland.max_new_conversion"].m2
    map_limit = parameters["farmland.map_limit"].m2
    some = taken.value > 0
    sliver = some & (taken.value < map_limit)
    over = some & ~sliver & (taken.value > limit)
    status = np.full(len(zones), str(Status.OK), dtype=object)
    status[some] = str(Status.WARNING)
    status[over] = str(Status.CONFLICT)
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "within"
    text_key[sliver] = "sliver"
    text_key[over] = "over"
    return Verdicts(status, taken, limit, "m2", text_key, sliver)
