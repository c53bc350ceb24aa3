"""Facts that a feature has from a feature it refers to: from its plan, and from the plan's outline.

In plan data a planned area says nothing of its plan's status or of the level it lies on; it
refers to the outline (`RpOmråde`), which has the level and refers to the plan (`Arealplan`).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ikap.sources.gml_attributes import leaves
from ikap.sources.gml_stream import Element, local
from ikap.sources.names import fold

__all__ = ["GIVERS", "Given", "Giver", "Numbers", "numbers_of"]

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Giver:
    """Features that give facts to those that refer to them, and how far away these may be."""

    word: str  # in text keys
    prefix: str  # of the columns: `arealplan.planstatus`
    types: tuple[str, ...]  # folded names of the feature types
    needed: str  # only features that have it give anything
    facts: tuple[str, ...]
    farthest: int  # references from one to the other


OUTLINES = ("kpomrade", "rpomrade", "rbomrade", "planomrade")
GIVERS = (
    Giver(
        "plan",
        "arealplan",
        ("arealplan", *OUTLINES),
        "planstatus",
        (
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
        ),
        4,
    ),
    Giver("outline", "planområde", OUTLINES, "vertikalnivå", ("vertikalnivå",), 1),
)


@dataclass
class Given:
    """What the givers of one kind in a file have, and who gets it."""

    giver: Giver
    values: list[dict[str, str]] = field(default_factory=list)  # different ones
    givers: array[int] = field(default_factory=lambda: array("q"))
    which: array[int] = field(default_factory=lambda: array("l"))
    features: Numbers = field(default_factory=lambda: np.empty(0, np.int64))  # sorted
    got: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))

    def note(self, feature: Element, own: int) -> None:
        """Keep the facts of a feature that gives them."""
        if fold(local(feature)) not in self.giver.types:
            return
        leaf = {path[-1]: value for child in feature for path, value in leaves(child) if value}
        if self.giver.needed not in leaf:
            return
        facts = {name: leaf[name] for name in self.giver.facts if name in leaf}
        if facts not in self.values:
            self.values.append(facts)
        self.givers.append(own)
        self.which.append(self.values.index(facts))

    def spread(self, sources: Numbers, targets: Numbers) -> None:
        """Let each feature get the facts of the nearest giver.

        By references from the feature, else by those to it, else by way of both. Two givers as
        near with different facts are no answer.

        Parameters
        ----------
        sources, targets : array of int64
            The file's references, as numbers of ids.
        """
        if not len(self.givers):
            return
        givers = numbers_of(self.givers)
        nodes, places = np.unique(np.concatenate([sources, targets, givers]), return_inverse=True)
        one, other = places[: len(sources)], places[len(sources) : -len(givers)]
        got = np.full(len(nodes), -1, np.int32)
        got[places[-len(givers) :]] = self.which
        far = self.giver.farthest > 1
        have = got if far else got.copy()  # only the givers themselves are one reference away
        for start, end in ((one, other), (other, one), (one, other)):
            for _ in range(self.giver.farthest):
                if not _reach(start, end, got, have):
                    break
        got[places[-len(givers) :]] = -1
        self.features, self.got = nodes, got

    def of(self, numbers: Numbers) -> NDArray[np.int32]:
        """Place in `values` for each feature; -1 for none or itself, -2 for several."""
        if not len(self.features):
            return np.full(len(numbers), -1, np.int32)
        at = np.minimum(np.searchsorted(self.features, numbers), len(self.features) - 1)
        return np.where(self.features[at] == numbers, self.got[at], np.int32(-1))


def _reach(start: Numbers, end: Numbers, got: NDArray[np.int32], have: NDArray[np.int32]) -> bool:
    """One step: features that have got nothing get what those at the other end have."""
    near = np.flatnonzero((got[start] == -1) & (have[end] >= 0))
    least = np.full(len(got), np.iinfo(np.int32).max, np.int32)
    most = np.full(len(got), -1, np.int32)
    np.minimum.at(least, start[near], have[end[near]])
    np.maximum.at(most, start[near], have[end[near]])
    hit = most >= 0
    got[hit] = np.where(least[hit] == most[hit], most[hit], -2)
    return len(near) > 0


def numbers_of(numbers: array[int]) -> Numbers:
    """Numbers as an array, without a copy."""
    return np.frombuffer(numbers, dtype=np.int64) if len(numbers) else np.empty(0, np.int64)
