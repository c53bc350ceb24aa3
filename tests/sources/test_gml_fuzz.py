"""Whatever a GML file has been through: it is read, or refused with a key, and never more."""

import copy
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from ikap.errors import InputError
from ikap.sources import list_layers, read_path

GML = "{http://www.opengis.net/gml/3.2}"
TEXT = """<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:app="urn:app">
<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::25832"/></gml:boundedBy>
<gml:featureMember><app:Plan gml:id="p"><app:planstatus>3</app:planstatus></app:Plan>
</gml:featureMember>
<gml:featureMember><app:Sone gml:id="a"><app:plan xlink:href="#p"/><app:område><gml:MultiSurface>
<gml:surfaceMember><gml:Polygon gml:id="q"><gml:exterior><gml:Ring>
<gml:curveMember xlink:href="#k"/><gml:curveMember><gml:Curve><gml:segments>
<gml:LineStringSegment><gml:posList>10 10 0 10 0 0</gml:posList></gml:LineStringSegment>
</gml:segments></gml:Curve></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon>
</gml:surfaceMember></gml:MultiSurface></app:område>
<app:verdier><app:Verdier><app:navn>Å</app:navn></app:Verdier></app:verdier></app:Sone>
</gml:featureMember>
<gml:featureMember><app:Grense gml:id="g"><app:grense><gml:Curve gml:id="k"><gml:segments>
<gml:Arc><gml:posList>0 0 8 2 10 10</gml:posList></gml:Arc></gml:segments></gml:Curve>
</app:grense></app:Grense></gml:featureMember>
</gml:FeatureCollection>"""
NAMES = [
    "Polygon",
    "Surface",
    "MultiSurface",
    "CompositeSurface",
    "OrientableSurface",
    "TriangulatedSurface",
    "Solid",
    "PolygonPatch",
    "Triangle",
    "exterior",
    "interior",
    "surfaceMember",
    "patches",
    "Ring",
    "LinearRing",
    "Curve",
    "LineString",
    "OrientableCurve",
    "CompositeCurve",
    "MultiCurve",
    "curveMember",
    "baseCurve",
    "segments",
    "Arc",
    "ArcString",
    "Circle",
    "ArcByCenterPoint",
    "CircleByCenterPoint",
    "LineStringSegment",
    "BSpline",
    "Point",
    "MultiPoint",
    "MultiGeometry",
    "pos",
    "posList",
    "coordinates",
    "coord",
    "boundedBy",
    "featureMember",
    "FeatureCollection",
]
WORDS = ["", "1 2", "1 2 3", "nan nan", "1e400 1", "a", "0 0 " * 4, "inf " * 4, "1,2 3,4", "5"]
KEYS = ["srsName", "srsDimension", f"{GML}id", "orientation", "uom", "cs", "decimal"]
HREF = "{http://www.w3.org/1999/xlink}href"
VALUES = ["2", "3", "-", "", "#", "#a", "#k", "#q", "#g", "x.gml#y", "EPSG:4258", "EPSG:25833", "m"]
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.one_of(
            st.tuples(st.just("name"), st.sampled_from(NAMES)),
            st.tuples(st.just("text"), st.sampled_from(WORDS)),
            st.tuples(st.sampled_from([*KEYS, HREF]), st.sampled_from(VALUES)),
            st.tuples(st.just("copy"), st.integers(0, 200)),
            st.tuples(st.just("cut"), st.none()),
        ),
    ),
    min_size=1,
    max_size=5,
)


def change(root: etree._Element, place: int, what: str, value: object) -> None:
    elements = list(root.iter())
    element = elements[place % len(elements)]
    if what == "name":
        element.tag = f"{GML}{value}"
    elif what == "text":
        element.text = value
    elif what == "copy":
        element.append(copy.deepcopy(elements[value % len(elements)]))
    elif what != "cut":
        element.set(what, value)
    elif element.getparent() is not None:
        element.getparent().remove(element)


def survives(path: Path) -> None:
    try:
        names = list_layers(path)
    except InputError:
        return
    for name in names:
        try:
            raw = read_path(path, layer=name)
        except InputError as error:
            assert error.key != "file.unreadable"  # one feature is never the whole file
        else:
            assert raw.frame.crs is not None


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(changes=CHANGES)
def test_changed_elements(changes: list) -> None:
    root = etree.fromstring(TEXT)
    for place, (what, value) in changes:
        change(root, place, what, value)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gml"
        path.write_bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))
        survives(path)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(start=st.integers(0, 2000), length=st.integers(0, 60), put=st.binary(max_size=8))
def test_changed_bytes(start: int, length: int, put: bytes) -> None:
    whole = TEXT.encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gml"
        path.write_bytes(whole[:start] + put + whole[start + length :])
        survives(path)
