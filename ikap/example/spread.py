"""Places in a settlement that lie far from one another: stops and services at street corners."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.noise import hash_unit
from ikap.example.places import Settlement
from ikap.example.terrain import Terrain
from ikap.example.zones import streets

__all__ = ["corners_of", "spread"]

Floats = NDArray[np.float64]
DRY = 40.0  # metres from the sea


def corners_of(terrain: Terrain, place: Settlement, number: int, out: float) -> Floats:
    """Street corners on land within `out` radii of the middle, each once (EPSG:25832)."""
    lines = streets(replace(place, radius=place.radius * out), number)
    xy = shapely.get_coordinates(np.array(lines, dtype=object))
    dry = terrain.grid.smooth_at(terrain.sea, xy[:, 0], xy[:, 1]) > DRY
    return np.unique(np.round(xy[dry], 2), axis=0)


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
