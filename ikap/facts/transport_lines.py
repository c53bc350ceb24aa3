"""Fact: length in m of planned roads and railways that are drawn as lines, by what they lie on.

Such a line (KpSamferdselLinje) has no area, so how much farmland it takes is unknown; its length is
not. Measured of the municipalities, for the accounts; line by line it is `line_land`. Lines of
status 1 (nåværende) are there already; those without a status may be planned, and count.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.plans import LINES
from ikap.facts.spec import FactSpec
from ikap.facts.table import NOT_COVERED, UNMAPPED, merge, rows
from ikap.model import Reason

__all__ = ["ELSEWHERE", "FACT", "ON_FARMLAND", "ROUNDING_M", "lengths", "measure"]

ON_FARMLAND, ELSEWHERE = "on_farmland", "elsewhere"
FARMLAND = ("21", "22", "23", "20")
PRESENT = 1
ROUNDING_M = 1e-3

FACT = FactSpec(
    name="transport_lines",
    uses=("farmland", LINES),
    classes=(ON_FARMLAND, ELSEWHERE),
    unit="m",
    ground_only=True,
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table municipality × class with lengths in m, and `not_covered` where nobody knows."""
    tables = []
    for layer in partition.layers.get(LINES, ()):
        status = layer.attributes["arealbruksstatus"].fillna(0).to_numpy(dtype=np.int64)
        planned = layer.polygons[status != PRESENT]  # lines here: see `CertifiedLayer`
        for zone, ground in zip(partition.zone, partition.geometry, strict=True):
            inside = shapely.intersection(planned, ground)
            tables.append(lengths(partition, np.full(len(inside), zone), inside))
    return merge(tables)


def lengths(
    partition: Partition, zone: NDArray[np.int64], lines: NDArray[np.object_]
) -> pd.DataFrame:
    """Length of lines by what they lie on, from the first layer that covers the ground.

    Parameters
    ----------
    partition : Partition
        Its layers `farmland` are asked, in order.
    zone : array of int, shape (n,)
        Row of the table that each line belongs to; several may belong to one.
    lines : array of geometry, shape (n,)
        Lines within the partition's municipality, in the region's CRS, m.

    Returns
    -------
    DataFrame
        Columns of `table.COLUMNS`, with lengths in m in the place of areas; the rows of a zone add
        up to the length of its lines.
    """
    long = shapely.length(lines) > ROUNDING_M
    owner, left = zone[long], lines[long]
    tables = []
    where = {"municipality": partition.municipality}
    layers = partition.layers.get("farmland", ()) if partition.municipality else ()
    for layer in layers:
        if not len(left):
            break
        ground = _near(layer, left)
        polygons = layer.shapes.geometries_of(ground)
        line, land = shapely.STRtree(polygons).query(left, predicate="intersects")
        length = shapely.length(shapely.intersection(left[line], polygons[land]))
        some = length > ROUNDING_M
        farm = np.isin(layer.classes[ground][land[some]], FARMLAND)
        names = np.where(farm, ON_FARMLAND, ELSEWHERE).astype(object)
        tables.append(
            rows(owner[line[some]], length[some], layer=layer.name, classes=names, **where)
        )
        left = _without(left, polygons, line, land)
        long = shapely.length(left) > ROUNDING_M
        owner, left = owner[long], left[long]
    reason = Reason.NO_COVERAGE if partition.layers.get("farmland") else Reason.NO_LAYER
    told = {"layer": "", "classes": NOT_COVERED, "reason": str(reason)}
    return merge([*tables, rows(owner, shapely.length(left), **told, **where)])


def _without(
    lines: NDArray[np.object_],
    polygons: NDArray[np.object_],
    line: NDArray[np.int64],
    land: NDArray[np.int64],
) -> NDArray[np.object_]:
    """Each line without the ground of the polygons that it runs through."""
    left = lines.copy()
    for k in np.unique(line):
        left[k] = shapely.difference(lines[k], shapely.union_all(polygons[land[line == k]]))
    return left


def _near(layer: CertifiedLayer, lines: NDArray[np.object_]) -> NDArray[np.int64]:
    """Mapped polygons of the layer whose boxes a line runs through."""
    if not len(lines):
        return np.zeros(0, dtype=np.int64)
    there = np.flatnonzero((layer.classes != UNMAPPED) & (layer.shapes.areas > 0))
    west, south, east, north = shapely.total_bounds(lines)
    box = layer.shapes.boxes[there]
    there = there[
        (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    ]
    tree = shapely.STRtree(np.asarray(shapely.box(*layer.shapes.boxes[there].T), dtype=object))
    found: NDArray[np.int64] = there[np.unique(tree.query(lines, predicate="intersects")[1])]
    return found
