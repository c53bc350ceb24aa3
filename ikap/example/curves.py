"""Smooth curves through drawn points: valleys, fjord arms, roads, and lines beside them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from ikap.example.geography import CENTRE, SHEET, Axis, Road
from ikap.example.noise import noise_along
from ikap.example.size import Size

__all__ = ["Curve", "axis_curve", "measured", "road_curve", "sheet_to_metres", "smoothed"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Points along a curve (EPSG:25832, metres) with distance and half-width at each."""

    xy: Floats  # (n, 2)
    s: Floats  # (n,) metres from the first point
    width: Floats  # (n,) half-width in metres

    @cached_property
    def normal(self) -> Floats:
        """Unit vectors to the left of the curve, one a point."""
        along = np.gradient(self.xy, axis=0)
        along /= np.hypot(along[:, 0], along[:, 1])[:, None]
        return np.column_stack([-along[:, 1], along[:, 0]])

    def beside(self, t: Floats) -> Floats:
        """Points `t` metres to the left of each point of the curve."""
        return np.asarray(self.xy + self.normal * np.asarray(t)[:, None])

    def at(self, s: Floats) -> tuple[Floats, Floats]:
        """Points and left normals at distances `s` in metres."""
        xy = np.column_stack([np.interp(s, self.s, self.xy[:, k]) for k in (0, 1)])
        normal = np.column_stack([np.interp(s, self.s, self.normal[:, k]) for k in (0, 1)])
        return xy, normal / np.hypot(normal[:, 0], normal[:, 1])[:, None]


def sheet_to_metres(points: Floats, scale: float) -> Floats:
    """Coordinates in metres (EPSG:25832) of points in kilometres on the sheet."""
    middle = np.array(SHEET) / 2
    return np.asarray(np.array(CENTRE) + (np.asarray(points) - middle) * 1000.0 * scale)


def axis_curve(axis: Axis, size: Size, step: float = 40.0) -> Curve:
    """Curve of a fjord arm or valley, a point every `step` metres, gently winding."""
    points = np.array(axis.points)
    xy = sheet_to_metres(points[:, :2], size.scale)
    knots = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    count = max(int(knots[-1] / step), 8)
    at = np.linspace(0, knots[-1], count)
    smooth = np.column_stack([CubicSpline(knots, xy[:, k])(at) for k in (0, 1)])
    width = PchipInterpolator(knots, points[:, 2])(at) * 1000.0 * size.scale**0.5
    curve = measured(smooth, width)
    sway = 60.0 * noise_along(curve.s, 1400.0, _seed(axis.key)) * size.scale**0.5
    sway *= np.minimum(1, curve.s / 900)
    return measured(curve.beside(sway), width)


def road_curve(road: Road, curves: dict[str, Curve], size: Size, step: float = 25.0) -> Curve:
    """Curve of a road along its legs, corners between the legs rounded."""
    legs = [_leg(curves[key], start, end, side, key) for key, start, end, side in road.legs]
    rough = np.vstack(legs)
    line = smoothed(rough, step, 220.0 * size.scale**0.5)
    curve = measured(line, np.zeros(len(line)))
    sway = 14.0 * noise_along(curve.s, 500.0, _seed(road.name))
    return measured(curve.beside(sway), curve.width)


def smoothed(xy: Floats, step: float, reach: float) -> Floats:
    """Line with a point every `step` metres, smoothed over about `reach` metres."""
    s = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    keep = np.concatenate([[True], np.diff(s) > 0])
    at = np.linspace(0, s[-1], max(int(s[-1] / step), 4))
    even = np.column_stack([np.interp(at, s[keep], xy[keep, k]) for k in (0, 1)])
    return np.asarray(gaussian_filter1d(even, reach / step, axis=0, mode="nearest"))


def _leg(curve: Curve, start: float, end: float, side: float, key: str) -> Floats:
    if key.startswith("f"):
        t = np.sign(side) * (curve.width + abs(side) * 1000.0 * (curve.width.max() / 1500) ** 0.3)
    else:
        t = side * np.maximum(curve.width, 120.0)
    places = np.linspace(start, end, 60) * curve.s[-1]
    xy, normal = curve.at(places)
    return np.asarray(xy + normal * np.interp(places, curve.s, t)[:, None])


def measured(xy: Floats, width: Floats) -> Curve:
    """Curve of points with their half-widths, distances measured along it."""
    s = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    return Curve(xy, s, width)


def _seed(name: str) -> int:
    return sum((k + 1) * ord(letter) for k, letter in enumerate(name))
