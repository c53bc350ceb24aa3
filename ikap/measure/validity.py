"""Validity of many geometries at once, by all processors."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ikap.measure.threads import in_threads

__all__ = ["are_valid"]


def are_valid(
    geometries: NDArray[np.object_], *, sure: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Tell which geometries are valid.

    Parameters
    ----------
    geometries : array of geometry, shape (n,)
        Each is looked at by one thread alone.
    sure : array of bool, optional
        Those that are known to be valid (`simple_rings.surely_valid`), and need not be looked at.

    Returns
    -------
    array of bool, shape (n,)
        False where there is none.

    Examples
    --------
    >>> are_valid(np.array([shapely.box(0, 0, 1, 1), None]))
    array([ True, False])
    """
    if sure is not None:
        valid = sure.copy()
        valid[~sure] = are_valid(geometries[~sure])
        return valid
    found = in_threads(lambda a, b: shapely.is_valid(geometries[a:b]), len(geometries))
    return np.asarray(np.concatenate(found), dtype=bool)
