"""One small region for all tests of the room, as written and as read back."""

from pathlib import Path

import geopandas as gpd
import pytest

from ikap.example.build import Made, make, write
from ikap.example.size import SIZES


@pytest.fixture(scope="session")
def made() -> Made:
    """The small region before it is written."""
    return make(SIZES["small"], lambda _: None)


@pytest.fixture(scope="session")
def small(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workspace of the small region."""
    folder = tmp_path_factory.mktemp("example") / "liten region"
    write(folder, made)
    return folder


@pytest.fixture(scope="session")
def landcover(small: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(small / "layers/data/ar5_konstruert.gpkg")


@pytest.fixture(scope="session")
def municipalities(small: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(small / "layers/data/kommuner_konstruert.gpkg")


@pytest.fixture(scope="session")
def plans(small: Path) -> dict[str, gpd.GeoDataFrame]:
    """Planned areas by plan."""
    return {
        name: gpd.read_file(
            small / f"layers/data/plan_{name}_konstruert.gpkg", layer="KpArealformålOmråde"
        )
        for name in ("gjeldende", "forslag", "alternativ")
    }
