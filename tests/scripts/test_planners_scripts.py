"""The scripts that planners copy run as they stand, on the small example region."""

import subprocess
import sys

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
