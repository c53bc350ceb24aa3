"""Sums and comparisons of areas are for areas that were measured in one and the same CRS."""

from __future__ import annotations

from collections.abc import Mapping

from pyproj import CRS

from ikap.errors import InputError
from ikap.sources.crs import crs_name, same_crs

__all__ = ["refuse_mixed_crs"]


def refuse_mixed_crs(measured_in: Mapping[str, str]) -> None:
    """Refuse to put together areas that were measured in different CRS.

    Parameters
    ----------
    measured_in : mapping
        CRS (`EPSG:25832`, WKT) by the name of what was measured: a plan, a result folder.

    Raises
    ------
    InputError
        `crs.mixed`, with the first name and the first one that differs from it.

    Notes
    -----
    At Trondheim the same ground is 0.12 % larger in EPSG:25833 than in EPSG:25832: 1.2 daa in
    1 000.

    Examples
    --------
    >>> refuse_mixed_crs({"gjeldende": "EPSG:25832", "forslag": "EPSG:25832"})
    """
    found = [(name, CRS.from_user_input(crs)) for name, crs in measured_in.items()]
    for name, crs in found[1:]:
        first, own = found[0]
        if not same_crs(own, crs):
            told = {"one": first, "one_crs": crs_name(own), "other_crs": crs_name(crs)}
            raise InputError("crs.mixed", **told, other=name)
