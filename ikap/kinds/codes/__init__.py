"""Official code lists as small tables. In: a list's name. Out: its codes with names and groups.

Each row says where it comes from; the mark is [S] for a source that was read and [K] for common
knowledge that a planner should confirm. Purposes of older law are lists of their own
(`kp_arealbruk`, `rp_regform`), because the same number means other things there; `purpose` says
what each is today. Where a row is not as in NINA's table, `nina_differences.csv` says why.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

from ikap.sources.names import fold

__all__ = ["Code", "CodeList", "Difference", "code_list", "nina_differences"]


SHORT = 12
"""Codes of a list that can be told in one sentence."""


@dataclass(frozen=True)
class Code:
    """One code of an official list.

    `development` is whether it is planned development; `unclear` where the list cannot say.
    `purpose` is the code that NINA counts it as: for older law, the purpose of today.
    `fields` has what else the list's table tells, by its heading.
    """

    code: str
    name_nb: str
    name_en: str
    source: str
    group: str = ""
    development: bool = False
    unclear: bool = False
    purpose: str = ""
    note: str = ""
    fields: Mapping[str, str] | None = None

    def field(self, name: str) -> str:
        """What the table tells under that heading; empty for nothing."""
        return (self.fields or {}).get(name, "")


@dataclass(frozen=True)
class CodeList:
    """An official list; codes are text, also where they look like numbers."""

    name: str
    codes: Mapping[str, Code]

    def find(self, code: str) -> Code | None:
        """The row of a code.

        Parameters
        ----------
        code : str
            As in the file, for example `1110`; a number is the same with zeros in front.

        Returns
        -------
        Code or None
            None for a code that is not in the list.

        Examples
        --------
        >>> code_list("kp_arealformal").find("1110").name_nb
        'Boligbebyggelse'
        """
        if code not in self.codes and code.isdecimal():
            code = str(int(code))
        return self.codes.get(code)

    def unknown(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of the given codes that are not in the list, sorted, each once.

        Parameters
        ----------
        codes : iterable of str
            As in the file; empty ones are not counted as unknown.

        Returns
        -------
        tuple of str
            Unknown codes.
        """
        return tuple(sorted(c for c in set(codes) if c and self.find(c) is None))

    def nearest(self, code: str) -> str:
        """The code of the list that may have been meant, for a message; empty if none is near.

        Parameters
        ----------
        code : str
            A code that is not in the list, or a name where a code should stand.

        Returns
        -------
        str
            The code with the most leading digits in common, then the nearest number; for words,
            the code with the nearest name; in a short list, all its codes.

        Examples
        --------
        >>> purposes = code_list("kp_arealformal")
        >>> purposes.nearest("1115"), purposes.nearest("boligbebygelse"), purposes.nearest("77")
        ('1110', '1110', '')
        """
        if not code.isdecimal():
            names = {fold(row.name_nb): row.code for row in self.codes.values()}
            return next((names[n] for n in get_close_matches(fold(code), names, n=1)), "")
        same = [own for own in self.codes if len(own) == len(code) and own[0] == code[0]]
        some = ", ".join(self.codes) if len(self.codes) <= SHORT else ""
        return min(same, key=lambda own: _distance(own, code), default=some)


@dataclass(frozen=True)
class Difference:
    """One place where a list is not as in NINA's table, and why."""

    level: str  # kp or rp
    code: str
    field: str
    nina: str
    ikap: str
    reason: str


@cache
def code_list(name: str) -> CodeList:
    """Official list of that name, from `NAME.csv` in this folder.

    Parameters
    ----------
    name : str
        For example `ar5_arealtype`.

    Returns
    -------
    CodeList
        Codes by code.
    """
    rows = [_code(row) for row in _table(name)]
    return CodeList(name, {row.code: row for row in rows})


@cache
def nina_differences() -> tuple[Difference, ...]:
    """Where our lists of purposes are not as in NINA's tables, each with its reason.

    Returns
    -------
    tuple of Difference
        In the order of the tables.
    """
    return tuple(Difference(**row) for row in _table("nina_differences"))


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"],
        name_nb=row["name_nb"],
        name_en=row["name_en"],
        source=row["source"],
        group=row.get("group") or "",
        development=row.get("development") == "1",
        unclear=row.get("development") == "?",
        purpose=row.get("purpose") or "",
        note=row.get("note") or "",
        fields=row,
    )


def _distance(own: str, code: str) -> tuple[int, int]:
    """How far a code is from another of the same length: digits that differ, then the number."""
    alike = next((i for i, (a, b) in enumerate(zip(own, code, strict=True)) if a != b), len(own))
    return -alike, abs(int(own) - int(code))
