"""Farmland figures of one municipality: what the map holds, what each plan takes, what is unknown.

python scripts/municipality_farmland.py 5028
python scripts/municipality_farmland.py 9902 --workspace ikap-demo/eksempelregionen
"""

import argparse
from pathlib import Path

import ikap
from ikap.workspace import find_workspace

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("municipality", help="kommunenummer, four digits")
parser.add_argument("--workspace", type=Path, help="folder of the workspace")
options = parser.parse_args()

workspace = ikap.open_workspace(find_workspace(Path.cwd(), options.workspace))
for results in ikap.check_all(workspace):
    rows = results.indicators
    rows = rows[(rows["municipality"] == options.municipality) & (rows["unit"] == "m2")]
    print(f"\n{results.run['plan']['title']['nb']} ({results.run['as_of']})")
    for row in rows.itertuples():
        known = "ukjent" if row.value != row.value else f"{row.value / 1000:10.1f} daa"
        unknown = "ukjent" if row.unknown != row.unknown else f"{row.unknown / 1000:.1f} daa"
        print(f"  {row.indicator:<34} {known:>14}   not mapped: {unknown}")
