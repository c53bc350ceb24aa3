"""Networks, stops, centres, services and hazards: what is understood, mended, told and refused."""

import importlib
import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, Point

from ikap.errors import InputError
from ikap.kinds.loading import load
from ikap.kinds.words import letters_only

EAST, NORTH = 569_000, 7_034_000


def told(layer) -> dict[str, float]:
    return {row.what: row.amount for row in layer.quality}


def line(*points):
    return LineString([(EAST + x, NORTH + y) for x, y in points])


@pytest.fixture
def make(layers):
    """Write a table and read it as one of the kinds of this file."""

    def made(kind, table, geometry, **keys):
        frame = gpd.GeoDataFrame(table, geometry=list(geometry), crs="EPSG:25832")
        with warnings.catch_warnings(action="ignore"):
            path = layers.write(frame)
        module = importlib.import_module(f"ikap.kinds.{kind}")
        return load(module, layers.declare(path, kind, **keys), layers.region)

    return made


def road(make, geometry, **columns):
    count = len(geometry)
    given = {"typeVeg": ["enkelBilveg"] * count, "vegkategori": ["K"] * count}
    return make("network", {**given, **columns}, geometry)


@pytest.mark.parametrize(
    ("sort", "category", "motorway", "walk"),
    [
        ("enkelBilveg", "K", None, True),
        ("Enkel bilveg", "F", "Ikke motorveg", True),
        ("enkelBilveg", "P", "IkkeMotorveg", True),
        ("kanalisertVeg", "S", None, True),
        ("rundkjøring", "F", None, True),
        ("Rampe", "R", None, False),
        ("enkelBilveg", "E", None, False),
        ("enkelBilveg", "F", "Motortrafikkveg", False),
        ("enkelBilveg", "K", "motorveg", False),
        ("Gang- og sykkelveg", "E", None, True),
        ("fortau", "R", None, True),
        ("Trapp", None, None, True),
        ("sti", None, None, True),
        ("gågate", "K", None, True),
        ("Sykkelveg", "K", None, False),
        ("jernbane", None, None, False),
    ],
)
def test_what_may_be_walked(make, sort, category, motorway, walk):
    columns = {"typeVeg": [sort], "vegkategori": [category], "motorvegtype": [motorway]}
    layer = road(make, [line((0, 0), (100, 0))], **columns)
    assert layer.frame["walk"].tolist() == [walk]
    assert any(w.startswith("network.not_walked") for w in told(layer)) == (not walk)


@pytest.mark.parametrize(("sort", "what"), [("bilferje", "ferry"), ("Passasjerferje", "ferry")])
def test_ferries_are_never_ways_to_walk(make, sort, what):
    layer = road(make, [line((0, 0), (100, 0)), line((0, 0), (0, 9))], typeVeg=[sort, "sti"])
    assert len(layer.frame) == 1
    assert told(layer)[f"network.{what}"] == 100


def test_planned_roads_are_left_out_and_told(make):
    lines = [line((0, y), (100, y)) for y in range(4)]
    layer = road(make, lines, vegfase=["V", "P", "A", None])
    assert len(layer.frame) == 2
    assert told(layer)["network.planned"] == 200


@pytest.mark.parametrize(
    ("medium", "ground"), [("T", True), (None, True), ("U", False), ("L", False), ("B", False)]
)
def test_bridges_and_tunnels_are_not_on_the_ground(make, medium, ground):
    layer = road(make, [line((0, 0), (100, 0))], medium=[medium])
    assert layer.frame["ground"].tolist() == [ground]


def test_every_fault_of_a_line_is_mended_or_told(make, layers):
    shapes = [
        line((0, 0), (100, 0)),
        line((5, 5), (5, 5)),  # no length
        MultiLineString([line((0, 10), (9, 10)), line((20, 10), (29, 10))]),
        shapely.force_3d(line((0, 20), (9, 20)), 7.0),
        line((0, 30), (10, 30), (10, 40), (0, 30)),  # a loop
        Point(EAST, NORTH),
        None,
    ]
    layer = road(make, shapes)
    assert len(layer.frame) == 5
    assert not shapely.has_z(layer.frame.geometry.to_numpy()).any()
    found = told(layer)
    assert found["network.zero_length"] == 1
    assert found["network.parts"] == 1
    assert found["network.no_line"] == 1
    assert found["network.no_geometry"] == 1
    assert set(shapely.get_type_id(layer.frame.geometry.to_numpy())) == {1}


def test_zero_length_inside_a_multi_line_is_told_too(make):
    both = MultiLineString([line((0, 0), (9, 0)), line((5, 5), (5, 5))])
    layer = road(make, [both])
    assert told(layer)["network.zero_length"] == 1
    assert layer.frame.geometry.length.tolist() == [9]


def test_network_of_nothing_is_refused(make):
    with pytest.raises(InputError) as caught:
        road(make, [line((0, 0), (100, 0))], vegfase=["P"])
    assert caught.value.key == "network.empty"


def test_missing_road_type_is_refused(make):
    with pytest.raises(InputError) as caught:
        make("network", {"vegkategori": ["K"]}, [line((0, 0), (100, 0))])
    assert caught.value.key == "column.missing"


def test_missing_category_is_walked_and_told(make):
    layer = road(make, [line((0, 0), (100, 0))], vegkategori=[None])
    assert layer.frame["walk"].all()
    assert told(layer)["network.no_category"] == 1


def test_stops_have_one_of_the_known_modes(make):
    modes = ["tog", "Bus", "onstreetBus", "railStation", "Hurtigbåt", "romskip", None]
    shapes = [Point(EAST + i, NORTH) for i in range(len(modes))]
    layer = make("stops", {"transportmiddel": modes}, shapes)
    expected = ["train", "bus", "bus", "train", "ferry", "other", "other"]
    assert layer.frame["transportmiddel"].tolist() == expected
    assert (told(layer)["word.unknown"], told(layer)["word.missing"]) == (1, 1)


def test_stops_that_are_areas_are_taken_by_a_point_inside(make, at):
    layer = make("stops", {"transportmiddel": ["tog", "buss"]}, [at(0, 0), Point(EAST, NORTH)])
    assert (layer.frame.geometry.geom_type == "Point").all()
    assert told(layer)["point.stands_for"] == 1
    assert at(0, 0).contains(layer.frame.geometry[0])


def test_mode_by_constant(make):
    layer = make(
        "stops", {"navn": ["Hell"]}, [Point(EAST, NORTH)], constants={"transportmiddel": "train"}
    )
    assert layer.frame["transportmiddel"].tolist() == ["train"]
    assert not layer.quality


def test_centres_are_areas_or_points_with_a_municipality(make, at):
    columns = {"navn": ["A", "B", "C"], "KOMM": ["5001", 301, None], "nivå": ["by", None, "x"]}
    shapes = [at(0, 0), Point(EAST, NORTH), line((0, 0), (9, 0))]
    layer = make("centres", columns, shapes)
    assert layer.frame["kommunenummer"].tolist() == ["5001", "0301"]
    assert layer.frame["sentertype"].tolist() == ["regionsenter", "sentrum"]
    assert told(layer)["geometry.line"] == 1
    alone = make("centres", {"navn": ["A"]}, [at(0, 0)])
    assert told(alone)["centre.no_municipality"] == 1


def test_services_in_norwegian_and_of_openstreetmap(make):
    sorts = ["barnehage", "Skole", "supermarket", "frisør"]
    shapes = [Point(EAST + i, NORTH) for i in range(len(sorts))]
    layer = make("services", {"type": sorts}, shapes)
    assert layer.frame["tjeneste"].tolist() == ["barnehage", "barneskole", "dagligvare", "annet"]
    (row,) = [r for r in layer.quality if r.what == "word.unknown"]
    assert (row.amount, row.facts["word"]) == (1, "frisør")


@pytest.mark.parametrize(
    ("fare", "level", "expected"),
    [
        ("310", None, "hensynssone_skred"),
        (320.0, None, "hensynssone_flom"),
        ("H310_1", None, "hensynssone_skred"),
        ("H390", None, "hensynssone_annen"),
        ("310", "aktsomhet", "aktsomhet_skred"),
        ("Flom", "Faresone", "faresone_flom"),
        ("snøskred", "aktsomhetsområde", "aktsomhet_skred"),
        ("kvikkleire", "aktsomhetskart", "aktsomhet_kvikkleire"),
        ("drager", "faresone", "faresone_annen"),
    ],
)
def test_hazards_by_code_or_word_and_level(make, at, fare, level, expected):
    layer = make("hazards", {"fare": [fare], "kartnivå": [level]}, [at(0, 0)])
    assert layer.frame["fareklasse"].tolist() == [expected]
    assert ("word.unknown" in told(layer)) == (fare == "drager")


def test_hazard_that_may_be_either_is_refused(make, at):
    for level in (None, "kart"):
        with pytest.raises(InputError) as caught:
            make("hazards", {"fare": ["flom"], "kartnivå": [level]}, [at(0, 0)])
        assert caught.value.key == "hazard.level"


def test_letters_alone_make_the_word():
    assert letters_only(" Gang- og Sykkelveg ") == letters_only("gangOgSykkelveg")
    assert letters_only(None) == letters_only(np.nan) == ""


@pytest.mark.realdata
def test_roads_of_n1000_are_read_with_ferries_and_plans_told(realdata, layers):
    path = realdata / "landuse/n1000_trondheimsregionen.gpkg"
    module = importlib.import_module("ikap.kinds.network")
    declared = layers.declare(path, "network", source={"layer": "Veglenke"})
    layer = load(module, declared, layers.region)
    found = told(layer)
    assert "network.ferry" in found
    assert "network.planned" in found
    assert 0 < layer.frame["walk"].sum() < len(layer.frame)
