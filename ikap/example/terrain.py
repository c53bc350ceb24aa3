"""The ground: water, valley floors, heights and municipalities on a coarse grid.

In: the drawn plan and a size. Out: `Terrain`, with fields in metres that everything else is
drawn from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from ikap.example.curves import (
    Curve,
    axis_curve,
    measured,
    road_curve,
    sheet_to_metres,
    smoothed,
)
from ikap.example.geography import AXES, CENTRE, MUNICIPALITIES, RAILWAY, ROADS, SHEET, Axis
from ikap.example.grid import Grid
from ikap.example.noise import noise_on
from ikap.example.size import Size

__all__ = ["Terrain", "make_terrain"]

Field = NDArray[np.float32]
REACH = 4300.0  # how far a municipality goes from its valleys and fjord arms, metres at scale 1


@dataclass(frozen=True)
class Terrain:
    """Fields over a coarse grid, and the curves they were made from."""

    size: Size
    grid: Grid
    sea: Field  # metres from the shoreline, negative in the sea
    floor: Field  # metres from the edge of the farmed valley floor, negative on it
    height: Field  # metres above the sea
    municipality: NDArray[np.int32]  # 9901..9904, 0 outside the region
    axis: NDArray[np.int32]  # number of the nearest axis
    curves: dict[str, Curve]
    roads: dict[str, Curve]
    railway: Curve


def make_terrain(size: Size) -> Terrain:
    """Ground of the region at the given size; lengths in metres, EPSG:25832."""
    corners = sheet_to_metres(np.array([[-1.5, -3], [SHEET[0] + 2, SHEET[1] + 3.5]]), size.scale)
    grid = Grid.over(tuple(corners.ravel()), size.coarse)  # type: ignore[arg-type]
    curves = {axis.key: axis_curve(axis, size) for axis in AXES}
    distances, owners = _distances(grid, curves, size.scale**0.5)
    sea, floor, nearest = _water_and_floor(grid, distances, size)
    return Terrain(
        size,
        grid,
        sea,
        floor,
        _height(grid, sea, floor, distances, size),
        _municipalities(grid, distances, owners, size),
        nearest,
        curves,
        _met({road.name: road_curve(road, curves, size) for road in ROADS}, 1300 * size.scale),
        road_curve(RAILWAY, curves, size),
    )


def _met(roads: dict[str, Curve], reach: float) -> dict[str, Curve]:
    """Roads whose ends meet the nearest other road, where there is one within `reach` metres."""
    met = {}
    for name, road in roads.items():
        others = np.vstack([other.xy for key, other in roads.items() if key != name])
        away, index = cKDTree(others).query(road.xy[[0, -1]])
        xy = road.xy
        if name[0] != "E" and away[0] < reach:
            xy = np.vstack([np.linspace(others[index[0]], xy[0], 30)[:-1], xy])
        if name[0] != "E" and away[1] < reach:
            xy = np.vstack([xy, np.linspace(xy[-1], others[index[1]], 30)[1:]])
        smooth = smoothed(xy, 25.0, 75.0)
        smooth[[0, -1]] = xy[[0, -1]]
        met[name] = measured(smooth, np.zeros(len(smooth)))
    return met


def _distances(
    grid: Grid, curves: dict[str, Curve], wide: float
) -> tuple[list[Field], list[NDArray[np.int32]]]:
    """Distance to the edge of each axis (less its half-width), and who owns the nearest point."""
    x, y = np.meshgrid(grid.xs, grid.ys)
    sway = 190 * wide
    x = x + sway * noise_on(grid, 2300 * wide, 14, 5)
    y = y + sway * noise_on(grid, 2300 * wide, 15, 5)
    cells = np.column_stack([x.ravel(), y.ravel()])
    distances, owners = [], []
    for axis in AXES:
        curve = curves[axis.key]
        away, index = cKDTree(curve.xy).query(cells)
        distances.append((away - curve.width[index]).reshape(x.shape).astype(np.float32))
        owners.append(_owner(axis, curve, index).reshape(x.shape))
    return distances, owners


def _owner(axis: Axis, curve: Curve, index: NDArray[np.int64]) -> NDArray[np.int32]:
    points = np.array(axis.points)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points[:, :2], axis=0).T))])
    share = along[min(axis.split, len(points) - 1)] / along[-1]
    first = curve.s[index] <= share * curve.s[-1]
    beyond = int(axis.beyond or axis.municipality)
    return np.where(first, int(axis.municipality), beyond).astype(np.int32)


def _water_and_floor(
    grid: Grid, distances: list[Field], size: Size
) -> tuple[Field, Field, NDArray[np.int32]]:
    wide = size.scale**0.5
    west = np.clip((-9_000 * size.scale - (grid.xs - CENTRE[0])) / (8_000 * size.scale), 0, 1)
    ragged = (160 + 420 * west[None, :]) * wide  # the open coast is more broken than the fjord
    shore = noise_on(grid, 2600 * wide, 11, 6, 0.58) * ragged
    water = np.stack([d for d, axis in zip(distances, AXES, strict=True) if axis.water])
    sea = water.min(axis=0) + shore
    mouth = noise_on(grid, 2100 * wide, 12, 5, 0.55) - 1.05  # skerries, where this is above 0
    sea = np.where(sea < -200 * wide, np.maximum(sea, mouth * 300), sea)
    land = np.stack([np.where(axis.water, 9e5, d) for d, axis in zip(distances, AXES, strict=True)])
    edge = noise_on(grid, 1700 * wide, 13, 4) * np.float32(110 * wide)
    every = np.stack(distances)
    return (
        sea.astype(np.float32),
        (land.min(axis=0) + edge).astype(np.float32),
        every.argmin(axis=0).astype(np.int32),
    )


def _height(grid: Grid, sea: Field, floor: Field, distances: list[Field], size: Size) -> Field:
    """Hills rise from shore and valley floor; how high is blended between the axes."""
    near = np.stack([1.0 / (np.maximum(d, 0) + 900 * size.scale) ** 2 for d in distances])
    relief = sum(n * axis.relief for n, axis in zip(near, AXES, strict=True)) / near.sum(axis=0)
    away = np.maximum(np.minimum(sea, floor), 0) / (1900 * size.scale**0.8)
    slope = 1 - np.exp(-(away**1.35))
    hills = noise_on(grid, 3300 * size.scale**0.7, 21, 6, 0.55)
    ridges = 1 - np.abs(noise_on(grid, 5200 * size.scale**0.7, 23, 5, 0.5))
    height = relief * slope * (0.72 + 0.22 * hills + 0.34 * ridges)
    height += 7 * (1 + noise_on(grid, 900, 22, 3))
    reach = 34_000 * size.scale  # the valley floors rise to the south-east
    east, south = grid.xs[None, :] - grid.xs[-1], grid.ys[:, None] - grid.ys[0]
    height += 230 * np.clip(1 - np.hypot(east, south) / reach, 0, 1)
    return np.asarray(np.maximum(height, 1), dtype=np.float32)


def _municipalities(
    grid: Grid, distances: list[Field], owners: list[NDArray[np.int32]], size: Size
) -> NDArray[np.int32]:
    """Nearest axis decides, so that borders follow ridges and cross fjords at right angles."""
    stacked = np.stack(distances)
    stacked = np.where(stacked < 0, stacked * 0.5, stacked)
    for number in range(len(stacked)):
        stacked[number] += noise_on(grid, 2600 * size.scale, 41 + number, 5) * 260 * size.scale
    best = stacked.argmin(axis=0)
    owner = np.take_along_axis(np.stack(owners), best[None], axis=0)[0]
    ragged = noise_on(grid, 4200 * size.scale, 31, 5, 0.5) * np.float32(520 * size.scale)
    inside = stacked.min(axis=0) + ragged < REACH * size.scale
    inside[:3], inside[-3:], inside[:, :3], inside[:, -3:] = False, False, False, False
    inside = ndimage.binary_closing(np.pad(inside, 30), iterations=8)[30:-30, 30:-30]
    inside = ndimage.binary_opening(ndimage.binary_fill_holes(inside), iterations=4)
    inside &= (grid.xs[None, :] - CENTRE[0]) > (-17_400 + 0.06 * (grid.ys[:, None] - CENTRE[1])) * (
        size.scale
    )
    owner = np.where(_largest(inside), owner, 0)
    whole = np.zeros_like(owner)
    for municipality in map(int, MUNICIPALITIES):
        whole[_largest(owner == municipality)] = municipality
    lost = (owner > 0) & (whole == 0)
    place = ndimage.distance_transform_edt(whole == 0, return_distances=False, return_indices=True)
    return np.where(lost, whole[tuple(place)], whole).astype(np.int32)


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    return np.asarray(labels == 1 + np.bincount(labels.ravel())[1:].argmax())
