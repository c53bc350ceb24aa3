"""Goal 2: dyrkbar jord taken by areas planned for building, which jordlova § 9 protects too."""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.kinds.cultivable import CHANGED, CULTIVABLE
from ikap.model import Check, Development, Facts, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

CHECK = Check(
    goal=2,
    needs=("cultivable_by_class",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    valid_from=date(2015, 1, 1),
    parameters={"cultivable.map_limit": "m2"},
    legal=("Jordlova § 9 (LOV-1995-05-12-23)",),
    texts={
        "nb": {
            "title": "Dyrkbar jord",
            "question": "Hvor mye dyrkbar jord tar områder som er planlagt utbygd?",
            "some": "Området tar {measured} dyrkbar jord ({share} av området). Dyrkbar jord er "
            "vernet av jordlova § 9. Den kan ligge på overflatedyrka jord og innmarksbeite, og "
            "skal ikke legges sammen med jordbruksarealet.",
            "changed": "Området tar {measured} dyrkbar jord ({share} av området), der {changed} "
            "er endret etter 2008 ifølge kartet. Dyrkbar jord er vernet av jordlova § 9, og skal "
            "ikke legges sammen med jordbruksarealet.",
            "sliver": "Området berører {measured} dyrkbar jord, under kartteknisk grense på "
            "{map_limit}.",
            "none": "Ikke noe dyrkbar jord i kartgrunnlaget innenfor området.",
        },
        "en": {
            "title": "Cultivable land",
            "question": "How much cultivable land is taken by areas planned for development?",
            "some": "The area takes {measured} of cultivable land ({share} of the area). "
            "Cultivable land is protected by the Land Act, section 9. It may lie on surface "
            "cultivated land and pasture, and must not be added to the farmland.",
            "changed": "The area takes {measured} of cultivable land ({share} of the area), of "
            "which {changed} has changed since 2008 by the map. Cultivable land is protected by "
            "the Land Act, section 9, and must not be added to the farmland.",
            "sliver": "The area touches {measured} of cultivable land, below the map limit of "
            "{map_limit}.",
            "none": "No cultivable land in the map data inside the area.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Cultivable land in m² inside each zone: something to consider, not a breach."""
    fact = facts["cultivable_by_class"]
    taken = fact.total((CULTIVABLE, CHANGED))
    changed = fact.values[:, fact.classes.index(CHANGED)]
    map_limit = parameters["cultivable.map_limit"].m2
    some = taken.value > 0
    sliver = some & (taken.value < map_limit)
    text_key = np.full(len(zones), "none", dtype=object)
    text_key[some] = "some"
    text_key[some & (changed > 0)] = "changed"
    text_key[sliver] = "sliver"
    return Verdicts(
        status=np.where(some, str(Status.WARNING), str(Status.OK)).astype(object),
        measured=taken,
        limit=map_limit,
        unit="m2",
        text_key=text_key,
        sliver=sliver,
        told=[{"changed_m2": round(float(area), 6)} for area in changed],
    )
