"""Geometry is told when it is mended or left out, and never changed otherwise."""

import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from pyproj import CRS
from shapely import (
    GeometryCollection,
    LineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from ikap.errors import InputError
from ikap.kinds import geometry
from ikap.kinds.geometry import tidy
from ikap.sources.ledger import Ledger


def tidied(geometry, crs="EPSG:25832", to="EPSG:25832", areas=True):
    ledger = Ledger("x.gpkg", "lag")
    ids = [f"fid:{i}" for i in range(len(geometry))]
    frame = GeoDataFrame({"source_id": ids}, geometry=list(geometry), crs=crs)
    return tidy(frame, to, ledger, areas=areas), ledger.quality


def broken(value: float) -> Polygon:
    """Square with one coordinate that is no number."""
    wrong = np.array([[0, 0], [0, 0], [value, 0], [0, 0], [0, 0]])
    return shapely.transform(box(0, 0, 1, 1), lambda xy: xy + wrong)


def what(quality) -> list[str]:
    return [row.what for row in quality]


def test_bow_tie_keeps_both_lobes() -> None:
    # 0,0 → 10,10 → 10,0 → 0,10: two triangles of 10 · 5 / 2 = 25 m² each
    frame, quality = tidied([Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])])
    assert frame.geometry.area.sum() == pytest.approx(50.0)
    assert what(quality) == ["geometry.repaired"]
    assert quality[0].amount == pytest.approx(50.0)  # lobes cancel: the area was 0
    assert quality[0].unit == "m2"
    assert quality[0].source_id == "fid:0"


def test_overlapping_parts_of_one_feature_are_united() -> None:
    # two squares of 4 m² that share 1 m²: 7, not 8, and not 6 by the even-odd rule
    frame, quality = tidied([MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)])])
    assert frame.geometry.area.sum() == pytest.approx(7.0)
    assert quality[0].facts["before_m2"] == 8.0
    assert quality[0].amount == pytest.approx(-1.0)


def test_same_part_twice_is_one() -> None:
    frame, _ = tidied([MultiPolygon([box(0, 0, 2, 2), box(0, 0, 2, 2)])])
    assert frame.geometry.area.sum() == pytest.approx(4.0)


def test_holes_are_kept() -> None:
    donut = box(0, 0, 10, 10).difference(box(4, 4, 6, 6))
    frame, quality = tidied([donut])
    assert frame.geometry.area.sum() == 96.0
    assert quality == []


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        (None, "geometry.missing"),
        (Polygon(), "geometry.empty"),
        (broken(np.nan), "geometry.not_finite"),
        (broken(np.inf), "geometry.not_finite"),
        (Polygon([(0, 0), (1, 0), (2, 0), (0, 0)]), "geometry.repaired"),
        (Point(1, 1), "geometry.point"),
        (LineString([(0, 0), (1, 1)]), "geometry.line"),
    ],
)
def test_what_has_no_area_is_left_out_and_told(bad, key: str) -> None:
    frame, quality = tidied([bad, box(5, 5, 6, 6)])
    assert list(frame["source_id"]) == ["fid:1"]
    assert quality[0].what == key


def test_zero_area_is_told_by_feature() -> None:
    frame, quality = tidied([Polygon([(0, 0), (1, 0), (2, 0), (0, 0)])])
    assert frame.empty
    assert (quality[-1].what, quality[-1].source_id) == ("geometry.no_area", "fid:0")


def test_polygon_of_a_collection_is_kept_and_the_rest_counted() -> None:
    mixed = GeometryCollection(
        [Point(9, 9), GeometryCollection([box(0, 0, 1, 1)]), box(2, 0, 3, 1)]
    )
    frame, quality = tidied([mixed])
    assert frame.geometry.area.sum() == 2.0
    assert (quality[0].what, quality[0].amount) == ("geometry.parts_lost", 1)


def test_collection_of_lines_is_no_area() -> None:
    frame, _ = tidied([GeometryCollection([LineString([(0, 0), (1, 1)])])])
    assert frame.empty


def test_what_is_not_valid_after_repair_either_is_refused(monkeypatch) -> None:
    bow = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    monkeypatch.setattr(geometry, "_repaired", lambda _: bow)
    with pytest.raises(InputError) as told:
        tidied([box(20, 0, 30, 10), bow])
    assert [(f.key, f.ids) for f in told.value.faults] == [("geometry.invalid", ("fid:1",))]


def test_duplicates_are_found_among_shapes_of_one_length() -> None:
    # all are 40 m round; the second and the last are the same square
    shapes = [box(0, 0, 10, 10), box(50, 0, 60, 10), box(0, 0, 12, 8), box(50, 0, 60, 10)]
    _, quality = tidied(shapes)
    assert [(row.source_id, row.facts["same_as"]) for row in quality] == [("fid:3", "fid:1")]


def test_duplicates_are_told_and_kept() -> None:
    turned = Polygon([(1, 1), (0, 1), (0, 0), (1, 0)])
    frame, quality = tidied([box(0, 0, 1, 1), turned, box(0, 0, 1, 2)])
    assert len(frame) == 3
    assert what(quality) == ["geometry.duplicate"]
    assert (quality[0].source_id, quality[0].facts["same_as"]) == ("fid:1", "fid:0")


def test_lines_and_points_pass_where_areas_are_not_asked() -> None:
    frame, quality = tidied([Point(1, 1), LineString([(0, 0), (1, 1)])], areas=False)
    assert len(frame) == 2
    assert quality == []


def test_nothing_at_all() -> None:
    frame, quality = tidied([None])
    assert frame.empty
    assert what(quality) == ["geometry.missing"]
    assert tidied([Point(0, 0)], crs="EPSG:4258")[0].empty


def test_straight_border_stays_in_place_when_the_crs_changes() -> None:
    # one degree of latitude 64: the chord of the two corners alone runs 230 m to the south
    corners = box(10, 63, 11, 64)
    frame, quality = tidied([corners], crs="EPSG:4258")
    middle = GeoDataFrame(geometry=[Point(10.5, 64)], crs="EPSG:4258").to_crs("EPSG:25832")
    assert frame.geometry.boundary.iloc[0].distance(middle.geometry.iloc[0]) < 0.01
    assert what(quality) == ["crs.changed"]


def test_same_crs_leaves_every_coordinate_as_it_was() -> None:
    shape = box(569000.123456789, 7034000.1, 569100.3, 7034100.7)
    frame, quality = tidied([shape], to=CRS("EPSG:25832"))
    assert shapely.equals_exact(frame.geometry.iloc[0], shape, 0)
    assert quality == []


def test_invalid_polygon_is_not_mended_in_silence_on_its_way_to_another_crs() -> None:
    bow = Polygon([(570000, 7030000), (580000, 7040000), (580000, 7030000), (570000, 7040000)])
    frame, quality = tidied([bow], crs="EPSG:25833")
    assert what(quality) == ["crs.changed", "geometry.repaired"]
    assert frame.geometry.area.sum() == pytest.approx(5e7, rel=0.01)


def test_vertex_out_in_space_is_told() -> None:
    far = Polygon([(0, 0), (1e15, 0), (1e15, 1e9), (0, 0)])
    frame, quality = tidied([far, box(570000, 7e6, 570001, 7000001)], crs="EPSG:25833")
    assert list(frame["source_id"]) == ["fid:1"]
    assert what(quality) == ["geometry.not_finite", "crs.changed"]


def test_vertex_without_a_place_in_the_new_crs_is_told() -> None:
    far = Polygon([(0, 0), (9e7, 0), (9e7, 9e7), (0, 0)])
    frame, quality = tidied([far, box(570000, 7e6, 570001, 7000001)], crs="EPSG:25833")
    assert list(frame["source_id"]) == ["fid:1"]
    assert "geometry.not_finite" in what(quality)
