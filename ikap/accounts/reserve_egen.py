"""Method egen (ikap's own): no building within a belt, not built in AR5; every purpose."""

from __future__ import annotations

from ikap.accounts.reserve import ReserveMethod

__all__ = ["METHOD"]

METHOD = ReserveMethod(
    name="egen",
    fact="reserve_egen",
    parameters=("reserve.building_buffer", "reserve.circle_segments"),
    kinds=("buildings",),
)
