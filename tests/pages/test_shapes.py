"""Shapes are packed for drawing: what comes out is what went in, to the fifth decimal."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from ikap.pages.shapes import SCALE, pack, simplified


def unpack(ring: list[int]) -> list[tuple[float, float]]:
    steps = np.array(ring).reshape(-1, 2).cumsum(axis=0)
    return [(x / SCALE, y / SCALE) for x, y in steps]


def test_ring_comes_back_to_the_fifth_decimal() -> None:
    area = shapely.box(400_000, 7_150_000, 400_300, 7_150_200)
    frame = gpd.GeoDataFrame(geometry=[area], crs=25832)
    packed = pack(frame, limit=10_000)
    assert packed is not None
    corners = unpack(packed.shapes[0][0][0])
    wanted = frame.to_crs(4326).geometry.iloc[0].exterior.coords[:-1]
    assert len(corners) == 4
    assert np.allclose(corners, wanted, atol=0.6 / SCALE)


def test_holes_parts_lines_and_points_are_kept() -> None:
    ring = (
        shapely.Point(400_000, 7_150_000)
        .buffer(900)
        .difference(shapely.Point(400_000, 7_150_000).buffer(300))
    )
    two = shapely.MultiPolygon([ring, shapely.box(402_000, 7_150_000, 402_400, 7_150_400)])
    line = shapely.LineString([(400_000, 7_150_000), (401_000, 7_151_000)])
    point = shapely.Point(400_000, 7_150_000)
    packed = pack(gpd.GeoDataFrame(geometry=[two, line, point], crs=25832), limit=10_000)
    assert packed is not None
    assert [len(part) for part in packed.shapes[0]] == [2, 1]
    assert len(packed.shapes[1][0][0]) == 4
    assert len(packed.shapes[2][0][0]) == 2


def test_shared_border_stays_shared() -> None:
    border = [(x, 7_150_000 + 3 * np.sin(x / 9)) for x in range(400_000, 401_000, 5)]
    low = shapely.Polygon([*border, (400_995, 7_149_000), (400_000, 7_149_000)])
    high = shapely.Polygon([*border, (400_995, 7_151_000), (400_000, 7_151_000)])
    out = simplified(np.array([low, high], dtype=object), 10.0)
    assert shapely.coverage_is_valid(out)
    assert shapely.get_num_coordinates(out).sum() < 100


def test_tiny_area_does_not_vanish() -> None:
    speck = shapely.box(400_000, 7_150_000, 400_000.4, 7_150_000.4)
    packed = pack(gpd.GeoDataFrame(geometry=[speck], crs=25832), limit=10_000, ladder=(40.0,))
    assert packed is not None
    assert len(packed.shapes[0][0][0]) == 6


def test_layer_that_cannot_fit_is_not_packed() -> None:
    blobs = [shapely.Point(400_000 + i * 500, 7_150_000).buffer(200) for i in range(200)]
    assert pack(gpd.GeoDataFrame(geometry=blobs, crs=25832), limit=100) is None
