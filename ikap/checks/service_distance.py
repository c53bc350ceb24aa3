"""Goal 3: distance on foot from planned housing to daily services."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from ikap.checks.centre_distance import HOUSING
from ikap.checks.reach import Reach, reach, times_limit, why
from ikap.model import Check, Development, Facts, Measure, Parameters, Status, Verdicts, Zones

__all__ = ["CHECK", "check"]

SERVICES = ("barnehage", "barneskole", "dagligvare")

CHECK = Check(
    goal=3,
    needs=("service_distance",),
    applies_to=(Development.FUTURE, Development.FURTHER),
    purposes=HOUSING,
    valid_from=date(2015, 1, 1),
    parameters={f"distance.{name}": "m" for name in SERVICES},
    texts={
        "nb": {
            "title": "Gangavstand til barnehage, skole og dagligvare",
            "question": "Hvor langt er det å gå langs veg til daglige tjenester?",
            "within": "Gangavstand langs veg for midten av området (median): {services}.",
            "over": "Minst én tjeneste ligger lenger unna enn grensen. Gangavstand langs veg for "
            "midten av området (median): {services}.",
        },
        "en": {
            "title": "Walking distance to kindergarten, school and food store",
            "question": "How far is it to walk along roads to daily services?",
            "within": "The way along roads for the middle of the area (median): {services}.",
            "over": "At least one service is farther away than the limit. The way along roads for "
            "the middle of the area (median): {services}.",
        },
    },
)


def check(zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Median way in m from each zone to each service; the one farthest over its limit decides."""
    distances = facts.distances("service_distance")
    limits = {name: parameters[f"distance.{name}"].value for name in SERVICES}
    found = {name: reach(distances, {name: limit}) for name, limit in limits.items()}
    each = np.stack([found[name].status for name in SERVICES])
    status = np.full(len(zones), str(Status.OK), dtype=object)
    status[(each == Status.UNKNOWN).any(axis=0)] = str(Status.UNKNOWN)
    status[(each == Status.WARNING).any(axis=0)] = str(Status.WARNING)
    ratio = np.stack([times_limit(found[name].median, limits[name]) for name in SERVICES])
    worst = np.nan_to_num(ratio, nan=-1.0).argmax(axis=0) if len(zones) else np.zeros(0, int)
    medians = np.stack([found[name].median for name in SERVICES])
    rows = np.arange(len(zones))
    nothing = np.full(len(zones), np.nan)
    return Verdicts(
        status=status,
        measured=Measure(medians[worst, rows], nothing, nothing, nothing),
        limit=np.array(list(limits.values()))[worst],
        unit="m",
        text_key=np.where(status == Status.OK, "within", "over").astype(object),
        sliver=np.zeros(len(zones), dtype=bool),
        reason=_reasons(distances_reasons={n: why(distances, {n: 0}) for n in SERVICES}, each=each),
        told=[{"services_list": _list(found, limits, i)} for i in range(len(zones))],
    )


def _reasons(
    distances_reasons: dict[str, NDArray[np.object_]], each: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Reason of the first service whose distance is unknown."""
    reason = np.full(each.shape[1], "", dtype=object)
    for name, status in zip(reversed(SERVICES), each[::-1], strict=True):
        unknown = status == Status.UNKNOWN
        reason[unknown] = distances_reasons[name][unknown]
    return reason


def _list(found: dict[str, Reach], limits: dict[str, float], i: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name, limit in limits.items():
        row: dict[str, object] = {"name_key": f"service.{name}", "limit_m": limit}
        reached = found[name]
        if np.isfinite(reached.median[i]):
            row |= {"say": "finding.item_service", "median_m": round(float(reached.median[i]), 3)}
        else:
            row["say"] = "finding.item_service_far"
        rows.append(row | {"within_share": round(float(reached.within[i]), 9)})
    return rows
