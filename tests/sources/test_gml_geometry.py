"""Every way that GML draws: equal to plain geometry, or told by the feature it is of."""

import math

import pyogrio
import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from ikap.errors import InputError
from ikap.sources import read_path

SQUARE = "0 0 10 0 10 10 0 10 0 0"
HOLE = "2 2 2 4 4 4 4 2 2 2"
FAR = "20 0 30 0 30 10 20 10 20 0"


def pos(numbers: str) -> str:
    return f"<gml:posList>{numbers}</gml:posList>"


def ring(numbers: str) -> str:
    return f"<gml:LinearRing>{pos(numbers)}</gml:LinearRing>"


def inside(numbers: str, *holes: str, name: str = "Polygon") -> str:
    interiors = "".join(f"<gml:interior>{ring(h)}</gml:interior>" for h in holes)
    return f"<gml:{name}><gml:exterior>{ring(numbers)}</gml:exterior>{interiors}</gml:{name}>"


def curve(*segments: str, gid: str = "") -> str:
    own = f' gml:id="{gid}"' if gid else ""
    return f"<gml:Curve{own}><gml:segments>{''.join(segments)}</gml:segments></gml:Curve>"


def line(numbers: str) -> str:
    return f"<gml:LineStringSegment>{pos(numbers)}</gml:LineStringSegment>"


def arc(numbers: str, name: str = "Arc") -> str:
    return f"<gml:{name}>{pos(numbers)}</gml:{name}>"


def members(name: str, *content: str) -> str:
    return "".join(f"<gml:{name}>{c}</gml:{name}>" for c in content)


def ringed(*curves: str) -> str:
    drawn = f"<gml:Ring>{members('curveMember', *curves)}</gml:Ring>"
    return f"<gml:Polygon><gml:exterior>{drawn}</gml:exterior></gml:Polygon>"


def centred(name: str, radius: str, angles: str = "") -> str:
    return f"<gml:{name} numArc='1'><gml:pos>0 0</gml:pos>{radius}{angles}</gml:{name}>"


def angles(first: float, last: float) -> str:
    return (
        f'<gml:startAngle uom="deg">{first}</gml:startAngle>'
        f'<gml:endAngle uom="deg">{last}</gml:endAngle>'
    )


TEN = '<gml:radius uom="m">10</gml:radius>'
DONUT = Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 4, 4).exterior])
TWO = shapely.MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)])
LEFT, RIGHT = line("0 0 10 0 10 10"), line("10 10 0 10 0 0")

PLAIN = {
    "polygon": (inside(SQUARE), box(0, 0, 10, 10)),
    "hole": (inside(SQUARE, HOLE), DONUT),
    "gml2": (
        "<gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>0,0 10,0 10,10 0,10 0,0"
        "</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>",
        box(0, 0, 10, 10),
    ),
    "gml2 signs": (
        '<gml:LineString><gml:coordinates decimal="," cs=" " ts=";">0,5 1;2 3,25</gml:coordinates>'
        "</gml:LineString>",
        LineString([(0.5, 1), (2, 3.25)]),
    ),
    "pos": (
        "<gml:LineString><gml:pos>0 0</gml:pos><gml:pos>1 2</gml:pos></gml:LineString>",
        LineString([(0, 0), (1, 2)]),
    ),
    "pointProperty": (
        "<gml:LineString><gml:pointProperty><gml:Point><gml:pos>0 0</gml:pos></gml:Point>"
        "</gml:pointProperty><gml:pos>1 2</gml:pos></gml:LineString>",
        LineString([(0, 0), (1, 2)]),
    ),
    "coord": (
        "<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>",
        Point(1, 2),
    ),
    "surface": (
        f"<gml:Surface><gml:patches>{inside(SQUARE, HOLE, name='PolygonPatch')}</gml:patches>"
        "</gml:Surface>",
        DONUT,
    ),
    "patches": (
        "<gml:Surface><gml:patches>"
        + inside("0 0 5 0 5 10 0 10 0 0", name="PolygonPatch")
        + inside("5 0 10 0 10 10 5 10 5 0", name="PolygonPatch")
        + "</gml:patches></gml:Surface>",
        box(0, 0, 10, 10),
    ),
    "triangles": (
        "<gml:TriangulatedSurface><gml:patches>"
        + inside("0 0 10 0 10 10 0 0", name="Triangle")
        + inside("0 0 10 10 0 10 0 0", name="Triangle")
        + "</gml:patches></gml:TriangulatedSurface>",
        box(0, 0, 10, 10),
    ),
    "multi": (
        f"<gml:MultiSurface>{members('surfaceMember', inside(SQUARE), inside(FAR))}"
        "</gml:MultiSurface>",
        TWO,
    ),
    "multi members": (
        f"<gml:MultiSurface>{members('surfaceMembers', inside(SQUARE) + inside(FAR))}"
        "</gml:MultiSurface>",
        TWO,
    ),
    "multi gml2": (
        f"<gml:MultiPolygon>{members('polygonMember', inside(SQUARE), inside(FAR))}"
        "</gml:MultiPolygon>",
        TWO,
    ),
    "composite": (
        "<gml:CompositeSurface>"
        + members(
            "surfaceMember", inside("0 0 5 0 5 10 0 10 0 0"), inside("5 0 10 0 10 10 5 10 5 0")
        )
        + "</gml:CompositeSurface>",
        box(0, 0, 10, 10),
    ),
    "ring of curves": (ringed(curve(LEFT), curve(RIGHT)), box(0, 0, 10, 10)),
    "ring of segments": (ringed(curve(LEFT, RIGHT)), box(0, 0, 10, 10)),
    "composite curve": (
        ringed(
            f"<gml:CompositeCurve>{members('curveMember', curve(LEFT), curve(RIGHT))}"
            "</gml:CompositeCurve>"
        ),
        box(0, 0, 10, 10),
    ),
    "orientation": (
        ringed(
            curve(LEFT),
            f'<gml:OrientableCurve orientation="-">'
            f"{members('baseCurve', curve(line('0 0 0 10 10 10')))}</gml:OrientableCurve>",
        ),
        box(0, 0, 10, 10),
    ),
    "multi curve": (
        "<gml:MultiCurve>"
        + members(
            "curveMember",
            curve(line("0 0 1 1")),
            f"<gml:LineString>{pos('2 2 3 3')}</gml:LineString>",
        )
        + "</gml:MultiCurve>",
        shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
    ),
    "multi point": (
        "<gml:MultiPoint>"
        + members("pointMember", "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>")
        + "</gml:MultiPoint>",
        shapely.MultiPoint([(1, 2)]),
    ),
    "mixed": (
        "<gml:MultiGeometry>"
        + members("geometryMember", inside(SQUARE), "<gml:Point><gml:pos>1 2</gml:pos></gml:Point>")
        + "</gml:MultiGeometry>",
        shapely.GeometryCollection([box(0, 0, 10, 10), Point(1, 2)]),
    ),
}


def read(gml, zone, geometry: str, **options):
    raw = read_path(gml(zone(geometry=geometry), **options))
    return raw.frame.geometry.iloc[0], {row.what: row for row in raw.quality}


@pytest.mark.parametrize("name", PLAIN)
def test_plain(gml, zone, name: str) -> None:
    text, expected = PLAIN[name]
    found, quality = read(gml, zone, text)
    assert found.geom_type == expected.geom_type
    assert shapely.equals(found, expected)
    assert quality == {}


GDAL_TOO = sorted(set(PLAIN) - {"triangles", "gml2 signs", "multi point"})


@pytest.mark.parametrize("name", GDAL_TOO)
def test_the_same_as_gdal(gml, zone, name: str) -> None:
    path = gml(zone(geometry=PLAIN[name][0]))
    found = read_path(path).frame
    gdal = pyogrio.read_dataframe(path)
    assert shapely.equals(found.geometry.iloc[0], gdal.geometry.iloc[0])
    assert found.crs == gdal.crs


@pytest.mark.parametrize("radius", [0.5, 3.0, 40.0, 1000.0, 25_000.0])
def test_circle_has_its_area(gml, zone, radius: float) -> None:
    half = radius * math.sqrt(0.5)
    around = arc(f"{-half} {half} {half} {half} {half} {-half}", "Circle")
    found, quality = read(gml, zone, ringed(curve(around)))
    assert quality["curves.straightened"].amount == 1
    assert 0 <= math.pi * radius**2 - found.area <= 2 * math.pi * radius * 0.01
    corners = shapely.get_coordinates(found)
    assert abs((corners**2).sum(axis=1) ** 0.5 - radius).max() < 1e-6 * radius
    sagitta = radius - abs(found.exterior.distance(Point(0, 0)))
    assert sagitta <= 0.01 + 1e-9


HALF = math.pi * 100 / 2
ARCS = {
    "arc": (ringed(curve(arc("10 0 0 10 -10 0"), line("-10 0 10 0"))), HALF),
    "arc the long way": (
        ringed(curve(arc("10 0 -10 0 0 -10"), line("0 -10 0 0 10 0"))),
        math.pi * 75,
    ),
    "arc string": (ringed(curve(arc("10 0 0 10 -10 0 0 -10 10 0", "ArcString"))), 2 * HALF),
    "arcs apart": (
        ringed(curve(arc("10 0 0 10 -10 0")), curve(arc("-10 0 0 -10 10 0"))),
        2 * HALF,
    ),
    "by centre": (
        ringed(curve(centred("ArcByCenterPoint", TEN, angles(0, 180)), line("-10 0 10 0"))),
        HALF,
    ),
    "by centre, with the clock": (
        ringed(curve(centred("ArcByCenterPoint", TEN, angles(180, 0)), line("10 0 -10 0"))),
        HALF,
    ),
    "circle by centre": (ringed(curve(centred("CircleByCenterPoint", TEN))), 2 * HALF),
    "arc by positions": (
        ringed(
            curve(
                "<gml:Arc><gml:pos>10 0</gml:pos><gml:pos>0 10</gml:pos><gml:pos>-10 0</gml:pos>"
                "</gml:Arc>",
                line("-10 0 10 0"),
            )
        ),
        HALF,
    ),
}


@pytest.mark.parametrize("name", ARCS)
def test_arcs(gml, zone, name: str) -> None:
    text, area = ARCS[name]
    found, quality = read(gml, zone, text)
    assert shapely.is_valid(found)
    assert 0 <= area - found.area <= 0.01 * 20 * math.pi
    assert quality["curves.straightened"].facts["tolerance_cm"] == 1


SEGMENTS = {
    "arc": arc("10 0 0 10 -10 0"),
    "arc string": arc("10 0 0 10 -10 0 0 -12 10 0", "ArcString"),
    "circle": arc("10 0 0 10 -10 0", "Circle"),
    "by centre": centred("ArcByCenterPoint", TEN, angles(20, 160)),
    "by centre, over north": centred("ArcByCenterPoint", TEN, angles(-30, 60)),
    "by centre, with the clock": centred("ArcByCenterPoint", TEN, angles(200, 10)),
    "circle by centre": centred("CircleByCenterPoint", TEN),
}


@pytest.mark.parametrize("name", SEGMENTS)
def test_arcs_lie_where_gdal_has_them(gml, zone, name: str) -> None:
    path = gml(zone(geometry=curve(SEGMENTS[name])))
    found, gdal = read_path(path).frame.geometry.iloc[0], pyogrio.read_dataframe(path).geometry[0]
    assert shapely.hausdorff_distance(found, gdal) < 0.02  # GDAL has 4 degrees between vertices
    assert shapely.equals_exact(found.boundary, gdal.boundary, 1e-9)


def test_both_sides_of_an_arc_have_the_same_vertices(gml, zone) -> None:
    bow = "0 0 3 5 0 10"
    back = "0 10 3 5 0 0"
    west = ringed(curve(arc(bow), line("0 10 -10 10 -10 0 0 0")))
    east = ringed(curve(arc(back), line("0 0 20 0 20 10 0 10")))
    frame = read_path(gml(zone("a", west), zone("b", east))).frame
    one, other = frame.geometry
    assert shapely.intersection(one, other).area == 0
    assert shapely.union(one, other).equals(box(-10, 0, 20, 10))


FAULTS = {
    "arc of four": (ringed(curve(arc("0 0 5 5 10 0 9 -5"), line("9 -5 0 0"))), "gml.arc_points"),
    "arc of two": (ringed(curve(arc("0 0 5 5"), line("5 5 0 5 0 0"))), "gml.arc_points"),
    "arc on itself": (curve(arc("0 0 5 5 0 0")), "gml.arc_points"),
    "arc string of four": (curve(arc("0 0 5 5 10 0 20 0", "ArcString")), "gml.arc_points"),
    "circle on a line": (curve(arc("0 0 5 0 10 0", "Circle")), "gml.arc_points"),
    "gap": (ringed(curve(LEFT), curve(line("10 9 0 10 0 0"))), "gml.ring_open"),
    "open ring of curves": (ringed(curve(line("0 0 10 0 10 10 0 10"))), "gml.ring_open"),
    "two points": (inside("0 0 10 0"), "gml.ring_short"),
    "there and back": (inside("0 0 10 0 0 0"), "gml.ring_short"),
    "line of one": (f"<gml:LineString>{pos('0 0')}</gml:LineString>", "gml.ring_short"),
    "no exterior": ("<gml:Polygon/>", "gml.ring_short"),
    "odd numbers": (inside("0 0 10 0 10 10 0 10 0"), "gml.dimension_count"),
    "words": (inside("0 0 10 0 10 ti 0 10 0 0"), "gml.coordinates"),
    "comma": (inside("0,0 10,0 10,10 0,10 0,0"), "gml.coordinates"),
    "heights unsaid": (inside("0 0 5 10 0 5 10 10 5 0 10 5 0 0 5 0 0 5"), "gml.dimension"),
    "four dimensions": (
        f'<gml:LineString srsDimension="4">{pos("0 0 0 0 1 1 1 1")}</gml:LineString>',
        "gml.dimension",
    ),
    "spline": (
        curve("<gml:BSpline><gml:posList>0 0 1 1</gml:posList></gml:BSpline>"),
        "gml.unsupported",
    ),
    "bulge": (curve(arc("0 0 5 5", "ArcByBulge")), "gml.unsupported"),
    "solid": ("<gml:Solid/>", "gml.unsupported"),
    "radius in feet": (
        curve(centred("CircleByCenterPoint", '<gml:radius uom="ft">10</gml:radius>')),
        "gml.coordinates",
    ),
    "no radius": (curve(centred("CircleByCenterPoint", "")), "gml.coordinates"),
    "no lines": ("<gml:MultiCurve/>", "gml.coordinates"),
    "no points": ("<gml:MultiPoint/>", "gml.coordinates"),
    "nothing": ("<gml:MultiGeometry/>", "gml.coordinates"),
    "empty multi": ("<gml:MultiSurface/>", "gml.coordinates"),
    "two points in one": (f"<gml:Point>{pos('0 0 1 1')}</gml:Point>", "gml.coordinates"),
    "border elsewhere": (
        "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember xlink:href='#borte'/></gml:Ring>"
        "</gml:exterior></gml:Polygon>",
        "gml.boundary_missing",
    ),
    "border in another file": (
        "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember xlink:href='b.gml#x'/></gml:Ring>"
        "</gml:exterior></gml:Polygon>",
        "gml.boundary_missing",
    ),
    "surface elsewhere": (
        "<gml:MultiSurface><gml:surfaceMember xlink:href='#borte'/></gml:MultiSurface>",
        "gml.boundary_missing",
    ),
    "too deep": ("<gml:CompositeSurface><gml:surfaceMember>" * 60, "gml.too_deep"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_told_by_feature_and_the_rest_loads(gml, zone, name: str) -> None:
    text, key = FAULTS[name]
    if name == "too deep":
        text += inside(SQUARE) + "</gml:surfaceMember></gml:CompositeSurface>" * 60
    options = {"srs": "http://www.opengis.net/def/crs/EPSG/0/25832"}
    if name == "heights unsaid":  # 18 numbers are 9 points, or 6 with heights
        options = {"srs": None}
        text = text.replace("<gml:Polygon>", '<gml:Polygon srsName="EPSG:25832">', 1)
    good = inside(SQUARE).replace("<gml:Polygon>", '<gml:Polygon srsName="EPSG:25832">')
    raw = read_path(gml(zone("a", text), zone("b", good), **options))
    assert list(raw.frame.geometry.isna()) == [True, False]
    assert [(row.what, row.source_id) for row in raw.quality if row.source_id] == [(key, "gml:a")]


MENDED = {
    "no last point": (inside("0 0 10 0 10 10 0 10"), "ring.closed"),
    "arc on a line": (
        ringed(curve(arc("0 0 5 0 10 0"), line("10 0 10 10 0 10 0 0"))),
        "gml.arc_straight",
    ),
    "arc almost on a line": (
        ringed(curve(arc("0 0 5 0.001 10 0"), line("10 0 10 10 0 10 0 0"))),
        "gml.arc_straight",
    ),
    "arc that rises 1 cm in 33 m": (
        ringed(
            curve(arc("0 9.69 8.73 9.70 33 9.69"), line("33 9.69 33 6.67 0 6.67 0 9.69")),
        ),
        "gml.arc_straight",
    ),
    "a piece the wrong way": (
        ringed(curve(LEFT), curve(line("0 0 0 10 10 10"))),
        "gml.curve_turned",
    ),
    "the first piece the wrong way": (
        ringed(curve(line("10 10 10 0 0 0")), curve(RIGHT)),
        "gml.curve_turned",
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_mended_and_told(gml, zone, name: str) -> None:
    text, key = MENDED[name]
    found, quality = read(gml, zone, text)
    assert list(quality) == [key]
    assert found.area == pytest.approx(100, abs=0.4)


def test_ends_that_meet_to_a_millimetre(gml, zone) -> None:
    found, quality = read(gml, zone, ringed(curve(LEFT), curve(line("10 10.0005 0 10 0 0.0004"))))
    assert quality == {}
    assert found.area == pytest.approx(100, abs=0.4)


@pytest.mark.parametrize("where", ["Polygon", "posList", "Envelope"])
def test_heights_are_dropped_and_told(gml, zone, where: str) -> None:
    text = inside("0 0 5 10 0 5 10 10 5 0 10 5 0 0 5")
    if where != "Envelope":
        text = text.replace(f"<gml:{where}>", f'<gml:{where} srsDimension="3">')
    found, quality = read(gml, zone, text, dim=3 if where == "Envelope" else 2)
    assert shapely.equals(found, box(0, 0, 10, 10))
    assert not shapely.has_z(found)
    assert quality["heights.dropped"].amount == 1


def test_heights_of_a_compound_system_need_no_dimension(gml, zone) -> None:
    text = inside("0 0 5 10 0 5 10 10 5 0 10 5 0 0 5").replace(
        "<gml:Polygon>", '<gml:Polygon srsName="urn:ogc:def:crs:EPSG::5972">'
    )
    found, quality = read(gml, zone, text)
    assert shapely.equals(found, box(0, 0, 10, 10))
    assert set(quality) == {"heights.dropped", "crs.vertical"}


def test_mixed_dimensions_in_one_layer(gml, zone) -> None:
    three = inside("0 0 5 10 0 5 10 10 5 0 10 5 0 0 5").replace(
        "<gml:posList>", '<gml:posList srsDimension="3">'
    )
    raw = read_path(gml(zone("a", three), zone("b", inside(FAR))))
    assert raw.frame.area.tolist() == [100, 100]
    assert [(row.what, row.amount) for row in raw.quality] == [("heights.dropped", 1)]


def test_shared_borders_are_followed_both_ways(gml, zone) -> None:
    def ring_of(*links: str) -> str:
        drawn = "".join(links)
        return (
            f"<gml:Polygon><gml:exterior><gml:Ring>{drawn}</gml:Ring></gml:exterior></gml:Polygon>"
        )

    def link(name: str, turned: bool = False) -> str:
        if not turned:
            return f'<gml:curveMember xlink:href="#{name}"/>'
        return (
            '<gml:curveMember><gml:OrientableCurve orientation="-">'
            f'<gml:baseCurve xlink:href="#{name}"/></gml:OrientableCurve></gml:curveMember>'
        )

    def border(gid: str, drawn: str) -> str:
        return f'<app:Grense gml:id="{gid}"><app:grense>{drawn}</app:grense></app:Grense>'

    middle = curve(arc("0 0 3 5 0 10"), gid="m")
    west, east = (
        curve(line("0 10 -10 10 -10 0 0 0"), gid="w"),
        curve(line("0 0 20 0 20 10 0 10"), gid="e"),
    )
    both = f'<gml:CompositeCurve gml:id="b">{link("m")}{link("w")}</gml:CompositeCurve>'
    path = gml(
        zone("west", ring_of(link("b"))),  # a curve of two that are elsewhere
        zone("east", ring_of(link("m", turned=True), link("e"))),
        zone("lost", ring_of(link("m"), link("x"))),
        border("g1", middle),
        border("g2", west),
        border("g3", east),
        border("g4", both),
    )
    raw = read_path(path, layer="RpArealformålOmråde")
    one, other, lost = raw.frame.geometry
    assert lost is None
    assert shapely.union(one, other).equals(box(-10, 0, 20, 10))
    assert shapely.intersection(one, other).area == 0
    rows = [(r.what, r.source_id, dict(r.facts)) for r in raw.quality if r.source_id]
    assert rows == [("gml.boundary_missing", "gml:lost", {"id": "x"})]


def test_surface_and_geometry_elsewhere(gml, zone) -> None:
    square = inside(SQUARE).replace("<gml:Polygon>", '<gml:Polygon gml:id="p">')
    first = zone("a", square)
    by_member = zone(
        "b", "<gml:MultiSurface><gml:surfaceMember xlink:href='#p'/></gml:MultiSurface>"
    )
    by_attribute = zone("c", "", '<app:område xlink:href="#p"/>')
    frame = read_path(gml(by_attribute, by_member, first)).frame
    assert frame.area.tolist() == [100, 100, 100]


def test_border_of_a_feature_by_the_features_own_id(gml, zone) -> None:
    border = f'<app:Grense gml:id="g"><app:grense>{curve(LEFT, RIGHT)}</app:grense></app:Grense>'
    surface = (
        "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember xlink:href='#g'/></gml:Ring>"
        "</gml:exterior></gml:Polygon>"
    )
    frame = read_path(gml(zone("a", surface), border), layer="RpArealformålOmråde").frame
    assert shapely.equals(frame.geometry.iloc[0], box(0, 0, 10, 10))


def test_references_in_a_circle_end(gml, zone) -> None:
    def loop(gid: str, to: str) -> str:
        link = f'<gml:curveMember xlink:href="#{to}"/>'
        drawn = f'<gml:CompositeCurve gml:id="{gid}">{link}</gml:CompositeCurve>'
        return f'<app:Grense gml:id="g{gid}"><app:grense>{drawn}</app:grense></app:Grense>'

    raw = read_path(gml(zone("a"), loop("x", "y"), loop("y", "x")), layer="Grense")
    assert raw.frame.geometry.isna().all()
    assert [row.what for row in raw.quality] == ["gml.boundary_missing"] * 2


def test_the_area_is_used_where_a_feature_has_several_geometries(gml, zone) -> None:
    point = "<app:posisjon><gml:Point><gml:pos>1 2</gml:pos></gml:Point></app:posisjon>"
    raw = read_path(gml(zone("a", None, point), zone("b", "", point)))
    assert raw.frame.geom_type.tolist() == ["Polygon", "Point"]
    rows = [(r.what, r.amount, dict(r.facts)) for r in raw.quality]
    assert rows == [("gml.geometry_beside", 1, {"used": "område", "other": "posisjon"})]


def test_geometry_that_is_repeated_is_kept_whole(gml, zone) -> None:
    again = f"<app:område>{inside(FAR)}</app:område>"
    raw = read_path(gml(zone("a", inside(SQUARE), again)))
    assert shapely.equals(raw.frame.geometry.iloc[0], TWO)
    assert raw.quality == ()


def test_what_is_said_of_a_border_elsewhere_goes_for_the_surface(gml, zone) -> None:
    surface = (
        "<gml:Polygon><gml:exterior><gml:Ring><gml:curveMember xlink:href='#k'/></gml:Ring>"
        "</gml:exterior></gml:Polygon>"
    )
    border = curve(LEFT, RIGHT, gid="k").replace("10 0 10 10<", "10 0 5 10 10 5<")
    border = border.replace("0 0 10 0 5", "0 0 5 10 0 5").replace(
        "10 10 0 10 0 0", "10 10 5 0 10 5 0 0 5"
    )
    border = border.replace("<gml:Curve ", '<gml:Curve srsName="EPSG:5973" srsDimension="3" ')
    other = f'<app:Grense gml:id="g"><app:grense>{border}</app:grense></app:Grense>'
    raw = read_path(gml(zone("a", surface), other, srs=None), layer="RpArealformålOmråde")
    assert raw.frame.crs.to_epsg() == 25833
    assert raw.frame.area.iloc[0] == 100
    assert {row.what: row.amount for row in raw.quality} == {
        "heights.dropped": 1,
        "crs.vertical": 1,
    }


def test_surface_in_another_system_than_its_border(gml, zone) -> None:
    surface = (
        '<gml:MultiSurface srsName="EPSG:25832"><gml:surfaceMember><gml:Polygon><gml:exterior>'
        "<gml:Ring><gml:curveMember xlink:href='#k'/></gml:Ring></gml:exterior></gml:Polygon>"
        f"</gml:surfaceMember><gml:surfaceMember>{inside(FAR)}</gml:surfaceMember></gml:MultiSurface>"
    )
    border = curve(LEFT, RIGHT, gid="k").replace("<gml:Curve ", '<gml:Curve srsName="EPSG:25833" ')
    other = f'<app:Grense gml:id="g"><app:grense>{border}</app:grense></app:Grense>'
    with pytest.raises(InputError) as caught:
        read_path(gml(zone("a", surface), other), layer="RpArealformålOmråde")
    assert caught.value.key == "gml.crs_mixed"


def test_reference_to_a_feature_gives_no_geometry(gml, zone) -> None:
    """An area without geometry does not become its plan, though the plan's outline is known."""
    hollow = zone("a", "", '<app:planområde xlink:href="#o"/>')
    outline = zone("o", inside(SQUARE), kind="RpOmråde")
    using = zone("b", "<gml:MultiSurface><gml:surfaceMember xlink:href='#o'/></gml:MultiSurface>")
    frame = read_path(gml(hollow, outline, using), layer="RpArealformålOmråde").frame
    assert list(frame.geometry.isna()) == [True, False]
