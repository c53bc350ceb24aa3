"""Plan areas (formålsflater) of kommuneplan and reguleringsplan, with what they mean for building.

In: a plan file, also one with all object types of a plan. Out: one row a planned area, keyed by
`zone_key`, with `development`, and in `unsettled` what it lacks. Purposes of older law are
translated, and told. Roads that are lines, and zones that are only shown, come beside the areas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, Opened, Parts, finish, open_raw
from ikap.kinds.code_checks import tell_unknown_codes
from ikap.kinds.codes import code_list
from ikap.kinds.columns import Column, match_columns
from ikap.kinds.development import development_of, is_detail_plan, level_is_stated
from ikap.kinds.geometry import tidy
from ikap.kinds.numbers import NUMBER_ALIASES, mended_numbers, tell_strangers
from ikap.kinds.objects import named, object_type, object_uses
from ikap.kinds.old_law import OLD_COLUMNS, translated
from ikap.kinds.place import Extent
from ikap.kinds.plan_concerns import CONCERNS, concerns_of
from ikap.kinds.plan_parts import LINES, OBJECT_TYPE, lines_of, zones_of
from ikap.kinds.unsettled import unsettled
from ikap.kinds.zone_keys import keys_beside, zone_keys
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw
from ikap.sources.crs import check_crs
from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name

__all__ = ["AREAS", "COLUMNS", "KIND", "LAYERS", "LINES", "canonical"]

KIND = "zoning"
AREAS = named("area")
"""Under today's law first, then the acts of 1985 and before."""
LAYERS: Sequence[str] = (*AREAS[:2], "kp_arealformal_omrade", "kparealformalomrade")
"""Layers that are taken by themselves; one of older law must be named where there are several."""
PURPOSE = Column(
    "arealformål", ("KPAREALFORMÅL", "RPAREALFORMÅL", "arealformal"), required=True, type="code"
)
COLUMNS = (
    OBJECT_TYPE,
    PURPOSE,
    *OLD_COLUMNS,
    Column("arealbruksstatus", ("AREALST",), type="int"),
    Column("planstatus", ("PLANSTAT",), type="int"),
    Column("plantype", ("PLANTYPE",), type="int"),
    Column("lovreferanse", ("LOVREFERANSE", "LOVREF"), type="int"),
    Column("områdenavn", ("feltnavn", "feltbetegnelse", "OMRNAVN")),
    Column("byggesone", ("BYGGESONE", "byggesonenavn")),
    Column("planidentifikasjon", ("PLANID", "arealplanId", "planId")),
    Column("plannavn", ("PLANNAVN",)),
    Column("kommunenummer", NUMBER_ALIASES, type="code"),
    Column("vertikalnivå", ("VERTNIV",), type="int"),
    Column("eierform", ("EIERFORM",), type="int"),
    Column("utnyttingstype", ("UTNTYP",), type="int"),
    Column("utnyttingstall", ("UTNTALL",), type="number"),
    Column("utnyttingstall_minimum", ("UTNTALL_MIN",), type="number"),
    Column("ikrafttredelsesdato", ("IKRAFT", "ikrafttredelse"), type="date"),
    Column("vedtakEndeligPlanDato", ("VEDTAKENDELIGPLANDATO",), type="date"),
    Column("kunngjøringsdato", ("KUNNGJØRINGSDATO",), type="date"),
)
LISTS = {
    "plantype": "plantype",
    "lovreferanse": "lovreferanse",
    "vertikalnivå": "vertikalniva",
    "eierform": "eierform",
    "utnyttingstype": "utnyttingstype",
}
"""Columns with a code that is told where its official list has no such code."""
ENDED = (4, 5, 9, 10)
"""planstatus: opphevet, utgått/erstattet, avvist, trukket. Such plans do not apply."""
ON_THE_GROUND = 2
"""vertikalnivå: på grunnen eller vannoverflaten. Other levels overlap it."""


def canonical(
    raw: Raw, declaration: LayerDeclaration, region: Region, *, extent: Extent | None = None
) -> Canonical:
    """Planned areas of one plan.

    Parameters
    ----------
    raw : Raw
        As read; must be in a projected CRS other than Web Mercator.
    declaration : LayerDeclaration
        The layer's TOML; the role of its plan says what a missing `planstatus` means.
    region : Region
        Its CRS and municipalities.
    extent : tuple of float, optional
        The region's bounds in its CRS, metres.

    Returns
    -------
    Canonical
        The columns of `COLUMNS`, `zone_key`, `plan_level` (kp or rp), `development`
        (`model.Development`) and `unsettled`; `arealbruksstatus` is 0 where it is missing. Old
        codes stand in `arealbruk` and `reguleringsformål` where `arealformål` was translated from
        them. `lines` holds KpSamferdselLinje with `length_m`, `zones_shown` what lies on top and
        decides nothing, `concerns` hensynssone H510, `unmeasurable` the areas whose geometry is
        missing or cannot be used: they are no rows of the frame, but they must not be forgotten.

    Raises
    ------
    InputError
        `crs.geographic`, `crs.web_mercator`, `column.missing`, `municipality.outside`,
        `zoning.no_areas`, and the faults of all kinds, all told together.
    """
    declared = _without_wrong_type(raw, declaration)
    opened = open_raw(declared, declaration, region, _schema(declared, declaration), extent)
    ledger, frame = opened.ledger, opened.frame
    check_crs(raw.frame, ledger, measured=True)
    frame = frame.assign(kommunenummer=mended_numbers(frame["kommunenummer"], ledger))
    tell_strangers(frame, region, ledger)
    ledger.stop()
    uses = object_uses(frame["objtype"])
    _tell_old_layers(raw, ledger)
    lines = lines_of(_part(declared, uses, "line"), raw, declaration, region, opened)
    zones = zones_of(_part(declared, uses, "zone"), raw, declaration, region, opened)
    concerns = concerns_of(_part(declared, uses, "concern"), raw, declaration, region, opened)
    frame = _areas(frame, uses, ledger)
    tell_unknown_codes(frame, LISTS, ledger)
    frame = _in_force(_purposes(frame, raw, opened), ledger)
    frame = _on_the_ground(frame, ledger)
    frame = frame.assign(arealbruksstatus=frame["arealbruksstatus"].fillna(0).astype("int64"))
    role = declaration.plan.role if declaration.plan else ""
    whole = frame.assign(development=development_of(frame, role, ledger))
    whole = whole.assign(unsettled=unsettled(whole))
    frame = tidy(whole, region.crs, ledger, areas=True)
    if frame.empty:
        raise ledger.error("zoning.no_areas")
    frame = frame.assign(zone_key=zone_keys(frame, ledger))
    lost = whole[~whole.index.isin(frame.index)]
    keys = keys_beside(lost["source_id"], frame["zone_key"])
    lost = lost.assign(zone_key=keys).drop(columns=lost.geometry.name)
    unmeasurable = pd.DataFrame(lost.reset_index(drop=True))
    parts = Parts(lines=lines, zones_shown=zones, concerns=concerns, unmeasurable=unmeasurable)
    return finish(KIND, raw, opened, frame, extent=extent, parts=parts)


def _without_wrong_type(raw: Raw, declaration: LayerDeclaration) -> Raw:
    """Raw layer whose column `name` is not taken for the object type unless it holds such."""
    column = find_name("name", map(str, raw.frame.columns))
    if column is None or OBJECT_TYPE.name in declaration.columns:
        return raw
    if any(object_type(str(value)) for value in raw.frame[column].dropna().unique()):
        return raw
    return replace(raw, frame=raw.frame.rename(columns={column: f"{column}_"}))


def _schema(raw: Raw, declaration: LayerDeclaration) -> tuple[Column, ...]:
    """Columns of the kind; a file with purposes of older law alone needs no `arealformål`."""
    names = [str(c) for c in raw.frame.columns if c != raw.frame.geometry.name]
    if not match_columns(names, OLD_COLUMNS, declaration.columns):
        return COLUMNS
    return tuple(replace(c, required=False) if c is PURPOSE else c for c in COLUMNS)


def _part(raw: Raw, uses: pd.Series, use: str) -> Raw:
    """Raw layer with the rows of one use."""
    return replace(raw, frame=raw.frame.loc[uses.index[uses == use]])


def _tell_old_layers(raw: Raw, ledger: Ledger) -> None:
    """Layers of older law beside the one that is read: not read, and not forgotten."""
    for name in raw.others:
        other, own = object_type(name), object_type(raw.layer)
        if other and own and other.group == "area" and other.field("level") == own.field("level"):
            ledger.told("plan.other_law", 1, other=name, layer=raw.layer)


def _has_farming(name: object) -> bool:
    """Whether such objects may be H510, which `concerns_of` tells of."""
    known = object_type(name)
    return known is not None and known.code in CONCERNS


def _areas(frame: GeoDataFrame, uses: pd.Series, ledger: Ledger) -> GeoDataFrame:
    """Rows that are planned areas; object types of the plan that are not read are counted."""
    left = uses.isin(("other", "concern")) & ~frame["objtype"].map(_has_farming).astype(bool)
    others = frame.loc[left, "objtype"].fillna("?").value_counts().sort_index()
    for name, count in others.items():
        ledger.told("objects.other", int(count), type=str(name))
    return frame[uses == "area"]


def _purposes(frame: GeoDataFrame, raw: Raw, opened: Opened) -> GeoDataFrame:
    """Table with `plan_level` (rp for detail plans, else kp) and the purposes of today's law."""
    names = opened.names
    old = (names[column.name] for column in OLD_COLUMNS if column.name in names)
    column = names.get("arealformål") or next(old, "")
    detail = is_detail_plan(frame, raw.layer, column)
    frame = frame.assign(plan_level=np.where(detail, "rp", "kp").astype(object))
    return translated(frame, level_is_stated(frame, raw.layer, column), opened.ledger)


def _in_force(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    for status in ENDED:
        hit = (frame["planstatus"] == status).fillna(value=False).astype(bool)
        if hit.any():
            area = _area_m2(frame[hit])
            ledger.told("plan.ended", int(hit.sum()), planstatus=status, area_m2=area)
            frame = frame[~hit]
    return frame


def _on_the_ground(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    """Rows on the ground; a level that is missing or no code counts as the ground."""
    stated = frame["vertikalnivå"].astype("string").fillna("")
    known = stated.map(lambda code: code_list("vertikalniva").find(code) is not None).astype(bool)
    level = frame["vertikalnivå"].where(known).fillna(ON_THE_GROUND).astype("int64")
    for value in sorted(set(level) - {ON_THE_GROUND}):
        hit = level == value
        ledger.told("plan.level", int(hit.sum()), level=int(value), area_m2=_area_m2(frame[hit]))
    return frame[level == ON_THE_GROUND]


def _area_m2(frame: GeoDataFrame) -> float:
    return round(float(np.nansum(shapely.area(frame.geometry.to_numpy()))), 2)
