"""File geodatabase (folder `.gdb`): coded values get their names, and holes stay holes.

GDAL hands on circular arcs as arcs (see `curves`), and makes ellipses and Bézier curves into lines
by `CURVE_STEP` degrees. A hole that is a whole ellipse comes from GDAL 3.12 as a second area on
top of the first (OSGeo/gdal#14277); areas of one feature never lie in one another in this format,
so an area inside another is a hole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame
from lxml import etree

from ikap.sources import gdal
from ikap.sources.ledger import Ledger

__all__ = ["frame", "layers"]

CURVE_STEP = "0.5"
STEP_OPTION = "OGR_ARC_STEPSIZE"
ITEMS = "GDB_Items"
NAME = "_navn"
"""Ending of the column with the names of another column's codes."""
MULTIPOLYGON = 6

Domains = dict[str, dict[str, str]]

layers = gdal.layers


def frame(path: Path, layer: str, encoding: str | None, ledger: Ledger) -> GeoDataFrame:
    """One layer as it lies in the file; its index is the feature's number there."""
    with _fine_curves():
        found = gdal.frame(path, layer, encoding, ledger)
    shapes = found.geometry.to_numpy().copy()
    nested = (shapely.get_type_id(shapes) == MULTIPOLYGON) & ~shapely.is_valid(shapes)
    for i in np.flatnonzero(nested):
        mended = by_nesting(shapes[i])
        change = float(shapely.area(mended) - shapely.area(shapes[i]))
        if change:
            ledger.told("hole.restored", change, "m2", source_id=f"fid:{found.index[int(i)]}")
            shapes[i] = mended
    found = found.set_geometry(shapes, crs=found.crs)
    return _named(found, _domains(path, layer), ledger)


@contextmanager
def _fine_curves() -> Iterator[None]:
    before = pyogrio.get_gdal_config_option(STEP_OPTION)
    pyogrio.set_gdal_config_options({STEP_OPTION: CURVE_STEP})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({STEP_OPTION: before})


def by_nesting(areas: shapely.MultiPolygon) -> shapely.Geometry:
    """Areas whose rings are shells and holes by turns, from the outermost in.

    Parameters
    ----------
    areas : MultiPolygon
        Rings do not cross one another.

    Returns
    -------
    Geometry
        Polygon or MultiPolygon of the same rings.

    Examples
    --------
    >>> outer, inner = shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2)
    >>> by_nesting(shapely.MultiPolygon([outer, inner])).area
    15.0
    """
    rings = np.array([shapely.Polygon(r) for r in shapely.get_rings(shapely.get_parts(areas))])
    rings = rings[np.argsort(-shapely.area(rings), kind="stable")]
    parents = [
        [j for j in range(i) if shapely.covers(rings[j], rings[i])] for i in range(len(rings))
    ]
    shells: dict[int, list[int]] = {i: [] for i, above in enumerate(parents) if len(above) % 2 == 0}
    for i, above in enumerate(parents):
        if i not in shells:
            shells[above[-1]].append(i)
    made = [
        shapely.Polygon(rings[shell].exterior, [rings[i].exterior for i in holes])
        for shell, holes in shells.items()
    ]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def _named(frame: GeoDataFrame, domains: Domains, ledger: Ledger) -> GeoDataFrame:
    """Table with a column of names beside each column of coded values; the codes stay."""
    for column, names in domains.items():
        beside = f"{column}{NAME}"
        if column not in frame.columns or beside in frame.columns:
            continue
        codes = frame[column].map(_code)
        frame[beside] = codes.map(names).astype(object)
        unknown = sorted(set(codes.dropna()) - set(names))
        if unknown:
            count = int(codes.isin(unknown).sum())
            ledger.told("domain.unknown", count, column=column, codes=", ".join(unknown[:10]))
    return frame


def _code(value: object) -> str | None:
    if value is None or value != value:  # noqa: PLR0124 (NaN)
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _domains(path: Path, layer: str) -> Domains:
    """Names of the coded values of each column of a layer that has any, from the catalogue."""
    items = pyogrio.read_dataframe(path, layer=ITEMS, read_geometry=False)
    texts = dict(zip(items["Name"], items["Definition"], strict=True))
    domains, columns = {}, {}
    for name, text in texts.items():
        root = _xml(text)
        if root is None:
            continue
        if root.find("CodedValues") is not None:
            values = root.iterfind("CodedValues/CodedValue")
            domains[str(name)] = {_text(v, "Code"): _text(v, "Name") for v in values}
        elif name == layer:
            fields = root.iterfind("GPFieldInfoExs/GPFieldInfoEx")
            columns = {_text(f, "Name"): _text(f, "DomainName") for f in fields}
    return {column: domains[name] for column, name in columns.items() if name in domains}


def _xml(text: object) -> etree._Element | None:
    """Root of a definition; nothing where there is none, or where it is no XML."""
    if not isinstance(text, str) or not text:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
