"""How far zones have to targets: minimum, median and share within reach, with what is unknown.

A share of a zone is within reach for sure if a known way is short enough; a nearer target that the
data do not hold could only make it shorter. A share is unknown if no known way is short enough and
something is missing from the data. So half of a zone or more within reach decides, and so does
less than half even if all that is unknown were within.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ikap.facts.table import REASON_ORDER
from ikap.model import Distances, Status

__all__ = ["HALF", "Reach", "reach", "times_limit", "told_of", "why"]

HALF = 0.5
ROUNDING = 1e-9
"""Shares that differ by less than this are equal: areas are sums of floating-point numbers."""
MIN_PER_HOUR = 60

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reach:
    """One value a zone; distances in m, NaN where no way is known; shares of the zone's area."""

    minimum: Floats
    median: Floats
    within: Floats
    unknown: Floats

    @property
    def status(self) -> NDArray[np.object_]:
        """Say `ok`, `warning` or `unknown` by the median, as far as the unknown share lets us."""
        status = np.full(len(self.within), str(Status.UNKNOWN), dtype=object)
        status[self.within + self.unknown < HALF - ROUNDING] = str(Status.WARNING)
        status[self.within >= HALF - ROUNDING] = str(Status.OK)
        return status


def reach(distances: Distances, limits: Mapping[str, float]) -> Reach:
    """Reach of each zone to the nearest target of the given classes.

    Parameters
    ----------
    distances : Distances
        Sample points of the zones.
    limits : mapping of str to float
        Longest way in m for each class, inclusive.

    Returns
    -------
    Reach
        Median: half of the zone's area (of what is known) has this way or a shorter one.
    """
    count = len(distances.layer)
    columns = [distances.classes.index(name) for name in limits]
    metres = distances.metres[:, columns]
    inside = (metres <= np.array(list(limits.values()))).any(axis=1)
    open_ended = ~inside & ~distances.certain[:, columns].all(axis=1)
    nearest = np.where(np.isnan(metres), np.inf, metres).min(axis=1, initial=np.inf)
    known = np.isfinite(nearest)
    zone, area = distances.zone, distances.area_m2
    whole = np.bincount(zone, weights=area, minlength=count)
    some = whole > 0
    within = np.bincount(zone, weights=area * inside, minlength=count)
    unknown = np.bincount(zone, weights=area * open_ended, minlength=count)
    minimum = np.full(count, np.inf)
    np.minimum.at(minimum, zone, nearest)
    return Reach(
        minimum=np.where(np.isfinite(minimum), minimum, np.nan),
        median=_weighted_median(zone[known], nearest[known], area[known], count),
        within=np.divide(within, whole, out=np.zeros(count), where=some),
        unknown=np.divide(unknown, whole, out=np.ones(count), where=some),
    )


def times_limit(metres: Floats, limit: float) -> Floats:
    """How many times its limit each way is; a limit of nought is passed without end."""
    return metres / limit if limit else np.where(np.isnan(metres), np.nan, np.inf)


def why(distances: Distances, classes: Mapping[str, object]) -> NDArray[np.object_]:
    """Reason of each zone that must be settled first, among the given classes; "" for none."""
    columns = [distances.classes.index(name) for name in classes]
    found = np.full(len(distances.layer), "", dtype=object)
    for code in reversed(REASON_ORDER):
        found[(distances.reasons[:, columns] == str(code)).any(axis=1)] = str(code)
    return found


def told_of(reached: Reach, i: int, kilometres_per_hour: float) -> dict[str, object]:
    """Facts of one zone for its sentence; what is not known is left out."""
    told: dict[str, object] = {
        "within_share": round(float(reached.within[i]), 9),
        "unknown_share": round(float(reached.unknown[i]), 9),
    }
    if np.isfinite(reached.median[i]):
        median = float(reached.median[i])
        told |= {"minimum_m": _mm(reached.minimum[i]), "median_m": _mm(median)}
        told["walk_min"] = round(median * MIN_PER_HOUR / (kilometres_per_hour * 1000), 6)
    return told


def _mm(metres: float) -> float:
    """Round to a millimetre: below that, digits are noise of the coordinates."""
    return round(float(metres), 3)


def _weighted_median(zone: NDArray[np.int64], metres: Floats, area: Floats, count: int) -> Floats:
    """Shortest way that half of the area has or betters; NaN for zones without any."""
    order = np.lexsort((metres, zone))
    zone, metres, area = zone[order], metres[order], area[order]
    whole = np.bincount(zone, weights=area, minlength=count)
    before = np.append(0.0, np.cumsum(whole))[zone]
    enough = np.cumsum(area) - before >= HALF * whole[zone] * (1 - ROUNDING)
    median = np.full(count, np.inf)
    np.minimum.at(median, zone[enough], metres[enough])
    return np.where(np.isfinite(median), median, np.nan)
