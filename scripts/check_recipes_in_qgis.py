"""Follow the recipes of `ikap explain` in QGIS itself, and hold the figures against the results.

    python scripts/check_recipes_in_qgis.py [WORKSPACE] [--each N]

Takes a few seconds for each figure. Needs QGIS (`qgis_process` on the path); without it nothing is
checked, and it says so. Exit codes: 0 all alike, 1 some differ, 3 no QGIS.
"""

import argparse
import csv
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import ikap
from ikap.workspace import Workspace

SAME_M2 = 0.01
NO_GEOMETRY = "1"  # INPUT_GEOMETRY_TYPE of qgis:executesql
ALIKE, DIFFER, NO_QGIS = 0, 1, 3


def main() -> int:
    """Check some findings of each plan and rule; see the module."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("workspace", type=Path, nargs="?", default=Path.cwd())
    parser.add_argument("--each", type=int, default=3, help="findings for each plan and rule")
    options = parser.parse_args()
    qgis = shutil.which("qgis_process")
    if qgis is None:
        print("QGIS is not installed (no qgis_process on the path): nothing was checked.")
        return NO_QGIS
    workspace, differ = ikap.open_workspace(options.workspace), 0
    for name in chosen(workspace, options.each):
        found = ikap.explain(workspace, name)
        hand = found["by_hand"]
        if not hand or not hand["sql"]:
            continue
        given, measured = figure(qgis, workspace.root, hand), found["finding"]["measured"]
        alike = abs(given - measured) <= SAME_M2
        differ += not alike
        print(f"{'alike ' if alike else 'DIFFER'} {given:14.4f} {measured:14.4f} m2  {name}")
    return DIFFER if differ else ALIKE


def chosen(workspace: Workspace, each: int) -> list[str]:
    """Ids of the largest figures of each plan and rule."""
    found: list[str] = []
    for folder in sorted((workspace.output / "resultater").glob("*/run.json")):
        rows = ikap.read_results(folder.parent).findings
        rows = rows[(rows["unit"] == "m2") & (rows["measured"] > 0)]
        rows = rows[rows["status"] != "not_applicable"].sort_values("measured", ascending=False)
        found += rows.groupby("check").head(each)["finding_id"].tolist()
    return found


def figure(qgis: str, root: Path, hand: dict[str, Any]) -> float:
    """What QGIS answers to a recipe's query."""
    query, sources = str(hand["sql"]), []
    for number, layer in enumerate(hand["layers"], 1):
        inside = f"|layername={layer['layer']}" if layer["layer"] else ""
        sources.append(f"--INPUT_DATASOURCES={root / layer['path']}{inside}")
        name = re.escape(layer["name"])
        query = re.sub(rf'\b(FROM) (?:"{name}"|{name})(?=[\s)])', rf"\1 input{number}", query)
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.csv"
        how = [f"--INPUT_QUERY={query}", f"--INPUT_GEOMETRY_TYPE={NO_GEOMETRY}"]
        command = [qgis, "run", "qgis:executesql", *sources, *how, f"--OUTPUT={answer}"]
        subprocess.run(command, check=True, capture_output=True)
        with answer.open(encoding="utf-8", newline="") as file:
            return float(next(csv.DictReader(file))["m2"])


if __name__ == "__main__":
    sys.exit(main())
