"""Tolket plansituasjon of a constructed region: time and peak memory from files to pieces.

python scripts/bench_situation.py [--areas N] [--stack N] [--keep DIR] [--json]

The region is made up: four municipalities, a kommuneplan that covers them, kommunedelplaner over a
quarter of it, and reguleringsplaner that lie on one another, in places as deep as `--stack` says.
Outlines have some 100 vertices. Exit code 1 if it takes more than 30 s of processor time (one
thread: what it takes on a machine of its own), or does not add up.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikap.example.detail import detailed
from ikap.flow.discovery import discover
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader
from ikap.workspace import open_workspace

LIMIT_S = 30.0
CLOSED_M2 = 0.01
E0, N0, SIDE = 560_000.0, 7_000_000.0, 30_000.0
NUMBERS = ("9901", "9902", "9903", "9904")
REGION = 'key = "konstruert"\nname = { nb = "Konstruert", en = "Constructed" }\n'
REGION += 'crs = "EPSG:25832"\nas_of = 2026-06-01\nconstructed = true\n'
REGION += "".join(
    f'[[municipalities]]\nnumber = "{n}"\nname = "{n}"\nvalid_from = 2020-01-01\n' for n in NUMBERS
)
GOALS = """
[[goals]]
number = 2
title = { nb = "Jordvern", en = "Farmland" }
document = "Oppdiktet"
[use]
municipality = ["kommuner"]
"""
LAYER = """
kind = "{kind}"
title = {{ nb = "{name}", en = "{name}" }}
owner = "Konstruerte data"
licence = "CC0-1.0"
constructed = true
coverage = {{ municipalities = ["all"] }}
"""
FILE = 'source = {{ from = "files", path = "data/{name}.gpkg" }}\n'
PLAN = 'plan = { id = "situasjon", role = "adopted", made_of = ["kpa", "kdp", "rp"] }\n'


def coverage(count: int, box: tuple[float, float, float, float], seed: int) -> np.ndarray:
    """Coverage of a box by about `count` cells with bent outlines of some 100 vertices."""
    random = np.random.default_rng(seed)
    x1, y1, x2, y2 = box
    points = np.column_stack([random.uniform(x1, x2, count), random.uniform(y1, y2, count)])
    frame = shapely.box(*box)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=frame)
    )
    cells = shapely.set_precision(shapely.intersection(cells, frame), 0.01)
    parts = shapely.get_parts(cells)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 1.0)]
    return np.asarray(shapely.normalize(detailed(parts, 98)))


def plan_table(
    shapes: np.ndarray, level: str, plan: np.ndarray, day: np.ndarray, seed: int
) -> gpd.GeoDataFrame:
    """Areas of plans with the official column names."""
    random = np.random.default_rng(seed)
    kp = ("1110", "1300", "5100", "3040", "1001", "2010", "1160")
    rp = ("1111", "1113", "3040", "2011", "1310", "1161", "1610")
    count = len(shapes)
    return gpd.GeoDataFrame(
        {
            "lokalid": [f"{level}-{k}" for k in range(count)],
            "objtype": f"{level.title()}ArealformålOmråde",
            "arealformål": random.choice(kp if level == "kp" else rp, count),
            "arealbruksstatus": pd.array(
                random.integers(1, 4, count) if level == "kp" else [None] * count, dtype="Int32"
            ),
            "planidentifikasjon": plan,
            "planstatus": 3,
            "plantype": 20 if level == "kp" else 35,
            "ikrafttredelsesdato": day,
        },
        geometry=shapes,
        crs="EPSG:25832",
    )


def days(count: int, seed: int, missing: float) -> np.ndarray:
    """Dates in force between 1995 and 2024, some of them missing."""
    random = np.random.default_rng(seed)
    found = np.array(
        [f"{y}-{m:02d}-15" for y, m in random.integers((1995, 1), (2025, 13), (count, 2))],
        dtype=object,
    )
    found[random.random(count) < missing] = None
    return found


def detail_plans(areas: int, stack: int) -> gpd.GeoDataFrame:
    """Reguleringsplaner of eight areas each; every twentieth place has `stack` on one another."""
    random = np.random.default_rng(7)
    shapes, plans, dates = [], [], []
    number = 0
    while len(shapes) < areas:
        x, y = random.uniform(500, SIDE - 1_500, 2)
        for _ in range(stack if number % 20 == 0 else 1):
            number += 1
            dx, dy = random.uniform(-150, 150, 2)
            box = (E0 + x + dx, N0 + y + dy, E0 + x + dx + 600, N0 + y + dy + 450)
            own = coverage(8, box, number)
            shapes += list(own)
            plans += [f"R{number}"] * len(own)
            dates += [days(1, number, 0.1)[0]] * len(own)
    made = (np.array(shapes, object), "rp", np.array(plans, object), np.array(dates, object))
    return plan_table(*made, seed=8)


def write(root: Path, areas: int, stack: int) -> int:
    """Write the workspace; returns how many areas it has."""
    data = root / "layers" / "data"
    data.mkdir(parents=True)
    half = SIDE / 2
    boxes = [(E0 + x, N0 + y, E0 + x + half, N0 + y + half) for x in (0, half) for y in (0, half)]
    land = detailed(shapely.box(*np.array(boxes).T), 400)
    kommuner = gpd.GeoDataFrame(
        {"kommunenummer": NUMBERS, "navn": NUMBERS}, geometry=land, crs="EPSG:25832"
    )
    whole = (E0, N0, E0 + SIDE, N0 + SIDE)
    kpa = coverage(areas // 2, whole, 1)
    kdp = coverage(areas // 8, (E0 + 5_000, N0 + 5_000, E0 + 20_000, N0 + 20_000), 2)
    tables = {
        "kommuner": kommuner,
        "kpa": plan_table(kpa, "kp", np.full(len(kpa), "K1"), np.full(len(kpa), "2018-06-14"), 3),
        "kdp": plan_table(kdp, "kp", np.full(len(kdp), "D1"), np.full(len(kdp), "2021-03-01"), 4),
        "rp": detail_plans(areas - areas // 2 - areas // 8, stack),
    }
    for name, table in tables.items():
        kind = "municipality" if name == "kommuner" else "zoning"
        table.to_file(data / f"{name}.gpkg", layer=name, engine="pyogrio")
        text = LAYER.format(kind=kind, name=name) + FILE.format(name=name)
        (root / "layers" / f"{name}.toml").write_text(text, encoding="utf-8")
    (root / "layers" / "region.toml").write_text(REGION, encoding="utf-8")
    (root / "layers" / "goals.toml").write_text(GOALS, encoding="utf-8")
    text = LAYER.format(kind="zoning", name="situasjon") + PLAN
    (root / "layers" / "situasjon.toml").write_text(text, encoding="utf-8")
    return sum(len(t) for name, t in tables.items() if name != "kommuner")


def measure(root: Path) -> dict[str, float]:
    """Read and interpret once; seconds, MB, and whether the pieces add up to the union."""
    workspace = open_workspace(root)
    reader = Reader(workspace, discover(workspace), quiet)
    began, cpu = time.perf_counter(), time.process_time()
    for name in ("kommuner", "kpa", "kdp", "rp"):
        reader.layer(workspace.layers[name])
    read = time.perf_counter()
    loaded = reader.layer(workspace.layers["situasjon"])
    done, used = time.perf_counter(), round(time.process_time() - cpu, 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert loaded is not None
    pieces = loaded.canonical.frame
    shapes = [
        reader.layer(workspace.layers[n]).canonical.frame.geometry.to_numpy()  # type: ignore[union-attr]
        for n in workspace.layers["situasjon"].made_of
    ]
    union = shapely.area(shapely.union_all(np.concatenate(shapes)))
    depth = max(len(json.loads(others)) + 1 for others in pieces["others"])
    return {
        "pieces": len(pieces),
        "depth": depth,
        "open": int((pieces["doubts"] != "").sum()),
        "read_s": round(read - began, 2),
        "interpret_s": round(done - read, 2),
        "seconds": round(done - began, 2),
        "cpu_s": used,
        "peak_mb": round(peak),
        "gap_m2": abs(float(pieces.geometry.area.sum()) - float(union)),
    }


def main() -> int:
    """Build, measure, print, and say whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--areas", type=int, default=4000)
    parser.add_argument("--stack", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="folder for the workspace, kept afterwards")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = options.keep or Path(folder) / "konstruert"
        if not (root / "layers").exists():
            write(root, options.areas, options.stack)
        found = {"areas": options.areas, **measure(root)}
    print(json.dumps(found) if options.json else "\n".join(f"{k}: {v}" for k, v in found.items()))
    return int(found["cpu_s"] > LIMIT_S or found["gap_m2"] > CLOSED_M2)


if __name__ == "__main__":
    sys.exit(main())
