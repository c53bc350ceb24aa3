"""Official code lists as small tables. In: a list's name. Out: its codes with names and groups.

Each row says where it comes from; the mark is [S] for a source that was read and [K] for common
knowledge that a planner should confirm. A row with `to` stands for all codes from `code` to `to`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["Code", "CodeList", "code_list"]


@dataclass(frozen=True)
class Code:
    """One code of an official list."""

    code: str
    name_nb: str
    name_en: str
    source: str
    group: str = ""
    development: bool = False
    to: str = ""


@dataclass(frozen=True)
class CodeList:
    """An official list; codes are text, also where they look like numbers."""

    name: str
    codes: Mapping[str, Code]
    ranges: tuple[Code, ...] = ()

    def find(self, code: str) -> Code | None:
        """The row of a code: its own, else the range that holds it.

        Parameters
        ----------
        code : str
            As in the file, for example `1110`.

        Returns
        -------
        Code or None
            None for a code that is not in the list.

        Examples
        --------
        >>> code_list("kp_arealformal").find("1110").name_nb
        'Boligbebyggelse'
        """
        if code in self.codes:
            return self.codes[code]
        if not code.isdecimal():
            return None
        inside = (r for r in self.ranges if int(r.code) <= int(code) <= int(r.to))
        return min(inside, key=lambda r: int(r.to) - int(r.code), default=None)

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
        return tuple(sorted({c for c in codes if c and self.find(c) is None}))


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
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = [_code(row) for row in csv.DictReader(text.splitlines())]
    ranges = tuple(row for row in rows if row.to)
    return CodeList(name, {row.code: row for row in rows if not row.to}, ranges)


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"],
        name_nb=row["name_nb"],
        name_en=row["name_en"],
        source=row["source"],
        group=row.get("group") or "",
        development=row.get("development") == "1",
        to=row.get("to") or "",
    )
