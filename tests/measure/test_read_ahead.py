"""Polygons read from bytes, as GEOS objects and as rings, are those that GEOS reads itself."""

import copy
from contextlib import nullcontext

import numpy as np
import pytest
import shapely

from ikap.measure import Rings
from ikap.measure.borders import unshared_edges
from ikap.measure.read_ahead import read_wkb, reading_ahead
from ikap.measure.route import has_compiler

compiled_alone = pytest.mark.skipif(not has_compiler(), reason="nothing is compiled")

FIELD = shapely.box(0, 0, 60, 60).difference(shapely.box(20, 20, 40, 40))
SHAPES = [
    FIELD,
    shapely.box(20, 20, 40, 40),
    shapely.multipolygons([shapely.box(60, 0, 90, 1 / 3)]),
    shapely.multipolygons([FIELD, shapely.box(100, 0, 110, 10)]),
    shapely.Polygon([(0, 100), (9, 109), (9, 100), (0, 109)]),  # crosses itself
]


def chunks(shapes, cut=None, **how):
    """Bytes of shapes in one buffer, or cut in two."""
    parts = [shapes[:cut], shapes[cut:]] if cut else [shapes]
    made = []
    for part in parts:
        each = [b"" if shape is None else shapely.to_wkb(shape, **how) for shape in part]
        ends = np.cumsum([0, *map(len, each)])
        made.append((np.frombuffer(b"".join(each), dtype=np.uint8), ends.astype(np.int64)))
    return made


@compiled_alone
@pytest.mark.parametrize("cut", [None, 2])
@pytest.mark.parametrize("early", [False, True])
def test_both_forms_are_as_geos_reads_them(cut, early):
    with reading_ahead(borders=True) if early else nullcontext():
        found = read_wkb(chunks(SHAPES, cut))
    assert shapely.to_wkb(found.geometries).tolist() == shapely.to_wkb(SHAPES).tolist()
    own = Rings.of_geometries(np.array(SHAPES, dtype=object))
    for name in ("xy", "ring_start", "polygon_start", "feature_start"):
        assert getattr(found.rings, name).tobytes() == getattr(own, name).tobytes()
    assert found.edges.tolist() == unshared_edges(own).tolist()
    assert found.sure.tolist() == [False, True, True, False, False]
    assert found.polygons.areas.tolist() == shapely.area(SHAPES).tolist()
    assert found.polygons.boxes.tolist() == shapely.bounds(SHAPES).tolist()


POINT = shapely.Point(1, 2)
OTHERS = {
    "a point": [POINT],
    "a line": [shapely.LineString([(0, 0), (1, 1)])],
    "a collection": [shapely.geometrycollections([FIELD])],
    "nothing": [None],
    "empty": [shapely.Polygon()],
    "empty parts": [shapely.multipolygons([FIELD, shapely.Polygon()])],
    "heights": [shapely.force_3d(FIELD, 7.0)],
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_plain_is_left_to_geos(name):
    assert read_wkb(chunks([SHAPES[0], *OTHERS[name], SHAPES[1]])) is None


def test_other_byte_order_and_damage_are_left_to_geos():
    assert read_wkb(chunks(SHAPES, byte_order=0)) is None
    assert read_wkb(chunks([FIELD], include_srid=True, flavor="extended")) is None or has_compiler()
    [(data, offsets)] = chunks(SHAPES)
    assert read_wkb([(data[:-8], np.minimum(offsets, len(data) - 8))]) is None
    unclosed = data.copy()
    unclosed[13] ^= 1  # a bit of the first vertex
    assert read_wkb([(unclosed, offsets)]) is None


def test_nothing_is_read_ahead_without_a_compiler(monkeypatch):
    monkeypatch.setenv("IKAP_NO_NUMBA", "1")
    assert read_wkb(chunks(SHAPES)) is None


@compiled_alone
def test_it_fits_the_same_objects_in_the_same_order_alone():
    found = read_wkb(chunks(SHAPES))
    own = found.geometries
    assert found.fits(own.copy())
    assert not found.fits(own[::-1])
    assert not found.fits(own[:-1])
    assert not found.fits(np.array([*own[:-1], shapely.from_wkb(shapely.to_wkb(own[-1]))]))
    assert copy.deepcopy(found) is found
