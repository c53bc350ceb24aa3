"""SOSI files that other people made: every object is there, where the raw text says."""

import re
from collections import Counter
from pathlib import Path

import pytest

from ikap.errors import InputError
from ikap.sources import list_layers, read_path
from ikap.sources.ledger import Ledger
from ikap.sources.sosi import layers, objects

pytestmark = pytest.mark.realdata

FILES = {
    "0403_INNKJØRINGFORBUDT_VEGNETT.SOS": {"InnkjøringForbudt": ("KURVE", 735)},
    "RV150_NVDB_Kantstein_9_Tunnel_UTM32.sos": {"Kantstein_9": ("KURVE", 10)},
    "valid_real_data.sos": {"NedsenkaKantstein_10": ("PUNKT", 14)},
    "valid_real_data2.sos": {"Fiberduk_59": ("KURVE", 3)},
    "valid_utf8_with_bom.sos": {"Rekkverk_5": ("KURVE", 1)},
    "valid_with_island_refs.sos": {"EtKurveObjekt": ("KURVE", 5), "EtFlateObjekt": ("FLATE", 4)},
}
TYPES = {"KURVE": "LineString", "PUNKT": "Point"}


def whole(path: Path, layer: str):
    ledger = Ledger(str(path), layer)
    return objects(path, layer, None, ledger), ledger


def at(geometry, i: int) -> tuple[float, float]:
    return geometry.coords[i]


def test_all_sosi_files_are_in_the_table(realdata) -> None:
    assert {p.name for p in (realdata / "sosi").iterdir()} == set(FILES)
    assert all(p.parent.name == "sosi" for p in realdata.rglob("*.[sS][oO][sS]"))


@pytest.mark.parametrize("name", FILES)
def test_every_object_is_read(realdata, name: str) -> None:
    path = realdata / "sosi" / name
    raw = path.read_bytes().decode("utf-8" if "utf8" in name else "latin-1")
    counted = Counter(re.findall(r"^\.([A-Z]+) +\d+:", raw, flags=re.MULTILINE))
    assert layers(path, Ledger(name, "")) == tuple(FILES[name])
    assert counted == dict(FILES[name].values())
    for layer, (kind, count) in FILES[name].items():
        frame, _ = whole(path, layer)
        assert len(frame) == count
        assert set(frame["OBJTYPE"]) == {layer}
        if kind in TYPES:
            assert set(frame.geom_type) == {TYPES[kind]}


@pytest.mark.parametrize("name", [n for n in FILES if "0403" not in n and "island" not in n])
def test_every_vertex_is_read(realdata, name: str) -> None:
    path = realdata / "sosi" / name
    lines = path.read_bytes().decode("latin-1").splitlines()
    written = sum(bool(re.match(r"\s*-?\d+\s+-?\d+\s+-?\d+\s*(\.\.\.KP 1)?\s*$", x)) for x in lines)
    (layer,) = FILES[name]
    frame, _ = whole(path, layer)
    assert frame.count_coordinates().sum() == written > 0


def test_points_with_heights_in_centimetres(realdata) -> None:
    raw = read_path(realdata / "sosi" / "valid_real_data.sos")
    assert raw.frame.crs == "EPSG:25832"  # KOORDSYS 22
    assert raw.frame.index[0] == "sosi:1"
    # «666 966 934», origin 7034307 569377, unit 0.010: north 7034307 + 6.66, east 569377 + 9.66
    assert at(raw.frame.geometry["sosi:1"], 0) == (569386.66, 7034313.66)
    # «1751 11126 990»: north 7034307 + 17.51, east 569377 + 111.26
    assert at(raw.frame.geometry["sosi:14"], 0) == (569488.26, 7034324.51)
    row = raw.frame.loc["sosi:3"]
    assert (row["Lengde_1302"], row["PTEMA"]) == ("3.00", "0999")  # codes and numbers stay text
    assert (row["KVALITET"], row["MÅLEMETODE"], row["NØYAKTIGHET"]) == ("96 5 0 96 5", "96", "5")
    assert [(q.what, q.amount) for q in raw.quality] == [("heights.dropped", 14)]


def test_coordinates_that_are_told_in_several_parts(realdata) -> None:
    raw = read_path(realdata / "sosi" / "valid_real_data2.sos")
    # KURVE 1 begins «4844 33 2336»: north 7125893 + 48.44, east 565851 + 0.33
    assert at(raw.frame.geometry["sosi:1"], 0) == (565851.33, 7125941.44)
    # KURVE 2 has its first point under one ..NØH and eight under the next; the node that it
    # shares with KURVE 1 is «3697 2974»: north 7125893 + 36.97, east 565851 + 29.74
    second = raw.frame.geometry["sosi:2"]
    assert len(second.coords) == 9
    assert at(second, 0) == at(raw.frame.geometry["sosi:1"], -1) == (565880.74, 7125929.97)
    assert at(second, -1) == at(raw.frame.geometry["sosi:3"], 0)
    assert raw.frame["Plassering_8750"].iloc[0] == "På undergrunn"
    assert raw.frame["Produktnavn_1443"].iloc[1] == "Fibertex F-47, kl4 (TS)"


def test_comments_behind_values_of_the_head(realdata) -> None:
    raw = read_path(realdata / "sosi" / "RV150_NVDB_Kantstein_9_Tunnel_UTM32.sos")
    # KURVE 1 begins «11986 79012 8824», origin 6644816 599924: + 119.86 north, + 790.12 east
    assert at(raw.frame.geometry["sosi:1"], 0) == (600714.12, 6644935.86)
    # the file ends «6537 104207 8989»: + 65.37 north, + 1042.07 east
    assert at(raw.frame.geometry.iloc[-1], -1) == (600966.07, 6644881.37)


def test_utf8_with_a_byte_order_mark(realdata) -> None:
    raw = read_path(realdata / "sosi" / "valid_utf8_with_bom.sos")
    assert raw.frame.crs == "EPSG:25833"  # KOORDSYS 23
    # «702121328 18530636», origin 0 0, unit 0.01
    assert at(raw.frame.geometry["sosi:1"], 0) == (185306.36, 7021213.28)
    assert raw.frame["Bruksområde_1248"].tolist() == ["2393"]


def test_a_coordinate_system_that_is_not_known_is_not_guessed(realdata) -> None:
    path = realdata / "sosi" / "0403_INNKJØRINGFORBUDT_VEGNETT.SOS"
    assert list_layers(path) == ("InnkjøringForbudt",)
    with pytest.raises(InputError) as caught:  # KOORDSYS 99
        read_path(path)
    assert [f.key for f in caught.value.faults] == ["crs.missing"]
    stated = read_path(path, crs="EPSG:25833")  # the one who declares the layer may know
    assert (stated.frame.crs, stated.crs_known_by) == ("EPSG:25833", "declared")
    assert [q.what for q in stated.quality] == ["sosi.koordsys", "heights.dropped"]
    frame, ledger = whole(path, "InnkjøringForbudt")
    assert frame.crs is None
    # KURVE 1 begins «674652441 28888400», origin 0 0, unit 0.01; the last ends «674836880 28780056»
    assert at(frame.geometry["sosi:1"], 0) == (288884.0, 6746524.41)
    assert at(frame.geometry.iloc[-1], -1) == (287800.56, 6748368.8)
    # ..IDENT ...LOKALID is the object's; LRPOSISJON/LENKESEKVENS/IDENT has a LOKALID too
    assert frame["LOKALID"].iloc[0] == "114168264"
    assert frame["LRPOSISJON.LENKESEKVENS.IDENT.LOKALID"].iloc[0] == "704518"
    assert {q.what for q in ledger.quality} == {"heights.dropped"}


def test_surfaces_that_do_not_close_are_told_one_by_one(realdata) -> None:
    frame, ledger = whole(realdata / "sosi" / "valid_with_island_refs.sos", "EtFlateObjekt")
    assert frame.geometry.isna().all()
    told = {q.source_id: (q.what, dict(q.facts)) for q in ledger.quality if q.source_id}
    # :1 ends in north 103, east 104; :-2 begins in north 203, east 204: 100 * sqrt(2) m between
    assert told["sosi:10"] == ("sosi.not_closed", {"number": 1, "gap_m": 141.421})
    assert told["sosi:11"][0] == told["sosi:12"][0] == "sosi.not_closed"
    assert told["sosi:13"] == ("sosi.ref_kind", {"numbers": "10"})
