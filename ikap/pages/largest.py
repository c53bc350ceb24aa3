"""The planned areas that take most farmland, each with its explanation.

In: the areas of a page. Out: `Large`, in falling order. This is no ranking of municipalities: it is
where a reader has most to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ikap.pages.tables import Area

__all__ = ["Large", "largest"]

CHECK = "farmland_conversion"
MOST = 10


@dataclass(frozen=True)
class Large:
    """One area: what it takes, what is said of it, and the id that `ikap explain` takes."""

    area: Area
    measured: str
    status: str
    sentence: str
    interval: str
    finding: str


def largest(found: Sequence[Area]) -> tuple[Large, ...]:
    """At most ten areas with planned conversion above 0; equal ones by key.

    Parameters
    ----------
    found : sequence of Area
        Areas of one plan with their findings.

    Returns
    -------
    tuple of Large
        Measured conversion as it stands in the findings.
    """
    taking = [(f, area) for area in found if (f := area.of(CHECK)) and f.measured > 0]
    taking.sort(key=lambda pair: (-pair[0].measured, pair[1].key))
    return tuple(
        Large(area, f.measured_text, f.status, f.sentence, f.interval, f.id)
        for f, area in taking[:MOST]
    )
