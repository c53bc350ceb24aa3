"""Files as they come: any collection, any letters; what is dangerous or broken is refused."""

import codecs
from pathlib import Path

import pytest

from ikap.errors import InputError
from ikap.sources import list_layers, read_path
from ikap.sources.gml_stream import LARGEST, Stream
from ikap.sources.ledger import Ledger

GML = "http://www.opengis.net/gml/3.2"
SQUARE = "0 0 10 0 10 10 0 10 0 0"


def fault_of(path: Path, **options) -> tuple[str, dict]:
    with pytest.raises(InputError) as caught:
        read_path(path, **options)
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].file == str(path)
    return caught.value.key, dict(caught.value.faults[0].facts)


def save(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def feature(gid: str, *, g: str = "gml", a: str = "app", name: str = "Sone") -> str:
    return (
        f'<{a}:{name} {g}:id="{gid}"><{a}:navn>Åsen</{a}:navn><{a}:område>'
        f'<{g}:Polygon srsName="EPSG:25832"><{g}:exterior><{g}:LinearRing>'
        f"<{g}:posList>{SQUARE}</{g}:posList></{g}:LinearRing></{g}:exterior></{g}:Polygon>"
        f"</{a}:område></{a}:{name}>"
    )


def spaces(g: str = "gml", a: str = "app", gml: str = GML, app: str = "urn:app") -> str:
    return f'xmlns:{g}="{gml}" xmlns:{a}="{app}" xmlns:wfs="http://www.opengis.net/wfs/2.0"'


def member(content: str, name: str = "gml:featureMember") -> str:
    return f"<{name}>{content}</{name}>"


TWO = feature("a") + feature("b")
COLLECTIONS = {
    "featureMember": f"<gml:FeatureCollection {spaces()}>{member(feature('a'))}"
    f"{member(feature('b'))}</gml:FeatureCollection>",
    "featureMembers": f"<gml:FeatureCollection {spaces()}>{member(TWO, 'gml:featureMembers')}"
    "</gml:FeatureCollection>",
    "wfs": f"<wfs:FeatureCollection {spaces()}>{member(feature('a'), 'wfs:member')}"
    f"{member(feature('b'), 'wfs:member')}</wfs:FeatureCollection>",
    "wfs within wfs": f"<wfs:FeatureCollection {spaces()}><wfs:member><wfs:FeatureCollection>"
    f"{member(feature('a'), 'wfs:member')}{member(feature('b'), 'wfs:member')}"
    "</wfs:FeatureCollection></wfs:member></wfs:FeatureCollection>",
    "own collection": f"<app:Kart {spaces()}>{member(TWO, 'app:featureMembers')}</app:Kart>",
    "other prefixes": f"<x:FeatureCollection {spaces('x', 'y')}>"
    f"{member(feature('a', g='x', a='y'), 'x:featureMember')}"
    f"{member(feature('b', g='x', a='y'), 'x:featureMember')}</x:FeatureCollection>",
    "gml 3.1": f"<gml:FeatureCollection {spaces(gml='http://www.opengis.net/gml')}>"
    f"{member(TWO, 'gml:featureMembers')}</gml:FeatureCollection>",
    "several namespaces": f'<gml:FeatureCollection {spaces()} xmlns:b="urn:b">'
    f"{member(feature('a'))}{member(feature('b', a='b'))}</gml:FeatureCollection>",
    "comments": f"<!-- a --><?p x?><gml:FeatureCollection {spaces()}><!-- b -->"
    f"{member(TWO.replace('0 10 0 0', '0 10 <!-- c --> 0 0'), 'gml:featureMembers')}"
    "</gml:FeatureCollection>",
}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_collection(tmp_path: Path, name: str) -> None:
    raw = read_path(save(tmp_path / "a.gml", COLLECTIONS[name]))
    assert list(raw.frame.index) == ["gml:a", "gml:b"]
    assert list(raw.frame["navn"]) == ["Åsen", "Åsen"]
    assert raw.frame.area.tolist() == [100, 100]
    assert (raw.layer, raw.quality) == ("Sone", ())


def test_gml_2(tmp_path: Path) -> None:
    text = feature("a").replace("gml:id", "fid").replace("exterior", "outerBoundaryIs")
    text = text.replace("posList", "coordinates").replace(SQUARE, "0,0 10,0 10,10 0,10 0,0")
    head = spaces(gml="http://www.opengis.net/gml")
    path = save(
        tmp_path / "a.xml", f"<wfs:FeatureCollection {head}>{member(text)}</wfs:FeatureCollection>"
    )
    frame = read_path(path).frame
    assert (frame.index[0], frame.area.iloc[0]) == ("gml:a", 100)


def test_layers_are_feature_types_with_geometry(gml, zone) -> None:
    path = gml(
        zone("a", kind="RpOmråde"), zone("b"), zone("c", "", kind="Arealplan"), zone("d"),
        zone("e", "", kind="RpOmråde"),
    )  # fmt: skip
    assert list_layers(path) == ("RpOmråde", "RpArealformålOmråde")
    assert fault_of(path)[0] == "file.layer_choice"
    assert list(read_path(path, layer="RPAREALFORMALOMRADE").frame.index) == ["gml:b", "gml:d"]
    raw = read_path(path, prefer=("RpArealformålOmråde", "KpArealformålOmråde"))
    assert (raw.layer, raw.others) == ("RpArealformålOmråde", ("RpOmråde",))
    assert fault_of(path, layer="Arealplan")[0] == "file.layer_missing"


def test_features_without_id_are_numbered_and_a_second_one_of_an_id_is_told(gml, zone) -> None:
    raw = read_path(gml(zone("a"), zone("a"), zone("").replace(' gml:id=""', "")))
    assert list(raw.frame.index) == ["gml:a", "gml:a~2", "gml:nr3"]
    assert [(r.what, r.amount, r.facts["ids"]) for r in raw.quality] == [("gml.id_twice", 1, "a")]


def test_collection_without_features(gml) -> None:
    assert fault_of(gml())[0] == "file.no_layers"


def lol(depth: int) -> str:
    return "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(depth))


DANGEROUS = {
    "billion laughs": f"<!DOCTYPE x [{lol(10)}]>\n" + COLLECTIONS["wfs"].replace("Åsen", "&l9;"),
    "in an attribute of the root": f"<!DOCTYPE x [{lol(10)}]>\n"
    + COLLECTIONS["wfs"].replace(" xmlns:gml", ' a="&l9;" xmlns:gml', 1),
    "file": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    + COLLECTIONS["wfs"].replace("Åsen", "&f;"),
    "after a comment": '<?xml version="1.0"?><!-- a > b --><!DOCTYPE x [<!ENTITY f "g">]>'
    + COLLECTIONS["wfs"],
    "outside only": '<!DOCTYPE x SYSTEM "http://localhost/x.dtd">' + COLLECTIONS["wfs"],
    "lower case": "<!doctype html><html></html>",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", DANGEROUS)
def test_document_type_is_refused_before_it_is_parsed(tmp_path, name: str, encoding: str) -> None:
    path = save(tmp_path / "a.gml", DANGEROUS[name], encoding)
    assert fault_of(path)[0] == "gml.doctype"


def test_entity_that_is_not_declared(tmp_path: Path) -> None:
    path = save(tmp_path / "a.gml", COLLECTIONS["wfs"].replace("Åsen", "&f;"))
    assert fault_of(path)[0] == "gml.broken"


@pytest.mark.parametrize("name", ["utf-7", "rot13", "utf-8000", "idna", "base64"])
def test_encoding_that_could_hide_something(tmp_path: Path, name: str) -> None:
    path = save(tmp_path / "a.gml", f'<?xml version="1.0" encoding="{name}"?>{COLLECTIONS["wfs"]}')
    assert fault_of(path) == ("encoding.unknown", {"name": name})


def test_one_feature_cannot_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.gml"
    head, tail = COLLECTIONS["wfs"].split("Åsen", 1)
    with path.open("wb") as stream:
        stream.write(head.encode())
        for _ in range(6):
            stream.write(b"x" * (LARGEST // 4))
        stream.write(tail.encode())
    assert fault_of(path) == ("gml.too_large", {"limit": LARGEST >> 20, "id": "–"})


def test_large_list_of_coordinates(tmp_path: Path) -> None:
    """More than the 10 MB that libxml2 allows by itself."""
    points = " ".join(f"{i}.25 0.125" for i in range(700_000))
    drawn = f"{points} 700000 100 0.25 0.125"
    path = save(tmp_path / "a.gml", COLLECTIONS["featureMember"].replace(SQUARE, drawn, 1))
    assert path.stat().st_size > 10_000_000
    assert read_path(path).frame.geometry.count_coordinates().iloc[0] == 700_002


def test_nesting_without_end(tmp_path: Path) -> None:
    deep = "<app:a>" * 900 + "x" + "</app:a>" * 900
    text = COLLECTIONS["wfs"].replace("Åsen", deep, 1)
    assert len(read_path(save(tmp_path / "a.gml", text)).frame) == 2
    deeper = COLLECTIONS["wfs"].replace("Åsen", "<app:a>" * 5000, 1)
    assert fault_of(save(tmp_path / "b.gml", deeper))[0] == "gml.broken"


def test_truncated_file_is_refused(tmp_path: Path) -> None:
    whole = COLLECTIONS["featureMember"].encode()
    for cut in (len(whole) - 5, len(whole) - 200, len(whole) // 2, len(whole) // 3):
        path = tmp_path / f"{cut}.gml"
        path.write_bytes(whole[:cut])
        key, facts = fault_of(path)
        assert key == "gml.truncated"
        assert facts["count"] in (0, 1)
        with pytest.raises(InputError):
            list_layers(path)


def test_truncated_far_into_the_file_tells_how_far(tmp_path: Path) -> None:
    text = "\n".join(member(feature(f"f{i}")) for i in range(5000))
    whole = f"<gml:FeatureCollection {spaces()}>{text}"
    key, facts = fault_of(save(tmp_path / "a.gml", whole))
    assert key == "gml.truncated"
    assert (facts["line"], facts["count"] > 1000, facts["last"][0]) == (5000, True, "f")


@pytest.mark.parametrize(
    ("old", "new"),
    [("</app:navn>", "</app:nav>"), ("Åsen", "A & B"), ("Åsen", "\x01"), ('id="a"', "id=a")],
)
def test_broken_file_is_refused_by_line(tmp_path: Path, old: str, new: str) -> None:
    path = save(tmp_path / "a.gml", "\n\n" + COLLECTIONS["featureMember"].replace(old, new, 1))
    key, facts = fault_of(path)
    assert (key, facts["line"]) == ("gml.broken", 3)


NOT_GML = {
    "ExceptionReport": '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"/>',
    "html": "<html><body><p>Siden finnes ikke</p></body></html>",
    "kml": '<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>',
    "WFS_Capabilities": "<WFS_Capabilities/>",
    "Kart": "<Kart><featureMembers/></Kart>",
    "?": "<!-- bare en kommentar -->",
}


@pytest.mark.parametrize("root", NOT_GML)
def test_xml_that_is_no_map(tmp_path: Path, root: str) -> None:
    assert fault_of(save(tmp_path / "a.xml", NOT_GML[root])) == ("gml.not_gml", {"root": root})


@pytest.mark.parametrize("content", [b"Et notat.", b"{}", b"PK\x03\x04", b".HODE\n", b"\x00" * 9])
def test_another_file_with_the_name_of_gml(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.gml"
    path.write_bytes(content)
    assert fault_of(path)[0] == "file.type"


LETTERS = "Åsen på Ørland, Nærøy"


def lettered(stated: str) -> str:
    head = f'<?xml version="1.0" encoding="{stated}"?>' if stated else ""
    return head + COLLECTIONS["featureMember"].replace("Åsen", LETTERS)


RIGHT = [
    ("utf-8", "UTF-8"),
    ("utf-8-sig", "utf-8"),
    ("utf-8", ""),
    ("utf-16", "UTF-16"),
    ("utf-16-be", "UTF-16"),
    ("latin-1", "ISO-8859-1"),
    ("iso8859-10", "ISO-8859-10"),
    ("cp1252", "windows-1252"),
    ("cp865", "cp865"),
]


@pytest.mark.parametrize(("encoding", "stated"), RIGHT)
def test_letters_as_stated(tmp_path: Path, encoding: str, stated: str) -> None:
    path = tmp_path / "a.gml"
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    path.write_bytes(mark + lettered(stated).encode(encoding))
    raw = read_path(path)
    assert list(raw.frame["navn"]) == [LETTERS, LETTERS]
    assert list(raw.frame.columns) == ["navn", "geometry"]
    assert raw.quality == ()


@pytest.mark.parametrize(
    ("encoding", "stated", "used"),
    [
        ("latin-1", "UTF-8", "Latin-1"),
        ("cp1252", "", "Latin-1"),
        ("utf-8", "ISO-8859-1", "UTF-8"),
        ("utf-8", "windows-1252", "UTF-8"),
    ],
)
def test_letters_that_are_stated_wrong_are_told(tmp_path, encoding, stated, used) -> None:
    raw = read_path(save(tmp_path / "a.gml", lettered(stated), encoding))
    assert list(raw.frame["navn"]) == [LETTERS, LETTERS]
    assert [row.what for row in raw.quality] == ["gml.letters"]
    letters = sum(not c.isascii() for c in lettered(stated))
    assert (raw.quality[0].amount, raw.quality[0].facts["used"]) == (letters, used)


def test_one_broken_letter_in_a_file_of_utf_8(tmp_path: Path) -> None:
    whole = lettered("UTF-8").encode()
    path = tmp_path / "a.gml"
    path.write_bytes(whole.replace("Ø".encode(), b"\xd8", 1))
    raw = read_path(path)
    assert list(raw.frame["navn"]) == [LETTERS, LETTERS]
    assert raw.quality[0].amount == 1


def test_declared_encoding_goes_first(tmp_path: Path) -> None:
    text = lettered("ISO-8859-1").replace("område", "flate")
    path = save(tmp_path / "a.gml", text, "cp865")
    assert list(read_path(path, encoding="cp865").frame["navn"]) == [LETTERS, LETTERS]
    assert fault_of(path, encoding="klingon")[0] == "encoding.unknown"


def test_letters_at_the_edges_of_what_is_read_at_a_time(tmp_path: Path) -> None:
    for i in range(3):
        text = lettered("UTF-8").replace(
            "<app:navn>", f"<!--{'å' * (1 << 19)}{'x' * i}--><app:navn>"
        )
        raw = read_path(save(tmp_path / f"{i}.gml", text))
        assert list(raw.frame["navn"]) == [LETTERS, LETTERS]


def test_features_do_not_pile_up(tmp_path: Path) -> None:
    text = "".join(member(feature(f"f{i}")) for i in range(15_000))
    path = tmp_path / "a.gml"
    save(path, f"<gml:FeatureCollection {spaces()}>{text}</gml:FeatureCollection>")
    assert path.stat().st_size > 4 << 20
    count, most = 0, 0
    for found in Stream(path, None, Ledger(str(path), "a")):
        count += 1
        most = max(most, len(found.getparent().getparent()))
    assert count == 15_000
    assert most < 5000  # those of about 1 MiB
