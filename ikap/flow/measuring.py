"""Facts of one plan: zones placed in municipalities, measured partition by partition, merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts import (
    CertifiedLayer,
    FactSpec,
    Memo,
    PlacedZones,
    aligned,
    certify,
    merged,
    partitions,
    place,
)
from ikap.facts.land import LandPieces
from ikap.facts.plans import OF_PLAN, PLAN, plan_layer
from ikap.flow.discovery import Registry
from ikap.flow.partwise import MeasuredPart, Wanted, noticed
from ikap.flow.progress import Report, quiet
from ikap.flow.workers import Crew, alone
from ikap.model import Development, Facts, LayerDeclaration, Parameters, QualityRow, Zones

__all__ = ["Measured", "measure_ground", "measure_plan"]

FARMLAND = ("21", "22", "23", "20")
PLANNED_FIRST = (
    Development.FUTURE,
    Development.FURTHER,
    Development.UNCLEAR,
    Development.ADOPTED,
    Development.SPREAD,
    Development.NONE,
)
"""Ground in several zones of one plan counts in sums as the one that stands first here, so that
building drawn on top of LNF is never lost; among equals the smaller zone (`certify`)."""


@dataclass(frozen=True)
class Measured:
    """What was measured of one plan."""

    zones: Zones
    facts: Facts
    tables: Mapping[str, pd.DataFrame]  # every zone in full
    once: Mapping[str, pd.DataFrame]  # ground that zones share counted once
    placed: PlacedZones  # every zone in full
    pieces: tuple[LandPieces, ...]  # farmland inside every zone in full, as geometry
    quality: tuple[QualityRow, ...]


def measure_plan(
    frame: gpd.GeoDataFrame,
    declaration: LayerDeclaration,
    ground: CertifiedLayer,
    *,
    layers: Mapping[str, tuple[CertifiedLayer, ...]],
    registry: Registry,
    parameters: Parameters,
    memo: Memo | None = None,
    crew: Crew = alone,
    report: Report = quiet,
    drawn: bool = True,
) -> Measured:
    """Measure all facts of a plan's zones.

    Parameters
    ----------
    frame : GeoDataFrame
        Canonical zones, in the region's CRS.
    declaration : LayerDeclaration
        The plan's layer.
    ground : CertifiedLayer
        Municipal areas.
    layers : mapping
        Certified layers by use.
    registry : Registry
        The facts to measure.
    parameters : Parameters
        Values that a fact's method needs.
    memo : Memo, optional
        What other plans of the run have made already.
    crew : Crew
        Who measures the partitions: this process, if not given.
    report : Report
        Told each municipality that is measured.
    drawn : bool
        Whether farmland inside all areas is wanted as geometry; without, `pieces` is empty.

    Returns
    -------
    Measured
        Areas in m². Zones that overlap one another have their full area in `tables`, and their
        share of the ground in `once`, where the zone keeps it that `PLANNED_FIRST` says.
    """
    order = [str(d) for d in PLANNED_FIRST]
    certified = certify(frame, declaration, classes="development", order=order)
    own = np.asarray(frame.geometry.values, dtype=object)
    shared = np.flatnonzero(~shapely.equals_exact(own, certified.polygons, 0.0))
    placed_all = place(np.concatenate([own, certified.polygons[shared]]), ground)
    count = len(own)
    specs = {name: spec for name, spec in registry.facts.items() if _of_areas(spec)}
    layers = {**layers, PLAN: (plan_layer(certified, shared),)}
    pieces = (("farmland", FARMLAND),) if drawn else ()
    wanted = Wanted({name: registry.measurers[name] for name in specs}, pieces)
    parts = _measured(placed_all, layers, parameters, wanted, memo=memo, crew=crew, report=report)
    both = {
        name: merged(spec, [part.tables[name] for part in parts]) for name, spec in specs.items()
    }
    tables = {name: table[table["zone"] < count] for name, table in both.items()}
    once = {name: _once(table, specs[name], count, shared) for name, table in both.items()}
    placed = _first(placed_all, count)
    zones = _zones(frame, declaration, placed)
    facts = aligned(specs, tables, count)
    quality = _overlap_rows(certified.quality) + _place_rows(placed, frame, declaration.name)
    return Measured(zones, facts, tables, once, placed, _pieces(parts, count), quality)


def _of_areas(spec: FactSpec) -> bool:
    return not (spec.ground_only or spec.of_lines)


def measure_ground(
    ground: CertifiedLayer,
    layers: Mapping[str, tuple[CertifiedLayer, ...]],
    registry: Registry,
    parameters: Parameters,
    *,
    memo: Memo | None = None,
    crew: Crew = alone,
) -> dict[str, pd.DataFrame]:
    """Measure the municipalities themselves, for the facts that accounts want of the ground.

    What has nothing to do with another plan is the same for all plans of a run with the same layers
    and parameters, and is measured for the first of them.
    """
    asking = [account.spec.ground for account in registry.accounts.values()]
    asking += [table.spec.ground for table in registry.tables.values()]
    names = sorted({name for ground_facts in asking for name in ground_facts})
    index = np.arange(len(ground.polygons), dtype=np.int64)
    placed = PlacedZones(index, ground.classes, ground.polygons, shapely.area(ground.polygons))
    shared = memo if memo is not None else Memo()

    def measured(
        wanted: list[str], by: Mapping[str, tuple[CertifiedLayer, ...]]
    ) -> dict[str, pd.DataFrame]:
        what = Wanted({name: registry.measurers[name] for name in wanted})
        parts = _measured(placed, by, parameters, what, memo=shared, crew=crew, report=quiet)
        return {n: merged(registry.facts[n], [part.tables[n] for part in parts]) for n in wanted}

    of_plan = [name for name in names if {*OF_PLAN} & {*registry.facts[name].uses}]
    others = {use: found for use, found in layers.items() if use not in OF_PLAN}
    known: list[_Ground] = shared.made.setdefault("ground", [])  # type: ignore[assignment] # put there here alone
    first = next((one for one in known if one.is_of(ground, others, parameters)), None)
    if first is None:
        alike = [name for name in names if name not in of_plan]
        first = _Ground(ground, others, parameters, measured(alike, others))
        known.append(first)
    found = {**first.tables, **measured(of_plan, layers)}
    return {name: found[name] for name in names}


@dataclass(frozen=True)
class _Ground:
    """Facts of the municipalities, and what they were measured by."""

    ground: CertifiedLayer
    layers: Mapping[str, tuple[CertifiedLayer, ...]]
    parameters: Parameters
    tables: Mapping[str, pd.DataFrame]

    def is_of(
        self,
        ground: CertifiedLayer,
        layers: Mapping[str, tuple[CertifiedLayer, ...]],
        parameters: Parameters,
    ) -> bool:
        """Whether the same would be measured: the very same layers, and equal values."""
        if ground is not self.ground or dict(parameters) != dict(self.parameters):
            return False
        mine, theirs = self.layers, layers
        return mine.keys() == theirs.keys() and all(
            len(own) == len(theirs[use])
            and all(a is b for a, b in zip(own, theirs[use], strict=True))
            for use, own in mine.items()
        )


def _measured(
    placed: PlacedZones,
    layers: Mapping[str, tuple[CertifiedLayer, ...]],
    parameters: Parameters,
    wanted: Wanted,
    *,
    memo: Memo | None,
    crew: Crew,
    report: Report,
) -> list[MeasuredPart]:
    """Measure all partitions, in number order whoever measures them in whatever order."""
    memo = Memo() if memo is None else memo
    parts = list(partitions(placed, layers, parameters, memo))
    seen: list[str] = []

    def done(part: MeasuredPart) -> None:
        seen.append(part.municipality)
        if len(parts) > 1:
            told = {"done": len(seen), "count": len(parts), "name": part.municipality}
            report("run.partition" if part.municipality else "run.partition_outside", **told)

    found = crew.measure(parts, wanted, done)
    noticed(found, memo)
    return found


def _pieces(parts: Iterable[MeasuredPart], count: int) -> tuple[LandPieces, ...]:
    """Farmland inside zones as geometry, for the map, the list and recounts."""
    return tuple(pieces.of_zones_below(count) for part in parts for pieces in part.pieces)


def _once(
    table: pd.DataFrame, spec: FactSpec, count: int, shared: NDArray[np.int64]
) -> pd.DataFrame:
    """Put the shares of zones that overlap in the place of their full areas."""
    zone = table["zone"].to_numpy()
    full = table[(zone < count) & ~np.isin(zone, shared)]
    share = table[zone >= count].copy()
    share["zone"] = shared[share["zone"].to_numpy() - count]
    return merged(spec, [full, share])


def _first(placed: PlacedZones, count: int) -> PlacedZones:
    keep = placed.zone < count
    return PlacedZones(
        placed.zone[keep], placed.municipality[keep], placed.geometry[keep], placed.area[keep]
    )


def _zones(frame: gpd.GeoDataFrame, declaration: LayerDeclaration, placed: PlacedZones) -> Zones:
    assert declaration.plan is not None
    geometry = np.asarray(frame.geometry.values, dtype=object)
    area = shapely.area(geometry)
    return Zones(
        plan=declaration.plan.id,
        keys=_text(frame["zone_key"]),
        municipality=placed.main_municipality(len(frame)),
        purpose=_text(frame["arealformål"]),
        use_status=frame["arealbruksstatus"].fillna(0).to_numpy(dtype=np.int64),
        development=_text(frame["development"]),
        area_m2=area,
        measurable=area > 0,
    )


def _text(column: pd.Series) -> NDArray[np.object_]:
    return np.asarray(column.fillna("").astype(str).to_numpy(), dtype=object)


def _overlap_rows(rows: tuple[QualityRow, ...]) -> tuple[QualityRow, ...]:
    return tuple(
        QualityRow(r.layer, r.source_id, "overlap.zone", r.amount, r.unit, r.facts) for r in rows
    )


def _place_rows(placed: PlacedZones, frame: gpd.GeoDataFrame, layer: str) -> tuple[QualityRow, ...]:
    ids = frame["source_id"].astype(str).to_numpy()
    rows = []
    for zone in np.unique(placed.zone):
        here = placed.zone == zone
        names, areas = placed.municipality[here], placed.area[here]
        outside = float(areas[names == ""].sum())
        if outside > 0:
            rows.append(QualityRow(layer, ids[zone], "zone.outside", outside, "m2"))
        if len(names[names != ""]) > 1:
            split = {str(n): round(float(a), 2) for n, a in zip(names, areas, strict=True) if n}
            smallest = min(split.values())
            rows.append(QualityRow(layer, ids[zone], "zone.border", smallest, "m2", split))
    return tuple(rows)
