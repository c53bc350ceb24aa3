"""A file or layer described for the person who has to mend it; as plain data, without words."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame

from ikap.errors import InputError
from ikap.kinds.canonical import Canonical
from ikap.kinds.inspect_codes import codes_of
from ikap.kinds.inspect_facts import accuracy_of, age_of, file_date, ids_of
from ikap.kinds.inspect_mend import faults_of, mend_first, repairs_of, summed
from ikap.kinds.inspect_table import is_table, kind_of_table
from ikap.kinds.place import Extent, place_of
from ikap.kinds.recognise import Recognised, recognised
from ikap.kinds.topology import Limits, plan_faults, plan_file
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw, tables
from ikap.sources.crs import crs_name
from ikap.sources.files import path_of
from ikap.sources.names import find_name
from ikap.sources.survey import LayerSurvey, survey

__all__ = ["describe"]

AGES = ("older_than_kp", "older_unknown", "private_old", "private_unknown")


def describe(
    target: Path | str | LayerDeclaration,
    region: Region,
    *,
    extent: Extent | None = None,
    layer: str | None = None,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """All that can be said of a file or declared layer, faults included.

    Parameters
    ----------
    target : Path, str or LayerDeclaration
        A file, or a layer of the workspace.
    region : Region
        Its CRS and municipalities.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.
    layer : str, optional
        The one layer of the file that is wanted; all of them without it.
    limits : Limits, optional
        For faults of plans as maps; without them no faults are looked for.

    Returns
    -------
    dict
        Ready for JSON: `path`, `dated` (when the file was last changed), `faults` of the file as
        a whole, and `layers`. Each layer has `name`, `file` (in a zip), `count`, `geometry`,
        `invalid`, `crs`, `crs_known_by`, `bounds`, `place` (inside, partly, elsewhere or empty),
        `outside`, `columns`, `encoding`, `encoding_known_by`, `used_as`, `recognised_by`, `ids`,
        `accuracy`, `age`, `names`, `codes`, `unknown_codes`, `area_by_class_m2`, `repairs`,
        `quality`, `faults`, `topology` (faults of a plan as a map, count by rule) and `mend_first`.
    """
    declaration = target if isinstance(target, LayerDeclaration) else None
    as_table = is_table(target)
    if declaration is not None:
        path = tables.path_of(declaration) if as_table else path_of(declaration)
    else:
        path = Path(str(target)).absolute()
    head: dict[str, Any] = {"path": str(path), "dated": file_date(path), "layers": []}
    try:
        found = _table(path, declaration) if as_table else _files(path, declaration, layer)
    except InputError as error:
        return {**head, "faults": faults_of(error.faults)}
    layers = [_layer(seen, path, declaration, region, (extent, limits)) for seen in found]
    return {**head, "layers": layers, "faults": []}


def _table(path: Path, declaration: LayerDeclaration | None) -> Sequence[LayerSurvey]:
    raw = tables.read(declaration or _declaration(path, "", source="tables"))
    return [LayerSurvey(raw.layer, raw.file, raw, ())]


def _files(
    path: Path, declaration: LayerDeclaration | None, layer: str | None
) -> Sequence[LayerSurvey]:
    """The wanted layer, if the file has it; else all of them."""
    source = dict(declaration.source) if declaration else {}
    stated = {key: str(source[key]) for key in ("encoding", "crs") if source.get(key)}
    file = str(source["file"]) if source.get("file") else None
    name = declaration.name if declaration else ""
    found = survey(path, name=name, file=file, options=stated)
    wanted = layer or str(source.get("layer") or "")
    chosen = find_name(wanted, [seen.name for seen in found]) if wanted else None
    if layer is not None and chosen is None:
        there = ", ".join(seen.name for seen in found)
        raise InputError("file.layer_missing", file=str(path), name=layer, nearest="", there=there)
    return [seen for seen in found if chosen in (None, seen.name)]


def _layer(
    seen: LayerSurvey,
    path: Path,
    declaration: LayerDeclaration | None,
    region: Region,
    given: tuple[Extent | None, Limits | None],
) -> dict[str, Any]:
    answer = _empty(seen, declaration)
    extent, _ = given
    raw = seen.raw
    if raw is not None:
        answer |= _of_raw(raw)
        declared = declaration.columns if declaration else {}
        answer |= {
            "ids": ids_of(raw.frame, declared),
            "accuracy": accuracy_of(raw.frame, declared),
            "age": age_of(raw.frame, declared),
        }
        known = _known(seen, answer["columns"], declaration)
        answer |= {"used_as": known.kind, "recognised_by": {"by": known.by, "names": known.names}}
        if not seen.faults:
            answer["place"], answer["outside"] = place_of(raw.frame, region.crs, extent)
            if known.kind:
                whole = declaration or _declaration(path, known.kind)
                answer |= _canonical(known.kind, raw, _with_layer(whole, seen.name), region, given)
    answer["recognised_by"]["names"] = list(answer["recognised_by"]["names"])
    answer["repairs"] = repairs_of(answer["quality"])
    answer["mend_first"] = mend_first(answer["faults"], answer["quality"])
    return answer


def _empty(seen: LayerSurvey, declaration: LayerDeclaration | None) -> dict[str, Any]:
    """What is said of a layer that cannot be read."""
    return {
        "name": seen.name,
        "file": seen.file,
        "count": 0,
        "geometry": {},
        "invalid": 0,
        "crs": "",
        "crs_known_by": "",
        "bounds": [],
        "place": "",
        "outside": 0,
        "columns": [],
        "encoding": "",
        "encoding_known_by": "",
        "used_as": declaration.kind if declaration else "",
        "recognised_by": {"by": "", "names": ()},
        "ids": {},
        "accuracy": {},
        "age": [],
        "names": {},
        "codes": {},
        "unknown_codes": {},
        "area_by_class_m2": {},
        "quality": [],
        "faults": faults_of(seen.faults),
        "topology": {},
    }


def _known(
    seen: LayerSurvey, columns: Sequence[str], declaration: LayerDeclaration | None
) -> Recognised:
    if declaration is not None and declaration.kind:
        return Recognised(declaration.kind, "declared", (declaration.name,))
    table = kind_of_table(columns) if seen.raw is not None and not seen.raw.crs_known_by else None
    return table or recognised(seen.name, columns)


def _of_raw(raw: Raw) -> dict[str, Any]:
    """What a layer is before any kind has looked at it."""
    frame = raw.frame
    shapes = frame.geometry.to_numpy()
    bounds = [float(b) for b in shapely.total_bounds(shapes)]
    there = bool(np.isfinite(bounds).all())
    return {
        "count": len(frame),
        "geometry": _types(frame),
        "crs": crs_name(frame.crs) if frame.crs else "",
        "crs_known_by": raw.crs_known_by if frame.crs else "",
        "bounds": bounds if there else [],
        "columns": [str(c) for c in frame.columns if c != frame.geometry.name],
        "encoding": raw.letters,
        "encoding_known_by": raw.letters_known_by,
        "sha256": raw.sha256,
        "size": raw.size,
        "invalid": int((~shapely.is_missing(shapes) & ~shapely.is_valid(shapes)).sum()),
        "quality": summed(raw.quality),
    }


def _canonical(
    kind: str,
    raw: Raw,
    declaration: LayerDeclaration,
    region: Region,
    given: tuple[Extent | None, Limits | None],
) -> dict[str, Any]:
    """What the kind makes of the layer; a file that lies elsewhere is described all the same."""
    module = importlib.import_module(f"ikap.kinds.{kind}")
    extent, limits = given
    try:
        layer, faults = module.canonical(raw, declaration, region, extent=extent), []
    except InputError as error:
        faults = faults_of(error.faults)
        if any(not fault.key.startswith("place.") for fault in error.faults):
            return {"faults": faults}
        layer = module.canonical(raw, declaration, region)
    return {
        "names": dict(layer.names),
        **codes_of(layer),
        "quality": summed(layer.quality),
        "faults": faults,
        "topology": _topology(raw, layer, declaration, region, limits) if limits else {},
    }


def _topology(
    raw: Raw, layer: Canonical, declaration: LayerDeclaration, region: Region, limits: Limits
) -> dict[str, int]:
    """Faults of a plan as a map, counted by rule; a plan's age is no fault of its file."""
    if layer.kind != "zoning":
        return {}
    file = plan_file(raw, layer, declaration, region)
    found = Counter(fault.rule for fault in plan_faults(file, limits, crs=region.crs))
    return {rule: found[rule] for rule in sorted(found) if rule not in AGES}


def _declaration(path: Path, kind: str, *, source: str = "files") -> LayerDeclaration:
    """Declaration of a file that no TOML declares."""
    table = {"from": source, "path": str(path)}
    return LayerDeclaration(path.stem, kind, {}, "", "", table, path.parent)


def _with_layer(declaration: LayerDeclaration, layer: str) -> LayerDeclaration:
    return replace(declaration, source={**declaration.source, "layer": layer})


def _types(frame: GeoDataFrame) -> dict[str, int]:
    counts = frame.geom_type.fillna("").value_counts().sort_index()
    return {str(name): int(count) for name, count in counts.items() if name}
