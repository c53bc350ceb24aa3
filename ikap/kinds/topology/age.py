"""Plans that are old: a reguleringsplan older than the kommuneplan, a private plan of ten years.

Neither says that a plan does not apply. The newer plan goes before by conflict (pbl § 1-5), and
after ten years a permit may not be given for a private detaljregulering that nobody has begun on
(pbl § 12-4), so both are worth a look. What the data do not tell is `unknown`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import shapely

from ikap.kinds.geometry import only_areas
from ikap.kinds.topology.fault import UNKNOWN, WARNING, Limits, PlanFault
from ikap.kinds.topology.plan import OnePlan, PlanFile, plan_keys
from ikap.measure.coverage import mean_width
from ikap.sources.names import fold

__all__ = ["age_faults"]

DETAIL = 35
"""plantype: detaljregulering."""
PRIVATE, PUBLIC = ("privat", "private"), ("offentlig", "kommunal", "kommunen", "public")
BEGUN, NOT_BEGUN = ("ja", "true", "igangsatt", "yes", "1"), ("nei", "false", "no", "0")


def age_faults(
    file: PlanFile, adopted: Sequence[PlanFile], limits: Limits, as_of: date | None
) -> Iterator[PlanFault]:
    """Reguleringsplaner of a file that are old, or whose age cannot be told.

    Parameters
    ----------
    file : PlanFile
        Whose reguleringsplaner are looked at.
    adopted : sequence of PlanFile
        Files that may hold the kommuneplan; the file itself is one.
    limits : Limits
        Years of a private plan.
    as_of : date or None
        The date of judgement.

    Yields
    ------
    PlanFault
        `older_than_kp` (warning), `older_unknown`, `private_old` (warning) and `private_unknown`.
    """
    mains = [(f, plan) for f in adopted for plan in f.plans if plan.main]
    for plan in (p for p in file.plans if p.level == "rp"):
        shape = shapely.union_all(file.areas.geometry.to_numpy()[plan.rows])
        ids = tuple(file.areas["source_id"].astype(str).to_numpy()[plan.rows])
        yield from _against(plan, shape, ids, mains, limits.sliver_width_m)
        if plan.plantype == DETAIL:
            told = _private(file, plan, limits, as_of)
            yield from (replace(fault, ids=ids, shape=shape) for fault in told)


def _against(
    plan: OnePlan,
    shape: shapely.Geometry,
    ids: tuple[str, ...],
    mains: Sequence[tuple[PlanFile, OnePlan]],
    least_m: float,
) -> Iterator[PlanFault]:
    """A reguleringsplan held against the kommuneplaner that lie under it."""
    under = [main for file, main in mains if _meets(file, main, shape, least_m)]
    days = [main.day for main in under if main.day is not None]
    lacks = "" if under else "no_kp"
    lacks = lacks or ("no_kp_date" if len(days) < len(under) else "")
    lacks = lacks or ("no_date" if plan.day is None else "")
    if lacks:
        yield PlanFault("older_unknown", UNKNOWN, plan.key, ids, shape, {"why": lacks})
    elif plan.day is not None and plan.day < max(days):
        facts = {"day": plan.day, "kp_day": max(days)}
        yield PlanFault("older_than_kp", WARNING, plan.key, ids, shape, facts)


def _meets(file: PlanFile, main: OnePlan, shape: shapely.Geometry, least_m: float) -> bool:
    """Whether a kommuneplan lies under some of the plan: not only beside it, or by a sliver."""
    shapes = file.areas.geometry.to_numpy()[main.rows]
    near = shapes[shapely.intersects(shapes, shape)]
    shared, _ = only_areas(shapely.union_all(shapely.intersection(near, shape)))
    return bool((mean_width(shapely.get_parts(shared)) >= least_m).any())


def _private(
    file: PlanFile, plan: OnePlan, limits: Limits, as_of: date | None
) -> Iterator[PlanFault]:
    """A detaljregulering after its years; never said to be one that can be taken out."""
    if plan.day is None or as_of is None or math.isnan(limits.private_years):
        why = "no_limit" if as_of is not None else "no_as_of"
        why = "no_date" if plan.day is None else why
        yield PlanFault("private_unknown", UNKNOWN, plan.key, facts={"why": why})
        return
    last = _years_after(plan.day, limits.private_years)
    if as_of <= last:
        return
    who, begun = _said(file, plan, "forslagsstillertype"), _said(file, plan, "igangsatt")
    if who in PUBLIC or begun in BEGUN or _is_day(begun):
        return
    facts = {"day": plan.day, "last": last}
    if who in PRIVATE and begun in NOT_BEGUN:
        yield PlanFault("private_old", WARNING, plan.key, facts=facts)
        return
    why = "no_begun" if who in PRIVATE else "no_proposer"
    why = why if who in PRIVATE or begun in NOT_BEGUN else "neither"
    yield PlanFault("private_unknown", UNKNOWN, plan.key, facts={**facts, "why": why})


def _said(file: PlanFile, plan: OnePlan, column: str) -> str:
    """The one answer that a plan's areas and boundary have in a column; empty if there is none."""
    mine = file.stated[plan_keys(file.stated) == plan.key]
    words = {fold(str(word)) for word in mine[column].dropna().unique()}
    return words.pop() if len(words) == 1 else ""


def _is_day(word: str) -> bool:
    return word[:4].isdigit() and len(word) >= len("20260601")


def _years_after(day: date, years: float) -> date:
    """The same day some years on; 29 February becomes 28 February."""
    year = day.year + int(years)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
