"""Two vintages of AR5 against box arithmetic: no overlay library made the expected sums."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ikap.facts import Partition, certify, farmland_vintages
from ikap.model import Coverage, LayerDeclaration, Parameter, Parameters, ParameterStatus

FARMLAND = ("21", "22", "23")
CLASSES = ("21", "22", "23", "11", "12", "30", "50", "60", "81", "99", "")  # "": no polygon
PLACE = (20, 10, 380, 190)  # cuts through cells of both vintages
WIDTH = 4.0


def parameters(width=WIDTH):
    if width is None:
        return Parameters({})
    name, status = "farmland.remap_width", ParameterStatus.ASSUMPTION
    return Parameters({name: Parameter(name, width, "m", "kilde", date(2020, 1, 1), status)})


def land(name, cells, kind="landcover"):
    """Layer of boxes; cells with the class "" are not there."""
    drawn = [(box, code) for box, code in cells if code]
    frame = gpd.GeoDataFrame(
        {
            "source_id": [str(i) for i in range(len(drawn))],
            "arealtype": [code for _, code in drawn],
        },
        geometry=[shapely.box(*box) for box, _ in drawn],
        crs="EPSG:25832",
    )
    declared = LayerDeclaration(
        name, kind, {}, "", "", {}, Path(), coverage=Coverage(own_polygons=True)
    )
    return certify(frame, declared, classes="arealtype")


def measured(before, after, width=WIDTH, kind="landcover"):
    place = np.array([shapely.box(*PLACE)], dtype=object)
    layers = {"farmland": (land("ny", after),)}
    if before is not None:
        layers["farmland_before"] = (land("gammel", before, kind),)
    zone = np.zeros(1, dtype=np.int64)
    part = Partition("9901", zone, place, shapely.area(place), layers, parameters(width))
    table = farmland_vintages.measure(part)
    return dict(zip(table["class"], table["area_m2"], strict=True))


def grid(codes, step, height):
    """Cells row by row from the lower left corner, `step` wide and `height` high."""
    across = 400 // step
    return [
        (
            (
                step * (i % across),
                height * (i // across),
                step * (i % across + 1),
                height * (i // across + 1),
            ),
            c,
        )
        for i, c in enumerate(codes)
    ]


def shared(*boxes):
    """Area that axis-parallel boxes have in common."""
    low = np.max([box[:2] for box in boxes], axis=0)
    high = np.min([box[2:] for box in boxes], axis=0)
    return float(np.prod(np.maximum(high - low, 0)))


def expected(before, after):
    """Old class × new class by multiplication; both grids cover the place, holes as cells too."""
    found = {}
    for a, old in before:
        for b, new in after:
            area = shared(PLACE, a, b)
            was, is_ = (code if code not in ("", "99") else "not_covered" for code in (old, new))
            maybe = (was == "not_covered" and is_ in ("11", "12")) or (
                is_ == "not_covered" and was in ("30", "50", "60")
            )
            for label in (f"{was}/{is_}",) if FARMLAND & {was, is_} or maybe else ():
                found[label] = found.get(label, 0.0) + area
            if was == "not_covered":
                found["not_covered/any"] = found.get("not_covered/any", 0.0) + area
            if is_ == "not_covered":
                found["any/not_covered"] = found.get("any/not_covered", 0.0) + area
    return {k: v for k, v in found.items() if v > 0}


FARMLAND = frozenset(FARMLAND)
codes = st.sampled_from(CLASSES)
vintages = st.tuples(
    st.lists(codes, min_size=8, max_size=8).map(lambda c: grid(c, 100, 100)),
    st.lists(codes, min_size=10, max_size=10).map(lambda c: grid(c, 80, 100)),
)


def plain(found):
    return {k: v for k, v in found.items() if not k.startswith("narrow/")}


def farmland(found):
    """What is farmland in one of the vintages, and all that is not mapped."""
    return {k: v for k, v in found.items() if {*k.split("/")} & {*FARMLAND, "any"}}


@settings(max_examples=12)
@given(vintages)
def test_each_old_class_meets_each_new_one_as_multiplication_says(both):
    assert plain(measured(*both)) == pytest.approx(expected(*both), abs=1e-3)


@settings(max_examples=12)
@given(vintages)
def test_swapping_the_vintages_swaps_what_was_and_what_is(both):
    before, after = both
    there, back = plain(measured(before, after)), plain(measured(after, before))
    turned = {"/".join(reversed(label.split("/"))): area for label, area in there.items()}
    assert farmland(back) == pytest.approx(farmland(turned), abs=1e-3)


@settings(max_examples=12)
@given(vintages, st.randoms(use_true_random=False))
def test_order_and_splitting_of_polygons_change_nothing(both, chance):
    before, after = (list(cells) for cells in both)
    whole = measured(before, after)
    halves = []
    for (x1, y1, x2, y2), code in after:
        middle = x1 + chance.choice([7, 20, 33])
        halves += [((x1, y1, middle, y2), code), ((middle, y1, x2, y2), code)]
    chance.shuffle(halves)
    chance.shuffle(before)
    assert measured(before, halves) == pytest.approx(whole, abs=1e-3)


def test_a_strip_is_narrow_and_still_counts():
    """A road of 4 m and one of 4.2 m over a field: 400 and 420 m² built, 400 of it narrow."""
    field = [((0, 0, 400, 200), "21")]
    roads = [
        ((0, 0, 100, 200), "21"),
        ((100, 50, 104, 150), "12"),
        ((100, 0, 104, 50), "21"),
        ((100, 150, 104, 200), "21"),
        ((104, 0, 200, 200), "21"),
        ((200, 50, 204.2, 150), "12"),
        ((200, 0, 204.2, 50), "21"),
        ((200, 150, 204.2, 200), "21"),
        ((204.2, 0, 400, 200), "21"),
    ]
    found = measured(field, roads)
    assert found["21/12"] == pytest.approx(820)
    assert found["narrow/21/12"] == pytest.approx(400)
    assert "narrow/12/21" not in measured(roads, field)  # what was built is not cultivated
    assert "narrow/21/12" not in measured(field, roads, width=None)


def test_strips_side_by_side_are_one_wide_piece():
    """Three strips of 3 m beside one another are 9 m of new road, and not narrow."""
    field = [((0, 0, 400, 200), "22")]
    strips = [((100 + 3 * i, 0, 103 + 3 * i, 200), "12") for i in range(3)]
    after = [((0, 0, 100, 200), "22"), *strips, ((109, 0, 400, 200), "22")]
    found = measured(field, after)
    assert found["22/12"] == pytest.approx(9 * 180)
    assert "narrow/22/12" not in found


@pytest.mark.parametrize("kind", ["farmland", None])
def test_without_two_land_cover_maps_all_is_unknown(kind):
    """No older map at all, and one that only outlines farmland: neither is a vintage of AR5."""
    cells = [((0, 0, 400, 200), "21")]
    found = measured(None if kind is None else cells, cells, kind=kind or "landcover")
    assert found == {"not_covered/not_covered": pytest.approx(360 * 180)}
