"""Attributes of GML features as columns of their official names; text as the file has it.

`identifikasjon/Identifikasjon/lokalId` gives the column `lokalId`: elements that only name a data
type are passed over, and a name that comes twice in a layer belongs to the shortest path. The
other one gets its path before it (`lenkesekvens_lokalId`). `lokalId`, `navnerom` and `versjonId`
alone are always those of `identifikasjon`, the feature's own.

Where an attribute is repeated, its column has the first value, and all are in `<attribute>_alle`
as JSON. `xsi:nil` is a missing value. `codeSpace` and `uom` are left out, and so are references to
other features (`gml_links` follows them).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from ikap.sources.gml_curves import HREF
from ikap.sources.gml_geometry import rank
from ikap.sources.gml_stream import Element, local

__all__ = ["Attributes", "column_names", "leaves"]

DEEPEST = 12
"""Attributes within attributes."""
OWN = "identifikasjon"
IDENTITY = ("lokalId", "navnerom", "versjonId")
SHORT = 24
"""Letters of a value that is likely to come again, and is kept once."""
MOST_KNOWN = 100_000
SKIPPED = ("boundedBy", "metaDataProperty", "location")

Path = tuple[str, ...]


def leaves(element: Element, path: Path = ()) -> Iterator[tuple[Path, str | None]]:
    """Values of one attribute with their path, in its order; geometry and references left out.

    Parameters
    ----------
    element : Element
        Child of a feature, or of such a child.
    path : tuple of str
        Names above it.

    Yields
    ------
    tuple of path and str or None
        None where the element is empty or `xsi:nil`.
    """
    name = local(element)
    if not path and name in SKIPPED:
        return
    path = (*path, name)
    if not len(element):
        text = (element.text or "").strip()
        href = element.get(HREF)
        if href is None or text:
            yield path, text or None
        elif not (href.startswith("#") or "#" in href):
            yield path, href.strip()
        return
    if len(path) > DEEPEST or rank(element[0]) >= 0:
        return
    for child in element:
        if local(child)[:1].isupper() and (len(child) or not (child.text or "").strip()):
            for inner in child:
                yield from leaves(inner, path)
        else:
            yield from leaves(child, path)


def _nested(element: Element, depth: int = 0) -> object:
    """Value of an attribute as objects, by the names in the file."""
    if not len(element) or depth > DEEPEST:
        return (element.text or "").strip() or element.get(HREF)
    return {local(child): _nested(child, depth + 1) for child in element}


class Attributes:
    """Collects the attributes of a layer, one column a path."""

    def __init__(self) -> None:
        self.columns: dict[Path, list[str | None]] = {}
        self.all_values: dict[str, dict[int, str]] = {}
        self.repeated: Counter[str] = Counter()
        self.count = 0
        self._known: dict[str, str] = {}

    def add(self, feature: Element) -> None:
        """Add one row."""
        seen: set[str] = set()
        again: set[str] = set()
        for child in feature:
            name = local(child)
            for path, value in leaves(child):
                if name in seen or not self._put(path, value):
                    again.add(name)
                    break
            seen.add(name)
        for name in again:
            values = [_nested(c) for c in feature if local(c) == name]
            text = json.dumps(values, ensure_ascii=False)
            self.all_values.setdefault(name, {})[self.count] = text
            self.repeated[name] += 1
        self.count += 1

    def whole_name(self, name: str) -> str:
        """Name of the column that has all values of a repeated attribute."""
        taken = {path[-1] for path in self.columns}
        return f"{name}_alle" if f"{name}_alle" not in taken else f"{name}_alle_"

    def _put(self, path: Path, value: str | None) -> bool:
        """Set a cell of the row; False if the row has a value there already."""
        column = self.columns.get(path)
        if column is None:
            column = self.columns[path] = []
        if len(column) > self.count:
            return False
        column.extend([None] * (self.count - len(column)))
        if value is not None and len(value) <= SHORT and len(self._known) < MOST_KNOWN:
            value = self._known.setdefault(value, value)
        column.append(value)
        return True

    def table(self) -> pd.DataFrame:
        """Columns by their names, text or None.

        Returns
        -------
        DataFrame
            One row a feature, index 0 to n - 1.
        """
        cells: dict[str, np.ndarray] = {}
        whole_names = {name: self.whole_name(name) for name in self.all_values}
        for path, name in column_names(list(self.columns)).items():
            column = self.columns.pop(path)
            column.extend([None] * (self.count - len(column)))
            cells[name] = np.array(column, dtype=object)
        for name, values in self.all_values.items():
            whole = np.full(self.count, None, dtype=object)
            whole[list(values)] = list(values.values())
            cells[whole_names[name]] = whole
        return pd.DataFrame(cells, index=pd.RangeIndex(self.count), dtype=object)


def column_names(paths: list[Path]) -> dict[Path, str]:
    """Names of the columns of a layer.

    Parameters
    ----------
    paths : list of tuple of str
        Paths of its attributes, in the order they were met.

    Returns
    -------
    dict of tuple to str
        Official name where the path is the shortest one that ends in it, else the whole path.

    Examples
    --------
    >>> paths = [("lenke", "lokalId"), ("identifikasjon", "lokalId"), ("kvalitet", "målemetode")]
    >>> list(column_names(paths).values())
    ['lenke_lokalId', 'lokalId', 'målemetode']
    """
    best: dict[str, Path] = {}
    for path in paths:
        leaf = path[-1]
        if leaf in IDENTITY and len(path) > 1 and path != (OWN, leaf):
            continue
        if leaf not in best or _order(path) < _order(best[leaf]):
            best[leaf] = path
    names: dict[Path, str] = {}
    taken = {"geometry"}
    for path in paths:
        own = best.get(path[-1]) == path
        name = path[-1] if own else "_".join(path)
        while name in taken:
            name = f"{name}_"
        taken.add(name)
        names[path] = name
    return names


def _order(path: Path) -> tuple[int, bool]:
    return len(path), path[0] != OWN
