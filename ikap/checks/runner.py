"""What every check needs alike, done once.

The runner decides `not_applicable`, `unknown` and its reason, holds each verdict against the worst
that the unknown part could bring, caps verdicts that rest on an assumption or a proposal at
`warning`, and gives findings their ids and order.

It also asks each check again at both ends of the interval that the map's accuracy gives. Where the
answer differs, the map cannot decide it: the finding is within the map's accuracy, and a conflict
is lowered to `warning`, since a breach of an adopted rule must be shown, not only be likely. Other
statuses stay; the finding says that it could be otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.model import (
    UNSETTLED,
    Check,
    Development,
    Deviations,
    End,
    Fact,
    Facts,
    Measure,
    Parameters,
    ParameterStatus,
    Reason,
    Status,
    Verdicts,
    Zones,
)

__all__ = ["Judged", "judged", "run_check"]

FINENESS = "count"
"""Unit of a parameter that only says how finely something is drawn."""
WEAKEST_FIRST = (ParameterStatus.ASSUMPTION, ParameterStatus.PROPOSAL, ParameterStatus.ADOPTED)


@dataclass(frozen=True)
class Judged:
    """Outcome of one check for each zone, before it is a table."""

    status: NDArray[np.object_]
    reason: NDArray[np.object_]
    text_key: NDArray[np.object_]
    within: NDArray[np.bool_]  # the map's accuracy could turn it
    verdicts: Verdicts
    weakest: ParameterStatus | None  # of the check's own parameters
    method: ParameterStatus | None  # the weakest of those that its facts were measured with


def run_check(
    check: Check, zones: Zones, facts: Facts, parameters: Parameters, as_of: date | None
) -> pd.DataFrame:
    """Hold every zone against one check; one finding per zone, in the order of the zones.

    Parameters
    ----------
    check : Check
        The rule, with its function.
    zones : Zones
        All zones of one plan.
    facts : Facts
        The facts that the check needs.
    parameters : Parameters
        Values in force on `as_of`.
    as_of : date or None
        Date of judgement; None makes every zone that the check applies to `unknown`.

    Returns
    -------
    DataFrame
        Columns of the `findings` table (design.md, Results); areas in m².
    """
    return _table(check, zones, facts, judged(check, zones, facts, parameters, as_of))


def judged(
    check: Check, zones: Zones, facts: Facts, parameters: Parameters, as_of: date | None
) -> Judged:
    """Hold every zone against one check, as `run_check` does, without making a table of it."""
    applies, status, reason = _before_the_rule(check, zones, parameters, as_of)
    asked = applies & (reason == "")
    verdicts = _verdicts(check, zones, facts, parameters)
    weakest, method = _weakest(check.parameters, parameters), _method(check, facts, parameters)
    within = np.zeros(len(zones), dtype=bool)
    if asked.any():
        worst = _verdicts(check, zones, facts.at_worst(), parameters)
        known = _capped(verdicts.status, weakest, method)
        undecided = (known == Status.OK) & (worst.status != Status.OK) & asked
        undecided |= (known == Status.UNKNOWN) & asked
        within, doubtful = _within_accuracy(check, zones, facts, parameters, verdicts)
        known[doubtful & (known == Status.CONFLICT)] = str(Status.WARNING)
        status[asked] = known[asked]
        status[undecided] = Status.UNKNOWN
        reason[undecided] = _reasons(check, facts, verdicts)[undecided]
    text_key = np.where(asked & (reason == ""), verdicts.text_key, "")
    text_key = np.where(reason != "", [f"unknown.{r}" for r in reason], text_key)
    text_key = np.where(status == Status.NOT_APPLICABLE, "not_applicable", text_key)
    within = within & asked & (reason == "")
    return Judged(status, reason, text_key, within, verdicts, weakest, method)


def _within_accuracy(
    check: Check, zones: Zones, facts: Facts, parameters: Parameters, verdicts: Verdicts
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Zones whose answer the map's accuracy could turn, and those that may be no conflict."""
    turned, doubtful = np.zeros((2, len(zones)), dtype=bool)
    if all(fact.deviations is None for fact in facts.values()):
        return turned, doubtful
    for end in End:
        other = _verdicts(check, zones, facts.at_end(end), parameters)
        turned |= (other.status != verdicts.status) | (other.text_key != verdicts.text_key)
        doubtful |= other.status != Status.CONFLICT
    return turned, doubtful


def _before_the_rule(
    check: Check, zones: Zones, parameters: Parameters, as_of: date | None
) -> tuple[NDArray[np.bool_], NDArray[np.object_], NDArray[np.object_]]:
    unclear = zones.development == Development.UNCLEAR
    applies = np.isin(zones.development, [str(d) for d in check.applies_to]) | unclear
    applies &= _about(check, zones)
    if as_of is not None and check.valid_to is not None and as_of > check.valid_to:
        applies = np.zeros(len(zones), dtype=bool)  # the rule has ended
    reason = np.full(len(zones), "", dtype=object)
    too_early = as_of is not None and as_of < check.valid_from
    if too_early or any(name not in parameters for name in check.parameters):
        reason[applies] = str(Reason.NO_PARAMETER if as_of else Reason.NO_DATE)
    no_status = unclear & (zones.use_status == 0) & (zones.purpose != "")
    reason[applies & unclear] = str(Reason.NO_PURPOSE)
    reason[applies & no_status] = str(Reason.NO_USE_STATUS)
    reason[applies & (zones.purpose == UNSETTLED)] = str(Reason.NO_PRECEDENCE)
    reason[applies & ~zones.measurable] = str(Reason.BAD_GEOMETRY)
    status = np.full(len(zones), str(Status.NOT_APPLICABLE), dtype=object)
    status[applies] = str(Status.UNKNOWN)
    return applies, status, reason


def _about(check: Check, zones: Zones) -> NDArray[np.bool_]:
    """Zones whose purpose the rule is about; one without a known purpose may be."""
    if not check.purposes:
        return np.ones(len(zones), dtype=bool)
    purpose_unknown = (zones.development == Development.UNCLEAR) & (zones.use_status != 0)
    named = [str(p).startswith(check.purposes) or p in ("", UNSETTLED) for p in zones.purpose]
    about: NDArray[np.bool_] = np.array(named, dtype=bool) | purpose_unknown
    return about


def _verdicts(check: Check, zones: Zones, facts: Facts, parameters: Parameters) -> Verdicts:
    """Ask the check; without its parameters there is nothing to ask."""
    assert check.function is not None
    if all(name in parameters for name in check.parameters):
        return check.function(zones, facts, parameters)
    nothing = np.full(len(zones), np.nan)
    empty = np.full(len(zones), "", dtype=object)
    measured = Measure(nothing, nothing, nothing, nothing)
    return Verdicts(empty, measured, float("nan"), "m2", empty, np.zeros(len(zones), dtype=bool))


def _method(check: Check, facts: Facts, parameters: Parameters) -> ParameterStatus | None:
    """Weakest status of the values that the facts were measured with, besides the check's own.

    How finely a circle is drawn is no assumption about the world, and weakens nothing.
    """
    names = {name for need in check.needs for name in facts.either(need).parameters}
    names -= set(check.parameters)
    coarse = [n for n in names if n in parameters and parameters[n].unit != FINENESS]
    return _weakest(coarse, parameters)


def _weakest(names: Iterable[str], parameters: Parameters) -> ParameterStatus | None:
    used = {parameters[name].status for name in names if name in parameters}
    return next((status for status in WEAKEST_FIRST if status in used), None)


def _capped(status: NDArray[np.object_], *rests_on: ParameterStatus | None) -> NDArray[np.object_]:
    """Lower a conflict to `warning` where a value it rests on is not adopted (design.md)."""
    if set(rests_on) <= {None, ParameterStatus.ADOPTED}:
        return status.copy()
    return np.where(status == Status.CONFLICT, str(Status.WARNING), status)


def _reasons(check: Check, facts: Facts, verdicts: Verdicts) -> NDArray[np.object_]:
    if verdicts.reason is not None:
        return np.where(verdicts.reason == "", str(Reason.NO_COVERAGE), verdicts.reason)
    reasons = [facts[name].reason for name in check.needs]
    found = reasons[0].copy()
    for more in reasons[1:]:
        found = np.where(found == "", more, found)
    return np.where(found == "", str(Reason.NO_COVERAGE), found)


def _table(check: Check, zones: Zones, facts: Facts, found: Judged) -> pd.DataFrame:
    status, verdicts = found.status, found.verdicts
    shown = status != Status.NOT_APPLICABLE
    measured = shown & zones.measurable
    return pd.DataFrame(
        {
            "finding_id": [f"{check.name}:{zones.plan}:{key}" for key in zones.keys],
            "check": check.name,
            "goal": check.goal,
            "plan": zones.plan,
            "zone_key": zones.keys,
            "municipality": zones.municipality,
            "status": status.astype(str),
            "reason": found.reason,
            "measured": np.where(measured, verdicts.measured.value, np.nan),
            "low": np.where(measured, verdicts.measured.low, np.nan),
            "high": np.where(measured, verdicts.measured.high, np.nan),
            "within_accuracy": found.within,
            "limit": np.where(shown, verdicts.limit, np.nan),
            "unit": verdicts.unit,
            "parameter_status": np.where(shown, str(found.weakest or ""), ""),
            "layer": np.where(shown, facts.either(check.needs[0]).layer, ""),
            "sliver": verdicts.sliver & (status == Status.WARNING),
            "text_key": found.text_key,
            "facts_json": _facts_json(check, zones, facts, found),
        }
    )


def _facts_json(check: Check, zones: Zones, facts: Facts, found: Judged) -> list[str]:
    verdicts = found.verdicts
    names, sum_of = sorted(check.parameters), verdicts.measured
    counted = {"fact": sum_of.fact, "classes": list(sum_of.classes)} if sum_of.fact else {}
    areas = [name for name in check.needs if name in facts]
    texts = []
    for i in range(len(zones)):
        told: dict[str, object] = {name: _fact_of(facts[name], i) for name in areas}
        told |= {"zone_area_m2": _m2(zones.area_m2[i]), "parameters": names}
        told |= {"counted": counted} if counted else {}
        told |= {"method_status": str(found.method)} if found.method else {}
        if areas:
            told |= _fact_of(facts[areas[0]], i)
        if verdicts.told:
            told |= verdicts.told[i]
        texts.append(json.dumps(told, sort_keys=True, allow_nan=False))
    return texts


def _fact_of(fact: Fact, i: int) -> Mapping[str, object]:
    values = dict(zip(fact.classes, fact.values[i], strict=True))
    told: dict[str, object] = {
        "by_class": {name: _m2(value) for name, value in values.items() if value > 0},
        f"unknown_{fact.unit}": _m2(fact.unknown[i]),
        "reason": str(fact.reason[i]),
    }
    if fact.deviations is not None and sum(values.values()) > 0:
        told |= _accuracy_of(fact.deviations, i)
    return told


def _accuracy_of(deviations: Deviations, i: int) -> dict[str, object]:
    """Both cases for classes that are taken together, in m²; none where none is stated."""
    found = {}
    for classes, single in deviations.single.items():
        pair = {"single_m2": float(single[i]), "shift_m2": float(deviations.shift[classes][i])}
        if len(classes) > 1 and not any(np.isnan(value) for value in pair.values()):
            found["+".join(sorted(classes))] = {name: _m2(value) for name, value in pair.items()}
    told: dict[str, object] = {"deviations": found, "accuracy_assumed": bool(deviations.assumed[i])}
    for name, day in (("oldest", deviations.oldest[i]), ("newest", deviations.newest[i])):
        if not np.isnan(day):
            told[f"land_{name}"] = (date(1970, 1, 1) + timedelta(days=float(day))).isoformat()
    return told


def _m2(value: float) -> float:
    """Round to 1 mm²: below that, digits are noise of the coordinates."""
    return round(float(value), 6)
