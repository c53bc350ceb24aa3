"""Bad input by the command line: one clear Norwegian message each, exit code 2, nothing lost."""

import sys
import warnings

import geopandas as gpd
import pytest
import shapely

from ikap.cli import main

E0, N0 = 569_000, 7_034_000
SQUARE = shapely.box(E0, N0, E0 + 100, N0 + 100)


@pytest.fixture
def ikap(squares, capsys):
    """Run one command on the workspace of squares; returns exit code and what was complained."""
    squares.land(a21=[(0, 0, 100, 100)])
    squares.plan(("1110", 2, SQUARE))

    def run(*words):
        code = main([*map(str, words), "--workspace", str(squares.root)])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.err + captured.out

    return run


def plan_file(path, crs="EPSG:25832", geometry=SQUARE, **columns):
    columns = {"lokalid": ["a"], "arealformål": ["1110"], "arealbruksstatus": [2]} | columns
    frame = gpd.GeoDataFrame(columns, geometry=[geometry], crs=crs)
    frame.to_file(path)
    return path


def test_missing_file(ikap, tmp_path):
    code, text = ikap("check", "--plan", tmp_path / "finnes_ikke.gpkg")
    assert code == 2
    assert "Filen finnes ikke" in text
    assert "finnes_ikke.gpkg" in text


def test_empty_file(ikap, tmp_path):
    (tmp_path / "tom.gpkg").write_bytes(b"")
    code, text = ikap("check", "--plan", tmp_path / "tom.gpkg")
    assert (code, "tom" in text) == (2, True)


def test_another_type_of_file(ikap, tmp_path):
    (tmp_path / "brev.gpkg").write_text("Kjære kommune", encoding="utf-8")
    code, text = ikap("check", "--plan", tmp_path / "brev.gpkg")
    assert (code, "brev.gpkg" in text) == (2, True)


def test_file_without_crs(ikap, tmp_path):
    with warnings.catch_warnings(action="ignore"):  # the writer says what we want: no CRS
        path = plan_file(tmp_path / "plan.gpkg", crs=None)
    code, text = ikap("check", "--plan", path)
    assert code == 2
    assert "koordinatsystem" in text


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4258", "EPSG:3857"])
def test_plan_in_degrees_or_web_mercator_is_refused(ikap, tmp_path, crs):
    moved = gpd.GeoSeries([SQUARE], crs="EPSG:25832").to_crs(crs)[0]
    code, text = ikap("check", "--plan", plan_file(tmp_path / "plan.gpkg", crs, moved))
    assert code == 2
    assert "EPSG:25832" in text  # what to do


def test_swapped_axes_are_told_as_such(ikap, tmp_path):
    swapped = shapely.box(N0, E0, N0 + 100, E0 + 100)
    code, text = ikap("check", "--plan", plan_file(tmp_path / "plan.gpkg", geometry=swapped))
    assert code == 2
    assert "byttet" in text


def test_plan_outside_the_region_is_told_with_the_distance(ikap, tmp_path):
    away = shapely.box(E0, N0 - 600_000, E0 + 100, N0 - 599_900)
    code, text = ikap("check", "--plan", plan_file(tmp_path / "plan.gpkg", geometry=away))
    assert code == 2
    assert "utenfor" in text
    assert "km" in text


def test_missing_column_offers_the_nearest_name(ikap, tmp_path):
    frame = gpd.GeoDataFrame({"arealformal_kode": ["1110"]}, geometry=[SQUARE], crs="EPSG:25832")
    frame.to_file(tmp_path / "plan.gpkg")
    code, text = ikap("check", "--plan", tmp_path / "plan.gpkg")
    assert code == 2
    assert "arealformål" in text
    assert "arealformal_kode" in text


def test_municipality_outside_the_region_is_named(ikap, tmp_path):
    code, text = ikap("check", "--plan", plan_file(tmp_path / "plan.gpkg", kommunenummer=["4204"]))
    assert (code, "4204" in text) == (2, True)


def test_unknown_purpose_codes_are_listed_counted_and_kept(ikap, squares, tmp_path):
    path = plan_file(tmp_path / "plan.gpkg", arealformål=["7777"])
    code, _ = ikap("check", "--plan", path)
    assert code == 0
    from ikap import read_results  # noqa: PLC0415

    results = read_results(squares.root / "ut/resultater/plan")
    told = results.quality[results.quality["what"] == "purpose.unknown"]
    assert told["amount"].tolist() == [1]
    assert "7777" in told["facts_json"].iloc[0]
    assert set(results.findings["status"]) == {"unknown"}


def test_misspelt_key_names_file_key_and_nearest_word(ikap, squares):
    path = squares.root / "layers/ar5.toml"
    path.write_text(path.read_text("utf-8").replace("coverage =", "covrage ="), "utf-8")
    code, text = ikap("run")
    assert code == 2
    assert "ar5.toml" in text
    assert "covrage" in text
    assert "«coverage»" in text


def test_wrong_date_and_unknown_plan(ikap):
    assert ikap("check", "--as-of", "i går")[0] == 2
    code, text = ikap("check", "--plan", "forslga")
    assert (code, "forslag" in text) == (2, True)


def test_fault_leaves_the_old_results_whole(ikap, squares):
    assert ikap("check", "--plan", "forslag")[0] == 0
    folder = squares.root / "ut/resultater/forslag"
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    (squares.root / "layers/data/forslag.gpkg").write_bytes(b"\0")
    assert ikap("check", "--plan", "forslag")[0] == 2
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_fail_on_gives_exit_code_4(ikap, squares):
    assert ikap("check", "--fail-on", "conflict")[0] == 4
    assert ikap("check", "--fail-on", "unknown")[0] == 4  # no map of cultivable or core land
    far = [shapely.box(568_000, 7_033_000, 568_010, 7_033_010)]
    everywhere = 'coverage = { municipalities = ["all"] }'
    squares.layer("dyrkbar", "cultivable", far, everywhere, ARDYRKING=["82"])
    squares.layer("kjerne", "core_farmland", far, everywhere, navn=["Storelva"])
    goals = squares.root / "layers/goals.toml"
    uses = '[use]\ncultivable = ["dyrkbar"]\ncore_farmland = ["kjerne"]\n'
    goals.write_text(goals.read_text("utf-8").replace("[use]\n", uses), "utf-8")
    assert ikap("check", "--fail-on", "unknown")[0] == 0


def test_english_messages_on_request(ikap, tmp_path):
    code, text = ikap("check", "--lang", "en", "--plan", tmp_path / "nowhere.gpkg")
    assert (code, "does not exist" in text) == (2, True)


def test_fault_in_ikap_itself_is_exit_code_1_without_a_traceback(ikap, squares, monkeypatch):
    module = sys.modules["ikap.flow.verbs"]
    monkeypatch.setattr(module, "judge", lambda *_, **__: 1 / 0)
    code, text = ikap("check")
    assert (code, "ZeroDivisionError" in text) == (1, True)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("farmland.max_new_conversion", "farmland.max_new_convertion"), ("farmland =", "farmlnd =")],
)
def test_misspelt_limit_or_use_is_told_and_not_passed_over(ikap, squares, right, wrong):
    path = squares.root / "layers/goals.toml"
    path.write_text(path.read_text("utf-8").replace(right, wrong), "utf-8")
    code, text = ikap("check")
    assert code == 2
    assert wrong.split(" ")[0] in text
    assert f"«{right.split(' ')[0]}»" in text


def test_layer_of_another_kind_is_refused_where_its_polygons_would_be_summed(ikap, squares):
    goals = squares.root / "layers/goals.toml"
    text = goals.read_text("utf-8").replace('farmland = ["ar5"]', 'farmland = ["bygninger"]')
    goals.write_text(text, "utf-8")
    code, text = ikap("check")
    assert code == 2
    assert "«bygninger» er av typen «buildings», og kan ikke stå under «farmland»" in text
    assert "farmland, landcover, overview" in text


def test_declared_column_that_is_not_in_the_file_is_no_invitation_to_guess(ikap, squares):
    path = squares.root / "layers/ar5.toml"
    text = path.read_text("utf-8") + '\n[columns]\narealtype = "artyp"\n'
    path.write_text(text, "utf-8")
    code, told = ikap("check")
    assert code == 2
    assert "artyp" in told
    assert "arealtype" in told
