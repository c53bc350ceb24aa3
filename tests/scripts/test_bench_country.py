"""The country of the benchmark is a valid coverage of known size, and a wrong total is told."""

import json
import subprocess
import sys
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely


@pytest.fixture
def scripts(root, monkeypatch):
    """Modules of the benchmark."""
    monkeypatch.syspath_prepend(str(root / "scripts"))
    import _country  # noqa: PLC0415
    import bench_country  # noqa: PLC0415

    return _country, bench_country


def test_land_covers_its_municipality_exactly(scripts, tmp_path):
    country, _ = scripts
    place = country.Place(21, 13, 11)
    made = country.write_land(place, tmp_path / "land.parquet")
    land = gpd.read_parquet(tmp_path / "land.parquet")
    shapes = land.geometry.to_numpy()
    vertices = shapely.get_num_coordinates(shapes) - 1
    whole = shapely.union_all(shapes)
    assert len(land) == 13 * 11
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert vertices.min() >= 20
    assert vertices.max() <= 100
    assert whole.symmetric_difference(place.zones[0]).area < 1e-3
    assert sum(made.values()) == pytest.approx(place.area_m2, rel=1e-12)
    assert shapely.within(place.zones[1:], place.zones[0]).all()


def test_a_small_country_is_measured_and_its_bars_are_kept(root):
    words = ("scripts/bench_country.py", "--municipalities", "3", "--polygons", "400", "--json")
    done = subprocess.run(
        [sys.executable, *words], cwd=root, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["municipalities"], told["polygons"], told["zones"]) == (3, 1200, 123)
    assert told["area_km2"] == pytest.approx(told["known_km2"], abs=1e-9) == 48.0
    assert 0.1 < told["peak_gib"] < 3
    assert told["processes"] >= 3
    assert all(told["bars"].values())


def test_wrong_totals_are_told(scripts, tmp_path):
    country, bench = scripts
    from ikap.flow.partwise import Wanted, measure_partition  # noqa: PLC0415

    place = country.Place(0, 6, 5)
    wanted = Wanted({"land": bench.Land(str(tmp_path), 6, 5), bench.MADE: bench.made})
    part = measure_partition(bench.partition_of(place), wanted)
    assert bench.faults(place, part) == []
    assert not list(tmp_path.iterdir())
    table = part.tables["land"]
    for lost, said in ((table.index[table["zone"] == 3], "zone 3"), (table.index[:1], "class")):
        wrong = replace(part, tables={**part.tables, "land": table.drop(lost)})
        assert any(said in fault for fault in bench.faults(place, wrong))
