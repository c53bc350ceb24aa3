"""Attributes of SOSI objects as columns: official names, all values kept."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ikap.sources.sosi_text import SEPARATOR

__all__ = ["Columns"]

QUALITY = "KVALITET"
QUALITY_PARTS = (
    "MÅLEMETODE",
    "NØYAKTIGHET",
    "SYNBARHET",
    "H-MÅLEMETODE",
    "H-NØYAKTIGHET",
    "MAX-AVVIK",
)
"""What the numbers of KVALITET mean, in their order; accuracy is in cm, `*` is not known."""
UNKNOWN = "*"
BETWEEN = "; "
MOST = 1000
"""Columns; a file with more is broken or made to do harm."""

Cells = list[str | None]


class Columns:
    """Collects the attributes of one object after the other."""

    def __init__(self) -> None:
        self._cells: dict[str, Cells] = {}
        self._more: dict[tuple[str, int], list[str]] = {}
        self._rows = 0
        self.repeated: dict[str, int] = {}
        self.left_out = 0

    def add(self, attributes: Sequence[tuple[str, str]]) -> None:
        """Add the next object.

        Parameters
        ----------
        attributes : sequence of tuple of str
            Path of names, and value.
        """
        row = self._rows
        self._rows += 1
        for path, value in attributes:
            cells = self._cells.get(path)
            if cells is None:
                if len(self._cells) >= MOST:
                    self.left_out += 1
                    continue
                cells = self._cells[path] = []
            if len(cells) > row:
                self._more.setdefault((path, row), []).append(value)
                self.repeated[path] = self.repeated.get(path, 0) + 1
            else:
                if len(cells) < row:
                    cells.extend([None] * (row - len(cells)))
                cells.append(value)

    def table(self, quality: str) -> dict[str, Cells]:
        """Columns by name.

        Parameters
        ----------
        quality : str
            KVALITET of objects that have none, as the head has it.

        Returns
        -------
        dict
            One list a column, as long as there are objects.
        """
        for (path, row), values in self._more.items():
            self._cells[path][row] = BETWEEN.join([str(self._cells[path][row]), *values])
        for cells in self._cells.values():
            cells.extend([None] * (self._rows - len(cells)))
        if quality.strip(f"{UNKNOWN} ") and QUALITY not in self._cells:
            self._cells[QUALITY] = [None] * self._rows
        names = _names(list(self._cells))
        table = {names[path]: cells for path, cells in self._cells.items()}
        self.repeated = {names[path]: count for path, count in self.repeated.items()}
        if QUALITY in table:
            if quality:
                table[QUALITY] = [quality if cell is None else cell for cell in table[QUALITY]]
            table |= {k: v for k, v in _laid_out(table[QUALITY]).items() if k not in table}
        return table


def _names(paths: Sequence[str]) -> dict[str, str]:
    """Name of each path: its last part, if no shorter path ends in it too; else the whole path."""
    owner: dict[str, str] = {}
    for path in sorted(paths, key=lambda p: p.count(SEPARATOR)):
        owner.setdefault(path.rpartition(SEPARATOR)[2], path)
    taken = {"geometry"}
    names: dict[str, str] = {}
    for path in paths:
        leaf = path.rpartition(SEPARATOR)[2]
        name = leaf if owner[leaf] == path else path.replace(SEPARATOR, ".")
        while name in taken:
            name += "_"
        taken.add(name)
        names[path] = name
    return names


def _laid_out(cells: Cells) -> dict[str, Cells]:
    """Columns for the numbers of KVALITET; none for those that no object has."""
    known = {cell: _parts(cell) for cell in dict.fromkeys(cells)}
    columns: dict[str, Cells] = {}
    for i, name in enumerate(QUALITY_PARTS):
        column = [known[cell][i] for cell in cells]
        if any(value is not None for value in column):
            columns[name] = column
    return columns


def _parts(cell: str | None) -> list[str | None]:
    if not isinstance(cell, str) or pd.isna(cell) or BETWEEN in cell:
        return [None] * len(QUALITY_PARTS)
    words: list[str | None] = [None if w == UNKNOWN else w for w in cell.split()]
    return (words + [None] * len(QUALITY_PARTS))[: len(QUALITY_PARTS)]
