"""Land classes on a fine grid: which AR5 type the ground would have without fields and roads.

In: `Terrain`. Out: `Ground`, a grid of codes. A code is the AR5 type, and for forest and open
land its attributes too: type × 10 000 + treslag × 100 + skogbonitet (or grunnforhold).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ikap.example.grid import Grid
from ikap.example.noise import hash_unit, noise_on
from ikap.example.places import Settlement
from ikap.example.terrain import Terrain

__all__ = ["BUILT", "FARM", "LAKE", "SEA", "Ground", "make_ground"]

Field = NDArray[np.float32]
BUILT, FARM, BOG, LAKE, SEA = 110_000, 200_000, 600_000, 810_000, 820_000
OPEN, ROCK, THIN = 500_044, 500_042, 500_043
TREE_LINE = 520.0


@dataclass(frozen=True)
class Ground:
    """Codes over a fine grid."""

    grid: Grid
    code: NDArray[np.int32]


def make_ground(terrain: Terrain, settlements: list[Settlement]) -> Ground:
    """Codes of every cell; patches smaller than the map limit are given to their neighbours."""
    size = terrain.size
    coarse = terrain.grid
    bounds = (
        coarse.x0,
        coarse.y0,
        coarse.x0 + coarse.nx * coarse.cell,
        coarse.y0 + coarse.ny * coarse.cell,
    )
    grid = Grid.over(bounds, size.cell)
    sea, floor, height = (
        coarse.refine(f, grid) for f in (terrain.sea, terrain.floor, terrain.height)
    )
    sea += noise_on(grid, 520, 50, 3) * np.clip(sea.max() - sea, 0, 1) * 28
    height += noise_on(grid, 700, 51, 4) * np.clip(height / 12, 1, 26)
    steep = ndimage.gaussian_gradient_magnitude(height, 2.0) / np.float32(size.cell)
    code = _forest(grid, height, size.stand)
    code[_open(grid, height, sea, steep)] = OPEN
    bare = height + 60 * noise_on(grid, 1300, 52, 5, 0.55)
    code[bare > TREE_LINE] = OPEN
    code[bare + 60 * noise_on(grid, 1500, 53, 4) > TREE_LINE + 120] = THIN
    code[bare + 90 * noise_on(grid, 1200, 54, 4) > TREE_LINE + 270] = ROCK
    code[_bog(grid, height, steep, floor, size.stand)] = BOG
    code[_farm(grid, height, sea, floor, steep)] = FARM
    code[_lake(grid, height, sea, floor)] = LAKE
    _build(code, grid, settlements)
    code[sea < 0] = SEA
    patch = max(int(9_000 * (size.stand / 900) ** 2 / size.cell**2), 4)
    return Ground(grid, _without_specks(code, patch))


def _forest(grid: Grid, height: Field, stand: float) -> NDArray[np.int32]:
    """Stands of forest: each an irregular patch with its own trees and growth."""
    sway = np.float32(0.3)
    west, south = np.floor(grid.xs[0] / stand), np.floor(grid.ys[0] / stand)
    x = (grid.xs / stand - west).astype(np.float32)[None, :] + sway * noise_on(
        grid, 0.9 * stand, 61, 4
    )
    y = (grid.ys / stand - south).astype(np.float32)[:, None] + sway * noise_on(
        grid, 0.9 * stand, 62, 4
    )
    row, column = np.floor(y).astype(np.int32), np.floor(x).astype(np.int32)
    corner = int(row.min()) - 1, int(column.min()) - 1
    table = _lattice(corner, (int(row.max()) + 2, int(column.max()) + 2), (int(south), int(west)))
    best = np.full(x.shape, 9.0, dtype=np.float32)
    number = np.zeros(x.shape, dtype=np.float32)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            r, c = row + (down - corner[0]), column + (right - corner[1])
            away = (table[1, r, c] - x) ** 2 + (table[0, r, c] - y) ** 2
            nearer = away < best
            best[nearer] = away[nearer]
            number[nearer] = table[2, r[nearer], c[nearer]]
    growth = 2.7 - height / 190 + 2.6 * (number - 0.5) + 0.5 * noise_on(grid, 2.4 * stand, 66, 2)
    bonitet = 11 + np.clip(np.floor(growth), 0, 4).astype(np.int32)
    kind = (number * 7919) % 1.0
    trees = np.where(kind < 0.58, 31, np.where(kind < 0.8, 33, 32))
    trees = np.where((height > 400) & (kind > 0.3), 32, trees)
    return (300_000 + trees * 100 + bonitet).astype(np.int32)


def _lattice(first: tuple[int, int], last: tuple[int, int], offset: tuple[int, int]) -> Field:
    """Middle (row, column) and hashed number of each stand, by row and column."""
    rows, columns = np.arange(first[0], last[0])[:, None], np.arange(first[1], last[1])[None, :]
    at = rows + offset[0], columns + offset[1]
    north, east, number = (hash_unit(*at, seed=seed) for seed in (63, 64, 65))
    return np.stack([rows + north, columns + east, number]).astype(np.float32)


def _open(grid: Grid, height: Field, sea: Field, steep: Field) -> NDArray[np.bool_]:
    coast = (sea < 320) & (noise_on(grid, 1100, 71, 4) > 0.55 + sea / 500)
    scree = (steep > 0.55) & (noise_on(grid, 800, 72, 3) > 0.5) & (height > 120)
    return np.asarray(coast | scree)


def _bog(grid: Grid, height: Field, steep: Field, floor: Field, stand: float) -> NDArray[np.bool_]:
    wet = noise_on(grid, 0.85 * stand, 81, 4, 0.5) + 0.5 * noise_on(grid, 4200, 82, 2)
    return np.asarray((wet > 1.3 + 2.5 * steep) & (floor > 150) & (height > 40) & (height < 760))


def _farm(grid: Grid, height: Field, sea: Field, floor: Field, steep: Field) -> NDArray[np.bool_]:
    edge = noise_on(grid, 640, 91, 4, 0.55) * 75
    valley = (floor + edge < 0) & (steep < 0.4)
    knolls = noise_on(grid, 1150, 92, 5, 0.55) > 1.05 + np.clip(-floor / 6000, 0, 0.25)
    brook = np.abs(noise_on(grid, 3100, 98, 4, 0.5)) < 0.035 + 0.02 * noise_on(grid, 900, 99, 2)
    knolls |= brook & (floor < -120)  # ravines with trees
    beside = 380 + 220 * noise_on(grid, 1500, 93, 4)
    shore = (sea + edge < beside) & (steep < 0.3) & (noise_on(grid, 2600, 94, 3) > -0.1)
    return np.asarray(((valley & ~knolls) | shore) & (sea > 45) & (height < 470))


def _lake(grid: Grid, height: Field, sea: Field, floor: Field) -> NDArray[np.bool_]:
    large = noise_on(grid, 2300, 96, 5, 0.45) < -2.05
    small = noise_on(grid, 1000, 97, 4, 0.45) < -2.2
    return np.asarray((large | small) & (floor > 300) & (sea > 450) & (height < 900))


def _build(code: NDArray[np.int32], grid: Grid, settlements: list[Settlement]) -> None:
    """Built-up ground of the settlements, drawn into `code`."""
    ragged = noise_on(grid, 420, 95, 3)
    for place in settlements:
        reach = place.radius * 1.9
        x0, y0 = place.x - grid.x0, place.y - grid.y0
        cols = slice(max(int((x0 - reach) / grid.cell), 0), int((x0 + reach) / grid.cell) + 1)
        rows = slice(max(int((y0 - reach) / grid.cell), 0), int((y0 + reach) / grid.cell) + 1)
        along, across = place.local(grid.xs[None, cols], grid.ys[rows, None])
        far = np.hypot(along / 1.3, across / 0.8) / place.radius
        code[rows, cols][far + 0.13 * ragged[rows, cols] < 0.86] = BUILT


def _without_specks(code: NDArray[np.int32], cells: int) -> NDArray[np.int32]:
    """Codes with every patch of fewer than `cells` cells given to what lies nearest."""
    speck = np.zeros(code.shape, dtype=bool)
    for value in np.unique(code):
        labels, count = ndimage.label(code == value)
        few = np.bincount(labels.ravel(), minlength=count + 1) < cells
        few[0] = False
        speck |= few[labels]
    place = ndimage.distance_transform_edt(speck, return_distances=False, return_indices=True)
    return np.asarray(code[tuple(place)])
