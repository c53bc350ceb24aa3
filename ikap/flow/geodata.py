"""Layers of `results.gpkg`, for maps and QGIS; what may not be passed on is left out or marked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ikap.facts import PlacedZones
from ikap.facts.land import LandPieces
from ikap.flow.reading import Reader
from ikap.kinds.codes import code_list
from ikap.model import LayerDeclaration, Zones

__all__ = ["map_layers"]

FARMLAND = ("21", "22", "23", "20")
MARKS = ("stops", "centres", "services", "hazards", "commercial")
ZONE_COLUMNS = {
    "zone_key": "zone_key",
    "source_layer": "source_layer",
    "source_id": "source_id",
    "name": "områdenavn",
    "purpose": "arealformål",
    "use_status": "arealbruksstatus",
    "development": "development",
    "unsettled": "unsettled",
}
OLD_PURPOSES = ("arealbruk", "reguleringsformål")
"""Codes of older law that the purpose was translated from."""


def map_layers(
    reader: Reader,
    plan: LayerDeclaration,
    frame: gpd.GeoDataFrame,
    placed: PlacedZones,
    pieces: Iterable[LandPieces],
    *,
    lines: Zones | None = None,
) -> dict[str, gpd.GeoDataFrame]:
    """Layers of `results.gpkg`; what may not be published is marked or left out here."""
    crs = reader.workspace.region.crs
    found = {
        "municipalities": _municipalities(reader, crs),
        "context": _context(reader, crs),
        "farmland": _farmland(reader, crs),
        "marks": _marks(reader, crs),
        "zones": _zones(frame, placed),
        "pieces": _pieces(frame, pieces, reader, crs),
        **_beside_areas(reader, plan, lines),
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
    kept = [frame[name].fillna("").astype(str) for name in OLD_PURPOSES if name in frame]
    zones["old_purpose"] = sum(kept[1:], kept[0]) if kept else ""
    return zones.reset_index(drop=True)


def _beside_areas(
    reader: Reader, plan: LayerDeclaration, keyed: Zones | None
) -> dict[str, gpd.GeoDataFrame]:
    """Transport lines of the plan, and the zones on top of its areas that decide nothing."""
    loaded = reader.layer(plan)
    lines = loaded.canonical.lines if loaded else None
    zones = loaded.canonical.zones_shown if loaded else None
    found = {}
    if lines is not None:
        kept = lines[["source_layer", "source_id", "length_m", "geometry"]]
        purpose = lines["arealformål"].fillna("").astype(str)
        found["plan_lines"] = kept.assign(
            name=lines["områdenavn"].fillna("").astype(str),
            purpose=purpose,
            purpose_name=_purpose_names(lines, purpose),
            use_status=lines["arealbruksstatus"].fillna(0).astype("int64"),
            theme="line",
        )
        if keyed is not None:
            found["plan_lines"]["zone_key"] = keyed.keys
            found["plan_lines"]["municipality"] = keyed.municipality
    if zones is not None:
        label = zones[["kode", "navn"]].fillna("").agg(" ".join, axis=1).str.strip()
        kept = zones[["source_layer", "source_id", "objtype", "theme", "area_m2", "geometry"]]
        found["plan_zones"] = kept.assign(label=label.astype(object))
    return found


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
    reader: Reader,
    crs: str,
) -> gpd.GeoDataFrame:
    layers = reader.workspace.layers
    keys = frame["zone_key"].to_numpy()
    tables = [
        gpd.GeoDataFrame(
            {
                "zone_key": keys[p.zone],
                "class": p.classes,
                "source_layer": p.layer,
                "source_id": p.ids,
                "area_m2": shapely.area(p.geometry),
                "accuracy_cm": _accuracy(p, reader),
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


def _accuracy(pieces: LandPieces, reader: Reader) -> np.ndarray[Any, Any]:
    """Accuracy that the layer states for each piece's polygon, in cm; NaN where it is silent."""
    loaded = reader.layer(reader.workspace.layers[str(pieces.layer[0])])
    if loaded is None or "nøyaktighet" not in loaded.canonical.frame:
        return np.full(len(pieces.ids), np.nan)
    frame = loaded.canonical.frame
    stated = dict(zip(frame["source_id"], frame["nøyaktighet"].astype("float64"), strict=True))
    return np.array([stated.get(own, np.nan) for own in pieces.ids], dtype=np.float64)


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


def _marks(reader: Reader, crs: str) -> gpd.GeoDataFrame:
    """What rules measure to or against: stops, centres, services, hazards, commercial land."""
    tables = []
    for declaration in reader.workspace.layers.values():
        wanted = declaration.kind in MARKS and declaration.redistribute
        loaded = reader.layer(declaration) if wanted else None
        if loaded is None or not isinstance(loaded.canonical.frame, gpd.GeoDataFrame):
            continue
        shapes = loaded.canonical.frame.geometry
        frame = loaded.canonical.frame[shapes.notna() & ~shapes.is_empty]
        label = frame["navn"].fillna("").astype(str) if "navn" in frame else ""
        made = gpd.GeoDataFrame(geometry=frame.geometry, crs=crs)
        made = made.assign(theme=declaration.kind, label=label, source_layer=declaration.name)
        tables.append(made)
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
