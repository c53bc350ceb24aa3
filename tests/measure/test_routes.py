"""The compiled route: same bits for any number of threads, big offsets, where its code is kept."""

import os
import pickle
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from ikap.measure import Polygons, Rings, pair_areas, pair_parts

REGION = """
import hashlib, numpy as np, shapely
from ikap.measure import pair_areas
rng = np.random.default_rng(6)
def cells(count, longest):
    points = shapely.multipoints(rng.uniform(0, 20_000, (count, 2)) + [569_000, 7_034_000])
    return shapely.segmentize(shapely.get_parts(shapely.voronoi_polygons(points)), longest)
zones, land = cells(60, 30), np.concatenate([cells(3000, 40), cells(12, 3)])
found = pair_areas(zones, land)
print(len(found.area), hashlib.sha256(found.area.tobytes() + found.zone.tobytes()).hexdigest())
"""


def test_same_bits_for_one_thread_and_two(own_python):
    one, two, five = (own_python(REGION, IKAP_THREADS=n) for n in ("1", "2", "5"))
    assert int(one.split()[0]) > 3000
    assert one == two == five


def test_two_callers_at_once_get_the_same_areas(own_python):
    told = own_python(
        REGION
        + """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    others = list(pool.map(lambda _: pair_areas(zones, land), range(8)))
print(all((other.area == found.area).all() for other in others))
"""
    )
    assert told.splitlines()[-1] == "True"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_fork_after_measuring_can_measure(own_python):
    told = own_python(
        REGION
        + """
import os, sys
sys.stdout.flush()
child = os.fork()
if child == 0:
    same = (pair_areas(zones, land).area == found.area).all()
    os._exit(7 if same else 8)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
""",
        PYTHONWARNINGS="ignore::DeprecationWarning",
    )
    assert told.splitlines()[-1] == "7"


SMALL = """
import sys, numpy as np, shapely
from ikap.measure import pair_areas
field = np.array([shapely.box(60, -20, 200, 60)])
print(pair_areas(np.array([shapely.box(0, 0, 100, 100)]), field).area.tolist())
print("ikap.measure.edge_sum" in sys.modules)
"""


@pytest.fixture(scope="module")
def code_folder(own_python, tmp_path_factory):
    """Cache in which a first run has left its machine code."""
    folder = tmp_path_factory.mktemp("code")
    assert own_python(SMALL, IKAP_CACHE=str(folder)).split() == ["[2400.0]", "True"]
    return folder


def test_machine_code_is_kept_in_the_users_cache_and_not_in_the_package(own_python, code_folder):
    kept = {file: file.stat().st_mtime_ns for file in code_folder.rglob("*.nbi")}
    assert kept
    own_python(SMALL, IKAP_CACHE=str(code_folder))
    assert {file: file.stat().st_mtime_ns for file in code_folder.rglob("*.nbi")} == kept
    assert not list(Path(sys.modules["ikap"].__file__).parent.rglob("*.nb?"))


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_damaged_machine_code_is_made_anew(own_python, code_folder, tmp_path, ending):
    shutil.copytree(code_folder, tmp_path / "code")
    damaged = list((tmp_path / "code").rglob(f"edge_sum._windows*.{ending}"))
    assert damaged
    for file in damaged:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    told = own_python(SMALL, IKAP_CACHE=str(tmp_path / "code"))
    assert told.split() == ["[2400.0]", "True"]


def test_without_a_folder_to_write_in_geos_measures(own_python, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert own_python(SMALL, IKAP_CACHE=str(blocked)).split() == ["[2400.0]", "False"]


def test_without_numba_geos_measures(own_python, tmp_path):
    (tmp_path / "numba.py").write_text("raise ImportError('not here')")
    assert own_python(SMALL, PYTHONPATH=str(tmp_path)).split() == ["[2400.0]", "False"]
    assert own_python(SMALL, IKAP_NO_NUMBA="1").split() == ["[2400.0]", "False"]


def test_help_does_not_import_numba(own_python):
    told = own_python(
        """
import sys
sys.argv = ["ikap", "--help"]
from ikap.cli import main
try:
    main()
except SystemExit:
    pass
print("numba" in sys.modules)
"""
    )
    assert told.splitlines()[-1] == "False"


# Forms of the same polygons

HOLED = shapely.box(0, 0, 9, 9) - shapely.box(1, 1, 2, 2) - shapely.box(3, 3, 4, 4)
SHAPES = np.array(
    [
        shapely.box(0, 0, 1, 1),
        shapely.Polygon(),
        HOLED,
        shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(25, 5, 29, 9)]),
        shapely.MultiPolygon([HOLED]),
    ],
    dtype=object,
)
ZONES = np.array([shapely.box(0.5, 0.5, 26, 6), shapely.box(3, 3, 30, 30)], dtype=object)


def wkb(geometries, **options):
    stretches = [b"" if g is None else shapely.to_wkb(g, **options) for g in geometries]
    offsets = np.cumsum([0] + [len(s) for s in stretches])
    return np.frombuffer(b"".join(stretches), dtype=np.uint8), offsets


def unpacked(polygons):
    """Polygons whose rings have been asked for."""
    assert len(polygons.rings) == len(polygons)
    return polygons


FORMS = {
    "geometries": Polygons.of_geometries,
    "rings": lambda g: Polygons.of_rings(Rings.of_geometries(g)),
    "binary": lambda g: Polygons.of_wkb(*wkb(g)),
    "binary in pieces": lambda g: Polygons.of_chunks([wkb(g[:2]), wkb(g[2:2]), wkb(g[2:])]),
    "binary in pieces, known": lambda g: Polygons.of_chunks(
        [wkb(g[:3]), wkb(g[3:])], boxes=shapely.bounds(g), areas=shapely.area(g)
    ),
    "taken": lambda g: Polygons.of_rings(Rings.of_geometries(g[::-1])).take(
        np.arange(len(g))[::-1]
    ),
    "taken of unpacked binary": lambda g: unpacked(Polygons.of_wkb(*wkb(g[::-1]))).take(
        np.arange(len(g))[::-1]
    ),
    "rings into geometries": lambda g: Polygons.of_geometries(Rings.of_geometries(g).geometries()),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_areas_are_the_same_for_each_form(measure, form):
    held = form(SHAPES)
    assert len(held) == len(SHAPES)
    assert held.areas.tolist() == shapely.area(SHAPES).tolist()
    assert np.array_equal(held.boxes, shapely.bounds(SHAPES), equal_nan=True)
    found, told = measure(ZONES, held), measure(ZONES, SHAPES)
    for name in ("zone", "land", "area"):
        assert np.array_equal(getattr(found, name), getattr(told, name))


def test_areas_are_the_same_bits_in_another_process():
    """A ring whose area by GEOS and by our own sum differ in the last bit."""
    rng = np.random.default_rng(6)
    angles = np.sort(rng.uniform(0, 2 * np.pi, (200, 40)))
    places = np.array([569000.0, 7034000.0]) + rng.uniform(0, 9, (200, 1, 2))
    corners = places + 50 * np.stack([np.cos(angles), np.sin(angles)], axis=2)
    given = Polygons.of_geometries(shapely.polygons(corners))
    assert len(given.rings) == 200  # so that its GEOS objects are left behind
    back = pickle.loads(pickle.dumps(given))  # noqa: S301 (our own bytes)
    assert back.areas.tobytes() == given.areas.tobytes()


@pytest.mark.usefixtures("edges_only")
def test_chosen_features_of_several_pieces_come_in_the_order_asked_for():
    pieces = Polygons.of_chunks([wkb(SHAPES[:2]), wkb([None]), wkb(SHAPES[2:])])
    whole = np.array([*SHAPES[:2], None, *SHAPES[2:]], dtype=object)
    asked = np.array([len(whole) - 1, 0, 2, 1, 3, 0])
    found, at = pieces.rings_of(asked)
    truth = Rings.of_geometries(whole[asked])
    assert at.tolist() == list(range(len(asked)))
    for name in ("xy", "ring_start", "polygon_start", "feature_start"):
        assert np.array_equal(getattr(found, name), getattr(truth, name))


@pytest.mark.usefixtures("edges_only")
@pytest.mark.parametrize("offsets", [[0, 90], [-1, 50], [50, 40, 93], []], ids=str)
def test_offsets_outside_the_bytes_are_refused(offsets):
    data = np.frombuffer(GOOD, np.uint8)[:80]
    with pytest.raises(ValueError, match="damaged"):
        Polygons.of_wkb(data, np.array(offsets, dtype=np.int64))


def test_one_polygon_under_very_many_zones(measure):
    zones = np.array([shapely.box(i, 0, i + 20, 50) for i in range(500)], dtype=object)
    found = measure(zones, np.array([shapely.box(0, 10, 600, 20)], dtype=object))
    assert found.area.tolist() == [200.0] * 500


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("flavor", ["iso", "extended"])
@pytest.mark.parametrize("height", [False, True])
@pytest.mark.parametrize("srid", [False, True])
def test_binary_of_either_order_and_flavour(order, flavor, height, srid):
    given = shapely.force_3d(SHAPES, 17.5) if height else SHAPES
    if srid and flavor == "extended":
        given = shapely.set_srid(given, 25832)
    data, offsets = wkb(
        [*given, None], byte_order=order, flavor=flavor, include_srid=srid and flavor == "extended"
    )
    found, truth = Rings.of_wkb(data, offsets), Rings.of_geometries(np.array([*SHAPES, None]))
    for name in ("xy", "ring_start", "polygon_start", "feature_start"):
        assert np.array_equal(getattr(found, name), getattr(truth, name))


@pytest.mark.parametrize("code", [2003, 0x40000003, 3003, 0xC0000003])
def test_binary_with_measures(code):
    """M alone, or Z and M: four corners by hand."""
    extra = 1 if code in (2003, 0x40000003) else 2
    corners = [(0, 0), (4, 0), (4, 3), (0, 0)]
    body = b"".join(np.array([*c, *[9.0] * extra]).tobytes() for c in corners)
    data = b"\x01" + b"".join(np.uint32(n).tobytes() for n in (code, 1, 4)) + body
    rings = Rings.of_wkb(np.frombuffer(data, dtype=np.uint8), np.array([0, len(data)]))
    assert rings.xy.tolist() == [list(map(float, c)) for c in corners]


GOOD = shapely.to_wkb(shapely.box(0, 0, 1, 1))
UNREADABLE = {
    "cut short": GOOD[:-8],
    "open ring": GOOD[:-1] + b"\x01",
    "ring of four thousand million corners": GOOD[:9] + b"\xff\xff\xff\xff" + GOOD[13:],
    "a line": shapely.to_wkb(shapely.LineString([(0, 0), (1, 1)])),
    "a collection": shapely.to_wkb(shapely.GeometryCollection([shapely.box(0, 0, 1, 1)])),
}


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=list(UNREADABLE))
def test_binary_that_is_no_polygon_is_refused(data):
    both = GOOD + data
    with pytest.raises(ValueError, match=r"damaged|no polygon"):
        Rings.of_wkb(np.frombuffer(both, np.uint8), np.array([0, len(GOOD), len(both)]))


@pytest.mark.usefixtures("edges_only")
@pytest.mark.parametrize("data", [GOOD + b"\x00", b"\x07" + GOOD[1:]], ids=["longer", "order"])
def test_binary_that_geos_would_take_is_refused_too(data):
    with pytest.raises(ValueError, match="damaged"):
        Rings.of_wkb(np.frombuffer(data, np.uint8), np.array([0, len(data)]))
    with pytest.raises(ValueError, match="damaged"):
        Polygons.of_wkb(np.frombuffer(data, np.uint8), np.array([0, len(data)]))


@pytest.mark.usefixtures("edges_only")
def test_offsets_beyond_32_bits(tmp_path):
    """Vertices that stand more than 2**32 bytes, and more than 2**31 doubles, into a file."""
    far = 2**31 // 2 + 1000
    square = shapely.get_coordinates(shapely.box(60, -20, 200, 60))
    try:
        xy = np.lib.format.open_memmap(
            tmp_path / "xy.npy", mode="w+", dtype=np.float64, shape=(far + len(square), 2)
        )
    except OSError:
        pytest.skip("no room for a sparse file of 17 GB")
    xy[far:] = square
    one = np.array([0, 1])
    rings = Rings(xy, np.array([far, far + len(square)]), one, one)
    held = Polygons.of_rings(rings)
    assert held.areas.tolist() == [140 * 80]
    found = pair_areas(np.array([shapely.box(0, 0, 100, 100)], dtype=object), held)
    assert found.area.tolist() == [2400.0]


def test_read_only_arrays_on_disk(tmp_path):
    rings = Rings.of_geometries(SHAPES)
    np.save(tmp_path / "xy.npy", rings.xy)
    mapped = np.load(tmp_path / "xy.npy", mmap_mode="r")
    held = Polygons.of_rings(
        Rings(mapped, rings.ring_start, rings.polygon_start, rings.feature_start)
    )
    assert np.array_equal(pair_areas(ZONES, held).area, pair_areas(ZONES, SHAPES).area)


@pytest.mark.usefixtures("edges_only")
def test_known_areas_and_boxes_are_taken_as_they_are():
    """Coordinates of a polygon that lies within a zone are never looked at."""
    empty = Rings(np.full((5, 2), np.nan), np.array([0, 5]), np.array([0, 1]), np.array([0, 1]))
    held = Polygons.of_rings(empty, boxes=np.array([[2.0, 2, 4, 4]]), areas=np.array([3.5]))
    found = pair_areas(np.array([shapely.box(0, 0, 9, 9)], dtype=object), held)
    assert found.area.tolist() == [3.5]


def test_parts_have_the_areas_of_their_pairs(measure):
    found = measure(ZONES, SHAPES)
    parts = pair_parts(ZONES, SHAPES, found.zone, found.land)
    assert shapely.area(parts).tolist() == pytest.approx(found.area.tolist(), abs=1e-12)
