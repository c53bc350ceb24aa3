"""Coordinate systems as GML names them, and which axis comes first in each form of the name.

`urn:` and `http://www.opengis.net/def/crs` mean the axes as EPSG has them: latitude first for
degrees, east first for UTM. The older short forms (`EPSG:4258`, `.../gml/srs/epsg.xml#4258`) are
read with east first, as their writers meant them. Nothing is turned by the look of the numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from ikap.sources.crs import flat_crs
from ikap.sources.wkb import sagitta_in

__all__ = ["Reference", "reference"]

AS_EPSG = (
    re.compile(r"urn:(?:x-)?ogc:def:crs:epsg:[^:]*:(\d+)"),
    re.compile(r"urn:(?:x-)?ogc:def:crs,crs:epsg:[^:]*:(\d+),(?:crs|vert):epsg:[^:]*:(\d+)"),
    re.compile(r"https?://www\.opengis\.net/def/crs/epsg/[^/]*/(\d+)"),
    re.compile(
        r"https?://www\.opengis\.net/def/crs-compound\?1=https?://www\.opengis\.net/def/crs/epsg/"
        r"[^/]*/(\d+)&2=https?://www\.opengis\.net/def/crs/epsg/[^/]*/(\d+)"
    ),
)
EAST_FIRST = (
    re.compile(r"epsg:+(\d+)"),
    re.compile(r"https?://www\.opengis\.net/gml/srs/epsg\.xml#(\d+)"),
)
CRS84 = re.compile(
    r"(urn:(?:x-)?ogc:def:crs:ogc:[^:]*:crs84|https?://www\.opengis\.net/def/crs/ogc/[^/]*/crs84"
    r"|ogc:crs84)"
)


@dataclass(frozen=True)
class Reference:
    """A coordinate system as one `srsName` means it."""

    name: str
    crs: CRS
    north_first: bool
    dimension: int
    sagitta: float  # largest distance between an arc and its line, in the unit of the axes
    short: bool  # degrees in a form of the name that leaves the order of axes to custom


@lru_cache(maxsize=256)
def reference(name: str) -> Reference | None:
    """What an `srsName` means.

    Parameters
    ----------
    name : str
        As in the file.

    Returns
    -------
    Reference or None
        None if the form or the code is not known; it is never guessed.

    Examples
    --------
    >>> reference("urn:ogc:def:crs:EPSG::4258").north_first, reference("EPSG:4258").north_first
    (True, False)
    >>> reference("http://www.opengis.net/def/crs/EPSG/0/5972").dimension
    3
    """
    text = re.sub(r"\s+", "", name).lower()
    if CRS84.fullmatch(text):
        crs84 = CRS("OGC:CRS84")
        return Reference(
            name, crs84, north_first=False, dimension=2, sagitta=sagitta_in(crs84), short=False
        )
    for patterns, by_epsg in ((AS_EPSG, True), (EAST_FIRST, False)):
        for pattern in patterns:
            if match := pattern.fullmatch(text):
                return _of_codes(name, match.groups(), by_epsg=by_epsg)
    return None


def _of_codes(name: str, codes: tuple[str, ...], *, by_epsg: bool) -> Reference | None:
    try:
        crs = CRS.from_user_input("EPSG:" + "+".join(codes))
    except CRSError:
        return None
    if not crs.axis_info:
        return None
    north_first = by_epsg and crs.axis_info[0].direction.lower() == "north"
    flat = flat_crs(crs)
    return Reference(
        name=name,
        crs=crs,
        north_first=north_first,
        dimension=len(crs.axis_info),
        sagitta=sagitta_in(flat),
        short=bool(flat.is_geographic and not by_epsg),
    )
