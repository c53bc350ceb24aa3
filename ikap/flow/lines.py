"""Facts of a plan's transport lines, measured like its areas: by municipality, then aligned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.facts import CertifiedLayer, PlacedZones, aligned, merged, partitions
from ikap.facts.transport_lines import ROUNDING_M
from ikap.flow.discovery import Registry
from ikap.kinds.zone_keys import keys_beside
from ikap.model import Development, Facts, Parameters, Zones

__all__ = ["MeasuredLines", "measure_lines"]

TRANSPORT = "2000"
"""Purpose of a line that states none: its object type says that it is transport."""
BY_STATUS = {1: Development.ADOPTED, 2: Development.FUTURE, 3: Development.FURTHER}


@dataclass(frozen=True)
class MeasuredLines:
    """Lines as what checks hold up against a rule; they have no area."""

    zones: Zones
    facts: Facts


def measure_lines(
    lines: gpd.GeoDataFrame | None,
    areas: Zones,
    ground: CertifiedLayer,
    *,
    layers: Mapping[str, tuple[CertifiedLayer, ...]],
    registry: Registry,
    parameters: Parameters,
) -> MeasuredLines | None:
    """Measure the facts of a plan's roads and railways that are drawn as lines.

    Parameters
    ----------
    lines : GeoDataFrame or None
        `Canonical.lines` of the plan.
    areas : Zones
        The plan's areas; no line gets the key of one.
    ground : CertifiedLayer
        Municipal areas.
    layers : mapping
        Certified layers by use.
    registry : Registry
        The facts to measure.
    parameters : Parameters
        Values that a fact's method needs.

    Returns
    -------
    MeasuredLines or None
        Lengths in m, lines in the file's order; None where the plan has no lines.
    """
    if lines is None or lines.empty:
        return None
    shapes = np.asarray(lines.geometry.values, dtype=object)
    placed = _place(shapes, ground)
    specs = {name: spec for name, spec in registry.facts.items() if spec.of_lines}
    parts = list(partitions(placed, layers, parameters))
    tables = {
        name: merged(spec, [registry.measurers[name](part) for part in parts])
        for name, spec in specs.items()
    }
    status = lines["arealbruksstatus"].fillna(0).to_numpy(dtype=np.int64)
    development = [str(BY_STATUS.get(int(s), Development.UNCLEAR)) for s in status]
    stated = lines["arealformål"].fillna("").astype(str)
    zones = Zones(
        plan=areas.plan,
        keys=np.array(keys_beside(lines["source_id"].astype(str), areas.keys), dtype=object),
        municipality=placed.main_municipality(len(shapes)),
        purpose=stated.where(stated != "", TRANSPORT).to_numpy(dtype=object),
        use_status=status,
        development=np.array(development, dtype=object),
        area_m2=np.zeros(len(shapes)),
        measurable=shapely.length(shapes) > 0,
    )
    return MeasuredLines(zones, aligned(specs, tables, len(shapes)))


def _place(lines: NDArray[np.object_], ground: CertifiedLayer) -> PlacedZones:
    """Split lines at municipal borders; `area` is the length of each part, in m."""
    rest = lines.copy()
    found = []
    for number, where in zip(ground.classes, ground.polygons, strict=True):
        inside = shapely.intersection(rest, where)
        found.append((str(number), inside))
        rest = np.asarray(shapely.difference(rest, where), dtype=object)
    found.append(("", rest))
    tables = []
    for number, parts in found:
        some = np.flatnonzero(shapely.length(parts) > ROUNDING_M)
        tables.append((some, np.full(len(some), number, dtype=object), parts[some]))
    zone, names, geometry = (np.concatenate(column) for column in zip(*tables, strict=True))
    return PlacedZones(zone.astype(np.int64), names, geometry, shapely.length(geometry))
