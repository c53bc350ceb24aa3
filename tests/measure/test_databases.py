"""Areas of Eksempelregionen against DuckDB spatial and PostGIS, which know nothing of our sums."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ikap.example import build
from ikap.measure import counted_once, find_overlaps, pair_areas


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    """Zones, land and classes of the small region; each square metre in one land polygon."""
    folder = tmp_path_factory.mktemp("region")
    build(folder, size="small")
    data = folder / "layers" / "data"
    land = gpd.read_file(data / "ar5_konstruert.gpkg")
    zones = gpd.read_file(data / "plan_gjeldende_konstruert.gpkg", layer="KpArealformålOmråde")
    shapes = np.asarray(land.geometry.values, dtype=object)
    once = counted_once(shapes, find_overlaps(shapes, np.zeros(len(shapes), dtype=np.int64)))
    return zones.geometry, gpd.GeoSeries(once, crs=land.crs), land["arealtype"].astype(str)


@pytest.fixture(scope="module")
def ours(region):
    """Area of each zone × class, and the length of all outlines that it came from."""
    zones, land, classes = region
    areas, ground = (np.asarray(each.values, dtype=object) for each in (zones, land))
    found = pair_areas(areas, ground)
    outline = shapely.length(areas)[found.zone] + shapely.length(ground)[found.land]
    table = pd.DataFrame(
        {
            "zone": found.zone,
            "class": classes.to_numpy()[found.land],
            "area": found.area,
            "outline": outline,
        }
    )
    return table.groupby(["zone", "class"]).sum()


def assert_alike(ours, rows):
    """Within 1e-9 of the area, or 8 units in the last place along the outlines."""
    theirs = pd.DataFrame(rows, columns=["zone", "class", "theirs"]).set_index(["zone", "class"])
    both = ours.join(theirs, how="outer").fillna(0.0)
    assert (both["area"] > 0).sum() > 100
    ulp = np.spacing(7.2e6)  # northings of the region
    allowed = np.maximum(1e-9 * both["theirs"], 8 * ulp * both["outline"])
    touching = both["area"] == 0  # no pair for us: no more than a touch for them
    allowed[touching] = 1e-5
    assert ((both["area"] - both["theirs"]).abs() <= allowed).all()


def test_duckdb_spatial(databases, region, ours):
    try:
        connection = databases.duckdb_with(*region)
    except databases.NotInstalledError as missing:
        pytest.skip(f"Hopper over sammenlikningen med DuckDB, som ikke er installert: {missing}")
    with connection:
        rows = connection.execute(databases.AREAS_BY_CLASS).fetchall()
    assert_alike(ours, rows)


def test_postgis(databases, region, ours):
    try:
        with databases.postgis() as connection:
            databases.postgis_with(connection, *region)
            rows = connection.execute(databases.AREAS_BY_CLASS).fetchall()
    except databases.NotInstalledError as missing:
        pytest.skip(f"Hopper over sammenlikningen med PostGIS, som ikke er installert: {missing}")
    assert_alike(ours, rows)
