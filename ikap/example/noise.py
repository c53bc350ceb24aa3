"""Smooth noise and even numbers from a fixed integer hash: same numbers in every run.

Arrays in, arrays out; coordinates are metres. No random generator and no clock.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ikap.example.grid import Grid

__all__ = ["hash_unit", "noise_along", "noise_at", "noise_on"]

Floats = NDArray[np.float64]
Field = NDArray[np.float32]

_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_SPREAD = 1.0 / 0.277  # a cubic B-spline over even numbers in [-1, 1] has this deviation


def hash_unit(*parts: ArrayLike, seed: int) -> Floats:
    """Even numbers in [0, 1) from integers; any shape, same number for the same integers."""
    with np.errstate(over="ignore"):
        mixed = np.asarray(seed, dtype=np.uint64) * np.uint64(_ODD[0])
        for number, part in enumerate(parts):
            bits = np.asarray(part).astype(np.int64).astype(np.uint64)
            mixed = mixed ^ (bits * np.uint64(_ODD[number % 3]) + np.uint64(number + 1))
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def noise_on(
    grid: Grid, wavelength: float, seed: int, octaves: int = 3, gain: float = 0.5
) -> Field:
    """Noise at all cells of a grid: mean 0, deviation about 1, smooth at `wavelength` metres."""
    total = np.zeros((grid.ny, grid.nx), dtype=np.float32)
    for octave in range(octaves):
        step = wavelength / 2**octave
        if octave and step < 2 * grid.cell:
            break  # finer than the cells can show
        column, x_weights = _spline(grid.xs / step)
        row, y_weights = _spline(grid.ys / step)
        columns = np.arange(column.min(), column.max() + 4)
        rows = np.arange(row.min(), row.max() + 4)
        lattice = hash_unit(rows[:, None], columns[None, :], seed=seed + 101 * octave) * 2 - 1
        across = sum(lattice[:, column - columns[0] + k] * x_weights[k] for k in range(4))
        across = np.asarray(across, dtype=np.float32)
        for k in range(4):
            total += across[row - rows[0] + k] * (y_weights[k] * gain**octave)[:, None].astype("f4")
    return total * np.float32(_SPREAD / _deviation(octaves, gain))


def noise_at(
    x: Floats, y: Floats, wavelength: float, seed: int, *, octaves: int = 3, gain: float = 0.5
) -> Floats:
    """Noise at points: the same surface as `noise_on`."""
    total = np.zeros(np.shape(x))
    for octave in range(octaves):
        step = wavelength / 2**octave
        column, x_weights = _spline(np.asarray(x) / step)
        row, y_weights = _spline(np.asarray(y) / step)
        for k in range(4):
            for m in range(4):
                value = hash_unit(row + k, column + m, seed=seed + 101 * octave) * 2 - 1
                total += value * y_weights[k] * x_weights[m] * gain**octave
    return total * _SPREAD / _deviation(octaves, gain)


def noise_along(s: Floats, wavelength: float, seed: int, octaves: int = 2) -> Floats:
    """Noise along a line, by distance in metres."""
    beside = np.full(np.shape(s), 0.37 * wavelength)
    return noise_at(np.asarray(s), beside, wavelength, seed, octaves=octaves)


def _deviation(octaves: int, gain: float) -> float:
    return float(np.sqrt(sum(gain ** (2 * octave) for octave in range(octaves))))


def _spline(position: Floats) -> tuple[NDArray[np.int64], list[Floats]]:
    """First lattice point and the four cubic B-spline weights of each position."""
    base = np.floor(position)
    t = position - base
    weights = [
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    ]
    return base.astype(np.int64) - 1, weights
