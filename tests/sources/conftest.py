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


GML_HEAD = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:app="http://skjema.geonorge.no/SOSI/produktspesifikasjon/Reguleringsplanforslag/5.0"'
    ' gml:id="c">'
)
UTM32 = "http://www.opengis.net/def/crs/EPSG/0/25832"


@pytest.fixture
def gml(tmp_path: Path) -> Write:
    """Write features to a GML file; `srs` is what the collection's bounds say."""

    def _write(*features: str, name: str = "a.gml", srs: str | None = UTM32, dim: int = 2) -> Path:
        bounds = (
            f'<gml:boundedBy><gml:Envelope srsName="{srs}" srsDimension="{dim}"/></gml:boundedBy>'
        )
        members = "".join(f"<gml:featureMember>{f}</gml:featureMember>" for f in features)
        text = f"{GML_HEAD}{bounds if srs else ''}{members}</gml:FeatureCollection>"
        path = tmp_path / name
        path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{text}', encoding="utf-8")
        return path

    return _write


@pytest.fixture
def zone() -> Callable[..., str]:
    """One planned area as GML; by default a square of 100 m."""

    def _zone(
        gid: str = "a",
        geometry: str | None = None,
        inside: str = "",
        kind: str = "RpArealformålOmråde",
    ) -> str:
        ring = "570000 7030000 570100 7030000 570100 7030100 570000 7030100 570000 7030000"
        square = (
            "<gml:Polygon><gml:exterior><gml:LinearRing>"
            f"<gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
        )
        drawn = square if geometry is None else geometry
        shown = f"<app:område>{drawn}</app:område>" if drawn else ""
        return f'<app:{kind} gml:id="{gid}">{shown}{inside}</app:{kind}>'

    return _zone
