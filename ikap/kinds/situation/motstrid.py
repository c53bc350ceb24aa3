"""Whether two purposes are incompatible (*motstrid*), by a small table that planners may edit.

The table is `codes/compatibility.csv`: ranges of purposes of a kommuneplan against ranges of a
reguleringsplan, with the verdict and its source. All of it is an assumption ([K]); a verdict that
rests on it says so. What is not in the table is `uavklart`, never guessed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

__all__ = ["Motstrid", "Verdict", "motstrid"]


class Motstrid(StrEnum):
    """Whether two purposes are incompatible."""

    YES = "ja"
    NO = "nei"
    UNCLEAR = "uavklart"


@dataclass(frozen=True)
class Verdict:
    """Whether two purposes are incompatible, and whether that rests on the assumed table."""

    motstrid: Motstrid
    assumed: bool


@dataclass(frozen=True)
class _Row:
    kp: range
    rp: range
    motstrid: Motstrid

    @property
    def width(self) -> tuple[int, int]:
        return len(self.kp), len(self.rp)


def motstrid(one: tuple[str, str], other: tuple[str, str]) -> Verdict:
    """Whether two purposes are incompatible.

    Parameters
    ----------
    one, other : tuple of str
        Plan level (`kp` or `rp`) and arealformål; empty where it is missing.

    Returns
    -------
    Verdict
        The same purpose is never incompatible with itself; a missing or unknown one is unclear.
        Of several rows of the table the one with the narrowest range of kommuneplan purposes
        counts, then of reguleringsplan purposes. Two plans of one level are held against each
        other both ways, and are unclear where the ways differ.

    Examples
    --------
    >>> motstrid(("kp", "1110"), ("rp", "3040")).motstrid.value
    'ja'
    >>> motstrid(("kp", "1110"), ("rp", "1113")).motstrid.value
    'nei'
    """
    a, b = one[1], other[1]
    if a and a == b:
        return Verdict(Motstrid.NO, assumed=False)
    if not (a.isdecimal() and b.isdecimal()):
        return Verdict(Motstrid.UNCLEAR, assumed=False)
    if one[0] != other[0]:
        return Verdict(_listed(a, b) if one[0] == "kp" else _listed(b, a), assumed=True)
    ways = {_listed(a, b), _listed(b, a)}
    said = ways - {Motstrid.UNCLEAR}
    return Verdict(said.pop() if len(said) == 1 else Motstrid.UNCLEAR, assumed=True)


def _listed(kp: str, rp: str) -> Motstrid:
    return _verdict(int(kp), int(rp))


@cache
def _verdict(kp: int, rp: int) -> Motstrid:
    hits = [row for row in _table() if kp in row.kp and rp in row.rp]
    narrowest = min(hits, key=lambda row: row.width, default=None)
    return narrowest.motstrid if narrowest else Motstrid.UNCLEAR


@cache
def _table() -> tuple[_Row, ...]:
    path = resources.files("ikap.kinds.codes").joinpath("compatibility.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return tuple(
        _Row(
            range(int(row["kp"]), int(row["kp_to"]) + 1),
            range(int(row["rp"]), int(row["rp_to"]) + 1),
            Motstrid(row["motstrid"]),
        )
        for row in rows
    )
