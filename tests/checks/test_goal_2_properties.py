"""What must hold of planned conversion whatever the plan and the map look like."""

from datetime import date

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from hypothesis import given, settings

from ikap.errors import InputError
from ikap.facts import (
    certify,
    core_farmland_area,
    cultivable_by_class,
    farmland_by_class,
    farmland_unbuilt,
    merged,
    partitions,
    place,
    soil_quality,
)
from ikap.facts.plans import PLAN, plan_layer
from ikap.kinds.projection import TOLERANCE_M, reproject
from ikap.model import (
    Coverage,
    LayerDeclaration,
    Parameter,
    Parameters,
    ParameterStatus,
)
from ikap.sources.ledger import Ledger

CRS = "EPSG:25832"
EAST, NORTH = 569_000, 7_034_000
FARMLAND = ("21", "22", "23", "20")
FACTS = (
    farmland_by_class,
    soil_quality,
    cultivable_by_class,
    core_farmland_area,
    farmland_unbuilt,
)
CELL = 40
PARAMETERS = Parameters(
    {
        name: Parameter(name, value, unit, "prøve", date(2020, 1, 1), ParameterStatus.ADOPTED)
        for name, value, unit in (
            ("reserve.building_buffer", 10, "m"),
            ("reserve.circle_segments", 128, "count"),
        )
    }
)


def layer(name, shapes, classes, column, kind="landcover", **coverage):
    own = Coverage(**(coverage or {"own_polygons": True}))
    declaration = LayerDeclaration(name, kind, {"nb": name}, "", "", {}, None, coverage=own)
    ids = np.array([f"{name}-{k}" for k in range(len(shapes))], dtype=object)
    frame = GeoDataFrame({"source_id": ids, column: classes}, geometry=list(shapes), crs=CRS)
    exclusive = kind != "core_farmland"
    return certify(frame, declaration, classes=column, exclusive=exclusive)


def square(x, y, w, h):
    return shapely.box(EAST + x, NORTH + y, EAST + x + w, NORTH + h + y)


def everything(zones, land, *, extra=()):
    """Sums in m² by fact and class over all planned areas, each square metre counted once."""
    region = layer("kommuner", [square(0, 0, 400, 400)], ["9901"], "kommunenummer")
    kinds = np.array(["future"] * len(zones), dtype=object)
    plan = layer("plan", zones, kinds, "development")
    own = np.array(zones, dtype=object)
    shared = np.flatnonzero(~shapely.equals_exact(own, plan.polygons, 0.0))
    placed = place(np.concatenate([own, plan.polygons[shared]]), region)
    layers = {
        "farmland": (layer("ar5", *zip_of(land), "arealtype"),),
        "cultivable": (
            layer(
                "dyrkbar",
                [square(0, 0, 400, 90)],
                ["dyrkbar"],
                "dyrkbar",
                "cultivable",
                municipalities=("all",),
            ),
        ),
        "soil_quality": (
            layer("jord", [square(0, 0, 130, 400)], ["1"], "jordkvalitet", "soil_quality"),
        ),
        "core_farmland": (
            layer(
                "kjerne",
                [square(0, 0, 200, 200), square(100, 100, 200, 200)],
                ["kjerneområde", "h510"],
                "jordvern",
                "core_farmland",
                municipalities=("all",),
            ),
        ),
        "buildings": (
            layer(
                "hus",
                [square(60, 60, 20, 20), square(205, 130, 30, 12)],
                ["", ""],
                "bygning",
                "buildings",
                municipalities=("all",),
            ),
        ),
        PLAN: (plan_layer(plan, shared),),
    }
    found = {}
    for module in FACTS:
        parts = partitions(placed, layers, PARAMETERS)
        table = merged(module.FACT, [module.measure(part) for part in parts])
        zone = table["zone"].to_numpy()
        once = ((zone < len(own)) & ~np.isin(zone, shared)) | (zone >= len(own))
        sums = table[once].groupby("class")["area_m2"].sum()
        found |= {(module.FACT.name, name): float(area) for name, area in sums.items()}
    return found


def zip_of(rows):
    shapes, classes = zip(*rows, strict=True)
    return list(shapes), np.array(classes, dtype=object)


def conversion(found):
    return sum(found.get(("farmland_by_class", name), 0.0) for name in FARMLAND)


sides = st.integers(0, 6)
areas = st.lists(
    st.builds(
        lambda x, y, w, h: square(x * CELL + 7, y * CELL + 3, w * CELL, h * CELL),
        sides,
        sides,
        st.integers(1, 3),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)
codes = st.lists(st.sampled_from(["21", "22", "23", "30", "60", "99"]), min_size=16, max_size=16)


def land_of(classes):
    return [
        (square(100 * (k % 4), 100 * (k // 4), 100, 100), name) for k, name in enumerate(classes)
    ]


def halves(shape):
    west, south, east, north = shape.bounds
    middle = west + 0.37 * (east - west)
    return [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]


@settings(max_examples=25)
@given(areas, codes, areas)
def test_adding_an_area_never_lowers_planned_conversion(zones, classes, more):
    land = land_of(classes)
    before = everything(zones, land)
    after = everything([*zones, more[0]], land)
    assert conversion(after) >= conversion(before) - 1e-6
    for key, area in before.items():
        if key[0] != "farmland_by_class" and key[1] != "not_covered":
            assert after.get(key, 0.0) >= area - 1e-6


@settings(max_examples=25)
@given(areas, codes, st.data())
def test_splitting_an_area_or_a_land_polygon_changes_no_total(zones, classes, data):
    land = land_of(classes)
    before = everything(zones, land)
    k = data.draw(st.integers(0, len(zones) - 1))
    split_zones = [*zones[:k], *halves(zones[k]), *zones[k + 1 :]]
    j = data.draw(st.integers(0, len(land) - 1))
    split_land = [*land[:j], *((half, land[j][1]) for half in halves(land[j][0])), *land[j + 1 :]]
    assert everything(split_zones, land) == pytest.approx(before, abs=1e-4)
    assert everything(zones, split_land) == pytest.approx(before, abs=1e-4)


@settings(max_examples=25)
@given(areas, codes, st.randoms(use_true_random=False))
def test_order_changes_nothing(zones, classes, random):
    land = land_of(classes)
    before = everything(zones, land)
    zones, land = list(zones), list(land)
    random.shuffle(zones)
    random.shuffle(land)
    assert everything(zones, land) == pytest.approx(before, abs=1e-6)


@settings(max_examples=8)
@given(areas, codes, st.sampled_from(["EPSG:25833", "EPSG:25831", "EPSG:4258"]))
def test_a_plan_file_in_another_crs_agrees_within_the_stated_tolerance(zones, classes, crs):
    land = land_of(classes)
    frame = GeoDataFrame(geometry=list(zones), crs=CRS)
    ledger = Ledger("plan.gpkg", "plan")
    back = reproject(reproject(frame, crs, ledger), CRS, ledger)
    told = [row.facts["tolerance_mm"] for row in ledger.quality if row.what == "crs.changed"]
    assert told == [TOLERANCE_M * 1000] * 2
    # both ways each edge may be that far off, along all outlines; degrees are kept to 1e-9 or so
    allowed = 4 * TOLERANCE_M * sum(shape.length for shape in zones) + 1e-3
    before, after = everything(zones, land), everything(list(back.geometry), land)
    for key in {*before, *after}:
        assert abs(after.get(key, 0.0) - before.get(key, 0.0)) <= allowed, key


@pytest.mark.parametrize("crs", ["EPSG:4258", "EPSG:3857"])
def test_areas_are_never_measured_in_degrees_or_web_mercator(crs):
    declaration = LayerDeclaration("plan", "zoning", {"nb": "plan"}, "", "", {}, None)
    frame = GeoDataFrame({"source_id": ["a"]}, geometry=[square(0, 0, 9, 9)], crs=CRS)
    with pytest.raises(InputError) as told:
        certify(frame.to_crs(crs), declaration)
    assert told.value.key in ("crs.geographic", "crs.web_mercator")
