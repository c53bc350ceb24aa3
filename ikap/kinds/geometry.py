"""Geometry as it can be measured: in the region's CRS, valid, areas only where areas are asked."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from pyproj import CRS

from ikap.errors import Fault
from ikap.kinds.projection import Geometries, not_finite, reproject
from ikap.measure.read_ahead import ReadAhead
from ikap.measure.validity import are_valid
from ikap.sources.ledger import Ledger

__all__ = ["only_areas", "tidy"]

POINT, LINE, RING, AREA, COLLECTION = (0, 4), (1, 5), 2, (3, 6), 7


def tidy(
    frame: GeoDataFrame,
    crs: CRS | str,
    ledger: Ledger,
    *,
    areas: bool,
    ahead: ReadAhead | None = None,
) -> GeoDataFrame:
    """Table whose geometry is complete, in the given CRS, and valid.

    Parameters
    ----------
    frame : GeoDataFrame
        2D, with `source_id`; geometry as in the file.
    crs : CRS or str
        Projected CRS with metre as unit.
    ledger : Ledger
        Is told of every feature that is dropped or repaired, with the change of its area in m².
    areas : bool
        Whether only polygons are wanted; other features are counted and left out.
    ahead : ReadAhead, optional
        What is known of the geometry as it was read; not used unless the table still has it.

    Returns
    -------
    GeoDataFrame
        Rows that are left, in the same order. Never snapped or simplified.
    """
    frame = _complete(frame, ledger, ahead)
    if areas:
        frame = _polygons_only(frame, ledger)
    moved = reproject(frame, crs, ledger)
    if moved is not frame:
        bad = not_finite(moved.geometry.to_numpy())
        frame = _drop(moved, bad, "geometry.not_finite", ledger)
    known = _known(frame, ahead)
    frame = _valid(frame, ledger, known)
    known = _known(frame, known)
    if areas:
        size = known.polygons.areas if known else shapely.area(frame.geometry.to_numpy())
        frame = _drop(frame, size <= 0.0, "geometry.no_area", ledger)
    _tell_duplicates(frame, ledger)
    return frame


def _known(frame: GeoDataFrame, ahead: ReadAhead | None) -> ReadAhead | None:
    """What was read ahead, if the table still has that geometry."""
    return ahead if ahead is not None and ahead.fits(frame.geometry.to_numpy()) else None


def _drop(frame: GeoDataFrame, bad: NDArray[np.bool_], what: str, ledger: Ledger) -> GeoDataFrame:
    if not bad.any():
        return frame
    for source_id in frame.loc[bad, "source_id"]:
        ledger.told(what, 1, source_id=str(source_id))
    return frame[~bad]


def _complete(frame: GeoDataFrame, ledger: Ledger, ahead: ReadAhead | None) -> GeoDataFrame:
    known = _known(frame, ahead)
    if known:  # polygons all of them, none empty
        bad = not_finite(known.geometries, sure=known.sure)
        return _drop(frame, bad, "geometry.not_finite", ledger)
    frame = _drop(frame, shapely.is_missing(frame.geometry.to_numpy()), "geometry.missing", ledger)
    frame = _drop(frame, shapely.is_empty(frame.geometry.to_numpy()), "geometry.empty", ledger)
    return _drop(frame, not_finite(frame.geometry.to_numpy()), "geometry.not_finite", ledger)


def _polygons_only(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    other = ~np.isin(kinds, (*AREA, COLLECTION))
    for name, ids in (("point", POINT), ("line", (*LINE, RING))):
        count = int(np.isin(kinds, ids).sum())
        if count:
            ledger.told(f"geometry.{name}", count)
    frame = frame[~other]
    mixed = np.flatnonzero(shapely.get_type_id(frame.geometry.to_numpy()) == COLLECTION)
    if not len(mixed):
        return frame
    geometries = frame.geometry.to_numpy().copy()
    for i in mixed:
        geometries[i], lost = only_areas(geometries[i])
        ledger.told("geometry.parts_lost", lost, source_id=str(frame["source_id"].iloc[i]))
    frame = _with(frame, geometries)
    return _drop(frame, shapely.is_empty(geometries), "geometry.empty", ledger)


def only_areas(geometry: shapely.Geometry) -> tuple[shapely.Geometry, int]:
    """Polygon parts of a geometry as one, and how many other parts it had.

    Parameters
    ----------
    geometry : Geometry
        Any type; collections may hold collections.

    Returns
    -------
    tuple of Geometry and int
        Polygon, MultiPolygon or empty, and number of points and lines that fell away.

    Examples
    --------
    >>> only_areas(shapely.from_wkt("GEOMETRYCOLLECTION(POINT(9 9), POLYGON((0 0,1 0,1 1,0 0)))"))
    (<POLYGON ((0 0, 1 0, 1 1, 0 0))>, 1)
    """
    parts = [geometry]
    while any(shapely.get_type_id(p) == COLLECTION for p in parts):
        parts = [q for p in parts for q in (shapely.get_parts(p) if _is_collection(p) else [p])]
    flat = shapely.get_parts(parts)
    areas = flat[shapely.get_type_id(flat) == AREA[0]]
    if len(areas) == 1:
        return areas[0], len(flat) - 1
    return shapely.multipolygons(areas), len(flat) - len(areas)


def _is_collection(geometry: shapely.Geometry) -> bool:
    return bool(shapely.get_type_id(geometry) == COLLECTION)


def _valid(frame: GeoDataFrame, ledger: Ledger, known: ReadAhead | None) -> GeoDataFrame:
    """Table with invalid geometry repaired; the change of area in m² is told for each feature."""
    geometries = frame.geometry.to_numpy()
    bad = np.flatnonzero(~are_valid(geometries, sure=known.sure if known else None))
    if not len(bad):
        return frame
    reasons = shapely.is_valid_reason(geometries[bad])
    geometries = geometries.copy()
    for i, reason in zip(bad, reasons, strict=True):
        before = geometries[i]
        geometries[i] = _repaired(before)
        old, new = float(shapely.area(before)), float(shapely.area(geometries[i]))
        facts = {"reason": str(reason), "before_m2": round(old, 2), "after_m2": round(new, 2)}
        source_id = str(frame["source_id"].iloc[i])
        ledger.told("geometry.repaired", new - old, "m2", source_id=source_id, **facts)
    _refuse_invalid(frame.iloc[bad], geometries[bad], ledger)
    frame = _with(frame, geometries)
    return _drop(frame, shapely.is_empty(geometries), "geometry.no_area", ledger)


def _refuse_invalid(frame: GeoDataFrame, repaired: Geometries, ledger: Ledger) -> None:
    """Stop at what is not valid after repair either, so that all that is left can be measured."""
    still = ~are_valid(repaired)
    if still.any():
        ids = tuple(map(str, frame.loc[still, "source_id"]))
        ledger.faults.append(Fault("geometry.invalid", ledger.file, ledger.layer, ids))
        ledger.stop()


def _repaired(geometry: shapely.Geometry) -> shapely.Geometry:
    """Valid geometry by the even-odd rule within each part, and the union of the parts."""
    if shapely.get_type_id(geometry) not in AREA:
        return shapely.make_valid(geometry, method="linework")
    parts = shapely.make_valid(shapely.get_parts(geometry), method="linework")
    areas = [only_areas(part)[0] for part in parts]
    return areas[0] if len(areas) == 1 else only_areas(shapely.union_all(areas))[0]


def _tell_duplicates(frame: GeoDataFrame, ledger: Ledger) -> None:
    """Tell of features with the very same geometry; they are kept, and counted once later on."""
    geometries = frame.geometry.to_numpy()
    box = shapely.bounds(geometries)
    suspect = np.arange(len(geometries))
    for side in box.T:
        suspect = suspect[_repeated(side[suspect])]
    length = shapely.length(geometries[suspect])
    suspect = suspect[_repeated(np.column_stack([length, box[suspect]]))]
    first: dict[bytes, str] = {}
    forms = shapely.to_wkb(shapely.normalize(geometries[suspect]))
    for source_id, form in zip(frame["source_id"].iloc[suspect], forms, strict=True):
        if form in first:
            ledger.told("geometry.duplicate", 1, source_id=str(source_id), same_as=first[form])
        first.setdefault(form, str(source_id))


def _repeated(measures: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows, or which numbers, stand there more than once."""
    columns = measures[:, None] if measures.ndim == 1 else measures
    order = np.lexsort(columns.T)
    same = (columns[order[1:]] == columns[order[:-1]]).all(axis=1)
    found = np.zeros(len(measures), dtype=bool)
    found[order[1:]] = same
    found[order[:-1]] |= same
    return found


def _series(frame: GeoDataFrame, geometries: Geometries, crs: CRS | None) -> gpd.GeoSeries:
    return gpd.GeoSeries(geometries, index=frame.index, crs=crs)


def _with(frame: GeoDataFrame, geometries: Geometries) -> GeoDataFrame:
    return frame.set_geometry(_series(frame, geometries, frame.crs))
