"""The shipped data are what the script makes of its sources, and a new run makes the same."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

pytestmark = pytest.mark.realdata


def cut(root: Path, realdata: Path, out: Path) -> str:
    done = subprocess.run(
        [sys.executable, root / "scripts" / "cut_region_data.py", "--out", out],
        env={**os.environ, "IKAP_REALDATA": str(realdata)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def test_run_again_the_script_gives_the_same_bytes_and_the_shipped_tables(
    root: Path, realdata: Path, tmp_path: Path
) -> None:
    said = cut(root, realdata, tmp_path / "first")
    cut(root, realdata, tmp_path / "second")
    assert "edge to edge: True, holes in the region: 0" in said
    for path in sorted((root / "layers" / "data").glob("*.gpkg")):
        first, second = (tmp_path / run / path.name for run in ("first", "second"))
        assert sha256(first.read_bytes()).digest() == sha256(second.read_bytes()).digest()
        for name in pyogrio.list_layers(path)[:, 0]:
            shipped, made = (gpd.read_file(p, layer=name) for p in (path, first))
            assert shipped.drop(columns="geometry").equals(made.drop(columns="geometry"))
            near = shapely.hausdorff_distance(shipped.geometry, made.geometry)
            assert near.max() < 0.01, (path.name, name)  # m; other versions of PROJ and GEOS
