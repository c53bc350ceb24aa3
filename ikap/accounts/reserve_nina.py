"""Method NINA: planned development (report 2310), free plots inside partly built areas included."""

from __future__ import annotations

from ikap.accounts.reserve import ReserveMethod

__all__ = ["METHOD"]

METHOD = ReserveMethod(
    name="NINA",
    fact="reserve_nina",
    parameters=("reserve_nina", "reserve.circle_segments"),
    kinds=("buildings", "network"),
    followed=False,
    takes_water=True,
)
