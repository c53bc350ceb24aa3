"""Background of maps: water, town, forest and mountain in light shapes, roads and railway."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.landcover import CRS, Landcover
from ikap.example.places import Settlement
from ikap.example.terrain import Terrain
from ikap.example.zones import streets

__all__ = ["make_background"]

THEMES = {
    "sea": (82,),
    "lake": (81,),
    "urban": (11,),
    "forest": (30,),
    "bog": (60,),
    "mountain": (50,),
}
# smallest part that is drawn, m2 at scale 1; and the tolerance of the outline, metres
SMALLEST = {
    "sea": 0,
    "lake": 40_000,
    "urban": 25_000,
    "forest": 150_000,
    "bog": 200_000,
    "mountain": 250_000,
}
TOLERANCE = 35.0


def make_background(
    terrain: Terrain, cover: Landcover, settlements: list[Settlement], rivers: NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """Shapes and lines for drawing only, with theme and label (EPSG:25832)."""
    rows = [
        *_areas(terrain, cover),
        *_lines(terrain, rivers),
        *_streets(terrain, settlements),
        *_points(terrain, settlements),
    ]
    return gpd.GeoDataFrame(
        {"theme": [r[0] for r in rows], "label": [r[1] for r in rows]},
        geometry=[r[2] for r in rows],
        crs=CRS,
    )


def _areas(terrain: Terrain, cover: Landcover) -> list[tuple[str, str, shapely.Geometry]]:
    kind = cover.code // 10_000
    wide = terrain.size.scale
    names = list(THEMES)
    merged = np.array(
        [shapely.coverage_union_all(cover.polygons[np.isin(kind, THEMES[n])]) for n in names],
        dtype=object,
    )
    light = shapely.coverage_simplify(merged, TOLERANCE * wide**0.5)
    rows: list[tuple[str, str, shapely.Geometry]] = []
    for name, shape in zip(names, light, strict=True):
        for part in shapely.get_parts(shape):
            if part.area >= SMALLEST[name] * wide:
                rows.append((name, "", _rounded(_filled(part, 60_000 * wide))))  # noqa: PERF401 (one line a part reads best)
    return rows


def _filled(polygon: shapely.Polygon, smallest: float) -> shapely.Polygon:
    """Polygon without its small holes."""
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= smallest]
    return shapely.Polygon(polygon.exterior, holes)


def _rounded(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.set_precision(shape, 1.0)


def _lines(
    terrain: Terrain, rivers: NDArray[np.object_]
) -> list[tuple[str, str, shapely.Geometry]]:
    rows: list[tuple[str, str, shapely.Geometry]] = [
        ("road", name, _rounded(shapely.simplify(shapely.LineString(curve.xy), 6.0)))
        for name, curve in terrain.roads.items()
    ]
    railway = shapely.simplify(shapely.LineString(terrain.railway.xy), 6.0)
    rows.append(("railway", "Ternhavnbanen", _rounded(railway)))
    sea = terrain.grid
    for river in rivers:
        xy = shapely.get_coordinates(river)
        dry = sea.smooth_at(terrain.sea, xy[:, 0], xy[:, 1]) > 0
        if dry.sum() > 1:
            rows.append(("river", "", _rounded(shapely.simplify(shapely.LineString(xy[dry]), 8.0))))
    return rows


def _streets(
    terrain: Terrain, settlements: list[Settlement]
) -> list[tuple[str, str, shapely.Geometry]]:
    """Streets on land, of the city, the towns and the villages."""
    rows: list[tuple[str, str, shapely.Geometry]] = []
    for number, place in enumerate(settlements):
        for line in streets(place, number):
            xy = shapely.get_coordinates(line)
            if (terrain.grid.smooth_at(terrain.sea, xy[:, 0], xy[:, 1]) > 40).all():
                rows.append(("road", "Kommunal veg", _rounded(line)))
    return rows


def _points(
    terrain: Terrain, settlements: list[Settlement]
) -> list[tuple[str, str, shapely.Geometry]]:
    """Two stations, where the railway passes the city and the first town."""
    rows: list[tuple[str, str, shapely.Geometry]] = []
    line = shapely.LineString(terrain.railway.xy)
    for place in settlements[:2]:
        at = shapely.line_interpolate_point(
            line, shapely.line_locate_point(line, shapely.Point(place.x, place.y))
        )
        rows.append(("station", f"{place.name} stasjon", _rounded(at)))
    return rows
