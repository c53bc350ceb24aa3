"""Areas that must be settled are listed, old purposes have rows, and lines and zones are shown."""

import csv

import geopandas as gpd
import pytest
from shapely import LineString

import ikap
from ikap.results import read as read_results
from tests.end_to_end.conftest import E0, N0, box

ROAD = LineString([(E0, N0), (E0 + 300, N0 + 400)])  # 3-4-5: 500 m
MAP = """
title = { nb = "Jordvern", en = "Farmland" }
goal = 2
order = 1
checks = ["farmland_conversion"]
layers = ["kommuner", "plan"]
[texts.ingress]
nb = "Prøve."
en = "Trial."
"""


def plan_rows() -> gpd.GeoDataFrame:
    """All object types in one layer, a hectare each: six areas, two zones, one line."""
    rows = [
        ("a", "KpArealformålOmråde", "1110", None, 2, box(0, 0, 100, 100)),
        ("b", "KpArealformålOmråde", "1001", None, 2, box(100, 0, 200, 100)),
        ("c", "KpArealformålOmråde", None, None, 2, box(200, 0, 300, 100)),
        ("d", "KpArealbrukOmråde", None, "130", 2, box(300, 0, 400, 100)),
        ("e", "KpArealbrukOmråde", None, "400", 2, box(600, 0, 700, 100)),
        ("f", "KpArealformålOmråde", "1800", None, None, box(700, 0, 800, 100)),
        ("g", "KpDetaljeringSone", None, None, None, box(0, 0, 200, 100)),
        ("h", "KpBestemmelseOmråde", None, None, None, box(0, 0, 50, 50)),
        ("i", "KpSamferdselLinje", "2010", None, 2, ROAD),
    ]
    names = ("lokalid", "objtype", "arealformål", "arealbruk", "arealbruksstatus")
    columns = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    return gpd.GeoDataFrame(columns, geometry=[row[5] for row in rows], crs="EPSG:25832")


@pytest.fixture
def workspace(squares):
    path = squares.root / "layers" / "data" / "plan.geojson"
    path.parent.mkdir(exist_ok=True)
    plan_rows().to_file(path, driver="GeoJSON")
    text = 'plan = { id = "plan", role = "proposal" }'
    squares.plan(("1110", 2, box(0, 0, 1, 1)), name="plan")  # for its declaration
    toml = squares.root / "layers" / "plan.toml"
    toml.write_text(toml.read_text("utf-8").replace("plan.gpkg", "plan.geojson"), "utf-8")
    assert text in toml.read_text("utf-8")
    (squares.root / "maps" / "jordvern.toml").write_text(MAP, encoding="utf-8")
    return squares


def sheet(folder, name: str) -> list[list[str]]:
    (path,) = folder.glob(f"*{name}.nb.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_plan_with_everything(workspace) -> None:
    results = workspace.check("plan")
    listed = {(row[2], row[0]): row for row in sheet(results.folder, "uavklart")[2:]}
    assert set(listed) == {
        ("b", "Bebyggelse og anlegg (1001) uten byggesone"),
        ("c", "Arealformål mangler"),
        ("e", "Arealformålet er ukjent eller kan ikke oversettes"),
        ("f", "Arealbruksstatus mangler eller er ukjent"),
    }
    row = listed["e", "Arealformålet er ukjent eller kan ikke oversettes"]
    assert (row[1], row[4], row[5], row[6]) == ("9902", "1001", "400", "10")
    zones = results.geodata("zones").set_index("zone_key")
    assert (zones.loc["d", "purpose"], zones.loc["d", "old_purpose"]) == ("1300", "130")
    assert zones.loc["d", "development"] == "future"
    assert list(results.geodata("plan_lines")["length_m"]) == [500.0]
    assert set(results.geodata("plan_zones")["theme"]) == {"provision", "detailing"}
    again = read_results(results.folder)
    assert len(again.geodata("plan_zones")) == 2
    told = [cell for row in sheet(results.folder, "tabell-T1") for cell in row]
    assert "1001 Bebyggelse og anlegg (kan romme bolig, kan romme næring)" in told
    assert "1800 Kombinert bebyggelse og anleggsformål (kan romme bolig, kan romme næring)" in told
    cells = results.accounts[
        (results.accounts["table"] == "T1") & (results.accounts["column"] == "after")
    ]
    area = cells.groupby("row")["value"].sum()
    assert area["1001"] == pytest.approx(20_000, abs=0.01)
    assert (
        area["1800"] == area["1110"] == area["1300"] == area[""] == pytest.approx(10_000, abs=0.01)
    )
    assert area.sum() == pytest.approx(3_000 * 2_000, abs=0.01)


def test_lines_and_zones_are_on_the_map_with_a_legend(workspace) -> None:
    workspace.check("plan")
    page = ikap.publish(ikap.open_workspace(workspace.root))
    pages = [path.read_text("utf-8") for path in page.parent.rglob("*.html")]
    (found,) = (p for p in pages if 'data-layer="plan_zones"' in p and '<html lang="nb"' in p)
    for words in ("Bestemmelsesområde", "Detaljeringssone", "Samferdselslinje"):
        assert words in found
