"""Lines that people and rivers draw: fields, roads, railway, rivers, farmyards, copses.

Out: `Linework`, all lines that split the ground, and the areas that say what lies within.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.example.fields import field_edges
from ikap.example.geography import AXES
from ikap.example.ground import FARM, Ground
from ikap.example.noise import hash_unit, noise_along, noise_at
from ikap.example.terrain import Terrain

__all__ = ["Linework", "draw_lines"]

Lines = NDArray[np.object_]
Floats = NDArray[np.float64]
HALF_WIDTH = {"E": 8.0, "F": 5.0, "rail": 6.0}


@dataclass(frozen=True)
class Linework:
    """Lines and the areas they bound (EPSG:25832)."""

    fields: Lines  # edges of fields
    roads: Lines  # polygons of road and railway ground
    rivers: Lines  # polygons of running water
    yards: Lines  # polygons of farmyards
    copses: Lines  # polygons of trees and rock in the fields
    river_lines: Lines


def draw_lines(terrain: Terrain, ground: Ground) -> Linework:
    """All lines of one region, in metres (EPSG:25832)."""
    rivers, river_lines = _rivers(terrain)
    yards, copses = _blobs(terrain, ground)
    return Linework(field_edges(terrain), _roads(terrain), rivers, yards, copses, river_lines)


def _roads(terrain: Terrain) -> Lines:
    bands = []
    for name, curve in (*terrain.roads.items(), ("rail", terrain.railway)):
        half = HALF_WIDTH["rail" if name == "rail" else name[0]]
        line = shapely.simplify(shapely.LineString(curve.xy), 1.5)
        bands.append(shapely.buffer(line, half, cap_style="flat", quad_segs=2))
    return np.array(bands, dtype=object)


def _rivers(terrain: Terrain) -> tuple[Lines, Lines]:
    """Bands of water along the valleys, wider downstream, winding on the valley floor."""
    bands, lines = [], []
    wide = terrain.size.scale**0.5
    for number, axis in enumerate(AXES):
        if not axis.river[0]:
            continue
        curve = terrain.curves[axis.key]
        fine = np.linspace(0, curve.s[-1], int(curve.s[-1] / 18))
        xy, normal = curve.at(fine)
        swing = np.minimum(np.interp(fine, curve.s, curve.width) * 0.2, 130 * wide)
        xy = xy + normal * (swing * noise_along(fine, 620.0, 500 + number, 3))[:, None]
        half = np.interp(fine, [0, fine[-1]], axis.river) * (
            1 + 0.15 * noise_along(fine, 300, 540 + number)
        )
        half = np.maximum(half, 1.5)
        side = np.gradient(xy, axis=0)
        side = np.column_stack([-side[:, 1], side[:, 0]]) / np.hypot(*side.T)[:, None]
        ring = np.vstack([xy + side * half[:, None], (xy - side * half[:, None])[::-1]])
        bands.append(shapely.buffer(shapely.make_valid(shapely.Polygon(ring)), 0.3))
        lines.append(shapely.LineString(xy))
    return np.array(bands, dtype=object), np.array(lines, dtype=object)


def _blobs(terrain: Terrain, ground: Ground) -> tuple[Lines, Lines]:
    """Farmyards and copses on farmed ground: small rounded shapes on a jittered lattice."""
    step = terrain.size.strip * 1.75
    grid = ground.grid
    columns = np.arange(int(grid.x0 / step), int((grid.x0 + grid.nx * grid.cell) / step))
    rows = np.arange(int(grid.y0 / step), int((grid.y0 + grid.ny * grid.cell) / step))
    c, r = (a.ravel() for a in np.meshgrid(columns, rows))
    x = (c + hash_unit(c, r, seed=601)) * step
    y = (r + hash_unit(c, r, seed=602)) * step
    kept = np.ones(len(x), dtype=bool)
    for dx, dy in ((0, 0), (95, 0), (-95, 0), (0, 95), (0, -95)):
        kept &= grid.at(ground.code, x + dx, y + dy) == FARM
    x, y, kind = x[kept], y[kept], hash_unit(c[kept], r[kept], seed=603)
    width = 15 + 18 * hash_unit(c[kept], r[kept], seed=604)
    width = np.where(kind < 0.55, width, width * 1.25)
    angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    turn = 2 * np.pi * hash_unit(c[kept], r[kept], seed=605)
    px = x[:, None] + 400 * np.arange(len(x))[:, None]
    bulge = 1 + 0.2 * noise_at(
        px + 60 * np.cos(angle), y[:, None] + 60 * np.sin(angle), 60, 606, octaves=1
    )
    long, short = width[:, None] * bulge * 1.35, width[:, None] * bulge
    right, up = long * np.cos(angle), short * np.sin(angle)
    rings = np.stack(
        [
            x[:, None] + right * np.cos(turn)[:, None] - up * np.sin(turn)[:, None],
            y[:, None] + right * np.sin(turn)[:, None] + up * np.cos(turn)[:, None],
        ],
        axis=-1,
    )
    polygons = np.asarray(shapely.polygons(rings) if len(x) else [], dtype=object)
    return polygons[kind < 0.55], polygons[kind >= 0.55]
