"""Goal 2: farmland taken by areas planned for building (status 2 and 3)."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from ikap.model import Check, Development, Fact, Facts, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

FARMLAND = ("21", "22", "23", "20")

CHECK = Check(
    goal=2,
    needs=("farmland_by_class", "soil_quality"),
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
            "within": "Området tar {measured} jordbruksareal. Det er innenfor grensen "
            "på {limit} ({source}), men må vurderes.",
            "sliver": "Området berører {measured} jordbruksareal, under kartteknisk grense på "
            "{map_limit}. Arealet står i arealregnskapet.",
            "none": "Ikke noe jordbruksareal i kartgrunnlaget innenfor området.",
            "overview": "Ikke noe jordbruksareal i kartgrunnlaget innenfor området. For {overview} "
            "er det bare et oversiktskart (AR50) som sier «ikke jordbruk».",
        },
        "en": {
            "title": "Planned conversion of farmland",
            "question": "How much farmland is taken by areas planned for development?",
            "over": "The area takes {measured} of farmland ({share} of the area). "
            "The limit is {limit} ({source}).",
            "within": "The area takes {measured} of farmland. That is within the limit "
            "of {limit} ({source}), but must be considered.",
            "sliver": "The area touches {measured} of farmland, below the map limit of "
            "{map_limit}. It stands in the area statement.",
            "none": "No farmland in the map data inside the area.",
            "overview": "No farmland in the map data inside the area. For {overview} only an "
            "overview map (AR50) says «not farmland».",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Farmland in m² inside each zone, held against the limit; one verdict per zone."""
    land = facts["farmland_by_class"]
    taken = land.total(FARMLAND)
    limit = parameters["farmland.max_new_conversion"].m2
    map_limit = parameters["farmland.map_limit"].m2
    some = taken.value > 0
    sliver = some & (taken.value < map_limit)
    over = some & ~sliver & (taken.value > limit)
    status = np.full(len(zones), str(Status.OK), dtype=object)
    status[some] = str(Status.WARNING)
    status[over] = str(Status.CONFLICT)
    text_key = np.full(len(zones), "none", dtype=object)
    overview = _of(land, "overview")
    text_key[overview > 0] = "overview"
    text_key[some] = "within"
    text_key[sliver] = "sliver"
    text_key[over] = "over"
    told = [
        {
            "classes_list": [] if sliver[i] else _classes(facts, i),
            "overview_m2": round(float(overview[i]), 6),
        }
        for i in range(len(zones))
    ]
    return Verdicts(status, taken, limit, "m2", text_key, sliver, told=told)


def _of(fact: Fact, name: str) -> NDArray[np.float64]:
    """Area in m² of one class in each zone; nought where the fact has no such class."""
    if name not in fact.classes:
        return np.zeros(len(fact.unknown))
    return fact.values[:, fact.classes.index(name)]


def _classes(facts: Facts, i: int) -> list[dict[str, object]]:
    """Rows of the farmland in one zone by class, then by jordkvalitet, what is not mapped too."""
    land, quality = facts["farmland_by_class"], facts["soil_quality"]
    by_class = [(f"class.{name}", _of(land, name)[i]) for name in FARMLAND]
    by_quality = [(f"soil_quality.{name}", _of(quality, name)[i]) for name in quality.classes]
    by_quality.append(("soil_quality.not_mapped", quality.unknown[i]))
    found: list[dict[str, object]] = []
    for say, rows in (("finding.item_class", by_class), ("finding.item_quality", by_quality)):
        there = [(key, round(float(area), 6)) for key, area in rows if area > 0]
        found += [{"say": say, "name_key": key, "covered_m2": area} for key, area in there]
    return found
