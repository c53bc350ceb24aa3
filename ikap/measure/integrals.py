# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Integrals under directed edges: the terms of the edge sum.

A polygon is the signed sum of the regions under its edges when its rings run with the interior to
the right: an edge that goes right counts +1, one that goes left -1. The area that two polygons
share is then the sum, over pairs of edges, of the signs' product times the integral of the lower
of the two edges over the x they share.
"""

from __future__ import annotations

from ikap.measure.compiled import compiled

__all__ = ["lower_of", "tail"]


@compiled
def lower_of(
    a0: float, a1: float, ya: float, ka: float, b0: float, b1: float, yb: float, kb: float
) -> float:
    """Integral of the lower of two edges over the x that both have.

    Parameters
    ----------
    a0, a1, b0, b1 : float
        Left and right end of each edge in x.
    ya, yb : float
        Height of each edge at its left end.
    ka, kb : float
        Slope of each edge.

    Returns
    -------
    float
        Integral, 0 where they share no x.
    """
    low, high = max(a0, b0), min(a1, b1)
    if low >= high:
        return 0.0
    width = high - low
    al, ah = ya + ka * (low - a0), ya + ka * (high - a0)
    bl, bh = yb + kb * (low - b0), yb + kb * (high - b0)
    left, right = al - bl, ah - bh
    if left >= 0.0 and right >= 0.0:
        return width * (bl + bh) * 0.5
    if left <= 0.0 and right <= 0.0:
        return width * (al + ah) * 0.5
    # the edges cross: what lies between them on the side where a is lower is a triangle
    deep = min(left, right)
    return width * ((bl + bh) * 0.5 - 0.5 * deep * deep / abs(right - left))


@compiled
def tail(a0: float, a1: float, ya: float, ka: float, x: float) -> float:
    """Integral under an edge from x, or from its left end, to its right end."""
    low = max(a0, x)
    if low >= a1:
        return 0.0
    return (a1 - low) * (ya + ka * ((low - a0) + (a1 - low) * 0.5))
