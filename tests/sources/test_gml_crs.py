"""Coordinate systems of GML: every form of the name, the order of axes, and what is not guessed."""

import geopandas as gpd
import pytest
import shapely
from pyproj import CRS, Transformer
from shapely import box

from ikap.errors import InputError
from ikap.kinds.place import check_place
from ikap.sources import read_path
from ikap.sources.gml_crs import reference
from ikap.sources.ledger import Ledger

UTM = {
    "http://www.opengis.net/def/crs/EPSG/0/25832": 25832,
    "https://www.opengis.net/def/crs/epsg/0/25832": 25832,
    "http://www.opengis.net/def/crs/EPSG/9.8.6/25833": 25833,
    "urn:ogc:def:crs:EPSG::25832": 25832,
    "urn:ogc:def:crs:EPSG:8.2:25833": 25833,
    "urn:x-ogc:def:crs:EPSG:25832:25832": 25832,
    "EPSG:25832": 25832,
    "epsg:25832": 25832,
    " EPSG:25832\n": 25832,
    "http://www.opengis.net/gml/srs/epsg.xml#25832": 25832,
    "urn:ogc:def:crs:EPSG::5972": 5972,
    "EPSG:5973": 5973,
    "EPSG:6173": 6173,
    "urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5941": 5972,
    "http://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/EPSG/0/25833"
    "&2=http://www.opengis.net/def/crs/EPSG/0/5941": 5973,
}


@pytest.mark.parametrize("name", UTM)
def test_form_of_the_name(name: str) -> None:
    found = reference(name)
    assert found.crs.to_epsg() == UTM[name]
    assert not found.north_first


@pytest.mark.parametrize(
    "name", ["", "25832", "EPSG:1", "SOSI:22", "urn:ogc:def:crs:EPSG::", "UTM32", "EPSG:25832;x"]
)
def test_no_known_name(name: str) -> None:
    assert reference(name) is None


NORTH_FIRST = {
    "http://www.opengis.net/def/crs/EPSG/0/4258": True,
    "urn:ogc:def:crs:EPSG::4258": True,
    "urn:ogc:def:crs:EPSG::4326": True,
    "urn:ogc:def:crs:EPSG::4937": True,  # with heights
    "EPSG:4258": False,
    "http://www.opengis.net/gml/srs/epsg.xml#4326": False,
    "urn:ogc:def:crs:OGC:1.3:CRS84": False,
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84": False,
    "http://www.opengis.net/def/crs/EPSG/0/25832": False,
    "EPSG:25833": False,
    "urn:ogc:def:crs:EPSG::27393": True,  # NGO 1948, x is north
    "urn:ogc:def:crs:EPSG::3857": False,
}


@pytest.mark.parametrize("name", NORTH_FIRST)
def test_the_same_square_in_every_order_of_axes(gml, zone, name: str) -> None:
    found = reference(name)
    assert found.north_first is NORTH_FIRST[name]
    crs = CRS("EPSG:25832")
    move = Transformer.from_crs(crs, found.crs, always_xy=True)
    square = shapely.get_coordinates(box(569000, 7034000, 569100, 7034100))
    x, y = move.transform(square[:, 0], square[:, 1])
    third = " 7.5" if found.dimension == 3 else ""
    pairs = zip(y, x, strict=True) if found.north_first else zip(x, y, strict=True)
    text = " ".join(f"{a!r} {b!r}{third}" for a, b in ((float(a), float(b)) for a, b in pairs))
    drawn = (
        "<gml:Polygon><gml:exterior><gml:LinearRing>"
        f"<gml:posList>{text}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )
    raw = read_path(gml(zone(geometry=drawn), srs=name, dim=found.dimension))
    back = raw.frame.to_crs(crs).geometry.iloc[0]
    off = shapely.hausdorff_distance(back, box(569000, 7034000, 569100, 7034100))
    assert off < 0.01  # there and back by way of the datum of 1948 is 4 mm
    assert raw.crs_known_by == "file"
    short = [row.facts["name"] for row in raw.quality if row.what == "gml.axis_short"]
    assert short == ([name] if name in ("EPSG:4258", list(NORTH_FIRST)[5]) else [])


def test_swapped_axes_are_found_by_place(gml, zone) -> None:
    ring = "7034000 569000 7034000 569100 7034100 569100 7034100 569000 7034000 569000"
    drawn = (
        "<gml:Polygon><gml:exterior><gml:LinearRing>"
        f"<gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )
    frame = read_path(gml(zone(geometry=drawn))).frame
    ledger = Ledger("a.gml", "a")
    check_place(frame, "EPSG:25832", (509326, 6947293, 635345, 7082737), ledger)
    assert [fault.key for fault in ledger.faults] == ["place.swapped"]


def polygon(srs: str = "", ring: str = "") -> str:
    own = f' srsName="{srs}"' if srs else ""
    numbers = ring or "570000 7030000 570100 7030000 570100 7030100 570000 7030000"
    return (
        f"<gml:Polygon{own}><gml:exterior><gml:LinearRing><gml:posList>{numbers}</gml:posList>"
        "</gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def fault_of(path, **options) -> tuple[str, tuple[str, ...], dict]:
    with pytest.raises(InputError) as caught:
        read_path(path, **options)
    assert len(caught.value.faults) == 1
    fault = caught.value.faults[0]
    return fault.key, fault.ids, dict(fault.facts)


@pytest.mark.parametrize("where", ["collection", "feature", "multi", "polygon", "list"])
def test_name_is_inherited_from_what_lies_around(gml, zone, where: str) -> None:
    name = "urn:ogc:def:crs:EPSG::25833"
    drawn = polygon(name if where == "polygon" else "")
    if where == "list":
        drawn = drawn.replace("<gml:posList>", f'<gml:posList srsName="{name}">')
    if where == "multi":
        member = f"<gml:surfaceMember>{drawn}</gml:surfaceMember>"
        drawn = f'<gml:MultiSurface srsName="{name}">{member}</gml:MultiSurface>'
    text = zone(geometry=drawn)
    if where == "feature":
        bounds = f'<gml:boundedBy><gml:Envelope srsName="{name}"/></gml:boundedBy>'
        text = text.replace("<app:område>", f"{bounds}<app:område>")
    other = "EPSG:25832" if where in ("polygon", "multi", "list", "feature") else name
    assert read_path(gml(text, srs=other)).frame.crs.to_epsg() == 25833


def test_the_geometrys_own_name_does_not_take_the_collections_dimension(gml, zone) -> None:
    frame = read_path(gml(zone(geometry=polygon("EPSG:25832")), srs="EPSG:5972", dim=3)).frame
    assert frame.area.iloc[0] == 5000


def test_no_name_is_refused_and_not_guessed(gml, zone) -> None:
    key, _, facts = fault_of(gml(zone(), srs=None))
    assert (key, "EPSG:25832" in facts["likely"]) == ("crs.missing", True)


def test_name_that_is_not_known(gml, zone) -> None:
    key, ids, facts = fault_of(gml(zone("x", polygon("SOSI:22"))))
    assert (key, ids, facts) == ("gml.crs_unknown", ("gml:x",), {"name": "SOSI:22"})


def test_several_systems_in_one_layer(gml, zone) -> None:
    path = gml(zone("a", polygon("EPSG:25832")), zone("b", polygon("EPSG:25833")))
    key, ids, facts = fault_of(path)
    assert (key, ids) == ("gml.crs_mixed", ("gml:a", "gml:b"))
    assert facts["there"] == "EPSG:25832, EPSG:25833"


def test_one_feature_without_a_system(gml, zone) -> None:
    path = gml(zone("a", polygon("EPSG:25832")), zone("b", polygon()), srs=None)
    assert fault_of(path)[:2] == ("gml.crs_mixed", ("gml:a", "gml:b"))


def test_several_systems_in_several_layers(gml, zone) -> None:
    path = gml(zone("a", polygon("EPSG:25832")), zone("b", polygon("EPSG:25833"), kind="RpOmråde"))
    assert read_path(path, layer="RpOmråde").frame.crs.to_epsg() == 25833
    assert read_path(path, layer="RpArealformålOmråde").frame.crs.to_epsg() == 25832


def test_forms_of_the_same_system_go_together(gml, zone) -> None:
    names = ("EPSG:25832", "urn:ogc:def:crs:EPSG::25832", "urn:ogc:def:crs:EPSG::5972")
    ring = "570000 7030000 5 570100 7030000 5 570100 7030100 5 570000 7030000 5"
    drawn = [polygon(names[0]), polygon(names[1]), polygon(names[2], ring)]
    frame = read_path(gml(*(zone(str(i), d) for i, d in enumerate(drawn)))).frame
    assert frame.crs == CRS("EPSG:25832")
    assert frame.area.tolist() == [5000, 5000, 5000]


def test_degrees_are_refused_where_areas_are_measured(gml, zone) -> None:
    ring = "63.4 10.4 63.4 10.5 63.5 10.5 63.4 10.4"
    path = gml(zone(geometry=polygon("urn:ogc:def:crs:EPSG::4258", ring)))
    frame: gpd.GeoDataFrame = read_path(path).frame
    assert frame.total_bounds.tolist() == [10.4, 63.4, 10.5, 63.5]
    assert fault_of(path, measured=True)[0] == "crs.geographic"


def test_metres_that_are_said_to_be_degrees(gml, zone) -> None:
    assert fault_of(gml(zone(), srs="urn:ogc:def:crs:EPSG::4258"))[0] == "crs.impossible"
