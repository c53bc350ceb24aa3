"""The pieces that a figure of one area is the sum of, each with its id in the planner's own file.

A fact that can list its pieces has a function `listed(partition, classes)` beside `measure`.
Distance facts need none: their sample points are their pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.land import land_pieces
from ikap.facts.partition import Partition
from ikap.measure import parts_in

__all__ = ["COLUMNS", "list_land", "list_shapes", "listed_rows"]

COLUMNS = (
    "zone",
    "municipality",
    "layer",
    "source_id",
    "class",
    "area_m2",
    "overlap_m2",
    "east",
    "north",
)
"""`overlap_m2` is ground of the piece that a piece above it has counted already; `east` and `north`
are a point in the piece, m in the region's CRS."""


def listed_rows(
    partition: Partition,
    zone: NDArray[np.int64],
    layer: str,
    *,
    ids: NDArray[np.object_],
    classes: NDArray[np.object_],
    pieces: NDArray[np.object_],
) -> pd.DataFrame:
    """Rows of `COLUMNS` for pieces of one layer; pieces without ground are left out."""
    area = shapely.area(pieces)
    keep = area > 0
    inside = shapely.get_coordinates(shapely.point_on_surface(pieces[keep]))
    return pd.DataFrame(
        {
            "zone": zone[keep],
            "municipality": partition.municipality,
            "layer": layer,
            "source_id": ids[keep].astype(str),
            "class": classes[keep].astype(str),
            "area_m2": area[keep],
            "overlap_m2": 0.0,
            "east": inside[:, 0],
            "north": inside[:, 1],
        },
        columns=list(COLUMNS),
    )


def list_land(partition: Partition, use: str, classes: Sequence[str]) -> list[pd.DataFrame]:
    """Pieces of the given classes of land, one table a layer that answers."""
    return [
        listed_rows(
            partition,
            p.zone,
            str(p.layer[0]),
            ids=p.ids,
            classes=p.classes,
            pieces=p.geometry,
        )
        for p in land_pieces(partition, use, tuple(classes))
        if len(p.zone)
    ]


def list_shapes(
    partition: Partition, chosen: Iterable[tuple[CertifiedLayer, NDArray[np.bool_]]]
) -> list[pd.DataFrame]:
    """Parts of the partition inside chosen shapes, which may lie on top of one another.

    Parameters
    ----------
    partition : Partition
        Zone parts of one municipality.
    chosen : iterable of tuple
        Layers, each with the rows of it that count.

    Returns
    -------
    list of DataFrame
        Rows of `COLUMNS`; of ground in several shapes all but the first say so in `overlap_m2`,
        so that areas without overlaps add up to the union.
    """
    tables = []
    before: dict[int, list[shapely.Geometry]] = {}
    for layer, own in chosen:
        rows = np.flatnonzero(own)
        shapes = layer.polygons[rows]
        part, hit = shapely.STRtree(shapes).query(partition.geometry, predicate="intersects")
        order = np.lexsort((rows[hit], part))
        part, hit = part[order], hit[order]
        pieces, _ = parts_in(partition.geometry[part], shapes[hit])
        some = shapely.area(pieces) > 0
        part, hit, pieces = part[some], hit[some], pieces[some]
        table = listed_rows(
            partition,
            partition.zone[part],
            layer.name,
            ids=layer.ids[rows[hit]],
            classes=layer.classes[rows[hit]],
            pieces=pieces,
        )
        tables.append(table.assign(overlap_m2=_counted_before(part, pieces, before)))
    return tables


def _counted_before(
    part: NDArray[np.int64],
    pieces: NDArray[np.object_],
    before: dict[int, list[shapely.Geometry]],
) -> list[float]:
    """Area in m² of each piece that lies on pieces before it, which it joins."""
    found = []
    for k, piece in zip(part.tolist(), pieces, strict=True):
        earlier = before.setdefault(k, [])
        shared = shapely.intersection(piece, shapely.union_all(earlier)) if earlier else None
        found.append(float(shapely.area(shared)) if shared is not None else 0.0)
        earlier.append(piece)
    return found
