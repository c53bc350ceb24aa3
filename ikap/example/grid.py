"""A grid of square cells over the region, row 0 in the south."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Grid"]

Code = TypeVar("Code", bound=np.generic)


@dataclass(frozen=True)
class Grid:
    """Cells of `cell` metres; (x0, y0) is the south-western corner (EPSG:25832)."""

    x0: float
    y0: float
    cell: float
    nx: int
    ny: int

    @cached_property
    def xs(self) -> NDArray[np.float64]:
        """East coordinates of the cell centres, in metres."""
        return np.asarray(self.x0 + (np.arange(self.nx) + 0.5) * self.cell, dtype=np.float64)

    @cached_property
    def ys(self) -> NDArray[np.float64]:
        """North coordinates of the cell centres, in metres."""
        return np.asarray(self.y0 + (np.arange(self.ny) + 0.5) * self.cell, dtype=np.float64)

    @classmethod
    def over(cls, bounds: tuple[float, float, float, float], cell: float) -> Grid:
        """Grid that covers the bounds (west, south, east, north)."""
        west, south, east, north = bounds
        nx = int(np.ceil((east - west) / cell))
        ny = int(np.ceil((north - south) / cell))
        return cls(west, south, cell, nx, ny)

    def at(
        self, values: NDArray[Code], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> NDArray[Code]:
        """Value of the cell that each point lies in."""
        column = np.clip(((x - self.x0) / self.cell).astype(np.int64), 0, self.nx - 1)
        row = np.clip(((y - self.y0) / self.cell).astype(np.int64), 0, self.ny - 1)
        return np.asarray(values[row, column])

    def smooth_at(
        self, values: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Value between the four nearest cell centres of each point (bilinear)."""
        column, right = _between((x - self.x0) / self.cell - 0.5, self.nx)
        row, upper = _between((y - self.y0) / self.cell - 0.5, self.ny)
        low = values[row, column] * (1 - right) + values[row, column + 1] * right
        high = values[row + 1, column] * (1 - right) + values[row + 1, column + 1] * right
        return np.asarray(low * (1 - upper) + high * upper, dtype=np.float64)

    def refine(self, values: NDArray[np.float32], to: Grid) -> NDArray[np.float32]:
        """Values of this grid at the cells of a finer one (bilinear)."""
        column, right = _between((to.xs - self.x0) / self.cell - 0.5, self.nx)
        row, upper = _between((to.ys - self.y0) / self.cell - 0.5, self.ny)
        right = right.astype(np.float32)
        across = values[:, column] * (1 - right) + values[:, column + 1] * right
        up = upper.astype(np.float32)[:, None]
        return np.asarray(across[row] * (1 - up) + across[row + 1] * up, dtype=np.float32)


def _between(
    position: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    position = np.clip(position, 0, count - 1.000001)
    base = np.minimum(np.floor(position).astype(np.int64), count - 2)
    return base, position - base
