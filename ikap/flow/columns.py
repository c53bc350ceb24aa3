"""Rows of a table as lines of equal columns on a terminal; names are wrapped, figures never cut."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

__all__ = ["Line", "laid_out"]

Line = tuple[str, ...]
MIN_NAME, GAP = 16, 2


def laid_out(grid: Sequence[Line | str], width: int) -> list[str]:
    """Lines of equal columns.

    Parameters
    ----------
    grid : sequence
        Rows of as many cells, the first one a name; a text alone is a heading.
    width : int
        Columns of the terminal. Where figures take so much of it that names get less than
        `MIN_NAME`, lines are longer.

    Returns
    -------
    list of str
        A name that is too long goes on over more lines, its figures on the last of them.

    Examples
    --------
    >>> laid_out([("", "daa"), ("Bolig og fritidsbolig", "1,0"), ("Veg", "12,0")], 23)
    ['                    daa', 'Bolig og', 'fritidsbolig        1,0', 'Veg                12,0']
    """
    rows = [row for row in grid if not isinstance(row, str)]
    if not rows:
        return []
    sizes = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    room = width - sum(sizes[1:]) - GAP * (len(sizes) - 1)
    sizes[0] = max(MIN_NAME, min(sizes[0], room))
    lines: list[str] = []
    for row in grid:
        if isinstance(row, str):
            lines.append(row)
            continue
        *above, name = _wrapped(row[0], sizes[0])
        cells = [cell.rjust(size) for cell, size in zip(row[1:], sizes[1:], strict=True)]
        lines += [*above, (" " * GAP).join([name.ljust(sizes[0]), *cells]).rstrip()]
    return lines


def _wrapped(name: str, size: int) -> list[str]:
    return [name] if len(name) <= size else textwrap.wrap(name, size)
