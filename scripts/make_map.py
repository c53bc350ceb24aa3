"""Make the map pages of one plan: a folder that opens in any browser, also without a network.

python scripts/make_map.py forslag.gpkg kart/ --as-of 2026-06-01
"""

import argparse
from pathlib import Path

import ikap
from ikap.workspace import find_workspace

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("plan", help="plan file (EPSG:25832), or the id of a declared plan")
parser.add_argument("folder", type=Path, help="folder of the pages; replaced in whole")
parser.add_argument("--as-of", help="date of judgement, for example 2026-06-01")
parser.add_argument("--workspace", type=Path, help="folder of the workspace")
options = parser.parse_args()

workspace = ikap.open_workspace(find_workspace(Path.cwd(), options.workspace))
results = ikap.check(workspace, options.plan, as_of=options.as_of)
print(ikap.publish(results, options.folder))
