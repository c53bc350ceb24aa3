"""Method SSB: reserve for housing and business in kommuneplaner (SSB's article of 2023).

Housing, business, and general purposes that may hold either, in kommuneplaner alone. SSB takes
what is built from its own land use map and buildings; here AR5 11 and 12 stand in for them, so the
method is not followed to the letter, and says so.
"""

from __future__ import annotations

from ikap.accounts.reserve import ReserveMethod
from ikap.model import Development

__all__ = ["METHOD"]

METHOD = ReserveMethod(
    name="SSB",
    fact="landcover_by_class",
    purposes=(
        ("1000", "1001"),
        ("1110", "1110"),
        ("1130", "1130"),
        ("1300", "1300"),
        ("1800", "1800"),
    ),
    levels=("kp",),
    developments=(Development.FUTURE, Development.FURTHER, Development.ADOPTED),
    built=("11", "12"),
    followed=False,
)
