"""Goal 2: farmland in adopted development areas that is not built on: «vedtatt, ikke utbygd»."""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.model import Check, Development, Facts, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

FARMLAND = ("21", "22", "23", "20")

CHECK = Check(
    goal=2,
    needs=("farmland_unbuilt",),
    applies_to=(Development.ADOPTED,),
    valid_from=date(2015, 1, 1),
    parameters={"farmland.map_limit": "m2", "reserve.building_buffer": "m"},
    legal=("Jordlova § 9 (LOV-1995-05-12-23)",),
    texts={
        "nb": {
            "title": "Vedtatt, ikke utbygd jordbruksareal",
            "question": "Hvor mye jordbruksareal i vedtatte byggeområder er ikke bygd ut?",
            "unbuilt": "Området er vedtatt som utbyggingsområde, men {measured} jordbruksareal er "
            "ikke bygd ut (mer enn {buffer} fra nærmeste bygning).",
            "sliver": "Området har {measured} jordbruksareal som ikke er bygd ut, under "
            "kartteknisk grense på {map_limit}. Arealet står i arealregnskapet.",
            "none": "Ikke noe ubebygd jordbruksareal i kartgrunnlaget innenfor området.",
        },
        "en": {
            "title": "Adopted, unbuilt farmland",
            "question": "How much farmland inside adopted development areas is not built on?",
            "unbuilt": "The area is adopted for development, but {measured} of farmland is not "
            "built on (more than {buffer} from the nearest building).",
            "sliver": "The area holds {measured} of unbuilt farmland, below the map limit of "
            "{map_limit}. It stands in the area statement.",
            "none": "No unbuilt farmland in the map data inside the area.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Unbuilt farmland in m² inside each adopted zone: something to consider, not a breach."""
    unbuilt = facts["farmland_unbuilt"].total(FARMLAND)
    map_limit = parameters["farmland.map_limit"].m2
    some = unbuilt.value > 0
    sliver = some & (unbuilt.value < map_limit)
    status = np.where(some, str(Status.WARNING), str(Status.OK)).astype(object)
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "unbuilt"
    text_key[sliver] = "sliver"
    return Verdicts(status, unbuilt, map_limit, "m2", text_key, sliver)
