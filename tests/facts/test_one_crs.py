"""Worked example 15: 1 000.000 daa in zone 32 are 1 001.176 in zone 33; no sum of the two."""

import geopandas as gpd
import pytest
import shapely

import ikap
from ikap.errors import InputError
from ikap.facts.one_crs import refuse_mixed_crs
from ikap.texts import Catalogue, error_text

SQUARE = gpd.GeoSeries([shapely.box(569_000, 7_034_000, 570_000, 7_035_000)], crs=25832)


def test_areas_of_two_zones_are_refused_with_both_names() -> None:
    other = SQUARE.to_crs(25833)
    assert other.area[0] / 1000 == pytest.approx(1_001.176, abs=0.001)
    with pytest.raises(InputError) as told:
        refuse_mixed_crs({"gjeldende": str(SQUARE.crs), "forslag": str(other.crs)})
    assert told.value.key == "crs.mixed"
    for lang in ("nb", "en"):
        text = error_text(told.value, Catalogue.load(lang))
        assert all(word in text for word in ("gjeldende", "forslag", "EPSG:25832", "EPSG:25833"))


def test_area_by_class_refuses_land_in_another_zone() -> None:
    with pytest.raises(InputError) as told:
        ikap.area_by_class(SQUARE, SQUARE.to_crs(25833), ["21"])
    assert told.value.key == "crs.differ"


OTHER_NAMES = ["EPSG:25832", "urn:ogc:def:crs:EPSG::25832", "ETRS_1989_UTM_Zone_32N", "WKT2:2019"]


def named(name: str) -> str:
    """The CRS of the square as another program writes it."""
    if name.startswith("WKT2"):
        return str(SQUARE.crs.to_wkt(name.replace(":", "_")))
    return str(SQUARE.crs.to_wkt("WKT1_ESRI")) if name.startswith("ETRS") else name


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_other_names_of_one_crs_are_one_crs_and_no_other_is(name: str) -> None:
    assert refuse_mixed_crs({"a": "EPSG:25832", "b": named(name)}) is None
    for first, second in ((named(name), "EPSG:25833"), ("EPSG:25833", named(name))):
        with pytest.raises(InputError) as told:
            refuse_mixed_crs({"a": first, "b": second})
        assert told.value.key == "crs.mixed"


def test_one_plan_or_none_is_never_mixed_and_the_third_is_looked_at_too() -> None:
    assert refuse_mixed_crs({"a": "EPSG:25833"}) is None
    assert refuse_mixed_crs({}) is None
    with pytest.raises(InputError) as told:
        refuse_mixed_crs({"a": "EPSG:25832", "b": "EPSG:25832", "c": "EPSG:25833"})
    facts = told.value.faults[0].facts
    assert (facts["one"], facts["other"]) == ("a", "c")
