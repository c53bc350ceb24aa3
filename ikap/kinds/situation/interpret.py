"""The interpreted map: every piece with the plan that prevails there, why, and what lies there too.

In: planned areas with their parts in each municipality, rules, rulings and the day of judgement.
Out: a zoning table of pieces that do not overlap, which the rest of the flow takes as a plan, the
areas that are kept apart, and what was noticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.errors import InputError
from ikap.kinds.development import development_of
from ikap.kinds.situation.ages import OVERRIDDEN, Standing, dates_in_force, plan_names, standings
from ikap.kinds.situation.claims import Claim
from ikap.kinds.situation.noticed import Noticed
from ikap.kinds.situation.precedence import Doubt, rules_on
from ikap.kinds.situation.rulings import Ground, rule_on, ruling_faults
from ikap.kinds.situation.settling import Settled, settle
from ikap.kinds.situation.table import Piece, piece_table, touched_by, under
from ikap.kinds.zone_keys import keys_beside
from ikap.measure.layered import layered
from ikap.model import PlanPrecedence, PlanRuling, QualityRow
from ikap.sources.ledger import Ledger

__all__ = ["Area", "Asked", "Parts", "Situation", "interpret"]

DECIDING = (Standing.IN_FORCE, Standing.DOUBTFUL)
APART = (Standing.DEFERRED, Standing.PROPOSAL, Standing.LATER)
KEY = 12


@dataclass(frozen=True)
class Parts:
    """Parts of the areas in each municipality ("" outside the region), split exactly."""

    area: NDArray[np.int64]  # row of the table
    municipality: NDArray[np.object_]
    geometry: NDArray[np.object_]

    def of(self, rows: NDArray[np.bool_]) -> Parts:
        """Chosen parts alone."""
        return Parts(self.area[rows], self.municipality[rows], self.geometry[rows])


@dataclass(frozen=True)
class Area:
    """One planned area: its claim, its key, and its right to ground that its plan claims twice.

    Building goes before what is not (as in all sums of ikap), then the smaller area, then the
    lower purpose, then the key.
    """

    claim: Claim
    key: str
    source_id: str
    rank: tuple[int, float, str, str]
    split: bool  # lies in more than one municipality


@dataclass(frozen=True)
class Asked:
    """What the interpretation goes by, besides the plans themselves."""

    layer: str  # name of the layer that is made
    file: str  # its TOML
    order: Sequence[str]  # Development values by the right to ground that a plan claims twice
    day: date | None = None
    roles: Mapping[str, str] = field(default_factory=dict)  # by layer
    rules: Sequence[PlanPrecedence] = ()
    rulings: Sequence[PlanRuling] = ()
    municipalities: Collection[str] = ()
    h910: NDArray[np.object_] | None = None  # detaljeringssoner: shown, deciding nothing


@dataclass(frozen=True)
class Situation:
    """Pieces, areas that are kept apart, and what was noticed."""

    pieces: GeoDataFrame
    apart: GeoDataFrame
    quality: tuple[QualityRow, ...]


def interpret(areas: GeoDataFrame, parts: Parts, asked: Asked) -> Situation:
    """Interpret plans that lie on one another.

    Parameters
    ----------
    areas : GeoDataFrame
        Canonical zoning of all the plans, index 0 to n - 1.
    parts : Parts
        Where the areas lie.
    asked : Asked
        Day, rules, rulings and names.

    Returns
    -------
    Situation
        Pieces that partition the union of the areas in force. The same for areas in any order.

    Raises
    ------
    InputError
        All faults of the rulings (`rulings.*`).
    """
    known = _known(areas, asked)
    listed = _listed(known, parts)
    noticed = Noticed(asked.layer)
    pieces: list[Piece] = []
    deciding = known["standing"].isin([str(s) for s in DECIDING]).to_numpy(dtype=bool)
    for number in sorted({str(m) for m in parts.municipality}):
        rows = (parts.municipality == number) & deciding[parts.area]
        if rows.any():
            pieces += _in_municipality(listed, parts.of(rows), number, asked, noticed)
    plans = {area.claim.plan for area in listed}
    faults = list(
        ruling_faults(asked.rulings, noticed.ruled, plans, asked.municipalities, asked.file)
    )
    if faults:
        raise InputError.of(faults)
    apart = _apart(known, parts)
    table = piece_table(areas, pieces, asked.layer, development=known["development"])
    table = table.assign(apart=touched_by(table, apart), h910_m2=under(table, asked.h910))
    told = noticed.rows(known, pieces, apart, by=(asked.rules, asked.rulings, asked.day))
    return Situation(table, apart, tuple(told))


def _known(areas: GeoDataFrame, asked: Asked) -> pd.DataFrame:
    """What deciding needs of each area: plan, day, standing, rank within its plan, key."""
    frame = pd.DataFrame(areas.drop(columns=areas.geometry.name))
    frame = frame.assign(plan=plan_names(frame))
    frame = frame.assign(day=dates_in_force(frame))
    standing, status = standings(frame, asked.roles, asked.day)
    size = shapely.area(areas.geometry.to_numpy())
    decided = "vedtakEndeligPlanDato"
    adopted = frame[decided].fillna("").astype(str) if decided in frame else ""
    filled = frame["planstatus"].isna().to_numpy(dtype=bool) & (status >= 0)
    development = frame["development"].to_numpy(dtype=object).copy()
    if filled.any():
        told = areas.assign(planstatus=pd.array(status, dtype="Int64"))
        again = development_of(told, "adopted", Ledger(asked.file, asked.layer))
        development[filled] = again.to_numpy(dtype=object)[filled]
    place = {name: number for number, name in enumerate(asked.order)}
    known = frame.assign(
        standing=standing,
        status=status,
        filled=filled,
        adopted=adopted,
        of=frame["kommunenummer"].fillna("").astype(str),
        purpose=frame["arealformål"].fillna("").astype(str),
        development=development,
        size=size,
        first=[place.get(d, len(place)) for d in development],
    )
    return known.assign(key=_area_keys(known))


def _area_keys(known: pd.DataFrame) -> pd.Series:
    """Key of each area, unique over all the layers, whatever their order."""
    order = known.sort_values(["source_layer", "zone_key"], kind="stable").index
    keys = keys_beside(known.loc[order, "zone_key"].astype(str), ())
    return pd.Series(keys, index=order, dtype=object).reindex(known.index)


def _listed(known: pd.DataFrame, parts: Parts) -> list[Area]:
    """Every area with its claim, row for row."""
    pieces = np.bincount(parts.area, minlength=len(known))
    names = ["plan", "of", "plan_level", "day", "adopted", "purpose", "arealbruksstatus"]
    names += ["status", "standing", "key", "source_id", "first", "size"]
    rows = known[names].to_dict("records")
    return [_area(row, split=count > 1) for row, count in zip(rows, pieces.tolist(), strict=True)]


def _area(row: Mapping[Hashable, Any], *, split: bool) -> Area:
    doubtful = row["standing"] == Standing.DOUBTFUL
    claim = Claim(
        plan=str(row["plan"]),
        municipality=str(row["of"]),
        level=str(row["plan_level"]),
        day=str(row["day"]),
        adopted=str(row["adopted"]),
        purpose=str(row["purpose"]),
        use_status=int(row["arealbruksstatus"]),
        overridden=row["status"] == OVERRIDDEN,
        in_doubt=str(Doubt.NO_STATUS) if doubtful else "",
    )
    key, size = str(row["key"]), round(float(row["size"]), 6)
    rank = (int(row["first"]), size, claim.purpose, key)
    return Area(claim, key, str(row["source_id"]), rank, split)


def _in_municipality(
    listed: Sequence[Area], parts: Parts, number: str, asked: Asked, noticed: Noticed
) -> Iterator[Piece]:
    """Pieces of one municipality, settled one stack of plans at a time."""
    found = layered(parts.geometry)
    noticed.rounding_m2 += found.rounding_m2
    rules = rules_on(asked.rules, number, asked.day)
    known: dict[frozenset[Claim], Settled] = {}
    for shape, cover in zip(found.pieces, found.cover, strict=True):
        stack = sorted({int(parts.area[k]) for k in cover}, key=lambda k: listed[k].key)
        chosen = _one_each(listed, stack)
        if len(chosen) < len(stack):
            noticed.twice([listed[k].claim for k in stack], float(shape.area))
        own = frozenset(listed[k].claim for k in chosen)
        if own not in known:
            known[own] = settle(list(own), rules)
        key = _piece_key([listed[k] for k in stack], number)
        ground = Ground(key, number, tuple((listed[k].claim, listed[k].source_id) for k in chosen))
        answer, about = rule_on(ground, known[own], asked.rulings, asked.day)
        noticed.ruled |= set(about)
        rows = {listed[k].claim: k for k in chosen}
        yield Piece(key, number, shape, answer, rows, known[own] if about else None)


def _one_each(listed: Sequence[Area], stack: Sequence[int]) -> list[int]:
    """One area a plan: ground that a plan claims twice is that of the area ranked first."""
    best: dict[tuple[object, ...], int] = {}
    for k in stack:
        plan = listed[k].claim.identity
        if plan not in best or listed[k].rank < listed[best[plan]].rank:
            best[plan] = k
    return sorted(best.values(), key=lambda k: listed[k].key)


def _piece_key(stack: Sequence[Area], number: str) -> str:
    """Key of a piece: the area's own where it lies alone, else made of all that lie there."""
    if len(stack) == 1:
        return f"{stack[0].key}/{number or '-'}" if stack[0].split else stack[0].key
    text = "\n".join([number, *(area.key for area in stack)])
    return f"p{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:KEY]}"


def _apart(known: pd.DataFrame, parts: Parts) -> GeoDataFrame:
    """Areas that are kept apart, split by municipality."""
    kept = known["standing"].isin([str(s) for s in APART]).to_numpy(dtype=bool)
    rows = np.flatnonzero(kept[parts.area])
    own = known.loc[parts.area[rows]].reset_index(drop=True)
    columns = {
        "zone_key": own["key"],
        "municipality": pd.Series(parts.municipality[rows], dtype=object),
        "standing": own["standing"],
        "plan": own["plan"],
        "day": own["day"],
        "level": own["plan_level"],
        "purpose": own["purpose"],
        "use_status": own["arealbruksstatus"],
        "source_layer": own["source_layer"],
        "source_id": own["source_id"],
        "area_m2": shapely.area(parts.geometry[rows]),
    }
    found = GeoDataFrame(columns, geometry=list(parts.geometry[rows]))
    return found.sort_values(["standing", "zone_key", "municipality"]).reset_index(drop=True)
