"""Building footprints: houses in rows, halls and blocks in the built areas, farmsteads."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.landcover import CRS, YARD, Landcover
from ikap.example.noise import hash_unit
from ikap.example.plan_tables import PlannedArea
from ikap.example.plans import BUILT_RING

__all__ = ["make_buildings"]

Floats = NDArray[np.float64]
# purpose -> spacing along and across, length, depth (m), share left open, bygningstype
PATTERN = {
    1001: (34, 40, 14, 10, 0.25, "111"),
    1110: (29, 38, 12, 9, 0.14, "111"),
    1120: (62, 66, 10, 8, 0.25, "161"),
    1130: (44, 48, 30, 15, 0.12, "321"),
    1160: (74, 70, 42, 20, 0.3, "613"),
    1300: (82, 74, 52, 32, 0.22, "231"),
    1500: (110, 110, 18, 12, 0.5, "219"),
    1800: (52, 50, 32, 17, 0.2, "322"),
    5200: (95, 95, 12, 9, 0.4, "111"),
}


def make_buildings(planned: tuple[PlannedArea, ...], cover: Landcover) -> gpd.GeoDataFrame:
    """Footprints inside areas of status 1 and 3, and on farmyards (EPSG:25832)."""
    rings: list[Floats] = []
    kinds: list[str] = []
    for number, area in enumerate(planned):
        if area.status not in (1, 3) or area.purpose not in PATTERN:
            continue
        found = _rows(area, number)
        rings.append(found)
        kinds += [PATTERN[area.purpose][5]] * len(found)
    yards = cover.polygons[cover.code == YARD]
    farms = _farmsteads(yards)
    rings.append(farms)
    kinds += ["241", "111", "241"] * len(yards)
    corners = np.asarray(shapely.polygons(np.concatenate(rings)), dtype=object)
    shapes = np.asarray(shapely.set_precision(corners, 0.01))
    return gpd.GeoDataFrame(
        {
            "bygningsnummer": [f"{990_000_000 + k}" for k in range(len(shapes))],
            "bygningstype": kinds,
        },
        geometry=shapes,
        crs=CRS,
    )


def _rows(area: PlannedArea, number: int) -> Floats:
    """Corners of the buildings in one area; some areas are left unbuilt, wholly or in part."""
    assert area.candidate is not None
    along, across, length, depth, empty, _ = PATTERN[area.purpose]
    c = area.candidate
    inner = shapely.buffer(area.shape, -0.62 * max(length, depth), join_style="mitre")
    if inner.is_empty or (c.ring >= BUILT_RING[c.level]):
        return np.zeros((0, 4, 2))
    ax, ay = c.along
    x0, y0 = area.shape.centroid.x, area.shape.centroid.y
    reach = 0.75 * np.hypot(*(np.array(inner.bounds[2:]) - np.array(inner.bounds[:2])))
    i = np.arange(-int(reach / along), int(reach / along) + 1)
    j = np.arange(-int(reach / across), int(reach / across) + 1)
    i, j = (a.ravel() for a in np.meshgrid(i, j))
    draw = [hash_unit(i, j, number, seed=800 + k) for k in range(5)]
    u = i * along + (draw[0] - 0.5) * 0.22 * along + 0.25 * along * (j % 2)
    v = j * across + (draw[1] - 0.5) * 0.12 * across
    x, y = x0 + u * ax - v * ay, y0 + u * ay + v * ax
    kept = shapely.contains_xy(inner, x, y) & (draw[2] > empty)
    if 0.42 < c.chance < 0.5:
        kept &= u > 0  # half of the area is not built yet
    turn = np.arctan2(ay, ax) + 0.12 * (draw[3] - 0.5)
    scale = 0.8 + 0.35 * draw[4]
    return _boxes(x[kept], y[kept], (length * scale)[kept], (depth * scale)[kept], turn[kept])


def _farmsteads(yards: NDArray[np.object_]) -> Floats:
    """Barn, house and shed on each farmyard."""
    middle = shapely.centroid(yards)
    x, y = np.repeat(shapely.get_x(middle), 3), np.repeat(shapely.get_y(middle), 3)
    kind = np.tile([0, 1, 2], len(yards))
    turn = np.repeat(np.pi * hash_unit(np.arange(len(yards)), seed=811), 3)
    aside = np.array([0.0, 12.0, -11.0])[kind]
    x, y = x - aside * np.sin(turn), y + aside * np.cos(turn)
    length, depth = np.array([19.0, 9.5, 8.0])[kind], np.array([9.0, 7.0, 5.0])[kind]
    return _boxes(x, y, length, depth, turn)


def _boxes(x: Floats, y: Floats, length: Floats, depth: Floats, turn: Floats) -> Floats:
    sx = np.array([-0.5, 0.5, 0.5, -0.5])
    sy = np.array([-0.5, -0.5, 0.5, 0.5])
    dx, dy = length[:, None] * sx, depth[:, None] * sy
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    return np.stack([x[:, None] + dx * cos - dy * sin, y[:, None] + dx * sin + dy * cos], axis=-1)
