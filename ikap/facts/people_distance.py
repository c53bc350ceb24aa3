"""Fact: distance on foot from where people live to the nearest railway station, in m.

Measured of the municipalities alone, from the middle of each populated cell. `area_m2` holds the
residents that a cell stands for. Cells are added up to municipalities and never shown.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.partition import Partition
from ikap.facts.samples import merge_samples
from ikap.facts.spec import FactSpec
from ikap.facts.ways import METHOD, NETWORK, walked
from ikap.kinds.stops import CLASSES_IN
from ikap.measure.sampling import Samples

__all__ = ["FACT", "measure"]

GRID = "population_grid"
STATION = "train"
FACT = FactSpec(
    name="people_distance",
    uses=(GRID, NETWORK, "stops"),
    classes=(STATION,),
    unit="m",
    parameters=METHOD,
    sampled=True,
    ground_only=True,
)


def measure(partition: Partition) -> pd.DataFrame:
    """Long table of cells; empty where there is no grid."""
    grids = partition.layers.get(GRID, ())
    if not grids or partition.municipality == "":
        return merge_samples([])
    grid = next((g for g in grids if g.complete_in(partition.municipality)), grids[0])
    area, cell = shapely.STRtree(grid.polygons).query(partition.geometry, predicate="intersects")
    order = np.argsort(cell, kind="stable")
    _, first = np.unique(cell[order], return_index=True)  # a cell lives in one place
    area, cell = area[order][first], cell[order][first]
    people = grid.attributes["personer"].to_numpy(dtype=np.float64)[cell]
    xy = shapely.get_coordinates(grid.polygons[cell]).reshape(-1, 2)
    samples = Samples(area.astype(np.int64), xy, people)
    return walked(partition, "stops", FACT.classes, _stations, samples)


def _stations(layer: CertifiedLayer, mode: str, municipality: str) -> NDArray[np.bool_] | None:
    del municipality  # a station across the border is a station
    wanted = np.asarray(layer.attributes[CLASSES_IN] == mode, dtype=bool)
    only = CLASSES_IN in layer.declaration.constants
    return None if only and not wanted.any() else wanted
