"""SOSI files made by hand: one rule or one fault in each."""

import math
import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from ikap.errors import InputError
from ikap.sources import Raw, list_layers, read_path
from ikap.sources.ledger import Ledger
from ikap.sources.sosi import layers, objects
from ikap.sources.sosi_head import KOORDSYS, Scale, charset_of

HEAD = """.HODE
..TEGNSETT ISO8859-10
..TRANSPAR
...KOORDSYS 22
...ORIGO-NØ 7030000 570000
...ENHET 0.01
..OMRÅDE
...MIN-NØ 7029000 569000
...MAX-NØ 7031000 571000
..SOSI-VERSJON 4.5
..SOSI-NIVÅ 4
"""


def curve(number: int, *points: tuple[float, float], kind: str = "KURVE", more: str = "") -> str:
    """A curve; points are east and north in metres from the origin."""
    rows = "\n".join(f"{round(n * 100)} {round(e * 100)}" for e, n in points)
    return f".{kind} {number}:\n..OBJTYPE Grense\n{more}..NØ\n{rows}\n"


def surface(number: int, ref: str, more: str = "") -> str:
    return f".FLATE {number}:\n..OBJTYPE Flate\n{more}..REF {ref}\n..NØ\n0 0\n"


def point(more: str, number: int = 1) -> str:
    return f".PUNKT {number}:\n..OBJTYPE Punkt\n{more}..NØ\n100 200\n"


def square(first: int, east: float = 0, north: float = 0, size: float = 100) -> str:
    """Four sides, against the clock: `first` at the bottom, then right, top, left."""
    a, b = (east, north), (east + size, north)
    c, d = (east + size, north + size), (east, north + size)
    sides = enumerate(((a, b), (b, c), (c, d), (d, a)))
    return "".join(curve(first + i, *side) for i, side in sides)


def local(*bounds: float) -> shapely.Polygon:
    """Box in metres from the origin."""
    return shapely.transform(box(*bounds), lambda xy: xy + np.array([570000, 7030000]))


@pytest.fixture
def sosi(tmp_path):
    """Write a file with a good head and end, unless others are given."""

    def _write(
        *parts: str, head: str = HEAD, end: str = ".SLUTT\n", encoding: str = "iso8859-10"
    ) -> Path:
        path = tmp_path / "plan.sos"
        path.write_bytes("".join((head, *parts, end)).encode(encoding))
        return path

    return _write


def told(raw: Raw) -> list[tuple[str, str, float]]:
    return [(q.what, q.source_id, q.amount) for q in raw.quality]


def keys_of(path: Path, **options: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_path(path, **options)
    assert all(f.file == str(path) for f in caught.value.faults)
    return [f.key for f in caught.value.faults]


def one(path: Path, layer: str = "Punkt") -> dict:
    """The only row."""
    raw = read_path(path, layer=layer)
    assert len(raw.frame) == 1
    return raw.frame.iloc[0].to_dict()


# Attributes


def test_nested_attributes_get_their_own_names(sosi) -> None:
    row = one(
        sosi(
            point(
                "..IDENT\n...LOKALID abc\n...NAVNEROM no.kommune\n"
                "..KOPIDATA\n...OMRÅDEID 5001\n....DATO 20200101\n..DATO 20210101\n"
            )
        )
    )
    assert (row["LOKALID"], row["NAVNEROM"], row["OMRÅDEID"]) == ("abc", "no.kommune", "5001")
    assert (row["DATO"], row["KOPIDATA.OMRÅDEID.DATO"]) == ("20210101", "20200101")
    assert "IDENT" not in row


def test_repeated_attributes_are_all_kept_and_told(sosi) -> None:
    raw = read_path(sosi(point("..BRUKER 7\n..BRUKER 9\n..NAVN Å\n")))
    assert raw.frame["BRUKER"].tolist() == ["7; 9"]
    assert told(raw) == [("sosi.repeated", "", 1)]
    assert dict(raw.quality[0].facts) == {"column": "BRUKER"}


def test_attribute_that_not_all_objects_have(sosi) -> None:
    raw = read_path(sosi(point("..A 1\n", 1), point("..B 2\n", 2), point("..A 3\n", 3)))
    assert raw.frame["A"].fillna("-").tolist() == ["1", "-", "3"]
    assert raw.frame["B"].fillna("-").tolist() == ["-", "2", "-"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 !!!! merknad", "3"),
        ('"Åsen ! på Øya"', "Åsen ! på Øya"),
        ('"Åsen" ! på "Øya"', "Åsen"),
        ("!ingen", None),
        ('"to\nlinjer"', "to\nlinjer"),
        ('"to\r\nlinjer"', "to\nlinjer"),
        ("to\nlinjer ! og mer", "to linjer"),
        ('"første " & "andre"', "første andre"),
        ('"første " &\n "andre"', "første andre"),
        ('"&"', "&"),
        ('"a" & "&"', "a&"),
        ("'enkle'", "enkle"),
        ("D'Arc", "D'Arc"),
        ('""', None),
        ("0301", "0301"),
        ("20240131120000", "20240131120000"),
        ("\t med   mellomrom  ", "med   mellomrom"),
    ],
)
def test_values(sosi, text: str, value: str | None) -> None:
    row = one(sosi(point(f"..FØR 1\n..VERDI {text}\n..ETTER 2\n")))
    assert row.get("VERDI") == value
    assert (row["FØR"], row["ETTER"]) == ("1", "2")


def test_text_that_is_not_closed_ends_at_the_next_element(sosi) -> None:
    raw = read_path(sosi(point('..NAVN "Øya\n..KODE 7\n')))
    assert (raw.frame["NAVN"].iloc[0], raw.frame["KODE"].iloc[0]) == ("Øya", "7")
    assert told(raw) == [("sosi.text_open", "", 1)]


def test_quality_is_laid_out(sosi) -> None:
    row = one(sosi(point("..KVALITET 82 200 * 96\n")))
    assert row["KVALITET"] == "82 200 * 96"
    assert (row["MÅLEMETODE"], row["NØYAKTIGHET"], row["H-MÅLEMETODE"]) == ("82", "200", "96")
    assert "SYNBARHET" not in row


def test_nested_quality_is_left_as_it_is(sosi) -> None:
    row = one(sosi(point("..KVALITET\n...MÅLEMETODE 82\n...NØYAKTIGHET 200\n")))
    assert (row["MÅLEMETODE"], row["NØYAKTIGHET"]) == ("82", "200")


def test_quality_of_the_head_holds_for_objects_that_have_none(sosi) -> None:
    path = sosi(point("", 1), point("..KVALITET 10 5\n", 2), head=HEAD + "..KVALITET 82 200\n")
    raw = read_path(path)
    assert raw.frame["KVALITET"].tolist() == ["82 200", "10 5"]
    assert raw.frame["NØYAKTIGHET"].tolist() == ["200", "5"]


def test_definitions_are_not_objects(sosi) -> None:
    path = sosi(".DEF\n..BYGGTYP_NBR T3\n", ".OBJDEF\n..X N1\n", point(""))
    assert list_layers(path) == ("Punkt",)
    assert read_path(path).quality == ()


def test_layers_are_object_types_that_have_geometry(sosi) -> None:
    path = sosi(
        point(""),
        curve(2, (0, 0), (1, 1)),
        ".OBJEKT 3:\n..OBJTYPE Plan\n..NAVN x\n",
        ".KURVE 4:\n..LTEMA 4011\n..NØ\n0 0\n1 1\n",
    )
    assert list_layers(path) == ("Punkt", "Grense", "KURVE")
    assert keys_of(path) == ["file.layer_choice"]
    assert one(path, "KURVE")["LTEMA"] == "4011"


def test_objects_whose_type_has_no_geometry_are_told(sosi) -> None:
    raw = read_path(sosi(point(""), ".OBJEKT 3:\n..OBJTYPE Arealplan\n..NAVN x\n"))
    assert told(raw) == [("sosi.without_geometry", "", 1)]
    assert dict(raw.quality[0].facts) == {"types": "Arealplan"}


def test_ids_are_serial_numbers(sosi) -> None:
    path = sosi(point("", 12), point("", 7), ".PUNKT\n..OBJTYPE Punkt\n..NØ\n1 1\n", point("", 7))
    raw = read_path(path)
    assert raw.frame.index.tolist() == ["sosi:12", "sosi:7", "sosi:#3", "sosi:7#2"]
    assert told(raw) == [("sosi.number_twice", "", 1)]


# Coordinates


@given(
    st.integers(-(10**14), 10**14),
    st.decimals(-9_999_999, 9_999_999, places=2),
    st.sampled_from(["0.001", "0.01", "0.010", "0.1", "1", "0.5", "0.30480061", "0.0000001"]),
)
def test_coordinates_are_the_nearest_doubles(number: int, origin: Decimal, unit: str) -> None:
    scale = Scale(origin, Decimal(0), Decimal(unit))
    exact = Fraction(origin) + number * Fraction(unit)
    assert scale.xy(np.array([[number, 0]]))[0, 1] == float(exact)
    assert scale.of_decimals([(str(number).encode(), b"0")])[0, 1] == float(exact)


@pytest.mark.parametrize(
    "rows",
    [
        "0 0\n500 1000\n1000 0",
        "0 0 ...KP 1\n..NØ\n500 1000\n1000 0 ...KP 1",
        "0 0\n...KP 1\n500 1000\n...KP 1\n1000 0",
        "0 0 ! fra\n! midt i\n\n  500\t1000  \n1000 0 ...PTEMA 4064 ...KP 1 !(til)",
        "0.0 0\n500 1000.00\n1000 0",
        "+0 -0\n500 1000\n1000 0",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_ways_to_write_the_same_line(sosi, rows: str, newline: str) -> None:
    text = f".KURVE 1:\n..OBJTYPE Grense\n..NØ\n{rows}\n..NAVN x\n".replace("\n", newline)
    row = one(sosi(text, head=HEAD.replace("\n", newline)), "Grense")
    assert row["geometry"].wkt == (
        "LINESTRING (570000 7030000, 570010 7030005, 570000 7030010)"  # north first, in cm
    )
    assert row["NAVN"] == "x"


def test_coordinates_on_the_line_of_their_name(sosi) -> None:
    path = sosi(".PUNKT 1:\n..OBJTYPE Punkt\n..NØ 100 200 ...KP 1\n")
    assert one(path)["geometry"].coords[0] == (570002.0, 7030001.0)


def test_heights_are_dropped_and_told(sosi) -> None:
    raw = read_path(sosi(".KURVE 1:\n..OBJTYPE G\n..NØH\n0 0 5\n..NØH\n100 0 7\n100 100 9\n"))
    assert raw.frame.geometry.iloc[0].wkt == (
        "LINESTRING (570000 7030000, 570000 7030001, 570001 7030001)"
    )
    assert told(raw) == [("heights.dropped", "", 1)]


@pytest.mark.parametrize("kind", ["TEKST", "SYMBOL", "PUNKT", "SVERM"])
def test_points(sosi, kind: str) -> None:
    row = one(sosi(f".{kind} 1:\n..OBJTYPE Punkt\n..NØ\n100 200\n300 400\n"))
    many = kind in ("PUNKT", "SVERM")  # other points of a text say which way it is turned
    assert row["geometry"].geom_type == ("MultiPoint" if many else "Point")
    assert shapely.get_coordinates(row["geometry"])[0].tolist() == [570002.0, 7030001.0]


def test_route_is_the_lines_that_it_refers_to(sosi) -> None:
    path = sosi(
        curve(1, (0, 0), (10, 0)),
        curve(2, (20, 0), (10, 0)),
        ".TRASE 3:\n..OBJTYPE Rute\n..REF :1 :-2\n",
    )
    shape = one(path, "Rute")["geometry"]
    assert shape.geom_type == "LineString"
    assert shape.length == 20


def test_unit_of_one_object(sosi) -> None:
    path = sosi(
        point("", 1), point("..ENHET 0.001 ! mm\n", 2), point("", 3), point("..ENHET x\n", 4)
    )
    raw = read_path(path)
    assert [g and g.coords[0] for g in raw.frame.geometry] == [
        (570002.0, 7030001.0),
        (570000.2, 7030000.1),
        (570002.0, 7030001.0),
        None,
    ]
    assert told(raw) == [("sosi.coordinates", "sosi:4", 1)]


def test_origin_in_two_elements(sosi) -> None:
    head = HEAD.replace("...ORIGO-NØ 7030000 570000", "...ORIGO-N 7030000\n...ORIGO-Ø 570000")
    assert one(sosi(point(""), head=head))["geometry"].coords[0] == (570002.0, 7030001.0)


# Surfaces


def test_surface_of_curves_forward_reversed_and_told_before_them(sosi) -> None:
    path = sosi(
        surface(9, ":1 :2\n:-3 ! snudd\n :4"),
        curve(1, (0, 0), (100, 0)),
        curve(2, (100, 0), (100, 60), (100, 100)),
        curve(3, (0, 100), (100, 100)),
        curve(4, (0, 100), (0, 0)),
    )
    raw = read_path(path, layer="Flate")
    assert (
        raw.frame.geometry.iloc[0].normalize()
        == shapely.union_all(
            [
                shapely.Polygon(
                    [
                        *local(0, 0, 100, 100).exterior.coords[:1],
                        (570100, 7030060),
                        *local(0, 0, 100, 100).exterior.coords[1:],
                    ]
                )
            ]
        ).normalize()
    )
    assert raw.quality == ()


def test_islands(sosi) -> None:
    path = sosi(
        surface(30, ":1 :2 (:5 :6 :7 :8) :3 :4 (:-12 :-11 :-10 :-9)"),
        surface(31, ":5 :6 :7 :8"),
        square(1),
        square(5, 10, 10, 20),
        square(9, 50, 50, 30),
    )
    frame = read_path(path, layer="Flate").frame
    wanted = local(0, 0, 100, 100) - local(10, 10, 30, 30) - local(50, 50, 80, 80)
    assert frame.geometry["sosi:30"].equals(wanted)
    assert frame.geometry["sosi:31"].equals(local(10, 10, 30, 30))
    assert frame.is_valid.all()


def test_two_islands_in_one_pair_of_parentheses(sosi) -> None:
    path = sosi(
        surface(30, ":1 :2 :3 :4 (:5 :6 :7 :8 :9 :10 :11 :12)"),
        square(1),
        square(5, 10, 10, 20),
        square(9, 50, 50, 30),
    )
    assert one(path, "Flate")["geometry"].area == 100**2 - 20**2 - 30**2


@pytest.mark.parametrize("ref", [":1 :3 :2 :4", ":1 :-2 :3 :4", ":4 :2 :-1 :3"])
def test_wrong_order_or_direction_is_mended_where_only_one_way_closes(sosi, ref: str) -> None:
    raw = read_path(sosi(surface(9, ref), square(1)), layer="Flate")
    assert raw.frame.geometry.iloc[0].equals(local(0, 0, 100, 100))
    assert told(raw) == [("sosi.order_mended", "", 1)]


def test_arc_of_three_points(sosi) -> None:
    half = curve(1, (100, 0), (50, 50), (0, 0), kind="BUEP")
    raw = read_path(
        sosi(
            half,
            curve(2, (0, 0), (100, 0)),
            surface(3, ":1 :2"),
            surface(4, ":-1 :5"),
            curve(5, (100, 0), (100, 100), (0, 100), (0, 0)),
        ),
        layer="Flate",
    )
    disc, rest = raw.frame.geometry
    exact = math.pi * 50**2 / 2
    away = np.hypot(*(shapely.get_coordinates(disc) - [570050, 7030000]).T)
    on_arc = away[shapely.get_coordinates(disc)[:, 1] > 7030000]
    assert np.allclose(on_arc, 50, atol=1e-6)
    middles = shapely.get_coordinates(disc.exterior.segmentize(1e9))
    chords = (middles[1:] + middles[:-1]) / 2 - [570050, 7030000]
    assert np.hypot(*chords[chords[:, 1] > 0].T).min() > 50 - 0.01  # sagitta
    assert exact - 0.01 * math.pi * 50 < disc.area < exact
    assert disc.intersection(rest).area == 0
    assert disc.area + rest.area == pytest.approx(100 * 100, abs=1e-6)
    assert told(raw) == [("curves.straightened", "", 1)]


@pytest.mark.parametrize(
    ("text", "area"),
    [
        (curve(1, (100, 50), (50, 100), (0, 50), kind="SIRKELP"), math.pi * 50**2),
        (curve(1, (0, 50), (50, 100), (100, 50), kind="SIRKELP"), math.pi * 50**2),
        (curve(1, (0, 50), (50, 0), (50, 100), kind="SIRKELP"), math.pi * 50**2),
        (curve(1, (50, 50), kind="SIRKEL", more="..RADIUS 50\n"), math.pi * 50**2),
    ],
)
def test_circles(sosi, text: str, area: float) -> None:
    shape = one(sosi(text, surface(2, ":1")), "Flate")["geometry"]
    assert area - 0.01 * 2 * math.pi * 50 < shape.area < area
    assert shape.centroid.distance(shapely.Point(570050, 7030050)) < 1e-3


@pytest.mark.parametrize(
    ("radius", "large", "top"),
    [("50", "", 50), ("-50", "", -50), ("62.5", "", 25), ("62.5", "1", 100), ("-62.5", "1", -100)],
)
def test_arc_by_radius_turns_with_the_clock_if_it_is_positive(
    sosi, radius: str, large: str, top: float
) -> None:
    # from west to east, chord 100: the height is r - sqrt(r² - 50²), or 2 r less that if large
    more = f"..RADIUS {radius}\n" + (f"..STORBUE {large}\n" if large else "")
    shape = one(sosi(curve(1, (0, 0), (100, 0), kind="BUE", more=more)), "Grense")["geometry"]
    low, high = shape.bounds[1] - 7030000, shape.bounds[3] - 7030000
    assert (high if top > 0 else low) == pytest.approx(top, abs=0.02)


def test_straight_arc_is_a_line(sosi) -> None:
    raw = read_path(sosi(curve(1, (0, 0), (10, 10), (30, 30), kind="BUEP")))
    assert len(raw.frame.geometry.iloc[0].coords) == 3
    assert told(raw) == [("sosi.arc_straight", "", 1), ("curves.straightened", "", 1)]
    assert dict(raw.quality[0].facts) == {"example": "sosi:1"}


# Faults of one object: it is told, and the rest loads

GOOD = square(1) + surface(9, ":1 :2 :3 :4")
BROKEN = {
    "sosi.ref_missing": surface(10, ":1 :2 :3 :77"),
    "sosi.ref_twice": surface(10, ":20 :2 :3 :4") + curve(20, (0, 0), (100, 0)) * 2,
    "sosi.ref_kind": surface(10, ":1 :2 :3 :9"),
    "sosi.ref_broken": surface(10, ":20 :2 :3 :4") + ".KURVE 20:\n..OBJTYPE G\n..NØ\n0 0\nxx 1\n",
    "sosi.ref_none": ".FLATE 10:\n..OBJTYPE Flate\n..NØ\n0 0\n",
    "sosi.ref_unreadable": surface(10, ":1 :2 (:3 :4"),
    "sosi.not_closed": surface(10, ":1 :2 :3 :20") + curve(20, (0, 100), (0, 0.01)),
    "sosi.not_one_ring": surface(10, ":1 :2 :3 :4 :20 :21 :22 :23") + square(20, 200),
    "sosi.few_points": surface(10, ":1 :-1"),
}


@pytest.mark.parametrize("key", BROKEN)
def test_surface_that_cannot_be_built(sosi, key: str) -> None:
    raw = read_path(sosi(GOOD, BROKEN[key]), layer="Flate")
    assert raw.frame.geometry["sosi:9"].equals(local(0, 0, 100, 100))
    assert raw.frame.geometry["sosi:10"] is None
    assert [row for row in told(raw) if row[1]] == [(key, "sosi:10", 1)]


@pytest.mark.parametrize("ref", ["1 2 3", ":1 ((:2))", ":1 )", "(:1 :2)", ":1 ()", ":1, :2", ""])
def test_references_that_cannot_be_read(sosi, ref: str) -> None:
    raw = read_path(sosi(GOOD, surface(10, ref)), layer="Flate")
    assert [row[:2] for row in told(raw)] == [("sosi.ref_unreadable", "sosi:10")]


TWO_SQUARES = square(1) + square(5, -100, -100)
"""They meet in the corner (0, 0), where the first begins and the third side of the second."""


def test_ring_may_touch_itself_as_stated(sosi) -> None:
    raw = read_path(sosi(TWO_SQUARES, surface(10, ":1 :2 :3 :4 :7 :8 :5 :6")), layer="Flate")
    shape = raw.frame.geometry.iloc[0]
    assert (shape.geom_type, shape.area) == ("Polygon", 20_000)  # the kinds make it valid
    assert shapely.make_valid(shape).equals(local(0, 0, 100, 100) | local(-100, -100, 0, 0))
    assert raw.quality == ()


def test_order_that_could_be_mended_in_several_ways_is_not(sosi) -> None:
    raw = read_path(sosi(TWO_SQUARES, surface(10, ":1 :3 :2 :4 :5 :6 :7 :8")), layer="Flate")
    assert raw.frame.geometry.iloc[0] is None
    assert told(raw) == [("sosi.not_closed", "sosi:10", 1)]


def test_gap_between_two_curves_is_never_closed(sosi) -> None:
    path = sosi(square(1), curve(20, (100, 0.01), (100, 100)), surface(10, ":1 :20 :3 :4"))
    raw = read_path(path, layer="Flate")
    assert raw.frame.geometry.iloc[0] is None
    assert dict(raw.quality[0].facts) == {"number": 1, "gap_m": 0.01}


def test_gap_is_told_in_metres(sosi) -> None:
    raw = read_path(sosi(GOOD, BROKEN["sosi.not_closed"]), layer="Flate")
    assert dict(raw.quality[0].facts) == {"number": 20, "gap_m": 0.01}  # never snapped


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("..NØ\n0 0\n5 x\n", "sosi.coordinates"),
        ("..NØ\n0 0\n5\n", "sosi.coordinates"),
        ("..NØ\n0 0\n5 5 5\n", "sosi.coordinates"),
        ("..NØH\n0 0 0\n5 5\n", "sosi.coordinates"),
        ("..NØ\n0 0\n99999999999999 1\n", "sosi.coordinates"),
        (f"..NØ\n0 0\n{'9' * 5000} 1\n", "sosi.coordinates"),
        ("..NØ\n0 0\n", "sosi.few_points"),
        ("..NØ\n", "sosi.no_coordinates"),
        ("", "sosi.no_coordinates"),
    ],
)
def test_line_that_cannot_be_read(sosi, text: str, key: str) -> None:
    raw = read_path(sosi(curve(1, (0, 0), (1, 1)), f".KURVE 2:\n..OBJTYPE Grense\n{text}"))
    assert raw.frame.geometry["sosi:1"].length > 0
    assert raw.frame.geometry["sosi:2"] is None
    assert told(raw) == [(key, "sosi:2", 1)]


@pytest.mark.parametrize(
    ("kind", "points", "more"),
    [
        ("BUEP", [(0, 0), (5, 5)], ""),
        ("BUEP", [(0, 0), (5, 5), (10, 5), (15, 0)], ""),
        ("BUEP", [(0, 0), (0, 0), (10, 5)], ""),
        ("BUEP", [(0, 0), (30, 30), (10, 10)], ""),
        ("BUEP", [(0, 0), (-9e5, 5), (9e5, 0)], ""),
        ("SIRKELP", [(0, 0), (5, 5), (10, 10)], ""),
        ("SIRKELP", [(0, 0), (500, 0.01), (1000, 0)], ""),
        ("BUE", [(0, 0), (10, 0)], ""),
        ("BUE", [(0, 0), (10, 0)], "..RADIUS 4.9\n"),
        ("SIRKEL", [(0, 0)], "..RADIUS 1E99\n"),
    ],
)
def test_arc_that_is_no_arc(sosi, kind: str, points: list, more: str) -> None:
    raw = read_path(sosi(curve(1, *points, kind=kind, more=more), head=HEAD.partition("..OMR")[0]))
    assert raw.frame.geometry.iloc[0] is None
    assert told(raw) == [("sosi.arc", "sosi:1", 1)]
    assert dict(raw.quality[0].facts) == {"count": len(points)}


def test_kinds_that_are_not_read_are_told(sosi) -> None:
    raw = read_path(
        sosi(curve(1, (0, 0), (1, 1)), ".KLOTOIDE 2:\n..OBJTYPE Grense\n..NØ\n0 0\n1 1\n")
    )
    assert raw.frame.geometry["sosi:2"] is None
    assert told(raw) == [("sosi.not_read", "sosi:2", 1)]


def test_many_faults_are_told_one_by_one_up_to_a_thousand(sosi) -> None:
    raw = read_path(sosi("".join(f".PUNKT {i}:\n..OBJTYPE P\n" for i in range(1200))))
    assert len(raw.quality) == 1001
    assert told(raw)[-1] == ("sosi.more", "", 200)


# The file as a whole


@pytest.mark.parametrize(
    ("stated", "written"),
    [
        ("ISO8859-10", "iso8859-10"),
        ("ISO8859-1", "iso8859-1"),
        ("ANSI", "cp1252"),
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("DOSN8", "cp865"),
    ],
)
def test_letters(sosi, stated: str, written: str) -> None:
    head = HEAD.replace("ISO8859-10", stated)
    path = sosi(point("..OMRÅDENAVN Ærfuglåsen på Ørland\n"), head=head, encoding=written)
    raw = read_path(path)
    assert raw.frame["OMRÅDENAVN"].tolist() == ["Ærfuglåsen på Ørland"]
    assert raw.quality == ()


def test_seven_bit_letters(sosi) -> None:
    text = (HEAD + point("..OMRÅDENAVN Ærfuglåsen\n")).replace("ISO8859-10", "ND7")
    path = sosi(text.translate(str.maketrans("ÆØÅæøå", "[\\]{|}")), head="")
    assert read_path(path).frame["OMRÅDENAVN"].tolist() == ["Ærfuglåsen"]


@pytest.mark.parametrize("written", ["iso8859-10", "utf-8", "utf-8-sig", "cp865", "mac_roman"])
@pytest.mark.parametrize("stated", ["ISO8859-10", "ANSI", "UTF-8", "DOSN8", "ND7", "TULL"])
def test_letters_are_right_whatever_the_file_states(sosi, stated: str, written: str) -> None:
    head = HEAD.replace("ISO8859-10", stated)
    raw = read_path(sosi(point("..NAVN Åsen på Øya\n"), head=head, encoding=written))
    assert raw.frame["NAVN"].tolist() == ["Åsen på Øya"]
    true = {"iso8859-10": ("ISO8859-10", "ANSI"), "utf-8": ("UTF-8",), "cp865": ("DOSN8",)}
    right = stated in true.get(written.removesuffix("-sig"), ())
    assert [q.what for q in raw.quality] == ([] if right else ["sosi.charset"])
    assert raw.letters_known_by == ("header" if right else "tested")
    if not right:
        assert raw.quality[0].facts["stated"] == stated


@pytest.mark.parametrize(
    ("start", "name", "codec"),
    [
        (b"\xef\xbb\xbf.HODE\n..TEGNSETT ANSI\n", "Oslo", "utf-8"),
        (b".HODE\n..TEGNSETT ANSI\n", "Åsen", "utf-8"),
        (b".HODE\n..TEGNSETT ANSI\n", "Oslo", "cp1252"),
        (b".HODE\n", "Oslo", "iso8859-10"),
    ],
)
def test_letters_of_a_file_without_the_letter_of_its_coordinates(
    start: bytes, name: str, codec: str
) -> None:
    found = charset_of(start + f"..EIER {name}\n".encode())
    assert found.codec == codec


def test_letters_that_are_not_utf8_though_the_file_says_so() -> None:
    assert charset_of(b".HODE\n..TEGNSETT UTF-8\n..EIER \xc5sen\n").codec == "cp1252"


def test_letters_without_a_stated_charset(sosi) -> None:
    head = HEAD.replace("..TEGNSETT ISO8859-10\n", "")
    raw = read_path(sosi(point("..NAVN Åsen\n"), head=head))
    assert raw.frame["NAVN"].tolist() == ["Åsen"]
    assert raw.quality == ()  # ISO8859-10 is what a file is in that does not say


def test_declared_encoding_goes_before_the_file(sosi) -> None:
    head = HEAD.replace("ISO8859-10", "UTF-8")
    raw = read_path(sosi(point("..NAVN Åsen\n"), head=head), encoding="iso8859-10")
    assert raw.frame["NAVN"].tolist() == ["Åsen"]
    assert raw.quality == ()


def test_coordinate_systems() -> None:
    assert [KOORDSYS[c] for c in (21, 22, 23, 24, 25, 26)] == [
        "EPSG:25831", "EPSG:25832", "EPSG:25833", "EPSG:25834", "EPSG:25835", "EPSG:25836",
    ]  # fmt: skip
    assert (KOORDSYS[205], KOORDSYS[210], KOORDSYS[230]) == ("EPSG:5105", "EPSG:5110", "EPSG:5130")
    assert len(KOORDSYS) == 6 + 26 + 1


def test_degrees_are_latitude_first(sosi) -> None:
    head = ".HODE\n..TRANSPAR\n...KOORDSYS 84\n...ORIGO-NØ 0 0\n...ENHET 0.0000001\n"
    raw = read_path(sosi(".PUNKT 1:\n..OBJTYPE P\n..NØ\n634300000 104000000\n", head=head))
    assert raw.frame.crs == "EPSG:4258"
    assert raw.frame.geometry.iloc[0].coords[0] == (10.4, 63.43)


@pytest.mark.parametrize("code", [1, 3, 8, 9, 31, 32, 36])
def test_old_datums_are_refused(sosi, code: int) -> None:
    path = sosi(point(""), head=HEAD.replace("KOORDSYS 22", f"KOORDSYS {code}"))
    assert keys_of(path) == ["crs.koordsys_old"]


@pytest.mark.parametrize("code", ["99", "22222", "x", ""])
def test_unknown_coordinate_system_is_never_guessed(sosi, code: str) -> None:
    path = sosi(point(""), head=HEAD.replace("KOORDSYS 22", f"KOORDSYS {code}"))
    assert keys_of(path) == ["crs.missing"]


@pytest.mark.parametrize("unit", ["", "0", "-0.01", "1E9999", "0,01"])
def test_unit_must_be_there(sosi, unit: str) -> None:
    path = sosi(point(""), head=HEAD.replace("...ENHET 0.01", f"...ENHET {unit}"))
    assert keys_of(path) == ["sosi.head"]


def test_origin_that_is_missing_is_told(sosi) -> None:
    head = HEAD.replace("...ORIGO-NØ 7030000 570000\n", "")
    raw = read_path(sosi(".PUNKT 1:\n..OBJTYPE P\n..NØ\n703000000 57000000\n", head=head))
    assert raw.frame.geometry.iloc[0].coords[0] == (570000, 7030000)
    assert told(raw) == [("sosi.no_origin", "", 1)]


@pytest.mark.parametrize("way", [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_objects_outside_the_stated_area_are_told(sosi, way: tuple[int, int]) -> None:
    def out(number: int, far: float) -> str:
        return curve(number, (0, 0), (way[0] * far, way[1] * far))

    raw = read_path(sosi(out(1, 1000.9), out(2, 1002)))  # it ends at 1000 m, to the metre
    assert told(raw) == [("sosi.outside_area", "", 1)]
    assert dict(raw.quality[0].facts) == {"example": "sosi:2"}


def test_truncated_file_loses_its_last_object_and_says_so(sosi) -> None:
    whole = sosi(curve(1, (0, 0), (10, 0)), curve(2, (0, 0), (0, 10), (10, 10)))
    content = whole.read_bytes()
    for cut in range(len(content) - 8, content.index(b".KURVE 2") + 30, -1):
        whole.write_bytes(content[:cut])
        raw = read_path(whole, layer="Grense")
        assert raw.frame.geometry["sosi:1"].length == 10
        assert raw.frame.geometry["sosi:2"] is None
        assert {q.what for q in raw.quality} == {"sosi.no_end", "sosi.truncated"}


def test_curve_of_a_truncated_file_does_not_close_a_surface(sosi) -> None:
    path = sosi(surface(9, ":1 :2 :3 :4"), square(1), end="")
    raw = read_path(path, layer="Flate")
    assert raw.frame.geometry.iloc[0] is None
    assert [q.what for q in raw.quality] == ["sosi.ref_broken", "sosi.no_end"]


def test_objects_after_the_end_are_counted(sosi) -> None:
    raw = read_path(sosi(point("", 1), ".SLUTT\n", HEAD, point("", 2)))
    assert len(raw.frame) == 1
    assert told(raw) == [("sosi.after_end", "", 1)]


def test_second_head_ends_the_file(sosi) -> None:
    raw = read_path(sosi(point("", 1), HEAD, point("", 2)))
    assert len(raw.frame) == 1
    assert {q.what for q in raw.quality} == {"sosi.after_end"}


@pytest.mark.parametrize("start", ["", "! laget av noe\n! 2024\n", "\n\n", "  "])
def test_what_may_stand_before_the_head(sosi, start: str) -> None:
    assert len(read_path(sosi(point(""), head=start + HEAD)).frame) == 1


def test_objects_without_a_head_are_refused(sosi) -> None:
    assert keys_of(sosi(point(""), head="! ingenting\n")) == ["sosi.no_head"]
    assert keys_of(sosi(point(""), head="")) == ["file.type"]


def test_head_alone_has_no_layers(sosi) -> None:
    assert keys_of(sosi()) == ["file.no_layers"]


@pytest.mark.parametrize("content", [b"", b"hei", b"PK\x03\x04", b"{}", b"\xff\xfe.\x00H\x00O\x00"])
def test_other_files_with_the_ending(tmp_path, content: bytes) -> None:
    path = tmp_path / "a.sos"
    path.write_bytes(content)
    assert keys_of(path) == (["file.type"] if content else ["file.empty"])


# Files made to do harm


def test_deep_nesting_is_bounded(sosi) -> None:
    deep = "".join("." * level + f"A{level} {level}\n" for level in range(2, 3000))
    raw = read_path(sosi(point(deep)))
    assert len(raw.frame.columns) < 20
    assert told(raw) == [("sosi.attributes_left_out", "", 2998 - 12)]


def test_number_of_object_types_is_bounded(sosi) -> None:
    path = sosi(*(f".PUNKT {i}:\n..OBJTYPE T{i}\n" for i in range(10_010)))
    assert keys_of(path) == ["sosi.too_large"]


def test_number_of_attributes_is_bounded(sosi) -> None:
    raw = read_path(sosi(point("..A 1\n" * 5000)))
    assert len(raw.frame["A"].iloc[0]) < 5000 * 2
    assert {q.what for q in raw.quality} == {"sosi.repeated", "sosi.attributes_left_out"}


def test_number_of_columns_is_bounded(sosi) -> None:
    raw = read_path(sosi(*(point(f"..A{i} 1\n", i) for i in range(3000))))
    assert len(raw.frame.columns) < 1010
    assert [q.what for q in raw.quality] == ["sosi.attributes_left_out"]


def test_one_curve_in_ever_so_many_surfaces_is_refused(sosi) -> None:
    ring = ".KURVE 1:\n..OBJTYPE G\n..NØ\n0 0\n" + "0 100\n100 100\n" * 10000 + "0 0\n"
    path = sosi(ring, *(surface(i + 2, ":1") for i in range(600)))
    assert keys_of(path, layer="Flate") == ["sosi.too_large"]


PIECES = (
    b".KURVE 1:\n|.FLATE 2:\n|.BUEP 1:\n|.PUNKT 3:\n|.TRASE 4:\n|.SLUTT\n|.HODE\n|..OBJTYPE A\n|"
    b'..N\xd8\n|..N\xd8H\n|..REF :1 :-1 (:1)\n|..REF :2\n|0 0\n|100 0\n|0 100\n|1 2 3\n|..X "\n|'
    b"...Y !\n|(|..KVALITET 1 *\n|\x00|\xff\n|..RADIUS 5\n"
).split(b"|")


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_file_brings_anything_but_a_message(parts: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sos"
        path.write_bytes(HEAD.encode("iso8859-10") + b"".join(parts))
        for layer in layers(path, Ledger(str(path), "")):
            frame = objects(path, layer, None, Ledger(str(path), layer))
            assert isinstance(frame, gpd.GeoDataFrame)
