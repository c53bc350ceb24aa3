"""Area of each land class in each zone part, from the first layer that covers the ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import FROM, Partition
from ikap.facts.table import NOT_COVERED, OTHER, UNMAPPED, merge, rows
from ikap.measure import PairAreas, pair_areas, pair_parts
from ikap.measure.route import has_compiler
from ikap.model import QualityRow, Reason

__all__ = [
    "Labels",
    "LandAnswer",
    "LandPieces",
    "answers_by_polygon",
    "box_tree",
    "land_answers",
    "land_areas",
    "land_pieces",
]

ROUNDING_M2 = 1e-3
"""Parts of a zone may miss the whole by this much from rounding; more is a fault in ikap. The
statement's contract is 0.01 m² per zone (design.md, Statements)."""


@dataclass(frozen=True)
class LandPieces:
    """Pieces of land inside zone parts, as geometry: for the map, the list and recounts."""

    zone: NDArray[np.int64]
    layer: NDArray[np.object_]
    classes: NDArray[np.object_]
    ids: NDArray[np.object_]
    geometry: NDArray[np.object_]
    land: NDArray[np.int64]  # polygon of the layer that each is a piece of

    def of_zones_below(self, count: int) -> LandPieces:
        """Pieces of the first `count` zones."""
        keep = self.zone < count
        return LandPieces(
            self.zone[keep],
            self.layer[keep],
            self.classes[keep],
            self.ids[keep],
            self.geometry[keep],
            self.land[keep],
        )


@dataclass(frozen=True)
class LandAnswer:
    """What one layer answers for in a partition: pairs of zone part and land, with area."""

    layer: CertifiedLayer
    part: NDArray[np.int64]  # row of the partition
    land: NDArray[np.int64]  # polygon of the layer
    area: NDArray[np.float64]
    covered: NDArray[np.object_]  # per row: the part of it that the layer was asked about
    other: NDArray[np.float64]  # per row: ground of the layer's coverage without a polygon


Labels = Callable[[CertifiedLayer], NDArray[np.object_]]
"""Class of each polygon of a layer."""


def land_areas(
    partition: Partition, use: str, labels: Labels | None = None, *, overview: bool = False
) -> pd.DataFrame:
    """Long table zone × class in m², with `not_covered` for what no layer answers for.

    Parameters
    ----------
    partition : Partition
        Zone parts of one municipality.
    use : str
        Which layers: the name under `[use]` in goals.toml.
    labels : callable, optional
        Finer classes than the layer's own.
    overview : bool
        Whether an overview map may answer; it tells no class of land, only what it is not.

    Returns
    -------
    DataFrame
        Columns of `table.COLUMNS`; the rows of a zone part add up to its area.
    """
    place, zone = partition.municipality, partition.zone
    rest = partition.area.copy()
    tables = []
    for answer in land_answers(partition, use):
        name, of_layer = answer.layer.name, answer.layer.classes
        if answer.layer.declaration.kind == "overview" and not overview:
            continue
        classes = (labels(answer.layer) if labels else of_layer)[answer.land]
        tables.append(
            rows(zone[answer.part], answer.area, municipality=place, layer=name, classes=classes)
        )
        keep = answer.other > 0
        tables.append(
            rows(zone[keep], answer.other[keep], municipality=place, layer=name, classes=OTHER)
        )
        rest -= np.bincount(answer.part, weights=answer.area, minlength=len(rest)) + answer.other
    assert (rest > -ROUNDING_M2).all(), "land classes exceed the zone"
    keep = rest >= ROUNDING_M2
    reason = Reason.NO_COVERAGE if partition.layers.get(use) else Reason.NO_LAYER
    told = {"municipality": place, "layer": "", "classes": NOT_COVERED, "reason": str(reason)}
    return merge([*tables, rows(zone[keep], rest[keep], **told)])


def land_pieces(partition: Partition, use: str, classes: tuple[str, ...]) -> list[LandPieces]:
    """Pieces of the given classes as geometry, one entry per layer that answers; cut once."""
    key = f"pieces {use} {classes}"
    if key not in partition.answers:
        partition.answers[key] = _cut(partition, use, classes)
    found: list[LandPieces] = partition.answers[key]  # type: ignore[assignment] # put there above
    return found


def _cut(partition: Partition, use: str, classes: tuple[str, ...]) -> list[LandPieces]:
    found = []
    for answer in land_answers(partition, use):
        labels = answer.layer.classes[answer.land]
        keep = np.isin(labels, classes)
        wanted, row = np.unique(answer.land[keep], return_inverse=True)
        land = answer.layer.shapes.geometries_of(wanted)
        found.append(
            LandPieces(
                partition.zone[answer.part[keep]],
                np.full(int(keep.sum()), answer.layer.name, dtype=object),
                labels[keep],
                answer.layer.ids[answer.land[keep]],
                pair_parts(answer.covered, land, answer.part[keep], row),
                answer.land[keep],
            )
        )
    return found


def box_tree(partition: Partition, layer: CertifiedLayer) -> shapely.STRtree:
    """Boxes of all polygons of a layer, in order, for looking up what lies where; once a run."""

    def make() -> tuple[tuple[CertifiedLayer, shapely.STRtree], tuple[QualityRow, ...]]:
        boxes = np.asarray(shapely.box(*layer.shapes.boxes.T), dtype=object)
        boxes[layer.shapes.areas <= 0] = shapely.Polygon()  # lost all its ground to others
        return (layer, shapely.STRtree(boxes)), ()

    _, tree = partition.memo.once(("boxes", id(layer)), make)  # an id means it while it is held
    return tree


def land_answers(partition: Partition, use: str) -> list[LandAnswer]:
    """Let each layer answer for what the ones before it left; measured once per partition."""
    layers = partition.layers.get(use, ())
    key = str([id(layer) for layer in layers])  # uses with the same layers have the same answers
    if key not in partition.answers:
        known = _chosen(partition, key)
        partition.answers[key] = _ask(partition, layers) if known is None else known
        partition.answers[f"{key} held"] = layers  # an id means this layer as long as it lives
    found: list[LandAnswer] = partition.answers[key]  # type: ignore[assignment] # put there above
    return found


def _chosen(partition: Partition, key: str) -> list[LandAnswer] | None:
    """What the partition that this one was chosen from has measured already; None if nothing."""
    if FROM not in partition.answers:
        return None
    whole, kept = cast("tuple[Partition, NDArray[np.int64]]", partition.answers[FROM])
    if key not in whole.answers:
        return None
    place = np.full(len(whole.zone), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    found = []
    for answer in cast("list[LandAnswer]", whole.answers[key]):
        own = place[answer.part] >= 0
        part, land, area = place[answer.part[own]], answer.land[own], answer.area[own]
        covered, other = answer.covered[kept], answer.other[kept]
        found.append(LandAnswer(answer.layer, part, land, area, covered, other))
    return found


def _ask(partition: Partition, layers: tuple[CertifiedLayer, ...]) -> list[LandAnswer]:
    found: list[LandAnswer] = []
    left = partition.geometry.copy()
    for layer in layers:
        todo = np.flatnonzero(~shapely.is_empty(left))
        if len(todo) == 0 or partition.municipality == "":
            break
        covered = _covered(layer, left[todo], partition.municipality)
        pairs = _pairs(layer, covered)
        taken = np.bincount(pairs.zone, weights=pairs.area, minlength=len(todo))
        other = np.zeros(len(left))
        if not answers_by_polygon(layer):
            rest = shapely.area(covered) - taken
            assert (rest > -ROUNDING_M2).all(), "land classes exceed the zone"
            other[todo] = np.where(rest > ROUNDING_M2, rest, 0.0)
        asked = np.full(len(left), shapely.Polygon(), dtype=object)
        asked[todo] = covered
        found.append(LandAnswer(layer, todo[pairs.zone], pairs.land, pairs.area, asked, other))
        if layer is not layers[-1]:
            left[todo] = _remainder(layer, left[todo], covered, pairs)
    return found


def _pairs(layer: CertifiedLayer, parts: NDArray[np.object_]) -> PairAreas:
    """Areas of zone parts on mapped land; land that is far away is not made into geometry."""
    shapes, near = layer.shapes, np.arange(len(layer.shapes))
    if not has_compiler():  # compiled sums look at no land that is far away, and copy nothing
        west, south, east, north = shapely.total_bounds(parts)
        box = shapes.boxes
        meets = (box[:, 0] <= east) & (box[:, 2] >= west)
        near = np.flatnonzero(meets & (box[:, 1] <= north) & (box[:, 3] >= south))
        shapes = shapes.take(near)
    pairs = pair_areas(parts, shapes)
    land = near[pairs.land]
    keep = layer.classes[land] != UNMAPPED
    return PairAreas(pairs.zone[keep], land[keep], pairs.area[keep], pairs.gridded)


def _covered(
    layer: CertifiedLayer, parts: NDArray[np.object_], municipality: str
) -> NDArray[np.object_]:
    """Cut each zone part to where the layer is complete."""
    coverage = layer.declaration.coverage
    if answers_by_polygon(layer):
        return parts
    if layer.coverage_polygons is not None:
        where = shapely.union_all(layer.coverage_polygons)
        return np.asarray(shapely.intersection(parts, where), dtype=object)
    if "all" in coverage.municipalities or municipality in coverage.municipalities:
        return parts
    return np.full(len(parts), shapely.Polygon(), dtype=object)


def answers_by_polygon(layer: CertifiedLayer) -> bool:
    """Tell whether ground without a polygon is unmapped (a land cover map) rather than "none"."""
    kind = layer.declaration.kind
    return kind in ("landcover", "overview") or layer.declaration.coverage.own_polygons


def _remainder(
    layer: CertifiedLayer,
    parts: NDArray[np.object_],
    covered: NDArray[np.object_],
    pairs: PairAreas,
) -> NDArray[np.object_]:
    """Leave of each part what the next layer may answer for."""
    if not answers_by_polygon(layer):
        return np.asarray(shapely.difference(parts, covered), dtype=object)
    found = np.bincount(pairs.zone, weights=pairs.area, minlength=len(parts))
    area = shapely.area(parts)
    left = np.full(len(parts), shapely.Polygon(), dtype=object)
    for k in np.flatnonzero(area - found > np.maximum(1e-9 * area, ROUNDING_M2)):
        land = layer.shapes.geometries_of(pairs.land[pairs.zone == k])
        left[k] = shapely.difference(parts[k], shapely.union_all(land)) if len(land) else parts[k]
    return left
