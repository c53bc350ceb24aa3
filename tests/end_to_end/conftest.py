"""A whole workspace of squares whose areas you know in your head, at Trondheim's coordinates."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from shapely import affinity

import ikap

E0, N0 = 569_000, 7_034_000  # lower-left corner of the local frame, EPSG:25832

REGION = """
key = "prove"
name = { nb = "Prøveregionen", en = "Trial region" }
crs = "EPSG:25832"
as_of = 2026-06-01
constructed = true
[[municipalities]]
number = "9901"
name = "Vest"
valid_from = 2020-01-01
[[municipalities]]
number = "9902"
name = "Øst"
valid_from = 2020-01-01
"""

GOALS = """
[[goals]]
number = 2
title = { nb = "Jordvern", en = "Keep the farmland" }
document = "Oppdiktet vedtak"
dated = 2020-01-01
[use]
municipality = ["kommuner"]
farmland = ["ar5"]
buildings = ["bygninger"]
[farmland.max_new_conversion]
unit = "daa"
[[farmland.max_new_conversion.values]]
from = 2020-01-01
value = 0
source = "Oppdiktet vedtak 1/20"
status = "adopted"
[farmland.map_limit]
unit = "m2"
[[farmland.map_limit.values]]
from = 2020-01-01
value = 500
source = "Oppdiktet vedtak 1/20"
status = "adopted"
[reserve.building_buffer]
unit = "m"
[[reserve.building_buffer.values]]
from = 2020-01-01
value = 10
source = "Oppdiktet vedtak 1/20"
status = "adopted"
"""

LAYER = """
kind = "{kind}"
title = {{ nb = "{name}", en = "{name}" }}
owner = "Konstruerte data"
licence = "CC0-1.0"
redistribute = true
constructed = true
source = {{ from = "files", path = "data/{name}.gpkg" }}
{more}
"""


def box(x1, y1, x2, y2):
    """Box in the local frame."""
    return shapely.box(E0 + x1, N0 + y1, E0 + x2, N0 + y2)


def shift(geometry):
    """Any local geometry, moved to the region."""
    return affinity.translate(geometry, E0, N0)


@dataclass
class Squares:
    """A workspace under `root`; layers are added by name."""

    root: Path

    def toml(self, name, text):
        path = self.root / "layers" / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        tomllib.loads(text)

    def layer(self, name, kind, geometry, more="", crs="EPSG:25832", **columns):
        (self.root / "layers" / "data").mkdir(exist_ok=True)
        frame = gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs)
        frame.to_file(self.root / "layers" / "data" / f"{name}.gpkg", layer=name)
        self.toml(name, LAYER.format(kind=kind, name=name, more=more))
        return self

    def land(self, **by_class):
        """AR5 from local boxes, for example `land(a21=[(0, 0, 10, 10)])`."""
        rows = [(name[-2:], b) for name, boxes in by_class.items() for b in boxes]
        return self.layer(
            "ar5",
            "landcover",
            [box(*b) for _, b in rows],
            "coverage = { own_polygons = true }",
            arealtype=[c for c, _ in rows],
            lokalid=[f"ar5-{i}" for i in range(len(rows))],
        )

    def plan(self, *zones, name="forslag", role="proposal", more=""):
        """Zones as (purpose, status, geometry)."""
        plan = f'plan = {{ id = "{name}", role = "{role}" }}\n{more}'
        return self.layer(
            name,
            "zoning",
            [g for _, _, g in zones],
            plan,
            lokalid=[f"z{i}" for i in range(len(zones))],
            arealformål=[p for p, _, _ in zones],
            arealbruksstatus=[s for _, s, _ in zones],
            områdenavn=[f"B{i}" for i in range(len(zones))],
        )

    def buildings(self, *boxes):
        return self.layer(
            "bygninger",
            "buildings",
            [box(*b) for b in boxes],
            'coverage = { municipalities = ["all"] }',
            bygningsnummer=[str(i) for i in range(len(boxes))],
        )

    def check(self, plan="forslag", as_of=None):
        day = date.fromisoformat(as_of) if as_of else None
        return ikap.check(ikap.open_workspace(self.root), plan, as_of=day)


def squares_at(root):
    """Two municipalities side by side (border at x = 500), farmland layer and buildings far off."""
    (root / "layers").mkdir(parents=True)
    (root / "maps").mkdir()
    made = Squares(root)
    made.toml("region", REGION)
    made.toml("goals", GOALS)
    made.layer(
        "kommuner",
        "municipality",
        [box(-1000, -1000, 500, 1000), box(500, -1000, 2000, 1000)],
        kommunenummer=["9901", "9902"],
        navn=["Vest", "Øst"],
    )
    made.land(a30=[(-1000, -1000, 2000, 1000)])
    made.buildings((-900, -900, -890, -890))
    return made


@pytest.fixture
def squares(tmp_path):
    """Workspace of squares for one test."""
    return squares_at(tmp_path / "arbeidsområde")


@pytest.fixture(scope="module")
def shared_squares(tmp_path_factory):
    """Workspace of squares that the tests of a module fill anew, one after the other."""
    return squares_at(tmp_path_factory.mktemp("felles") / "arbeidsområde")
