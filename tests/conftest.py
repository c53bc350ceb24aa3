"""What decides the outcome of a test run is told in its first lines; real files on request."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import settings

from ikap.measure.cache_root import cache_root

ROOT = Path(__file__).resolve().parent.parent
settings.register_profile("ikap", deadline=None)  # a loaded machine is no failure
settings.load_profile("ikap")
os.environ.setdefault("OGR_SQLITE_SYNCHRONOUS", "OFF")  # test files need not survive a power cut
REALDATA = os.environ.get("IKAP_REALDATA", "")


def pytest_report_header() -> list[str]:
    gdal = ".".join(map(str, pyogrio.__gdal_version__))
    geos = ".".join(map(str, shapely.geos_version))
    found = REALDATA if Path(REALDATA or "/missing").is_dir() else "not found"
    return [
        f"GDAL {gdal}, GEOS {geos}, PROJ {pyproj.proj_version_str}",
        f"IKAP_REALDATA: {found}",
    ]


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Cache folder of this test run; compiled code is shared, for it takes minutes to make."""
    with pytest.MonkeyPatch.context() as patch:
        folder, code = tmp_path_factory.mktemp("cache"), cache_root() / "numba"
        with suppress(OSError):  # no right to link: the code is compiled anew
            code.mkdir(parents=True, exist_ok=True)
            (folder / "numba").symlink_to(code, target_is_directory=True)
        patch.setenv("IKAP_CACHE", str(folder))
        yield folder


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
