"""Data files for goals 1, 3 and 4: ways, stops, centres, services, hazards, business, residents."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from ikap.example.centres import make_centres
from ikap.example.commercial import make_commercial
from ikap.example.hazards import make_hazards
from ikap.example.landcover import Landcover
from ikap.example.ledgers import make_decisions
from ikap.example.places import Settlement
from ikap.example.plan_tables import PlannedArea
from ikap.example.population import make_builtup, make_grid, make_population
from ikap.example.services import make_services
from ikap.example.tables import DataFile, Tables
from ikap.example.terrain import Terrain
from ikap.example.walks import Ways

__all__ = ["make_themes"]


def make_themes(
    terrain: Terrain,
    cover: Landcover,
    settlements: list[Settlement],
    *,
    ways: Ways,
    rivers: NDArray[np.object_],
    adopted: tuple[PlannedArea, ...],
    buildings: gpd.GeoDataFrame,
) -> Tables:
    """Files by name, without their ending (EPSG:25832)."""
    maps = {
        "gangnett": {"Veglenke": ways.network},
        "holdeplasser": {"StopPlace": ways.stops},
        "sentre": {"Sentrum": make_centres(cover, settlements)},
        "tjenester": {"Tjeneste": make_services(terrain, settlements)},
        "naturfare": make_hazards(terrain, cover, rivers),
        "naeringsareal": {"Næringsareal": make_commercial(adopted)},
    }
    statistics = {
        "folkemengde": make_population(buildings, cover),
        "folkemengde_rutenett": make_grid(buildings),
        "bebygd_areal": make_builtup(cover),
        "omdisponering": make_decisions(),
    }
    files = {name: DataFile(layers) for name, layers in maps.items()}
    files |= {
        name: DataFile({name: gpd.GeoDataFrame(table)}, "csv") for name, table in statistics.items()
    }
    return {f"{name}_konstruert": file for name, file in files.items()}
