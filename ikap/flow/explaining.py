"""One finding explained from its results: rule, area, pieces, data, and how to redo the figure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikap.errors import InputError
from ikap.facts import FactSpec
from ikap.facts.plans import CONCERNS
from ikap.flow.again import Pieces, changed_files, changed_plan, parameters_of, pieces_of
from ikap.flow.by_hand import Asked, recipe
from ikap.flow.discovery import Registry, discover
from ikap.flow.progress import quiet
from ikap.flow.reading import Reader
from ikap.model import Reason, Status
from ikap.results import Results, Wanted, area_of, find_finding, records
from ikap.workspace import Workspace

__all__ = ["explain"]

SAME_M2 = 0.01
"""Pieces that add up to the finding's figure within this are those that it was made of."""
OUTSIDE_M2 = 1e-3
PLACES = ("municipality",)


def explain(
    workspace: Workspace,
    finding: str = "",
    *,
    plan: str = "",
    area: str = "",
    check: str = "",
) -> dict[str, Any]:
    """Explain one finding: what the rule says, what the figure is made of, and how to redo it.

    Parameters
    ----------
    workspace : Workspace
        With results; its files are read again only to list the pieces.
    finding : str
        The finding's id, as in `findings.csv`, on the pages and in `results.gpkg`; or an area's
        key, id in the plan file or name.
    plan, area, check : str
        Instead of an id, or to tell several findings apart.

    Returns
    -------
    dict
        Plain values, areas in m² in the region's CRS. `pieces` is empty with the reason in
        `not_listed` where nothing was measured, or where a file has changed since.

    Raises
    ------
    InputError
        `results.missing`, `finding.unknown` (with the nearest id), `finding.several`,
        `finding.plan`.
    """
    folder = workspace.output / "resultater"
    there = sorted(path.parent for path in folder.glob("*/run.json"))
    if not there:
        raise InputError("results.missing", file=str(folder))
    wanted = Wanted(finding, plan, area, check)
    if not (finding or area):
        raise InputError("option.needs_finding")
    results, row = find_finding({path.name: path for path in there}, wanted)
    return _explained(workspace, results, row)


def _explained(workspace: Workspace, results: Results, row: dict[str, Any]) -> dict[str, Any]:
    registry = discover(workspace)
    reader = Reader(workspace, registry, quiet)
    zone = area_of(results, str(row["zone_key"]))
    shape = zone.pop("geometry", None)
    made = _made_of(reader, results, row, shape)
    told = {
        "finding_id": row["finding_id"],
        "finding": row,
        "facts": json.loads(row["facts_json"]),
        "rule": _rule(registry, results, row, made.pop("method", ())),
        "area": {**zone, "plan": dict(results.run["plan"]["title"]), "plan_id": row["plan"]},
        "municipalities": _places(results, shape),
        **made,
        "plan_changed": [vars(one) for one in changed_plan(reader, results)],
        "data": _data(results, registry, row),
        "quality": _noticed(results, zone, made["pieces"]),
        "provisions": _provisions(results, shape),
        "as_of": results.run["as_of"],
        "as_of_origin": results.run["as_of_origin"],
        "run": {"started": results.run.get("started"), **results.run["toolkit"]},
        "crs": results.run["region"]["crs"],
        "constructed": results.run["region"]["constructed"],
    }
    plain: dict[str, Any] = _plain(told)
    return plain


# --- the rule -----------------------------------------------------------------------------------


def _rule(
    registry: Registry, results: Results, row: Mapping[str, Any], method: Iterable[str]
) -> dict[str, Any]:
    """What the check says, what it rests on, and the values that were in force."""
    run, name = results.run, str(row["check"])
    own: dict[str, Any] = next((c for c in run["checks"] if c["name"] == name), {})
    goal: dict[str, Any] = next((g for g in run["goals"] if g["number"] == row["goal"]), {})
    check = registry.checks.get(name)
    limits = [*own.get("parameters", {})]
    values = {p["name"]: p for p in run["parameters"]}
    asked = [(limit, "limit") for limit in limits]
    asked += [(one, "method") for one in method if one not in limits]
    return {
        "check": name,
        "title": dict(own.get("title", {})),
        "question": {n: t.get("question", "") for n, t in check.texts.items()} if check else {},
        "goal": goal,
        "legal": list(own.get("legal", ())),
        "parameters": [
            {"role": role, **(values.get(one) or {"name": one, "value": None})}
            for one, role in asked
        ],
    }


# --- the pieces ---------------------------------------------------------------------------------


def _made_of(
    reader: Reader, results: Results, row: Mapping[str, Any], shape: shapely.Geometry | None
) -> dict[str, Any]:
    """Pieces of the figure and the recipe for it, or why they are not told."""
    nothing: dict[str, Any] = {"pieces": [], "changed": [], "sum_m2": None, "by_hand": None}
    spec, classes = _counted(reader.registry, row)
    if spec is None or row["status"] == Status.NOT_APPLICABLE:
        why = "not_applicable" if spec else "no_list"
        check = reader.registry.checks.get(str(row["check"]))
        why = "line" if check and check.subject == "lines" else why
        return {**nothing, "not_listed": why}
    nothing["method"] = spec.parameters
    if shape is None or shapely.is_empty(shape) or math.isnan(row["measured"]):
        no_rule = row["reason"] in (Reason.NO_PARAMETER, Reason.NO_DATE)
        return {**nothing, "not_listed": "no_rule" if no_rule else "not_measured"}
    changed = changed_files(reader, results, (*spec.uses, *PLACES))
    if changed:
        return {**nothing, "not_listed": "changed", "changed": [vars(one) for one in changed]}
    answered = tuple(sorted(set(re.split(r"\+|, ", str(row["layer"])))))
    if CONCERNS in spec.uses and results.run["plan"]["layer"] in answered:
        return {**nothing, "not_listed": "own_zones"}
    found = pieces_of(reader, results, spec, str(row["zone_key"]), classes)
    total = None if spec.by_hand == "way" else _total(found)
    if total is not None and abs(total - row["measured"]) > SAME_M2:
        return {**nothing, "not_listed": "differs", "sum_m2": total}
    asked = Asked(
        spec,
        str(row["zone_key"]),
        classes,
        answered,
        found,
        parameters_of(results),
        _paths(reader.workspace, results),
    )
    listed = records(found.table)
    return {
        **nothing,
        "not_listed": "",
        "pieces": listed,
        "sum_m2": total,
        "outside_m2": found.outside_m2 if found.outside_m2 > OUTSIDE_M2 else 0.0,
        "by_hand": recipe(reader, asked) | {"at": _middle(listed, row) if total is None else None},
    }


def _paths(workspace: Workspace, results: Results) -> dict[str, str]:
    """Where the files are, from the workspace on; the results themselves under no name."""
    paths = dict(zip(results.provenance["layer"], results.provenance["path"], strict=True))
    folder = results.folder
    assert folder is not None
    inside = folder.is_relative_to(workspace.root)
    own = folder.relative_to(workspace.root).as_posix() if inside else folder.name
    return {"": f"{own}/results.gpkg", **paths}


def _counted(registry: Registry, row: Mapping[str, Any]) -> tuple[FactSpec | None, tuple[str, ...]]:
    """Fact and classes that the figure is the sum of; the first distance where it is none."""
    facts = json.loads(row["facts_json"])
    counted = facts.get("counted")
    if counted:
        return registry.facts.get(counted["fact"]), tuple(counted["classes"])
    check = registry.checks.get(str(row["check"]))
    needs = [registry.facts[name] for name in check.needs] if check else []
    return next((spec for spec in needs if spec.sampled), None), ()


def _total(found: Pieces) -> float:
    """Sum of the pieces, ground in several of them counted once, m²."""
    if not len(found.table):
        return 0.0
    return float((found.table["area_m2"] - found.table["overlap_m2"]).sum())


def _middle(listed: list[dict[str, Any]], row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The sample point whose way is the finding's figure."""
    far = [one for one in listed if not math.isnan(one["distance_m"])]
    if not far:
        return None
    return min(far, key=lambda one: abs(one["distance_m"] - row["measured"]))


# --- what it rests on ---------------------------------------------------------------------------


def _places(results: Results, shape: shapely.Geometry | None) -> list[dict[str, Any]]:
    """Municipalities that the area lies in, with its ground in each, m²."""
    places = results.geodata("municipalities")
    if places is None or shape is None:
        return []
    places = places[places["role"] == "member"]
    area = shapely.area(shapely.intersection(np.asarray(places.geometry.values), shape))
    rows = zip(places["kommunenummer"], places["navn"], area, strict=True)
    return [{"number": n, "name": name, "area_m2": m2} for n, name, m2 in rows if m2 > OUTSIDE_M2]


def _data(results: Results, registry: Registry, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Data sets that the finding rests on: the plan, what the facts use, and the borders."""
    check = registry.checks.get(str(row["check"]))
    needs = check.needs if check else ()
    kinds = {use for name in needs for use in registry.facts[name].uses} | set(PLACES)
    layers = {one["name"]: one for one in results.run["layers"]}
    plan = results.run["plan"]
    own = {plan["layer"], *plan["made_of"]}
    named = set(re.split(r"\+|, ", str(row["layer"])))
    found = []
    for made in records(results.provenance):
        layer = layers.get(made["layer"], {})
        if made["layer"] in own | named or made["kind"] in kinds:
            found.append({**made, "title": layer.get("title", {}), "note": layer.get("note", {})})
    return found


def _noticed(
    results: Results, zone: Mapping[str, Any], pieces: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What was mended, or told, of the area and of the features that its pieces are of."""
    asked = {(str(zone.get("source_layer")), str(zone.get("source_id")))}
    asked |= {(str(p["layer"]), str(p["source_id"])) for p in pieces if "source_id" in p}
    found = []
    for row in records(results.quality):
        ids = re.split(r",\s*|–", str(row["source_id"]))
        if any((str(row["layer"]), one) in asked for one in (str(row["source_id"]), *ids)):
            found.append(row)
    return found


def _provisions(results: Results, shape: shapely.Geometry | None) -> list[dict[str, Any]]:
    """Zones of the plan that lie on the area, and whose provisions were not read."""
    zones = results.geodata("plan_zones")
    if zones is None or shape is None or shapely.is_empty(shape):
        return []
    there = zones[zones.geometry.notna()]
    inside = shapely.area(shapely.intersection(np.asarray(there.geometry.values), shape))
    kept = gpd.GeoDataFrame(there[inside > 0]).assign(inside_m2=inside[inside > 0])
    names = ["objtype", "label", "source_id", "inside_m2"]
    return records(pd.DataFrame(kept)[names])


def _plain(value: Any) -> Any:  # noqa: ANN401 (anything that JSON has)
    """Values that JSON has; what is not a number is null."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)
