"""Goal 2: farmland taken by areas for transport (2000-series), told apart from other building.

Transport is the largest cause of lost farmland (domain.md F6). The ground is a part of what
`farmland_conversion` measures, and is never added to it; whether a limit is broken is said there.
Roads that the plan draws as lines have no area: see `facts/transport_lines`.
"""

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
    purposes=("2",),
    valid_from=date(2015, 1, 1),
    parameters={"farmland.map_limit": "m2"},
    legal=("Jordlova § 9 (LOV-1995-05-12-23)", "Plan- og bygningsloven § 11-7 nr. 2"),
    texts={
        "nb": {
            "title": "Samferdsel på jordbruksareal",
            "question": "Hvor mye jordbruksareal tar områder for samferdsel?",
            "some": "Samferdselsområdet tar {measured} jordbruksareal ({share} av området). "
            "Arealet er en del av planlagt omdisponering, og skal ikke legges til.",
            "sliver": "Samferdselsområdet berører {measured} jordbruksareal, under kartteknisk "
            "grense på {map_limit}. Arealet står i arealregnskapet.",
            "none": "Ikke noe jordbruksareal i kartgrunnlaget innenfor området. Veger som bare er "
            "tegnet som linjer, er ikke med.",
        },
        "en": {
            "title": "Transport on farmland",
            "question": "How much farmland is taken by areas for transport?",
            "some": "The transport area takes {measured} of farmland ({share} of the area). It is "
            "a part of the planned conversion, and must not be added to it.",
            "sliver": "The transport area touches {measured} of farmland, below the map limit of "
            "{map_limit}. It stands in the area statement.",
            "none": "No farmland in the map data inside the area. Roads that are drawn as lines "
            "alone are not included.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Farmland in m² inside each area for transport: something to consider."""
    taken = facts["farmland_by_class"].total(FARMLAND)
    map_limit = parameters["farmland.map_limit"].m2
    some = taken.value > 0
    sliver = some & (taken.value < map_limit)
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "some"
    text_key[sliver] = "sliver"
    status = np.where(some, str(Status.WARNING), str(Status.OK)).astype(object)
    return Verdicts(status, taken, map_limit, "m2", text_key, sliver)
