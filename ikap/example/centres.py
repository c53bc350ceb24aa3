"""Centres as outlines: the city centre, one of each municipality, and one local centre."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from ikap.example.landcover import CRS, Landcover
from ikap.example.noise import hash_unit
from ikap.example.places import Settlement

__all__ = ["make_centres"]

SORT = {"city": "regionsenter", "town": "kommunesenter", "village": "lokalsenter"}
SIZE = {"city": 0.3, "town": 0.32, "village": 0.45}  # half-length as a share of the radius
SEA = 82


def make_centres(cover: Landcover, settlements: list[Settlement]) -> gpd.GeoDataFrame:
    """Outlines on land with name, sort and municipality (EPSG:25832)."""
    villages = [s for s in settlements if s.level == "village" and s.municipality == "9901"]
    largest = sorted(villages, key=lambda s: -s.radius)[:1]
    places = [s for s in settlements if s.level != "village"] + largest
    sea = cover.polygons[cover.code // 10_000 == SEA]
    tree = shapely.STRtree(sea)
    shapes = []
    for number, place in enumerate(places):
        outline = _outline(place, number)
        wet = shapely.union_all(sea[tree.query(outline, predicate="intersects")])
        parts = shapely.get_parts(shapely.difference(outline, wet, grid_size=0.01))
        shapes.append(parts[shapely.area(parts).argmax()])
    return gpd.GeoDataFrame(
        {
            "lokalid": [f"konstruert-senter-{n}" for n in range(1, len(places) + 1)],
            "navn": [f"{place.name} sentrum" for place in places],
            "sentertype": [SORT[place.level] for place in places],
            "kommunenummer": [place.municipality for place in places],
        },
        geometry=shapes,
        crs=CRS,
    )


def _outline(place: Settlement, number: int) -> shapely.Polygon:
    """Eight corners along the main road."""
    k = np.arange(8)
    turn = 2 * np.pi * (k + 0.5) / 8
    away = SIZE[place.level] * place.radius * (0.85 + 0.3 * hash_unit(k, number, seed=921))
    corners = np.column_stack([away * np.cos(turn), 0.62 * away * np.sin(turn)])
    return shapely.Polygon(np.round(place.world(corners), 2))
