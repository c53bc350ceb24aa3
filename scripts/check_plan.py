"""Check one plan file against the region's goals, and list the areas that take most farmland.

python scripts/check_plan.py forslag.gpkg --as-of 2026-06-01
python scripts/check_plan.py forslag.gpkg --workspace min-region
"""

import argparse
from pathlib import Path

import ikap
from ikap.workspace import find_workspace

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("plan", help="plan file (EPSG:25832), or the id of a declared plan")
parser.add_argument("--as-of", help="date of judgement, for example 2026-06-01")
parser.add_argument("--workspace", type=Path, help="folder of the workspace")
options = parser.parse_args()

workspace = ikap.open_workspace(find_workspace(Path.cwd(), options.workspace))
results = ikap.check(workspace, options.plan, as_of=options.as_of)

findings = results.findings[results.findings["check"] == "farmland_conversion"]
print(findings["status"].value_counts().to_string())

zones = results.geodata("zones")[["zone_key", "name", "purpose"]]
largest = findings.sort_values("measured", ascending=False).head(10).merge(zones, on="zone_key")
for row in largest.itertuples():
    daa = row.measured / 1000
    print(f"{row.municipality}  {row.name:<20} {row.purpose}  {daa:8.1f} daa  {row.status}")

print(f"Everything, with checksums of all files: {results.folder}")
