"""Partitions: the zones of one municipality, with the layers and parameters to measure them by.

A zone that crosses a municipal border is split there, exactly, and is measured in both; what lies
outside the region's municipalities goes to a partition of its own, named "", where all is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.measure import parts_in
from ikap.model import Parameters, QualityRow

__all__ = ["FROM", "Memo", "Partition", "PlacedZones", "partitions", "place"]


T = TypeVar("T")
FROM = "chosen from"
"""Key under which a partition's `answers` hold the one it was chosen from, and which rows."""


@dataclass
class Memo:
    """What is made once for all partitions and plans of a run, and what was noticed in doing so."""

    made: dict[Hashable, object] = field(default_factory=dict)
    quality: dict[Hashable, tuple[QualityRow, ...]] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], tuple[T, tuple[QualityRow, ...]]]) -> T:
        """Return what was made under `key`, making it the first time."""
        if key not in self.made:
            self.made[key], self.quality[key] = make()
        return self.made[key]  # type: ignore[return-value]

    def rows(self) -> list[QualityRow]:
        """Quality rows of all that was made, in the order of making."""
        return [row for rows in self.quality.values() for row in rows]


@dataclass(frozen=True)
class PlacedZones:
    """Each row is the part of one zone in one municipality ("" outside the region)."""

    zone: NDArray[np.int64]
    municipality: NDArray[np.object_]
    geometry: NDArray[np.object_]
    area: NDArray[np.float64]

    def main_municipality(self, count: int) -> NDArray[np.object_]:
        """Municipality that holds most of each of `count` zones; by a tie the lowest number."""
        best = np.full(count, "", dtype=object)
        largest = np.zeros(count)
        order = np.argsort(self.municipality.astype(str), kind="stable")
        for i in order:
            z = self.zone[i]
            if self.municipality[i] and self.area[i] > largest[z]:
                largest[z], best[z] = self.area[i], self.municipality[i]
        return best


@dataclass(frozen=True)
class Partition:
    """One municipality's zone parts, and what they are measured against."""

    municipality: str
    zone: NDArray[np.int64]
    geometry: NDArray[np.object_]
    area: NDArray[np.float64]
    layers: Mapping[str, tuple[CertifiedLayer, ...]]  # by use, first that covers answers
    parameters: Parameters
    memo: Memo = field(default_factory=Memo)
    answers: dict[str, object] = field(default_factory=dict)  # by use: measured once, see `land`


def place(zones: NDArray[np.object_], municipalities: CertifiedLayer) -> PlacedZones:
    """Split zones at municipal borders, with nothing lost.

    Parameters
    ----------
    zones : array of geometry, shape (n,)
        Valid polygons in the region's CRS.
    municipalities : CertifiedLayer
        Municipal areas without overlap, `classes` = kommunenummer.

    Returns
    -------
    PlacedZones
        Parts with area; the parts of a zone add up to the zone.
    """
    shapely.prepare(municipalities.polygons)
    m, z = shapely.STRtree(zones).query(municipalities.polygons, predicate="intersects")
    order = np.lexsort((m, z))
    m, z = m[order], z[order]
    whole = shapely.covers(municipalities.polygons[m], zones[z])
    geometry = zones[z].copy()
    geometry[~whole], _ = parts_in(zones[z[~whole]], municipalities.polygons[m[~whole]])
    outside_zone, outside = _outside(zones, z, geometry)
    all_zone = np.concatenate([z, outside_zone]).astype(np.int64)
    all_geometry = np.concatenate([geometry, outside])
    names = np.concatenate([municipalities.classes[m], np.full(len(outside_zone), "", object)])
    area = shapely.area(all_geometry)
    keep = np.flatnonzero(area > 0)
    keep = keep[np.argsort(all_zone[keep], kind="stable")]
    return PlacedZones(all_zone[keep], names[keep], all_geometry[keep], area[keep])


def _outside(
    zones: NDArray[np.object_], zone: NDArray[np.int64], parts: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    covered = np.bincount(zone, weights=shapely.area(parts), minlength=len(zones))
    area = shapely.area(zones)
    left = np.flatnonzero(area - covered > np.maximum(1e-9 * area, 1e-6))
    rest = np.empty(len(left), dtype=object)
    for i, k in enumerate(left):
        rest[i] = shapely.difference(zones[k], shapely.union_all(parts[zone == k]))
    return left.astype(np.int64), rest


def partitions(
    placed: PlacedZones,
    layers: Mapping[str, tuple[CertifiedLayer, ...]],
    parameters: Parameters,
    memo: Memo | None = None,
) -> Iterator[Partition]:
    """Partitions in number order, "" (outside the region) first where there is one."""
    shared = Memo() if memo is None else memo
    for name in sorted(set(placed.municipality)):
        rows = placed.municipality == name
        yield Partition(
            name,
            placed.zone[rows],
            placed.geometry[rows],
            placed.area[rows],
            layers,
            parameters,
            shared,
        )
