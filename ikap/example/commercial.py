"""Register of commercial land: some twenty areas of the adopted plan, with class and figures."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from ikap.example.landcover import CRS
from ikap.example.noise import hash_unit
from ikap.example.plan_tables import PlannedArea

__all__ = ["make_commercial"]

PURPOSES = (1300, 1800, 1160, 1130)
WANTED = {1300: 14, 1800: 4, 1160: 2, 1130: 2}
REGIONAL = 60_000.0  # m2 gross: larger areas are for the whole region
SILENT, NO_FIGURE = 5, 9
"""Every so many areas have no class, or no figure for what is vacant."""
BUILT = ("utbygd", "utbygd", "delvis utbygd")
FUTURE = ("ledig regulert", "framtidig i KP", "ledig ikke regulert", "framtidig i KP", "utgår")
VACANT = {"utbygd": 0.0, "delvis utbygd": 0.35}  # of the net area; all of it elsewhere


def make_commercial(planned: tuple[PlannedArea, ...]) -> gpd.GeoDataFrame:
    """Areas with official columns, m2, gross at least net at least vacant (EPSG:25832)."""
    areas = _chosen(planned)
    gross = np.array([round(area.shape.area, -2) for area in areas])
    share = 0.68 + 0.2 * hash_unit(np.arange(len(areas)), seed=961)
    net = np.round(gross * share, -2)
    status = [_status(area, n) for n, area in enumerate(areas)]
    vacant = np.round(net * [VACANT.get(s, 1.0) for s in status], -2)
    vacant[NO_FIGURE - 1 :: NO_FIGURE] = np.nan
    return gpd.GeoDataFrame(
        {
            "område_id": [f"KON-N{n:02d}" for n in range(1, len(areas) + 1)],
            "navn": [area.name for area in areas],
            "kommunenummer": [area.municipality for area in areas],
            "arealformål": [str(area.purpose) for area in areas],
            "abc": [_abc(area, n) for n, area in enumerate(areas)],
            "status": status,
            "nivå": ["regional" if g > REGIONAL else "kommunal" for g in gross],
            "brutto_m2": gross,
            "netto_m2": net,
            "ledig_m2": vacant,
            "utnytting": [70.0 if area.purpose in (1160, 1130) else 50.0 for area in areas],
            "utnyttingstype": "%-BRA",
            "eierform": ["privat" if n % 3 else "kommunal" for n in range(len(areas))],
            "kilde": "Konstruert register",
            "dato": "2026-01-15",
        },
        geometry=[area.shape for area in areas],
        crs=CRS,
    )


def _chosen(planned: tuple[PlannedArea, ...]) -> list[PlannedArea]:
    """Areas of each purpose, those to be built and those that are built by turns."""
    found = []
    for purpose in PURPOSES:
        mine = [a for a in planned if a.purpose == purpose]
        new = [a for a in mine if a.status == 2]
        old = [a for a in mine if a.status != 2]
        half = (WANTED[purpose] + 1) // 2
        taken = new[:half] + old[: WANTED[purpose] - min(half, len(new))]
        found += taken
    return sorted(found, key=lambda a: (a.municipality, a.name, shapely.get_x(a.shape.centroid)))


def _status(area: PlannedArea, number: int) -> str:
    words = FUTURE if area.status == 2 else BUILT
    return words[number % len(words)]


def _abc(area: PlannedArea, number: int) -> str | None:
    """Class by the planner's hand: A in centres, C for much land, and one slip."""
    if number % SILENT == SILENT - 1:
        return None
    if area.purpose == 1130:
        return "A"
    if area.purpose == 1160:
        return "C"
    if area.purpose == 1800:
        return "B"
    return "C" if area.shape.area > REGIONAL / 2 else "B"
