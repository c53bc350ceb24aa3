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
from numpy.typing import NDArray

from ikap.sources.gml_attributes import leaves
from ikap.sources.gml_curves import HREF
from ikap.sources.gml_geometry import rank
from ikap.sources.gml_stream import GML, Element, Stream, feature_id, local
from ikap.sources.ledger import Ledger
from ikap.sources.names import fold

__all__ = ["PLAN_FACTS", "Links", "Scan", "number", "references", "scan"]

PLAN_TYPES = ("arealplan", "kpomrade", "rpomrade", "rbomrade", "planomrade")
"""Feature types (folded) that hold the facts of a plan, where they have a `planstatus`."""

PLAN_FACTS = (
    "kommunenummer",
    "planidentifikasjon",
    "planId",
    "plantype",
    "planstatus",
    "plannavn",
    "lovreferanse",
    "ikrafttredelsesdato",
    "vedtakEndeligPlanDato",
    "kunngjøringsdato",
)
"""Facts that a feature gets from its plan, as the columns `arealplan.planstatus` and so on."""

BORDERS = ("avgrens", "begrens", "grense")
"""Beginnings of the names of references to borders; they lead to no plan."""

FARTHEST = 4
"""References from a planned area to its plan: planområde, arealplan, and two to spare."""

NAMESPACES = {"g": GML[0], "h": GML[1], "x": "http://www.w3.org/1999/xlink"}
SHAPE_IDS = etree.XPath(".//g:*/@g:id|.//h:*/@h:id", namespaces=NAMESPACES, smart_strings=False)
DRAWN = etree.XPath(".//g:*/@x:href|.//h:*/@x:href", namespaces=NAMESPACES, smart_strings=False)

Numbers = NDArray[np.int64]


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
    plans: list[dict[str, str]] = field(default_factory=list)
    plan_of: Links | None = None


@dataclass
class Links:
    """Plan of each feature: features as sorted numbers, and the plan's place in a list."""

    features: Numbers
    plans: NDArray[np.int32]  # -1: none, -2: more than one as near

    def plan(self, names: list[str]) -> NDArray[np.int32]:
        """Place of the plan of each feature; -1 for none or itself, -2 for several."""
        numbers = np.array([number(name) for name in names], dtype=np.int64)
        at = np.minimum(np.searchsorted(self.features, numbers), len(self.features) - 1)
        return np.where(self.features[at] == numbers, self.plans[at], np.int32(-1))


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
    ids, shapes, drawn, sources, targets, plans = (array("q") for _ in range(6))
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
        if fold(name) in PLAN_TYPES and (facts := _plan_facts(feature)):
            found.plans.append(facts)
            plans.append(own)
    shape_ids = np.unique(_array(shapes))
    found.ids = np.union1d(_array(ids), shape_ids)
    wanted = [np.unique(_array(drawn))]
    for layer in found.layers.values():
        by_reference = np.intersect1d(_array(layer.referring), shape_ids)
        layer.drawn += len(by_reference)
        layer.referring = array("q")
        wanted.append(by_reference)
        found.whole.update(by_reference.tolist())
    found.wanted = np.unique(np.concatenate(wanted))
    if plans:
        found.plan_of = _plans(_array(sources), _array(targets), _array(plans))
    return found


def references(feature: Element) -> Iterator[tuple[str, str]]:
    """References of a feature to others in the file: name of the attribute, and the id."""
    for child in feature:
        href = child.get(HREF)
        if href is not None and href.startswith("#"):
            yield local(child), href[1:]


def _texts(found: object) -> list[str]:
    return cast("list[str]", found)


def _plan_facts(feature: Element) -> dict[str, str]:
    values = {
        path[-1]: value for child in feature for path, value in leaves(child) if value is not None
    }
    return (
        {name: values[name] for name in PLAN_FACTS if name in values}
        if ("planstatus" in values)
        else {}
    )


def _plans(sources: Numbers, targets: Numbers, plans: Numbers) -> Links:
    """The nearest plan of each feature: by references from it, else to it, else by way of both."""
    nodes, places = np.unique(np.concatenate([sources, targets, plans]), return_inverse=True)
    one, other = places[: len(sources)], places[len(sources) : -len(plans)]
    plan = np.full(len(nodes), -1, np.int32)
    plan[places[-len(plans) :]] = np.arange(len(plans), dtype=np.int32)
    for start, end in ((one, other), (other, one), (one, other)):
        for _ in range(FARTHEST):
            near = np.flatnonzero((plan[start] == -1) & (plan[end] >= 0))
            if not len(near):
                break
            reached, which = start[near], plan[end[near]]
            least = np.full(len(nodes), np.iinfo(np.int32).max, np.int32)
            most = np.full(len(nodes), -1, np.int32)
            np.minimum.at(least, reached, which)
            np.maximum.at(most, reached, which)
            hit = most >= 0
            plan[hit] = np.where(least[hit] == most[hit], most[hit], -2)
    plan[places[-len(plans) :]] = -1
    return Links(nodes, plan)


def _array(numbers: array[int]) -> Numbers:
    return np.frombuffer(numbers, dtype=np.int64) if len(numbers) else np.empty(0, np.int64)
