"""How a split municipality's ground or residents came to others, as TOML for region.toml.

The old area is laid over today's municipalities. Without cells the shares are of the ground, which
is right for no other figure; with SSB's cells of 250 m they are of residents, by the middle of each
cell. Either way they are an estimate: status "assumption", until somebody adopts them.

python scripts/split_shares.py 1507 --before kommuner_2020.geojson --today kommuner_2024.geojson
    --cells NOR0250M_POP_2022.csv --figures personer     (all on one line)
"""

import argparse
import json
import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

CRS = "EPSG:25833"
EAST_ADDED, HALF = 2_000_000, 125  # of the cells' ids, and of their width in metres
LEAST = 0.001  # a smaller share is the two files' different generalisation, no part of the split


def municipalities(path: Path) -> gpd.GeoSeries:
    """Areas by number, four digits."""
    frame = gpd.read_file(path).to_crs(CRS)
    frame["geometry"] = frame.make_valid()
    numbers = frame["kommunenummer"].astype(str).str.zfill(4)
    return frame.dissolve(numbers)["geometry"]


def residents(path: Path) -> gpd.GeoDataFrame:
    """Middles of cells with their residents."""
    cells = pd.read_csv(path, sep=";", dtype={"SSBID0250M": str})
    east = cells["SSBID0250M"].str[:7].astype(int) - EAST_ADDED + HALF
    north = cells["SSBID0250M"].str[7:].astype(int) + HALF
    return gpd.GeoDataFrame(
        {"persons": cells["pop_tot"]}, geometry=gpd.points_from_xy(east, north), crs=CRS
    )


def amounts(old: shapely.Geometry, today: gpd.GeoSeries, cells: Path | None) -> pd.Series:
    """How much of the old area each municipality of today has, m² or persons."""
    if cells is None:
        return today.intersection(old).area
    there = residents(cells).clip(old)
    return pd.Series(
        {n: there.loc[there.within(area), "persons"].sum() for n, area in today.items()}
    )


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("number", help="the old municipality, four digits")
parser.add_argument("--before", type=Path, required=True, help="borders before the split")
parser.add_argument("--today", type=Path, required=True, help="borders of today")
parser.add_argument("--cells", type=Path, help="SSB's population in cells of 250 m, CSV")
parser.add_argument("--figures", nargs="+", required=True, help="columns that the shares are for")
options = parser.parse_args()

old = municipalities(options.before)[options.number]
today = municipalities(options.today)
found = amounts(old, today[today.intersects(old)], options.cells)
found = found[found / found.sum() >= LEAST]
shares = (found / found.sum()).round(6)
shares[shares.idxmax()] += round(1 - math.fsum(shares), 6)  # rounded shares sum to 1
given = ", ".join(f'"{n}" = {share:.6f}' for n, share in shares.items())
files = [path.name for path in (options.before, options.today, options.cells) if path]
print("[[history.weights]]")
print(f"share   = {{ {given} }}")
print(f"figures = {json.dumps(options.figures, ensure_ascii=False)}")
print(f'source  = "scripts/split_shares.py: {", ".join(files)}"')
print('status  = "assumption"')
