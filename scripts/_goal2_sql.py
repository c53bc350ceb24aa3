"""The figures of goal 2 counted once more, in SQL (DuckDB spatial), from the files alone.

Written from the rules in words (jordlova § 9, AR5 21, 22 and 23; what each check says that it
counts), and not from ikap's code: nothing of it is imported here. Purposes 1000 to 2999 and 4030
are building; arealbruksstatus 1 is adopted, 2 future, 3 further development. Every figure is
`(area's id, which figure, part, m²)`, of a line in m, and what is not there is nought. The
example's map of dyrkbar jord is complete in 9901, 9902 and 9904, those of kjerneområder and H510 in
9901 and 9902. A remnant is too small below 5 daa and too narrow below 20 m (found within 5 cm);
what is no more than 5 cm away touches, and 1 m² is no ground (domain.md F4).
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

__all__ = [
    "FIGURES",
    "TOLERANCE_M2",
    "apart",
    "areas",
    "figures",
    "filled",
    "told",
    "verdicts_apart",
]

TOLERANCE_M2 = 0.01
Figures = dict[tuple[str, str, str], float]
"""m², of lines m, by area's id, figure and part."""

FILES = {
    "town": ("kommuner", "Kommune", ("kommunenummer",)),
    "land": ("ar5", "ArealressursFlate", ("arealtype",)),
    "house": ("bygninger", "Bygning", ()),
    "cultivable": ("dyrkbar_jord", "DyrkbarJord", ("ENDRETETTER2008",)),
    "soil": ("jordkvalitet", "Jordkvalitet", ("jordkvalitet",)),
    "core": ("kjerneomraader", "Kjerneområde", ()),
    "concern": ("hensynssoner", "KpAngittHensynSone", ("angittHensyn",)),
}
LINES = "KpSamferdselLinje"
PLAN = ("lokalid", "arealformål", "arealbruksstatus")

PREPARE = """
CREATE TABLE area AS SELECT lokalid AS id, arealformål AS purpose, g, ST_Area(g) AS m2,
    CASE WHEN NOT (arealformål BETWEEN '1000' AND '2999' OR arealformål = '4030') THEN 'none'
    ELSE ['adopted', 'future', 'further'][arealbruksstatus::INT] END AS stage FROM plan;
CREATE TABLE planned AS SELECT * FROM area WHERE stage IN ('future', 'further');
CREATE TABLE field AS SELECT row_number() OVER () AS n, arealtype AS class, g FROM land
    WHERE arealtype IN ('21', '22', '23');
CREATE TABLE taken AS
    SELECT a.id, a.stage, a.purpose, f.n, f.class, ST_Intersection(a.g, f.g) AS g
    FROM area a JOIN field f ON ST_Intersects(a.g, f.g) WHERE a.stage <> 'none';
CREATE TABLE kept AS SELECT 'kjerneområde' AS sort, g FROM core
    UNION ALL SELECT 'h510', g FROM concern WHERE angittHensyn = '510';
CREATE TABLE in_town AS SELECT a.id, t.kommunenummer AS town, ST_Intersection(a.g, t.g) AS g
    FROM planned a JOIN town t ON ST_Intersects(a.g, t.g);
CREATE TABLE whole AS SELECT unnest(ST_Dump(ST_Union_Agg(g))).geom AS g FROM field;
CREATE TABLE given AS SELECT ST_Union_Agg(g) AS g FROM area WHERE stage <> 'none';
CREATE TABLE remnant AS
    WITH part AS (SELECT w.g AS before, unnest(ST_Dump(ST_Difference(w.g, given.g))).geom AS g
        FROM whole w, given WHERE ST_Intersects(w.g, given.g))
    SELECT g, ST_Area(g) AS m2, 2 * ST_MaximumInscribedCircle(g, 0.01).radius AS across,
        ST_Area(before) AS was_m2,
        2 * ST_MaximumInscribedCircle(before, 0.01).radius AS was_across
    FROM part WHERE ST_Area(g) > 1;
"""
FIGURES = {
    "farmland_conversion": """
        SELECT id, class, sum(ST_Area(g)) FROM taken WHERE stage <> 'adopted' GROUP BY ALL""",
    "soil_quality": """
        SELECT t.id, s.jordkvalitet::TEXT, sum(ST_Area(ST_Intersection(t.g, s.g)))
        FROM taken t JOIN soil s ON ST_Intersects(t.g, s.g)
        WHERE t.stage <> 'adopted' AND t.class <> '23' GROUP BY ALL""",
    "farmland_transport": """
        SELECT id, class, sum(ST_Area(g)) FROM taken
        WHERE stage <> 'adopted' AND purpose BETWEEN '2000' AND '2999' GROUP BY ALL""",
    "farmland_adopted_unbuilt": """
        WITH near AS (SELECT t.id, t.n, ST_Union_Agg(ST_Buffer(h.g, 10, 128)) AS g
            FROM taken t JOIN house h ON ST_DWithin_GEOS(t.g, h.g, 10)
            WHERE t.stage = 'adopted' GROUP BY ALL)
        SELECT t.id, t.class, sum(ST_Area(CASE WHEN near.g IS NULL THEN t.g
            ELSE ST_Difference(t.g, near.g) END))
        FROM taken t LEFT JOIN near ON near.id = t.id AND near.n = t.n
        WHERE t.stage = 'adopted' GROUP BY ALL""",
    "farmland_cultivable": """
        SELECT a.id, CASE WHEN c.ENDRETETTER2008 = 1 THEN 'dyrkbar_endret' ELSE 'dyrkbar' END,
            sum(ST_Area(ST_Intersection(a.g, c.g)))
        FROM in_town a JOIN cultivable c ON ST_Intersects(a.g, c.g)
        WHERE a.town IN ('9901', '9902', '9904') GROUP BY ALL""",
    "farmland_core": """
        WITH hit AS (SELECT a.id, k.sort, ST_Intersection(a.g, k.g) AS g
            FROM planned a JOIN kept k ON ST_Intersects(a.g, k.g))
        SELECT id, sort, ST_Area(ST_Union_Agg(g)) FROM hit GROUP BY ALL
        UNION ALL SELECT id, 'core', ST_Area(ST_Union_Agg(g)) FROM hit GROUP BY ALL""",
    "farmland_fragments": """
        WITH cuts AS (SELECT DISTINCT id FROM taken
            WHERE stage <> 'adopted' AND ST_Area(g) > 1)
        SELECT a.id, 'left', sum(r.m2) FROM planned a JOIN cuts USING (id)
        JOIN remnant r ON ST_DWithin_GEOS(a.g, r.g, 0.05)
        WHERE (r.m2 < 5000 OR r.across < 19.95)
        AND r.was_m2 >= 5000 AND r.was_across >= 20
        GROUP BY ALL""",
    "farmland_transport_lines": """
        SELECT l.lokalid, CASE WHEN c.arealtype IN ('21', '22', '23') THEN 'on_farmland'
            ELSE 'elsewhere' END, sum(ST_Length(ST_Intersection(l.g, c.g)))
        FROM line l JOIN land c ON ST_Intersects(l.g, c.g)
        WHERE coalesce(l.arealbruksstatus, 0) <> 1 GROUP BY ALL
        UNION ALL SELECT lokalid, 'length', ST_Length(g) FROM line
        WHERE coalesce(arealbruksstatus, 0) <> 1""",
    "cultivable_unknown": """
        SELECT id, '', sum(ST_Area(g)) FROM in_town WHERE town NOT IN ('9901', '9902', '9904')
        GROUP BY ALL""",
    "core_unknown": """
        WITH here AS (SELECT a.id, ST_Intersection(a.g, k.g) AS g
            FROM in_town a JOIN kept k ON ST_Intersects(a.g, k.g)
            WHERE a.town NOT IN ('9901', '9902')), known AS
            (SELECT id, ST_Area(ST_Union_Agg(g)) AS m2 FROM here GROUP BY ALL)
        SELECT a.id, '', sum(ST_Area(a.g)) - coalesce(any_value(known.m2), 0)
        FROM in_town a LEFT JOIN known USING (id)
        WHERE a.town NOT IN ('9901', '9902') GROUP BY ALL""",
    "farmland_unknown": """
        WITH mapped AS (SELECT a.id, sum(ST_Area(ST_Intersection(a.g, l.g))) AS m2
            FROM planned a JOIN land l ON ST_Intersects(a.g, l.g)
            WHERE l.arealtype <> '99' GROUP BY ALL)
        SELECT a.id, '', a.m2 - coalesce(m.m2, 0) FROM planned a LEFT JOIN mapped m USING (id)""",
}
"""One statement a figure, with columns id, part and m²."""


def filled(workspace: Path, plan: str) -> Any:  # noqa: ANN401 (DuckDB has no types)
    """Connect to a database in memory with the example's files and one of its plans.

    Parameters
    ----------
    workspace : Path
        Folder that `ikap.example.build` wrote, without faults.
    plan : str
        gjeldende, forslag or alternativ.

    Returns
    -------
    duckdb.DuckDBPyConnection
        With the tables of `PREPARE`.
    """
    import duckdb  # noqa: PLC0415 (only where it is installed)

    spec = importlib.util.find_spec("duckdb_extension_spatial")
    assert spec is not None
    assert spec.origin is not None
    base = duckdb.connect(config={"allow_unsigned_extensions": "true", "threads": "2"})
    folder = Path(spec.origin).parent
    base.execute(f"LOAD '{next(folder.rglob(f'v{duckdb.__version__}/*.duckdb_extension'))}'")
    files = {**FILES, "plan": (f"plan_{plan}", "KpArealformålOmråde", PLAN)}
    files["line"] = (f"plan_{plan}", LINES, PLAN)
    for name, (file, layer, columns) in files.items():
        path = workspace / "layers" / "data" / f"{file}_konstruert.gpkg"
        frame = gpd.read_file(path, layer=layer)
        table = pd.DataFrame({c: frame[c] for c in columns})
        base.register("raw", table.assign(wkb=frame.geometry.to_wkb()))
        base.execute(f"CREATE TABLE {name} AS SELECT *, ST_GeomFromWKB(wkb) AS g FROM raw")  # noqa: S608 (names of our own)
    for statement in PREPARE.split(";"):
        if statement.strip():
            base.execute(statement)
    return base


def figures(base: Any) -> Figures:  # noqa: ANN401
    """Every figure as `{(area's id, figure, part): m²}`, those that are more than nought."""
    found = {}
    for name, query in FIGURES.items():
        for zone, part, area in base.execute(query).fetchall():
            if area > 0:
                found[str(zone), name, str(part)] = float(area)
    return found


def areas(base: Any) -> set[str]:  # noqa: ANN401
    """Ids of all areas of the plan."""
    return {str(row[0]) for row in base.execute("SELECT id FROM area").fetchall()}


STATUSES = ("conflict", "warning", "ok", "unknown", "not_applicable")
ABOUT_LINES = {"farmland_transport_lines"}
"""Checks of roads and railways that are drawn as lines, not of areas."""
PARTS = {
    "farmland_conversion": ("farmland_by_class", ("21", "22", "23")),
    "farmland_transport": ("farmland_by_class", ("21", "22", "23")),
    "farmland_adopted_unbuilt": ("farmland_unbuilt", ("21", "22", "23")),
    "farmland_cultivable": ("cultivable_by_class", ("dyrkbar", "dyrkbar_endret")),
    "farmland_core": ("core_farmland_area", ("core", "kjerneområde", "h510")),
}
"""Of each check: where its findings tell their figures by part, and which parts are counted."""
BESIDE = {
    "farmland_conversion": {"farmland_unknown": "farmland_by_class"},
    "farmland_cultivable": {"cultivable_unknown": "cultivable_by_class"},
    "farmland_core": {"core_unknown": "core_farmland_area"},
}


def told(findings: pd.DataFrame) -> Figures:
    """The same figures as the findings tell them: `measured`, and the parts in `facts_json`."""
    found: Figures = {}
    for row in findings[findings["status"] != "not_applicable"].itertuples():
        key, check, facts = str(row.zone_key), str(row.check), json.loads(str(row.facts_json))
        if check in PARTS:
            fact, parts = PARTS[check]
            held = facts[fact]["by_class"]
            found |= {(key, check, part): held[part] for part in parts if part in held}
        if check == "farmland_conversion":
            held = facts["soil_quality"]["by_class"]
            found |= {(key, "soil_quality", part): area for part, area in held.items()}
        if check in ABOUT_LINES:
            found |= {(key, check, part): m for part, m in facts["by_class"].items()}
            found[key, check, "length"] = float(row.measured)  # type: ignore[arg-type] # a figure
        if check == "farmland_fragments":
            found[key, check, "left"] = float(row.measured)  # type: ignore[arg-type] # a figure
        for name, fact in BESIDE.get(check, {}).items():
            found[key, name, ""] = facts[fact]["unknown_m2"]
    return {key: area for key, area in found.items() if area > 0}


def apart(one: Figures, other: Figures) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Figures that differ by more than the tolerance, as both have them."""
    both = {key: (one.get(key, 0.0), other.get(key, 0.0)) for key in {*one, *other}}
    return {key: pair for key, pair in both.items() if abs(pair[0] - pair[1]) > TOLERANCE_M2}


def verdicts_apart(findings: pd.DataFrame, areas: set[str]) -> list[str]:
    """Pairs of area and check that have none or several findings, or one of no known status."""
    checks = sorted(set(findings["check"]) - ABOUT_LINES)
    own = findings[findings["check"].isin(checks)]
    count = own.groupby(["check", "zone_key"]).size()
    wanted = pd.MultiIndex.from_product([checks, sorted(areas)])
    wrong = count.reindex(wanted, fill_value=0)
    lines = [f"{name}: {n} vurderinger" for name, n in wrong[wrong != 1].items()]
    lines += [f"{name}: ikke et område i planen" for name in count.index.difference(wanted)]
    odd = own[~own["status"].isin(STATUSES)]
    return lines + [f"{name}: ukjent status" for name in odd["finding_id"]]
