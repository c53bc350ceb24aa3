"""Goal 2: planned roads and railways that the plan draws as lines (KpSamferdselLinje).

Most roads of a kommuneplan are lines (domain.md F6). They have no area, so how much farmland they
take is unknown, never nought: each is told with its length, and how much of it crosses farmland.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from ikap.facts.transport_lines import ON_FARMLAND
from ikap.model import (
    Check,
    Development,
    Facts,
    Measure,
    Parameters,
    Reason,
    Status,
    Verdicts,
    Zones,
)

__all__ = ["CHECK", "check"]

CHECK = Check(
    goal=2,
    needs=("line_land",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    valid_from=date(2015, 1, 1),
    parameters={},
    legal=("Jordlova § 9 (LOV-1995-05-12-23)", "Plan- og bygningsloven § 11-7 nr. 2"),
    subject="lines",
    texts={
        "nb": {
            "title": "Veg og bane tegnet som linje",
            "question": "Hvor lange er planlagte veger og baner som er tegnet uten areal, og hvor "
            "mye av dem går over jordbruksareal?",
        },
        "en": {
            "title": "Roads and railways drawn as lines",
            "question": "How long are planned roads and railways that are drawn without area, and "
            "how much of them crosses farmland?",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:  # noqa: ARG001 (no limit)
    """Length in m of each planned line; what it takes is unknown, whatever it crosses."""
    land = facts["line_land"]
    crossing = land.values[:, land.classes.index(ON_FARMLAND)]
    length = land.values.sum(axis=1) + land.unknown
    nothing = np.full(len(zones), np.nan)
    told = [
        {
            "known_say": "finding.line" if land.unknown[i] == 0 else "finding.line_part",
            "length_m": round(float(length[i]), 3),
            "crossing_m": round(float(crossing[i]), 3),
            "not_mapped_m": round(float(land.unknown[i]), 3),
        }
        for i in range(len(zones))
    ]
    return Verdicts(
        status=np.full(len(zones), str(Status.UNKNOWN), dtype=object),
        measured=Measure(length, land.unknown, nothing, nothing),
        limit=float("nan"),
        unit="m",
        text_key=np.full(len(zones), "", dtype=object),
        sliver=np.zeros(len(zones), dtype=bool),
        reason=np.full(len(zones), str(Reason.NO_WIDTH), dtype=object),
        told=told,
    )
