"""A close drawing of one planned area as SVG paths: the area, what it takes, and what is round it.

In: a `Plan` and an area's key. Out: `Sketch`. Only layers that may be passed on are drawn; figures
never come from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ikap.pages.plan import Plan
from ikap.pages.words import Words

__all__ = ["Sketch", "pins", "sketch"]

WIDTH, HEIGHT = 640, 420
ROOM = 0.45
"""Share of the area's size that is drawn on each side of it."""
MIN_HALF_M = 150.0
SCALES_M = (1000, 500, 200, 100, 50)
AREAS = ("sea", "lake", "urban", "forest", "bog", "open", "mountain")
LINES = ("river", "road", "railway")
MIN_POINTS = 3


@dataclass(frozen=True)
class Sketch:
    """Paths in a frame of `WIDTH` by `HEIGHT`, back to front."""

    ground: tuple[tuple[str, str], ...]  # theme, path
    farmland: tuple[tuple[str, str], ...]  # class, path
    lines: tuple[tuple[str, str], ...]  # theme, path
    others: tuple[str, ...]
    pieces: tuple[tuple[str, str], ...]  # class, path
    zone: str
    scale: tuple[int, str]  # length in the frame, words
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class _Frame:
    west: float
    north: float
    scale: float  # units per metre
    box: tuple[float, float, float, float]

    def path(self, shape: BaseGeometry) -> str:
        """Path of a polygon's rings or of a line, cut to the frame."""
        cut = shapely.clip_by_rect(shape, *self.box)
        text = []
        for part in shapely.get_parts(cut):
            closed = isinstance(part, shapely.Polygon)
            rings = [part.exterior, *part.interiors] if closed else [part]
            for ring in rings:
                if not isinstance(ring, shapely.LineString):
                    continue
                metres = shapely.get_coordinates(ring) - (self.west, self.north)
                xy = np.rint(metres * (self.scale, -self.scale)).astype(int)
                keep = np.r_[True, np.diff(xy, axis=0).any(axis=1)]
                points = [f"{x} {y}" for x, y in xy[keep]]
                if len(points) >= (MIN_POINTS if closed else 2):
                    text.append("M" + "L".join(points) + ("Z" if closed else ""))
        return "".join(text)

    def near(self, frame: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
        """Rows that reach into the frame."""
        if frame is None:
            return None
        return frame.iloc[np.sort(frame.sindex.query(shapely.box(*self.box)))]


def sketch(plan: Plan, key: str, words: Words) -> Sketch | None:
    """Drawing of one planned area; None if the plan's shapes may not be passed on.

    Parameters
    ----------
    plan : Plan
        Layers in the region's projected CRS, metres.
    key : str
        Key of the planned area.
    words : Words
        Words of one language, for the scale bar.

    Returns
    -------
    Sketch or None
        Paths in the drawing's own units; no figure is read from them.
    """
    zones = plan.layer("zones")
    if zones is None or key not in set(zones["zone_key"]):
        return None
    shape = zones.geometry[zones["zone_key"] == key].iloc[0]
    if shape is None or shape.is_empty:
        return None
    frame = _frame(shape)
    others = frame.near(zones[(zones["zone_key"] != key) & (zones["development"] != "none")])
    context = frame.near(plan.layer("context"))
    pieces = plan.layer("pieces")
    own = None if pieces is None else pieces[pieces["zone_key"] == key]
    length = next((s for s in SCALES_M if s * frame.scale <= WIDTH / 4), SCALES_M[-1])
    return Sketch(
        ground=_rows(frame, context, "theme", AREAS),
        farmland=_rows(frame, frame.near(plan.layer("farmland")), "class"),
        lines=_rows(frame, context, "theme", LINES),
        others=tuple(p for g in _shapes(others) if (p := frame.path(g))),
        pieces=_rows(frame, own, "class"),
        zone=frame.path(shape),
        scale=(round(length * frame.scale), words.amount(length, "m")),
    )


def _frame(shape: BaseGeometry) -> _Frame:
    west, south, east, north = shape.bounds
    half = max((east - west) * (0.5 + ROOM), (north - south) * (0.5 + ROOM) * WIDTH / HEIGHT)
    half = max(half, MIN_HALF_M)
    x, y = (west + east) / 2, (south + north) / 2
    tall = half * HEIGHT / WIDTH
    return _Frame(x - half, y + tall, WIDTH / (2 * half), (x - half, y - tall, x + half, y + tall))


def _shapes(frame: gpd.GeoDataFrame | None) -> Iterable[BaseGeometry]:
    return () if frame is None else list(frame.geometry)


def _rows(
    frame: _Frame, rows: gpd.GeoDataFrame | None, column: str, order: tuple[str, ...] = ()
) -> tuple[tuple[str, str], ...]:
    """Value of a column and path of each row, in the given order of values."""
    if rows is None or rows.empty:
        return ()
    found = [
        (str(value), frame.path(shape))
        for value, shape in zip(rows[column], rows.geometry, strict=True)
        if not order or value in order
    ]
    found = [row for row in found if row[1]]
    return tuple(sorted(found, key=lambda row: order.index(row[0])) if order else found)


def pins(plan: Plan, keys: Iterable[str]) -> dict[str, tuple[float, float]]:
    """A point inside each planned area that may be drawn, in the region's CRS (m)."""
    zones = plan.layer("zones")
    if zones is None:
        return {}
    wanted = zones[zones["zone_key"].isin(list(keys))]
    points = shapely.get_coordinates(wanted.representative_point())
    return {
        str(key): (float(x), float(y))
        for key, (x, y) in zip(wanted["zone_key"], points, strict=True)
    }
