"""Choosing rows of the faultless files, and changing a table without touching the rest."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.example.tables import Tables

__all__ = [
    "LAND",
    "PLAN",
    "Frame",
    "added",
    "farmed",
    "grown",
    "joined",
    "middle",
    "planned",
    "reshaped",
    "turned",
    "valued",
]

Frame = gpd.GeoDataFrame
PLAN = ("plan_forslag_konstruert", "KpArealformålOmråde")
LAND = ("ar5_konstruert", "ArealressursFlate")


def turned(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes with north before east."""
    return np.asarray(shapely.transform(shapes, lambda xy: xy[:, ::-1]))


def planned(tables: Tables, number: int) -> int:
    """Row of the number-th of twenty areas for building, spread over the plan."""
    frame = tables[PLAN[0]].layers[PLAN[1]]
    wanted = frame["arealbruksstatus"].notna() & ~frame["arealformål"].isin(["2010", "3040"])
    kept = np.nonzero(wanted.to_numpy(dtype=bool))[0]
    spread = max(len(kept) // 20, 1)
    return int(kept[number * spread % len(kept)])


def farmed(tables: Tables) -> list[int]:
    """Rows of the fields that planned areas take most of, largest share first."""
    zones = tables[PLAN[0]].layers[PLAN[1]]
    zones = zones[zones["arealbruksstatus"].eq(2).fillna(value=False)]
    frame = tables[LAND[0]].layers[LAND[1]]
    fields = np.nonzero(frame["arealtype"].isin(["21", "22", "23"]).to_numpy())[0]
    shapes = frame.geometry.to_numpy()[fields]
    field, zone = shapely.STRtree(zones.geometry.to_numpy()).query(shapes, predicate="intersects")
    pieces = shapely.intersection(shapes[field], zones.geometry.to_numpy()[zone])
    taken = np.bincount(field, shapely.area(pieces), minlength=len(fields))
    return [int(k) for k in fields[np.argsort(-taken, kind="stable")[:12]]]


def grown(frame: Frame, tables: Tables, *, same: bool) -> Frame:
    """First of the most planned fields with such a neighbour, grown 15 m over it."""
    shapes = frame.geometry.to_numpy()
    kinds = tables[LAND[0]].layers[LAND[1]]["arealtype"].to_numpy()
    for row in farmed(tables)[3:]:
        near = shapely.STRtree(shapes).query(shapes[row], predicate="touches")
        for other in sorted(int(k) for k in near):
            shared = shapely.length(shapely.intersection(shapes[row], shapes[other]))
            if shared > 40 and (kinds[other] == kinds[row]) == same:
                extra = shapely.intersection(shapely.buffer(shapes[row], 15.0), shapes[other])
                return reshaped(frame, row, shapely.union(shapes[row], extra))
    raise AssertionError("no field with such a neighbour")


def middle(frame: Frame, row: int) -> tuple[float, float]:
    """East and north of a point inside the shape of a row."""
    point = frame.geometry.iloc[row].representative_point()
    return float(point.x), float(point.y)


def reshaped(frame: Frame, row: int, shape: shapely.Geometry | None) -> Frame:
    """Same table with another shape in one row."""
    shapes = frame.geometry.to_numpy().copy()
    shapes[row] = shape
    return frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs, index=frame.index))


def valued(frame: Frame, column: str, rows: Sequence[int], value: object) -> Frame:
    """Same table with one value in some rows of a column."""
    values = frame[column].array.copy()
    values[list(rows)] = value
    return gpd.GeoDataFrame(frame.assign(**{column: values}))


def added(frame: Frame, like: int, name: str, shape: shapely.Polygon) -> Frame:
    """A new area for housing, status 2, with the other attributes of row `like`."""
    new = frame.iloc[[like]].assign(
        lokalid=f"konstruert-{name}", arealformål="1110", områdenavn=f"{name} Feilvangen"
    )
    new["arealbruksstatus"] = pd.array([2], dtype="Int32")
    return joined(frame, new.set_geometry([shape], crs=frame.crs))


def joined(frame: Frame, more: Frame) -> Frame:
    """Both tables, one after the other."""
    return gpd.GeoDataFrame(pd.concat([frame, more], ignore_index=True), crs=frame.crs)
