"""A made-up country for `bench_country.py`: municipalities that land polygons cover exactly.

A municipality is a rectangle of cells whose nodes are moved and whose borders, shared by two cells,
wriggle; so it is a valid coverage, and its area is known beforehand. Everything follows from the
number of the municipality.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["CLASSES", "Place", "write_land"]

CELL = 200.0
"""Side of a cell before its corners are moved, in m."""

FEWEST, MOST = 4, 24
"""Vertices inside a border between two cells: a polygon has 20 to 100 vertices."""

MOVED, WRIGGLE = 0.1, 0.08
"""How far a corner and the middle of a border are moved, as shares of a cell; larger ones would let
borders cross."""

CLASSES = ("11", "12", "21", "22", "23", "30", "50", "60", "70", "81")
ZONES_WIDE, ZONES_HIGH, ZONE_VERTICES = 8, 5, 48
WEST, SOUTH, PER_ROW = 200_000.0, 6_500_000.0, 19

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """One municipality: a rectangle of `wide` by `high` cells, EPSG:25832."""

    number: int
    wide: int
    high: int

    @property
    def name(self) -> str:
        """Number as text."""
        return f"{self.number:04d}"

    @property
    def corner(self) -> Floats:
        """South-west corner, m."""
        row, column = divmod(self.number, PER_ROW)
        return np.array([WEST + column * self.wide * CELL, SOUTH + row * self.high * CELL])

    @property
    def area_m2(self) -> float:
        """Area, exact."""
        return self.wide * self.high * CELL**2

    @cached_property
    def zones(self) -> NDArray[np.object_]:
        """The municipality itself, then planned areas of 48 vertices, one in each block of it."""
        random = np.random.default_rng([self.number, 1])
        size = np.array([self.wide / ZONES_WIDE, self.high / ZONES_HIGH]) * CELL
        block = np.stack(np.meshgrid(np.arange(ZONES_WIDE), np.arange(ZONES_HIGH)), axis=-1)
        centre = self.corner + (block.reshape(-1, 1, 2) + 0.5) * size
        angle = np.linspace(0, 2 * np.pi, ZONE_VERTICES, endpoint=False)
        radius = random.uniform(0.15, 0.48, (len(centre), ZONE_VERTICES, 1)) * size.min()
        star = centre + radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        east, north = self.corner + np.array([self.wide, self.high]) * CELL
        whole = shapely.box(*self.corner, east, north)
        return np.concatenate([[whole], shapely.polygons(star)])


def write_land(place: Place, path: Path) -> dict[str, float]:
    """Write the land of one municipality as GeoParquet.

    Parameters
    ----------
    place : Place
        Which one.
    path : Path
        File to write: `arealtype`, `lokalid` and polygons, EPSG:25832.

    Returns
    -------
    dict
        Area of each class in m², by the coordinates that were written.
    """
    random = np.random.default_rng([place.number, 2])
    polygons = _cells(place, random)
    kind = random.choice(CLASSES, len(polygons))
    ids = np.char.add(f"{place.name}-", np.arange(len(polygons)).astype(str))
    columns = {"arealtype": kind, "lokalid": ids}
    gpd.GeoDataFrame(columns, geometry=polygons, crs="EPSG:25832").to_parquet(path)
    area = shapely.area(polygons)
    return {name: float(area[kind == name].sum()) for name in CLASSES}


def _cells(place: Place, random: np.random.Generator) -> NDArray[np.object_]:
    wide, high = place.wide, place.high
    nodes = np.stack(np.meshgrid(np.arange(wide + 1.0), np.arange(high + 1.0)), axis=-1)
    nodes[1:-1, 1:-1] += random.uniform(-MOVED, MOVED, (high - 1, wide - 1, 2))
    nodes = place.corner + nodes * CELL
    along, along_start = _borders(nodes[:, :-1], nodes[:, 1:], random, fixed=(0, high))
    up, up_start = _borders(
        nodes[:-1].transpose(1, 0, 2), nodes[1:].transpose(1, 0, 2), random, fixed=(0, wide)
    )
    xy = np.concatenate([along, up])
    up_start = up_start + len(along)
    row, column = np.divmod(np.arange(wide * high), wide)
    below, left = row * wide + column, column * high + row
    sides = [
        _steps(along_start, below, forward=True),
        _steps(up_start, left + high, forward=True),
        _steps(along_start, below + wide, forward=False),
        _steps(up_start, left, forward=False),
    ]
    count = np.stack([n for _, n in sides], axis=1)
    owner = np.concatenate(
        [np.repeat(np.arange(wide * high) * 4 + k, n) for k, (_, n) in enumerate(sides)]
    )
    order = np.argsort(owner, kind="stable")
    index = np.concatenate([i for i, _ in sides])[order]
    ring = np.repeat(np.arange(wide * high), count.sum(axis=1))
    return np.asarray(shapely.polygons(shapely.linearrings(xy[index], indices=ring)))


def _borders(
    start: Floats, end: Floats, random: np.random.Generator, *, fixed: tuple[int, int]
) -> tuple[Floats, Ints]:
    """Points of borders between nodes, both ends with them, and where each begins.

    `start` and `end` have the shape (lines, borders, 2); lines in `fixed` stay straight.
    """
    lines, borders = start.shape[:2]
    count = random.integers(FEWEST, MOST + 1, lines * borders) + 2
    begins = np.concatenate([[0], np.cumsum(count)])
    owner = np.repeat(np.arange(lines * borders), count)
    share = (np.arange(len(owner)) - begins[owner]) / (count[owner] - 1)
    one, other = start.reshape(-1, 2)[owner], end.reshape(-1, 2)[owner]
    aside = random.uniform(-WRIGGLE, WRIGGLE, len(owner)) * 4 * share * (1 - share)
    aside[np.isin(owner // borders, fixed)] = 0.0
    along = other - one
    points = (
        one + along * share[:, None] + np.stack([-along[:, 1], along[:, 0]], 1) * aside[:, None]
    )
    points[begins[1:] - 1] = end.reshape(-1, 2)
    return points, begins


def _steps(begins: Ints, border: Ints, *, forward: bool) -> tuple[Ints, Ints]:
    """Rows of the points of borders, in either direction but for the last, and how many each."""
    count = begins[border + 1] - begins[border] - 1
    nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    first = begins[border] if forward else begins[border + 1] - 1
    return np.repeat(first, count) + (nth if forward else -nth), count
