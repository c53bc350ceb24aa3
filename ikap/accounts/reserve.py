"""What a method of counting reserve declares: which purposes it judges and what it calls built.

To add a method, add one file with `METHOD`; it is found by being in this folder. A method that
takes buildings or roads out by geometry needs a fact of its own beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ikap.model import Development

__all__ = ["ReserveMethod"]


@dataclass(frozen=True)
class ReserveMethod:
    """A named definition of planned, unbuilt land.

    `fact` parts each planned area; its classes in `built`, `dropped` and `apart` are no reserve,
    `not_covered` is unknown, all others are reserve on that land cover. `purposes` are first and
    last codes of arealformål; none means every purpose of development. `parameters` (names, or
    beginnings of names) and `kinds` of layers beside plan and land cover are told with each
    figure. `followed` tells whether
    the method is followed to the letter; its words (`method.NAME.*`) say what differs. One that
    `takes_water` counts fresh water as built, so that its lines too tell built from reserve.
    """

    name: str
    fact: str
    purposes: tuple[tuple[str, str], ...] = ()
    levels: tuple[str, ...] = ("kp", "rp")
    developments: tuple[Development, ...] = (
        Development.FUTURE,
        Development.FURTHER,
        Development.ADOPTED,
        Development.SPREAD,
    )
    built: tuple[str, ...] = ("built",)
    dropped: tuple[str, ...] = ("dropped",)
    apart: tuple[str, ...] = ("apart",)
    parameters: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    followed: bool = True
    takes_water: bool = False

    def judges(self, purpose: str, level: str, development: str) -> bool:
        """Whether an area is one that the method judges; unclear areas always are, as unknown."""
        if level not in self.levels:
            return False
        if development == Development.UNCLEAR:
            return True
        if development not in self.developments:
            return False
        within = (a <= purpose <= b and len(purpose) == len(a) for a, b in self.purposes)
        return not self.purposes or any(within)
