"""Eight municipalities in a row with land cover and zones, as partitions ready to be measured."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from ikap.facts import Memo, certify, partitions, place
from ikap.facts.farmland_by_class import measure
from ikap.flow.partwise import Wanted
from ikap.model import Coverage, LayerDeclaration

SIDE, COUNT = 1000.0, 8
HELPERS = '''
"""Measurers that stand in the way of a worker; each worker process can import this file."""

import os
import time
from pathlib import Path

from ikap.errors import Fault, InputError
from ikap.facts.farmland_by_class import measure

HERE = Path(__file__).parent


def dies_once(partition):
    if partition.municipality == "9905" and not (HERE / "died").exists():
        (HERE / "died").touch()
        os._exit(9)
    return measure(partition)


def dies(partition):
    if partition.municipality == "9905":
        os._exit(9)
    return measure(partition)


def refuses(partition):
    faults = [Fault("crs.missing", "a.gpkg"), Fault("crs.missing", "b.gpkg", ids=("1", "2"))]
    raise InputError.of(faults)


def slow(partition):
    (HERE / f"started-{os.getpid()}").touch()
    time.sleep(0.3)
    return measure(partition)


def stuck(partition):
    (HERE / f"started-{os.getpid()}").touch()
    time.sleep(60)
'''


def declared(name, kind):
    return LayerDeclaration(
        name=name,
        kind=kind,
        title={"nb": name},
        owner="",
        licence="",
        source={"from": "files"},
        root=Path(),
        coverage=Coverage(own_polygons=True),
    )


def frame(shapes, **columns):
    columns.setdefault("source_id", [str(i) for i in range(len(shapes))])
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=25832)


@pytest.fixture
def parts():
    """Partitions 9901 to 9908, and one outside the region."""
    rng = np.random.default_rng(6)
    east = 569_000 + SIDE * np.arange(COUNT)
    own = frame(
        shapely.box(east, 7_034_000, east + SIDE, 7_034_000 + SIDE),
        kommunenummer=[f"990{i + 1}" for i in range(COUNT)],
    )
    ground = certify(own, declared("kommuner", "municipality"), classes="kommunenummer")
    x, y = np.meshgrid(569_000 + 125.0 * np.arange(64), 7_034_000 + 125.0 * np.arange(8))
    land = frame(
        shapely.box(x, y, x + 125, y + 125).ravel(),
        arealtype=rng.choice(["21", "22", "23", "30", "60", "99"], x.size),
    )
    ar5 = certify(land, declared("ar5", "landcover"), classes="arealtype")
    centre = rng.uniform((569_000, 7_034_000), (569_000 + COUNT * SIDE, 7_035_200), (300, 2))
    zones = shapely.buffer(shapely.points(centre), rng.uniform(20, 90, 300))
    return list(partitions(place(zones, ground), {"farmland": (ar5,)}, {}, Memo()))


@pytest.fixture
def wanted():
    return Wanted({"farmland_by_class": measure}, (("farmland", ("21", "22", "23")),))


@pytest.fixture
def helpers(tmp_path, monkeypatch):
    """Module of measurers that every worker can import."""
    folder = tmp_path / "helpers"
    folder.mkdir()
    (folder / "ikap_test_measurers.py").write_text(HELPERS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    import ikap_test_measurers  # noqa: PLC0415

    ikap_test_measurers.HERE = folder
    return ikap_test_measurers


def the_same(one, other):
    """Whether two answers are the same to the bit, in the same order."""
    assert [p.municipality for p in one] == [p.municipality for p in other]
    for a, b in zip(one, other, strict=True):
        assert list(a.tables) == list(b.tables)
        for name in a.tables:
            assert a.tables[name].to_dict("list") == b.tables[name].to_dict("list")
        assert len(a.pieces) == len(b.pieces)
        for p, q in zip(a.pieces, b.pieces, strict=True):
            assert list(shapely.to_wkb(p.geometry)) == list(shapely.to_wkb(q.geometry))
            assert p.ids.tolist() == q.ids.tolist()
        assert a.noticed == b.noticed
    return True
