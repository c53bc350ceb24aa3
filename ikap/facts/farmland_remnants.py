"""Fact: what is left of each field that a planned area cuts, with its area and its width.

A field's remnant is what is left of it, joined to the farmland that it hangs together with, when
all areas of the plan that are or may be built have taken their ground; an area answers for the
remnants that it borders on. One row is one remnant: `area_m2` its area, and its `width` in m the
diameter of the largest circle that has room in it (`measure.remnants`). `before_area` (m²) and
`before_width` are those of the ground that it was a part of, without end where that is ample:
ground that was too small or too narrow before the plan is not of the plan's making.

Remnants up to `REACH` times the limits are listed, so that limits can be moved so far without
measuring again.

How sure they are is a bound: lengths take the place of vectors (`measure.uncertainty`), as if the
whole outline erred outwards or inwards at once. The plan's own line is decided and errs by nothing.
`area_error` (m²) and `width_error` (m) are half of a 95 % interval, NaN where none is stated.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.accuracy import stated
from ikap.facts.certificate import CertifiedLayer
from ikap.facts.land import LandAnswer, box_tree, land_answers
from ikap.facts.listing import listed_rows
from ikap.facts.partition import Partition
from ikap.facts.plans import PLAN, attributes
from ikap.facts.samples import merge_samples, sample_rows
from ikap.facts.spec import FactSpec
from ikap.measure.remnants import TOUCH_M, Ground, Piece, grown, width
from ikap.model import Z_95, Development

__all__ = ["AREA", "FACT", "WIDTH", "listed", "measure", "too_little"]

AREA, WIDTH = "farmland.min_remaining_area", "farmland.min_remaining_width"
FARMLAND = ("21", "22", "23", "20")
ASKED = (str(Development.FUTURE), str(Development.FURTHER))
TAKING = (*ASKED, str(Development.ADOPTED))
"""Areas whose ground is given up as farmland: what lies between two of them is left of both."""
NOISE_M2 = 1.0
"""A field that an area touches by no more than this is not cut, and a scrap is no remnant."""
REACH = 2.0
ROUNDING_M = 0.05
"""A width is found within this; a strip of just the limit is not too narrow."""
SIDES = 2
"""Lines that a width lies between."""
Floats = NDArray[np.float64]

FACT = FactSpec(
    name="farmland_remnants",
    uses=("farmland",),
    classes=("width", "width_error", "area_error", "before_area", "before_width"),
    unit="m",
    parameters=(AREA, WIDTH),
    sampled=True,
    by_hand="left",
    reach=REACH,
)


def measure(partition: Partition) -> pd.DataFrame:
    """One row a planned area and remnant, with area in m² and width in m."""
    limits = partition.parameters
    if PLAN not in partition.layers or not {AREA, WIDTH} <= set(limits) or not len(partition.zone):
        return merge_samples([])
    return merge_samples(
        sample_rows(
            partition.zone[[remnant.row]],
            shapely.get_coordinates(shapely.point_on_surface(remnant.shape)),
            [shapely.area(remnant.shape)],
            municipality=partition.municipality,
            layer=remnant.layer.name,
            classes=name,
            distance=value,
            certain=True,
        )
        for remnant in _remnants(partition)
        for name, value in remnant.values.items()
    )


def listed(partition: Partition, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Parts of fields that are left, too small or too narrow (`listing.COLUMNS`)."""
    del classes  # a remnant has none of its own
    limits, tables = partition.parameters, []
    for remnant in _remnants(partition):
        one = {name: np.array([value]) for name, value in remnant.values.items()}
        before = (one["before_area"], one["before_width"])
        area = np.array([shapely.area(remnant.shape)])
        if not too_little(area, one["width"], before, (limits[AREA].m2, limits[WIDTH].value))[0]:
            continue
        field = np.array([member.name[0] for member in remnant.members])
        tables.append(
            listed_rows(
                partition,
                np.full(len(field), partition.zone[remnant.row]),
                remnant.layer.name,
                ids=remnant.layer.ids[field],
                classes=remnant.layer.classes[field],
                pieces=np.array([member.shape for member in remnant.members], dtype=object),
            )
        )
    return tables


def too_little(
    area: Floats, across: Floats, before: tuple[Floats, Floats], limits: tuple[float, float]
) -> NDArray[np.bool_]:
    """Whether remnants are below the limits, in m² and m, and were not so before the plan."""
    was_fine = (before[0] >= limits[0]) & (before[1] >= limits[1])
    return was_fine & ((area < limits[0]) | (across < limits[1] - ROUNDING_M))


@dataclasses.dataclass(frozen=True)
class _Remnant:
    """What is left of fields beside one row of the partition."""

    row: int
    layer: CertifiedLayer
    shape: shapely.Geometry
    members: list[Piece]
    values: dict[str, float]  # by the fact's classes


def _remnants(partition: Partition) -> Iterator[_Remnant]:
    """Remnants by each row of the partition, layer by layer."""
    area, across = partition.parameters[AREA].m2, partition.parameters[WIDTH].value
    for answer in land_answers(partition, "farmland"):
        fields = _Fields(partition, answer.layer)
        yield from fields.remnants(_cut(partition, answer), area, across)


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
        self.told = partition.memo.once(("stated", layer.name), lambda: (stated(layer), ()))
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
    ) -> Iterator[_Remnant]:
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
                if fine:
                    continue
                whole = shapely.union_all([member.shape for member in members])
                if shapely.area(whole) <= NOISE_M2:
                    continue
                beside = own[np.sort(tree.query(whole, predicate="dwithin", distance=TOUCH_M))]
                told = [row for row in beside.tolist() if self._told_here(row, whole)]
                values = self._values(whole, members, area, across) if told else {}
                yield from (_Remnant(k, self.layer, whole, members, values) for k in told)

    def _values(
        self, whole: shapely.Geometry, members: list[Piece], area: float, across: float
    ) -> dict[str, float]:
        """Width of a remnant, how sure it is, and what it was a part of."""
        deviation = float(self.told.deviation[[member.name[0] for member in members]].max())
        near = self.taken.tree.query(whole, predicate="dwithin", distance=TOUCH_M)
        decided = shapely.buffer(shapely.union_all(self.taken.shapes[np.sort(near)]), TOUCH_M)
        mapped = shapely.length(shapely.difference(shapely.boundary(whole), decided))
        before_area, before_width = self._before(members, area, across)
        return {
            "width": width(whole),
            "width_error": Z_95 * deviation * SIDES,
            "area_error": Z_95 * deviation * float(mapped),
            "before_area": before_area,
            "before_width": before_width,
        }

    def _before(self, members: list[Piece], area: float, across: float) -> tuple[float, float]:
        """Area and width of the farmland that a remnant is of, as it was before the plan."""
        best, seen = (0.0, 0.0), set()
        for one in (piece for m in members for piece in self.before.pieces(m.name[0])):
            if one.name in seen:
                continue
            found, fine = grown(one, self.before, area=REACH * area, across=REACH * across)
            if fine:
                return np.inf, np.inf
            seen |= {piece.name for piece in found}
            shape = shapely.union_all([piece.shape for piece in found])
            pair = (float(shapely.area(shape)), width(shape))
            best = max(best, pair, key=lambda p: min(p[0] / (area or 1), p[1] / (across or 1)))
        return best

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
