"""Hold every figure of goal 2 against an independent count in SQL, for a whole constructed region.

python scripts/check_goal2_sql.py [--size small|demo|bench] [--region DIR] [--plans gjeldende ...]

The region is built into the folder if it is not there. Each plan is checked by ikap and counted by
DuckDB spatial from the same files (`_goal2_sql.py`); figures of every area agree to 0.01 m². Needs
`pip install 'ikap[bench]'`. Exit code 1 if a figure differs, or an area has not one
verdict by each check.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

import _goal2_sql as by_sql

import ikap
from ikap.example import build
from ikap.measure.cache_root import cache_root

SIZES = ("small", "demo", "bench")
PLANS = ("gjeldende", "forslag", "alternativ")
MOST = 20


def checked(region: Path, plan: str) -> int:
    """Print how one plan came out; the number of figures and verdicts that are wrong."""
    began = time.perf_counter()
    base = by_sql.filled(region, plan)
    theirs, areas = by_sql.figures(base), by_sql.areas(base)
    counted = time.perf_counter()
    found = ikap.check(ikap.open_workspace(region), plan).findings
    mine = by_sql.told(found[found["goal"] == 2])
    wrong = by_sql.apart(mine, theirs)
    verdicts = by_sql.verdicts_apart(found[found["goal"] == 2], areas)
    kinds = Counter(figure for _, figure, _ in theirs)
    print(f"{plan}: {len(areas)} områder, {len({*mine, *theirs})} tall, {len(wrong)} avvik")
    print("  " + ", ".join(f"{name} {count}" for name, count in sorted(kinds.items())))
    print(f"  SQL {counted - began:.1f} s, ikap {time.perf_counter() - counted:.1f} s")
    for key, pair in sorted(wrong.items())[:MOST]:
        print(f"  {key}: ikap {pair[0]:.3f} m², SQL {pair[1]:.3f} m²")
    for line in verdicts[:MOST]:
        print(f"  {line}")
    return len(wrong) + len(verdicts)


def main() -> int:
    """Read the command line, check each plan, and say whether all agreed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--size", choices=SIZES, default="demo")
    parser.add_argument("--region", type=Path, help="built region; made if it is not there")
    parser.add_argument("--plans", choices=PLANS, nargs="+", default=list(PLANS))
    arguments = parser.parse_args()
    region = arguments.region or cache_root() / "bench" / f"sql_{arguments.size}"
    if not (region / "layers").exists():
        print(f"bygger Eksempelregionen i {region}", file=sys.stderr)
        build(region, size=arguments.size)
    return 1 if sum(checked(region, plan) for plan in arguments.plans) else 0


if __name__ == "__main__":
    sys.exit(main())
