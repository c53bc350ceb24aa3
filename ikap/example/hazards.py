"""Hazards: avalanche zones below steep sides, flood zones by rivers, quick clay to look into.

The first two are hensynssoner of the plans; the third only says where the ground has to be
examined (aktsomhet), in one municipality.
"""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely.ops import substring

from ikap.example.arcs import borders
from ikap.example.landcover import CRS, Landcover
from ikap.example.noise import noise_on
from ikap.example.terrain import Terrain

__all__ = ["make_hazards"]

Mask = NDArray[np.bool_]
Shapes = NDArray[np.object_]
STEEP = 0.05  # share of the land that is steepest
RUN_OUT = 200.0  # metres that an avalanche goes beyond the steep side
FLOOD = (70.0, 45.0)  # metres to each side of a river, and how much that varies
CLAY_BELOW = 75.0  # metres above the sea
CLAY_IN = 9902
SMALLEST = 12_000.0  # m2
SEA = 82


def make_hazards(
    terrain: Terrain, cover: Landcover, rivers: NDArray[np.object_]
) -> dict[str, gpd.GeoDataFrame]:
    """Areas by layer name: `Skredsone`, `Flomsone`, `Kvikkleire` (EPSG:25832)."""
    dry = _dry(cover)
    return {
        "Skredsone": _zones(_parts(_steep(terrain), dry), "310", "1/1000"),
        "Flomsone": _zones(_parts(_flooded(rivers), dry), "320", "1/200"),
        "Kvikkleire": _clay(_parts(_clay_ground(terrain), dry)),
    }


def _zones(shapes: Shapes, code: str, chance: str) -> gpd.GeoDataFrame:
    names = [f"H{code}_{n}" for n in range(1, len(shapes) + 1)]
    table = {"lokalid": [f"konstruert-{name}" for name in names], "fare": code}
    table |= {"hensynSonenavn": names, "sannsynlighet": chance}
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def _clay(shapes: Shapes) -> gpd.GeoDataFrame:
    ids = [f"konstruert-kvikkleire-{n}" for n in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"lokalid": ids, "fare": "kvikkleire"}, geometry=shapes, crs=CRS)


def _dry(cover: Landcover) -> shapely.Geometry:
    """Land of the region, fjord left out."""
    land = cover.polygons[cover.code // 10_000 != SEA]
    return shapely.simplify(shapely.coverage_union_all(land), 2.0)


def _parts(shapes: Shapes, dry: shapely.Geometry) -> Shapes:
    """Parts of the shapes on dry land that are large enough to be mapped, from west to east."""
    whole = shapely.union_all(shapes)
    parts = shapely.get_parts(shapely.intersection(whole, dry, grid_size=0.01))
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > SMALLEST)]
    return np.asarray(parts[np.lexsort(shapely.bounds(parts)[:, :2].T)])


def _steep(terrain: Terrain) -> Shapes:
    """Steep sides and the ground below them."""
    slope = ndimage.gaussian_gradient_magnitude(terrain.height, 1.0) / terrain.grid.cell
    land = (terrain.municipality > 0) & (terrain.sea > 0)
    steep = (
        land
        & (slope > np.quantile(slope[land], 1 - STEEP))
        & (noise_on(terrain.grid, 2400, 941, 3) > -0.2)
    )
    shapes = _outlines(steep, terrain)
    return np.asarray(shapely.buffer(shapes, RUN_OUT * terrain.size.scale**0.5, quad_segs=3))


def _flooded(rivers: NDArray[np.object_]) -> Shapes:
    """Bands along the rivers, wider and narrower."""
    found = []
    for number, river in enumerate(rivers):
        whole = float(shapely.length(river))
        at = np.linspace(0, whole, max(int(whole / 400), 2))
        pieces = [substring(river, a, b) for a, b in pairwise(at)]
        wave = np.sin(np.arange(len(pieces)) * 1.7 + number)
        found.append(shapely.buffer(pieces, FLOOD[0] + FLOOD[1] * wave, quad_segs=3))
    return np.concatenate(found)


def _clay_ground(terrain: Terrain) -> Shapes:
    """Low ground of one municipality, in patches."""
    low = (terrain.height < CLAY_BELOW) & (terrain.municipality == CLAY_IN)
    return _outlines(low & (noise_on(terrain.grid, 1900, 951, 3) > 0.7), terrain)


def _outlines(mask: Mask, terrain: Terrain) -> Shapes:
    """Areas of the cells, with smooth borders."""
    lines = borders(mask.astype(np.int32), terrain.grid, rounds=2, simplify=8.0)
    areas = np.asarray(shapely.get_parts(shapely.polygonize(lines)))
    middle = shapely.point_on_surface(areas)
    inside = terrain.grid.at(mask, shapely.get_x(middle), shapely.get_y(middle))
    found: Shapes = areas[np.asarray(inside, dtype=bool)]
    return found
