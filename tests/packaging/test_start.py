"""The command line starts quickly: nothing heavy is loaded before it is needed."""

import subprocess
import sys

import pytest

HEAVY = ("geopandas", "pandas", "folium", "pyogrio", "fiona", "scipy", "pyarrow", "shapely")


@pytest.mark.parametrize("module", ["ikap", "ikap.cli"])
def test_import_loads_no_heavy_library(module: str) -> None:
    ask = f"import sys, {module}; print(sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
