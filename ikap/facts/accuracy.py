"""How sure areas of land are, from the accuracy that the map states for its lines.

In: what each layer answered in a partition (`land`). Out: a long table of variances, zone × class
and zone × group of classes. Only the map's lines are uncertain: the plan's own line is taken as
decided, as are municipal borders and the edge of what a layer covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ikap.facts.certificate import CertifiedLayer
from ikap.facts.land import Labels, LandAnswer, land_answers
from ikap.facts.landcover_by_class import detailed
from ikap.facts.partition import Partition
from ikap.facts.plans import may_be_built_on
from ikap.facts.table import OTHER
from ikap.facts.variance_table import VARIANCES, WHOLE, merge_variances, named, of_spread
from ikap.measure import Polygons
from ikap.measure.outlines import NONE, Edges, edges_of, outlines, stretches
from ikap.measure.uncertainty import Borders, Parts, Spread, parts_inside, spread
from ikap.model import ParameterStatus

__all__ = ["Stated", "ground_rows", "land_variances", "of_rows", "stated"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CM = 100.0
NOT_STATED_CM = 99_999
"""This and more are codes for "not stated", as are nought and what is below it."""
EPOCH = pd.Timestamp(0, tz="UTC")
WHOLLY = 1e-9
"""A land polygon of which no larger share lies outside the zone is inside it."""


@dataclass(frozen=True)
class Stated:
    """What a layer says of each polygon's lines; NaN where it says nothing."""

    deviation: Floats  # m
    assumed: NDArray[np.bool_]  # the deviation is an assumption of the layer's declaration
    day: Floats  # of registration, days since 1970-01-01

    def take(self, index: Ints | NDArray[np.bool_]) -> Stated:
        """The polygons at `index`."""
        return Stated(self.deviation[index], self.assumed[index], self.day[index])


def stated(layer: CertifiedLayer) -> Stated:
    """Standard deviation and date of each polygon's lines.

    Parameters
    ----------
    layer : CertifiedLayer
        With the columns `nøyaktighet` (cm), `målemetode` and `datafangstdato` where the file has
        them.

    Returns
    -------
    Stated
        The feature's own accuracy, else the declared one of its method, else that of the layer.
        SOSI defines `nøyaktighet` of lines as the deviation across them, in cm, so it is that of
        each coordinate.
    """
    told, declared = layer.attributes, layer.declaration.accuracy
    found, day = np.full((2, len(layer.classes)), np.nan)
    if "nøyaktighet" in told:
        own = told["nøyaktighet"].to_numpy(dtype=np.float64, na_value=np.nan)
        found = np.where((own > 0) & (own < NOT_STATED_CM), own / CM, np.nan)
    if "datafangstdato" in told:
        dates = pd.to_datetime(told["datafangstdato"], errors="coerce", utc=True)
        day = ((dates - EPOCH) / pd.Timedelta(days=1)).to_numpy(np.float64)
    silent = np.isnan(found)
    if declared is None:
        return Stated(found, np.zeros(len(found), dtype=bool), day)
    if declared.methods and "målemetode" in told:
        by_method = told["målemetode"].map(dict(declared.methods))
        found = np.where(silent, by_method.to_numpy(np.float64, na_value=np.nan), found)
    assumed = silent & (declared.status == ParameterStatus.ASSUMPTION)
    return Stated(np.where(np.isnan(found), declared.metres, found), assumed, day)


def land_variances(
    partition: Partition,
    use: str,
    groups: Sequence[Sequence[str]],
    *,
    labels: Labels | None = None,
    rows: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Variance of the area of each class, and of each group of classes, in each zone part.

    Parameters
    ----------
    partition : Partition
        Zone parts of one municipality.
    use : str
        Which layers: the name under `[use]` in goals.toml.
    groups : sequence of sequences of str
        Classes that are taken together, so that borders among them do not count.
    labels : callable, optional
        Other classes than the layer's own; no finer than `detailed`.
    rows : array of bool, optional
        Zone parts that are asked about; all if not given.

    Returns
    -------
    DataFrame
        Columns of `variance_table.COLUMNS`.
    """
    asked = np.ones(len(partition.zone), dtype=bool) if rows is None else rows
    tables = [ground_rows(partition, asked)]
    for answer in land_answers(partition, use):
        if asked[answer.part].any():
            mine, lines = _lines(partition, answer, asked)
            tables += _of_answer(partition, mine, groups, labels, asked, lines=lines)
    return merge_variances(tables)


def ground_rows(partition: Partition, asked: NDArray[np.bool_]) -> pd.DataFrame:
    """Rows of class `WHOLE`: how large the zone parts are, which is certain."""
    nought = np.zeros(int(asked.sum()))
    whole = {"zone": partition.zone[asked], "municipality": partition.municipality, "layer": ""}
    silent = {"assumed": False, "oldest": np.nan, "newest": np.nan}
    frame = pd.DataFrame({**whole, "class": WHOLE, "area_m2": partition.area[asked], **silent})
    return of_spread(frame, Spread(*[nought] * len(VARIANCES)))


@dataclass(frozen=True)
class _Grouping:
    """One way of taking classes together: a label for each polygon, and the labels wanted."""

    label: Ints
    names: Mapping[int, str]


@dataclass(frozen=True)
class _Lines:
    """Borders between classes of the polygons that answer, and what lies in which zone part."""

    used: Ints  # polygons of the layer
    land: Ints  # per pair of the answer: position among the used
    edges: Edges
    deviation: Floats
    part: Ints
    inside: Parts
    told: Stated


def _of_answer(
    partition: Partition,
    answer: LandAnswer,
    groups: Sequence[Sequence[str]],
    labels: Labels | None,
    asked: NDArray[np.bool_],
    *,
    lines: _Lines,
) -> list[pd.DataFrame]:
    own = answer.layer.classes if labels is None else labels(answer.layer)
    names, code = np.unique(own[lines.used].astype(str), return_inverse=True)
    ways = [_Grouping(code, dict(enumerate(names.tolist()))), *_taken_together(names, code, groups)]
    if answer.other.any():  # ground without a polygon gains what all polygons together lose
        ways.append(_Grouping(np.zeros_like(code), {0: OTHER}))
    return [_rows(partition, answer, way, lines, asked) for way in ways]


def _lines(
    partition: Partition, answer: LandAnswer, asked: NDArray[np.bool_]
) -> tuple[LandAnswer, _Lines]:
    """Pairs of the answer that are looked at, and their borders, finer than some ask for.

    Found once for all facts that ask about areas that may be built on, and once for those that ask
    about the others: what is not asked about is most of the ground. The borders are those of all
    land that answers, so that a stretch that leaves one area and comes back in another is one.
    """
    building = may_be_built_on(partition)
    scope = np.ones(len(asked), dtype=bool)
    for part in (building, ~building):
        scope = part if (part | ~asked).all() else scope
    key = f"lines {id(answer)} {scope.tobytes().hex()}"  # an answer lives with its partition
    if key not in partition.answers:
        few = np.flatnonzero(scope[answer.part])
        mine = replace(answer, part=answer.part[few], land=answer.land[few], area=answer.area[few])
        partition.answers[key] = mine, _find_lines(mine, np.unique(answer.land))
    found: tuple[LandAnswer, _Lines] = partition.answers[key]  # type: ignore[assignment] # put there above
    return found


def _find_lines(answer: LandAnswer, used: Ints) -> _Lines:
    layer = answer.layer
    land = np.searchsorted(used, answer.land)
    polygons = layer.shapes.take(used)
    _, finest = np.unique(detailed(layer)[used].astype(str), return_inverse=True)
    every = edges_of(polygons.rings)
    edges = every.take(outlines(every, finest))
    told = stated(layer).take(used)
    own = told.deviation[edges.polygon]
    other = np.where(edges.other == NONE, own, told.deviation[edges.other])
    part, inside = _inside(answer, land, polygons, edges)
    return _Lines(used, land, edges, np.maximum(own, other), part, inside, told)


def _taken_together(
    names: NDArray[np.str_], code: Ints, groups: Sequence[Sequence[str]]
) -> Iterator[_Grouping]:
    for group in groups:
        inside = np.isin(names[code], list(group))
        yield _Grouping(np.where(inside, len(names), code), {len(names): named(group)})


def _inside(answer: LandAnswer, land: Ints, polygons: Polygons, edges: Edges) -> tuple[Ints, Parts]:
    """Parts of edges inside zone parts, with the zone part that each is in."""
    first = np.searchsorted(edges.polygon, np.arange(len(polygons) + 1))
    count = np.diff(first)[land]
    pair = np.repeat(np.arange(len(land)), count)
    edge = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count) + first[land[pair]]
    whole = answer.area >= polygons.areas[land] * (1 - WHOLLY)
    uncut, cut = np.flatnonzero(whole[pair]), np.flatnonzero(~whole[pair])
    at, parts = parts_inside(edges, edge[cut], answer.covered, answer.part[pair[cut]])
    return (
        answer.part[pair[np.concatenate([uncut, cut[at]])]],
        Parts(
            np.concatenate([edge[uncut], parts.edge]),
            np.concatenate([np.zeros(len(uncut)), parts.begin]),
            np.concatenate([np.ones(len(uncut)), parts.end]),
        ),
    )


def _rows(
    partition: Partition,
    answer: LandAnswer,
    way: _Grouping,
    lines: _Lines,
    asked: NDArray[np.bool_],
) -> pd.DataFrame:
    """Rows of one grouping: every zone part × wanted label that has ground."""
    label, land, edges, inside = way.label, lines.land, lines.edges, lines.inside
    there = np.isin(label[land], list(way.names)) & asked[answer.part]
    size = int(label.max()) + 1
    key, row = np.unique(answer.part[there] * size + label[land[there]], return_inverse=True)
    area = np.bincount(row, weights=answer.area[there], minlength=len(key))
    told, count = lines.told.take(land[there]), len(key)
    keep = outlines(edges, label)
    place = np.full(len(edges.polygon), NONE, dtype=np.int64)
    place[keep] = np.arange(len(keep))
    few = edges.take(keep)
    edge_key = lines.part * size + label[edges.polygon[inside.edge]]
    mine = np.flatnonzero((place[inside.edge] != NONE) & np.isin(edge_key, key))
    parts = Parts(place[inside.edge[mine]], inside.begin[mine], inside.end[mine])
    borders = Borders(few, stretches(few), lines.deviation[keep])
    found = spread(borders, parts, np.searchsorted(key, edge_key[mine]), key % size)
    classes = [way.names[int(k)] for k in key % size]
    other = answer.other[key // size]
    rows = pd.DataFrame(
        {
            "zone": partition.zone[key // size],
            "municipality": partition.municipality,
            "layer": answer.layer.name,
            "class": np.array(classes, dtype=object),
            "area_m2": other if OTHER in way.names.values() else area,
            "assumed": np.bincount(row, weights=told.assumed, minlength=count) > 0,
            "oldest": of_rows(np.fmin, row, told.day, count),
            "newest": of_rows(np.fmax, row, told.day, count),
        }
    )
    return of_spread(rows, found)


def of_rows(pick: np.ufunc, row: Ints, value: Floats, count: int) -> Floats:
    """Smallest or largest of the values of each row; NaN where none is known."""
    found = np.full(count, np.nan)
    pick.at(found, row, value)
    return found
