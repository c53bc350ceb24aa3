"""How many areas turn as a limit moves, from facts alone: nothing is measured again.

Each limit is moved alone, the others stay. A limit of nought has no multiples, and is moved by
stated steps instead. Parameters of a fact's method (the belt round buildings) decide what is
measured, and are not moved unless the fact says how far it was measured (`FactSpec.reach`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.checks.runner import Judged, judged
from ikap.facts import FactSpec
from ikap.model import M2_PER, Check, Facts, Parameter, Parameters, Status, Zones

__all__ = ["COLUMNS", "FACTORS", "fixed_limits", "sensitivity"]

FACTORS = (0.0, 0.2, 0.5, 0.8, 1.0, 1.2, 1.5, 2.0)
"""Multiples of the limit that is in force."""
STEPS_DAA = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
STEPS_M = (0.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
"""Values instead of multiples, where the limit in force is nought."""
M2_PER_DAA = M2_PER["daa"]
COUNTED = (Status.CONFLICT, Status.WARNING, Status.OK, Status.UNKNOWN)
COLUMNS = (
    *("check", "goal", "plan", "parameter", "parameter_status", "value", "unit", "in_force"),
    *("areas", "turned", "turned_area_m2", "turned_measured_m2"),
    *(str(status) for status in COUNTED),
    *("sliver", "within_accuracy"),
)
"""One row a limit and value. `areas` are those that the check is about; `turned` those with another
outcome than with the value in force, `turned_area_m2` their whole ground, `turned_measured_m2` what
the check measures in them (NaN for distances). Then areas by outcome with this value."""


@dataclass(frozen=True)
class _Asked:
    """What is asked again with each value."""

    check: Check
    zones: Zones
    facts: Facts
    parameters: Parameters
    as_of: date | None

    def judged(self, **moved: Parameter) -> Judged:
        """Outcome with some values moved."""
        values = Parameters({**self.parameters, **moved})
        return judged(self.check, self.zones, self.facts, values, self.as_of)


def sensitivity(
    check: Check,
    zones: Zones,
    facts: Facts,
    parameters: Parameters,
    as_of: date | None,
    *,
    specs: Mapping[str, FactSpec],
) -> pd.DataFrame:
    """Outcomes of one check as each of its limits moves.

    Parameters
    ----------
    check : Check
        The rule, with its function.
    zones : Zones
        All zones of one plan.
    facts : Facts
        Measured with the values in force.
    parameters : Parameters
        Values in force on `as_of`.
    as_of : date or None
        Date of judgement.
    specs : mapping
        What each fact declares, by name.

    Returns
    -------
    DataFrame
        `COLUMNS`, areas in m². Empty where the check has no limit that can be moved, or where one
        of its parameters has no value on that date.
    """
    found: list[dict[str, object]] = []
    if all(name in parameters for name in check.parameters):
        asked = _Asked(check, zones, facts, parameters, as_of)
        fixed = fixed_limits(check, specs)
        limits = [p for n, p in sorted(parameters.items()) if n in check.parameters]
        moved = [p for p in limits if p.name not in fixed and (p.unit in M2_PER or p.unit == "m")]
        if moved:
            base = asked.judged()
            found = [row for limit in moved for row in _rows(asked, base, limit)]
    return pd.DataFrame(found, columns=list(COLUMNS))


def fixed_limits(check: Check, specs: Mapping[str, FactSpec]) -> frozenset[str]:
    """Parameters of a check that cannot be moved without measuring again."""
    needed = [specs[name] for name in check.needs if name in specs]
    method = {name for spec in needed if spec.reach < max(FACTORS) for name in spec.parameters}
    return frozenset(method & set(check.parameters))


def _values(limit: Parameter) -> Iterator[tuple[float, bool]]:
    """Values to try in the limit's own unit, each with whether it is the one in force."""
    if limit.value:
        yield from ((limit.value * factor, factor == 1) for factor in FACTORS)
    elif limit.unit in M2_PER:
        yield from ((daa * M2_PER_DAA / M2_PER[limit.unit], daa == 0) for daa in STEPS_DAA)
    else:
        yield from ((metres, metres == 0) for metres in STEPS_M)


def _rows(asked: _Asked, base: Judged, limit: Parameter) -> Iterator[dict[str, object]]:
    zones, check = asked.zones, asked.check
    about = base.status != Status.NOT_APPLICABLE
    is_area = base.verdicts.unit == "m2"
    for value, in_force in _values(limit):
        now = base if in_force else asked.judged(**{limit.name: replace(limit, value=value)})
        turned = about & _differ(base, now)
        measured = np.nan_to_num(base.verdicts.measured.value[turned]).sum()
        told = {"check": check.name, "goal": check.goal, "plan": zones.plan}
        told |= {"parameter": limit.name, "parameter_status": str(limit.status)}
        yield {
            **told,
            "value": value,
            "unit": limit.unit,
            "in_force": in_force,
            "areas": int(about.sum()),
            "turned": int(turned.sum()),
            "turned_area_m2": float(zones.area_m2[turned].sum()),
            "turned_measured_m2": float(measured) if is_area else float("nan"),
            **{str(status): int((now.status == status).sum()) for status in COUNTED},
            "sliver": int((_sliver(now) & about).sum()),
            "within_accuracy": int(now.within.sum()),
        }


def _differ(one: Judged, other: Judged) -> NDArray[np.bool_]:
    """Zones that are told something else: another status, or another sentence."""
    differ: NDArray[np.bool_] = (one.status != other.status) | (one.text_key != other.text_key)
    return differ


def _sliver(found: Judged) -> NDArray[np.bool_]:
    sliver: NDArray[np.bool_] = found.verdicts.sliver & (found.status == Status.WARNING)
    return sliver
