"""Small files made by hand, one fault in each."""

import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

Write = Callable[..., Path]


@pytest.fixture
def squares() -> gpd.GeoDataFrame:
    """Two squares of 100 m east of Trondheim, EPSG:25832."""
    return gpd.GeoDataFrame(
        {
            "objtype": ["DyrketMark", "Skog"],
            "navn": ["Åsen på Øya", "Vær"],
            "knr": ["0301", "5001"],
        },
        geometry=[box(570000, 7030000, 570100, 7030100), box(570100, 7030000, 570200, 7030100)],
        crs="EPSG:25832",
    )


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a frame to a file of that name, without GDAL's remarks on short column names."""

    def _write(frame: gpd.GeoDataFrame, name: str, **options: object) -> Path:
        path = tmp_path / name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if path.suffix == ".parquet":
                frame.to_parquet(path)
            else:
                frame.to_file(path, engine="pyogrio", **options)
        return path

    return _write
