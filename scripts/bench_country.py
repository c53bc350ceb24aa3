"""A whole country, municipality by municipality, in bounded memory; gates on memory and totals.

python scripts/bench_country.py [--municipalities 356] [--polygons 14160] [--workers 2] [--json]

The land of each municipality is made, written as GeoParquet, read, certified and measured inside
planned areas and in the municipality as a whole, and its file deleted; workers and merging are
those of `ikap check --workers N`. Needs `pip install 'ikap[bench]'`. Exit code 1 if the memory of
all processes together goes beyond 3 GiB, or a total is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import shapely
from _country import CLASSES, Place, write_land
from numpy.typing import NDArray

import ikap
from ikap.facts import NOT_COVERED, Partition, certify
from ikap.facts.farmland_by_class import measure
from ikap.flow.partwise import MeasuredPart, Wanted
from ikap.flow.workers import crew
from ikap.kinds import landcover
from ikap.model import Coverage, LayerDeclaration, Region
from ikap.sources import read

COUNTRY = Region("land", {"nb": "Konstruert land"}, "EPSG:25832", ())
MOST_GIB = 3.0
ADDS_UP_M2, CLASS_SHARE = 0.01, 1e-9
"""A zone's row adds up so well (design.md, Statements); a class is its polygons' own areas, but for
rounding."""

WHOLE_KM2 = 1e-6
"""The whole is the known total to the square metre."""

SAMPLED_S = 0.2
MADE = "made"


@dataclass
class Tree:
    """Memory of this process and all that it started, sampled; a shared page counts once."""

    peak: int = 0
    processes: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def sample(self) -> None:
        """Look again and again until it is done."""
        own = psutil.Process()
        while not self.done.wait(SAMPLED_S):
            sizes = [_size(p) for p in (own, *own.children(recursive=True))]
            self.peak = max(self.peak, sum(sizes))
            self.processes = max(self.processes, sum(size > 0 for size in sizes))


def _size(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
        return int(getattr(told, "pss", told.rss))
    except psutil.Error:  # it ended in between
        return 0


@contextmanager
def watched() -> Iterator[Tree]:
    """Memory of the process tree while the block runs."""
    tree = Tree()
    thread = threading.Thread(target=tree.sample)
    thread.start()
    try:
        yield tree
    finally:
        tree.done.set()
        thread.join()


def partition_of(place: Place) -> Partition:
    """The zones of one municipality; its land comes when it is measured."""
    zones = place.zones
    return Partition(place.name, np.arange(len(zones)), zones, shapely.area(zones), {}, {})


@dataclass(frozen=True)
class Land:
    """Measures the land of a municipality that it makes, reads and certifies itself."""

    folder: str
    wide: int
    high: int

    def __call__(self, partition: Partition) -> pd.DataFrame:
        """Long table zone × class in m²."""
        place = Place(int(partition.municipality), self.wide, self.high)
        path = Path(self.folder) / f"{place.name}.parquet"
        declared = LayerDeclaration(
            name="land",
            kind="landcover",
            title={"nb": "Konstruert arealdekke"},
            owner="",
            licence="",
            source={"from": "files", "path": str(path)},
            root=Path(self.folder),
            coverage=Coverage(own_polygons=True),
        )
        try:
            partition.answers[MADE] = write_land(place, path)
            canonical = landcover.canonical(read(declared), declared, COUNTRY)
        finally:
            path.unlink(missing_ok=True)
        partition.answers.update(_counted(canonical.frame.geometry.to_numpy()))
        certified = certify(canonical.frame, declared, classes="arealtype")
        partition.answers["noticed"] = len(canonical.quality) + len(certified.quality)
        return measure(replace(partition, layers={"farmland": (certified,)}, answers={}))


def _counted(shapes: NDArray[np.object_]) -> dict[str, int]:
    return {"polygons": len(shapes), "vertices": int(shapely.get_num_coordinates(shapes).sum())}


def made(partition: Partition) -> pd.DataFrame:
    """What was made: area of each class in m², how many polygons and vertices; what was noticed."""
    areas = partition.answers[MADE]
    counts = {name: partition.answers[name] for name in ("polygons", "vertices", "noticed")}
    return pd.DataFrame({**areas, **counts}, index=[0])


def faults(place: Place, part: MeasuredPart) -> list[str]:
    """What is wrong with the totals of one municipality."""
    table, (truth,) = part.tables["land"], part.tables[MADE].to_dict("records")
    zones = shapely.area(place.zones)
    rows = table.groupby("zone")["area_m2"].sum().reindex(range(len(zones)), fill_value=0.0)
    found = [
        f"{place.name}: zone {i} is {zones[i]:.3f} m², its row {rows[i]:.3f}"
        for i in np.flatnonzero(np.abs(rows.to_numpy() - zones) > ADDS_UP_M2)
    ]
    whole = table[table["zone"] == 0].set_index("class")["area_m2"]
    for name in CLASSES:
        got = float(whole.get(name, 0.0))
        if abs(got - truth[name]) > CLASS_SHARE * place.area_m2:
            found.append(f"{place.name}: class {name} is {truth[name]:.3f} m², measured {got:.3f}")
    if truth["noticed"]:  # a valid coverage has nothing to mend and no overlap
        found.append(f"{place.name}: {truth['noticed']} rows in the quality record")
    uncovered = float(table.loc[table["class"] == NOT_COVERED, "area_m2"].sum())
    if uncovered > ADDS_UP_M2:
        found.append(f"{place.name}: {uncovered:.3f} m² without land")
    return found


def run(places: list[Place], workers: int) -> dict[str, object]:
    """Measure all municipalities; figures of the run."""
    told = sys.stderr.isatty()
    left = [len(places)]

    def done(_: MeasuredPart) -> None:
        left[0] -= 1
        if told:
            print(f"\r{left[0]:>4} municipalities left ", end="", file=sys.stderr, flush=True)

    began = time.perf_counter()
    with watched() as tree, tempfile.TemporaryDirectory(prefix="ikap-") as folder:
        land = Land(folder, places[0].wide, places[0].high)
        with crew(workers) as hired:
            wanted = Wanted({"land": land, MADE: made})
            parts = hired.measure([partition_of(p) for p in places], wanted, done)
        left_behind = len(list(Path(folder).iterdir()))
    wrong = [
        fault for place, part in zip(places, parts, strict=True) for fault in faults(place, part)
    ]
    truth = pd.concat([part.tables[MADE] for part in parts])
    whole = sum(float(p.tables["land"].query("zone == 0")["area_m2"].sum()) for p in parts)
    return {
        "ikap": ikap.__version__,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "workers": workers,
        "municipalities": len(places),
        "polygons": int(truth["polygons"].sum()),
        "vertices": int(truth["vertices"].sum()),
        "zones": sum(len(place.zones) for place in places),
        "seconds": round(time.perf_counter() - began, 1),
        "peak_gib": round(tree.peak / 2**30, 3),
        "processes": tree.processes,
        "area_km2": whole / 1e6,
        "known_km2": sum(place.area_m2 for place in places) / 1e6,
        "files_left": left_behind,
        "faults": wrong,
    }


def main() -> int:
    """Run; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--municipalities", type=int, default=356)
    parser.add_argument("--polygons", type=int, default=14_160, help="in each municipality")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    wide = max(round(options.polygons**0.5), 2)
    high = max(-(-options.polygons // wide), 2)
    places = [Place(number, wide, high) for number in range(options.municipalities)]
    told = run(places, options.workers)
    bars = {
        f"memory of all processes at most {MOST_GIB} GiB": told["peak_gib"] <= MOST_GIB,
        "every row adds up, every class is its polygons": not told["faults"],
        "the whole is the known total": abs(told["area_km2"] - told["known_km2"]) < WHOLE_KM2,
        "no file is left": not told["files_left"],
    }
    if options.json:
        print(json.dumps({**told, "bars": bars}, indent=1))
    else:
        for name, value in told.items():
            shown = f"{value:,}".replace(",", " ") if isinstance(value, (int, float)) else value
            print(f"{name:<16} {shown}")
        for name, kept in bars.items():
            print(f"{'kept' if kept else 'MISSED':<16} {name}")
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
