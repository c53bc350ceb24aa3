"""Method KDD: the union of plan and AR5 (veileder om arealregnskap i kommuneplan, vedlegg 2).

Housing and holiday homes; what AR5 has as built-up or transport is built. Densification and
transformation are no reserve, so areas for further development (status 3) are left out.
"""

from __future__ import annotations

from ikap.accounts.reserve import ReserveMethod
from ikap.model import Development

__all__ = ["METHOD"]

METHOD = ReserveMethod(
    name="KDD",
    fact="landcover_by_class",
    purposes=(("1110", "1113"), ("1120", "1123"), ("5200", "5220")),
    developments=(Development.FUTURE, Development.ADOPTED, Development.SPREAD),
    built=("11", "12"),
)
