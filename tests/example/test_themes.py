"""Layers of goals 1, 3 and 4: read without faults, hang together, and make their points."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ikap.example.build import Made
from ikap.example.network import loose_village
from ikap.kinds import (
    builtup,
    centres,
    commercial,
    hazards,
    network,
    population,
    population_grid,
    services,
    stops,
)
from ikap.kinds.canonical import Canonical
from ikap.measure.network import components, noded
from ikap.sources import files, tables
from ikap.workspace import Workspace, open_workspace

KINDS = {
    "network": network,
    "stops": stops,
    "centres": centres,
    "services": services,
    "skred": hazards,
    "flom": hazards,
    "kvikkleire": hazards,
    "naeringsareal": commercial,
    "folkemengde": population,
    "folkemengde_rutenett": population_grid,
    "bebygd_areal": builtup,
}
TOLD = {
    "network": {"network.planned", "network.not_walked.main"},
    "folkemengde_rutenett": {"grid.rounded"},
}


@pytest.fixture(scope="module")
def workspace(small: Path) -> Workspace:
    return open_workspace(small)


@pytest.fixture(scope="module")
def read(workspace: Workspace) -> dict[str, Canonical]:
    found = {}
    for name, kind in KINDS.items():
        layer = workspace.layers[name]
        source = tables if layer.source["from"] == "tables" else files
        raw = source.read(layer, prefer=kind.LAYERS)
        found[name] = kind.canonical(raw, layer, workspace.region)
    return found


@pytest.mark.parametrize("name", KINDS)
def test_layer_is_read_without_remarks(read: dict[str, Canonical], name: str):
    assert {row.what for row in read[name].quality} <= TOLD.get(name, set())
    assert read[name].frame["source_id"].is_unique


def test_network_joins_but_for_one_village(read: dict[str, Canonical], made: Made):
    walked = read["network"].frame.query("walk")
    joined = components(
        noded(walked.geometry.to_numpy(), walked["ground"].to_numpy(dtype=bool), 1.0)
    )
    assert joined.count > 1
    assert joined.largest_m > 0.9 * joined.length_m
    village = loose_village(list(made.settlements))
    assert village is not None
    near = walked.geometry.to_numpy()
    part = _parts(walked)
    away = shapely.distance(near, shapely.Point(village.x, village.y))
    largest = np.bincount(part).argmax()
    assert (part[away < village.radius] != largest).any()


def test_a_bridge_crosses_the_e_road_and_meets_it_nowhere(read: dict[str, Canonical]):
    links = read["network"].frame
    (bridge,) = links[links["medium"] == "L"].geometry
    road = links[(links["vegkategori"] == "E")].geometry
    assert road.crosses(bridge).any()
    ends = shapely.get_point(bridge, [0, -1])
    ground = links[links["ground"]].geometry.to_numpy()
    assert shapely.distance(ends[:, None], ground[None, :]).min(axis=1) == pytest.approx(0, abs=1.0)


def test_stops_and_services_stand_by_the_network(read: dict[str, Canonical]):
    walked = shapely.union_all(read["network"].frame.query("walk").geometry.to_numpy())
    for name in ("stops", "services"):
        assert read[name].frame.distance(walked).max() < 200  # metres: as far as may be attached
    modes = read["stops"].frame["transportmiddel"].value_counts()
    assert modes["train"] == 2
    assert modes["bus"] > 15
    sorts = set(read["services"].frame["tjeneste"])
    assert sorts == {"barnehage", "barneskole", "dagligvare"}


def test_every_municipality_has_its_own_centre(
    read: dict[str, Canonical], municipalities: gpd.GeoDataFrame
):
    found = read["centres"].frame
    assert sorted(found["sentertype"]) == [
        "kommunesenter", "kommunesenter", "kommunesenter", "lokalsenter", "regionsenter",
    ]  # fmt: skip
    home = municipalities.set_index("kommunenummer").geometry
    assert set(found["kommunenummer"]) == set(home.index)
    for number, shape in zip(found["kommunenummer"], found.geometry, strict=True):
        assert shape.intersects(home[number])


def test_hazards_lie_on_land_of_the_region(
    read: dict[str, Canonical], landcover: gpd.GeoDataFrame, workspace: Workspace
):
    sea = landcover[landcover["arealtype"] == "82"].union_all()
    for name in ("skred", "flom", "kvikkleire"):
        frame = read[name].frame
        assert len(frame)
        assert frame.intersection(sea).area.sum() < 0.02 * frame.area.sum()
    assert set(read["skred"].frame["fareklasse"]) == {"hensynssone_skred"}
    assert set(read["kvikkleire"].frame["fareklasse"]) == {"aktsomhet_kvikkleire"}
    assert "9903" not in workspace.layers["flom"].coverage.municipalities


def test_register_keeps_gross_net_and_vacant_in_order(read: dict[str, Canonical]):
    frame = read["naeringsareal"].frame
    assert (frame["netto_m2"] <= frame["brutto_m2"]).all()
    assert (frame["ledig_m2"].fillna(0) <= frame["netto_m2"]).all()
    assert frame["abc"].notna().mean() > 0.6
    assert frame["abc"].isna().any()
    assert frame["geometri_m2"].to_numpy() == pytest.approx(frame["brutto_m2"], abs=51)


def test_demo_register_has_every_status(tmp_path: Path):
    from ikap.example.build import make  # noqa: PLC0415
    from ikap.example.size import SIZES  # noqa: PLC0415

    tables_made = make(SIZES["demo"], lambda _: None).tables
    frame = tables_made["naeringsareal_konstruert"].layers["Næringsareal"]
    assert set(frame["status"]) == set(commercial.STATUSES)
    assert set(frame["abc"].dropna()) == {"A", "B", "C"}
    assert 18 <= len(frame) <= 24
    assert len(tables_made["holdeplasser_konstruert"].layers["StopPlace"]) > 25


def test_people_live_in_houses_of_their_municipality(read: dict[str, Canonical], made: Made):
    people = read["folkemengde"].frame
    now = people[(people["år"] == 2022)].groupby("grunnlag")["personer"].sum()
    assert now.index.tolist() == ["registrert"]
    cells = read["folkemengde_rutenett"].frame
    assert cells["personer"].sum() == pytest.approx(now.iloc[0], rel=0.1)
    houses = made.tables["bygninger_konstruert"].layers["Bygning"].geometry
    near = houses.sindex.query(cells.geometry.buffer(250 * 0.75))[0]
    assert len(np.unique(near)) == len(cells)


def test_years_are_whole_and_the_projection_begins_after_the_last_registered(
    read: dict[str, Canonical],
):
    people = read["folkemengde"].frame
    years = {b: sorted(set(f["år"])) for b, f in people.groupby("grunnlag")}
    assert years["registrert"] == list(range(2000, 2023))
    assert years["framskrevet"] == list(range(2023, 2051))
    built = pd.DataFrame(read["bebygd_areal"].frame).pivot_table(
        index="år", columns="kommunenummer", values="bebygd_km2"
    )
    assert (built.diff().dropna() >= 0).all().all()


def _parts(walked: gpd.GeoDataFrame) -> np.ndarray:
    """Connected part of each link, by the ends that links share."""
    ends = shapely.get_coordinates(
        np.concatenate([shapely.get_point(walked.geometry.to_numpy(), k) for k in (0, -1)])
    )
    _, node = np.unique(ends, axis=0, return_inverse=True)
    first, last = np.split(node.ravel(), 2)
    graph = coo_array((np.ones(len(first)), (first, last)), shape=(node.max() + 1,) * 2)
    return connected_components(graph, directed=False)[1][first]
