"""References within a GML file: from features to their plan, and from surfaces to shared borders.

A first reading of the file gives its ids and references as 64-bit numbers, and the facts of its
few plans. No element is kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
from lxml import etree

from ikap.sources.gml_curves import HREF
from ikap.sources.gml_facts import GIVERS, Given, Numbers, numbers_of
from ikap.sources.gml_geometry import rank
from ikap.sources.gml_stream import GML, Element, Stream, feature_id, local
from ikap.sources.ledger import Ledger
from ikap.sources.names import fold

__all__ = ["Scan", "number", "references", "scan"]

BORDERS = ("avgrens", "begrens", "grense")
"""Beginnings of the names of references to borders; they lead to no plan."""

NAMESPACES = {"g": GML[0], "h": GML[1], "x": "http://www.w3.org/1999/xlink"}
SHAPE_IDS = etree.XPath(".//g:*/@g:id|.//h:*/@h:id", namespaces=NAMESPACES, smart_strings=False)
DRAWN = etree.XPath(".//g:*/@x:href|.//h:*/@x:href", namespaces=NAMESPACES, smart_strings=False)


def number(name: str) -> int:
    """64-bit number that stands for an id during this run."""
    return hash(name)


@dataclass
class LayerScan:
    """One feature type of the file."""

    count: int = 0
    drawn: int = 0  # features with geometry
    referring: array[int] = field(default_factory=lambda: array("q"))  # what the others refer to


@dataclass
class Scan:
    """What a first reading of a file tells."""

    layers: dict[str, LayerScan] = field(default_factory=dict)
    ids: Numbers = field(default_factory=lambda: np.empty(0, np.int64))  # sorted
    wanted: Numbers = field(default_factory=lambda: np.empty(0, np.int64))  # drawn from elsewhere
    whole: set[int] = field(default_factory=set)  # geometry that features have by reference
    given: list[Given] = field(default_factory=lambda: [Given(giver) for giver in GIVERS])


def scan(path: Path, encoding: str | None, ledger: Ledger) -> Scan:
    """Layers, ids, plans and references of a file, in one reading.

    Parameters
    ----------
    path : Path
        GML file.
    encoding : str or None
        See `Stream`.
    ledger : Ledger
        For messages.

    Returns
    -------
    Scan
        Its arrays take 8 bytes for each id and each reference of the file.

    Raises
    ------
    InputError
        See `Stream`.
    """
    found = Scan()
    ids, shapes, drawn, sources, targets = (array("q") for _ in range(5))
    for feature in Stream(path, encoding, ledger):
        name, own = local(feature), number(feature_id(feature))
        layer = found.layers.setdefault(name, LayerScan())
        layer.count += 1
        inline = any(len(p) and rank(p[0]) >= 0 for p in feature)
        layer.drawn += inline
        ids.append(own)
        shapes.extend(number(i) for i in _texts(SHAPE_IDS(feature)))
        drawn.extend(number(h[1:]) for h in _texts(DRAWN(feature)) if h.startswith("#"))
        for role, target in references(feature):
            if not inline:
                layer.referring.append(number(target))
            if not fold(role).startswith(BORDERS):
                sources.append(own)
                targets.append(number(target))
        for given in found.given:
            given.note(feature, own)
    shape_ids = np.unique(numbers_of(shapes))
    found.ids = np.union1d(numbers_of(ids), shape_ids)
    wanted = [np.unique(numbers_of(drawn))]
    for layer in found.layers.values():
        by_reference = np.intersect1d(numbers_of(layer.referring), shape_ids)
        layer.drawn += len(by_reference)
        layer.referring = array("q")
        wanted.append(by_reference)
        found.whole.update(by_reference.tolist())
    found.wanted = np.unique(np.concatenate(wanted))
    for given in found.given:
        given.spread(numbers_of(sources), numbers_of(targets))
    return found


def references(feature: Element) -> Iterator[tuple[str, str]]:
    """References of a feature to others in the file: name of the attribute, and the id."""
    for child in feature:
        href = child.get(HREF)
        if href is not None and href.startswith("#"):
            yield local(child), href[1:]


def _texts(found: object) -> list[str]:
    return cast("list[str]", found)
