"""Any polygons and attributes that are written as GML come back as they were."""

import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import pyogrio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from ikap.sources import read_path

LETTERS = st.characters(
    min_codepoint=32, max_codepoint=0x24FF, exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")
)
TEXTS = st.none() | st.text(LETTERS, min_size=1, max_size=30)
METRES = st.integers(-200_000_000, 8_000_000_000).map(lambda n: n / 1000)


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    x, y, side = draw(METRES), draw(METRES) + 1e6, draw(st.integers(4, 5000))
    whole = box(x, y, x + side, y + side)
    holes = draw(st.integers(0, 2))
    part = side / 8
    inner = [
        box(x + part * (1 + 3 * i), y + part, x + part * (2 + 3 * i), y + 2 * part).exterior
        for i in range(holes)
    ]
    return Polygon(whole.exterior, inner)


AREAS = polygons() | st.lists(polygons(), min_size=1, max_size=3).map(MultiPolygon)
ROWS = st.lists(st.tuples(AREAS, TEXTS, TEXTS), min_size=1, max_size=6)
HEAD = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:a="urn:a">'
    '<gml:boundedBy><gml:Envelope srsName="{srs}"/></gml:boundedBy>'
)


def ring(line: shapely.LinearRing, *, curved: bool) -> str:
    points = [f"{x!r} {y!r}" for x, y in ((float(x), float(y)) for x, y in line.coords)]
    if not curved:
        return f"<gml:LinearRing><gml:posList>{' '.join(points)}</gml:posList></gml:LinearRing>"
    middle = len(points) // 2
    pieces = (points[: middle + 1], points[middle:])
    members = "".join(
        f"<gml:curveMember><gml:LineString><gml:posList>{' '.join(piece)}</gml:posList>"
        "</gml:LineString></gml:curveMember>"
        for piece in pieces
    )
    return f"<gml:Ring>{members}</gml:Ring>"


def surface(area: Polygon | MultiPolygon, *, curved: bool) -> str:
    if isinstance(area, MultiPolygon):
        members = (
            f"<gml:surfaceMember>{surface(part, curved=curved)}</gml:surfaceMember>"
            for part in area.geoms
        )
        return f"<gml:MultiSurface>{''.join(members)}</gml:MultiSurface>"
    holes = "".join(
        f"<gml:interior>{ring(hole, curved=curved)}</gml:interior>" for hole in area.interiors
    )
    shell = f"<gml:exterior>{ring(area.exterior, curved=curved)}</gml:exterior>"
    return f"<gml:Polygon>{shell}{holes}</gml:Polygon>"


def document(rows: list[tuple], *, curved: bool, srs: str = "EPSG:25832") -> str:
    features = []
    for i, (area, name, code) in enumerate(rows):
        values = "".join(
            f"<a:{key}>{escape(value)}</a:{key}>"
            for key, value in (("navn", name), ("kode", code))
            if value is not None
        )
        shape = f"<a:område>{surface(area, curved=curved)}</a:område>"
        nested = f"<a:verdier><a:Verdier>{values}</a:Verdier></a:verdier>"
        features.append(
            f'<gml:featureMember><a:Sone gml:id="i{i}">{nested}{shape}</a:Sone></gml:featureMember>'
        )
    return HEAD.format(srs=srs) + "".join(features) + "</gml:FeatureCollection>"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, curved=st.booleans())
def test_round_trip(rows: list[tuple], curved: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gml"
        path.write_text(document(rows, curved=curved), encoding="utf-8")
        raw = read_path(path)
    frame = raw.frame
    assert list(frame.index) == [f"gml:i{i}" for i in range(len(rows))]
    for found, (expected, _, _) in zip(frame.geometry, rows, strict=True):
        assert shapely.equals_exact(found, expected)  # every vertex, in its order
    for column, place in (("navn", 1), ("kode", 2)):
        wanted = [row[place] for row in rows]
        if any(value is not None for value in wanted):
            found = [None if cell != cell else cell for cell in frame[column]]  # noqa: PLR0124
            assert found == wanted
    assert raw.quality == ()


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_the_same_geometry_as_gdal(rows: list[tuple]) -> None:
    srs = "http://www.opengis.net/def/crs/EPSG/0/25832"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gml"
        path.write_text(document(rows, curved=False, srs=srs), encoding="utf-8")
        ours = read_path(path).frame
        gdal = pyogrio.read_dataframe(path)
    assert ours.crs == gdal.crs
    for one, other in zip(ours.geometry, gdal.geometry, strict=True):
        parts = (shapely.get_parts(one), shapely.get_parts(other))  # GDAL makes all of them multi
        assert all(shapely.equals_exact(a, b, 1e-6) for a, b in zip(*parts, strict=True))
