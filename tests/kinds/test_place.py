"""A file that lies elsewhere is told where, and why that may be; nothing is moved."""

import geopandas as gpd
import pytest
import shapely

from ikap.errors import InputError


def fault_of(layers, frame: gpd.GeoDataFrame):
    with pytest.raises(InputError) as caught:
        layers.read(layers.write(frame), "landcover")
    assert len(caught.value.faults) == 1
    return caught.value.faults[0]


@pytest.fixture
def field(at) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"arealtype": ["21"]}, geometry=[at(0, 0)], crs="EPSG:25832")


def test_inside(placed, field) -> None:
    assert placed.read(placed.write(field), "landcover").quality == ()


def test_swapped_axes(placed, field) -> None:
    swapped = shapely.transform(field.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    assert fault_of(placed, field.set_geometry(swapped, crs="EPSG:25832")).key == "place.swapped"


def test_swapped_degrees(placed, field) -> None:
    degrees = field.to_crs("EPSG:4258")
    swapped = shapely.transform(degrees.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    fault = fault_of(placed, degrees.set_geometry(swapped, crs="EPSG:4258"))
    assert fault.key == "place.swapped"


@pytest.mark.parametrize(("true", "said"), [(25833, 25832), (25832, 25833)])
def test_other_zone_than_said(placed, field, true: int, said: int) -> None:
    wrong = field.to_crs(true).set_crs(said, allow_override=True)
    fault = fault_of(placed, wrong)
    assert fault.key == "place.crs"
    assert fault.facts == {"stated": f"EPSG:{said}", "likely": f"EPSG:{true}"}


def test_outside_tells_the_distance(placed, field, at) -> None:
    # extent ends 10 km east of the corner; the square begins 60 km east of it
    fault = fault_of(placed, field.set_geometry([at(60_000, 0)], crs="EPSG:25832"))
    assert (fault.key, fault.facts["distance_km"]) == ("place.outside", 50)


def test_partly_outside_is_counted_and_kept(placed, at) -> None:
    shapes = [at(0, 0), at(60_000, 0)]
    layer = placed.make("landcover", {"arealtype": ["21", "30"]}, shapes)
    assert len(layer.frame) == 2
    assert layer.quality[0].what == "place.partly_outside"
    assert (layer.quality[0].amount, layer.quality[0].facts["of"]) == (1, 2)


def test_same_place_in_another_crs_is_inside(placed, field) -> None:
    layer = placed.read(placed.write(field.to_crs("EPSG:25833")), "landcover")
    assert [row.what for row in layer.quality] == ["crs.changed"]
    assert layer.frame.geometry.area.iloc[0] == pytest.approx(10_000, abs=0.01)
