"""What decides the outcome of a test run is told in its first lines; real files on request."""

import os
from pathlib import Path

import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
settings.register_profile("ikap", deadline=None)  # a loaded machine is no failure
settings.load_profile("ikap")
REALDATA = os.environ.get("IKAP_REALDATA", "")


def pytest_report_header() -> list[str]:
    gdal = ".".join(map(str, pyogrio.__gdal_version__))
    geos = ".".join(map(str, shapely.geos_version))
    found = REALDATA if Path(REALDATA or "/missing").is_dir() else "not found"
    return [
        f"GDAL {gdal}, GEOS {geos}, PROJ {pyproj.proj_version_str}",
        f"IKAP_REALDATA: {found}",
    ]


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of real files that other people made; the test is skipped where it is not given."""
    if not REALDATA:
        pytest.skip("needs real files: IKAP_REALDATA is not set")
    folder = Path(REALDATA)
    if not folder.is_dir():
        pytest.skip(f"needs real files: IKAP_REALDATA is no folder: {REALDATA}")
    return folder
