"""Edges of fields: lines along each valley or shore, and cuts between them like bricks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.curves import Curve
from ikap.example.geography import AXES
from ikap.example.noise import hash_unit, noise_along
from ikap.example.terrain import Terrain

__all__ = ["field_edges"]

Floats = NDArray[np.float64]
SHORE, SLOPE = 900.0, 700.0  # how far beyond the water, or the valley floor, fields may lie
MOST_ROWS = 99


@dataclass(frozen=True)
class _Side:
    """One side of a fjord arm or valley; `sign` is 1 to the left, -1 to the right."""

    terrain: Terrain
    curve: Curve
    number: int
    water: bool
    sign: float

    @property
    def seed(self) -> int:
        return 1000 + 20 * self.number + (self.sign > 0)

    @property
    def base(self) -> Floats:
        """Where the fields begin: at the middle line of a valley, at the shore of a fjord."""
        return self.curve.width if self.water else np.zeros(len(self.curve.s))

    @property
    def reach(self) -> float:
        return 1.05 * (SHORE if self.water else float(self.curve.width.max()) + SLOPE)

    def owned(self, xy: Floats) -> list[shapely.LineString]:
        """Runs of the points that lie on land nearest to this axis, as lines."""
        grid, x, y = self.terrain.grid, xy[:, 0], xy[:, 1]
        mine = (grid.at(self.terrain.axis, x, y) == self.number) & (
            grid.at(self.terrain.sea, x, y) > 0
        )
        cut = np.nonzero(np.diff(mine.astype(np.int8)))[0] + 1
        runs = np.split(np.arange(len(xy)), cut)
        return [shapely.LineString(xy[r]) for r in runs if len(r) > 1 and mine[r[0]]]


def field_edges(terrain: Terrain) -> NDArray[np.object_]:
    """Lines that split farmed ground into fields (EPSG:25832); they run on into the forest."""
    found: list[shapely.LineString] = []
    for number, axis in enumerate(AXES):
        for sign in (1.0, -1.0):
            side = _Side(terrain, terrain.curves[axis.key], number, axis.water, sign)
            found += _rows(side)
    return np.array(found, dtype=object)


def _rows(side: _Side) -> list[shapely.LineString]:
    strip, curve = side.terrain.size.strip, side.curve
    rows = np.cumsum(strip * (0.6 + 0.8 * hash_unit(np.arange(MOST_ROWS), seed=side.seed)))
    rows = np.concatenate([[0.0], rows[rows < side.reach], [side.reach]])
    found: list[shapely.LineString] = []
    for k, t in enumerate(rows[:-1]):
        wave = 0.16 * strip * noise_along(curve.s, 2.6 * strip, side.seed + 7 * k)
        away = side.base + np.maximum(t + wave, 0)
        if t > 0:
            found += side.owned(curve.xy + side.sign * curve.normal * away[:, None])
        found += _cuts(side, t, rows[k + 1], side.seed + 300 + k)
    return found


def _cuts(side: _Side, t0: float, t1: float, seed: int) -> list[shapely.LineString]:
    """Short edges across one strip, a little longer than the strip so that they meet its edges."""
    strip, curve = side.terrain.size.strip, side.curve
    count = int(curve.s[-1] / strip * 1.4) + 2
    gaps = strip * (0.45 + 1.9 * hash_unit(np.arange(count), seed=seed) ** 1.4)
    places = np.cumsum(gaps)
    places = places[places < curve.s[-1]]
    slant = strip * 0.35 * (hash_unit(np.arange(len(places)), seed=seed + 1) - 0.5)
    ts = np.maximum(np.linspace(t0 - 0.18 * strip, t1 + 0.18 * strip, 9), 0)
    share = np.linspace(-0.5, 0.5, 9)
    found: list[shapely.LineString] = []
    for s, lean in zip(places, slant, strict=True):
        xy, normal = curve.at(np.clip(s + lean * share, 0, curve.s[-1]))
        width = np.interp(s, curve.s, side.base)
        found += side.owned(xy + side.sign * normal * (width + ts)[:, None])
    return found
