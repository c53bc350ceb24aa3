"""Goal 4: the right business in the right place, where the register gives an ABC class."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ikap.model import Check, Development, Facts, Measure, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

A_USES = ("113", "114", "115", "116", "1310")
"""Sentrum, kjøpesenter, forretninger, tjenesteyting, kontor: many workers and visitors."""
C_USES = ("1340", "1350", "1501", "1502", "2040")
"""Industri, lager, godsterminal, havn: much land and freight."""
OPEN_USES = ("13", "18")
"""Næring and kombinert without a subtype that says which business it is."""

CHECK = Check(
    goal=4,
    needs=("area_by_abc",),
    applies_to=(Development.FUTURE, Development.FURTHER, Development.ADOPTED),
    valid_from=date(2015, 1, 1),
    parameters={"commercial.map_limit": "m2"},
    purposes=(*A_USES, *C_USES, *OPEN_USES),
    texts={
        "nb": {
            "title": "Rett virksomhet på rett sted (ABC)",
            "question": "Passer arealformålet med ABC-klassen som registeret gir området?",
            "a_in_c": "Formålet er besøks- og arbeidsplassintensivt, men {measured} av området "
            "har klasse C i næringsregisteret.",
            "c_in_a": "Formålet er areal- og transportkrevende, men {measured} av området har "
            "klasse A i næringsregisteret.",
            "match": "Formålet og klassen i næringsregisteret er ikke motsatte. Planleggerens "
            "klasse er brukt som den står.",
            "no_subtype": "Næringsregisteret gir området en klasse. Formålet sier ikke hvilken "
            "virksomhet som kommer, så den er ikke vurdert.",
        },
        "en": {
            "title": "The right business in the right place (ABC)",
            "question": "Does the purpose fit the ABC class that the register gives the area?",
            "a_in_c": "The purpose draws many workers and visitors, but {measured} of the area "
            "has class C in the register of commercial land.",
            "c_in_a": "The purpose needs much land and freight, but {measured} of the area has "
            "class A in the register of commercial land.",
            "match": "The purpose and the class in the register are not opposites. The planner's "
            "class is used as it stands.",
            "no_subtype": "The register gives the area a class. The purpose does not say which "
            "business will come, so that is not assessed.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Area in m² whose class is the opposite of the purpose; unknown where no class is given."""
    fact = facts["area_by_abc"]
    limit = parameters["commercial.map_limit"].m2
    a_use, c_use = _starts(zones, A_USES), _starts(zones, C_USES)
    known_alone = replace(fact, worst=False)  # what is unknown is judged below, as `silent`
    a, c = (known_alone.total((name,)) for name in ("A", "C"))
    opposite = np.where(a_use, c.value, np.where(c_use, a.value, 0.0))
    low, high = (
        np.where(a_use, getattr(c, end), np.where(c_use, getattr(a, end), np.nan))
        for end in ("low", "high")
    )
    wrong = (opposite > 0) & (opposite >= limit)
    classed = fact.values.sum(axis=1) > 0
    silent = ~wrong & (~classed | ((fact.unknown > 0) & (fact.unknown >= limit)))
    status = np.full(len(zones), str(Status.OK), dtype=object)
    status[wrong] = str(Status.WARNING)
    status[silent] = str(Status.UNKNOWN)
    text_key = np.full(len(zones), "no_subtype", dtype=object)
    text_key[a_use | c_use] = "match"
    text_key[wrong & a_use] = "a_in_c"
    text_key[wrong & c_use] = "c_in_a"
    known = ~silent
    value, low, high = (np.where(known, v, np.nan) for v in (opposite, low, high))
    measured = Measure(value, fact.unknown, low, high)
    sliver = np.zeros(len(zones), dtype=bool)
    told = [
        _counted(fact.name, "C" if a_use[i] else "A" if c_use[i] else "") for i in range(len(zones))
    ]
    return Verdicts(status, measured, limit, "m2", text_key, sliver, reason=fact.reason, told=told)


def _counted(fact: str, name: str) -> dict[str, object]:
    """Class that the figure is the area of, which is not the same in all zones."""
    return {"counted": {"fact": fact, "classes": [name] if name else []}}


def _starts(zones: Zones, codes: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([str(p).startswith(codes) for p in zones.purpose], dtype=bool)
