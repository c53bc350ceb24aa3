"""Every command runs on the small example region and answers in words and, where asked, in JSON."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest

from ikap import example
from ikap.cli import main


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("små øyer")
    example.build(folder, size="small")
    return folder


@pytest.fixture
def ikap(region, capsys):
    def run(*words, code=0):
        assert main([*map(str, words), "--workspace", str(region)]) == code
        return capsys.readouterr()

    return run


def test_layers_tells_what_is_there(ikap):
    text = ikap("layers").out
    assert "ar5" in text
    assert "på plass" in text
    found = json.loads(ikap("layers", "--json").out)
    assert all(layer["present"] for layer in found if layer["kind"] == "zoning")


def test_inspect_a_layer_and_its_file_as_words_and_json(ikap, region):
    text = ikap("inspect", "forslag").out
    assert "Lag «KpArealformålOmråde»" in text
    assert "EPSG:25832" in text
    path = next((region / "layers/data").glob("plan_forslag*"))
    found = json.loads(ikap("inspect", path, "--json").out)
    assert found["layers"][0]["used_as"] == "zoning"
    assert ikap("inspect", "finnes_ikke", code=2).err.count("finnes_ikke") == 1


def test_statement_rows_add_up_as_printed(ikap):
    lines = ikap("statement", "--plan", "forslag").out.splitlines()
    assert not any("…" in line for line in lines)
    assert "1110 Boligbebyggelse" in lines  # whole, above its rows
    rows = [re.split(r"\s{2,}", line.strip()) for line in lines[3:] if line.startswith("  ")]
    assert len(rows) > 5
    for row in rows:
        figures = [float(f.replace("\u202f", "").replace(",", ".")) for f in row[1:]]
        assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=1e-6)
    table = json.loads(ikap("statement", "--plan", "forslag", "--json").out)
    assert {"purpose", "development", "21", "sum"} <= set(table[0])
    assert "sum_ellipsoid" not in table[0]


def test_area_on_the_ellipsoid_stands_beside_the_planar_one_on_request(ikap):
    rows = json.loads(ikap("statement", "--plan", "forslag", "--json", "--ellipsoidal").out)
    for row in rows:  # about 7° east, in the western part of zone 32 (central meridian 9°)
        assert row["sum_ellipsoid"] == pytest.approx(row["sum"], rel=2e-3)
        assert row["sum_ellipsoid"] != row["sum"]
    shown = ikap("statement", "--plan", "forslag", "--ellipsoidal").out
    assert "ellipsoide" in shown
    assert "EPSG:25832" in shown


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--method", "NINA"], ["--method", "--table"]),
        (["--municipality", "9901"], ["--municipality", "--table"]),
        (["--csv"], ["--csv", "--table"]),
        (["--table", "T1", "--csv", "--json"], ["--csv", "--json"]),
        (["--table", "T1", "--csv", "--municipality", "9901"], ["--csv", "--municipality"]),
        (["--table", "T1", "--ellipsoidal"], ["--ellipsoidal", "--table"]),
        (["--json", "--intervals"], ["--json", "--intervals"]),
        (["--table", "T1", "--municipality", "1234"], ["1234", "9901"]),
        (["--table", "T1", "--csv", "finnes/ikke/t1.csv"], ["finnes"]),
    ],
)
def test_options_that_would_be_ignored_are_refused_before_measuring(ikap, words, named):
    told = ikap("statement", "--plan", "forslag", *words, code=2)
    assert told.out == ""
    assert all(word in told.err for word in named)
    assert "Måler" not in told.err
    assert "Errno" not in told.err


def test_one_municipality_of_a_table_as_json(ikap):
    asked = ["statement", "--plan", "forslag", "--table", "T1", "--json"]
    rows = json.loads(ikap(*asked, "--municipality", "9902").out)
    assert {row["municipality"] for row in rows} == {"9902"}
    everywhere = [row for row in json.loads(ikap(*asked).out) if row["municipality"] == "9902"]
    assert rows == everywhere


def test_check_as_json_is_the_findings_table(ikap):
    found = json.loads(ikap("check", "--plan", "forslag", "--json").out)
    assert {"finding_id", "status", "measured", "text_key"} <= set(found[0])


def test_run_then_publish_from_results_alone(ikap, region, tmp_path):
    ikap("run")
    hidden = region / "layers" / "data.borte"
    (region / "layers" / "data").rename(hidden)
    try:
        ikap("publish", tmp_path / "portal")
    finally:
        hidden.rename(region / "layers" / "data")
    assert (tmp_path / "portal" / "index.html").is_file()


def test_init_makes_a_workspace_and_never_overwrites(tmp_path, capsys):
    assert main(["init", str(tmp_path / "ny region")]) == 0
    assert (tmp_path / "ny region/layers/region.toml").is_file()
    assert (tmp_path / "ny region/maps").is_dir()
    capsys.readouterr()
    assert main(["init", str(tmp_path / "ny region")]) == 2
    assert "ikke tom" in capsys.readouterr().err


def test_english_on_request(ikap):
    assert "Area statement" in ikap("statement", "--lang", "en").out


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_serve_shows_the_portal_on_this_machine_alone_until_interrupted(tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html><title>Portal</title>", "utf-8")
    (tmp_path / "a.js").write_text("1", "utf-8")
    words = [sys.executable, "-m", "ikap", "serve", str(tmp_path), "--no-browser"]
    process = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
    )
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline()).group()
        with urllib.request.urlopen(url, timeout=10) as page:  # noqa: S310 (our own server)
            assert b"Portal" in page.read()
        with urllib.request.urlopen(f"{url}a.js", timeout=10) as script:  # noqa: S310
            assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    finally:
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in complaint


def test_serve_without_a_portal_says_how_to_make_one(tmp_path, capsys):
    assert main(["serve", str(tmp_path)]) == 2
    assert "ikap publish" in capsys.readouterr().err
