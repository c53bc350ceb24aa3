"""The three plans: what they hold, that nothing overlaps, and how they differ."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

PURPOSES = {
    "1001", "1110", "1120", "1130", "1160", "1300", "1500", "1800", "2010", "3040", "5100", "5200",
}  # fmt: skip
PLANS = ("gjeldende", "forslag", "alternativ")
COLUMNS = [
    "lokalid", "kommunenummer", "planidentifikasjon", "planstatus", "plantype", "arealformål",
    "arealbruksstatus", "områdenavn", "ikrafttredelsesdato", "geometry",
]  # fmt: skip


@pytest.mark.parametrize("plan", PLANS)
def test_no_area_overlaps_another(plan: str, plans: dict[str, gpd.GeoDataFrame]):
    shapes = plans[plan].geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = first < second
    common = shapely.area(shapely.intersection(shapes[first[pair]], shapes[second[pair]]))
    assert common.max() < 0.01  # m2


@pytest.mark.parametrize("plan", ["gjeldende", "forslag"])
def test_all_purposes_and_statuses_are_there(plan: str, plans: dict[str, gpd.GeoDataFrame]):
    areas = plans[plan]
    assert set(areas["arealformål"]) == PURPOSES
    lnfr = areas["arealformål"] == "5100"
    assert areas.loc[lnfr, "arealbruksstatus"].isna().all()
    assert set(areas.loc[~lnfr, "arealbruksstatus"]) == {1, 2, 3}


def test_columns_have_official_names(plans: dict[str, gpd.GeoDataFrame]):
    for name, areas in plans.items():
        assert areas.columns.tolist() == COLUMNS
        assert areas["lokalid"].is_unique
        assert (areas["planidentifikasjon"].str.len() <= 16).all()
        assert set(areas["planstatus"]) == ({3} if name == "gjeldende" else {2})
    assert plans["gjeldende"]["ikrafttredelsesdato"].str.startswith("2018-").all()
    assert plans["forslag"]["ikrafttredelsesdato"].isna().all()


def test_areas_are_of_a_planners_size(plans: dict[str, gpd.GeoDataFrame]):
    areas = plans["gjeldende"]
    drawn = areas[~areas["arealformål"].isin(["5100", "2010"])].area
    assert drawn.between(5_000, 150_000).all()  # m2


def test_every_area_lies_in_its_municipality(
    plans: dict[str, gpd.GeoDataFrame], municipalities: gpd.GeoDataFrame
):
    home = municipalities.set_index("kommunenummer").geometry
    for areas in plans.values():
        own = home.loc[areas["kommunenummer"]].to_numpy()
        assert shapely.area(shapely.difference(areas.geometry.to_numpy(), own)).max() < 0.01  # m2


def test_planned_roads_are_lines_too(small: Path):
    lines = gpd.read_file(
        small / "layers/data/plan_forslag_konstruert.gpkg", layer="KpSamferdselLinje"
    )
    assert (lines.geom_type == "LineString").all()
    assert set(lines["arealformål"]) == {"2010"}


def test_proposal_keeps_drops_and_adds(plans: dict[str, gpd.GeoDataFrame]):
    adopted, proposal = (_shapes(plans[p]) for p in ("gjeldende", "forslag"))
    assert len(adopted & proposal) > 0.7 * len(adopted)
    assert adopted - proposal
    assert proposal - adopted


def test_proposal_takes_fields(plans: dict[str, gpd.GeoDataFrame], landcover: gpd.GeoDataFrame):
    assert _planned_farmland(plans["forslag"], landcover).sum() > 50_000  # m2


def test_alternative_takes_the_three_worst_areas_out(
    plans: dict[str, gpd.GeoDataFrame], landcover: gpd.GeoDataFrame
):
    proposal = plans["forslag"]
    taken = _planned_farmland(proposal, landcover)
    worst = proposal.iloc[np.argsort(-taken)[:3]]
    alternative = _shapes(plans["alternativ"])
    assert not alternative & _shapes(worst)
    assert _planned_farmland(plans["alternativ"], landcover).sum() == pytest.approx(
        taken.sum() - np.sort(taken)[-3:].sum(), abs=2_500
    )


def test_buildings_stand_in_built_areas(
    small: Path, plans: dict[str, gpd.GeoDataFrame], landcover: gpd.GeoDataFrame
):
    buildings = gpd.read_file(small / "layers/data/bygninger_konstruert.gpkg")
    assert buildings["bygningsnummer"].is_unique
    assert buildings.is_valid.all()
    areas = plans["gjeldende"]
    adopted = areas[areas["arealbruksstatus"] == 1]
    count = np.bincount(
        buildings.sindex.query(adopted.geometry, predicate="contains")[0], minlength=len(adopted)
    )
    houses = (adopted["arealformål"] == "1110").to_numpy()
    assert (count[houses] > 3).mean() > 0.7
    fields = landcover[landcover["arealtype"].isin(["21", "22", "23"])].union_all()
    farmed = adopted.intersection(fields).area.to_numpy() > 5_000  # m2
    assert farmed.any()  # adopted on fields, some of it not built


def _shapes(areas: gpd.GeoDataFrame) -> set[bytes]:
    drawn = areas[areas["arealformål"] != "5100"]
    return set(shapely.to_wkb(shapely.normalize(drawn.geometry.to_numpy())))


def _planned_farmland(areas: gpd.GeoDataFrame, landcover: gpd.GeoDataFrame) -> np.ndarray:
    """Square metres of fields in every area that is planned for building."""
    fields = landcover[landcover["arealtype"].isin(["21", "22", "23"])].union_all()
    planned = areas["arealbruksstatus"].isin([2, 3]) & (areas["arealformål"] < "3000")
    return np.where(planned, areas.intersection(fields).area, 0.0)
