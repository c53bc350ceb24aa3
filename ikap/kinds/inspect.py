"""A file or layer described for the person who has to mend it; as plain data, without words."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.errors import Fault, InputError
from ikap.kinds.canonical import Canonical
from ikap.kinds.codes import code_list
from ikap.kinds.inspect_table import describe_table, is_table
from ikap.kinds.place import Extent
from ikap.kinds.recognise import recognise
from ikap.model import LayerDeclaration, QualityRow, Region
from ikap.sources import Raw
from ikap.sources.crs import crs_name
from ikap.sources.files import path_of
from ikap.sources.names import find_name
from ikap.sources.survey import LayerSurvey, survey

__all__ = ["describe"]

CODES = {
    "zoning": ("arealformål", "arealbruksstatus", "planstatus", "development"),
    "landcover": ("arealtype",),
    "farmland": ("arealtype",),
    "context": ("theme",),
    "municipality": ("kommunenummer",),
}
LISTS = {
    "arealtype": "ar5_arealtype",
    "arealbruksstatus": "arealbruksstatus",
    "planstatus": "planstatus",
}
MEND_FIRST = (
    "geometry.not_finite",
    "geometry.missing",
    "geometry.empty",
    "geometry.no_area",
    "purpose.missing",
    "purpose.unknown",
    "use_status.missing",
    "use_status.unknown",
    "planstatus.missing",
    "class.missing",
    "class.unknown",
    "geometry.repaired",
    "geometry.duplicate",
    "id.duplicate",
    "id.missing",
    "id.none",
    "letters.lost",
    "letters.guessed",
    "value.unreadable",
    "place.partly_outside",
)
IDS = 10


def describe(
    target: Path | str | LayerDeclaration, region: Region, *, extent: Extent | None = None
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

    Returns
    -------
    dict
        Ready for JSON: `path`, `layers` (each with `name`, `count`, `geometry`, `crs`,
        `crs_known_by`, `bounds`, `columns`, `encoding`, `used_as`, `place` (inside, partly,
        elsewhere, or empty), `names`, `codes`, `area_by_class_m2`, `quality`, `faults`,
        `mend_first`) and `faults` of the file as a whole.
    """
    if is_table(target):
        return describe_table(target, region)
    if isinstance(target, LayerDeclaration):
        path, declaration = path_of(target), target
    else:
        path, declaration = Path(target).absolute(), None
    head: dict[str, Any] = {"path": str(path), "layers": [], "faults": []}
    source = dict(declaration.source) if declaration else {}
    stated = {key: str(source[key]) for key in ("encoding", "crs") if source.get(key)}
    file = str(source["file"]) if source.get("file") else None
    try:
        name = declaration.name if declaration else ""
        found = survey(path, name=name, file=file, options=stated)
    except InputError as error:
        return {**head, "faults": _faults(error.faults)}
    chosen = _chosen(found, declaration)
    return {**head, "layers": [_layer(s, path, declaration, region, extent) for s in chosen]}


def _chosen(
    found: Sequence[LayerSurvey], declaration: LayerDeclaration | None
) -> Sequence[LayerSurvey]:
    """The declared layer, if the file has it; else all of them."""
    wanted = str(declaration.source.get("layer") or "") if declaration else ""
    name = find_name(wanted, [s.name for s in found]) if wanted else None
    return [s for s in found if name in (None, s.name)]


def _layer(
    seen: LayerSurvey,
    path: Path,
    declaration: LayerDeclaration | None,
    region: Region,
    extent: Extent | None,
) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "name": seen.name,
        "file": seen.file,
        "count": 0,
        "geometry": {},
        "crs": "",
        "crs_known_by": "",
        "bounds": [],
        "columns": [],
        "encoding": "",
        "encoding_known_by": "",
        "used_as": declaration.kind if declaration else "",
        "place": "",
        "names": {},
        "codes": {},
        "area_by_class_m2": {},
        "quality": [],
        "faults": _faults(seen.faults),
        "mend_first": [],
    }
    if seen.raw is not None:
        answer |= _of_raw(seen.raw)
        kind = declaration.kind if declaration else recognise(seen.name, answer["columns"])
        answer["used_as"] = kind
        whole = _with_layer(declaration or _declaration(path, kind), seen.name)
        if kind and not seen.faults:
            answer |= _canonical(kind, seen.raw, whole, region, extent)
            answer["place"] = _place(answer, extent)
    answer["mend_first"] = _mend_first(answer)
    return answer


def _of_raw(raw: Raw) -> dict[str, Any]:
    """What a layer is before any kind has looked at it."""
    frame = raw.frame
    shapes = frame.geometry.to_numpy()
    bounds = [float(b) for b in frame.total_bounds]
    return {
        "count": len(frame),
        "geometry": _types(frame),
        "crs": crs_name(frame.crs) if frame.crs else "",
        "crs_known_by": raw.crs_known_by if frame.crs else "",
        "bounds": bounds if np.isfinite(bounds).all() else [],
        "columns": [str(c) for c in frame.columns if c != frame.geometry.name],
        "encoding": raw.letters,
        "encoding_known_by": raw.letters_known_by,
        "sha256": raw.sha256,
        "size": raw.size,
        "invalid": int((~shapely.is_valid(shapes)).sum()),
        "quality": _summed(raw.quality),
    }


def _canonical(
    kind: str, raw: Raw, declaration: LayerDeclaration, region: Region, extent: Extent | None
) -> dict[str, Any]:
    """What the kind makes of the layer; a file that lies elsewhere is described all the same."""
    module = importlib.import_module(f"ikap.kinds.{kind}")
    try:
        return _of_canonical(module.canonical(raw, declaration, region, extent=extent))
    except InputError as error:
        told = _faults(error.faults)
        if any(not fault.key.startswith("place.") for fault in error.faults):
            return {"faults": told}
        layer = module.canonical(raw, declaration, region)
        return {**_of_canonical(layer), "faults": told}


def _declaration(path: Path, kind: str) -> LayerDeclaration:
    """Declaration of a file that no TOML declares."""
    source = {"from": "files", "path": str(path)}
    return LayerDeclaration(path.stem, kind, {}, "", "", source, path.parent)


def _with_layer(declaration: LayerDeclaration, layer: str) -> LayerDeclaration:
    return replace(declaration, source={**declaration.source, "layer": layer})


def _of_canonical(layer: Canonical) -> dict[str, Any]:
    frame, columns = layer.frame, CODES.get(layer.kind, ())
    codes = {column: _codes(frame, column) for column in columns}
    main = columns[0] if columns and layer.kind != "context" else None
    areas = {row["code"]: row["area_m2"] for row in codes[main]} if main else {}
    return {
        "names": dict(layer.names),
        "codes": codes,
        "area_by_class_m2": areas,
        "quality": _summed(layer.quality),
    }


def _codes(frame: GeoDataFrame, column: str) -> list[dict[str, Any]]:
    """Codes of a column with their names, number of features and area in m²."""
    values = frame[column].astype("string").fillna("")
    area = shapely.area(frame.geometry.to_numpy())
    rows = []
    for code in sorted(values.unique()):
        hit = (values == code).to_numpy(dtype=bool)
        known = _name(frame, column, code, hit)
        amount = {"count": int(hit.sum()), "area_m2": round(float(area[hit].sum()), 2)}
        rows.append({"code": str(code), **known, **amount})
    return rows


def _name(frame: GeoDataFrame, column: str, code: str, hit: NDArray[np.bool_]) -> dict[str, str]:
    listed = LISTS.get(column)
    if column == "arealformål":
        listed = f"{frame.loc[hit, 'plan_level'].iloc[0]}_arealformal"
    found = code_list(listed).find(code) if listed else None
    return {"nb": found.name_nb, "en": found.name_en} if found else {"nb": "", "en": ""}


def _types(frame: GeoDataFrame) -> dict[str, int]:
    counts = frame.geom_type.fillna("").value_counts().sort_index()
    return {str(name): int(count) for name, count in counts.items()}


def _summed(quality: Iterable[QualityRow]) -> list[dict[str, Any]]:
    """Quality rows, those that stand for one feature each brought together."""
    rows: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(quality):
        key = row.what if row.source_id else f"{row.what} {number}"
        entry = rows.setdefault(
            key,
            {"what": row.what, "unit": row.unit, "amount": 0.0, "count": 0, "ids": []}
            | ({} if row.source_id else {"facts": dict(row.facts)}),
        )
        entry["amount"] += row.amount
        entry["count"] += 1
        if row.source_id and len(entry["ids"]) < IDS:
            entry["ids"].append(row.source_id)
    return list(rows.values())


def _faults(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    return [{"key": f.key, "ids": list(f.ids), "facts": dict(f.facts)} for f in faults]


def _place(answer: dict[str, Any], extent: Extent | None) -> str:
    """Where the layer lies: `inside`, `partly`, `elsewhere`, or empty where that is not known."""
    keys = [fault["key"] for fault in answer["faults"]]
    if extent is None or any(not key.startswith("place.") for key in keys):
        return ""
    if keys:
        return "elsewhere"
    told = {row["what"] for row in answer["quality"]}
    return "partly" if "place.partly_outside" in told else "inside"


def _mend_first(answer: dict[str, Any]) -> list[str]:
    """Keys of what stops the file, then of what costs most trust in its figures."""
    told = {row["what"] for row in answer["quality"]}
    return [fault["key"] for fault in answer["faults"]] + [k for k in MEND_FIRST if k in told]
