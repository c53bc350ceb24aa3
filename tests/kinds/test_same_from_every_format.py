"""The same areas come out the same, whatever format, letters, CRS, axes and dimension."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ikap.kinds import landcover, zoning
from ikap.kinds.canonical import Canonical
from ikap.model import LayerDeclaration, PlanDeclaration, Region
from ikap.sources import files, tables
from tests.kinds.same_formats import WRITERS, plan_areas

SOURCES = {"files": files, "tables": tables}
IN_DEGREES = ("TopoJSON", "SOSI, UTF-8", "SOSI, ISO8859-10", "SOSI, DOSN8")
"""Formats that these tests write in metres only."""


def read(kind, source: dict[str, object], region: Region, folder, **keys: object) -> Canonical:
    declaration = LayerDeclaration(
        "lag", kind.KIND, {}, "", "", source, folder, file="lag.toml", **keys
    )
    raw = SOURCES[str(source["from"])].read(declaration, prefer=kind.LAYERS)
    return kind.canonical(raw, declaration, region)


def parts(geometry) -> list[bytes]:
    """Polygons of an area, wherever their rings begin and whichever way they go."""
    return sorted(shapely.to_wkb(shapely.normalize(shapely.get_parts(geometry))))


def expected_of(name: str) -> gpd.GeoDataFrame:
    areas = plan_areas().sort_values("lokalId", ignore_index=True)
    one_part = areas.geom_type == "Polygon"  # all that a surface in SOSI can be
    return areas[one_part].reset_index(drop=True) if name.startswith("SOSI") else areas


def ordered(layer: Canonical) -> gpd.GeoDataFrame:
    return layer.frame.sort_values("source_id", ignore_index=True)


def plain(cells: pd.Series) -> list[str | None]:
    return [None if pd.isna(cell) else str(cell) for cell in cells]


@pytest.mark.parametrize("name", WRITERS)
def test_same_table_from_every_format(name: str, region: Region, tmp_path) -> None:
    plan = PlanDeclaration("plan", "proposal")
    found = read(zoning, WRITERS[name](plan_areas(), tmp_path), region, tmp_path, plan=plan)
    expected, table = expected_of(name), ordered(found)
    assert list(table["source_id"]) == list(expected["lokalId"])
    if not name.startswith("GML"):  # there the name of the element, which is the layer's
        assert plain(table["objtype"]) == plain(expected["objtype"])
    for column in ("arealformål", "områdenavn", "planidentifikasjon", "kommunenummer"):
        assert plain(table[column]) == plain(expected[column]), column
    for column in ("arealbruksstatus", "planstatus", "vertikalnivå"):
        assert list(table[column]) == list(expected[column]), column
    assert plain(table["ikrafttredelsesdato"]) == plain(expected["ikrafttredelsesdato"])
    for ours, theirs in zip(table.geometry, expected.geometry, strict=True):
        assert parts(ours) == parts(theirs)  # to the last bit
    assert table.crs.to_epsg() == 25832


@pytest.mark.parametrize("code", [25833, 4258, 4326])
@pytest.mark.parametrize("name", WRITERS)
def test_other_systems_and_axes_come_to_the_same_place(
    name: str, code: int, region: Region, tmp_path
) -> None:
    if code != 25833 and name in IN_DEGREES:
        pytest.skip("written in metres only")
    areas = plan_areas().rename(columns={"arealformål": "arealtype"})
    areas["arealtype"] = "21"
    moved = areas.to_crs(code)
    if name in IN_DEGREES:
        moved.geometry = shapely.set_precision(moved.geometry.to_numpy(), 0.25)
    found = read(landcover, WRITERS[name](moved, tmp_path), region, tmp_path)
    table, expected = ordered(found), expected_of(name)
    assert list(table["source_id"]) == list(expected["lokalId"])
    tolerance = 0.5 if name in IN_DEGREES else 0.002  # metres: a grid of 0.25 m, else 2 mm
    away = shapely.hausdorff_distance(table.geometry.to_numpy(), expected.geometry.to_numpy())
    assert away.max() < tolerance
    assert np.abs(table.area / expected.area - 1).max() < tolerance / 10
    assert table.crs.to_epsg() == 25832
    (shared,) = [table.geometry[i] for i in np.flatnonzero(table["source_id"] == "æ-1")]
    (beside,) = [table.geometry[i] for i in np.flatnonzero(table["source_id"] == "b-2")]
    assert shared.intersection(beside).area < 1e-6  # the border is still one border


@pytest.mark.parametrize(
    "name", ["GeoPackage", "FlatGeobuf", "FileGDB", "Shapefile, UTF-8", "GeoJSON", "GeoParquet"]
)
def test_heights_change_nothing_but_are_told(name: str, region: Region, tmp_path) -> None:
    flat = plan_areas()
    high = flat.set_geometry(shapely.force_3d(flat.geometry.to_numpy(), 12.5), crs=flat.crs)
    plan = PlanDeclaration("plan", "proposal")
    found = read(zoning, WRITERS[name](high, tmp_path), region, tmp_path, plan=plan)
    expected = expected_of(name)
    for ours, theirs in zip(ordered(found).geometry, expected.geometry, strict=True):
        assert parts(ours) == parts(theirs)
    assert "heights.dropped" in {row.what for row in found.quality}
