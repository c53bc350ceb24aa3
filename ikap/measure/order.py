# ruff: noqa: PLR0917 (compiled functions take their arguments by position)
"""Stable sorting for compiled loops: small, and quickly compiled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ikap.measure.compiled import compiled

__all__ = ["first_from", "stable_order"]

INSERTION = 8


@compiled
def stable_order(key: NDArray[np.float64]) -> NDArray[np.int64]:
    """Positions of the keys from lowest to highest; equal keys stay in order.

    Short stretches are sorted by insertion and merged two by two.
    """
    count = len(key)
    order = np.arange(count)
    for begin in range(0, count, INSERTION):
        for k in range(begin + 1, min(begin + INSERTION, count)):
            at, item = k, order[k]
            while at > begin and key[order[at - 1]] > key[item]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = item
    other, width = np.empty_like(order), INSERTION
    while width < count:
        for begin in range(0, count, 2 * width):
            _merge(
                key, order, other, begin, min(begin + width, count), min(begin + 2 * width, count)
            )
        order, other = other, order
        width *= 2
    return order


@compiled
def _merge(
    key: NDArray[np.float64],
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    begin: int,
    middle: int,
    end: int,
) -> None:
    i, j = begin, middle
    for k in range(begin, end):
        if i < middle and (j >= end or key[source[i]] <= key[source[j]]):
            target[k] = source[i]
            i += 1
        else:
            target[k] = source[j]
            j += 1


@compiled
def first_from(values: NDArray[np.int64], begin: int, end: int, low: int) -> int:
    """First position between begin and end with a value of at least `low`; end if none has."""
    while begin < end:
        middle = (begin + end) // 2
        if values[middle] < low:
            begin = middle + 1
        else:
            end = middle
    return begin
