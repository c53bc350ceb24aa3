"""Geometry from WKB as files have it: arcs as lines, open rings closed, the unreadable told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ikap.sources.arcs import SAGITTA_M
from ikap.sources.curves import has_curves, straight
from ikap.sources.ledger import Ledger

__all__ = ["from_wkb", "sagitta_in"]

METRES_PER_DEGREE = 111_320.0
TOLERANCE_CM = round(100 * SAGITTA_M)


def sagitta_in(crs: CRS | str | None) -> float:
    """Tolerance of arcs in the unit of a CRS: 0.01 m, or as many degrees.

    Parameters
    ----------
    crs : CRS, str or None
        None counts as metres.

    Returns
    -------
    float
        Largest distance between an arc and its line.
    """
    if crs is None or not CRS.from_user_input(crs).is_geographic:
        return SAGITTA_M
    return SAGITTA_M / METRES_PER_DEGREE


def from_wkb(
    wkb: NDArray[np.object_], ids: Sequence[object], sagitta: float, ledger: Ledger
) -> NDArray[np.object_]:
    """Geometries of a column of WKB.

    Parameters
    ----------
    wkb : array of bytes or None
        As GDAL hands it on.
    ids : sequence
        Number of each feature in the file, for the record.
    sagitta : float
        Largest distance between an arc and its line, in the unit of the coordinates.
    ledger : Ledger
        Is told `curves.straightened` (arcs), `ring.closed` and `geometry.unreadable` (by feature).

    Returns
    -------
    array of Geometry or None
        Missing where there is none, or where it could not be read.
    """
    curved = np.flatnonzero(has_curves(wkb))
    plain = wkb.copy()
    plain[curved] = None
    found = np.array(shapely.from_wkb(plain, on_invalid="ignore"), dtype=object)
    arcs = 0
    for i in curved:
        found[i], count = _straight(wkb[i], sagitta)
        arcs += count
    if arcs:
        ledger.told("curves.straightened", arcs, tolerance_cm=TOLERANCE_CM, objects=len(curved))
    given = np.array([b is not None for b in wkb], dtype=bool)
    for i in np.flatnonzero(given & shapely.is_missing(found)):
        found[i] = shapely.from_wkb(wkb[i], on_invalid="fix" if i not in curved else "ignore")
        what = "geometry.unreadable" if found[i] is None else "ring.closed"
        ledger.told(what, 1, source_id=f"fid:{ids[int(i)]}")
    return found


def _straight(wkb: bytes, sagitta: float) -> tuple[shapely.Geometry | None, int]:
    try:
        return straight(wkb, sagitta)
    except (ValueError, IndexError, shapely.errors.ShapelyError):
        return None, 0
