"""Pieces as a zoning table: the columns of the plan that prevails, and why it does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from ikap.kinds.situation.claims import Claim
from ikap.kinds.situation.precedence import Doubt
from ikap.kinds.situation.settling import Settled
from ikap.model import UNSETTLED, Development

__all__ = ["Piece", "piece_table", "touched_by", "under"]

NOISE_M2 = 1e-3
"""Ground that two areas share is told from 10 cm² on; below, outlines meet."""
OF_THE_PLAN = ("planidentifikasjon", "planstatus", "plantype", "ikrafttredelsesdato", "områdenavn")
OF_THE_AREA = ("arealbruk", "reguleringsformål", "unsettled")
"""What else a plan's area may say of its purpose; a piece that is open says nothing of it."""


@dataclass(frozen=True)
class Piece:
    """Ground where the same areas lie, and what they come to there."""

    key: str
    municipality: str
    shape: shapely.Geometry
    settled: Settled
    rows: Mapping[Claim, int]  # row of each plan's area
    before: Settled | None = None  # what the law comes to without the planner's ruling

    @property
    def row(self) -> int:
        """Row of the area that prevails; of the first one where none does."""
        return self.rows[self.settled.winner] if self.settled.winner else min(self.rows.values())


def piece_table(
    areas: GeoDataFrame, pieces: Sequence[Piece], layer: str, *, development: pd.Series
) -> GeoDataFrame:
    """Table that is a plan: one row a piece, all columns of `areas`, and how it was settled.

    Parameters
    ----------
    areas : GeoDataFrame
        Canonical zoning that the pieces are made of.
    pieces : sequence of Piece
        In stable order.
    layer : str
        Name of the layer that is made, in the place of a source where no plan prevails.
    development : Series
        Development of each area.

    Returns
    -------
    GeoDataFrame
        With `zone_key`, `piece_municipality`, `why` (a `Why`, empty where it is open), `doubts`
        (`Doubt`s with commas), `motstrid`, `assumed`, `source` (of the rule or ruling), `others`
        (JSON: the plans that lie there too) and `law` (what the law comes to without a ruling).
        Where it is open, the purpose is `uavklart`, and `source_id` names all the areas.
    """
    ordered = sorted(pieces, key=lambda piece: (piece.municipality, piece.key))
    rows = [piece.row for piece in ordered]
    frame = pd.DataFrame(areas.drop(columns=areas.geometry.name)).iloc[rows].reset_index(drop=True)
    frame = frame.assign(
        development=development.to_numpy(dtype=object)[rows],
        zone_key=[piece.key for piece in ordered],
        piece_municipality=[piece.municipality for piece in ordered],
        why=[str(p.settled.why or "") for p in ordered],
        doubts=[",".join(map(str, p.settled.doubts)) for p in ordered],
        motstrid=[str(p.settled.motstrid) if len(p.rows) > 1 else "" for p in ordered],
        assumed=[p.settled.assumed for p in ordered],
        source=[p.settled.source for p in ordered],
        others=[_others(p) for p in ordered],
        law=[_law(p) for p in ordered],
    )
    shapes = [piece.shape for piece in ordered]
    return GeoDataFrame(_opened(frame, ordered, areas, layer), geometry=shapes, crs=areas.crs)


def _opened(
    frame: pd.DataFrame, pieces: Sequence[Piece], areas: GeoDataFrame, layer: str
) -> pd.DataFrame:
    """Table whose open pieces say nothing of the one plan whose row they were filled from."""
    open_ = np.array([piece.settled.winner is None for piece in pieces], dtype=bool)
    if not open_.any():
        return frame
    ids = areas["source_id"].astype(str).tolist()
    levels = areas["plan_level"].astype(str).tolist()
    own = [piece for piece in pieces if piece.settled.winner is None]
    made = frame.copy()
    for name in (*OF_THE_PLAN, *(n for n in OF_THE_AREA if n in made)):
        made.loc[open_, name] = None
    made.loc[open_, "source_layer"] = layer
    made.loc[open_, "source_id"] = [
        " + ".join(sorted(ids[row] for row in piece.rows.values())) for piece in own
    ]
    made.loc[open_, "plan_level"] = [
        min(levels[row] for row in piece.rows.values()) for piece in own
    ]
    made.loc[open_, "arealformål"] = UNSETTLED
    made.loc[open_, "arealbruksstatus"] = 0
    made.loc[open_, "development"] = str(Development.UNCLEAR)
    return made


def _others(piece: Piece) -> str:
    """Plans that lie there and do not prevail; all of them where none does."""
    told = [
        {
            "plan": loser.claim.plan,
            "day": loser.claim.day,
            "level": loser.claim.level,
            "purpose": loser.claim.purpose,
            "why": str(loser.why) if piece.settled.winner else "",
            "motstrid": str(loser.motstrid),
        }
        for loser in piece.settled.others
    ]
    return json.dumps(told, ensure_ascii=False)


def _law(piece: Piece) -> str:
    """What the law comes to where a planner has ruled: a plan, or what is open."""
    if piece.before is None:
        return ""
    before = piece.before
    return (
        before.winner.plan
        if before.winner
        else ",".join(map(str, before.doubts or (Doubt.RULINGS,)))
    )


def touched_by(table: GeoDataFrame, apart: GeoDataFrame) -> list[str]:
    """For each piece the areas kept apart that lie on it, as JSON.

    Parameters
    ----------
    table : GeoDataFrame
        Pieces.
    apart : GeoDataFrame
        Areas that decide nothing: deferred, proposed, in force later.

    Returns
    -------
    list of str
        One a piece; empty where there is none.
    """
    piece, other = shapely.STRtree(table.geometry.to_numpy()).query(
        apart.geometry.to_numpy(), predicate="intersects"
    )[::-1]
    shared: NDArray[np.float64] = shapely.area(
        shapely.intersection(table.geometry.to_numpy()[piece], apart.geometry.to_numpy()[other])
    )
    found: dict[int, dict[tuple[str, str, str], float]] = {}
    standing, plan, day = (apart[name].tolist() for name in ("standing", "plan", "day"))
    for p, o, m2 in zip(piece.tolist(), other.tolist(), shared.tolist(), strict=True):
        if m2 > NOISE_M2:
            own = found.setdefault(p, {})
            key = (standing[o], plan[o], day[o])
            own[key] = own.get(key, 0.0) + m2
    return [_apart_json(found.get(p, {})) for p in range(len(table))]


def under(table: GeoDataFrame, zones: NDArray[np.object_] | None) -> NDArray[np.float64]:
    """Area of each piece that lies under some zones, in m².

    Parameters
    ----------
    table : GeoDataFrame
        Pieces.
    zones : array of polygon or None
        May lie on top of one another; None where there are none.

    Returns
    -------
    array of float
        One value a piece; ground under several zones counts once.
    """
    pieces = table.geometry.to_numpy()
    found = np.zeros(len(pieces))
    if zones is None or not len(zones):
        return found
    zone, piece = shapely.STRtree(pieces).query(zones, predicate="intersects")
    for p in np.unique(piece):
        over = shapely.union_all(zones[zone[piece == p]])
        found[p] = shapely.area(shapely.intersection(pieces[p], over))
    return found


def _apart_json(found: Mapping[tuple[str, str, str], float]) -> str:
    if not found:
        return ""
    rows = [
        {"standing": standing, "plan": plan, "day": day, "area_m2": round(m2, 2)}
        for (standing, plan, day), m2 in sorted(found.items())
    ]
    return json.dumps(rows, ensure_ascii=False)
