"""Plan areas (formålsflater) of kommuneplan and reguleringsplan, with what they mean for building.

In: a plan file, also one with all object types of a plan. Out: one row a planned area, keyed by
`zone_key`, with `development`; roads that are lines come apart from the areas, with their length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame

from ikap.kinds.canonical import Canonical, Opened, Parts, finish, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.development import development_of, is_detail_plan
from ikap.kinds.geometry import tidy
from ikap.kinds.numbers import NUMBER_ALIASES, mended_numbers, tell_strangers
from ikap.kinds.place import Extent
from ikap.kinds.zone_keys import keys_beside, zone_keys
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw, read_path
from ikap.sources.crs import check_crs
from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name, fold

__all__ = ["AREAS", "COLUMNS", "KIND", "LAYERS", "LINES", "canonical"]

KIND = "zoning"
AREAS = ("KpArealformålOmråde", "RpArealformålOmråde")
OLD_AREAS = ("KpArealbrukOmråde", "RbFormålOmråde")
"""Areas of plans after the acts of 1985 and before. Their purposes are in lists of their own, which
are not translated: they are planned areas of unknown purpose, never left out."""
LINES = ("KpSamferdselLinje",)
PLAN_OBJECT = r"(kp|rp|rb)[a-z]+$"
"""Object types of plan data, folded; other words in that column are not held against them."""
LAYERS: Sequence[str] = (*AREAS, "kp_arealformal_omrade", "kparealformalomrade")
OBJECT_TYPE = Column("objtype", ("objekttype", "featuretype", "name"))
COLUMNS = (
    OBJECT_TYPE,
    Column(
        "arealformål", ("KPAREALFORMÅL", "RPAREALFORMÅL", "arealformal"), required=True, type="code"
    ),
    Column("arealbruksstatus", ("AREALST",), type="int"),
    Column("planstatus", ("PLANSTAT",), type="int"),
    Column("plantype", ("PLANTYPE",), type="int"),
    Column("områdenavn", ("feltnavn", "feltbetegnelse", "OMRNAVN")),
    Column("planidentifikasjon", ("PLANID", "arealplanId")),
    Column("kommunenummer", NUMBER_ALIASES, type="code"),
    Column("vertikalnivå", ("VERTNIV",), type="int"),
    Column("ikrafttredelsesdato", ("IKRAFT", "ikrafttredelse"), type="date"),
)
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
        The columns of `COLUMNS`, `zone_key`, `plan_level` (kp or rp) and `development`
        (`model.Development`); `arealbruksstatus` is 0 where it is missing. `lines` holds
        KpSamferdselLinje with `length_m`, `unmeasurable` the areas whose geometry is missing or
        cannot be used: they are no rows of the frame, but they must not be forgotten.

    Raises
    ------
    InputError
        `crs.geographic`, `crs.web_mercator`, `column.missing`, `municipality.outside`,
        `zoning.no_areas`, and the faults of all kinds, all told together.
    """
    declared = _without_wrong_type(raw, declaration)
    opened = open_raw(declared, declaration, region, COLUMNS, extent)
    ledger, frame = opened.ledger, opened.frame
    check_crs(raw.frame, ledger, measured=True)
    frame = frame.assign(kommunenummer=mended_numbers(frame["kommunenummer"], ledger))
    tell_strangers(frame, region, ledger)
    ledger.stop()
    types = _object_types(frame)
    lines = _lines(frame[types == "line"], raw, declaration, region, opened)
    frame = _areas(frame, types, ledger)
    frame = _in_force(_level(frame, raw, opened), ledger)
    frame = _on_the_ground(frame, ledger)
    frame = frame.assign(arealbruksstatus=frame["arealbruksstatus"].fillna(0).astype("int64"))
    role = declaration.plan.role if declaration.plan else ""
    whole = frame.assign(development=development_of(frame, role, ledger))
    frame = tidy(whole, region.crs, ledger, areas=True)
    if frame.empty:
        raise ledger.error("zoning.no_areas")
    frame = frame.assign(zone_key=zone_keys(frame, ledger))
    lost = whole[~whole.index.isin(frame.index)]
    keys = keys_beside(lost["source_id"], frame["zone_key"])
    lost = lost.assign(zone_key=keys).drop(columns=lost.geometry.name)
    parts = Parts(lines=lines, unmeasurable=pd.DataFrame(lost.reset_index(drop=True)))
    return finish(KIND, raw, opened, frame, extent=extent, parts=parts)


def _without_wrong_type(raw: Raw, declaration: LayerDeclaration) -> Raw:
    """Raw layer whose column `name` is not taken for the object type unless it holds such."""
    column = find_name("name", map(str, raw.frame.columns))
    if column is None or OBJECT_TYPE.name in declaration.columns:
        return raw
    known = {fold(t) for t in (*AREAS, *LINES)}
    if raw.frame[column].dropna().astype(str).map(fold).isin(known).any():
        return raw
    return replace(raw, frame=raw.frame.rename(columns={column: f"{column}_"}))


def _object_types(frame: GeoDataFrame) -> pd.Series:
    """`area`, `line` or `other` for each row; `area` where the file does not say."""
    folded = frame["objtype"].map(lambda t: fold(t) if isinstance(t, str) else "")
    areas, lines = {fold(t) for t in (*AREAS, *OLD_AREAS)}, {fold(t) for t in LINES}
    if not folded.str.match(PLAN_OBJECT).any():
        return pd.Series("area", index=frame.index, dtype=object)
    types = pd.Series("other", index=frame.index, dtype=object)
    return types.mask(folded.isin(areas), "area").mask(folded.isin(lines), "line")


def _areas(frame: GeoDataFrame, types: pd.Series, ledger: Ledger) -> GeoDataFrame:
    """Rows that are planned areas; the other object types of the plan are counted."""
    others = frame.loc[types == "other", "objtype"].fillna("?").value_counts().sort_index()
    for name, count in others.items():
        ledger.told("objects.other", int(count), type=str(name))
    return frame[types == "area"]


def _level(frame: GeoDataFrame, raw: Raw, opened: Opened) -> GeoDataFrame:
    """Table with `plan_level`: rp for detail plans, else kp."""
    purpose_column = opened.names.get("arealformål", "")
    detail = is_detail_plan(frame, raw.layer, purpose_column)
    return frame.assign(plan_level=np.where(detail, "rp", "kp").astype(object))


def _in_force(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    for status in ENDED:
        hit = (frame["planstatus"] == status).fillna(value=False).astype(bool)
        if hit.any():
            area = _area_m2(frame[hit])
            ledger.told("plan.ended", int(hit.sum()), planstatus=status, area_m2=area)
            frame = frame[~hit]
    return frame


def _on_the_ground(frame: GeoDataFrame, ledger: Ledger) -> GeoDataFrame:
    level = frame["vertikalnivå"].fillna(ON_THE_GROUND).astype("int64")
    for value in sorted(set(level) - {ON_THE_GROUND}):
        hit = level == value
        ledger.told("plan.level", int(hit.sum()), level=int(value), area_m2=_area_m2(frame[hit]))
    return frame[level == ON_THE_GROUND]


def _area_m2(frame: GeoDataFrame) -> float:
    return round(float(np.nansum(shapely.area(frame.geometry.to_numpy()))), 2)


def _lines(
    own: GeoDataFrame, raw: Raw, declaration: LayerDeclaration, region: Region, opened: Opened
) -> GeoDataFrame | None:
    """Roads and railways drawn as lines, of the same layer or of their own in the same file."""
    tables = [own] if len(own) else []
    for name in (n for wanted in LINES if (n := find_name(wanted, raw.others))):
        beside = read_path(raw.path, layer=name, name=declaration.name)
        aside = open_raw(beside, _loose(declaration, beside), region, COLUMNS, None)
        opened.ledger.quality.extend(aside.ledger.quality)
        tables.append(aside.frame)
    if not tables:
        return None
    lines = tidy(pd.concat(tables, ignore_index=True), region.crs, opened.ledger, areas=False)
    length = shapely.length(lines.geometry.to_numpy())
    lines = GeoDataFrame(
        lines[["source_layer", "source_id", "arealformål", "arealbruksstatus"]],
        geometry=lines.geometry,
    ).assign(length_m=length)
    opened.ledger.told("transport.lines", float(length.sum()), "m", count=len(lines))
    return lines.reset_index(drop=True)


def _loose(declaration: LayerDeclaration, beside: Raw) -> LayerDeclaration:
    """Declaration for a layer beside the declared one: no corrections, and the columns it has."""
    names = [str(name) for name in beside.frame.columns]
    columns = {k: v for k, v in declaration.columns.items() if find_name(v, names)}
    return replace(declaration, corrections=(), columns=columns)
