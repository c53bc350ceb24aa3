"""What is written beside the geometry: indicators, quality, provenance and `run.json`."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import ikap
from ikap.flow.reading import LoadedLayer, Reader
from ikap.model import Indicator, LayerDeclaration, Municipality, Parameters, QualityRow, Region
from ikap.results import EMPTY
from ikap.texts import Catalogue

__all__ = ["indicator_table", "provenance_table", "quality_table", "run_record"]


def indicator_table(rows: Iterable[Indicator]) -> pd.DataFrame:
    """Table `indicators`."""
    found = [vars(row) for row in rows]
    return pd.DataFrame(found) if found else EMPTY["indicators"]


def quality_table(rows: Iterable[QualityRow]) -> pd.DataFrame:
    """Table `quality`, one row for each thing that was noticed."""
    found = [
        {
            "layer": row.layer,
            "source_id": row.source_id,
            "what": row.what,
            "amount": float(row.amount),
            "unit": row.unit,
            "facts_json": json.dumps(
                dict(row.facts), ensure_ascii=False, sort_keys=True, default=str
            ),
        }
        for row in rows
    ]
    return pd.DataFrame(found) if found else EMPTY["quality"]


def provenance_table(loaded: Mapping[str, LoadedLayer], root: str) -> pd.DataFrame:
    """Table `provenance`: every file that was read, with checksum, size, date and licence."""
    rows = [
        {
            "layer": name,
            "kind": layer.declaration.kind,
            "path": _relative(layer.path, root),
            "sha256": layer.sha256,
            "size": layer.size,
            "dated": _iso(layer.declaration.dated),
            "licence": layer.declaration.licence,
            "owner": layer.declaration.owner,
            "redistribute": layer.declaration.redistribute,
            "constructed": layer.declaration.constructed,
        }
        for name, layer in sorted(loaded.items())
    ]
    return pd.DataFrame(rows) if rows else EMPTY["provenance"]


def run_record(
    reader: Reader,
    declaration: LayerDeclaration,
    *,
    as_of: date | None,
    origin: str,
    parameters: Parameters,
    catalogues: Mapping[str, Catalogue],
    missing: bool,
    against: LayerDeclaration | None = None,
) -> dict[str, Any]:
    """Everything that `run.json` tells: plan, rules, values, layers and files with checksums."""
    workspace, root = reader.workspace, str(reader.workspace.root)
    plans = [declaration] if against is None else [declaration, against]
    loaded = {name: layer for plan in plans for name, layer in reader.read_for(plan).items()}
    assert declaration.plan is not None
    classes = [k.removeprefix("class.") for k in catalogues["nb"].words if k.startswith("class.")]
    return {
        "toolkit": {
            "name": "ikap",
            "version": ikap.__version__,
            "python": platform.python_version(),
        },
        "libraries": _versions(),
        "plan": {
            "id": declaration.plan.id,
            "title": dict(declaration.title),
            "role": declaration.plan.role,
            "compare_with": declaration.plan.compare_with,
            "made_of": list(declaration.made_of),
            "layer": declaration.name,
            "missing": missing,
            "how": _how(reader, declaration, catalogues),
        },
        "against": _other(against),
        "methods": [
            {
                "name": method.name,
                "followed": method.followed,
                "parameters": list(method.parameters),
                "kinds": list(method.kinds),
            }
            for method in reader.registry.methods.values()
        ],
        "as_of": _iso(as_of) or None,
        "as_of_origin": origin,
        "region": _region(workspace.region),
        "areas": {"measured_in": workspace.region.crs, "planar": True, "unit": "m2"},
        "goals": [{**vars(goal), "dated": _iso(goal.dated)} for goal in workspace.goals],
        "parameters": [
            {**vars(p), "valid_from": _iso(p.valid_from), "status": str(p.status)}
            for p in parameters.values()
        ],
        "checks": [
            {
                "name": name,
                "goal": check.goal,
                "subject": check.subject,
                "title": {
                    lang: words.say(f"check.{name}.title") for lang, words in catalogues.items()
                },
                "legal": list(check.legal),
                "parameters": dict(check.parameters),
            }
            for name, check in reader.registry.checks.items()
        ],
        "layers": [
            _layer(layer, loaded.get(layer.name), root)
            for layer in {**workspace.layers, **{plan.name: plan for plan in plans}}.values()
        ],
        "classes": {
            c: {lang: words.say(f"class.{c}") for lang, words in catalogues.items()}
            for c in classes
        },
        "inputs": [
            {"path": _relative(layer.path, root), "sha256": layer.sha256, "size": layer.size}
            for _, layer in sorted(loaded.items())
        ],
        "provisions_assessed": False,
    }


def _how(
    reader: Reader, plan: LayerDeclaration, catalogues: Mapping[str, Catalogue]
) -> dict[str, str]:
    """How to get the plan; of one that is interpreted from others which of them are missing."""
    layers = reader.workspace.layers
    missing = [name for name in plan.made_of if not reader.present(layers[name])]
    if not missing:
        return dict(plan.note)
    named = ", ".join(missing)
    return {n: words.say("run.parts_missing", layers=named) for n, words in catalogues.items()}


def _other(plan: LayerDeclaration | None) -> dict[str, Any] | None:
    """Plan that the statement compares with."""
    if plan is None or plan.plan is None:
        return None
    return {"id": plan.plan.id, "title": dict(plan.title), "role": plan.plan.role}


def _in_all(catalogues: Mapping[str, Catalogue], key: str) -> dict[str, str]:
    return {lang: words.say(key) for lang, words in catalogues.items()}


def _region(region: Region) -> dict[str, Any]:
    def short(units: Iterable[Municipality]) -> list[dict[str, str]]:
        return [{"number": m.number, "name": m.name} for m in sorted(units, key=lambda m: m.number)]

    return {
        "key": region.key,
        "name": dict(region.name),
        "crs": region.crs,
        "constructed": region.constructed,
        "municipalities": short(region.municipalities),
        "neighbours": short(region.neighbours),
        "history": [
            {
                "number": m.number,
                "name": m.name,
                "successor": list(m.successor),
                "weights": [{**vars(w), "status": str(w.status)} for w in m.weights],
            }
            for m in region.history
        ],
        "places": [vars(place) for place in region.places],
        "basemap": dict(region.basemap),
        "links": dict(region.links),
    }


def _layer(layer: LayerDeclaration, loaded: LoadedLayer | None, root: str) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind,
        "plan": layer.plan.id if layer.plan else "",
        "title": dict(layer.title),
        "owner": layer.owner,
        "licence": layer.licence,
        "attribution": layer.attribution,
        "redistribute": layer.redistribute,
        "constructed": layer.constructed,
        "metadata": layer.metadata,
        "dated": _iso(layer.dated),
        "note": dict(layer.note),
        "accuracy": _accuracy(layer),
        "present": loaded is not None,
        "path": _relative(loaded.path, root) if loaded else str(layer.source.get("path", "")),
        "sha256": loaded.sha256 if loaded else "",
        "size": loaded.size if loaded else 0,
    }


def _accuracy(layer: LayerDeclaration) -> dict[str, Any] | None:
    """Declared accuracy: for features that do not state their own."""
    if layer.accuracy is None:
        return None
    told = {"metres": layer.accuracy.metres, "methods": dict(layer.accuracy.methods)}
    return {**told, "source": layer.accuracy.source, "status": str(layer.accuracy.status)}


def _versions() -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "geopandas": gpd.__version__,
        "shapely": shapely.__version__,
        "GEOS": shapely.geos_version_string,
        "pandas": pd.__version__,
        "numpy": np.__version__,
    }


def _relative(path: str, root: str) -> str:
    """Path inside the workspace; a file elsewhere is named without its folders."""
    place = str(path)
    if place.startswith(root):
        return place[len(root) :].lstrip("/\\").replace("\\", "/")
    return place.replace("\\", "/").rsplit("/", 1)[-1]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
