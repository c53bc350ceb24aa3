"""Whatever a GML file has been through: it is read, or refused with a key, and never more."""

import copy
import tempfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from ikap.errors import InputError
from ikap.sources import Raw, list_layers, read_path
from ikap.texts import Catalogue, error_text

LANGUAGES = [Catalogue.load(lang) for lang in ("nb", "en")]
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


def outcomes(path: Path) -> list[Raw | InputError]:
    """What became of the file: its layers as read, or why not. Never nothing."""
    try:
        names = list_layers(path)
    except InputError as refused:
        return [refused]
    found = [outcome(path, name) for name in names or [None]]
    # one feature is never the whole file
    assert "file.unreadable" not in [one.key for one in found if isinstance(one, InputError)]
    return found


def outcome(path: Path, layer: str | None) -> Raw | InputError:
    try:
        return read_path(path, layer=layer)
    except InputError as refused:
        return refused


def assert_told_or_sound(found: list[Raw | InputError]) -> None:
    """A refusal names the file in both languages; what was read can be placed and traced."""
    for one in found:
        if isinstance(one, InputError):
            assert all("a.gml" in error_text(one, words) for words in LANGUAGES), one
            continue
        shapes = one.frame.geometry
        assert one.frame.crs is not None
        assert one.frame.index.is_unique
        assert np.isfinite(shapely.get_coordinates(shapes.to_numpy())).all()
        assert not shapes.has_z.any()


def written(text: bytes, folder: str) -> Path:
    path = Path(folder) / "a.gml"
    path.write_bytes(text)
    return path


def test_unchanged_file_is_read_whole() -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = {r.layer: r.frame for r in outcomes(written(TEXT.encode(), folder))}
    assert {layer: list(frame.index) for layer, frame in found.items()} == {
        "Sone": ["gml:a"],
        "Grense": ["gml:g"],
    }
    # triangle 50 + segment of a circle r² = 64.22, angle 2.162: 32.11 × (2.162 - sin 2.162) = 42.8
    assert found["Sone"].area.tolist() == pytest.approx([92.75], abs=0.15)
    assert found["Sone"]["navn"].tolist() == ["Å"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@example([(0, (HREF, "#a")), (10, ("copy", 0))])  # what waits has a name with «å»
@given(changes=CHANGES)
def test_changed_elements_are_read_or_refused(changes: list) -> None:
    root = etree.fromstring(TEXT)
    for place, (what, value) in changes:
        change(root, place, what, value)
    text = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(written(text, folder))
    assert found
    assert_told_or_sound(found)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(start=st.integers(0, 2000), length=st.integers(0, 60), put=st.binary(max_size=8))
def test_changed_bytes_are_read_or_refused(start: int, length: int, put: bytes) -> None:
    whole = TEXT.encode()
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(written(whole[:start] + put + whole[start + length :], folder))
    assert found
    assert_told_or_sound(found)
