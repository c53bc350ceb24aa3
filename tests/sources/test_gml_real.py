"""Real GML files that others made, as they come: layers, counts, and what is wrong with each."""

import zipfile
from pathlib import Path

import pytest
import shapely

from ikap.sources import list_layers, read_path

pytestmark = pytest.mark.realdata

PLANS = {
    "gml.avgr.1-pass.gml": {
        "RpOmråde": (1, 19.1735, {"gml.facts.plan": 1}),
        "RpArealformålOmråde": (3, 19.1566, {"gml.facts.plan": 3, "gml.facts.outline": 3}),
        "RpFormålGrense": (3, 0.0, {}),
    },
    "gml.epsg.1-pass-1.gml": {
        "RpOmråde": (1, 19.1735, {"gml.facts.plan": 1}),
        "RpArealformålOmråde": (3, 19.1735, {"gml.facts.plan": 3, "gml.facts.outline": 3}),
    },
    "gml.gmlid.1-3D-pass.gml": {
        "RpRegulertTerreng": (
            1,
            50.2123,
            {"heights.dropped": 1, "gml.link_missing": 1, "crs.vertical": 1},
        ),
    },
    "gml.xlink.1-2D-pass.gml": {
        "RpOmråde": (1, 83634.126, {"curves.straightened": 2, "gml.facts.plan": 1}),
        "RpBestemmelseOmråde": (
            1,
            42.2367,
            {
                "curves.straightened": 2,
                "gml.link_outside": 1,
                "gml.facts.plan": 1,
                "gml.facts.outline": 1,
            },
        ),
    },
    "ks_fiks_planomraade.gml": {"Arealplan": (1, 24584.062, {})},
}
ROADS = {
    "Fartsgrense": (3128, {"gml.repeated": 156}),
    "FunksjonellVegklasse": (3018, {"gml.repeated": 374}),
    "Gågatereguleringer": (2, {}),
    "Høydebegrensning": (11, {"gml.repeated": 1}),
    "InnkjøringForbudt": (717, {"gml.repeated": 10}),
    "Jernbanekryssing": (20, {}),
    "Svingerestriksjon": (34, {}),
    "Trafikkreguleringer": (8, {"gml.repeated": 3}),
    "Veglenke": (8594, {}),
    "Vegsperring": (50, {}),
}


def told(raw) -> dict[str, float]:
    return {row.what: row.amount for row in raw.quality}


@pytest.mark.parametrize("name", PLANS)
def test_plan(realdata: Path, name: str) -> None:
    path = realdata / "plan" / "gml" / name
    assert list_layers(path) == tuple(PLANS[name])
    for layer, (count, area, quality) in PLANS[name].items():
        raw = read_path(path, layer=layer)
        assert (len(raw.frame), told(raw)) == (count, quality)
        assert raw.frame.area.sum() == pytest.approx(area, abs=1e-3)
        assert raw.frame.crs.to_epsg() == 25832
        assert shapely.is_valid(raw.frame.geometry.to_numpy()).all()


def test_planned_area_knows_its_plan(realdata: Path) -> None:
    path = realdata / "plan" / "gml" / "gml.xlink.1-2D-pass.gml"
    row = read_path(path, layer="rpbestemmelseomrade").frame.iloc[0]
    facts = ("kommunenummer", "planidentifikasjon", "plantype", "planstatus", "plannavn")
    expected = ["4203", "09062018-2", "35", "2", "Områderegulering HIS"]
    assert [row[f"arealplan.{fact}"] for fact in facts] == expected
    assert row.name == "gml:_c2440206-9c33-4c0a-9ac4-ede052c748b7"
    assert row["lokalId"] == "b63c704a-a898-4b11-b548-2245037b3f62"


def test_terrain_is_its_ground_plan(realdata: Path) -> None:
    path = realdata / "plan" / "gml" / "gml.gmlid.1-3D-pass.gml"
    ground = read_path(path).frame.geometry.iloc[0]
    assert ground.geom_type == "Polygon"  # twelve triangles that share their edges
    assert (len(ground.interiors), shapely.has_z(ground)) == (0, False)


@pytest.mark.parametrize("name", ROADS)
def test_roads(realdata: Path, tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(realdata / "transport" / "0403_Hamar_fkbvn_GML.zip") as archive:
        member = next(
            i for i in archive.infolist() if i.filename.encode("cp437").decode("cp865")[:-4] == name
        )
        path = tmp_path / "roads.gml"
        path.write_bytes(archive.read(member))
    count, quality = ROADS[name]
    raw = read_path(path)
    assert (raw.layer, len(raw.frame)) == (name, count)
    assert told(raw) == {**quality, "heights.dropped": count, "crs.vertical": count}
    assert raw.frame.crs.to_epsg() == 25833
    assert raw.frame["lokalId"].notna().all()


def test_numbers_keep_their_zero(realdata: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(realdata / "transport" / "0403_Hamar_fkbvn_GML.zip") as archive:
        path = Path(archive.extract("Veglenke.gml", tmp_path))
    frame = read_path(path).frame
    assert set(frame["kommune"]) == {"0403"}
    assert set(frame["kommunenummer"].dropna()) == {"0403"}
    assert frame["lokalId"].iloc[0] == "704827_2"
    assert frame["lenkesekvens_lokalId"].iloc[0] == "704827"  # another object's id is not ours
