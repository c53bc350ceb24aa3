"""One file per check: a rule of one goal, held against every zone of a plan.

In: `Zones`, `Facts` and `Parameters`. Out: `Verdicts`, one per zone. A check reads no file, does
no geometry and knows no date. To add one, add a file with `CHECK` and `check(...)`; it is found by
being in this folder (or in `checks/` of a workspace). What all checks need alike (`unknown`,
`not_applicable`, the cap for assumptions, ids) is done once, in `runner.py`.
"""

from ikap.checks.parameters import national_parameters, parameters_on, refuse_other_units
from ikap.checks.runner import run_check
from ikap.checks.sensitivity import fixed_limits, sensitivity

__all__ = [
    "fixed_limits",
    "national_parameters",
    "parameters_on",
    "refuse_other_units",
    "run_check",
    "sensitivity",
]
