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


def test_other_names_of_one_crs_are_one_crs() -> None:
    refuse_mixed_crs({"a": "EPSG:25832", "b": SQUARE.crs.to_wkt("WKT1_ESRI")})
    refuse_mixed_crs({"a": "EPSG:25833"})
    refuse_mixed_crs({})
