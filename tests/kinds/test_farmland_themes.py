"""Dyrkbar jord, jordkvalitet, kjerneområder and AR50: old names and new, and what is left out."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ikap.kinds import core_farmland, cultivable, overview, soil_quality
from ikap.model import LayerDeclaration, Municipality, Region
from ikap.sources import files

REGION = Region("r", {"nb": "R"}, "EPSG:25832", (Municipality("9901", "Vest", date(2020, 1, 1)),))


@pytest.fixture
def read(tmp_path: Path):
    def of(kind, constants=None, **columns):
        count = len(next(iter(columns.values()), [0]))
        shapes = [
            shapely.box(569_000 + 100 * k, 7_034_000, 569_090 + 100 * k, 7_034_090)
            for k in range(count)
        ]
        path = tmp_path / "layers" / "lag.gpkg"
        path.parent.mkdir()
        gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:25832").to_file(path, layer="lag")
        layer = LayerDeclaration(
            "lag",
            kind.KIND,
            {"nb": "Lag"},
            "",
            "",
            {"from": "files", "path": "lag.gpkg"},
            tmp_path,
            constants=constants or {},
        )
        return kind.canonical(files.read(layer), layer, REGION)

    return of


def told(found, what):
    return [(row.amount, dict(row.facts)) for row in found.quality if row.what == what]


def test_cultivable_land_of_the_older_map(read):
    found = read(cultivable, ARDYRKING=[82, 82, 83], ENDRETETTER2008=[0, 1, 0])
    assert found.frame["dyrkbar"].tolist() == ["dyrkbar", "dyrkbar_endret"]
    assert told(found, "cultivable.other") == [(1, {"code": "83"})]


def test_cultivable_land_of_the_map_of_2025(read):
    found = read(
        cultivable,
        dyrkbarJord=["Dyrkbar Jord", "dyrkbarjord"],
        fulldyrka2008=["Fulldyrka 2008", "Ikke fulldyrka"],
    )
    assert found.frame["dyrkbar"].tolist() == ["dyrkbar_endret", "dyrkbar"]


def test_soil_quality_by_code_or_name_and_another_value_is_not_mapped(read):
    found = read(soil_quality, jordkvalitet=["1", "God jordkvalitet", "3", "8"])
    assert found.frame["jordkvalitet"].tolist() == ["1", "2", "3", "99"]
    assert told(found, "word.unknown")[0][1]["word"] == "8"


def test_h510_is_one_of_many_concerns(read):
    found = read(core_farmland, KPANGITTHENSYN=["H510", "510", "530", None])
    assert found.frame["jordvern"].tolist() == ["h510", "h510"]
    assert sum(amount for amount, _ in told(found, "core_farmland.other")) == 2


def test_core_farmland_without_concern_is_all_of_it(read):
    found = read(core_farmland, navn=["Storelva", "Lia"])
    assert found.frame["jordvern"].tolist() == ["kjerneområde", "kjerneområde"]


def test_overview_says_what_is_not_farmland_and_no_more(read):
    found = read(overview, artype=[50, 70, 20, 30, 60, 10, 81, 99])
    assert found.frame["oversikt"].tolist() == ["overview", "overview", *["99"] * 6]
