"""Sample points inside areas: a regular grid that lies still, and at least one point in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["Samples", "sample_points"]

MOST = 4_000
"""An area that would hold more points than this is sampled at double spacing, and so on."""


@dataclass(frozen=True)
class Samples:
    """Points with the area that they lie in, and the share of it that each stands for, in m²."""

    area: NDArray[np.int64]
    xy: NDArray[np.float64]
    m2: NDArray[np.float64]


def sample_points(areas: NDArray[np.object_], spacing: float) -> Samples:
    """Centres of grid cells that lie inside each area; a point on the surface where none does.

    Parameters
    ----------
    areas : array of Polygon or MultiPolygon, shape (n,)
        Valid, in a projected CRS with metre as unit.
    spacing : float
        Size of a cell in m. The grid begins in the origin of the CRS, so that neither the order
        of the areas nor how they are divided among runs moves a point. Areas of more than 4 000
        cells have cells of double size (100 m instead of 50 m, then 200 m, ...).

    Returns
    -------
    Samples
        In the order of the areas, then from south to north and west to east. The shares of an
        area add up to it.

    Examples
    --------
    >>> sample_points(np.array([shapely.box(0, 0, 100, 50)]), 50.0).xy.tolist()
    [[25.0, 25.0], [75.0, 25.0]]
    """
    if not len(areas):
        return Samples(np.zeros(0, dtype=np.int64), np.zeros((0, 2)), np.zeros(0))
    size = shapely.area(areas)
    doubled = np.ceil(np.log2(np.maximum(size / (spacing**2 * MOST), 1.0)) / 2)
    step = spacing * 2.0**doubled
    parts, owner = shapely.get_parts(areas, return_index=True)
    part, xy = _grid(parts, step[owner])
    shapely.prepare(parts)
    inside = shapely.contains_xy(parts[part], xy[:, 0], xy[:, 1])
    area, xy = owner[part[inside]], xy[inside]
    empty = np.flatnonzero(np.bincount(area, minlength=len(areas)) == 0)
    single = shapely.get_coordinates(shapely.point_on_surface(areas[empty]))
    area, xy = np.concatenate([area, empty]), np.concatenate([xy, single])
    order = np.lexsort((xy[:, 0], xy[:, 1], area))
    area, xy = area[order].astype(np.int64), xy[order]
    count = np.bincount(area, minlength=len(areas))
    return Samples(area, xy, size[area] / count[area])


def _grid(
    areas: NDArray[np.object_], step: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Centres of the cells that meet each area's bounds, row by row from the south-west."""
    bounds = shapely.bounds(areas)
    low = np.floor(bounds[:, :2] / step[:, None]).astype(np.int64)
    high = np.ceil(bounds[:, 2:] / step[:, None]).astype(np.int64)
    columns, rows = np.maximum(high - low, 0).T
    cells = columns * rows
    area = np.repeat(np.arange(len(areas)), cells)
    begin = np.cumsum(cells) - cells
    cell = np.arange(cells.sum()) - begin[area]
    row, column = cell // columns[area], cell % columns[area]
    index = np.column_stack([low[area, 0] + column, low[area, 1] + row])
    return area, (index + 0.5) * step[area][:, None]
