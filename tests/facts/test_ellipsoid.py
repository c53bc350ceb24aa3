"""Area on the ellipsoid: the reference's own figures, and an equal-area projection as oracle."""

import numpy as np
import pyproj
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from ikap.errors import InputError
from ikap.facts.ellipsoid import ellipsoidal_area

SQUARE = box(569_000, 7_034_000, 570_000, 7_035_000)


def objects(*shapes):
    return np.array(shapes, dtype=object)


def equal_area(geometry, crs="EPSG:25832"):
    """Planar area in an equal-area projection on GRS80, edges cut to 5 m."""
    albers = "+proj=aea +lat_1=62 +lat_2=66 +lat_0=64 +lon_0=10 +ellps=GRS80 +units=m +type=crs"
    change = pyproj.Transformer.from_crs(crs, albers, always_xy=True)
    fine = shapely.segmentize(geometry, 5.0)
    return shapely.transform(fine, change.transform, interleaved=False).area


def test_square_of_the_reference() -> None:
    assert ellipsoidal_area(objects(SQUARE), "EPSG:25832")[0] == pytest.approx(1_000_682, abs=0.5)


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:25833"])
@pytest.mark.parametrize(
    "shape",
    [
        SQUARE,
        box(569_000, 7_034_000, 589_000, 7_054_000),
        Polygon(SQUARE.exterior, [box(569_100, 7_034_100, 569_900, 7_034_900).exterior.coords]),
        MultiPolygon([SQUARE, box(571_000, 7_034_000, 571_010, 7_034_010)]),
    ],
)
def test_area_is_that_of_an_equal_area_projection(shape, crs) -> None:
    expected = equal_area(shape, crs)
    assert ellipsoidal_area(objects(shape), crs)[0] == pytest.approx(expected, rel=1e-8)


def test_the_same_ground_has_the_same_area_from_both_zones() -> None:
    change = pyproj.Transformer.from_crs(25832, 25833, always_xy=True)
    other = shapely.transform(shapely.segmentize(SQUARE, 10), change.transform, interleaved=False)
    areas = [
        ellipsoidal_area(objects(SQUARE), "EPSG:25832")[0],
        ellipsoidal_area(objects(other), "EPSG:25833")[0],
    ]
    assert areas[0] == pytest.approx(areas[1], rel=1e-9)
    assert other.area - SQUARE.area == pytest.approx(1_175.5, abs=0.1)


def test_ring_direction_order_and_empty_shapes_do_not_matter() -> None:
    holed = Polygon(SQUARE.exterior, [box(569_100, 7_034_100, 569_200, 7_034_200).exterior.coords])
    turned = Polygon(holed.exterior.coords[::-1], [holed.interiors[0].coords[::-1]])
    found = ellipsoidal_area(
        objects(Polygon(), holed, turned, SQUARE, MultiPolygon()), "EPSG:25832"
    )
    assert found[0] == found[4] == 0
    assert found[1] == pytest.approx(found[2], rel=1e-12)
    assert found[3] > found[1]
    assert len(ellipsoidal_area(objects(), "EPSG:25832")) == 0


@pytest.mark.parametrize(("crs", "key"), [(4258, "crs.geographic"), (3857, "crs.web_mercator")])
def test_a_crs_that_nothing_is_measured_in_is_refused(crs, key) -> None:
    with pytest.raises(InputError) as told:
        ellipsoidal_area(objects(SQUARE), pyproj.CRS(crs))
    assert told.value.key == key
