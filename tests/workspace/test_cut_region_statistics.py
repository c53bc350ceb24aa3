"""The shipped statistics are what the script makes of its sources, byte for byte."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.realdata
FILES = ("folkemengde.csv", "bebygd_areal.csv", "folkemengde_rutenett.csv")


def test_run_again_the_script_gives_the_shipped_bytes(root: Path, realdata: Path, tmp_path: Path):
    subprocess.run(
        [sys.executable, root / "scripts" / "cut_region_statistics.py", "--out", tmp_path],
        env={**os.environ, "IKAP_REALDATA": str(realdata)},
        capture_output=True,
        check=True,
    )
    for name in FILES:
        shipped = (root / "layers" / "data" / name).read_bytes()
        assert (tmp_path / name).read_bytes() == shipped, name
    assert sum((root / "layers" / "data" / name).stat().st_size for name in FILES) < 600_000


def test_every_shipped_cell_stands_in_the_source(root: Path, realdata: Path):
    with (realdata / "population" / "NOR0250M_POP_2022.csv").open(encoding="utf-8") as file:
        source = dict(csv.reader(file, delimiter=";"))
    with (root / "layers" / "data" / "folkemengde_rutenett.csv").open(encoding="utf-8") as file:
        shipped = dict(csv.reader(file, delimiter=";"))
    assert shipped.items() <= source.items()
    assert len(shipped) == 9181  # and the header
