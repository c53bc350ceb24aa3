"""Fact: what is left of each field that a planned area cuts, with its area and its width.

A field's remnant is what is left of it, joined to the farmland that it hangs together with, when
all areas of the plan that are or may be built have taken their ground; an area answers for the
remnants that it borders on. Ground that was too small or too narrow before the plan is left out.
One row is one remnant: `area_m2` its area, and its distance is its width in m, which is the
diameter of the largest circle that has room in it (`measure.remnants`).

Remnants up to `REACH` times the limits are listed, so that limits can be moved so far without
measuring again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.land import LandAnswer, box_tree, land_answers
from ikap.facts.partition import Partition
from ikap.facts.plans import PLAN, attributes
from ikap.facts.samples import merge_samples, sample_rows
from ikap.facts.spec import FactSpec
from ikap.measure.remnants import TOUCH_M, Ground, Piece, grown, width
from ikap.model import Development

__all__ = ["AREA", "FACT", "WIDTH", "measure"]

AREA, WIDTH = "farmland.min_remaining_area", "farmland.min_remaining_width"
FARMLAND = ("21", "22", "23", "20")
ASKED = (str(Development.FUTURE), str(Development.FURTHER))
TAKING = (*ASKED, str(Development.ADOPTED))
"""Areas whose ground is given up as farmland: what lies between two of them is left of both."""
NOISE_M2 = 1.0
"""A field that an area touches by no more than this is not cut, and a scrap is no remnant."""
REACH = 2.0

FACT = FactSpec(
    name="farmland_remnants",
    uses=("farmland",),
    classes=("width",),
    unit="m",
    parameters=(AREA, WIDTH),
    sampled=True,
)


def measure(partition: Partition) -> pd.DataFrame:
    """One row a planned area and remnant, with area in m² and width in m."""
    limits = partition.parameters
    if PLAN not in partition.layers or not {AREA, WIDTH} <= set(limits) or not len(partition.zone):
        return merge_samples([])
    area, across = limits[AREA].m2, limits[WIDTH].value
    tables = []
    for answer in land_answers(partition, "farmland"):
        fields = _Fields(partition, answer.layer)
        for row, remnant in fields.remnants(_cut(partition, answer), area, across):
            middle = shapely.point_on_surface(remnant)
            tables.append(
                sample_rows(
                    partition.zone[[row]],
                    shapely.get_coordinates(middle),
                    [shapely.area(remnant)],
                    municipality=partition.municipality,
                    layer=answer.layer.name,
                    classes="width",
                    distance=width(remnant),
                    certain=True,
                )
            )
    return merge_samples(tables)


def _cut(partition: Partition, answer: LandAnswer) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of row and field of farmland where a future area takes some of the field."""
    asked = np.isin(attributes(partition)["development"].astype(str), ASKED)
    keep = asked[answer.part] & np.isin(answer.layer.classes[answer.land], FARMLAND)
    keep &= answer.area > NOISE_M2
    return answer.part[keep], answer.land[keep]


@dataclasses.dataclass(frozen=True)
class _Taken:
    """Areas of the plan that take farmland, and where to look for them."""

    shapes: NDArray[np.object_]
    tree: shapely.STRtree


class _Fields:
    """Fields of one layer, as they are and as the plan leaves them."""

    def __init__(self, partition: Partition, layer: CertifiedLayer) -> None:
        self.partition, self.layer = partition, layer
        self.plan = partition.layers[PLAN][0]
        self.taken = _taken(self.plan)
        there = np.isin(layer.classes, FARMLAND) & (layer.shapes.areas > 0)
        self.farm = there
        self.tree = box_tree(partition, layer)
        self.known: dict[int, shapely.Geometry] = {}
        self.before = Ground(self._near, self._whole)
        self.after = Ground(self._near, self._left)

    def _near(self, box: tuple[float, float, float, float]) -> list[int]:
        found = self.tree.query(shapely.box(*box))
        return sorted(found[self.farm[found]].tolist())

    def _whole(self, number: int) -> shapely.Geometry:
        if number not in self.known:
            self._read(np.array([number]))
        return self.known[number]

    def _read(self, numbers: NDArray[np.int64]) -> None:
        """Make GEOS objects of fields, many at a time."""
        new = np.array([n for n in numbers.tolist() if n not in self.known], dtype=np.int64)
        self.known |= zip(new.tolist(), self.layer.shapes.geometries_of(new), strict=True)

    def _read_near(self, fields: NDArray[np.int64]) -> None:
        """Make GEOS objects of the fields that are cut and of those beside them."""
        boxes = np.asarray(shapely.box(*self.layer.shapes.boxes[fields].T), dtype=object)
        found = np.unique(self.tree.query(boxes, predicate="dwithin", distance=TOUCH_M)[1])
        self._read(found[self.farm[found]])

    def _left(self, number: int) -> shapely.Geometry:
        whole = self._whole(number)
        hits = self.taken.tree.query(whole, predicate="intersects")
        if not len(hits):
            return whole
        return shapely.difference(whole, shapely.union_all(self.taken.shapes[np.sort(hits)]))

    def remnants(
        self, cut: tuple[NDArray[np.int64], NDArray[np.int64]], area: float, across: float
    ) -> Iterator[tuple[int, shapely.Geometry]]:
        """Rows of the partition with each remnant that they border on and may be too little."""
        rows, fields = cut
        self._read_near(np.unique(fields))
        tree = shapely.STRtree(self.partition.geometry[own := np.unique(rows)])
        enough: dict[tuple[int, int], bool] = {}
        for number in np.unique(fields).tolist():
            for piece in self.after.pieces(number):
                if piece.name in enough:
                    continue
                members, fine = grown(
                    piece, self.after, area=REACH * area, across=REACH * across, enough=enough
                )
                enough |= dict.fromkeys((member.name for member in members), fine)
                if fine or not self._was_fine(members, area, across):
                    continue
                whole = shapely.union_all([member.shape for member in members])
                if shapely.area(whole) <= NOISE_M2:
                    continue
                for k in np.sort(tree.query(whole, predicate="dwithin", distance=TOUCH_M)):
                    if self._told_here(int(own[k]), whole):
                        yield int(own[k]), whole

    def _was_fine(self, members: list[Piece], area: float, across: float) -> bool:
        """Whether the farmland that the remnants are of was large and wide before the plan."""
        first = [piece for m in members for piece in self.before.pieces(m.name[0])]
        return any(grown(one, self.before, area=area, across=across)[1] for one in first)

    def _told_here(self, row: int, remnant: shapely.Geometry) -> bool:
        """Whether this part of an area that is split at a border is the one to tell of it."""
        part, zone = self.partition.geometry[row], self.partition.zone[[row]]
        shapes, area = self.plan.shapes, self.partition.area[row]
        if zone[0] >= len(shapes) or area >= shapes.areas[zone[0]] - NOISE_M2:
            return True
        around = shapely.buffer(remnant, TOUCH_M)
        contact = shapely.intersection(around, shapely.boundary(shapes.geometries_of(zone)[0]))
        where = shapely.get_coordinates(contact)
        return not len(where) or bool(shapely.distance(part, shapely.Point(where[0])) < TOUCH_M)


def _taken(plan: CertifiedLayer) -> _Taken:
    count = len(plan.shapes)
    development = plan.attributes["development"].astype(str).to_numpy()[:count]
    rows = np.flatnonzero(np.isin(development, TAKING))
    shapes = plan.shapes.geometries_of(rows)
    return _Taken(shapes, shapely.STRtree(shapes))
