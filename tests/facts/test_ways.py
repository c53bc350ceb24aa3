"""Distance facts: one search a class, whatever the zones, their order or their partitions."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import ikap.facts.ways
from ikap.facts import FactSpec, Memo, PlacedZones, certify, partitions
from ikap.facts.samples import COLUMNS, merge_samples, to_distances
from ikap.facts.walk_distance import FACT, measure
from ikap.model import Coverage, LayerDeclaration, Parameter, Parameters, ParameterStatus

VALUES = {
    "distance.max_offset": 200,
    "distance.sample_spacing": 50,
    "distance.gap_tolerance": 1,
}
EVERYWHERE = Coverage(municipalities=("all",))


def parameters(**changed):
    values = VALUES | {f"distance.{k}": v for k, v in changed.items()}
    day, status = date(2020, 1, 1), ParameterStatus.ADOPTED
    return Parameters({n: Parameter(n, v, "m", "kilde", day, status) for n, v in values.items()})


def layer(name, kind, geometry, coverage=EVERYWHERE, **columns):
    columns = {"source_id": [str(i) for i in range(len(geometry))], **columns}
    frame = gpd.GeoDataFrame(columns, geometry=list(geometry), crs="EPSG:25832")
    declared = LayerDeclaration(name, kind, {}, "", "", {}, Path(), coverage=coverage)
    classes = "transportmiddel" if kind == "stops" else None
    return certify(frame, declared, classes=classes, exclusive=False)


def streets(size=10, step=100):
    along = np.arange(size) * step
    lines = [shapely.LineString([(x, y) for x in along]) for y in along]
    lines += [shapely.LineString([(x, y) for y in along]) for x in along]
    return layer("veger", "network", lines, walk=[True] * len(lines), ground=[True] * len(lines))


def stops(*places, coverage=EVERYWHERE):
    points = [shapely.Point(x, y) for _, x, y in places]
    modes = [mode for mode, _, _ in places]
    return layer("stopp", "stops", points, coverage, transportmiddel=modes)


def placed(zones, municipality="9901"):
    zones = np.array(zones, dtype=object)
    index = np.arange(len(zones), dtype=np.int64)
    names = np.full(len(zones), municipality, dtype=object)
    return PlacedZones(index, names, zones, shapely.area(zones))


def table(zones, layers, memo=None, given=None):
    parts = partitions(zones, layers, parameters() if given is None else given, memo)
    return merge_samples(measure(part) for part in parts)


LAYERS = {"network": (streets(),), "stops": (stops(("bus", 300, 400), ("train", 900, 900)),)}
ZONES = [shapely.box(x, y, x + 120, y + 90) for x, y in ((10, 20), (410, 300), (700, 650))]


def test_every_sample_has_a_row_for_each_class():
    found = table(placed(ZONES), LAYERS)
    assert tuple(found.columns) == COLUMNS
    assert (found.groupby(["zone", "east", "north"]).size() == len(FACT.classes)).all()
    shares = found[found["class"] == "bus"].groupby("zone")["area_m2"].sum()
    assert shares.tolist() == pytest.approx([z.area for z in ZONES])


def test_one_search_a_class_for_all_zones_partitions_and_plans(monkeypatch):
    calls = []
    real = ikap.facts.ways.search
    monkeypatch.setattr(ikap.facts.ways, "search", lambda *args: calls.append(1) or real(*args))
    memo = Memo()
    many = placed([shapely.box(i * 9, i * 7, i * 9 + 30, i * 7 + 30) for i in range(90)])
    names = np.array([f"99{i % 4:02d}" for i in range(90)], dtype=object)
    many = PlacedZones(many.zone, names, many.geometry, many.area)
    table(many, LAYERS, memo)
    table(placed(ZONES), LAYERS, memo)
    assert len(calls) == 3  # bus, train, and once for the modes that no stop has
    assert [row.what for row in memo.rows()] == ["network.components"]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(3)), st.permutations(range(20)), st.permutations(range(2)))
def test_order_changes_nothing(zone_order, link_order, stop_order):
    straight = table(placed(ZONES), LAYERS)
    links = streets()
    shuffled = layer(
        "veger",
        "network",
        links.polygons[list(link_order)],
        walk=[True] * 20,
        ground=[True] * 20,
    )
    both = [("bus", 300, 400), ("train", 900, 900)]
    again = table(
        placed([ZONES[i] for i in zone_order]),
        {"network": (shuffled,), "stops": (stops(*[both[i] for i in stop_order]),)},
    )
    again["zone"] = again["zone"].map(dict(enumerate(zone_order)))
    again = again.sort_values(["zone", "north", "east", "class"]).reset_index(drop=True)
    straight = straight.sort_values(["zone", "north", "east", "class"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(straight, again, rtol=1e-12)


def test_division_into_partitions_changes_nothing():
    together = table(placed(ZONES), LAYERS)
    names = np.array(["9901", "9902", "9903"], dtype=object)
    zones = placed(ZONES)
    apart = table(PlacedZones(zones.zone, names, zones.geometry, zones.area), LAYERS)
    columns = ["zone", "class", "east", "north", "distance_m", "certain", "area_m2"]
    pd.testing.assert_frame_equal(together[columns], apart[columns])


def test_moving_by_nothing_changes_nothing():
    moved = [shapely.affinity.translate(z, 0.0, 0.0) for z in ZONES]
    pd.testing.assert_frame_equal(table(placed(ZONES), LAYERS), table(placed(moved), LAYERS))


def reasons(found, mode="bus"):
    return set(found.loc[found["class"] == mode, "reason"])


def test_why_a_distance_is_unknown():
    zones = placed([shapely.box(0, 0, 20, 20)])
    assert reasons(table(zones, {})) == {"no_layer"}
    assert reasons(table(zones, {"network": LAYERS["network"]})) == {"no_layer"}
    assert reasons(table(placed(ZONES, ""), LAYERS)) == {"no_coverage"}
    far = placed([shapely.box(-300, -300, -280, -280)])
    assert reasons(table(far, LAYERS)) == {"no_network"}
    without = Parameters({})
    assert reasons(table(zones, LAYERS, given=without)) == {"no_parameter"}
    nowhere = {**LAYERS, "stops": (stops(("bus", 5000, 5000)),)}
    assert reasons(table(zones, nowhere)) == {"no_path"}
    partly = {**LAYERS, "stops": (stops(("bus", 300, 400), coverage=Coverage(("9902",))),)}
    found = table(zones, partly)
    assert reasons(found) == {"no_coverage"}
    assert found.loc[found["class"] == "bus", "distance_m"].notna().all()  # the longest it can be


def test_no_number_stands_for_no_path():
    nowhere = {**LAYERS, "stops": (stops(("bus", 5000, 5000)),)}
    found = table(placed(ZONES), nowhere)
    assert found["distance_m"].isna().all()
    assert not found.loc[found["class"] == "bus", "certain"].any()


def test_target_off_the_network_is_told_by_its_id():
    memo = Memo()
    table(placed(ZONES), {**LAYERS, "stops": (stops(("bus", 5000, 5000)),)}, memo)
    (row,) = [row for row in memo.rows() if row.what == "target.off_network"]
    assert (row.layer, row.source_id, row.unit) == ("stopp", "0", "m")


def test_mode_that_no_stop_has_is_certain_in_a_complete_layer():
    found = table(placed(ZONES), LAYERS)
    ferry = found[found["class"] == "ferry"]
    assert ferry["certain"].all()
    assert ferry["distance_m"].isna().all()


def test_coverage_by_polygons_holds_sample_by_sample():
    outline = np.array([shapely.box(0, 0, 60, 1000)])
    partly = stops(("bus", 300, 400), coverage=Coverage(layer="omriss"))
    partly = type(partly)(
        partly.declaration,
        partly.polygons,
        partly.classes,
        partly.ids,
        (),
        outline,
        partly.attributes,
    )
    found = table(placed([shapely.box(0, 0, 100, 50)]), {**LAYERS, "stops": (partly,)})
    bus = found[found["class"] == "bus"].set_index("east")
    assert bus["certain"].to_dict() == {25.0: True, 75.0: False}


def test_aligned_arrays_keep_zones_without_samples():
    spec = FactSpec("walk_distance", (), ("bus", "train"), "m", sampled=True)
    found = to_distances(spec, table(placed(ZONES), LAYERS), 5)
    assert len(found.layer) == 5
    assert found.layer[4] == ""
    assert found.layer[0] == "stopp, veger"
    assert set(found.zone.tolist()) == {0, 1, 2}
    empty = to_distances(spec, merge_samples([]), 2)
    assert len(empty.zone) == 0


def test_adding_a_road_never_lengthens_a_distance():
    """Sample points lie where no added road is nearer than the streets they stand by."""
    base = streets(4, 100)
    links = list(base.polygons)
    zones = placed(
        [shapely.box(x - 1, y - 1, x + 1, y + 1) for x in (0, 100, 300) for y in (0, 200)]
    )
    goal = {"stops": (stops(("bus", 300, 300)),)}

    def bus(lines):
        made = layer(
            "veger", "network", lines, walk=[True] * len(lines), ground=[True] * len(lines)
        )
        found = table(zones, {"network": (made,), **goal})
        return found.loc[found["class"] == "bus", "distance_m"].to_numpy()

    before = bus(links)
    for extra in ([(0, 0), (300, 300)], [(0, 100), (300, 200)], [(100, 0), (100, 400), (300, 300)]):
        assert (bus([*links, shapely.LineString(extra)]) <= before + 1e-9).all()
