"""The statement of Eksempelregionen against an independent count: SQL in DuckDB spatial."""

from pathlib import Path

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import pandas as pd
import pytest

import ikap
from ikap import example

TOLERANCE_M2 = 0.01
FOREST = (
    "CASE WHEN c.arealtype = '30' AND c.skogbonitet BETWEEN '11' AND '15' "
    "THEN '30_' || c.skogbonitet"
)


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    folder = tmp_path_factory.mktemp("region")
    example.build(folder, size="small")
    return folder


@pytest.fixture(scope="module")
def accounts(region):
    return ikap.check(ikap.open_workspace(region), "forslag").accounts


@pytest.fixture(scope="module")
def sql(region):
    """Database with the files as tables, and each plan's areas split at municipal borders."""
    base = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "1"})
    folder = Path(duckdb_extension_spatial.__file__).parent
    base.execute(f"LOAD '{next(folder.rglob('spatial.duckdb_extension'))}'")
    files = {
        "mun": ("kommuner", "Kommune"),
        "was": ("plan_gjeldende", "KpArealformålOmråde"),
        "new": ("plan_forslag", "KpArealformålOmråde"),
        "cover": ("ar5", "ArealressursFlate"),
        "older": ("arealressurs_2015", "ArealressursFlate"),
        "flood": ("naturfare", "Flomsone"),
    }
    for name, (file, layer) in files.items():
        path = region / "layers/data" / f"{file}_konstruert.gpkg"
        frame = gpd.read_file(path, layer=layer)
        table = pd.DataFrame(frame.drop(columns="geometry")).assign(wkb=frame.geometry.to_wkb())
        base.register("raw", table)
        base.execute(f"CREATE TABLE {name} AS SELECT *, ST_GeomFromWKB(wkb) AS g FROM raw")  # noqa: S608
    for name in ("was", "new"):
        base.execute(
            f"CREATE TABLE {name}_in AS SELECT m.kommunenummer AS place, z.arealformål AS purpose, "  # noqa: S608
            "CASE WHEN z.arealformål BETWEEN '5200' AND '5230' THEN 'spread' "
            "WHEN z.arealformål >= '3000' THEN 'none' "
            "ELSE ['adopted', 'future', 'further'][z.arealbruksstatus::INT] END AS part, "
            f"ST_Intersection(z.g, m.g) AS g FROM {name} z JOIN mun m ON ST_Intersects(z.g, m.g)"
        )
    return base


def counted(sql, query):
    rows = sql.execute(query).fetchall()
    return {tuple(row[:-1]): row[-1] for row in rows if row[-1] > 1e-6}


def told(accounts, table, keys, method="", herav=False):
    mine = (accounts["table"] == table) & (accounts["method"] == method)
    rows = accounts[mine & (accounts["herav"] == herav)]
    found = zip(rows[keys].itertuples(index=False, name=None), rows["value"], strict=True)
    return {key: value for key, value in found if value > 0}


def alike(mine, theirs):
    wrong = {
        key: (mine.get(key, 0.0), theirs.get(key, 0.0))
        for key in {*mine, *theirs}
        if abs(mine.get(key, 0.0) - theirs.get(key, 0.0)) > TOLERANCE_M2
    }
    assert not wrong
    return len(theirs)


def test_t1_purposes(sql, accounts):
    query = "SELECT place, purpose, sum(ST_Area(g)) FROM {}_in GROUP BY ALL"
    places = counted(sql, "SELECT kommunenummer, ST_Area(g) FROM mun")
    mine = told(accounts, "T1", ["municipality", "row", "column"])
    for side, table in (("before", "was"), ("after", "new")):
        theirs = counted(sql, query.format(table))
        for (place,), area in places.items():
            theirs[place, "not_in_plan"] = area - sum(v for k, v in theirs.items() if k[0] == place)
        own = {key[:2]: value for key, value in mine.items() if key[2] == side}
        assert alike(own, theirs) > 20
        for (place,), area in places.items():
            assert abs(sum(v for k, v in own.items() if k[0] == place) - area) < 1.0


BOTH = (
    "SELECT o.place, o.part, o.purpose AS was, n.arealformål AS new, "
    "sum(ST_Area(ST_Intersection(o.g, n.g))) AS m2 "
    "FROM was_in o JOIN new n ON ST_Intersects(o.g, n.g) GROUP BY ALL"
)


def test_t2_changes_and_t7_taken_out(sql, accounts):
    sql.execute(f"CREATE TABLE pair AS {BOTH}")
    theirs = counted(sql, "SELECT place, was, new, sum(m2) FROM pair GROUP BY ALL")
    mine = told(accounts, "T2", ["municipality", "row", "column"])
    inside = {key: value for key, value in mine.items() if "not_in_plan" not in key}
    assert alike(inside, theirs) > 30
    t1 = told(accounts, "T1", ["municipality", "row", "column"])
    for (place, purpose, side), value in t1.items():  # rows and columns add up to T1
        at = 1 if side == "before" else 2
        parts = [v for k, v in mine.items() if k[0] == place and k[at] == purpose]
        assert abs(sum(parts) - value) <= TOLERANCE_M2

    query = (
        "SELECT place, part, was, sum(m2) FROM pair WHERE new = '5100' "
        "AND part IN ('future', 'further', 'adopted') GROUP BY ALL"
    )
    mine = told(accounts, "T7", ["municipality", "part", "row", "column"])
    lnfr = {key[:3]: value for key, value in mine.items() if key[3] == "lnfr"}
    assert alike(lnfr, counted(sql, query)) >= 2  # the region's proposal does take areas out


def test_t4_reserve_by_land_cover(sql, accounts):
    query = (
        f"SELECT z.place, z.part, z.purpose, {FOREST} "  # noqa: S608
        "WHEN c.arealtype IN ('11', '12') THEN 'built' "
        "WHEN c.arealtype IN ('81', '82') THEN '81_82' ELSE c.arealtype END AS class, "
        "sum(ST_Area(ST_Intersection(z.g, c.g))) FROM new_in z "
        "JOIN cover c ON ST_Intersects(z.g, c.g) "
        "WHERE z.purpose IN ('1110', '1120', '5200') AND z.part IN ('future', 'adopted', 'spread') "
        "GROUP BY ALL"
    )
    mine = told(accounts, "T4", ["municipality", "part", "row", "column"], "KDD")
    assert alike(mine, counted(sql, query)) > 20


def test_t5_themes_count_ground_once(sql, accounts):
    query = (
        "SELECT z.place, z.part, z.purpose, sum(ST_Area(ST_Intersection(z.g, f.g))) "
        "FROM new_in z, (SELECT ST_Union_Agg(g) AS g FROM flood) f "
        "WHERE z.part <> 'none' GROUP BY ALL"
    )
    rows = told(accounts, "T5", ["municipality", "part", "row", "column"], herav=True)
    mine = {key[:3]: value for key, value in rows.items() if key[3] == "flood"}
    assert alike(mine, counted(sql, query)) > 3


FIELDS = "('21', '22', '23')"
THREE = (
    "SELECT {side}.place, {side}.part, {side}.purpose, '{name}_' || c.arealtype AS land, "
    "sum(ST_Area(ST_Intersection(ST_Intersection(o.g, n.g), c.g))) "
    "FROM was_in o JOIN new_in n ON o.place = n.place AND ST_Intersects(o.g, n.g) "
    "JOIN cover c ON ST_Intersects(n.g, c.g) AND ST_Intersects(o.g, c.g) "
    "WHERE c.arealtype IN {fields} AND {side}.part IN ('future', 'further') "
    "AND {other}.part NOT IN ('future', 'further', 'adopted') GROUP BY ALL"
)


def test_j1_farmland_new_and_taken_out(sql, accounts):
    """What the proposal adds and takes out; of what is adopted the belts round buildings matter."""
    mine = told(accounts, "J1", ["municipality", "part", "row", "column"])
    for name, side, other in (("new", "n", "o"), ("out", "o", "n")):
        theirs = counted(sql, THREE.format(name=name, side=side, other=other, fields=FIELDS))
        own = {
            key: value
            for key, value in mine.items()
            if key[3].startswith(f"{name}_") and key[1] in ("future", "further")
        }
        alike(own, theirs)
    assert sum(value for key, value in mine.items() if key[3].startswith("new_")) > 10_000


def test_j3_farmland_built_down_and_newly_cultivated(sql, accounts):
    """The region has an older map of one municipality: farmland on either side, class by class."""
    query = (
        "SELECT m.kommunenummer, b.arealtype AS was, c.arealtype AS is, "  # noqa: S608
        "sum(ST_Area(ST_Intersection(ST_Intersection(b.g, c.g), m.g))) "
        "FROM older b JOIN cover c ON ST_Intersects(b.g, c.g) "
        "JOIN mun m ON ST_Intersects(b.g, m.g) AND ST_Intersects(c.g, m.g) "
        f"WHERE b.arealtype IN {FIELDS} OR c.arealtype IN {FIELDS} GROUP BY ALL"
    )
    theirs = {}
    for (place, was, now), area in counted(sql, query).items():
        built, grown = now in ("11", "12"), was in ("30", "50", "60")
        if built or grown:  # the query has no other pair without farmland on one side
            key = (place, was, "built") if built else (place, now, "cultivated")
            theirs[key] = theirs.get(key, 0.0) + area
    mine = told(accounts, "J3", ["municipality", "row", "column"])
    own = {key: value for key, value in mine.items() if key[2] in ("built", "cultivated")}
    assert alike(own, theirs) >= 2
    assert {key[2] for key in theirs} == {"built", "cultivated"}


def test_every_set_aside_area_adds_up_by_every_method(accounts):
    for method in ("KDD", "SSB", "NINA", "egen"):
        keys = ["municipality", "part", "row"]
        mine = accounts["method"] == method
        t3, t4 = (
            accounts[mine & (accounts["table"] == t) & ~accounts["herav"]] for t in ("T3", "T4")
        )
        whole = t3[t3["column"] == "set_aside"].set_index(keys)["value"]
        parts = t3[(t3["column"] != "set_aside") & (t3["part"] != "objection")]
        assert (parts.groupby(keys)["value"].sum() - whole).abs().max() < TOLERANCE_M2
        assert (t4.groupby(keys)["value"].sum() - whole).abs().max() < TOLERANCE_M2
        assert len(whole) > 3
