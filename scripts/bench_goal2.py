"""How long all of goal 2 takes for a large region, beside the bare area statement; gates on a bar.

python scripts/bench_goal2.py [--region DIR] [--work DIR] [--size bench|small] [--runs 3]
    [--intervals] [--json]

Eksempelregionen is built into the cache folder if it is not there, with 240,000 land polygons and
4,000 planned areas. Each side is what a planner meets in a second run: layers come certified from
the cache, the plan is read, certified and split at municipal borders, and everything is measured by
the toolkit's own functions, in one process. In one turn each side runs once, one after the other.

- *bare*: the plan's areas by land class (`farmland_by_class`) and the statement's table.
- *intervals*, if asked for: the same with the 95 % intervals that `ikap statement` shows, LNF
  included.
- *goal 2*: all that the checks of goal 2 need, the land classes too, with intervals; the verdicts
  of all its checks; and its figures by municipality that come from the plan.

No side draws anything or writes results. Exit code 1 if goal 2 takes more than 1.5 times the bare
side.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import _area_routes as routes
import _goal2_region as regions
from _disk_routes import cache_at

import ikap
from ikap.accounts import AccountInputs, statement
from ikap.checks import national_parameters, parameters_on, run_check
from ikap.facts.variance_table import merge_variances, to_deviations
from ikap.flow.discovery import Registry, discover
from ikap.flow.measuring import Measured, measure_plan
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader, ground
from ikap.measure.cache_root import cache_root
from ikap.model import Parameters
from ikap.workspace import Workspace, parameter_history

LAND, PLAN, DAY = "farmland_by_class", "forslag", date(2026, 6, 1)
SURE = ("farmland_accuracy", "open_land_accuracy")
BAR = 1.5
BARE, INTERVALS, GOAL2 = "bart arealregnskap", "arealregnskap med intervaller", "hele mål 2"


def told(text: str) -> None:
    """Tell how far the benchmark has come, beside the result."""
    print(text, file=sys.stderr, flush=True)


def needed(registry: Registry) -> set[str]:
    """Facts that goal 2 needs of the plan's areas, and how sure they are."""
    found = {fact for check in registry.checks.values() if check.goal == 2 for fact in check.needs}
    for account in registry.accounts.values():
        if account.spec.goal == 2 and not account.spec.ground:
            found |= set(account.spec.needs)
    found = {name for name in found if not registry.facts[name].of_lines}
    return found | {registry.facts[name].accuracy for name in found} - {""}


def measured(
    workspace: Workspace, registry: Registry, facts: set[str]
) -> tuple[Measured, Parameters]:
    """Some facts of the plan, from its file and the layers in the cache."""
    chosen = {name: spec for name, spec in registry.facts.items() if name in facts}
    asked = dataclasses.replace(
        registry, facts=chosen, measurers={name: registry.measurers[name] for name in chosen}
    )
    reader = Reader(workspace, asked, quiet)
    places = ground(reader)
    plan = next(p for p in workspace.plans() if p.plan and p.plan.id == PLAN)
    loaded = reader.layer(plan)
    assert loaded is not None
    history = parameter_history(workspace.parameters, national_parameters())
    parameters = parameters_on(DAY, history)
    uses = {use for spec in chosen.values() for use in spec.uses}
    layers = {
        use: tuple(made for name in names if (made := reader.certified(workspace.layers[name])))
        for use, names in workspace.use.items()
        if use in uses
    }
    found = measure_plan(
        loaded.canonical.frame,
        plan,
        places,
        layers=layers,
        registry=asked,
        parameters=parameters,
        drawn=False,
    )
    return found, parameters


def bare(workspace: Workspace, registry: Registry) -> Measured:
    """Areas by land class, as the statement's table."""
    found, _ = measured(workspace, registry, {LAND})
    statement(found.zones, found.tables[LAND], once=found.once[LAND])
    return found


def with_intervals(workspace: Workspace, registry: Registry) -> Measured:
    """The same with the intervals that `ikap statement` shows."""
    found, _ = measured(workspace, registry, {LAND, *SURE})
    sure, once = (merge_variances(t[n] for n in SURE) for t in (found.tables, found.once))
    deviations = to_deviations(sure, len(found.zones))
    statement(found.zones, found.tables[LAND], deviations, once, once=found.once[LAND])
    return found


def goal_2(workspace: Workspace, registry: Registry) -> Measured:
    """Every verdict of goal 2, and its figures that come from the plan's areas."""
    found, parameters = measured(workspace, registry, needed(registry))
    for check in registry.checks.values():
        if check.goal == 2 and check.subject == "areas":
            run_check(check, found.zones, found.facts, parameters, DAY)
    numbers = workspace.region.numbers
    inputs = AccountInputs(
        plan=PLAN,
        zones=found.zones,
        tables=found.once,
        ground={},
        municipalities=numbers,
        planned=frozenset(numbers),
        parameters=parameters,
        statistics={},
        covered={},
        places=workspace.region.places,
    )
    for account in registry.accounts.values():
        if account.spec.goal == 2 and not account.spec.ground:
            account.function(inputs)
    return found


def main() -> int:
    """Run all sides in turn, print the medians and the ratios, and say whether the bar was held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--region", type=Path, help="built region; made if it is not there")
    parser.add_argument("--work", type=Path, help="folder for the workspace and its cache")
    parser.add_argument("--size", choices=("bench", "small"), default="bench")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--intervals", action="store_true", help="the statement as shown too")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    region = arguments.region or cache_root() / "bench" / f"region_{arguments.size}"
    work = arguments.work or cache_root() / "bench" / f"goal2_{arguments.size}"
    folder = regions.prepared(region, work, arguments.size, told)
    workspace = ikap.open_workspace(folder)
    registry = discover(workspace)
    sides: dict[str, Callable[[Workspace, Registry], Measured]]
    sides = {BARE: bare, GOAL2: goal_2}
    sides |= {INTERVALS: with_intervals} if arguments.intervals else {}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    processor: dict[str, list[float]] = {name: [] for name in sides}
    with cache_at(work / "mellomlager"):
        told("første kontakt: sertifikater og maskinkode lages før klokka går")
        counts = {name: len(side(workspace, registry).zones) for name, side in sides.items()}
        for _ in range(arguments.runs):
            for name, side in sides.items():
                began, worked = time.perf_counter(), time.process_time()
                side(workspace, registry)
                seconds[name].append(time.perf_counter() - began)
                processor[name].append(time.process_time() - worked)
                told(f"  {name}: {seconds[name][-1]:.2f} s")
    return _told(arguments, seconds, processor, counts[GOAL2])


def _told(
    arguments: argparse.Namespace,
    seconds: dict[str, list[float]],
    processor: dict[str, list[float]],
    zones: int,
) -> int:
    """Print the result; 1 if the bar was missed."""
    median = {name: statistics.median(runs) for name, runs in seconds.items()}
    ratio = median[GOAL2] / median[BARE]
    result = {
        "processor": routes.processor(),
        "load": routes.load(),
        "size": arguments.size,
        "zones": zones,
        "seconds": seconds,
        "processor_seconds": processor,
        "median_s": median,
        "ratios": {f"{name} / {BARE}": value / median[BARE] for name, value in median.items()},
        "bars": [{"name": "goal 2 / bare", "ratio": ratio, "limit": BAR, "held": ratio <= BAR}],
    }
    if arguments.json:
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return 0 if ratio <= BAR else 1
    print(f"{routes.processor()}, last {routes.load()}; {zones} områder")
    for name, value in median.items():
        worked = statistics.median(processor[name])
        print(f"{name:32} {value:8.2f} s {value / median[BARE]:6.2f}  (prosessor {worked:.2f} s)")
    print(f"mål 2 / bart: {ratio:.2f} ≤ {BAR}: {'holdt' if ratio <= BAR else 'IKKE holdt'}")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
