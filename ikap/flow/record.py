"""What is written beside the tables: geometry for maps and QGIS, provenance, `run.json`."""

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
from ikap.facts import PlacedZones
from ikap.facts.land import LandPieces
from ikap.flow.reading import LoadedLayer, Reader
from ikap.kinds.codes import code_list
from ikap.model import Indicator, LayerDeclaration, Municipality, Parameters, QualityRow, Region
from ikap.results import EMPTY
from ikap.texts import Catalogue

__all__ = ["indicator_table", "map_layers", "provenance_table", "quality_table", "run_record"]

FARMLAND = ("21", "22", "23", "20")
ZONE_COLUMNS = {
    "zone_key": "zone_key",
    "source_layer": "source_layer",
    "source_id": "source_id",
    "name": "områdenavn",
    "purpose": "arealformål",
    "use_status": "arealbruksstatus",
    "development": "development",
}


def map_layers(
    reader: Reader,
    frame: gpd.GeoDataFrame,
    placed: PlacedZones,
    pieces: Iterable[LandPieces],
) -> dict[str, gpd.GeoDataFrame]:
    """Layers of `results.gpkg`; what may not be published is marked or left out here."""
    crs = reader.workspace.region.crs
    found = {
        "municipalities": _municipalities(reader, crs),
        "context": _context(reader, crs),
        "farmland": _farmland(reader, crs),
        "zones": _zones(frame, placed),
        "pieces": _pieces(frame, pieces, reader.workspace.layers, crs),
    }
    return {name: layer for name, layer in found.items() if len(layer)}


def _zones(frame: gpd.GeoDataFrame, placed: PlacedZones) -> gpd.GeoDataFrame:
    columns = {new: frame[old] for new, old in ZONE_COLUMNS.items() if old in frame}
    zones = gpd.GeoDataFrame(columns, geometry=frame.geometry, crs=frame.crs)
    zones["municipality"] = placed.main_municipality(len(frame))
    zones["area_m2"] = shapely.area(np.asarray(frame.geometry.values, dtype=object))
    for name in ("name", "purpose"):
        zones[name] = zones[name].fillna("").astype(str) if name in zones else ""
    zones["purpose_name"] = _purpose_names(frame, zones["purpose"])
    return zones.reset_index(drop=True)


def _purpose_names(frame: gpd.GeoDataFrame, purposes: pd.Series) -> list[str]:
    """Norwegian name of each purpose code, by the list of its plan level (kp or rp)."""
    levels = frame["plan_level"] if "plan_level" in frame else ["kp"] * len(frame)
    found = (
        code_list(f"{level}_arealformal").find(code)
        for level, code in zip(levels, purposes, strict=True)
    )
    return [code.name_nb if code else "" for code in found]


def _pieces(
    frame: gpd.GeoDataFrame,
    pieces: Iterable[LandPieces],
    layers: Mapping[str, LayerDeclaration],
    crs: str,
) -> gpd.GeoDataFrame:
    keys = frame["zone_key"].to_numpy()
    tables = [
        gpd.GeoDataFrame(
            {
                "zone_key": keys[p.zone],
                "class": p.classes,
                "source_layer": p.layer,
                "source_id": p.ids,
                "area_m2": shapely.area(p.geometry),
                "redistribute": [layers[str(name)].redistribute for name in p.layer],
            },
            geometry=_polygons_only(p.geometry),
            crs=crs,
        )
        for p in pieces
        if len(p.zone)
    ]
    if not tables:
        return gpd.GeoDataFrame({"zone_key": []}, geometry=[], crs=crs)
    joined = pd.concat(tables, ignore_index=True)
    ordered = joined.sort_values(["zone_key", "class", "source_layer", "source_id"], kind="stable")
    return gpd.GeoDataFrame(ordered.reset_index(drop=True), geometry="geometry", crs=crs)


def _polygons_only(geometry: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Leave out the lines and points that an intersection may bring; they have no area."""
    parts, index = shapely.get_parts(geometry, return_index=True)
    flat = np.isin(shapely.get_type_id(parts), [3])
    return np.asarray(
        shapely.multipolygons(parts[flat], indices=index[flat], out=np.empty(len(geometry), object))
    )


def _municipalities(reader: Reader, crs: str) -> gpd.GeoDataFrame:
    region = reader.workspace.region
    role = dict.fromkeys((n.number for n in region.neighbours), "neighbour")
    role |= dict.fromkeys(region.numbers, "member")
    names = {m.number: m.name for m in (*region.neighbours, *region.municipalities)}
    for layer in reader.workspace.use.get("municipality", ()):
        loaded = reader.layer(reader.workspace.layers[layer])
        if loaded is None:
            continue
        frame = loaded.canonical.frame
        frame = frame[frame["kommunenummer"].isin(list(role))]
        numbers = frame["kommunenummer"].astype(str)
        table = gpd.GeoDataFrame(
            {"kommunenummer": numbers, "navn": numbers.map(names), "role": numbers.map(role)},
            geometry=frame.geometry,
            crs=frame.crs,
        )
        return table.sort_values("kommunenummer").reset_index(drop=True)
    return gpd.GeoDataFrame({"kommunenummer": []}, geometry=[], crs=crs)


def _context(reader: Reader, crs: str) -> gpd.GeoDataFrame:
    tables = []
    for declaration in reader.workspace.of_kind("context"):
        loaded = reader.layer(declaration) if declaration.redistribute else None
        if loaded is not None:
            tables.append(loaded.canonical.frame[["theme", "label", "geometry"]])
    if not tables:
        return gpd.GeoDataFrame({"theme": []}, geometry=[], crs=crs)
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), geometry="geometry", crs=crs)


def _farmland(reader: Reader, crs: str) -> gpd.GeoDataFrame:
    """Farmland for drawing, from layers that may be redistributed."""
    tables = []
    for layer in reader.used().get("farmland", ()):
        if not layer.declaration.redistribute:
            continue
        keep = np.isin(layer.classes, FARMLAND) & ~shapely.is_empty(layer.polygons)
        tables.append(
            gpd.GeoDataFrame(
                {"class": layer.classes[keep], "source_layer": layer.name},
                geometry=layer.polygons[keep],
                crs=crs,
            )
        )
    if not tables:
        return gpd.GeoDataFrame({"class": []}, geometry=[], crs=crs)
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), geometry="geometry", crs=crs)


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
) -> dict[str, Any]:
    """Everything that `run.json` tells: plan, rules, values, layers and files with checksums."""
    workspace, root = reader.workspace, str(reader.workspace.root)
    loaded = reader.read_for(declaration)
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
            "missing": missing,
            "how": dict(declaration.note),
        },
        "as_of": _iso(as_of) or None,
        "as_of_origin": origin,
        "region": _region(workspace.region),
        "goals": [{**vars(goal), "dated": _iso(goal.dated)} for goal in workspace.goals],
        "parameters": [
            {**vars(p), "valid_from": _iso(p.valid_from), "status": str(p.status)}
            for p in parameters.values()
        ],
        "checks": [
            {
                "name": name,
                "goal": check.goal,
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
            for layer in {**workspace.layers, declaration.name: declaration}.values()
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
        "places": [vars(place) for place in region.places],
        "basemap": dict(region.basemap),
        "links": dict(region.links),
    }


def _layer(layer: LayerDeclaration, loaded: LoadedLayer | None, root: str) -> dict[str, Any]:
    return {
        "name": layer.name,
        "kind": layer.kind,
        "title": dict(layer.title),
        "owner": layer.owner,
        "licence": layer.licence,
        "attribution": layer.attribution,
        "redistribute": layer.redistribute,
        "constructed": layer.constructed,
        "metadata": layer.metadata,
        "dated": _iso(layer.dated),
        "note": dict(layer.note),
        "present": loaded is not None,
        "path": _relative(loaded.path, root) if loaded else str(layer.source.get("path", "")),
        "sha256": loaded.sha256 if loaded else "",
        "size": loaded.size if loaded else 0,
    }


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
