"""Charts as numbers for inline SVG: plain bars with a figure each, always beside a table.

In: an `IndicatorTable`. Out: `Bars`, lengths in per mille of the longest bar.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ikap.pages.numbers import IndicatorTable
from ikap.pages.plan import Plan
from ikap.pages.shapes import simplified
from ikap.pages.words import Words
from ikap.results import records

__all__ = ["Bars", "Outline", "Overview", "bars", "overview"]

SHOWN = ("farmland_planned_conversion", "farmland_adopted_unbuilt")
LONGEST = 500
WIDTH = 640
MIN_POINTS = 4  # a triangle, closed


@dataclass(frozen=True)
class Bars:
    """One group of bars per municipality, in number order."""

    title: str
    series: tuple[tuple[str, str], ...]  # indicator, label
    groups: tuple[tuple[str, tuple[tuple[str, int, str], ...]], ...]  # name, (indicator, x, text)


@dataclass(frozen=True)
class Outline:
    """One municipality in the front page's small map."""

    number: str
    name: str
    member: bool
    path: str
    x: int
    y: int


def bars(table: IndicatorTable, words: Words) -> Bars | None:
    """Bars of the municipalities' main figures; None when no figure is known."""
    wanted = [n for n in SHOWN if n in table.names]
    columns = [table.names.index(n) for n in wanted]
    rows = [row for row in table.rows if row[0] != "region"]
    longest = max(
        (row[2][c][0] for row in rows for c in columns if not math.isnan(row[2][c][0])), default=0.0
    )
    if longest <= 0:
        return None
    groups = tuple(
        (name, tuple((table.names[c], _length(cells[c][0], longest), cells[c][1]) for c in columns))
        for _, name, cells in rows
    )
    series = tuple((n, words.indicator(n)) for n in wanted)
    return Bars(words("numbers.chart"), series, groups)


def _length(value: float, longest: float) -> int:
    return 0 if math.isnan(value) else round(LONGEST * value / longest)


@dataclass(frozen=True)
class Overview:
    """Small map of a region in a frame `WIDTH` wide."""

    shapes: tuple[Outline, ...] = ()
    water: tuple[str, ...] = ()
    height: int = 0
    frame: tuple[float, float, float] = (0.0, 0.0, 1.0)  # west, north in m; units per metre

    def at(self, east: float, north: float) -> tuple[int, int]:
        """Place in the frame of a point in the region's CRS (m)."""
        west, top, scale = self.frame
        return round((east - west) * scale), round((top - north) * scale)


def overview(plan: Plan) -> Overview:
    """Municipalities and water as SVG paths; empty if their borders may not be passed on."""
    return plan.once("overview", lambda: _overview(plan))


def _overview(plan: Plan) -> Overview:
    frame = plan.layer("municipalities")
    if frame is None:
        return Overview()
    members = frame[frame["role"] == "member"]
    west, south, east, north = members.total_bounds
    scale = WIDTH / (east - west)
    height = round((north - south) * scale)
    drawn = frame.set_geometry(
        simplified(np.asarray(frame.geometry.array, dtype=object), 1.5 / scale)
    )
    out = []
    drawn = drawn.sort_values("kommunenummer")
    points = shapely.get_coordinates(drawn.representative_point())
    for row, shape, (east_m, north_m) in zip(records(drawn), drawn.geometry, points, strict=True):
        x, y = round((east_m - west) * scale), round((north - north_m) * scale)
        member = row["role"] == "member"
        path = _path(shape, west, north, scale)
        out.append(Outline(str(row["kommunenummer"]), str(row["navn"]), member, path, x, y))
    water = tuple(_water(plan, west, north, scale))
    return Overview(tuple(out), water, height, (float(west), float(north), float(scale)))


def _water(plan: Plan, west: float, north: float, scale: float) -> list[str]:
    frame = plan.layer("context")
    if frame is None:
        return []
    sea: gpd.GeoDataFrame = frame[frame["theme"].isin(("sea", "lake"))]
    big = sea[sea.area > (6 / scale) ** 2]
    shapes = [g.simplify(1.5 / scale) for g in big.geometry]
    return [path for shape in shapes if (path := _path(shape, west, north, scale))]


def _path(shape: BaseGeometry, west: float, north: float, scale: float) -> str:
    text = []
    for part in shapely.get_parts(shape):
        if not isinstance(part, shapely.Polygon):
            continue
        for ring in (part.exterior, *part.interiors):
            xy = np.rint((shapely.get_coordinates(ring) - (west, north)) * (scale, -scale))
            keep = np.r_[True, np.diff(xy, axis=0).any(axis=1)]
            points = [f"{int(x)} {int(y)}" for x, y in xy[keep]]
            if len(points) >= MIN_POINTS:
                text.append("M" + "L".join(points) + "Z")
    return "".join(text)
