"""Which coordinate system a file is in, and whether it can be true."""

from __future__ import annotations

import numpy as np
from geopandas import GeoDataFrame
from pyproj import CRS

from ikap.sources.ledger import Ledger

__all__ = [
    "check_crs",
    "crs_name",
    "flat_crs",
    "is_web_mercator",
    "likely_crs",
    "same_crs",
]

DEGREES_NORWAY = (-5.0, 50.0, 45.0, 85.0)
"""Where Norwegian data in degrees lie: longitude, latitude, west to north-east (EPSG:4258)."""

LIKELY = {
    "EPSG:25832": (-100_000, 6_400_000, 1_350_000, 8_000_000),
    "EPSG:25833": (-100_000, 6_400_000, 1_150_000, 8_000_000),
}


def flat_crs(crs: CRS) -> CRS:
    """The horizontal part of a CRS: without ellipsoidal or vertical heights.

    Parameters
    ----------
    crs : CRS
        Any CRS, compound or 3D too (EPSG:5972, EPSG:4979).

    Returns
    -------
    CRS
        2D CRS.

    Examples
    --------
    >>> flat_crs(CRS("EPSG:5972")).to_epsg()
    25832
    """
    if crs.is_compound:
        return flat_crs(crs.sub_crs_list[0])
    return crs.to_2d() if len(crs.axis_info) > 2 else crs  # noqa: PLR2004 (axes)


def same_crs(one: CRS, other: CRS) -> bool:
    """Whether coordinates mean the same in both, whatever the names of the datum.

    Parameters
    ----------
    one, other : CRS
        Any CRS; the order of the axes does not matter, files have x first.

    Returns
    -------
    bool
        True also for the forms that other programs write, such as `ETRS_1989_UTM_Zone_32N`.
    """
    if one == other or one.equals(other, ignore_axis_order=True):
        return True
    code = one.to_epsg()
    return code is not None and code == other.to_epsg()


def is_web_mercator(crs: CRS) -> bool:
    """Whether the CRS is the web maps' own, where areas in Norway come out five times too large.

    Parameters
    ----------
    crs : CRS
        Any CRS.

    Returns
    -------
    bool
        True for EPSG:3857 and its twins.
    """
    operation = crs.coordinate_operation
    return operation is not None and "Pseudo Mercator" in operation.method_name


def check_crs(frame: GeoDataFrame, ledger: Ledger, *, measured: bool = False) -> None:
    """Tell what is wrong with the CRS of a file that was read.

    Parameters
    ----------
    frame : GeoDataFrame
        As read.
    ledger : Ledger
        Gets the faults `crs.missing`, `crs.impossible`, `crs.geographic`, `crs.web_mercator`.
    measured : bool
        Whether areas are to be measured as the file draws them: then degrees and Web Mercator
        are refused.
    """
    bounds = tuple(float(b) for b in frame.total_bounds)
    box = ", ".join(f"{b:.6g}" if abs(b) < 1000 else f"{b:.0f}" for b in bounds)  # noqa: PLR2004
    crs = frame.crs
    if crs is None or not (crs.is_geographic or crs.is_projected):
        ledger.fault("crs.missing", bounds=box, likely=likely_crs(bounds))
    elif _impossible(crs, bounds):
        ledger.fault("crs.impossible", crs=crs_name(crs), bounds=box, likely=likely_crs(bounds))
    elif measured and crs.is_geographic:
        ledger.fault("crs.geographic", crs=crs_name(crs))
    elif measured and is_web_mercator(crs):
        ledger.fault("crs.web_mercator", crs=crs_name(crs))


def crs_name(crs: CRS) -> str:
    """Short name of a CRS: `EPSG:25832` where it has a code, else its own name.

    Parameters
    ----------
    crs : CRS
        Any CRS.

    Returns
    -------
    str
        Name for messages.
    """
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


def likely_crs(bounds: tuple[float, ...]) -> str:
    """CRS that coordinates in Norway look like, for a hint; never used by itself.

    Parameters
    ----------
    bounds : tuple of float
        Smallest x and y, largest x and y, as in the file.

    Returns
    -------
    str
        One or two names, or empty.
    """
    if not np.isfinite(bounds).all():
        return ""
    if _inside(bounds, DEGREES_NORWAY):
        return "EPSG:4258"
    return ", ".join(code for code, box in LIKELY.items() if _inside(bounds, box))


def _impossible(crs: CRS, bounds: tuple[float, ...]) -> bool:
    if not np.isfinite(bounds).all():
        return False
    if crs.is_geographic:
        return max(abs(bounds[0]), abs(bounds[2])) > 400 or max(map(abs, bounds)) > 1000  # noqa: PLR2004
    swapped = (bounds[1], bounds[0], bounds[3], bounds[2])
    return _inside(bounds, DEGREES_NORWAY) or _inside(swapped, DEGREES_NORWAY)


def _inside(bounds: tuple[float, ...], box: tuple[float, ...]) -> bool:
    west, south, east, north = bounds
    return west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3]
