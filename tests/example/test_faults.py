"""Every fault of real files is put in, and the readers report it by the key it promises."""

from pathlib import Path
from types import ModuleType

import geopandas as gpd
import pytest
import shapely

from ikap import example
from ikap.errors import InputError
from ikap.example.build import Made, write
from ikap.kinds import buildings, landcover, zoning
from ikap.kinds.canonical import Canonical
from ikap.kinds.loading import load
from ikap.workspace import open_workspace

REFUSED = ("crs.geographic", "place.swapped", "crs.missing")
MEASURED = ("overlap.same_class", "overlap.other_class")
READ = [n for n, f in example.FAULTS.items() if f.reported and f.reported not in REFUSED + MEASURED]
STOPPED = [name for name, fault in example.FAULTS.items() if fault.reported in REFUSED]


def test_every_fault_is_described():
    for name, fault in example.FAULTS.items():
        assert fault.change.__doc__, name
        assert fault.file.endswith("konstruert")


def test_a_faultless_region_is_read_without_remarks(small: Path, municipalities: gpd.GeoDataFrame):
    told = {
        row.what
        for kind, layer in ((zoning, "forslag"), (landcover, "ar5"), (buildings, "buildings"))
        for row in _read(small, kind, layer, municipalities).quality
    }
    assert told <= {"transport.lines"}


@pytest.mark.parametrize("name", READ)
def test_reader_reports(made: Made, name: str, tmp_path: Path, municipalities: gpd.GeoDataFrame):
    fault = example.FAULTS[name]
    write(tmp_path, made, [name])
    kind, layer = (landcover, "ar5") if fault.file.startswith("ar5") else (zoning, "forslag")
    told = _read(tmp_path, kind, layer, municipalities).quality
    assert fault.reported in {row.what for row in told}


@pytest.mark.parametrize("name", STOPPED)
def test_reader_stops(made: Made, name: str, tmp_path: Path, municipalities: gpd.GeoDataFrame):
    write(tmp_path, made, [name])
    with pytest.raises(InputError) as error:
        _read(tmp_path, zoning, "forslag", municipalities)
    assert example.FAULTS[name].reported in {fault.key for fault in error.value.faults}


@pytest.mark.parametrize("name", ["overlap_same_class", "overlap_other_class"])
def test_fields_overlap_what_lies_beside_them(made: Made, name: str, tmp_path: Path):
    write(tmp_path, made, [name])
    land = gpd.read_file(tmp_path / "layers/data/ar5_konstruert.gpkg")
    shapes, kinds = land.geometry.to_numpy(), land["arealtype"].to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    area = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    wide = (area > 100) & (one < other)  # m2
    assert wide.sum() == 1
    assert (kinds[one[wide]] == kinds[other[wide]]).all() == (name == "overlap_same_class")


def test_gap_leaves_ground_without_a_class(made: Made, tmp_path: Path, landcover: gpd.GeoDataFrame):
    write(tmp_path, made, ["gap"])
    land = gpd.read_file(tmp_path / "layers/data/ar5_konstruert.gpkg")
    assert len(land) == len(landcover) - 1
    assert landcover.area.sum() - land.area.sum() > 1_000  # m2


def test_code_99_hole_is_ground_that_is_not_mapped(made: Made, tmp_path: Path):
    write(tmp_path, made, ["code_99_hole"])
    land = gpd.read_file(tmp_path / "layers/data/ar5_konstruert.gpkg")
    assert (land["arealtype"] == "99").sum() == 1


def test_zone_overlap_and_zone_across_border(
    made: Made, tmp_path: Path, municipalities: gpd.GeoDataFrame
):
    write(tmp_path, made, ["zone_overlap", "zone_across_border"])
    file = tmp_path / "layers/data/plan_forslag_konstruert.gpkg"
    areas = gpd.read_file(file, layer="KpArealformålOmråde").set_index("områdenavn")
    over = areas.loc["B901 Feilvangen"].geometry
    others = areas.drop("B901 Feilvangen")
    drawn = others[others["arealformål"] != "5100"]
    assert drawn.intersection(over).area.max() > 1_000  # m2
    across = areas.loc["B903 Feilvangen"].geometry
    assert (municipalities.intersection(across).area > 1_000).sum() == 2


def test_many_faults_at_once(made: Made, tmp_path: Path, municipalities: gpd.GeoDataFrame):
    readable = [n for n in READ if n != "wrong_charset"]
    write(tmp_path, made, readable)
    told = {row.what for row in _read(tmp_path, zoning, "forslag", municipalities).quality}
    wanted = {f.reported for n, f in example.FAULTS.items() if n in readable}
    assert wanted - {"geometry.duplicate"} <= told


def test_unknown_faults_are_told_together(tmp_path: Path):
    with pytest.raises(InputError) as error:
        example.build(tmp_path / "ny", size="small", faults=["bow_tie", "bowtie", "hole"])
    assert [f.facts["name"] for f in error.value.faults] == ["bowtie", "hole"]
    assert not (tmp_path / "ny").exists()


def _read(
    folder: Path, kind: ModuleType, layer: str, municipalities: gpd.GeoDataFrame
) -> Canonical:
    workspace = open_workspace(folder)
    extent = tuple(municipalities.total_bounds)
    return load(kind, workspace.layers[layer], workspace.region, extent=extent)
