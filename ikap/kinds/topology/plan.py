"""A plan file as its plans: which areas are of which plan, its own boundary, and its date.

The boundary is the plan's KpOmråde or RpOmråde, in the same file. What a plan file says of one
object type in a layer of its own is read from there; the areas are canonical already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ikap.errors import InputError
from ikap.kinds.canonical import Canonical, open_raw
from ikap.kinds.columns import Column
from ikap.kinds.geometry import tidy
from ikap.kinds.numbers import NUMBER_ALIASES, mended_numbers
from ikap.kinds.projection import reproject
from ikap.model import LayerDeclaration, Region
from ikap.sources import Raw, read_path
from ikap.sources.ledger import Ledger
from ikap.sources.names import find_name, fold

__all__ = ["BOUNDARIES", "MAIN_TYPE", "OnePlan", "PlanFile", "moved", "plan_file", "plan_keys"]

BOUNDARIES = ("KpOmråde", "RpOmråde")
MAIN_TYPE = 20
"""plantype: kommuneplanens arealdel."""
COLUMNS = (
    Column("objtype", ("objekttype", "featuretype", "name")),
    Column("planidentifikasjon", ("PLANID", "arealplanId", "planId")),
    Column("kommunenummer", NUMBER_ALIASES, type="code"),
    Column("vertikalnivå", ("VERTNIV",), type="int"),
    Column("forslagsstillertype", ("forslagsstiller",)),
    Column("igangsatt", ("igangsetting", "igangsettingsdato")),
)
PLAN_OBJECT = r"(kp|rp|rb)[a-z]+$"
DATES = ("ikrafttredelsesdato", "vedtakEndeligPlanDato")

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class OnePlan:
    """One plan of the file: its areas, boundary and date."""

    key: str  # kommunenummer and planidentifikasjon, as the areas have them
    level: str  # kp or rp
    plantype: int  # 0 where it is not known
    rows: Rows  # of the canonical areas
    boundary: shapely.Geometry | None
    day: date | None  # in force, else adopted

    @property
    def main(self) -> bool:
        """Whether it is a kommuneplan's arealdel, which has every place in its municipality."""
        return self.level == "kp" and self.plantype in (0, MAIN_TYPE)


@dataclass(frozen=True)
class PlanFile:
    """All of a plan file that faults are looked for in."""

    areas: gpd.GeoDataFrame  # canonical
    unmeasurable: pd.DataFrame  # areas without usable geometry
    stated: gpd.GeoDataFrame  # every row, its own geometry, columns of `COLUMNS`; objtype folded
    plans: tuple[OnePlan, ...]


def plan_file(
    raw: Raw, canonical: Canonical, declaration: LayerDeclaration, region: Region
) -> PlanFile:
    """Plans of a file, by plan id.

    Parameters
    ----------
    raw : Raw
        As read; layers of the same file are looked up.
    canonical : Canonical
        Its areas.
    declaration : LayerDeclaration
        The layer's TOML.
    region : Region
        For its CRS.

    Returns
    -------
    PlanFile
        Plans in order of level and key.
    """
    stated = _opened(raw, declaration, region)
    frame = canonical.frame
    boundaries = _boundaries(raw, stated, declaration, region)
    keys, levels = plan_keys(frame), frame["plan_level"].astype(str)
    plans = []
    for level, key in sorted(set(zip(levels, keys, strict=True))):
        rows = np.flatnonzero((levels == level) & (keys == key))
        boundary = _boundary_of(key, boundaries, alone=keys.nunique() == 1)
        own = frame.iloc[rows]
        plans.append(OnePlan(key, level, _plantype(own), rows, boundary, _day(own)))
    return PlanFile(frame, canonical.unmeasurable, stated, tuple(plans))


def _opened(raw: Raw, declaration: LayerDeclaration, region: Region) -> gpd.GeoDataFrame:
    """Rows as in the file with the columns that only this room asks for."""
    names = [str(name) for name in raw.frame.columns]
    known = {column.name for column in COLUMNS} | {"source_id"}
    own = {k: v for k, v in declaration.columns.items() if k in known and find_name(v, names)}
    values = {k: v for k, v in declaration.values.items() if k in known}
    constants = {k: v for k, v in declaration.constants.items() if k in known}
    loose = replace(declaration, columns=own, values=values, constants=constants, corrections=())
    opened = open_raw(raw, loose, region, COLUMNS, None)
    numbers = mended_numbers(opened.frame["kommunenummer"], opened.ledger)
    types = opened.frame["objtype"].map(lambda t: fold(t) if isinstance(t, str) else "")
    types = types.where(types.str.match(PLAN_OBJECT), "")  # `name` may be anything else's name
    return opened.frame.assign(kommunenummer=numbers, objtype=types)


def _boundaries(
    raw: Raw, stated: gpd.GeoDataFrame, declaration: LayerDeclaration, region: Region
) -> dict[str, shapely.Geometry]:
    """Boundary by plan key, each united, in the region's CRS."""
    wanted = {fold(name) for name in BOUNDARIES}
    tables = [stated[stated["objtype"].isin(wanted)]]
    for name in (n for word in BOUNDARIES if (n := find_name(word, raw.others))):
        try:
            beside = read_path(raw.path, layer=name, name=declaration.name)
        except InputError:
            continue  # a boundary that cannot be read is one that is not there
        tables.append(_opened(beside, declaration, region))  # all of it is that object type
    ledger = Ledger(str(raw.path), declaration.name)
    parts: dict[str, list[shapely.Geometry]] = {}
    for table in (tidy(t, region.crs, ledger, areas=True) for t in tables if len(t)):
        for key, shape in zip(plan_keys(table), table.geometry, strict=True):
            parts.setdefault(key, []).append(shape)
    return {key: shapely.union_all(shapes) for key, shapes in sorted(parts.items())}


def plan_keys(frame: pd.DataFrame) -> pd.Series:
    """Key of each row's plan: kommunenummer and planidentifikasjon, as far as they are known.

    Parameters
    ----------
    frame : DataFrame
        With both columns.

    Returns
    -------
    Series of str
        Same index.
    """
    number, plan = (
        frame[column].fillna("").astype(str) for column in ("kommunenummer", "planidentifikasjon")
    )
    return (number + " " + plan).str.strip()


def _boundary_of(
    key: str, boundaries: Mapping[str, shapely.Geometry], *, alone: bool
) -> shapely.Geometry | None:
    """Boundary of that plan; the only one of the file where there is one plan or no ids."""
    if key in boundaries:
        return boundaries[key]
    plan = key.rpartition(" ")[2]
    same = [k for k in boundaries if k and k.rpartition(" ")[2] == plan]
    if len(same) == 1:
        return boundaries[same[0]]
    return next(iter(boundaries.values())) if alone and len(boundaries) == 1 else None


def _plantype(own: pd.DataFrame) -> int:
    known = own["plantype"].dropna()
    return int(known.mode().iloc[0]) if len(known) else 0


def _day(own: pd.DataFrame) -> date | None:
    """Latest date that any area of the plan states, in force before adopted."""
    for column in DATES:
        known = [str(day) for day in own[column].dropna()] if column in own else []
        if known:
            return date.fromisoformat(max(known))
    return None


def moved(frame: gpd.GeoDataFrame, region_crs: str) -> NDArray[np.object_]:
    """Shapes of some rows of the file in the region's CRS, for pointing at them only.

    Parameters
    ----------
    frame : GeoDataFrame
        Geometry as in the file.
    region_crs : str
        Where to.

    Returns
    -------
    array of geometry
        Empty where there is none.
    """
    shapes = frame.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    found = np.full(len(frame), shapely.Polygon(), dtype=object)
    if there.any():
        ledger = Ledger("", "")
        found[there] = reproject(frame[there], region_crs, ledger).geometry.to_numpy()
    return found
