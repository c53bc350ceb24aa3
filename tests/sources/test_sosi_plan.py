"""A plan and land cover in SOSI go all the way: the kinds know the official names again."""

import json
from datetime import date
from pathlib import Path

import pytest
import shapely

from ikap.cli import main
from ikap.kinds import landcover, zoning
from ikap.kinds.inspect import describe
from ikap.kinds.loading import load
from ikap.model import LayerDeclaration, Municipality, PlanDeclaration, Region

HEAD = """.HODE
..TEGNSETT {charset}
..TRANSPAR
...KOORDSYS 22
...ORIGO-NØ 7030000 570000
...ENHET 0.01
..OMRÅDE
...MIN-NØ 7030000 570000
...MAX-NØ 7031000 571000
..SOSI-VERSJON 4.5
..SOSI-NIVÅ 4
..OBJEKTKATALOG "Kommuneplan" 4.5.2
"""
REGION = Region(
    key="prøve",
    name={"nb": "Prøveregionen", "en": "Test region"},
    crs="EPSG:25832",
    municipalities=(Municipality("5001", "Trondheim", date(2018, 1, 1)),),
    neighbours=(),
    history=(),
)


def curve(number: int, kind: str, *points: tuple[int, int], more: str = "") -> str:
    rows = "\n".join(f"{n * 100} {e * 100}" for e, n in points)
    return f".KURVE {number}:\n..OBJTYPE {kind}\n{more}..NØ\n{rows}\n"


def plan_area(number: int, purpose: int, status: int, ref: str) -> str:
    return (
        f".FLATE {number}:\n..OBJTYPE KpArealformålOmråde\n"
        "..IDENT\n...LOKALID {id}\n...NAVNEROM https://data.geonorge.no/plan\n".format(
            id=f"a{number}"
        )
        + f"..KPAREALFORMÅL {purpose}\n..AREALST {status}\n..OMRÅDENAVN B{number} ! navn på felt\n"
        "..KOMM 5001\n..PLANID k2024001\n..PLANTYPE 20\n..PLANSTAT 3\n..VERTNIV 2\n"
        "..IKRAFT 20240131\n"
        '..KOPIDATA\n...OMRÅDEID 5001\n...ORIGINALDATAVERT "Trondheim kommune"\n'
        f"...KOPIDATO 20240201120000\n..REF {ref}\n..NØ\n100 100\n"
    )


# Two areas of 100 m x 100 m and 200 m x 100 m that share a border; the second has a hole of
# 50 m x 50 m, which is an area of its own. A road is a line.
PLAN = (
    plan_area(10, 1110, 2, ":1 :2"),
    plan_area(11, 5100, 1, ":3 :-2\n(:4)"),
    plan_area(12, 3001, 1, ":-4"),
    curve(1, "KpGrense", (100, 100), (0, 100), (0, 0), (100, 0)),
    curve(2, "KpArealGrense", (100, 0), (100, 100)),
    curve(3, "KpGrense", (100, 0), (300, 0), (300, 100), (100, 100)),
    curve(4, "KpArealGrense", (150, 20), (150, 70), (200, 70), (200, 20), (150, 20)),
    curve(5, "KpSamferdselLinje", (0, 50), (300, 50), more="..KPAREALFORMÅL 2010\n..AREALST 1\n"),
    ".FLATE 20:\n..OBJTYPE KpOmråde\n..PLANNAVN Arealdelen\n..REF :1 :3\n..NØ\n1 1\n",
    '.TEKST 30:\n..OBJTYPE KpPåskrift\n..STRENG "Boliger"\n..NØ\n5000 5000\n',
    ".SLUTT\n",
)


@pytest.fixture
def plan(tmp_path) -> Path:
    path = tmp_path / "kommuneplan.sos"
    text = "".join((HEAD.format(charset="ISO8859-10"), *PLAN)).replace("\n", "\r\n")
    path.write_bytes(text.encode("iso8859-10"))
    return path


def declared(path: Path, kind: str) -> LayerDeclaration:
    source = {"from": "files", "path": str(path)}
    plan = PlanDeclaration("plan", "current_kp") if kind == "zoning" else None
    return LayerDeclaration("lag", kind, {}, "", "", source, path.parent, plan=plan, file="x.toml")


def test_kommuneplan(plan) -> None:
    layer = load(zoning, declared(plan, "zoning"), REGION)
    frame = layer.frame.set_index("source_id")
    assert frame.index.tolist() == ["a10", "a11", "a12"]
    assert frame["arealformål"].tolist() == ["1110", "5100", "3001"]
    assert frame["arealbruksstatus"].tolist() == [2, 1, 1]
    assert frame["områdenavn"].tolist() == ["B10", "B11", "B12"]
    assert set(frame["kommunenummer"]) == {"5001"}
    assert set(frame["planidentifikasjon"]) == {"k2024001"}
    assert set(frame["ikrafttredelsesdato"]) == {"2024-01-31"}
    assert set(frame["plan_level"]) == {"kp"}
    assert frame.area.tolist() == [10_000, 20_000 - 2_500, 2_500]
    assert shapely.union_all(frame.geometry.to_numpy()).area == 30_000
    assert layer.lines is not None
    assert layer.lines["length_m"].tolist() == [300]
    assert layer.crs_known_by == "file"


def test_kommuneplan_with_lost_letters_in_its_names(plan, tmp_path) -> None:
    text = plan.read_bytes().decode("iso8859-10")
    for whole, bare in (
        ("KPAREALFORMÅL", "KPAREALFORMAL"),
        ("KpArealformålOmråde", "KpArealformalOmrade"),
        ("OMRÅDENAVN", "omradenavn"),
    ):
        text = text.replace(whole, bare)
    path = tmp_path / "uten.sos"
    path.write_bytes(text.encode("iso8859-10"))
    with_letters, without = (load(zoning, declared(p, "zoning"), REGION) for p in (plan, path))
    assert with_letters.frame.drop(columns=["geometry", "objtype"]).equals(
        without.frame.drop(columns=["geometry", "objtype"])
    )


def test_area_that_cannot_be_built_is_not_forgotten(plan) -> None:
    plan.write_bytes(
        plan.read_bytes().replace(
            b"..REF :1 :2\r\n..N\xd8\r\n100 100", b"..REF :1 :-99\r\n..N\xd8\r\n100 100"
        )
    )
    layer = load(zoning, declared(plan, "zoning"), REGION)
    assert layer.frame["source_id"].tolist() == ["a11", "a12"]
    assert layer.unmeasurable["source_id"].tolist() == ["a10"]
    assert [q.source_id for q in layer.quality if q.what == "sosi.ref_missing"] == ["sosi:10"]


def test_land_cover(tmp_path) -> None:
    def area(number: int, kind: int, ref: str) -> str:
        return (
            f".FLATE {number}:\n..OBJTYPE ArealressursFlate\n..IDENT\n...LOKALID ar{number}\n"
            f"..ARTYPE {kind}\n..ARTRESLAG 39\n..ARSKOGBON 98\n..ARGRUNNF 44\n"
            f"..DATAFANGSTDATO 20230901\n..KVALITET 82 200\n..REF {ref}\n..NØ\n100 100\n"
        )

    path = tmp_path / "ar5.sos"
    curves = (c.replace("KpGrense", "ArealressursGrense") for c in PLAN[3:6])
    text = "".join(
        [
            HEAD.format(charset="UTF-8"),
            area(10, 21, ":1 :2"),
            area(11, 30, ":3 :-2"),
            *curves,
            ".SLUTT\n",
        ]
    )
    path.write_bytes(text.encode("utf-8-sig"))
    frame = load(landcover, declared(path, "landcover"), REGION).frame
    assert frame["arealtype"].tolist() == ["21", "30"]
    assert frame["nøyaktighet"].tolist() == [200.0, 200.0]  # cm, the second number of KVALITET
    assert frame["målemetode"].tolist() == ["82", "82"]
    assert frame["datafangstdato"].tolist() == ["2023-09-01", "2023-09-01"]
    assert frame.area.tolist() == [10_000, 20_000]


def test_inspect_shows_every_object_type(plan) -> None:
    seen = describe(plan, REGION)
    by_name = {layer["name"]: layer for layer in seen["layers"]}
    assert list(by_name) == [
        "KpArealformålOmråde", "KpGrense", "KpArealGrense", "KpSamferdselLinje", "KpOmråde",
        "KpPåskrift",
    ]  # fmt: skip
    areas = by_name["KpArealformålOmråde"]
    assert (areas["count"], areas["crs"], areas["used_as"]) == (3, "EPSG:25832", "zoning")
    assert areas["geometry"] == {"Polygon": 3}
    assert areas["names"]["arealformål"] == "KPAREALFORMÅL"
    assert areas["faults"] == []
    assert by_name["KpPåskrift"]["geometry"] == {"Point": 1}


def test_inspect_on_the_command_line(plan, capsys, monkeypatch, root) -> None:
    monkeypatch.chdir(root)
    assert main(["inspect", str(plan), "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert seen["layers"][0]["name"] == "KpArealformålOmråde"
    assert main(["inspect", str(plan)]) == 0
    assert "KpArealformålOmråde" in capsys.readouterr().out
