"""TopoJSON: arcs, forwards and backwards, quantised or not, give the areas they stand for."""

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from ikap.errors import InputError
from ikap.sources import list_layers, read_path, topojson

WEST, SOUTH = 570_000, 7_030_000


def topology(**members: object) -> dict:
    """Two squares of 100 m that share a side; the middle arc is used in both directions."""
    x, y = WEST, SOUTH
    arcs = [
        [[x + 100, y], [x + 100, y + 100]],
        [[x + 100, y + 100], [x, y + 100], [x, y], [x + 100, y]],
        [[x + 100, y], [x + 200, y], [x + 200, y + 100], [x + 100, y + 100]],
    ]
    areas = [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"nr": "0301"}, "id": "a"},
        {"type": "Polygon", "arcs": [[2, -1]], "properties": {"nr": "5001", "navn": "Åsen"}},
    ]
    objects = {"flater": {"type": "GeometryCollection", "geometries": areas}}
    return {"type": "Topology", "objects": objects, "arcs": arcs, **members}


@pytest.fixture
def saved(tmp_path: Path):
    def _saved(content: object, name: str = "a.topojson") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return _saved


def test_shared_arc_in_both_directions(saved) -> None:
    raw = read_path(saved(topology()), crs="EPSG:25832")
    west, south = WEST, SOUTH
    wanted = [
        box(west, south, west + 100, south + 100),
        box(west + 100, south, west + 200, south + 100),
    ]
    assert shapely.equals(raw.frame.geometry.to_numpy(), wanted).all()
    assert list(raw.frame["nr"]) == ["0301", "5001"]
    assert list(raw.frame["id"].fillna("")) == ["a", ""]
    assert (raw.layer, raw.crs_known_by) == ("flater", "declared")


def test_quantised_arcs(saved) -> None:
    whole = topology(transform={"scale": [0.01, 0.01], "translate": [WEST, SOUTH]})
    whole["arcs"] = [
        np.diff([[0, 0], *[[100 * (x - WEST), 100 * (y - SOUTH)] for x, y in arc]], axis=0).tolist()
        for arc in whole["arcs"]
    ]
    raw = read_path(saved(whole), crs="EPSG:25832")
    assert list(raw.frame.area) == [10_000, 10_000]
    assert raw.frame.union_all().area == 20_000


def test_no_system_is_not_guessed(saved) -> None:
    with pytest.raises(InputError) as caught:
        read_path(saved(topology()))
    assert caught.value.key == "crs.missing"


def test_member_of_old_geojson_is_honoured(saved) -> None:
    member = {"type": "name", "properties": {"name": "EPSG:25832"}}
    assert read_path(saved(topology(crs=member))).frame.crs.to_epsg() == 25832


@pytest.mark.parametrize("name", ["a.json", "a.geojson", "a.topojson"])
def test_content_decides_between_the_two_kinds_of_json(saved, name: str) -> None:
    assert len(read_path(saved(topology(), name), crs="EPSG:25832").frame) == 2
    ring = [[10.0, 63.0], [10.1, 63.0], [10.1, 63.1], [10.0, 63.0]]
    assert len(read_path(saved({"type": "Polygon", "coordinates": [ring]}, name)).frame) == 1


def test_every_object_is_a_layer_and_every_type_is_read(saved) -> None:
    whole = topology()
    whole["objects"]["annet"] = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [WEST, SOUTH]},
            {"type": "MultiPoint", "coordinates": [[WEST, SOUTH], [WEST + 1, SOUTH]]},
            {"type": "LineString", "arcs": [0]},
            {"type": "MultiLineString", "arcs": [[0], [-3]]},
            {"type": "MultiPolygon", "arcs": [[[0, 1]], [[2, -1]]]},
            {"type": None},
        ],
    }
    path = saved(whole)
    assert list_layers(path) == ("flater", "annet")
    types = read_path(path, layer="annet", crs="EPSG:25832").frame.geom_type
    assert list(types.fillna("")) == [
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "MultiPolygon",
        "",
    ]


def test_arc_that_is_not_there_costs_one_feature(saved) -> None:
    whole = topology()
    whole["objects"]["flater"]["geometries"][1]["arcs"] = [[2, 9]]
    raw = read_path(saved(whole), crs="EPSG:25832")
    assert list(raw.frame.geometry.isna()) == [False, True]
    assert [(r.what, r.source_id) for r in raw.quality] == [("geometry.unreadable", "fid:1")]


@pytest.mark.parametrize("part", ["objects", "arcs"])
def test_topology_without_a_part(saved, part: str) -> None:
    whole = topology()
    del whole[part]
    with pytest.raises(InputError) as caught:
        read_path(saved(whole))
    assert caught.value.key == "file.unreadable"


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=12), st.data())
def test_ring_cut_anywhere_and_turned_is_the_same_ring(
    steps: list[int], data: st.DataObject
) -> None:
    angles = np.linspace(0, 2 * np.pi, len(steps) + 2, endpoint=False)
    radii = np.array([10, *steps, 10]) + 10.0
    ring = np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
    ring = np.vstack([ring, ring[:1]])
    cuts = sorted(data.draw(st.sets(st.integers(1, len(ring) - 2), min_size=1)))
    pieces = [ring[a : b + 1] for a, b in zip([0, *cuts], [*cuts, len(ring) - 1], strict=True)]
    turned = [data.draw(st.booleans()) for _ in pieces]
    arcs = [p[::-1].tolist() if t else p.tolist() for p, t in zip(pieces, turned, strict=True)]
    whole = {"objects": {}, "arcs": arcs}
    indices = [~i if t else i for i, t in enumerate(turned)]
    made = topojson._Topology.of(whole).shape({"type": "Polygon", "arcs": [indices]})
    assert np.array_equal(shapely.get_coordinates(made), ring)


def test_real_file_is_read_as_gdal_reads_it(realdata: Path) -> None:
    path = realdata / "municipalities" / "kommuner_2024_s.topojson"
    ours, theirs = read_path(path, crs="EPSG:4326").frame, pyogrio.read_dataframe(path)
    assert len(ours) == 357
    assert shapely.equals_exact(ours.geometry.to_numpy(), theirs.geometry.to_numpy()).all()
    assert list(ours["kommunenummer"]) == list(theirs["kommunenummer"])
    assert "0301" in set(ours["kommunenummer"])
