"""Faults of real files, put into the example on request: one small function each.

Each entry of `FAULTS` says which file it touches and what a reader should report: a text key of
the quality record or of an error. Where no key stands, the statement or a finding shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikap.errors import Fault as Told
from ikap.errors import InputError
from ikap.example.fault_rows import (
    LAND,
    PLAN,
    Frame,
    added,
    farmed,
    grown,
    joined,
    middle,
    planned,
    reshaped,
    turned,
    valued,
)
from ikap.example.tables import Tables, with_layer

__all__ = ["FAULTS", "ExampleFault", "apply_faults", "check_names"]

Change = Callable[[Frame, Tables], Frame]


@dataclass(frozen=True)
class ExampleFault:
    """A fault: the file (without ending) and layer it touches, and what should be reported."""

    file: str
    layer: str
    reported: str
    change: Change


def check_names(names: Sequence[str]) -> None:
    """Raise an `InputError` that tells all names that are no fault (`example.fault`)."""
    unknown = [name for name in names if name not in FAULTS]
    if unknown:
        valid = ", ".join(FAULTS)
        raise InputError.of(
            [Told("example.fault", facts={"name": name, "valid": valid}) for name in unknown]
        )


def apply_faults(tables: Tables, names: Sequence[str]) -> Tables:
    """Files with the named faults in them."""
    check_names(names)
    whole = tables  # rows are chosen in the faultless files; faults keep row numbers
    for name in (n for n in FAULTS if n in names):  # in the table's order, whatever was asked
        fault = FAULTS[name]
        frame = fault.change(tables[fault.file].layers[fault.layer], whole)
        tables = with_layer(tables, fault.file, fault.layer, frame)
        if name == "wrong_charset":
            tables = {**tables, fault.file: replace(tables[fault.file], form="latin1")}
    return tables


def _bow_tie(frame: Frame, tables: Tables) -> Frame:
    """Two corners of a planned area stand in the wrong order, so that its outline crosses."""
    row = planned(tables, 0)
    ring = shapely.get_coordinates(frame.geometry.iloc[row])
    ring[[1, 2]] = ring[[2, 1]]
    return reshaped(frame, row, shapely.Polygon(ring))


def _overlap_same_class(frame: Frame, tables: Tables) -> Frame:
    """A field grows 15 m into the field beside it."""
    return grown(frame, tables, same=True)


def _overlap_other_class(frame: Frame, tables: Tables) -> Frame:
    """A field grows 15 m into ground of another class."""
    return grown(frame, tables, same=False)


def _duplicate_feature(frame: Frame, tables: Tables) -> Frame:
    """A field stands twice, with an id each."""
    row = farmed(tables)[0]
    twin = frame.iloc[[row]].assign(lokalid=frame["lokalid"].iloc[row][:-4] + "dddd")
    return joined(frame, twin)


def _gap(frame: Frame, tables: Tables) -> Frame:
    """A field inside a planned area is missing: ground that nobody mapped."""
    kept = np.delete(np.arange(len(frame)), farmed(tables)[1])
    return gpd.GeoDataFrame(frame.iloc[kept].reset_index(drop=True))


def _null_geometry(frame: Frame, tables: Tables) -> Frame:
    """A planned area has no geometry at all."""
    return reshaped(frame, planned(tables, 1), None)


def _empty_geometry(frame: Frame, tables: Tables) -> Frame:
    """A planned area has a geometry without points."""
    return reshaped(frame, planned(tables, 2), shapely.Polygon())


def _nan_coordinate(frame: Frame, tables: Tables) -> Frame:
    """A corner of a planned area is not a number."""
    row = planned(tables, 3)
    coords = shapely.get_coordinates(frame.geometry.iloc[row])
    coords[1] = np.nan
    with np.errstate(invalid="ignore"):
        return reshaped(frame, row, shapely.Polygon(coords))


def _zero_area(frame: Frame, tables: Tables) -> Frame:
    """A planned area whose outline goes out and back along one line."""
    x, y = middle(frame, planned(tables, 4))
    return reshaped(frame, planned(tables, 4), shapely.Polygon([(x, y), (x + 90, y), (x, y)]))


def _collection_geometry(frame: Frame, tables: Tables) -> Frame:
    """A planned area is a collection of its polygon, a line and a point."""
    row = planned(tables, 5)
    shape = frame.geometry.iloc[row]
    start = shapely.get_coordinates(shape)[0]
    line = shapely.LineString([start, start + 40])
    return reshaped(frame, row, shapely.GeometryCollection([shape, line, shapely.Point(start)]))


def _heights_3d(frame: Frame, _: Tables) -> Frame:
    """All planned areas have heights."""
    return frame.set_geometry(shapely.force_3d(frame.geometry.to_numpy(), 12.5), crs=frame.crs)


def _missing_source_id(frame: Frame, tables: Tables) -> Frame:
    """Three planned areas have no lokalid."""
    return valued(frame, "lokalid", [planned(tables, k) for k in (6, 7, 8)], None)


def _duplicate_source_id(frame: Frame, tables: Tables) -> Frame:
    """Two planned areas have the same lokalid."""
    first, second = planned(tables, 9), planned(tables, 10)
    return valued(frame, "lokalid", [second], frame["lokalid"].iloc[first])


def _missing_purpose(frame: Frame, tables: Tables) -> Frame:
    """A planned area has no arealformål."""
    return valued(frame, "arealformål", [planned(tables, 11)], None)


def _unknown_purpose(frame: Frame, tables: Tables) -> Frame:
    """Two planned areas have a purpose code that is in no code list."""
    return valued(frame, "arealformål", [planned(tables, k) for k in (12, 13)], "1999")


def _missing_status(frame: Frame, tables: Tables) -> Frame:
    """Two planned areas for building have no arealbruksstatus."""
    return valued(frame, "arealbruksstatus", [planned(tables, k) for k in (14, 15)], pd.NA)


def _zone_overlap(frame: Frame, tables: Tables) -> Frame:
    """A new area lies half over a planned one."""
    row = planned(tables, 16)
    west, south, east, north = frame.geometry.iloc[row].bounds
    return added(frame, row, "B901", shapely.box((west + east) / 2, south, east + 80, north))


def _zone_outside_region(frame: Frame, tables: Tables) -> Frame:
    """An area lies ten kilometres west of the region."""
    west, south, _, _ = frame.total_bounds
    x, y = west - 10_000, south + 10_000
    return added(frame, planned(tables, 17), "B902", shapely.box(x, y, x + 200, y + 150))


def _zone_across_border(frame: Frame, tables: Tables) -> Frame:
    """An area lies in two municipalities."""
    members = tables["kommuner_konstruert"].layers["Kommune"].geometry
    border = shapely.intersection(members.iloc[0], members.iloc[1])
    longest = max(shapely.get_parts(shapely.line_merge(border)), key=shapely.length)
    x, y = shapely.line_interpolate_point(longest, 0.5, normalized=True).coords[0]
    return added(
        frame, planned(tables, 17), "B903", shapely.box(x - 120, y - 110, x + 120, y + 110)
    )


def _code_99_hole(frame: Frame, tables: Tables) -> Frame:
    """A field inside a planned area is registered as not mapped."""
    return valued(frame, "arealtype", [farmed(tables)[2]], "99")


def _wrong_charset(frame: Frame, _: Tables) -> Frame:
    """The plan is a Shapefile in Latin-1 that says it is UTF-8."""
    return frame


def _no_crs(frame: Frame, _: Tables) -> Frame:
    """The plan does not say which coordinate system it has."""
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.to_numpy())


def _swapped_axes(frame: Frame, _: Tables) -> Frame:
    """North stands before east in every point of the plan."""
    return frame.set_geometry(turned(frame.geometry.to_numpy()), crs=frame.crs)


def _geographic_crs(frame: Frame, _: Tables) -> Frame:
    """The plan is in degrees."""
    return frame.to_crs("EPSG:4258")


FAULTS: Mapping[str, ExampleFault] = MappingProxyType(
    {
        "overlap_same_class": ExampleFault(*LAND, "overlap.same_class", _overlap_same_class),
        "overlap_other_class": ExampleFault(*LAND, "overlap.other_class", _overlap_other_class),
        "duplicate_feature": ExampleFault(*LAND, "geometry.duplicate", _duplicate_feature),
        "code_99_hole": ExampleFault(*LAND, "", _code_99_hole),
        "gap": ExampleFault(*LAND, "", _gap),
        "bow_tie": ExampleFault(*PLAN, "geometry.repaired", _bow_tie),
        "missing_source_id": ExampleFault(*PLAN, "id.missing", _missing_source_id),
        "duplicate_source_id": ExampleFault(*PLAN, "id.duplicate", _duplicate_source_id),
        "missing_purpose": ExampleFault(*PLAN, "purpose.missing", _missing_purpose),
        "unknown_purpose": ExampleFault(*PLAN, "purpose.unknown", _unknown_purpose),
        "missing_status": ExampleFault(*PLAN, "use_status.missing", _missing_status),
        "zone_overlap": ExampleFault(*PLAN, "", _zone_overlap),
        "zone_across_border": ExampleFault(*PLAN, "", _zone_across_border),
        "zone_outside_region": ExampleFault(*PLAN, "place.partly_outside", _zone_outside_region),
        "heights_3d": ExampleFault(*PLAN, "heights.dropped", _heights_3d),
        "zero_area": ExampleFault(*PLAN, "geometry.no_area", _zero_area),
        "collection_geometry": ExampleFault(*PLAN, "geometry.parts_lost", _collection_geometry),
        "null_geometry": ExampleFault(*PLAN, "geometry.missing", _null_geometry),
        "empty_geometry": ExampleFault(*PLAN, "geometry.empty", _empty_geometry),
        "nan_coordinate": ExampleFault(*PLAN, "geometry.not_finite", _nan_coordinate),
        "wrong_charset": ExampleFault(*PLAN, "letters.guessed", _wrong_charset),
        "geographic_crs": ExampleFault(*PLAN, "crs.geographic", _geographic_crs),
        "swapped_axes": ExampleFault(*PLAN, "place.swapped", _swapped_axes),
        "no_crs": ExampleFault(*PLAN, "crs.missing", _no_crs),
    }
)
"""Faults by name, in the order in which they are put in."""
