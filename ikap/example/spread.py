"""Places in a settlement that lie far from one another: stops and services at street corners."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ikap.example.noise import hash_unit
from ikap.example.places import Settlement
from ikap.example.terrain import Terrain
from ikap.example.zones import streets

__all__ = ["corners_of", "spread"]

Floats = NDArray[np.float64]
DRY = 40.0  # metres from the sea
STEPS = 15  # places along a straight way that are looked at


def corners_of(terrain: Terrain, place: Settlement, number: int, out: float) -> Floats:
    """Street corners within `out` radii of the middle, each once (EPSG:25832).

    They lie on land, and so does the straight way from each to the nearest main road: no islets.
    """
    lines = streets(replace(place, radius=place.radius * out), number)
    xy = shapely.get_coordinates(np.array(lines, dtype=object))
    xy = np.unique(np.round(xy[_shore(terrain, xy) > DRY], 2), axis=0)
    return np.asarray(xy[_dry_way(terrain, xy)])


def _dry_way(terrain: Terrain, xy: Floats) -> NDArray[np.bool_]:
    """Whether the straight way from each place to the nearest main road is dry."""
    main = np.concatenate([road.xy for road in terrain.roads.values()])
    main = main[_shore(terrain, main) > 0]
    _, near = cKDTree(main).query(xy)
    between = xy[:, None] + np.linspace(0, 1, STEPS)[:, None] * (main[near] - xy)[:, None]
    shore = _shore(terrain, between.reshape(-1, 2)).reshape(-1, STEPS)
    return np.asarray(np.all(shore > 0, axis=1), dtype=bool)


def _shore(terrain: Terrain, xy: Floats) -> Floats:
    """Metres from the sea, negative in it."""
    return np.asarray(terrain.grid.smooth_at(terrain.sea, xy[:, 0], xy[:, 1]), dtype=np.float64)


def spread(corners: Floats, count: int, *chance: int) -> list[tuple[float, float]]:
    """Up to `count` corners, the first by chance, each next one farthest from those before it."""
    found: list[tuple[float, float]] = []
    away = np.full(len(corners), np.inf)
    k = int(float(hash_unit(*chance, seed=932)) * len(corners))
    for _ in range(min(count, len(corners))):
        found.append((float(corners[k, 0]), float(corners[k, 1])))
        away = np.minimum(away, np.hypot(*(corners - corners[k]).T))
        k = int(away.argmax())
    return found
