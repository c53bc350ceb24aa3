"""Fact: length in m of planned roads and railways that are drawn as lines, by what they lie on.

Such a line (KpSamferdselLinje) has no area, so how much farmland it takes is unknown; its length is
not. Measured of the municipalities, for the accounts: a line is no planned area. Lines of status 1
(nåværende) are there already; those without a status may be planned, and count.
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

__all__ = ["ELSEWHERE", "FACT", "ON_FARMLAND", "measure"]

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
            inside = inside[shapely.length(inside) > ROUNDING_M]
            if len(inside):
                tables += _by_class(partition, int(zone), inside)
    return merge(tables)


def _by_class(partition: Partition, zone: int, lines: NDArray[np.object_]) -> list[pd.DataFrame]:
    left, found = lines, []
    where = {"municipality": partition.municipality}
    for layer in partition.layers.get("farmland", ()):
        on = {ON_FARMLAND: 0.0, ELSEWHERE: 0.0}
        ground = _near(layer, left)
        classes = layer.classes[ground]
        line, land = shapely.STRtree(polygons := layer.shapes.geometries_of(ground)).query(
            left, predicate="intersects"
        )
        length = shapely.length(shapely.intersection(left[line], polygons[land]))
        farm = np.isin(classes[land], FARMLAND)
        on[ON_FARMLAND], on[ELSEWHERE] = float(length[farm].sum()), float(length[~farm].sum())
        found += [
            rows([zone], [m], layer=layer.name, classes=name, **where)
            for name, m in on.items()
            if m > ROUNDING_M
        ]
        covered = shapely.union_all(polygons) if len(polygons) else shapely.Polygon()
        left = shapely.difference(left, covered)
        left = left[shapely.length(left) > ROUNDING_M]
    rest = float(shapely.length(left).sum())
    if rest > ROUNDING_M:
        reason = Reason.NO_COVERAGE if partition.layers.get("farmland") else Reason.NO_LAYER
        told = {"layer": "", "classes": NOT_COVERED, "reason": str(reason)}
        found.append(rows([zone], [rest], **told, **where))
    return found


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
