"""Split municipalities: a feature goes where it lies, and one across a border goes nowhere."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely import Point, Polygon, box

from ikap.facts import CertifiedLayer
from ikap.flow.carrying import carried_by_place
from ikap.kinds.canonical import Canonical
from ikap.model import LayerDeclaration, Municipality, Region

NOW = date(2020, 1, 1)
REGION = Region(
    "prøve",
    {},
    "EPSG:25832",
    (Municipality("5056", "Hitra", NOW), Municipality("5059", "Orkland", NOW)),
    history=(
        Municipality("5012", "Snillfjord", date(2018, 1, 1), date(2019, 12, 31), ("5056", "5059")),
    ),
)
DECLARED = LayerDeclaration("grenser", "municipality", {}, "", "", {}, Path())


def ground() -> CertifiedLayer:
    """Hitra from 0 to 1000 m east, Orkland from there to 2000 m."""
    areas = np.array([box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)], dtype=object)
    numbers = np.array(["5056", "5059"], dtype=object)
    return CertifiedLayer(DECLARED, areas, numbers, numbers, ())


def layer(shapes, number="5012", kind="commercial") -> Canonical:
    frame = gpd.GeoDataFrame(
        {"kommunenummer": [number] * len(shapes)}, geometry=shapes, crs="EPSG:25832"
    )
    names = {"kommunenummer": "komm_nr"}
    return Canonical(kind, "register", frame, (), Path(), "", 0, "", names)


def test_features_go_to_the_municipality_that_holds_them():
    shapes = [box(10, 10, 90, 90), box(1500, 0, 1600, 50), Point(1200, 10), Point(1000, 10)]
    made = carried_by_place(layer(shapes), REGION, ground)
    assert list(made.frame["kommunenummer"]) == ["5056", "5059", "5059", "5056"]
    told = {(q.what, q.facts["successor"], q.amount) for q in made.quality}
    assert told == {("municipality.placed", "5056", 2.0), ("municipality.placed", "5059", 2.0)}


def test_a_feature_across_the_border_or_outside_stays():
    shapes = [box(950, 0, 1050, 100), box(5000, 0, 5100, 100), Polygon()]
    made = carried_by_place(layer(shapes), REGION, ground)
    assert list(made.frame["kommunenummer"]) == ["5012"] * 3
    (row,) = made.quality
    assert (row.what, row.amount) == ("municipality.not_placed", 2.0)


def test_nothing_to_carry_changes_nothing_and_asks_for_no_borders():
    def never() -> CertifiedLayer:
        raise AssertionError

    today = layer([box(0, 0, 10, 10)], "5059")
    plan = layer([box(0, 0, 10, 10)], kind="zoning")
    nowhere = layer([Polygon()])
    bare = replace(today, frame=today.frame.drop(columns="kommunenummer"))
    for same in (today, plan, nowhere, bare):
        assert carried_by_place(same, REGION, never) is same
    assert shapely.is_empty(nowhere.frame.geometry.iloc[0])
