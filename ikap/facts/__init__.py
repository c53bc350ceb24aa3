"""What is measured, once, and used by all checks and accounts.

In: certified layers and one partition of the zones (a municipality). Out: a long table, zone ×
class in m², or sample point × class in m, which `forms` turns into aligned arrays. To add a fact,
add one file with `FACT` (what it needs) and `measure(partition)`; it is found by being in this
folder. What takes long and is the same for all partitions goes through `partition.memo`.
"""

from ikap.facts.area_by_class import area_by_class
from ikap.facts.certificate import CertifiedLayer, certify
from ikap.facts.forms import aligned, merged
from ikap.facts.partition import Memo, Partition, PlacedZones, partitions, place
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, OTHER, merge, to_fact

__all__ = [
    "NOT_COVERED",
    "OTHER",
    "CertifiedLayer",
    "FactSpec",
    "Memo",
    "Partition",
    "PlacedZones",
    "aligned",
    "area_by_class",
    "certify",
    "merge",
    "merged",
    "partitions",
    "place",
    "to_fact",
]
