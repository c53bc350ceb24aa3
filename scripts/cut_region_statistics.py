"""Cut the open statistics of Trondheimsregionen that come with the workspace (`layers/data/`).

Run once when the source files change: `python scripts/cut_region_statistics.py`, with
`IKAP_REALDATA` set to the folder that holds them. The same sources give the same bytes.

In (all Statistisk sentralbyrå, CC BY 4.0)

- `statistics/population_2000_2050.csv`: residents by municipality, by way of
  NINAnor/arealbruksscenarier
- `statistics/ssb_arealbruk_2011_2022.csv`: built-up area by municipality, by the same way
- `population/NOR0250M_POP_2022.csv`: residents in 250 m cells, by way of
  jgaffuri/tiled-grid-norway

Out

- `folkemengde.csv`, `bebygd_areal.csv`: the rows of the region's municipalities, those of today
  and those before them, with the cells as they stand in the source
- `folkemengde_rutenett.csv`: the cells whose middle lies in one of the region's municipalities,
  sea included (`kommuner.gpkg`), with the source's own column names

No figure is changed. The column `ssb_change` is left out: it is the difference of two years, and
counts a merger as growth. The table of the case paper, `pendling_sakspapir.csv`, is not made here:
it is typed off the paper.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

CELL_M = 250
CELL_CRS = "EPSG:25833"
SHIFT_M = 2_000_000  # added to the east coordinate in SSB's cell id
LEFT_OUT = ("ssb_change",)
Row = dict[str, str]


def main() -> None:
    """Cut all three files and print how many rows were kept."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    root = Path(__file__).resolve().parents[1]
    parser.add_argument("--out", type=Path, default=root / "layers" / "data")
    parser.add_argument("--layers", type=Path, default=root / "layers")
    options = parser.parse_args()
    if "IKAP_REALDATA" not in os.environ:
        sys.exit("Set IKAP_REALDATA to the folder that holds statistics/ and population/.")
    source = Path(os.environ["IKAP_REALDATA"])
    options.out.mkdir(parents=True, exist_ok=True)
    region = tomllib.loads((options.layers / "region.toml").read_text(encoding="utf-8"))
    members = [m["number"] for m in region["municipalities"]]
    before = [m["number"] for m in region["history"] if set(m["successor"]) & set(members)]
    before += [m["number"] for m in region["history"] if set(m["successor"]) & set(before)]
    numbers = {n.lstrip("0") for n in (*members, *before)}
    for name, wanted in (
        ("population_2000_2050.csv", "folkemengde.csv"),
        ("ssb_arealbruk_2011_2022.csv", "bebygd_areal.csv"),
    ):
        header, rows = read(source / "statistics" / name, ",")
        kept = [row for row in rows if row["kommunenummer"].lstrip("0") in numbers]
        kept.sort(key=lambda row: row["kommunenummer"].zfill(4))
        write(options.out / wanted, [name for name in header if name not in LEFT_OUT], kept)
    header, cells = read(source / "population" / "NOR0250M_POP_2022.csv", ";")
    inside = cells_in(cells, members, options.layers / "data" / "kommuner.gpkg")
    write(options.out / "folkemengde_rutenett.csv", header, inside)


def read(path: Path, delimiter: str) -> tuple[list[str], list[Row]]:
    """Header and rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=delimiter)
        rows = list(reader)
        return list(reader.fieldnames or ()), rows


def cells_in(cells: list[Row], members: list[str], path: Path) -> list[Row]:
    """Cells whose middle lies in one of the municipalities, by id."""
    ids = np.array([row["SSBID0250M"] for row in cells])
    east = np.array([int(i[:7]) for i in ids]) - SHIFT_M + CELL_M / 2
    north = np.array([int(i[7:]) for i in ids]) + CELL_M / 2
    areas = gpd.read_file(path, layer="kommuner")
    areas = areas[areas["kommunenummer"].isin(members)]
    x, y = Transformer.from_crs(CELL_CRS, areas.crs, always_xy=True).transform(east, north)
    region = shapely.union_all(areas.geometry.to_numpy())
    shapely.prepare(region)
    inside = np.flatnonzero(shapely.covers(region, shapely.points(x, y)))
    return [cells[i] for i in inside[np.argsort(ids[inside])]]


def write(path: Path, header: list[str], rows: list[Row]) -> None:
    """Write rows as semicolon-separated UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, header, extrasaction="ignore", delimiter=";", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size / 1024:.0f} kB")


if __name__ == "__main__":
    main()
