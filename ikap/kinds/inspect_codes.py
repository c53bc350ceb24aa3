"""Codes of a canonical layer: names, counts and areas, and those that no official list has."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.kinds.canonical import Canonical
from ikap.kinds.codes import code_list

__all__ = ["codes_of"]

LACKS = "unsettled"
"""Column with several words in a cell: an area may lack more than one thing."""
CODES = {
    "zoning": ("arealformål", "arealbruksstatus", "planstatus", "development", LACKS),
    "landcover": ("arealtype",),
    "farmland": ("arealtype",),
    "hazards": ("fareklasse",),
    "network": ("typeVeg",),
    "stops": ("transportmiddel",),
    "services": ("tjeneste",),
    "context": ("theme",),
    "municipality": ("kommunenummer",),
}
BESIDE = {
    "zoning": (
        *("arealbruk", "reguleringsformål", "plantype", "lovreferanse", "vertikalnivå"),
        *("eierform", "utnyttingstype"),
    ),
    "landcover": ("treslag", "skogbonitet", "grunnforhold"),
}
"""Columns that are shown where the file has them."""
LISTS = {
    "arealtype": "ar5_arealtype",
    "treslag": "ar5_treslag",
    "skogbonitet": "ar5_skogbonitet",
    "grunnforhold": "ar5_grunnforhold",
    "arealbruksstatus": "arealbruksstatus",
    "planstatus": "planstatus",
    "plantype": "plantype",
    "lovreferanse": "lovreferanse",
    "vertikalnivå": "vertikalniva",
    "eierform": "eierform",
    "utnyttingstype": "utnyttingstype",
    "arealbruk": "kp_arealbruk",
    "reguleringsformål": "rp_regform",
}
PURPOSE = "arealformål"
NOTHING = ("", "0")
"""No code: arealbruksstatus is 0 where the file has none."""
WITHOUT_AREA = ("context", "network", "stops", "services")


def codes_of(layer: Canonical) -> dict[str, Any]:
    """Codes of a layer, ready for JSON.

    Parameters
    ----------
    layer : Canonical
        Of any kind.

    Returns
    -------
    dict
        `codes`: for each column rows of `code`, `nb`, `en`, `count` and `area_m2`, and `nearest`
        where the official list has no such code;
        `unknown_codes`: for each column with an official list the codes that are not in it, with
        their counts; `area_by_class_m2`: area in m² by the code of the first column.
    """
    columns = [c for c in CODES.get(layer.kind, ()) if c in layer.frame]
    beside = [c for c in BESIDE.get(layer.kind, ()) if c in layer.frame]
    columns += [c for c in beside if layer.frame[c].notna().any()]
    codes = {column: _rows(layer.frame, column) for column in columns}
    main = columns[0] if columns and layer.kind not in WITHOUT_AREA else None
    unknown = {
        column: {
            row["code"]: row["count"]
            for row in rows
            if row["code"] not in NOTHING and not row["nb"]
        }
        for column, rows in codes.items()
        if column in LISTS or column == PURPOSE
    }
    return {
        "codes": codes,
        "unknown_codes": {column: found for column, found in unknown.items() if found},
        "area_by_class_m2": {row["code"]: row["area_m2"] for row in codes[main]} if main else {},
    }


def _rows(frame: GeoDataFrame, column: str) -> list[dict[str, Any]]:
    values = frame[column].astype("string").fillna("")
    area = shapely.area(frame.geometry.to_numpy())
    rows = []
    words = sorted(values.unique())
    if column == LACKS:
        words = sorted({word for value in words for word in value.split(",") if word})
    for code in words:
        some = [
            v for v in values.unique() if v == code or (column == LACKS and code in v.split(","))
        ]
        hit = values.isin(some).to_numpy(dtype=bool)
        known = _name(frame, column, code, hit)
        amount = {"count": int(hit.sum()), "area_m2": round(float(np.nansum(area[hit])), 2)}
        rows.append({"code": str(code), **known, **amount})
    return rows


def _name(frame: GeoDataFrame, column: str, code: str, hit: NDArray[np.bool_]) -> dict[str, str]:
    listed = LISTS.get(column)
    if column == PURPOSE and "plan_level" in frame:
        listed = f"{frame.loc[hit, 'plan_level'].iloc[0]}_arealformal"
    found = code_list(listed).find(code) if listed else None
    if found:
        return {"nb": found.name_nb, "en": found.name_en}
    near = code_list(listed).nearest(code) if listed and code not in NOTHING else ""
    return {"nb": "", "en": ""} | ({"nearest": near} if near else {})
