"""Lakes of a land cover map, each as a whole, whatever parts the map or a plan has it in."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer

__all__ = ["FRESH_WATER", "JOINED_M", "large_lakes"]

FRESH_WATER = "81"
JOINED_M = 0.05
"""Polygons nearer one another than this are parts of one whole: a hairline gap is a fault of the
drawing. Assumption: five times the centimetre that plan and AR5 coordinates are given in."""

Ints = NDArray[np.int64]


def large_lakes(layer: CertifiedLayer, land: Ints, smallest_m2: float) -> NDArray[np.bool_]:
    """Whether each polygon of fresh water is of a lake that is larger than a size.

    Parameters
    ----------
    layer : CertifiedLayer
        Land cover, each lake in one polygon or in several that meet.
    land : array of int, shape (n,)
        Polygons of the layer.
    smallest_m2 : float
        Lakes must be larger than this, m².

    Returns
    -------
    array of bool, shape (n,)
        False for what is not fresh water.
    """
    found = np.zeros(len(land), dtype=bool)
    wanted, row = np.unique(land, return_inverse=True)
    if not len(wanted):
        return found
    water = np.flatnonzero(layer.classes == FRESH_WATER)
    size, fresh = layer.shapes.areas[wanted], np.isin(wanted, water)
    large = fresh & (size > smallest_m2)
    for k in np.flatnonzero(fresh & ~large):
        large[k] = _whole_m2(layer, water, int(wanted[k]), smallest_m2) > smallest_m2
    return np.asarray(large[row])


def _whole_m2(layer: CertifiedLayer, water: Ints, first: int, enough_m2: float) -> float:
    """Area of all water that hangs together with a polygon; no more is looked for than enough."""
    areas, boxes = layer.shapes.areas, layer.shapes.boxes[water]
    lake = np.array([first], dtype=np.int64)
    shapes = layer.shapes.geometries_of(lake)
    while float(areas[lake].sum()) <= enough_m2:
        whole = shapely.union_all(shapes)
        west, south, east, north = shapely.bounds(whole) + JOINED_M * np.array([-1, -1, 1, 1])
        meets = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
        meets &= (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        near = np.setdiff1d(water[meets], lake)
        others = layer.shapes.geometries_of(near)
        joined = shapely.dwithin(others, whole, JOINED_M)
        if not joined.any():
            break
        lake = np.concatenate([lake, near[joined]])
        shapes = np.concatenate([shapes, others[joined]])
    return float(areas[lake].sum())
