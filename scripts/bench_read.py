"""What ikap adds to reading a layer: `read_path` beside `pyogrio.read_dataframe`, same GeoPackage.

python scripts/bench_read.py [--features N] [--runs N] [--file FILE [--layer NAME]] [--json]

Both are run by turns in one process, after one run each that is not counted. Exit code 1 if the
median of ikap is more than 1.3 times that of pyogrio.
"""

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from ikap.sources import read_path

LIMIT = 1.3


def layer(count: int) -> gpd.GeoDataFrame:
    """Areas like those of a land cover map: 60 vertices each on average, eight attributes."""
    random = np.random.default_rng(1)
    east, north = (
        509_000 + 100.0 * (np.arange(count) % 1000),
        6_950_000 + 100.0 * (np.arange(count) // 1000),
    )
    shapes = shapely.buffer(shapely.points(east, north), 45, quad_segs=15)
    codes = random.integers(10, 99, count).astype(str)
    return gpd.GeoDataFrame(
        {
            "lokalid": [f"{i:032x}" for i in range(count)],
            "arealtype": codes,
            "treslag": codes[::-1],
            "kommunenummer": np.where(np.arange(count) % 2, "5001", "0301"),
            "navn": np.where(np.arange(count) % 3, "Åsen på Øya", "Vær"),
            "nøyaktighet": random.integers(10, 500, count),
            "areal": random.random(count),
            "datafangstdato": np.datetime64("2020-01-01") + random.integers(0, 2000, count),
        },
        geometry=shapes,
        crs="EPSG:25832",
    )


def by_turns(runs: int, *ways: Callable[[], object]) -> list[float]:
    """Median seconds of each way; the ways take turns, so that all meet the same machine."""
    taken: list[list[float]] = [[] for _ in ways]
    for run in range(runs + 1):
        for way, seconds in zip(ways, taken, strict=True):
            gc.collect()
            began = time.perf_counter()
            way()
            if run:
                seconds.append(time.perf_counter() - began)
    return [statistics.median(seconds) for seconds in taken]


def main() -> int:
    """Measure, print, and say whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--features", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--layer")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file
        if path is None:
            path = Path(folder) / "land.gpkg"
            layer(options.features).to_file(path, engine="pyogrio")
        theirs, ours = by_turns(
            options.runs,
            lambda: pyogrio.read_dataframe(path, layer=options.layer),
            lambda: read_path(path, layer=options.layer),
        )
        size = path.stat().st_size
    told = {
        "pyogrio_s": round(theirs, 4),
        "ikap_s": round(ours, 4),
        "ratio": round(ours / theirs, 3),
        "limit": LIMIT,
        "bytes": size,
        "runs": options.runs,
    }
    if options.json:
        print(json.dumps(told))
    else:
        print(f"pyogrio.read_dataframe  {theirs:.3f} s")
        print(f"ikap.sources.read_path  {ours:.3f} s  ({size / 1e6:.0f} MB)")
        print(f"ratio                   {ours / theirs:.2f}  (goal: at most {LIMIT})")
    return int(ours / theirs > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
