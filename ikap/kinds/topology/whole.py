"""All faults of a plan file together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ikap.kinds.topology.age import age_faults
from ikap.kinds.topology.attributes import attribute_faults
from ikap.kinds.topology.fault import WARNING, Limits, PlanFault, Rounding
from ikap.kinds.topology.ground import ground_faults
from ikap.kinds.topology.plan import PlanFile

__all__ = ["plan_faults"]


def plan_faults(
    file: PlanFile,
    limits: Limits,
    *,
    crs: str,
    as_of: date | None = None,
    adopted: Sequence[PlanFile] = (),
) -> list[PlanFault]:
    """All faults of a plan file.

    Parameters
    ----------
    file : PlanFile
        Areas and plans.
    limits : Limits
        The region's values.
    crs : str
        The region's, metres.
    as_of : date, optional
        The date of judgement; without it the age of a plan is unknown.
    adopted : sequence of PlanFile
        Other files that may hold the kommuneplan in force.

    Returns
    -------
    list of PlanFault
        Rule by rule; `rounding` is one row for all gaps and overlaps that are too narrow to list.
    """
    rounding = Rounding()
    found = list(ground_faults(file, limits, rounding))
    found += attribute_faults(file, crs)
    found += age_faults(file, (file, *adopted), limits, as_of)
    if rounding.count:
        facts = {"count": rounding.count, "limit_mm": limits.precision_m * 1000}
        found.append(PlanFault("rounding", WARNING, facts=facts))
    return found
