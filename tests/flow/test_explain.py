"""`ikap explain`: the pieces lead back to the planner's file, and the recipe gives the figure."""

import functools
import importlib.util
import json
import re
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

import ikap
from ikap import example
from ikap.cli import main
from ikap.errors import InputError
from ikap.flow.explain_screen import explanation

HERE = Path(__file__).parent
SAME_M2 = 0.01


def module(path):
    spec = importlib.util.spec_from_file_location(f"beside_{path.stem}", path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


Project = module(HERE / "by_hand.py").Project
whole = module(HERE.parent / "end_to_end" / "conftest.py")
box = whole.box


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("region")
    example.build(folder, size="small")
    workspace = ikap.open_workspace(folder)
    return workspace, ikap.check(workspace, "forslag").findings


@pytest.fixture(scope="module")
def told(region):
    """Explain each finding once."""
    return functools.cache(functools.partial(ikap.explain, region[0]))


@pytest.fixture
def squares(tmp_path):
    return whole.squares_at(tmp_path / "arbeidsområde")


def ws_of(squares):
    return ikap.open_workspace(squares.root)


def of(squares, check, area="z0"):
    return ikap.explain(ws_of(squares), area=area, check=check)


# --- the example --------------------------------------------------------------------------------


def chosen(findings):
    """The largest, the smallest and an empty figure of each check."""
    for _, rows in findings[findings["unit"] == "m2"].groupby("check"):
        known = rows[rows["measured"].notna() & ~rows["status"].eq("not_applicable")]
        some = known[known["measured"] > 0].sort_values("measured")["finding_id"]
        none = known[known["measured"] == 0]["finding_id"]
        yield from {*some.iloc[[0, -1]], *none.head(1)} if len(some) else none.head(1)


def test_recipe_gives_the_figure_to_a_square_centimetre_in_gdal(region, told, tmp_path):
    workspace, findings = region
    project, ways, wrong = Project(tmp_path, workspace.root), set(), {}
    for name in chosen(findings):
        found = told(name)
        measured, hand = found["finding"]["measured"], found["by_hand"]
        assert found["sum_m2"] == pytest.approx(measured, abs=SAME_M2)
        if not hand["sql"]:
            assert measured == 0, name
            continue
        ways.add(hand["how"])
        given = project.figure(hand)
        if abs(given - measured) > SAME_M2:
            wrong[name] = (given, measured)
    assert wrong == {}
    assert ways == {"sum", "clear", "union", "left"}


def test_pieces_are_parts_of_the_features_that_they_name(region, told):
    workspace, findings = region
    rows = findings[findings["check"] == "farmland_conversion"]
    found = told(rows.loc[rows["measured"].idxmax(), "finding_id"])
    file = workspace.root / "layers/data/ar5_konstruert.gpkg"
    land = gpd.read_file(file, layer="ArealressursFlate").set_index("lokalid")
    file = workspace.root / "ut/resultater/forslag/results.gpkg"
    zones = gpd.read_file(file, layer="zones").set_index("zone_key")
    zone = zones.geometry[found["finding"]["zone_key"]]
    assert found["pieces"]
    for piece in found["pieces"]:
        feature = land.loc[piece["source_id"]]
        assert feature["arealtype"] == piece["class"]
        cut = shapely.area(shapely.intersection(feature.geometry, zone))
        assert piece["area_m2"] == pytest.approx(cut, abs=SAME_M2)


def test_every_check_and_outcome_is_explained_in_words(region, told):
    workspace, findings = region
    rows = findings.sort_values("measured", ascending=False).drop_duplicates(["check", "status"])
    for name in rows["finding_id"]:
        for lang in ("nb", "en"):
            text = explanation(told(name), workspace, lang)
            assert name in text
            assert "{" not in text
            spoken = [line for line in text.splitlines() if not line.startswith("    ")]
            assert not re.search(r"\bfindings?\b", " ".join(spoken).lower())


def test_road_drawn_as_a_line_is_told_with_its_name_id_and_length(region, told):
    workspace, findings = region
    rows = findings[findings["check"] == "farmland_transport_lines"]
    found = told(rows["finding_id"].iloc[0])
    road = found["area"]
    assert road["length_m"] == pytest.approx(found["finding"]["measured"])
    text = explanation(found, workspace, "nb")
    assert f"Linje: {road['name']}." in text
    assert road["source_id"] in text
    assert "ingen stykker å summere" in text


def test_distance_names_the_point_that_stands_for_the_middle(region, told):
    workspace, findings = region
    rows = findings[(findings["check"] == "stop_distance") & (findings["measured"] > 0)]
    found = told(rows["finding_id"].iloc[0])
    at = found["by_hand"]["at"]
    assert at["distance_m"] == pytest.approx(found["finding"]["measured"])
    file = workspace.root / "ut/resultater/forslag/results.gpkg"
    zones = gpd.read_file(file, layer="zones").set_index("zone_key")
    zone = zones.geometry[found["finding"]["zone_key"]]
    assert shapely.Point(at["east"], at["north"]).within(zone)


def test_id_is_in_the_geopackage_the_csv_and_on_the_screen(region, capsys):
    workspace, findings = region
    folder = workspace.root / "ut/resultater/forslag"
    table = pyogrio.read_dataframe(folder / "results.gpkg", layer="findings")
    told = findings[findings["status"] != "not_applicable"]
    assert sorted(table["finding_id"]) == sorted(told["finding_id"])
    name = told["finding_id"].iloc[0]
    text = (folder / "konstruert-vurderinger.nb.csv").read_text(encoding="utf-8-sig")
    assert name in text
    assert main(["explain", name, "--workspace", str(workspace.root)]) == 0
    assert name in capsys.readouterr().out
    assert main(["explain", name, "--workspace", str(workspace.root), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["finding_id"] == name


def test_unknown_id_names_the_nearest(region, capsys):
    workspace, findings = region
    name = findings["finding_id"].iloc[0]
    assert main(["explain", f"{name[:-2]}xy", "--workspace", str(workspace.root)]) == 2
    assert name[:-2] in capsys.readouterr().err.split("«")[2]
    with pytest.raises(InputError, match=r"finding\.plan"):
        ikap.explain(workspace, area="x", plan="ukjent")
    key = findings.loc[findings["check"].eq("hazard") & findings["measured"].ge(0), "zone_key"]
    with pytest.raises(InputError, match=r"finding\.several"):
        ikap.explain(workspace, key.iloc[0])
    with pytest.raises(InputError, match=r"option\.needs_finding"):
        ikap.explain(workspace)


# --- squares ------------------------------------------------------------------------------------


def test_area_in_two_municipalities_has_its_pieces_in_both(squares, tmp_path):
    squares.land(a21=[(400, 0, 480, 100), (450, 100, 600, 200)], a30=[(-1000, 500, 2000, 1000)])
    squares.plan(("1110", 2, box(400, 0, 700, 200)))
    squares.check()
    found = of(squares, "farmland_conversion")
    pieces = {(p["source_id"], p["municipality"]): p["area_m2"] for p in found["pieces"]}
    # 80 × 100 in Vest; 150 × 100 of which a third (x < 500) is in Vest
    by_hand = {("ar5-0", "9901"): 8000.0, ("ar5-1", "9901"): 5000.0, ("ar5-1", "9902"): 10_000.0}
    assert pieces == pytest.approx(by_hand)
    assert found["sum_m2"] == pytest.approx(23_000)
    places = {p["number"]: p["area_m2"] for p in found["municipalities"]}
    assert places == pytest.approx({"9901": 20_000, "9902": 40_000})
    assert Project(tmp_path, squares.root).figure(found["by_hand"]) == pytest.approx(23_000)


def test_changed_file_is_told_instead_of_other_figures(squares):
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    squares.check()
    squares.land(a21=[(0, 0, 100, 50)])
    found = of(squares, "farmland_conversion")
    assert found["not_listed"] == "changed"
    assert [one["layer"] for one in found["changed"]] == ["ar5"]
    assert found["pieces"] == []
    assert found["by_hand"] is None
    text = explanation(found, ws_of(squares), "nb")
    assert "filen data/ar5.gpkg er endret" in text
    assert "5 000,00 m²" not in text.replace("\u202f", " ")
    assert found["plan_changed"] == []
    squares.plan(("1110", 2, box(0, 0, 100, 90)))
    found = of(squares, "farmland_conversion")
    assert [one["layer"] for one in found["plan_changed"]] == ["forslag"]
    assert found["area"]["area_m2"] == pytest.approx(10_000)  # as it was
    (squares.root / "layers/data/ar5.gpkg").unlink()
    assert of(squares, "farmland_conversion")["changed"][0]["how"] == "missing"


def test_recipe_of_two_layers_asks_each_for_what_the_one_before_left(squares, tmp_path):
    squares.land(a21=[(0, 0, 100, 100)], a30=[(100, 0, 150, 100)], a99=[(150, 0, 160, 100)])
    cover = 'coverage = { municipalities = ["9901"] }\naccuracy = { metres = 2.0, source = "x", '
    squares.layer(
        "n50",
        "farmland",
        [box(50, 0, 200, 100), box(480, 0, 600, 100)],
        f'{cover}status = "assumption" }}',
        arealtype=["20", "20"],
        lokalid=["n50-0", "n50-1"],
    )
    goals = squares.root / "layers/goals.toml"
    text = goals.read_text(encoding="utf-8")
    goals.write_text(text.replace('farmland = ["ar5"]', 'farmland = ["ar5", "n50"]'), "utf-8")
    squares.plan(("1110", 2, box(0, 0, 600, 100)))
    squares.check()
    found = of(squares, "farmland_conversion")
    # AR5: 100 × 100. N50 for what AR5 has not mapped: 50 × 100 (x 150 to 200, code 99 too), and
    # 20 × 100 west of the border at 500; east of it N50 is not complete
    assert found["sum_m2"] == pytest.approx(17_000)
    assert Project(tmp_path, squares.root).figure(found["by_hand"]) == pytest.approx(17_000)


def test_zones_of_the_plan_itself_are_told_and_no_declaration_is_blamed(squares):
    squares.plan(("1110", 2, box(0, 0, 100, 100)))
    gpd.GeoDataFrame(
        {"angittHensyn": [510], "lokalid": ["h0"]}, geometry=[box(0, 0, 30, 100)], crs=25832
    ).to_file(squares.root / "layers/data/forslag.gpkg", layer="KpAngittHensynSone")
    text = (squares.root / "layers/forslag.toml").read_text(encoding="utf-8")
    chosen = text.replace(
        'path = "data/forslag.gpkg"', 'path = "data/forslag.gpkg", layer = "forslag"'
    )
    squares.toml("forslag", chosen)
    squares.check()
    found = of(squares, "farmland_core")
    assert found["finding"]["measured"] == pytest.approx(3000)
    assert (found["not_listed"], found["by_hand"]) == ("own_zones", None)
    assert "angittHensyn er 510" in " ".join(explanation(found, ws_of(squares), "nb").split())


def test_hostile_names_and_ids_do_no_harm(squares, tmp_path, capsys):
    """Ids with quotes, control characters and colons; shown without what a terminal obeys."""
    key = "a:b'); DROP TABLE zones;--"
    land = "ar'5\"; --"
    squares.layer(
        "ar5",
        "landcover",
        [box(0, 0, 80, 100), box(100, 0, 150, 100)],
        "coverage = { own_polygons = true }",
        arealtype=["21", "21"],
        lokalid=[land, "annen"],
    )
    squares.layer(
        "forslag",
        "zoning",
        [box(0, 0, 50, 100), box(100, 0, 150, 100)],
        'plan = { id = "forslag", role = "proposal" }',
        lokalid=[key, "\x1b[31mrød\u202e"],
        arealformål=["1110", "1110"],
        arealbruksstatus=[2, 2],
        områdenavn=["\x1b]0;eid\x07<b>B1</b>", "{name}"],
    )
    results = squares.check()
    ids = results.findings["finding_id"].tolist()
    odd = next(name for name in ids if name.startswith("farmland_conv") and "\x1b" in name)
    text = explanation(ikap.explain(ws_of(squares), odd), ws_of(squares), "nb")
    assert "Hent spørringen med --json" in text
    found = ikap.explain(ws_of(squares), f"farmland_conversion:forslag:{key}")
    assert found["pieces"][0]["source_id"] == land
    project = Project(tmp_path, squares.root)
    assert project.figure(found["by_hand"]) == pytest.approx(5000)
    fragments = of(squares, "farmland_fragments", key)
    assert fragments["sum_m2"] == pytest.approx(3000)  # 30 × 100 is left
    assert project.figure(fragments["by_hand"]) == pytest.approx(3000)
    for name in ids:
        shown = "".join(c for c in name if c.isprintable())
        assert main(["explain", shown, "--workspace", str(squares.root)]) == 0
        out = capsys.readouterr().out
        assert shown in out
        assert not {"\x1b", "\x07", "\u202e"} & set(out)


def test_what_is_unknown_and_what_was_not_read_is_told(squares):
    squares.land(a21=[(0, 0, 100, 100)], a99=[(200, 0, 300, 100)])
    squares.plan(("1110", 2, box(0, 0, 100, 100)), ("1110", 2, box(200, 0, 300, 100)))
    path = squares.root / "layers/data/forslag.gpkg"
    areas = gpd.read_file(path)
    path.unlink()
    areas.to_file(path, layer="KpArealformålOmråde")
    zones = gpd.GeoDataFrame(
        {"lokalid": ["d1"], "kpDetaljering": ["910"], "hensynSonenavn": ["H910_1"]},
        geometry=[box(0, 0, 30, 100)],
        crs="EPSG:25832",
    )
    zones.to_file(path, layer="KpDetaljeringSone")
    toml = squares.root / "layers/forslag.toml"
    text = toml.read_text(encoding="utf-8")
    layer = '"data/forslag.gpkg", layer = "KpArealformålOmråde"'
    toml.write_text(text.replace('"data/forslag.gpkg"', layer), encoding="utf-8")
    squares.check()
    found = of(squares, "farmland_conversion")
    assert [(p["source_id"], p["inside_m2"]) for p in found["provisions"]] == [("d1", 3000.0)]
    found = of(squares, "farmland_conversion", "z1")
    text = explanation(found, ws_of(squares), "nb").replace("\u202f", " ")
    assert "Kartlaget dekker ikke hele området." in text
    assert "Ukjent del av området: 10 000,00 m²." in text
