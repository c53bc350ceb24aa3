"""How quickly areas of land classes in plan areas are measured, beside other ways; gates on bars.

python scripts/bench_areas.py [--size bench|half|quarter|small] [--region DIR] [--runs 5]
    [--only memory disk databases] [--json]

Eksempelregionen is built into the cache folder if it is not there. Each square metre of land is
counted once on every route, for the layer's overlap with itself is taken away beforehand. Needs
`pip install 'ikap[bench]'`; PostGIS from the system is started by the benchmark itself. Exit code
1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import _area_routes as routes
import _databases as databases
import _disk_routes as disk_routes
import numpy as np
import shapely

from ikap.measure.cache_root import cache_root

SIZES = {"bench": 1, "half": 2, "quarter": 4, "small": 16}
PARTS = (1, 2, 4, 8, 16, 32, 64)
BARE, FILE = "bare Arrow-lesing", "sertifisert fil til tabell"
CACHE, FIRST = "ny plan med mellomlager", "første kontakt"
GROUPS = {
    "memory": "I minnet",
    "disk": "På disk",
    "databases": "Databaser, på en fjerdedel",
}
MARKS = {True: "holdt", False: "IKKE holdt"}


@dataclass
class Route:
    """One way of measuring: its runs in seconds, and the table it gave."""

    name: str
    run: Callable[[], routes.Table]
    runs: int
    seconds: list[float] = field(default_factory=list)
    table: routes.Table | None = None
    peak_mb: float = 0.0  # of the first run, beyond what the process took when it began

    @property
    def median(self) -> float:
        """Median of the runs in seconds."""
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Bar:
    """A promise: a ratio that must be at least, or at most, so much."""

    name: str
    ratio: float
    limit: float
    at_least: bool

    @property
    def held(self) -> bool:
        """Whether the promise was kept."""
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


def interleaved(ways: list[Route]) -> None:
    """Run the ways in turn, so that a busy minute of the machine meets all of them."""
    for turn in range(max(way.runs for way in ways)):
        for way in ways:
            if turn < way.runs:
                with routes.watched(way, turn == 0):
                    began = time.perf_counter()
                    way.table = way.run()
                    way.seconds.append(time.perf_counter() - began)
                told(f"  {way.name}: {way.seconds[-1]:.3f} s")


def told(text: str) -> None:
    """Tell how far the benchmark has come, beside the result."""
    print(text, file=sys.stderr, flush=True)


def in_memory(data: routes.Data, runs: int) -> list[Route]:
    """From GeoDataFrames to the table of zone × class."""
    routes.edge_sum(data.part(16))  # machine code is read or made before the clock starts
    ways = [
        Route("ikap, kantsum", lambda: routes.edge_sum(data), runs),
        Route("GEOS: prepared covers, intersection, delte soner", lambda: routes.geos(data), runs),
        Route("geopandas.overlay og gruppering", lambda: routes.overlay(data), runs),
    ]
    interleaved(ways)
    return ways


def on_disk(data: routes.Data, region: Path, folder: Path, runs: int) -> list[Route]:
    """From certified files to the table, beside reading the same columns and nothing more.

    Two caches for each format: one that holds all of the land, and one that holds its certificate
    and no vertices, so that they are taken from the file.
    """
    ways = [Route("ikap, kantsum i minnet", lambda: routes.edge_sum(data), runs)]
    for kind, files in disk_routes.write_files(data, region, folder).items():
        time.sleep(3)  # files that have just been written are not remembered as known
        whole, light = (folder / f"mellomlager_{name}_{files.ending}" for name in ("helt", "lett"))
        for cache in (whole, light):
            shutil.rmtree(cache, ignore_errors=True)
            with disk_routes.cache_at(cache):
                disk_routes.table(files)
                if cache == light:
                    disk_routes.forget_vertices()
                disk_routes.table(files)
        ways += [
            Route(f"{kind}: {BARE}", lambda f=files: disk_routes.bare_read(f), runs),
            Route(f"{kind}: {FILE}", _with_cache(light, files), runs),
            Route(f"{kind}: {CACHE}", _with_cache(whole, files), runs),
            Route(f"{kind}: {FIRST}", lambda f=files: disk_routes.first_contact(f), runs),
        ]
    interleaved(ways)
    return ways


def _with_cache(cache: Path, files: disk_routes.Files) -> Callable[[], routes.Table]:
    """Route through a cache."""

    def run() -> routes.Table:
        with disk_routes.cache_at(cache):
            return disk_routes.table(files)

    return run


def in_databases(data: routes.Data, runs: int) -> list[Route]:
    """Beside DuckDB spatial and PostGIS, whose tables and indexes are made before the clock."""
    ways = [Route("ikap, kantsum (samme utsnitt)", lambda: routes.edge_sum(data), runs)]
    duck = databases.duckdb_with(data.zones.geometry, data.land.geometry, data.land["class"])
    ways.append(Route("DuckDB spatial", lambda: routes.query(data, duck), runs))
    with databases.postgis() as server:
        told("  fyller PostGIS")
        databases.postgis_with(server, data.zones.geometry, data.land.geometry, data.land["class"])
        ways.append(Route("PostGIS", lambda: routes.query(data, server), runs))
        interleaved(ways)
    duck.close()
    return ways


def scaling(data: routes.Data) -> dict[str, object]:
    """Time of 1 to 64 of 64 parts of the region, fitted to a + b · n log n."""
    sizes, seconds = [], []
    for part in data.growing(PARTS):
        routes.edge_sum(part)
        runs = []
        for _ in range(3):
            began = time.perf_counter()
            routes.edge_sum(part)
            runs.append(time.perf_counter() - began)
        sizes.append(part.vertices)
        seconds.append(statistics.median(runs))
    n = np.array(sizes, dtype=float)
    terms = np.column_stack([np.ones(len(n)), n * np.log2(n)])
    weights = 1 / np.array(seconds)
    fit, *_ = np.linalg.lstsq(terms * weights[:, None], np.array(seconds) * weights, rcond=None)
    power = float(np.polyfit(np.log(n[-4:]), np.log(seconds[-4:]), 1)[0])
    return {
        "vertices": sizes,
        "seconds": seconds,
        "start_s": float(fit[0]),
        "ns_per_n_log2_n": float(fit[1] * 1e9),
        "largest_misfit": float(np.abs(terms @ fit / np.array(seconds) - 1).max()),
        "power": power,
    }


def differences(ways: list[Route], tolerance: routes.Table) -> dict[str, float]:
    """Largest difference of any zone × class to the first way's table, over what is tolerated."""
    tables = {way.name: way.table for way in ways if way.table is not None}
    first = next(iter(tables.values()))
    return {
        name: float((np.abs(table - first) / tolerance).max()) for name, table in tables.items()
    }


def bars(memory: list[Route], disk: list[Route], data_bases: list[Route]) -> list[Bar]:
    """Hold the medians against what is promised."""
    held = []
    if memory:
        ours, geos, overlay = (way.median for way in memory)
        held.append(Bar("geopandas.overlay / ikap", overlay / ours, 30, at_least=True))
        held.append(Bar("beste GEOS-vei / ikap", geos / ours, 2.5, at_least=True))
    seconds = {way.name: way.median for way in disk}
    for kind in disk_routes.KINDS if disk else ():
        read = seconds[f"{kind}: {BARE}"]
        for name, limit in ((FILE, 2.5), (CACHE, 1.0), (FIRST, 15.0)):
            ratio = seconds[f"{kind}: {name}"] / read
            held.append(Bar(f"{kind}, {name} / {BARE}", ratio, limit, at_least=False))
    for way in data_bases[1:]:
        name = f"{way.name} / ikap"
        held.append(Bar(name, way.median / data_bases[0].median, 10, at_least=True))
    return held


def machine() -> dict[str, object]:
    """What the figures depend on."""
    import geopandas  # noqa: PLC0415
    import numba  # noqa: PLC0415
    import pyogrio  # noqa: PLC0415

    return {
        "prosessorer": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else "?",
        "maskin": routes.processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": np.__version__,
        "shapely": shapely.__version__,
        "GEOS": ".".join(map(str, shapely.geos_version)),
        "geopandas": geopandas.__version__,
        "GDAL": ".".join(map(str, pyogrio.__gdal_version__)),
        "last ved start": routes.load(),
    }


def print_table(result: dict[str, object], groups: dict[str, list[Route]]) -> None:
    """Print the result for people."""
    for name, value in {**result["machine"], **result["sizes"]}.items():  # type: ignore[dict-item]
        print(f"{name:18} {value}")
    for title, ways in groups.items():
        print(
            f"\n{title:52} {'median s':>9} {'løp':>4} {'forhold':>8} {'minne MB':>9} "
            f"{'avvik / toleranse':>17}"
        )
        apart = result["differences_over_tolerance"][title]  # type: ignore[index]
        for way in ways:
            ratio = way.median / ways[0].median
            print(
                f"{way.name:52} {way.median:9.3f} {len(way.seconds):4} {ratio:8.2f} "
                f"{way.peak_mb:9.0f} {apart.get(way.name, float('nan')):17.1e}"
            )
    fit = result["scaling"]
    print(
        f"\nVekst: {fit['start_s']:.3f} s + {fit['ns_per_n_log2_n']:.3f} ns · n log2 n, "  # type: ignore[index]
        f"n = hjørner; største avvik {fit['largest_misfit']:.0%}, potens {fit['power']:.2f}"  # type: ignore[index]
    )
    print("\nLøfter")
    for bar in result["bars"]:  # type: ignore[attr-defined]
        sign = "≥" if bar["at_least"] else "≤"
        print(f"{bar['name']:52} {bar['ratio']:9.2f} {sign} {bar['limit']:<6} {MARKS[bar['held']]}")


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="bench")
    parser.add_argument("--region", type=Path, help="built region; made if it is not there")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=GROUPS, nargs="+", default=list(GROUPS))
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> int:
    """Run everything, print it, and say whether the bars were held."""
    arguments = parsed()
    region = arguments.region or cache_root() / "bench" / "region"
    folder = routes.prepare(region, told)
    data = routes.Data.read(folder).part(SIZES[arguments.size])
    quarter = data.part(4) if arguments.size == "bench" else data
    groups: dict[str, list[Route]] = {}
    apart: dict[str, dict[str, float]] = {}
    disk = folder / arguments.size
    for group, part, run in (
        ("memory", data, lambda d: in_memory(d, arguments.runs)),
        ("disk", data.moved, lambda d: on_disk(d, region, disk, arguments.runs)),
        ("databases", quarter, lambda d: in_databases(d, arguments.runs)),
    ):
        if group in arguments.only:
            told(title := GROUPS[group])
            groups[title] = run(part)
            apart[title] = differences(groups[title], routes.tolerance(part))
    held = bars(*(groups.get(title, []) for title in GROUPS.values()))
    result: dict[str, object] = {
        "machine": machine(),
        "sizes": {
            "landflater": len(data.land),
            "arealformål": len(data.zones),
            "hjørner": data.vertices,
            "største sone": int(shapely.get_num_coordinates(data.zones.geometry.values).max()),
        },
        "routes": {
            title: {
                way.name: {
                    "seconds": way.seconds,
                    "median_s": way.median,
                    "peak_mb": way.peak_mb,
                }
                for way in ways
            }
            for title, ways in groups.items()
        },
        "differences_over_tolerance": apart,
        "scaling": scaling(data),
        "bars": [{**bar.__dict__, "held": bar.held} for bar in held],
    }
    if arguments.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        print_table(result, groups)
    missed = [bar.name for bar in held if not bar.held]
    missed += [way for each in apart.values() for way, most in each.items() if most > 1]
    if missed:
        told("Løfter som ikke ble holdt: " + "; ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
