"""GeoJSON, by GDAL: also bare geometry, one feature, and several collections in one file.

The old member `crs` is honoured wherever it stands, because Norwegian files still use it; without
one the coordinates are in degrees (EPSG:4326), as the standard says. GDAL reads only the member
of the collection, and takes degrees for granted where it cannot.
"""

from __future__ import annotations

import json
import re
from mmap import ACCESS_READ, mmap
from pathlib import Path

from geopandas import GeoDataFrame, GeoSeries
from pyproj import CRS
from pyproj.exceptions import CRSError

from ikap.sources import gdal
from ikap.sources.crs import crs_name, same_crs
from ikap.sources.ledger import Ledger

__all__ = ["frame", "layers", "member_crs"]

MEMBER = re.compile(rb'"crs"\s*:\s*')
LONGEST = 2000
"""Bytes that a `crs` member may take."""
STANDARD = "EPSG:4326"

layers = gdal.layers


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """One collection as it lies in the file; its index is the feature's number there."""
    found = gdal.frame(path, layer, encoding, ledger)
    stated, unreadable = _members(path)
    if unreadable:
        ledger.told("crs.unreadable", 1, stated=", ".join(dict.fromkeys(unreadable)))
        bare = GeoSeries(found.geometry.to_numpy(), found.index)
        return GeoDataFrame(found.drop(columns=found.geometry.name), geometry=bare)
    names = list(dict.fromkeys(crs_name(crs) for crs in stated))
    own = found.crs is not None and any(same_crs(found.crs, crs) for crs in stated)
    doubtful = len(names) > 1 or (names and not own)
    if doubtful and len(gdal.layers(path, ledger)) == 1:  # else each collection has its own
        if len(names) > 1:
            raise ledger.error("geojson.crs_mixed", there=", ".join(names))
        if len(stated) < len(found):  # on some features, and not on others
            raise ledger.error("geojson.crs_mixed", there=", ".join((*names, STANDARD)))
        found, own = found.set_crs(stated[0], allow_override=True), True
    found.attrs["crs_known_by"] = "geojson_member" if own else "geojson_standard"
    return found


def _members(path: Path) -> tuple[list[CRS], list[str]]:
    """CRS of every `crs` member, wherever it stands; and what could not be read."""
    stated, unreadable = [], []
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        first, last = content.find(b'"features"'), content.rfind(b"]")
        for match in MEMBER.finditer(content):
            value = _value(content[match.end() : match.end() + LONGEST])
            own = match.start() < first or match.start() > last
            if isinstance(value, dict):
                crs = member_crs(value)
                stated += [crs] if crs else []
                unreadable += [] if crs else [json.dumps(value)]
            elif value is None and own:
                unreadable.append("null")
    return stated, unreadable


def _value(content: bytes) -> object:
    text = content.decode("utf-8", errors="replace")
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except ValueError:
        return ""


def member_crs(member: object) -> CRS | None:
    """CRS of a `crs` member, by name or by code.

    Parameters
    ----------
    member : object
        Value of the member. A link leads to somewhere else, and is not followed.

    Returns
    -------
    CRS or None
        None where it cannot be told from the file itself.

    Examples
    --------
    >>> member_crs({"type": "name", "properties": {"name": "EPSG:25832"}}).to_epsg()
    25832
    """
    properties = member.get("properties") if isinstance(member, dict) else None
    if not isinstance(properties, dict):
        return None
    name = properties.get("name") or properties.get("code")
    try:
        return CRS.from_user_input(name) if name else None
    except CRSError:
        return None
