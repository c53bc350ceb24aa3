"""Arcs become lines within the stated distance, the same from both sides, and it is told."""

import math
import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import box

from ikap.sources import read_path
from ikap.sources.arcs import SAGITTA_M, arc_line, circle_line
from ikap.sources.curves import straight

number = st.floats(-500, 500).map(lambda v: round(v, 3))
point = st.tuples(number, number)


def distances(line: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    """Distance from the centre of vertices and of the middle of every chord."""
    middles = (line[:-1] + line[1:]) / 2
    return np.hypot(*(np.concatenate([line, middles]) - centre).T)


@given(point, st.floats(1, 5000), st.floats(0, 6), st.floats(0.1, 6.1))
def test_arc_lies_within_the_sagitta_and_has_the_same_vertices_backwards(
    centre: tuple[float, float], radius: float, first: float, sweep: float
) -> None:
    angles = (first, first + sweep / 2, first + sweep)
    ends = [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]
    line = arc_line(*ends)
    away = distances(line, centre) - radius
    assert away.max() < 1e-6
    assert away.min() > -SAGITTA_M - 1e-6
    assert tuple(line[0]) == ends[0]
    assert tuple(line[-1]) == ends[2]
    assert (arc_line(*ends[::-1]) == line[::-1]).all()
    half = abs(np.hypot(*(line - ends[1]).T)).min()  # the arc goes through its middle point
    assert half <= radius * sweep / len(line)


@given(point, point, st.floats(0.1, 0.9))
def test_three_points_on_a_line_stay_as_they_are(start, end, share) -> None:
    assume(math.dist(start, end) > 1)
    middle = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    line = arc_line(start, middle, end)
    drawn = shapely.LineString([start, end])
    assert shapely.hausdorff_distance(shapely.LineString(line), drawn) < 1e-6


def test_circle_is_closed_and_a_little_smaller() -> None:
    ring = circle_line((100, 200), (150, 200))
    area = shapely.Polygon(ring).area
    assert (ring[0] == ring[-1]).all()
    assert math.pi * 50**2 * 0.9995 < area < math.pi * 50**2


def ring(*points: tuple[float, float], kind: int = 2, order: str = "<") -> bytes:
    flat = [c for p in points for c in p]
    head = struct.pack(f"{order}BII", order == "<", kind, len(points))
    return head + struct.pack(f"{order}{len(flat)}d", *flat)


def whole(kind: int, *parts: bytes, order: str = "<") -> bytes:
    return struct.pack(f"{order}BII", order == "<", kind, len(parts)) + b"".join(parts)


SQUARE = ((0, 0), (200, 0), (200, 200), (0, 200), (0, 0))
CIRCLE = ((50, 100), (100, 150), (150, 100), (100, 50), (50, 100))


@pytest.mark.parametrize("order", ["<", ">"])
def test_square_with_a_round_hole(order: str) -> None:
    outer = ring(*SQUARE, order=order)
    wkb = whole(10, outer, ring(*CIRCLE, kind=8, order=order), order=order)
    shape, arcs = straight(wkb)
    assert arcs == 2
    assert shape.is_valid
    assert len(shape.interiors) == 1
    assert shape.area == pytest.approx(40_000 - math.pi * 2500, abs=3)  # 2π · 50 m · 1 cm


def test_curve_of_line_and_arc_is_joined_without_doubled_points() -> None:
    bay = ring((100, 0), (150, 50), (100, 100), kind=8)
    closed = whole(9, ring((0, 100), (0, 0), (100, 0)), bay, ring((100, 100), (0, 100)))
    shape, arcs = straight(whole(12, whole(10, closed)))
    assert (arcs, shape.geom_type) == (1, "MultiPolygon")
    assert shape.area == pytest.approx(10_000 + math.pi * 1250, abs=2)
    xy = shapely.get_coordinates(shape)
    assert (np.hypot(*np.diff(xy, axis=0).T) > 0).all()


def test_heights_of_curves_are_left_out() -> None:
    points = [struct.pack("<3d", x, y, 7.0) for x, y in CIRCLE]
    curve = struct.pack("<BII", 1, 1008, len(points)) + b"".join(points)
    assert not straight(whole(1010, curve))[0].has_z


def test_bytes_that_end_too_early_are_refused() -> None:
    wkb = whole(10, ring(*SQUARE), ring(*CIRCLE, kind=8))
    for end in (4, 12, 60, len(wkb) - 1):
        with pytest.raises(ValueError, match="early"):
            straight(wkb[:end])


def with_shapes(path: Path, shapes: list[bytes]) -> Path:
    """GeoPackage whose geometries are replaced by the given WKB."""
    frame = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=[box(0, 0, 1, 1)] * len(shapes))
    frame.set_crs(25832).to_file(path, layer="a", layer_options={"SPATIAL_INDEX": "NO"})
    connection = sqlite3.connect(path)
    for i, shape in enumerate(shapes, start=1):
        head = b"GP\x00\x01" + struct.pack("<i", 25832)
        connection.execute("UPDATE a SET geom = ? WHERE fid = ?", (head + shape, i))
    connection.commit()
    connection.close()
    return path


def moved(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    return tuple((x + 570_000, y + 7_030_000) for x, y in points)


def test_arcs_of_a_geopackage_are_told(tmp_path: Path) -> None:
    curved = whole(10, ring(*moved(SQUARE)), ring(*moved(CIRCLE), kind=8))
    raw = read_path(with_shapes(tmp_path / "a.gpkg", [curved, whole(3)[:5] + b"\0\0\0\0", curved]))
    assert raw.frame.geometry.iloc[0].area == pytest.approx(40_000 - math.pi * 2500, abs=3)
    assert list(raw.frame["n"]) == [0, 1, 2]
    (row,) = [row for row in raw.quality if row.what == "curves.straightened"]
    assert (row.amount, row.facts) == (4, {"tolerance_cm": 1, "objects": 2})


def test_one_geometry_that_cannot_be_read_does_not_cost_the_others(tmp_path: Path) -> None:
    good = shapely.to_wkb(
        shapely.from_wkt(
            "POLYGON ((570000 7030000, 570100 7030000, 570100 7030100, 570000 7030000))"
        )
    )
    open_ring = struct.pack("<BII", 1, 3, 1) + ring(*moved(SQUARE)[:4])[5:]
    broken = whole(10, ring(*moved(SQUARE)))[:5] + struct.pack("<I", 1) + b"\x01"
    raw = read_path(with_shapes(tmp_path / "a.gpkg", [good, open_ring, broken]))
    assert raw.frame.geometry.iloc[0].area == 5000
    told = {row.what: row.source_id for row in raw.quality if row.source_id}
    assert told == {"ring.closed": "fid:2", "geometry.unreadable": "fid:3"}
    assert raw.frame.geometry.iloc[1].area == 40_000
