"""Plan topology: what is wrong with a plan as a map. In: a plan's canonical areas. Out: faults.

A fault has a place, a size and the areas that it is about, and is told in planners' words by its
`rule` (`[topology]` of the texts). Nothing is mended here, and no figure is changed by it. To add a
rule, yield a `PlanFault` from the module it belongs to, and give it words: `ground` (gaps,
overlaps, what lies outside, slivers), `attributes` (ids, lengths, codes) or `age`.
"""

from ikap.kinds.topology.fault import Limits, PlanFault, Rounding, fault_table
from ikap.kinds.topology.plan import PlanFile, plan_file
from ikap.kinds.topology.whole import plan_faults

__all__ = [
    "Limits",
    "PlanFault",
    "PlanFile",
    "Rounding",
    "fault_table",
    "plan_faults",
    "plan_file",
]
