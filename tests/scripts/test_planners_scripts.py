"""The scripts that planners copy run as they stand, on the small example region."""

import shutil
import subprocess
import sys
import tomllib

import pytest

from ikap import example


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("region med mellomrom")
    example.build(folder, size="small")
    return folder


def run(root, *words):
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_check_plan(root, region):
    text = run(root, "scripts/check_plan.py", "forslag", "--workspace", region)
    assert "conflict" in text
    assert " daa" in text


def test_make_map(root, region, tmp_path):
    plan = next((region / "layers/data").glob("plan_forslag*.gpkg"))
    words = ("--workspace", region, "--as-of", "2026-06-01")
    text = run(root, "scripts/make_map.py", plan, tmp_path / "kart", *words)
    assert text.strip().endswith("index.html")
    assert list((tmp_path / "kart").rglob("jordvern*.html"))


def test_municipality_farmland(root, region):
    text = run(root, "scripts/municipality_farmland.py", "9902", "--workspace", region)
    assert "farmland_planned_conversion" in text
    assert "farmland_stock" in text


@pytest.mark.realdata
def test_shares_of_a_split_are_near_the_ones_that_the_office_gives(root, realdata):
    """Ålesund had 57,690 of 67,114 residents in 2022, which is 86.0 %."""
    text = run(
        root,
        "scripts/split_shares.py",
        "1507",
        *("--before", realdata / "municipalities" / "kommuner_2020_l.geojson"),
        *("--today", realdata / "municipalities" / "kommuner_2024_m.geojson"),
        *("--cells", realdata / "population" / "NOR0250M_POP_2022.csv"),
        *("--figures", "personer"),
    )
    (stated,) = tomllib.loads(f"[[history]]\n{text}")["history"][0]["weights"]
    assert stated["share"]["1508"] == pytest.approx(57690 / 67114, abs=0.005)
    assert sum(stated["share"].values()) == pytest.approx(1, abs=1e-9)
    assert (stated["figures"], stated["status"]) == (["personer"], "assumption")


def test_recipes_are_not_said_to_be_checked_where_there_is_no_qgis(root, region):
    if shutil.which("qgis_process"):
        pytest.skip("QGIS is installed")
    words = [sys.executable, "scripts/check_recipes_in_qgis.py", str(region)]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3
    assert "nothing was checked" in done.stdout
