"""Area of each land class in each zone part, from the first layer that covers the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.table import NOT_COVERED, OTHER, UNMAPPED, merge, rows
from ikap.measure import pair_areas, parts_in
from ikap.model import Reason

__all__ = ["LandPieces", "land_areas", "land_pieces"]

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


def land_areas(partition: Partition, use: str) -> pd.DataFrame:
    """Long table zone × class in m², with `not_covered` for what no layer answers for.

    Parameters
    ----------
    partition : Partition
        Zone parts of one municipality.
    use : str
        Which layers: the name under `[use]` in goals.toml.

    Returns
    -------
    DataFrame
        Columns of `table.COLUMNS`; the rows of a zone part add up to its area.
    """
    layers = partition.layers.get(use, ())
    tables, left = [], partition.geometry.copy()
    for layer in layers:
        todo = np.flatnonzero(~shapely.is_empty(left))
        if len(todo) == 0 or partition.municipality == "":
            break
        answered = left[todo]
        covered = _covered(layer, answered, partition.municipality)
        tables.append(_one_layer(layer, covered, partition, todo))
        left[todo] = _remainder(layer, answered, covered)
    reason = Reason.NO_COVERAGE if layers else Reason.NO_LAYER
    done = merge(tables)
    known = np.zeros(int(partition.zone.max()) + 1 if len(partition.zone) else 0)
    np.add.at(known, done["zone"].to_numpy(), done["area_m2"].to_numpy())
    rest = partition.area - known[partition.zone]
    assert (rest > -ROUNDING_M2).all(), "land classes exceed the zone"
    rest = np.where(rest < ROUNDING_M2, 0.0, rest)
    keep = rest > 0
    gap = rows(
        partition.zone[keep],
        rest[keep],
        municipality=partition.municipality,
        layer="",
        classes=NOT_COVERED,
        reason=str(reason),
    )
    return merge([done, gap])


def land_pieces(partition: Partition, use: str, classes: tuple[str, ...]) -> list[LandPieces]:
    """Pieces of the given classes as geometry, one entry per layer that answers."""
    found, left = [], partition.geometry.copy()
    for layer in partition.layers.get(use, ()):
        if partition.municipality == "":
            break
        covered = _covered(layer, left, partition.municipality)
        wanted = np.flatnonzero(np.isin(layer.classes, classes))
        pairs = pair_areas(covered, layer.polygons[wanted])
        parts, _ = parts_in(covered[pairs.zone], layer.polygons[wanted[pairs.land]])
        found.append(
            LandPieces(
                partition.zone[pairs.zone],
                np.full(len(parts), layer.name, dtype=object),
                layer.classes[wanted[pairs.land]],
                layer.ids[wanted[pairs.land]],
                parts,
            )
        )
        left = _remainder(layer, left, covered)
    return found


def _covered(
    layer: CertifiedLayer, parts: NDArray[np.object_], municipality: str
) -> NDArray[np.object_]:
    """Cut each zone part to where the layer is complete."""
    coverage = layer.declaration.coverage
    if _answers_by_polygon(layer):
        return parts
    if layer.coverage_polygons is not None:
        where = shapely.union_all(layer.coverage_polygons)
        return np.asarray(shapely.intersection(parts, where), dtype=object)
    if "all" in coverage.municipalities or municipality in coverage.municipalities:
        return parts
    return np.full(len(parts), shapely.Polygon(), dtype=object)


def _one_layer(
    layer: CertifiedLayer,
    covered: NDArray[np.object_],
    partition: Partition,
    todo: NDArray[np.int64],
) -> pd.DataFrame:
    mapped = _mapped(layer)
    pairs = pair_areas(covered, layer.polygons[mapped])
    zone, place = partition.zone[todo], partition.municipality
    table = rows(
        zone[pairs.zone],
        pairs.area,
        municipality=place,
        layer=layer.name,
        classes=layer.classes[mapped[pairs.land]],
    )
    if _answers_by_polygon(layer):
        return table
    found = np.bincount(pairs.zone, weights=pairs.area, minlength=len(covered))
    rest = shapely.area(covered) - found
    assert (rest > -ROUNDING_M2).all(), "land classes exceed the zone"
    keep = rest > ROUNDING_M2
    other = rows(zone[keep], rest[keep], municipality=place, layer=layer.name, classes=OTHER)
    return merge([table, other])


def _answers_by_polygon(layer: CertifiedLayer) -> bool:
    """Tell whether ground without a polygon is unmapped (a land cover map) rather than "none"."""
    return layer.declaration.kind == "landcover" or layer.declaration.coverage.own_polygons


def _mapped(layer: CertifiedLayer) -> NDArray[np.int64]:
    return np.flatnonzero(layer.classes != UNMAPPED)


def _remainder(
    layer: CertifiedLayer, parts: NDArray[np.object_], covered: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Leave of each part what the next layer may answer for."""
    if not _answers_by_polygon(layer):
        return np.asarray(shapely.difference(parts, covered), dtype=object)
    mapped = _mapped(layer)
    pairs = pair_areas(parts, layer.polygons[mapped])
    found = np.bincount(pairs.zone, weights=pairs.area, minlength=len(parts))
    area = shapely.area(parts)
    left = np.full(len(parts), shapely.Polygon(), dtype=object)
    for k in np.flatnonzero(area - found > np.maximum(1e-9 * area, ROUNDING_M2)):
        land = layer.polygons[mapped[pairs.land[pairs.zone == k]]]
        left[k] = shapely.difference(parts[k], shapely.union_all(land)) if len(land) else parts[k]
    return left
