"""Faults of ground: without purpose, planned twice, outside the plan's own boundary, too narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from ikap.kinds.geometry import only_areas
from ikap.kinds.topology.fault import MEND, UNKNOWN, WARNING, Limits, PlanFault, Rounding
from ikap.kinds.topology.plan import OnePlan, PlanFile
from ikap.measure.coverage import faces, mean_width
from ikap.measure.overlaps import find_overlaps

__all__ = ["ground_faults"]

Geometries = NDArray[np.object_]

ALL_OF_IT = 1 - 1e-9
"""Share of an area that lies under another one for it to lie inside it."""
SHOWN_IDS = 10


def ground_faults(file: PlanFile, limits: Limits, rounding: Rounding) -> Iterator[PlanFault]:
    """Faults of the ground that a file's plans cover.

    Parameters
    ----------
    file : PlanFile
        Areas and plans.
    limits : Limits
        What is too narrow or too small.
    rounding : Rounding
        Counts what is narrower than the precision.

    Yields
    ------
    PlanFault
        `gap`, `slit`, `overlap`, `overlap_narrow`, `inside`, `twice`, `outside`, `sliver`, and
        `boundary_unknown` for plans without a boundary of their own in the file; between plans
        `gap_between` and `overlap_between`.
    """
    ground = _Ground(file, limits, rounding)
    for plan in file.plans:
        yield from ground.of_plan(plan)
    mains = [plan for plan in file.plans if plan.main]
    if len(mains) > 1:
        yield from ground.between(mains)
    yield from ground.slivers()
    without = [plan for plan in file.plans if plan.boundary is None]
    if without:
        facts = {"count": len(without), "plans": ", ".join(p.key for p in without[:SHOWN_IDS])}
        yield PlanFault("boundary_unknown", UNKNOWN, facts=facts)


class _Ground:
    """Areas of a file, and what has been told of them."""

    def __init__(self, file: PlanFile, limits: Limits, rounding: Rounding) -> None:
        self.file, self.limits, self.rounding = file, limits, rounding
        self.shapes: Geometries = file.areas.geometry.to_numpy()
        self.ids: list[str] = file.areas["source_id"].astype(str).tolist()
        self.tree = STRtree(self.shapes)
        self.gaps: list[shapely.Geometry] = []

    def of_plan(self, plan: OnePlan) -> Iterator[PlanFault]:
        """Gaps, overlaps and parts outside of one plan."""
        lines = (
            None if plan.boundary is None else shapely.get_parts(shapely.boundary([plan.boundary]))
        )
        found = faces(self.shapes[plan.rows], lines)
        inside = np.ones(len(found.shapes), dtype=bool)
        if plan.boundary is not None:
            shapely.prepare(plan.boundary)
            inside = shapely.contains(plan.boundary, found.points)
        yield from self._gaps(plan, found.shapes[(found.times == 0) & inside])
        if (found.times > 1).any():
            yield from self._overlaps(plan)
        yield from self._outside(plan, found.shapes[(found.times > 0) & ~inside])

    def _gaps(self, plan: OnePlan, holes: Geometries) -> Iterator[PlanFault]:
        for gap in shapely.get_parts(shapely.union_all(holes)):
            level = self.file.areas["plan_level"].to_numpy()
            near = self.tree.query(gap, "intersects")
            others = near[~np.isin(near, plan.rows) & (level[near] == plan.level)]
            left = shapely.difference(gap, shapely.union_all(self.shapes[others]))
            for part in (p for p in shapely.get_parts(left) if not shapely.is_empty(p)):
                self.gaps.append(part)
                yield from self._gap(part, plan.key, "gap")

    def _gap(self, gap: shapely.Geometry, plan: str, rule: str) -> Iterator[PlanFault]:
        width = _width(gap)
        if width < self.limits.precision_m:
            self.rounding.count += 1
            return
        near = sorted(self.ids[k] for k in self.tree.query(gap, "intersects"))
        narrow = width < self.limits.sliver_width_m
        rule = "slit" if narrow and rule == "gap" else rule
        facts = {"near": _listed(near)}
        yield PlanFault(rule, WARNING if narrow else MEND, plan, tuple(near), gap, facts)

    def _overlaps(self, plan: OnePlan) -> Iterator[PlanFault]:
        for i, j, shared in self._shared(plan.rows):
            yield self._overlap(plan.key, (i, j), shared)

    def _shared(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, int, shapely.Geometry]]:
        """Pairs of areas with ground in common, the smaller one first, and that ground."""
        shapes = self.shapes[rows]
        for pair in find_overlaps(shapes, np.zeros(len(rows), dtype=np.int64)):
            i, j = sorted((int(rows[pair.keeper]), int(rows[pair.loser])), key=self._size)
            shared, _ = only_areas(shapely.intersection(self.shapes[i], self.shapes[j]))
            if _width(shared) < self.limits.precision_m:
                self.rounding.count += 1
                continue
            yield i, j, shared

    def _size(self, row: int) -> tuple[float, str]:
        """Area to the nearest mm², then id: the same order wherever the plan lies."""
        return round(float(shapely.area(self.shapes[row])), 6), self.ids[row]

    def _overlap(self, plan: str, pair: tuple[int, int], shared: shapely.Geometry) -> PlanFault:
        """Overlap of two areas, named by what it is: the same area, one inside, narrow or not."""
        ids = (self.ids[pair[0]], self.ids[pair[1]])
        parts = [shapely.area(shared) / shapely.area(self.shapes[k]) for k in pair]
        rule, status = "overlap", MEND
        if parts[1] > ALL_OF_IT:
            rule = "twice"
        elif parts[0] > ALL_OF_IT:
            rule = "inside"
        elif _width(shared) < self.limits.sliver_width_m:
            rule, status = "overlap_narrow", WARNING
        facts = {"one": ids[0], "other": ids[1], "part_share": min(parts[0], 1.0)}
        return PlanFault(rule, status, plan, ids, shared, facts)

    def _outside(self, plan: OnePlan, beyond: Geometries) -> Iterator[PlanFault]:
        """Parts of a plan's areas beyond its own boundary."""
        if not len(beyond):
            return
        ground = shapely.union_all(beyond)
        shapes = self.shapes[plan.rows]
        shapely.prepare(ground)
        for k in np.flatnonzero(shapely.intersects(ground, shapes)):
            part, _ = only_areas(shapely.intersection(shapes[k], ground))
            if shapely.area(part) <= 0:
                continue
            if _width(part) < self.limits.precision_m:
                self.rounding.count += 1
                continue
            narrow = _width(part) < self.limits.sliver_width_m
            facts = {"part_share": shapely.area(part) / shapely.area(shapes[k])}
            ids = (self.ids[int(plan.rows[k])],)
            yield PlanFault("outside", WARNING if narrow else MEND, plan.key, ids, part, facts)

    def between(self, plans: Sequence[OnePlan]) -> Iterator[PlanFault]:
        """Gaps and overlaps between the kommuneplaner of two municipalities."""
        rows = np.concatenate([plan.rows for plan in plans])
        owner = np.repeat(np.arange(len(plans)), [len(plan.rows) for plan in plans])
        found = faces(self.shapes[rows])
        told = STRtree(self.gaps)
        for k in np.flatnonzero(found.times == 0):
            known = told.query(found.points[k], "within") if self.gaps else ()
            if not len(known) and _width(found.shapes[k]) < self.limits.between_plans_m:
                yield from self._gap(found.shapes[k], "", "gap_between")
        if not (found.times > 1).any():
            return
        own = dict(zip(rows.tolist(), owner.tolist(), strict=True))
        for i, j, shared in self._shared(rows):
            if own[i] != own[j]:
                names = " / ".join(plans[own[k]].key for k in (i, j))
                ids = (self.ids[i], self.ids[j])
                facts = {"one": ids[0], "other": ids[1]}
                yield PlanFault("overlap_between", MEND, names, ids, shared, facts)

    def slivers(self) -> Iterator[PlanFault]:
        """Areas that are too narrow or too small to have been meant."""
        width, area = mean_width(self.shapes), shapely.area(self.shapes)
        small = (width < self.limits.sliver_width_m) | (area < self.limits.sliver_area_m2)
        plan_of = {int(row): plan.key for plan in self.file.plans for row in plan.rows}
        for row in np.flatnonzero(small):
            plan = plan_of.get(int(row), "")
            yield PlanFault("sliver", WARNING, plan, (self.ids[row],), self.shapes[row])


def _width(shape: shapely.Geometry) -> float:
    """Mean width of the widest part."""
    return float(mean_width(np.asarray(shapely.get_parts(shape), dtype=object)).max(initial=0.0))


def _listed(ids: Sequence[str]) -> str:
    more = "…" if len(ids) > SHOWN_IDS else ""
    return ", ".join(ids[:SHOWN_IDS]) + more
