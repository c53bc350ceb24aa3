"""One partition measured: the same function in this process, in others and on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import pandas as pd
import shapely

from ikap.facts import Memo, Partition
from ikap.facts.land import LandPieces, land_pieces
from ikap.model import QualityRow

__all__ = [
    "MeasuredPart",
    "Noticed",
    "Recalling",
    "Wanted",
    "by_size",
    "measure_partition",
    "noticed",
]

T = TypeVar("T")
Noticed = tuple[tuple[Hashable, tuple[QualityRow, ...]], ...]
"""What was noticed in making what the memo keeps, by its key."""


@dataclass(frozen=True)
class Wanted:
    """What is to be measured of each partition."""

    measurers: Mapping[str, Callable[[Partition], pd.DataFrame]]  # facts by name
    pieces: tuple[tuple[str, tuple[str, ...]], ...] = ()  # use and classes wanted as geometry


@dataclass(frozen=True)
class MeasuredPart:
    """What was measured of one partition."""

    municipality: str
    tables: Mapping[str, pd.DataFrame]
    pieces: tuple[LandPieces, ...]
    noticed: Noticed


@dataclass
class Recalling(Memo):
    """A memo that knows what was asked of it, whether it was made now or for another partition.

    Which partition makes a thing first depends on the worker; which partitions ask for it does
    not. So the quality rows are collected by who asked.
    """

    inner: dict[Hashable, tuple[Hashable, ...]] = field(default_factory=dict)
    asked: dict[Hashable, None] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], tuple[T, tuple[QualityRow, ...]]]) -> T:
        """Return what was made under `key`, making it the first time."""
        outer, self.asked = self.asked, {}
        made = super().once(key, make)
        within = self.inner.setdefault(key, tuple(self.asked))
        self.asked = outer | dict.fromkeys((*within, key))
        return made


def measure_partition(partition: Partition, wanted: Wanted) -> MeasuredPart:
    """Measure the facts of one partition.

    Parameters
    ----------
    partition : Partition
        Zone parts of one municipality, with layers and parameters. Its memo keeps what other
        partitions can use.
    wanted : Wanted
        Facts, and the land that is wanted as geometry.

    Returns
    -------
    MeasuredPart
        Long tables by fact; areas in m². The same bits wherever it is measured.
    """
    kept = partition.memo
    inner = kept.inner if isinstance(kept, Recalling) else {}
    memo = Recalling(kept.made, kept.quality, inner)
    here = replace(partition, memo=memo, answers={})
    tables = {name: measure(here) for name, measure in wanted.measurers.items()}
    pieces = [found for use, classes in wanted.pieces for found in land_pieces(here, use, classes)]
    told = tuple((key, memo.quality[key]) for key in memo.asked)
    return MeasuredPart(partition.municipality, tables, tuple(pieces), told)


def noticed(parts: Iterable[MeasuredPart], memo: Memo) -> None:
    """Put what was noticed into the run's memo, in the order of the partitions, each thing once."""
    for part in parts:
        for key, rows in part.noticed:
            memo.quality.setdefault(key, rows)


def by_size(parts: list[Partition]) -> list[int]:
    """Numbers of the partitions, those with most vertices first, so that none is left to last."""
    size = [int(np.sum(shapely.get_num_coordinates(part.geometry))) for part in parts]
    return sorted(range(len(parts)), key=lambda i: (-size[i], parts[i].municipality))
