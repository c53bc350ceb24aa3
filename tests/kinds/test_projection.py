"""A layer from another zone, or in degrees: neighbours stay neighbours, and it is told."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS
from shapely import Polygon

from ikap.kinds.projection import TOLERANCE_M, reproject
from ikap.measure import find_overlaps
from ikap.sources.ledger import Ledger

WEST, EAST = (10.0, 63.4), (10.4, 63.41)  # 20 km apart


def moved(shapes, source):
    frame = gpd.GeoDataFrame({"source_id": range(len(shapes))}, geometry=shapes, crs=4258)
    ledger = Ledger("lag.gpkg", "lag")
    given = frame.set_geometry(frame.geometry.to_crs(source)) if source != 4258 else frame
    found = reproject(given, "EPSG:25832", ledger)
    return np.asarray(found.geometry.values, dtype=object), ledger.quality


@pytest.mark.parametrize("source", [4258, 25833])
def test_neighbours_that_share_an_edge_of_20_km_leave_no_ground_between_them(source) -> None:
    north, south = [WEST, EAST, (10.2, 63.6)], [WEST, (10.2, 63.2), EAST]
    found, _ = moved([Polygon(north), Polygon(south)], source)
    joined = shapely.union_all(found)
    assert shapely.intersection(*found).area == 0
    assert (joined.geom_type, len(joined.interiors)) == ("Polygon", 0)
    assert joined.area == pytest.approx(shapely.area(found).sum(), abs=1e-4)


@pytest.mark.parametrize("source", [4258, 25833])
def test_a_neighbour_with_more_vertices_on_the_edge_gets_the_same_border(source) -> None:
    local = gpd.GeoSeries(gpd.points_from_xy(*zip(WEST, EAST, strict=True)), crs=4258)
    a, b = (np.array(p.coords[0]) for p in local.to_crs(source))
    more = [a + (b - a) * t for t in np.linspace(0, 1, 14)[1:-1]]
    side = np.array([0, 0.2]) if source == 4258 else np.array([0, 20_000.0])
    pair = gpd.GeoSeries(
        [Polygon([a, b, b + side, a + side]), Polygon([a, *more, b, b - side, a - side])],
        crs=source,
    )
    ledger = Ledger("lag.gpkg", "lag")
    frame = reproject(gpd.GeoDataFrame(geometry=pair), "EPSG:25832", ledger)
    found = np.asarray(frame.geometry.values, dtype=object)
    length = 20_000
    shared = sum(o.area_m2 for o in find_overlaps(found, np.zeros(2, dtype=np.int64)))
    assert shared <= TOLERANCE_M * length
    whole = shapely.union_all(found)
    assert shapely.get_parts(whole).size <= len(more) + 1
    assert whole.area == pytest.approx(shapely.area(found).sum(), abs=TOLERANCE_M * length)
    assert sum(Polygon(hole).area for hole in getattr(whole, "interiors", ())) < 0.1


def test_the_row_says_how_far_an_edge_may_be_from_where_it_was() -> None:
    _, (row,) = moved([Polygon([WEST, EAST, (10.2, 63.6)])], 4258)
    assert row.what == "crs.changed"
    assert row.facts == {"stated": "EPSG:4258", "used": "EPSG:25832", "tolerance_mm": 0.1}


def test_the_same_crs_leaves_the_very_same_table() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(569_000, 7e6, 669_000, 7.1e6)], crs=25832)
    assert reproject(frame, CRS("EPSG:25832"), Ledger("lag.gpkg", "lag")) is frame


def test_area_of_worked_example_15_follows_the_zone() -> None:
    square = shapely.box(569_000, 7_034_000, 570_000, 7_035_000)
    frame = gpd.GeoDataFrame(geometry=[square], crs=25832)
    found = reproject(frame, "EPSG:25833", Ledger("lag.gpkg", "lag"))
    assert found.geometry.area.iloc[0] == pytest.approx(1_001_175.54, abs=0.01)
