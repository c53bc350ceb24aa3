"""How far it is to walk to a stop along the constructed network, for the alternative plan."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from ikap.example.network import make_network
from ikap.example.places import Settlement
from ikap.example.stops import make_stops
from ikap.example.terrain import Terrain
from ikap.measure.network import attach, noded
from ikap.measure.routes import distance_at, routes, search
from ikap.measure.sampling import sample_points

__all__ = ["Ways", "make_ways"]

OFFSET, SPACING, TOLERANCE = 200.0, 50.0, 1.0  # metres, as the checks measure


@dataclass(frozen=True)
class Ways:
    """The network and the stops (EPSG:25832)."""

    network: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame

    def to_stop(self, areas: NDArray[np.object_]) -> NDArray[np.float64]:
        """Longest way in m from a place in each area to the nearest stop; infinite if unknown."""
        walked = self.network[(self.network["vegkategori"] != "E") & (self.network.vegfase == "V")]
        ground = (walked["medium"] == "T").to_numpy(dtype=bool)
        network = noded(walked.geometry.to_numpy(), ground, TOLERANCE)
        made = routes(network, self.stops.geometry.to_numpy(), OFFSET)
        metres = search(made, np.ones(len(self.stops), dtype=bool))
        samples = sample_points(areas, SPACING)
        at = attach(made.network, samples.xy, OFFSET)
        way = distance_at(made.network, at, metres, len(samples.xy))
        longest = np.zeros(len(areas))
        np.maximum.at(longest, samples.area, np.nan_to_num(way, nan=np.inf))
        return longest


def make_ways(terrain: Terrain, settlements: list[Settlement]) -> Ways:
    """Network and stops of the region."""
    return Ways(make_network(terrain, settlements), make_stops(terrain, settlements))
