"""Daily services as points by the streets: barnehage, barneskole, dagligvare."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import shapely

from ikap.example.landcover import CRS
from ikap.example.noise import hash_unit
from ikap.example.places import Settlement
from ikap.example.spread import corners_of, spread
from ikap.example.terrain import Terrain

__all__ = ["make_services"]

Service = tuple[str, str, tuple[float, float]]  # tjeneste, name, place
COUNT = {
    "city": {"barnehage": 12, "barneskole": 5, "dagligvare": 8},
    "town": {"barnehage": 5, "barneskole": 2, "dagligvare": 3},
    "village": {"barnehage": 1, "barneskole": 1, "dagligvare": 1},
}
RURAL = {"barnehage": 0.5, "barneskole": 0.3, "dagligvare": 0.4}
"""Share of the villages that have one."""
OUT = 1.05  # share of the radius within which they lie


def make_services(terrain: Terrain, settlements: list[Settlement]) -> gpd.GeoDataFrame:
    """Services of the towns and of some villages (EPSG:25832)."""
    found = [s for n, place in enumerate(settlements) for s in _of_place(terrain, place, n)]
    return gpd.GeoDataFrame(
        {
            "lokalid": [f"konstruert-tjeneste-{n}" for n in range(1, len(found) + 1)],
            "tjeneste": [sort for sort, _, _ in found],
            "navn": [name for _, name, _ in found],
        },
        geometry=[shapely.Point(at) for _, _, at in found],
        crs=CRS,
    )


def _of_place(terrain: Terrain, place: Settlement, number: int) -> Iterator[Service]:
    """Services of one settlement; in a village each may be missing."""
    corners = corners_of(terrain, place, number, OUT)
    for kind, (sort, count) in enumerate(COUNT[place.level].items()):
        if place.level == "village" and hash_unit(number, kind, seed=931) > RURAL[sort]:
            continue
        places = spread(corners[kind :: len(COUNT)], count, number, kind)
        for k, at in enumerate(places, 1):
            yield sort, f"{place.name} {sort}" + (f" {k}" if count > 1 else ""), at
