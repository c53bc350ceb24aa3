"""One plan's claim to a piece of ground: what deciding needs to know of it, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Claim"]


@dataclass(frozen=True, order=True)
class Claim:
    """What one plan says of a piece of ground; ordered so that ties are broken the same way."""

    plan: str  # planidentifikasjon, or the layer's name where the file has none
    municipality: str  # whose plan it is; "" where the file does not say
    level: str  # kp or rp
    day: str  # date in force as 2022-06-14; "" where it is missing
    adopted: str  # date of the final decision; "" where it is missing
    purpose: str  # arealformål; "" where it is missing
    use_status: int = 0  # arealbruksstatus, 0 where it is missing
    overridden: bool = False  # planstatus 8
    in_doubt: str = ""  # why it may not apply at all; empty if it does

    @property
    def in_force(self) -> date | None:
        """Date in force."""
        return date.fromisoformat(self.day) if self.day else None

    @property
    def decided(self) -> date | None:
        """Date of the decision; where it is missing the date in force, which is never earlier."""
        return date.fromisoformat(self.adopted) if self.adopted else self.in_force

    @property
    def identity(self) -> tuple[str, str, str, str, bool, str]:
        """What tells one plan from another: ids are the municipality's own.

        A later change of a plan has its id and another date, and may override the first.
        """
        whose = (self.plan, self.municipality, self.level)
        return (*whose, self.day, self.overridden, self.in_doubt)

    @property
    def says(self) -> tuple[str, int]:
        """What it says of the ground: purpose and status of use."""
        return self.purpose, self.use_status
